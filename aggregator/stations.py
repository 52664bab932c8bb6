"""stations.csv of the operator -> hotlines and health stations. Pure: config.py reads the file."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

PHONE = re.compile(r"\+?[0-9][0-9 .\-()]{1,30}")
COLUMNS = ("name", "kind", "place", "address", "phone", "hours", "confirmed")


def _day(value: Any) -> Any:
    text = str(value).strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a day; write it as 2026-10-20 or 20/10/2026")


def _phone(value: str) -> str:
    if not PHONE.fullmatch(value):
        raise ValueError(f"{value!r} is not a telephone number; write digits, as 1900 9095 or 024 3825 0000")
    return value


def _named(value: str) -> str:
    if not value:
        raise ValueError("is empty; write the name that readers know")
    return value


class Station(BaseModel):
    """A number to call or a place to go to, as the operator confirmed it: one row of `site.stations`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: Annotated[str, AfterValidator(_named)]
    """Name, as readers know it."""
    kind: Literal["hotline", "station", "hospital"]
    """hotline, station (trạm y tế) or hospital."""
    place: str = ""
    """The place it serves, by its old or new name, as Phường Hà Đông; empty: all places."""
    address: str = ""
    """Where it is; empty for a number alone."""
    phone: Annotated[str, AfterValidator(_phone)]
    """Telephone number, as it shall be shown."""
    hours: str = ""
    """When somebody answers, in words, as 7:30-17:00, thứ Hai đến thứ Sáu."""
    confirmed: Annotated[date, BeforeValidator(_day)]
    """The day on which somebody last made sure that it is right."""


def read_stations(text: str, name: str) -> tuple[tuple[Station, ...], tuple[str, ...]]:
    """The rows of the file in its order, and its problems, each with file, line, column and what to write.

    Columns may stand in any order, parted by commas or, as spreadsheets of Vietnamese settings do, by semicolons.
    """
    head = text.partition("\n")[0]
    rows = csv.reader(text.splitlines(), delimiter=";" if ";" in head and "," not in head else ",", strict=True)
    try:
        numbered = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        return (), (f"{name}:{rows.line_num} is not CSV: {error}; check the quotes there",)
    header = [cell.strip().lower() for cell in numbered[0][1]] if numbered else []
    problems = tuple(_of_header(header, name))
    if problems:
        return (), problems
    found = [
        _station(dict(zip(header, row, strict=False)), row, header, f"{name}:{line}") for line, row in numbered[1:]
    ]
    return tuple(one for one, _ in found if one), tuple(problem for _, some in found for problem in some)


def _of_header(header: list[str], name: str) -> Iterator[str]:
    missing = [column for column in COLUMNS if column not in header]
    strange = [column for column in header if column not in COLUMNS]
    if missing:
        yield f"{name}:1 lacks the column {', '.join(missing)}; the first line is {','.join(COLUMNS)}"
    elif strange or len(header) != len(COLUMNS):
        yield f"{name}:1 has the column {', '.join(strange) or 'twice'}; the first line is {','.join(COLUMNS)}"


def _station(
    cells: Mapping[str, str], row: list[str], header: list[str], where: str
) -> tuple[Station | None, tuple[str, ...]]:
    if len(row) != len(header):
        return None, (f"{where} has {len(row)} columns, not {len(header)}; put a cell with commas in double quotes",)
    try:
        return Station.model_validate({column: " ".join(cell.split()) for column, cell in cells.items()}), ()
    except ValidationError as error:
        return None, tuple(f"{where} {problem['loc'][0]}: {_advice(dict(problem))}" for problem in error.errors())


def _advice(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return f"{problem['input']!r} is none of the kinds; write hotline, station or hospital"
