"""Where the files that came with the program are: inside the package in a wheel, beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def default_file(name: str) -> Path:
    """The shipped `sources.yaml`, or the folder `templates`."""
    packed = PACKAGE / "_default" / name
    return packed if packed.exists() else PACKAGE.parent / name
