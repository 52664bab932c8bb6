"""No words beyond the scope in any file: pages, feeds, payloads, search, log, sitemaps, metadata, reasons."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aggregator.model import (
    AskedAbout,
    Attachment,
    Disagreement,
    Document,
    Edit,
    Evidence,
    Image,
    Link,
    Notice,
    Ordered,
    Phone,
    Revision,
    SafeHtml,
    Story,
    TagMatch,
    Telling,
)
from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.settings import Site
from tests import make, make_signed, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW

LEAD = "Phần dẫn có từ Lẫmdẫn, số 1.357 và hạn đến 30/11/2026."
TEXT = (
    "Thân bài có từ Thâmbài và số 8.642. Yêu cầu Ngừngbán ngay. Quán Phởchìm hỏi ai đến lúc Tốichìm. "
    "Gọi 0909 000 111. Quyết định ngày Ngàychìm. Giấy Tệpchìm. Ảnh Chúthích."
)
NEVER = (
    *("Cũdẫn", "Cũthân"),  # what a correction took out
    *("Nghivấn", "Lýdochìm", "Ngườisửa", "Vìsaosửa"),  # doubts, a reason of a status, who decided and why
)
OF_THE_LEAD = ("Lẫmdẫn", "1.357", "Tácgiảchìm")
OF_THE_TEXT = (
    *("Thâmbài", "8.642", "Ngừngbán", "Phởchìm", "Tốichìm", "0909 000 111", "Ngàychìm"),
    *("Tệpchìm", "tep-chim.pdf", "Chúthích"),
)


def said(words: str, field: str = "text") -> Evidence:
    start = (TEXT if field == "text" else LEAD).index(words)
    return Evidence(field, start, start + len(words), words)  # type: ignore[arg-type]


def telling(id: str, source: str) -> Telling:
    of = make.article(
        id,
        source=source,
        title=f"Tiêu đề của {source}",
        lead=LEAD,
        text=TEXT,
        body=SafeHtml(f"<p>{TEXT}</p>"),
        author="Tácgiảchìm",
        attachments=(Attachment("https://moh.example.vn/tep-chim.pdf", "Giấy Tệpchìm"),),
        images=(Image("https://moh.example.vn/anh.jpg", "Ảnh Chúthích", "Ảnh Chúthích"),),
        doubts=("Nghivấn",),
    )
    notice = Notice(
        (Ordered("stop-selling", said("Ngừngbán")),),
        (AskedAbout(said("Phởchìm"), said("Tốichìm")),),
        NOW + timedelta(days=40),
        said("30/11/2026", "lead"),
        (Phone("0909000111", said("0909 000 111")),),
    )
    tags = (
        TagMatch("urgent", "thu-hoi", "Thu hồi", (said("Ngừngbán"),), detail=notice),
        TagMatch("topic", "duoc", "Dược", (said("Lẫmdẫn", "lead"), said("Thâmbài"))),
        TagMatch("document", "1-qd-byt", "1/QĐ-BYT", (), detail=Document("Quyết định", "Bộ Y tế", date(2026, 10, 1))),
    )
    decided = (Edit(1, id, "pin", "2026-11-01T00:00:00+00:00", "Ngườisửa", "Vìsaosửa", NOW),)
    return make.telling(of, tags=tags, revisions=revisions(of), because="Lýdochìm", edits=decided)


def revisions(of) -> tuple[Revision, ...]:  # type: ignore[no-untyped-def]
    before = make.revision(of, 1, lead="Cũdẫn 9.753.", text=f"Cũthân {TEXT}".replace("8.642", "8.640"))
    return before, make.revision(of, 2, seen_at=NOW - timedelta(minutes=20))


def story() -> Story:
    differing = (Disagreement("figure", "8.642", "8.642", "text", "text"),)
    because = (
        "2/3 câu trùng nhau; cùng nói về 1/QĐ-BYT; cùng số liệu 8.642, 1.357; "
        "nhưng nói khác nhau: “thâmbài” ↔ “ngừngbán”, 8.642 ↔ 1.357"
    )
    link = Link("a00000000001", "b00000000001", "story", 0.9, because, "1", differing)
    return make.story(telling("a00000000001", "moh"), telling("b00000000001", "skds"), links=(link,))


def files(scope: str | None, mode: str = "public", told: Story | None = None) -> dict[str, str]:
    agreement = make.agreement(scope) if scope else None
    sources = [make.source(id, agreement=agreement, window=timedelta(days=30)) for id in ("moh", "skds")]
    owner = make_site.config().site.owner
    config = make.config(*sources, site=Site(mode=mode, owner=owner, base_url="https://bantin.example.vn/"))
    writer, store = MemoryWriter(), FakeStore(told or story())
    given = {"status": report(config, {}, NOW), "signing": make_signed.ONE_KEY}
    publish(config, store, writer, NOW, **given)  # type: ignore[arg-type]
    publish(config, store, writer, NOW + timedelta(minutes=1), full=True, **given)  # type: ignore[arg-type]
    return {path: content.decode() for path, content in writer.files.items() if not path.endswith(".png")}


def holding(files: dict[str, str], words: str) -> list[str]:
    """Files that hold the words, folded as search folds them, escaped as JSON and XML do, or plain."""
    from aggregator.text import fold

    return sorted(path for path, content in files.items() if fold(words) in fold(content))


@pytest.mark.parametrize(
    ("scope", "mode", "shown", "kept"),
    [
        (None, "public", (), (*OF_THE_LEAD, *OF_THE_TEXT)),
        ("link", "public", (), (*OF_THE_LEAD, *OF_THE_TEXT)),
        ("link", "preview", (), (*OF_THE_LEAD, *OF_THE_TEXT)),
        ("lead", "public", OF_THE_LEAD, OF_THE_TEXT),
        (None, "preview", OF_THE_LEAD, OF_THE_TEXT),
        ("full", "public", (*OF_THE_LEAD, *OF_THE_TEXT), ()),
    ],
)
def test_no_file_holds_words_beyond_the_scope(
    scope: str | None, mode: str, shown: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    made = files(scope, mode)
    kinds = ("tin/", "feed/all.rss", "feed/all.atom", "feed/all.json", "search/2026-10", "log/", "sitemap/2026-10")
    kinds += (
        "embed/latest/all.json",
        "embed/latest/all.html",
        "embed/latest/all.fragment.html",
        "dinh-chinh/",
        "khan/",
    )
    for kind in kinds:
        assert any(path.startswith(kind) for path in made), kind
    for words in ("Tiêu đề của moh", *shown):
        assert [path for path in holding(made, words) if path.startswith("tin/")], words
    for words in (*kept, *NEVER):
        assert holding(made, words) == [], words


def test_the_figures_of_a_reason_are_told_only_where_both_tellings_show_them() -> None:
    page = {
        scope: next(c for p, c in files(scope).items() if p.startswith("tin/")) for scope in ("link", "lead", "full")
    }
    assert "2/3 câu trùng nhau; cùng nói về 1/QĐ-BYT; cùng số liệu trong nội dung; nhưng có chi tiết" in page["link"]
    assert "cùng số liệu 1.357; nhưng có chi tiết nói khác nhau" in page["lead"]
    assert "cùng số liệu 8.642, 1.357; nhưng nói khác nhau: “thâmbài” ↔ “ngừngbán”, 8.642 ↔ 1.357" in page["full"]


@pytest.mark.parametrize("status", ["withdrawn", "suspended", "hidden"])
def test_of_a_story_that_is_gone_no_word_is_left(status: str) -> None:
    gone = replace(story(), tellings=tuple(replace(one, status=status) for one in story().tellings))
    made = files("full", told=gone)
    for words in ("Tiêu đề của", *OF_THE_LEAD, *OF_THE_TEXT, *NEVER):
        assert holding(made, words) == [], words


def test_a_telling_that_is_gone_leaves_no_word_in_the_reasons_of_the_others() -> None:
    first, second = story().tellings
    third = replace(telling("c00000000001", "skds"), first_seen=second.first_seen + timedelta(minutes=1))
    bare = replace(third, article=replace(third.article, lead="", text="", body=SafeHtml(""), author=""), tags=())
    left = Link(
        "b00000000001", "c00000000001", "story", 0.8, "cùng số liệu 8.642; nhưng nói khác nhau: “mấtdấu” ↔ 5", "1"
    )
    told = replace(story(), tellings=(first, replace(second, status="withdrawn"), bare), links=(left,))
    made = files("full", told=told)
    assert holding(made, "mấtdấu") == []
    assert holding(made, "cùng số liệu trong nội dung")
