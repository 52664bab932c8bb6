"""JSON lines in and out: what a line needs, and what is said of one that cannot be used."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aggregator.errors import ArticleError
from aggregator.model import Evidence, TagMatch
from aggregator.operate import transfer
from aggregator.refine import normalise
from aggregator.refine.stories import Decision
from tests import make

NOW = datetime(2026, 10, 20, 3, tzinfo=UTC)
LINE: dict[str, Any] = {
    "url": "https://bao.example/1",
    "source": "bao",
    "title": "Trạm y tế mở cửa",
    "published": "2026-10-20T08:00+07:00",
}


def test_lines_are_numbered_from_one_and_blank_ones_are_passed_over() -> None:
    raw = [b"\xef\xbb\xbf" + b'{"id": 1}\n', b"\n", b"  \t\n", b'{"id": 2}']
    assert list(transfer.json_lines(raw)) == [(1, {"id": 1}), (4, {"id": 2})]


@pytest.mark.parametrize(
    ("line", "words"),
    [(b"{", "not JSON"), (b"[]", "not a JSON object"), (b"12", "not a JSON object"), (b'"\xff"', "not UTF-8"),
     (b"[" * 100_000, "not JSON")],
)  # fmt: skip
def test_a_line_that_is_no_object_comes_as_what_is_wrong_with_it(line: bytes, words: str) -> None:
    ((number, error),) = transfer.json_lines([line])
    assert number == 1 and isinstance(error, ArticleError) and str(error).startswith(f"line 1: {words}")


@given(some.binary())
def test_any_bytes_are_objects_or_errors(raw: bytes) -> None:
    for _, value in transfer.json_lines(raw.splitlines()):
        assert isinstance(value, dict | ArticleError)


@given(some.dictionaries(some.sampled_from([*LINE, "lead", "text", "html", "author", "id"]), some.from_type(object)))
def test_any_object_is_a_draft_or_an_error_that_names_its_line(value: dict[str, Any]) -> None:
    for read in (transfer.draft, transfer.loose_draft):
        try:
            read(value, 7, NOW)
        except ArticleError as error:
            assert str(error).startswith("line 7: ")


@pytest.mark.parametrize("key", ["url", "source", "title", "published"])
@pytest.mark.parametrize("value", [None, "", "  ", ...])
def test_every_needed_key_is_named_when_it_is_missing(key: str, value: Any) -> None:
    line = {**LINE, key: value}
    if value is ...:
        del line[key]
    with pytest.raises(ArticleError, match=f"line 3: {key} missing; every line needs url, source, title, published"):
        transfer.draft(line, 3, NOW)


@pytest.mark.parametrize("published", ["2026-10-20", "20/10/2026 08:00", "Tue, 20 Oct 2026 08:00:00 +0700"])
def test_every_shape_of_date_that_sites_print_is_taken(published: str) -> None:
    assert transfer.draft({**LINE, "published": published}, 1, NOW).time == published


def test_text_and_title_come_out_as_the_words_that_went_in() -> None:
    words = "Trẻ < 5 tuổi & người > 60 tuổi; <b>không phải</b> thẻ"
    draft = transfer.draft({**LINE, "text": f"{words}\n\n  {words}  "}, 1, NOW)
    article = normalise.article(draft, make.source("bao"))
    assert article.text == f"{words}\n{words}"


def test_two_lines_that_differ_have_digests_that_differ() -> None:
    one, other = (transfer.draft({**LINE, "text": text}, 1, NOW).digest for text in ("a", "b"))
    assert one != other and one == transfer.draft({**LINE, "text": "a"}, 9, NOW).digest


@pytest.mark.parametrize("id", [0, 7, "", "x", 1.5, False, [1, 2]])
def test_any_id_is_taken_but_none(id: Any) -> None:
    assert transfer.loose_draft({"id": id}, 1, NOW).title == ""
    with pytest.raises(ArticleError, match="line 1: id missing"):
        transfer.loose_draft({"title": "x"}, 1, NOW)


def test_an_export_line_tells_a_correction_from_a_first_text() -> None:
    article = make.article()
    once = make.telling(article)
    twice = make.telling(article, revisions=(make.revision(article), make.revision(article, 2, title="Khác")))
    assert transfer.export_line("s", once, ())["status"] == "live"
    told = transfer.export_line("s", twice, (article.url, "https://old.example/1"))
    assert told["status"] == "corrected" and [one["number"] for one in told["revisions"]] == [1, 2]
    assert told["urls"] == [article.url, "https://old.example/1"]
    gone = make.telling(article, status="withdrawn", withdrawn_at=NOW, revisions=twice.revisions)
    told = transfer.export_line("s", gone, ())
    assert (told["status"], told["withdrawn_at"]) == ("withdrawn", "2026-10-20T03:00:00+00:00")
    json.dumps(told)


def test_a_tag_line_lists_labels_by_kind_and_the_words_that_earned_them() -> None:
    tag = TagMatch("place", "ha-noi", "Hà Nội", (Evidence("title", 0, 6, "Hà Nội"),))
    told = transfer.tag_line(7, [tag, make.tag("disease/soi", "Sởi")])
    assert (told["id"], told["places"], told["diseases"], told["documents"]) == (7, ["Hà Nội"], ["Sởi"], [])
    assert told["tags"][0] == {
        "tag": "ha-noi", "kind": "place", "label": "Hà Nội",
        "evidence": [{"field": "title", "start": 0, "end": 6, "text": "Hà Nội"}],
    }  # fmt: skip


def test_a_tag_line_says_who_named_each_tag_so_when_asked() -> None:
    told = transfer.tag_line(7, [make.tag("disease/soi", "Sởi")], source=lambda tag: f"list of {tag.kind}s")
    assert [tag["source"] for tag in told["tags"]] == ["list of diseases"]


def test_a_decision_line_carries_the_ids_as_they_were_given() -> None:
    decision = Decision("a", "b", "b", "b", 0.9, "vì")
    assert transfer.decision_line(decision, {"a": 1, "b": "2"}) == {
        "id": 1, "article": "2", "story": "2", "duplicate_of": "2", "score": 0.9, "because": "vì",
    }  # fmt: skip
    assert transfer.decision_line(Decision("a", "a", "a", None, 0.0, ""), {"a": 1})["duplicate_of"] is None
