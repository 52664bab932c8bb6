"""Administrative units since 01/07/2025: what an emergency notice names as the places it is for. Pure but for the file.

The file (units.csv) is made by tools/make_units.py from thanglequoc/vietnamese-provinces-database (MIT).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aggregator.text import fold

FILE = Path(__file__).with_name("units.csv")
LEVELS = ("thanh pho ", "tinh ", "phuong ", "xa ", "dac khu ", "tp. ", "tp ")  # folded, before the name
NEAR = 6  # names offered beside one that is not known, or not alone


@dataclass(frozen=True, slots=True)
class Unit:
    """A province (two digits) or commune (five), by its official code; `name` has its level, and its province."""

    code: str
    name: str


def find(words: str) -> tuple[Unit, ...]:
    """The units that these words name: a code, or a name with or without level, marks and ", province"."""
    if words in all_units():
        return (all_units()[words],)
    wanted = _bare(words)
    exact = tuple(unit for unit in all_units().values() if fold(unit.name) == fold(words))
    if exact:
        return exact
    first, _, second = wanted.partition(",")
    return tuple(unit for unit in all_units().values() if _named(unit.name, first.strip(), _bare(second.strip())))


def near(words: str) -> tuple[Unit, ...]:
    """Units whose name holds these words, at most NEAR."""
    wanted = _bare(words)
    return tuple(unit for unit in all_units().values() if wanted and wanted in fold(unit.name))[:NEAR]


@cache
def all_units() -> dict[str, Unit]:
    """Every unit by its code, a province before its communes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    provinces = {row["code"]: row["name"] for row in rows if not row["province"]}
    named = ((row["code"], row["name"], provinces.get(row["province"], "")) for row in rows)
    return {code: Unit(code, f"{name}, {province}" if province else name) for code, name, province in named}


def _named(name: str, first: str, second: str) -> bool:
    own, _, province = fold(name).partition(", ")
    return first in {own, _bare(own)} and second in {"", _bare(province)}


def _bare(name: str) -> str:
    """The folded name without its level."""
    folded = fold(name)
    return next((folded.removeprefix(level) for level in LEVELS if folded.startswith(level)), folded)
