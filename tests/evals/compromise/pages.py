"""The pages of the labelled set: (draft, article, habits) each, injected or clean, made the same on every machine.

Clean: the texts of the demo's worlds, of the labelled sets beside this one, of templates.jsonl, and the hard ones of
clean.jsonl, which say the very words for good reasons. Injected: each line of injections.jsonl put into one of the
ordinary clean pages. What begins with `sealed-`, and a third of the ordinary pages, was kept apart (README.md).
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

from aggregator.demo import markup, world
from aggregator.model import Article, Draft
from aggregator.refine import normalise
from aggregator.refine.compromise import Habits
from tests import make

HERE = Path(__file__).parent
AT = datetime(2026, 10, 20, 3, tzinfo=UTC)
HOST = "soyte.tinh.gov.vn"
KNOWN = frozenset({"tinh.gov.vn", "moh.gov.vn", "chinhphu.vn", "facebook.com", "youtube.com", "zalo.me"})
TOPICS = frozenset({"dich-benh", "tiem-chung", "thuoc", "an-toan-thuc-pham", "kham-chua-benh", "chi-dao-dieu-hanh"})
Half = Literal["open", "sealed"]
HARD: tuple[tuple[Half, str], ...] = (
    ("open", "clean.jsonl"), ("open", "second-clean.jsonl"), ("sealed", "sealed-clean.jsonl")
)  # fmt: skip
INJECTIONS: tuple[tuple[Half, str], ...] = (
    ("open", "injections.jsonl"), ("open", "second-injections.jsonl"), ("sealed", "sealed-injections.jsonl")
)  # fmt: skip

# What stands around the words of ordinary pages, so that no rule takes a portal's markup for an attack.
FRAMES = (
    "{}",
    '<div class="journal-content-article">{}<p style="text-align:right"><strong>Theo Cổng thông tin</strong></p></div>',
    '{}<ul><li><a href="/tin-tuc/1">Tin khác</a></li><li><a href="https://moh.gov.vn/">Bộ Y tế</a></li></ul>',
    '<div style="margin:0;line-height:150%;background:white;color:black">{}</div>',
    '{}<p>Xem thêm: <a href="https://vncdc.gov.vn/huong-dan">hướng dẫn của Cục Phòng bệnh</a>.</p>',
    '{}<div class="chia-se"><a href="https://www.facebook.com/sharer.php?u=x">Chia sẻ</a><a href="https://zalo.me/share">Zalo</a></div>',
    '{}<div class="d-print-block" style="display:none">Đường dẫn bài viết: https://soyte.tinh.gov.vn/tin</div>',
    '<style>.ghi-chu{{font-size:12px}}</style>{}<p class="ghi-chu">Ảnh minh họa</p>',
    '{}<p><a href="https://baotinh.vn/bai-goc.html">Bài gốc</a></p>',
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One page of the set. `kind` says what was put into it, or why it is hard to tell from a spoiled one."""

    id: str
    kind: str
    injected: bool
    half: Half
    draft: Draft
    article: Article
    habits: Habits


@cache
def pages() -> tuple[Labelled, ...]:
    """Every page of the set, clean ones first."""
    return (*_clean(), *_injected())


def _clean() -> Iterator[Labelled]:
    for number, (id, title, lead, body) in enumerate(_ordinary()):
        framed = FRAMES[number % len(FRAMES)].format(body)
        yield _page(id, "ordinary", False, _half(id), title, lead, framed)
    for half, name in HARD:
        for line in _lines(name):
            yield _page(line["id"], line["kind"], False, half, line["title"], line["lead"], _html(line["body"]))


def _injected() -> Iterator[Labelled]:
    bases = [each for each in _ordinary() if each[0].startswith("world")]
    for half, name in INJECTIONS:
        for line in _lines(name):
            _, title, lead, body = bases[zlib.crc32(line["id"].encode()) % len(bases)]
            if "add" in line:
                body = _put(body, line["add"], line["at"])
            title, lead, body = line.get("title", title), line.get("lead", lead), line.get("body", body)
            yield _page(line["id"], line["kind"], True, half, title, lead, body)


def _put(body: str, what: str, where: str) -> str:
    blocks = body.split("\n")
    at = {"start": 0, "middle": len(blocks) // 2, "end": len(blocks)}[where]
    return "\n".join([*blocks[:at], what, *blocks[at:]])


@cache
def _ordinary() -> tuple[tuple[str, str, str, str], ...]:
    """(id, title, lead, body as HTML, one block a line) of pages that nobody would doubt."""
    worlds = [
        (f"world-{name}-{one.key}", one.title, one.lead, "\n".join(markup.blocks(one.body)))
        for name in ("default", "2020-08")
        for one in world.load(name).articles
    ]
    tags = [(f"tags-{one['id']}", one["title"], one["lead"], _html(one["text"])) for one in _lines("../tags.jsonl")]
    told = [(f"told-{one['id']}", one["a"]) for one in _lines("../duplicates.jsonl")]
    stories = [(id, one["title"], one["lead"], _html(one["text"])) for id, one in told]
    return (*worlds, *tags, *stories, *_templates())


def _templates() -> list[tuple[str, str, str, str]]:
    return [
        (f"template-{number}-{row}", *(each.format(**given) for each in texts), _html(body.format(**given)))
        for number, line in enumerate(_lines("templates.jsonl"), 1)
        for row, words in enumerate(line["rows"], 1)
        for given in [dict(zip(line["slots"], words, strict=True))]
        for texts, body in [((line["title"], line["lead"]), line["body"].replace("|", "\n"))]
    ]


def _page(id: str, kind: str, injected: bool, half: Half, title: str, lead: str, body: str) -> Labelled:
    draft = Draft(
        source="soyte", url=f"https://{HOST}/tin/{id}.htm", ref=id, title=title, lead=lead, author="",
        time="20/10/2026 08:00", modified="", body=body, base=f"https://{HOST}/", digest="", fetched_at=AT,
        reader="eval",
    )  # fmt: skip
    article = normalise.article(draft, make.source("soyte", hosts=(HOST,)))
    new_source = zlib.crc32(f"habits {id}".encode()) % 4 == 0  # nothing is known yet of a quarter of the sources
    habits = Habits() if new_source else Habits(KNOWN, TOPICS, 4.0)
    return Labelled(id, kind, injected, half, draft, article, habits)


def _html(text: str) -> str:
    if text.lstrip().startswith("<"):
        return text
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n") if line)


def _half(id: str) -> Half:
    return "sealed" if zlib.crc32(id.encode()) % 3 == 0 else "open"


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
