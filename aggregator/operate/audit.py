"""Whether the portals carry what they were asked to: the rows of the report, and the report as CSV. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.operate.snippets import Form, Snippet, State

FORMS: dict[Form, str] = {
    "script": "Thẻ HTML (script)",
    "iframe": "Khung (iframe)",
    "fragment": "Mảnh HTML (SSI)",
    "image": "Ảnh và liên kết",
    "copy": "Bản chép tay",
}
STATES: dict[State | str, str] = {
    "present": "Có, đúng mẫu",
    "outdated": "Bản cũ",
    "altered": "Sai mẫu",
    "hidden": "Bị ẩn",
    "blocked": "Bị CSP của cổng chặn",
    "dead": "Liên kết hỏng",
    "missing": "Chưa có",
    "unread": "Không đọc được trang",
    "unknown": "Trang dựng bằng mã, cần xem bằng mắt",
}
COLUMNS = ("Đơn vị", "Trang", "Kết quả", "Hình thức", "Nội dung", "Chi tiết")


@dataclass(frozen=True, slots=True)
class Visited:
    """A portal's page after the visit: what was found, or why it could not be read."""

    portal: str
    url: str
    snippets: tuple[Snippet, ...] = ()
    problem: str = ""
    shell: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. `state` is a key of STATES."""

    portal: str
    url: str
    state: str
    form: str
    what: str
    told: str


def rows(visited: Sequence[Visited]) -> tuple[Row, ...]:
    """The report: a row a snippet, and one a portal that has none on any of its pages."""
    found: list[Row] = []
    for portal in dict.fromkeys(one.portal for one in visited):
        pages = [one for one in visited if one.portal == portal]
        own = [_row(page, snippet) for page in pages for snippet in page.snippets]
        found += own + [_silent(page) for page in pages if page.problem or (page.shell and not own)]
        if not own and not any(page.problem or page.shell for page in pages):
            found.append(Row(portal, pages[0].url, "missing", "", "", ""))
    return tuple(found)


def _row(page: Visited, snippet: Snippet) -> Row:
    states = [state for state, _ in snippet.faults]
    state = next((one for one in ("dead", "blocked", "hidden", "altered", "outdated") if one in states), "present")
    told = "; ".join(f"{state}: {because}" for state, because in snippet.faults)
    return Row(page.portal, page.url, state, FORMS[snippet.form], snippet.what, told)


def _silent(page: Visited) -> Row:
    return Row(page.portal, page.url, "unread" if page.problem else "unknown", "", "", page.problem)


def counts(found: Sequence[Row]) -> dict[str, int]:
    """How many portals have a snippet that is right, have one that is not, have none, or could not be read."""
    portals = dict.fromkeys(row.portal for row in found)
    states = {name: {row.state for row in found if row.portal == name} for name in portals}
    right = sum("present" in states[name] for name in portals)
    missing = sum(states[name] == {"missing"} for name in portals)
    unread = sum(states[name] <= {"unread", "unknown"} for name in portals)
    return {"present": right, "faulty": len(portals) - right - missing - unread, "missing": missing, "unread": unread}


def as_csv(found: Sequence[Row]) -> bytes:
    """The report for a spreadsheet: UTF-8 with its mark, so that it opens with its Vietnamese letters."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow([_tame(one) for one in (row.portal, row.url, STATES[row.state], row.form, row.what, row.told)])
    return text.getvalue().encode("utf-8-sig")


def _tame(text: str) -> str:
    """A portal's words as text: a spreadsheet takes what begins with these signs for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
