"""Image files that an operator names for a campaign: read, and held against what a banner may be."""

import io
from collections.abc import Iterator
from pathlib import Path

from aggregator.errors import PublishError
from aggregator.settings import Campaign, Config

HEAVIEST = 150_000  # bytes of a banner: what the press allows for a banner of 300x250; ours weigh a sixth
EMBLEM_BYTES = 30_000  # it is part of each drawn banner's file, a third longer there
EMBLEM_PX = 96  # at least, either way: drawn up to 48 px high, sharp at twice that


def read(file: str) -> bytes:
    """The file's bytes. Raises PublishError."""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise PublishError(f"{file} cannot be read ({error.strerror}); correct the path in sources.yaml") from error


def problems(config: Config) -> Iterator[str]:
    """What is wrong with the files that campaigns name, each with what to do."""
    for campaign in config.campaigns:
        where = f"campaigns[{campaign.slug}]"
        if campaign.emblem:
            yield from (f"{where}.emblem: {told}" for told in _emblem(campaign.emblem))
        for image in campaign.images:
            yield from (f"{where}.images[{image.size}]: {told}" for told in _image(image.file, image.size))


def named(campaign: Campaign) -> tuple[str, ...]:
    """The files that the campaign names."""
    own = tuple(image.file for image in campaign.images)
    return (campaign.emblem, *own) if campaign.emblem else own


def _image(file: str, size: str) -> Iterator[str]:
    wide, high = (int(part) for part in size.split("x"))
    weight, seen = _looked_at(file)
    if isinstance(seen, str):
        yield seen
    elif seen not in {(wide, high), (2 * wide, 2 * high)}:
        yield f"{file} is {seen[0]}x{seen[1]} px; make it {wide}x{high} or {2 * wide}x{2 * high}"
    if weight > HEAVIEST:
        yield f"{file} weighs {weight:,} bytes, more than {HEAVIEST:,}; save it with fewer colours"


def _emblem(file: str) -> Iterator[str]:
    weight, seen = _looked_at(file)
    if isinstance(seen, str):
        yield seen
    elif min(seen) < EMBLEM_PX:
        yield f"{file} is {seen[0]}x{seen[1]} px; make it at least {EMBLEM_PX}x{EMBLEM_PX}"
    if weight > EMBLEM_BYTES:
        yield f"{file} weighs {weight:,} bytes, more than {EMBLEM_BYTES:,}; make it smaller"


def _looked_at(file: str) -> tuple[int, tuple[int, int] | str]:
    """The weight in bytes, and the size in px or why it cannot be used."""
    from PIL import Image

    try:
        content = read(file)
    except PublishError as error:
        return 0, str(error)
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            image.load()
            moving = getattr(image, "is_animated", False)
            return len(content), f"{file} moves; a banner stands still" if moving else image.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # what Pillow says of a file that is none
        return len(content), f"{file} is no PNG that can be read; save it as PNG"
