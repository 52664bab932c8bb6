"""Prints the report of every evaluation beside this file: modules named *_eval.py with a report()."""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Print each report under its module's name."""
    for path in sorted(Path(__file__).parent.glob("*_eval.py")):
        module = importlib.import_module(f"{__package__}.{path.stem}")
        sys.stdout.write(f"== {path.stem} ==\n{module.report()}\n\n")


if __name__ == "__main__":
    main()
