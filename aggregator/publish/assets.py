"""Style, scripts and emblem under names that change with their content, so that they may be cached for good."""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from aggregator.errors import PublishError
from aggregator.model import Artifact
from aggregator.publish.render import Renderer
from aggregator.settings import Site

ON_DARK = 0.45  # share of white mixed into the accent on dark ground; keeps 4.5:1 for any that keeps it on white
LEGIBLE = 4.5  # WCAG 2.1 §1.4.3
DARK_GROUND = (20, 23, 26)


def assets(site: Site, renderer: Renderer) -> Mapping[str, Artifact]:
    """All assets by their plain name: files of templates/assets, `accent.css`, `emblem` where there is one."""
    made = {name.removeprefix("assets/"): renderer.read(name) for name in renderer.names("assets")}
    made["accent.css"] = accent_css(site.accent)
    found = {name: Artifact(hashed(name, content), content) for name, content in made.items()}
    if site.emblem:
        found["emblem"] = _emblem(Path(site.emblem))
    return found


def hashed(name: str, content: bytes) -> str:
    """`assets/site-1a2b3c4d5e.css` of `site.css`."""
    pure = PurePosixPath(name)
    return f"assets/{pure.stem}-{hashlib.sha256(content).hexdigest()[:10]}{pure.suffix}"


def accent_css(accent: str) -> bytes:
    """The site's colour as tokens: as it is on light ground, lightened until legible on dark ground."""
    light = tuple(int(accent[at : at + 2], 16) for at in (1, 3, 5))
    share = ON_DARK
    dark = _mixed(light, share)
    while contrast(dark, DARK_GROUND) < LEGIBLE and share < 1:
        share += 0.05
        dark = _mixed(light, share)
    on_dark = "#" + "".join(f"{part:02x}" for part in dark)
    rules = (
        f":root{{--accent:{accent}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{on_dark}}}}}\n"
        f"@media print{{:root{{--accent:{accent}}}}}\n"
    )
    return rules.encode()


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Contrast ratio of two colours, WCAG 2.1."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: tuple[int, ...], white: float) -> tuple[int, ...]:
    return tuple(round(part + (255 - part) * min(white, 1)) for part in colour)


def _emblem(path: Path) -> Artifact:
    if path.suffix not in {".svg", ".png"}:
        raise PublishError(f"site.emblem: {path} is neither .svg nor .png")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PublishError(f"site.emblem: {path} cannot be read ({error.strerror}); correct the path") from error
    return Artifact(hashed(f"emblem{path.suffix}", content), content)
