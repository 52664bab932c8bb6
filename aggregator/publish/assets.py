"""Style, scripts and emblem under names that change with their content, so that they may be cached for good."""

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from aggregator.colour import LEGIBLE, contrast, mixed, rgb
from aggregator.errors import PublishError
from aggregator.model import Artifact
from aggregator.publish.render import Renderer
from aggregator.settings import Site

ON_DARK = 0.45  # share of white mixed into the accent on dark ground; keeps 4.5:1 for any that keeps it on white
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
    light = rgb(accent)
    share = ON_DARK
    dark = mixed(light, share)
    while contrast(dark, DARK_GROUND) < LEGIBLE and share < 1:
        share += 0.05
        dark = mixed(light, share)
    on_dark = "#" + "".join(f"{part:02x}" for part in dark)
    rules = (
        f":root{{--accent:{accent}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{on_dark}}}}}\n"
        f"@media print{{:root{{--accent:{accent}}}}}\n"
    )
    return rules.encode()


def _emblem(path: Path) -> Artifact:
    if path.suffix not in {".svg", ".png"}:
        raise PublishError(f"site.emblem: {path} is neither .svg nor .png")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PublishError(f"site.emblem: {path} cannot be read ({error.strerror}); correct the path") from error
    return Artifact(hashed(f"emblem{path.suffix}", content), content)
