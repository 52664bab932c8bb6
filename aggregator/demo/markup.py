"""Pieces of markup that the imitated sites share: bodies as HTML, dates as printed, noise. Pure."""

import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from html.entities import codepoint2name
from zoneinfo import ZoneInfo

from aggregator.demo.world import WorldArticle

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


def text(plain: str) -> str:
    """The text between tags."""
    return escape(plain, quote=False)


def value(plain: str) -> str:
    """The text inside a quoted attribute."""
    return escape(plain, quote=True)


def entities(markup: str) -> str:
    """The markup with its Latin-1 letters as named entities, as old editors save it: "Hà" is "H&agrave;"."""
    return "".join(_entity(char) for char in markup)


def _entity(char: str) -> str:
    named = 0x80 <= ord(char) < 0x100 and ord(char) in codepoint2name
    return f"&{codepoint2name[ord(char)]};" if named else char


def blocks(body: str, *, head: str = "h2") -> list[str]:
    """The body's paragraphs, subheads, lists and tables as HTML elements, in order."""
    return [_block(part.strip(), head) for part in body.split("\n\n") if part.strip()]


def _block(part: str, head: str) -> str:
    lines = [line.strip() for line in part.splitlines()]
    if part.startswith("## "):
        return f"<{head}>{text(part[3:])}</{head}>"
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{text(line[2:])}</li>" for line in lines) + "</ul>"
    if all(line.startswith("|") and line.endswith("|") for line in lines):
        return _table(lines)
    return f"<p>{text(' '.join(lines))}</p>"


def _table(lines: Sequence[str]) -> str:
    rows = [[text(cell.strip()) for cell in line.strip("|").split("|")] for line in lines]
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    rest = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f'<table border="1" cellspacing="0"><tbody><tr>{head}</tr>{rest}</tbody></table>'


def with_images(parts: list[str], figures: Sequence[str]) -> list[str]:
    """The parts with the first figure after the first paragraph, the others spread over what follows."""
    merged = list(parts)
    for number, figure in enumerate(figures):
        merged.insert(min(1 + 3 * number, len(merged)), figure)
    return merged


def attachments(article: WorldArticle) -> list[str]:
    """A paragraph for each file offered below the article."""
    return [
        f'<p><a href="{value(file.path)}" target="_blank">{text(file.label)}</a></p>' for file in article.attachments
    ]


def weekday(time: datetime) -> str:
    """The day of the week in Vietnamese, local time."""
    return WEEKDAYS[time.astimezone(LOCAL).weekday()]


def printed(time: datetime, form: str) -> str:
    """The local time in a strftime form that names no weekday or month."""
    return time.astimezone(LOCAL).strftime(form)


def clock_12(time: datetime) -> str:
    """The local time of day as 05:07 PM."""
    local = time.astimezone(LOCAL)
    return f"{(local.hour - 1) % 12 + 1:02d}:{local.minute:02d} {'AM' if local.hour < 12 else 'PM'}"


def ago(time: datetime, now: datetime) -> str:
    """How long ago, as listings say it."""
    minutes = int((now - time).total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} phút trước"
    return f"{minutes // 60} giờ trước" if minutes < 1440 else f"{minutes // 1440} ngày trước"


def noise(now: datetime, path: str) -> int:
    """A number that differs from second to second and from address to address, never 0."""
    return zlib.crc32(f"{now.timestamp():.0f} {path}".encode()) + 1


def views(article: WorldArticle, now: datetime, noise: int) -> int:
    """The view counter: it grows with time, and jumps a little from request to request. 0 without noise."""
    minutes = int((now - article.time).total_seconds() // 60)
    return 40 + minutes // 2 + noise % 23 if noise else 0


def others(articles: Sequence[WorldArticle], than: WorldArticle | None, count: int, noise: int) -> list[WorldArticle]:
    """Some articles for a box of links, others for each noise."""
    rest = [article for article in articles if than is None or article.ref != than.ref]
    start = noise % len(rest) if rest else 0
    return (rest[start:] + rest[:start])[:count]


Link = Callable[[WorldArticle], str]


def links(articles: Sequence[WorldArticle], address: Link) -> str:
    """List points that link to the articles."""
    return "".join(
        f'<li><a href="{value(address(one))}" title="{value(one.title)}">{text(one.title)}</a></li>' for one in articles
    )
