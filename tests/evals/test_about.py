from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from aggregator.text import nfc
from tests.evals.about import facts, notices
from tests.evals.about.texts import NOTICES, PARTS, Part, texts
from tests.evals.about_eval import documents, tags
from tests.evals.tags_eval import score

# Floors of issue 4, never to be lowered. `second` was opened after its first score (about/README.md).
FLOORS = {"place": 0.96, "disease": 0.94, "authority": 0.93}
# No floor of the issue: what the vocabulary reached when its misses in both parts had been looked at (.86 and .85).
TOPICS = 0.8
DOCUMENTS: dict[Part, float] = {"open": 0.99, "second": 0.99, "third": 0.99}
RECALL, PRECISION, VALIDITY = 0.98, 0.95, 0.98
KINDS = {"thong-bao-khan", "cong-dien", "canh-bao", "thu-hoi"}
ORDERS = {
    "declare", "isolate", "test", "call", "monitor", "vaccinate", "seek-care", "stop-using", "stop-selling", "return",
    "evacuate", "avoid", "stand-by", "recall", "inspect", "report",
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", FLOORS)
def test_tags_of_texts_written_without_sight_of_the_rules_reach_their_floors(kind, part):
    assert score(kind, tags(part)).f1 >= FLOORS[kind]


@pytest.mark.parametrize("part", ["open", "second"])
def test_topics_stay_where_the_vocabulary_brought_them(part):
    assert score("topic", tags(part)).f1 >= TOPICS


@pytest.mark.parametrize("part", PARTS)
def test_numbers_of_documents_reach_their_floor_and_are_written_officially(part):
    found = documents(part)
    assert score("document", found.judged).f1 >= DOCUMENTS[part]
    assert found.exact >= DOCUMENTS[part] * found.expected


@pytest.mark.parametrize("part", PARTS)
def test_type_issuer_and_day_of_a_document_are_those_of_its_labels(part):
    told = facts.figures(facts.reader(), texts("documents", part))
    assert min(told.type, told.issuer) >= min(DOCUMENTS[part], 0.98)
    assert told.date >= 0.96


@pytest.mark.parametrize("part", NOTICES)
def test_urgent_notices_and_their_stated_ends_reach_their_floors(part):
    got = notices.figures(notices.judge(notices.reader(), texts("urgent", part)))
    assert got.recall >= RECALL
    assert got.precision >= PRECISION
    assert got.validity >= VALIDITY


@pytest.mark.parametrize(("name", "size"), [("tags", 250), ("documents", 150), ("urgent", 150)])
def test_each_set_is_as_large_as_was_asked(name, size):
    ids = [text.id for part in (NOTICES if name == "urgent" else PARTS) for text in texts(name, part)]
    assert len(ids) == len(set(ids)) >= size


def test_enough_of_the_texts_are_traps():
    assert len([text for part in PARTS for text in texts("tags", part) if text.trap]) >= 60


def test_half_of_the_texts_for_notices_are_no_notices():
    urgent = [text.labels["urgent"] for part in NOTICES for text in texts("urgent", part)]
    assert 0.4 <= sum(urgent) / len(urgent) <= 0.6


@pytest.mark.parametrize("part", NOTICES)
def test_labels_of_notices_keep_to_the_closed_lists_and_the_words_of_the_text(part):
    for text in texts("urgent", part):
        labels, article = text.labels, text.article
        words = "\n".join((article.title, article.lead, article.text)).lower()
        assert labels["kind"] in KINDS if labels["urgent"] else labels["kind"] is None
        assert set(labels["orders"]) <= ORDERS
        assert nfc(labels["validity"]).lower() in words, text.id
        assert all(nfc(window["place"]).lower() in words for window in labels["windows"]), text.id


@pytest.mark.parametrize("part", NOTICES)
def test_a_reader_that_knows_the_labels_scores_full_marks(part):
    got = notices.figures(notices.judge(_oracle(part), texts("urgent", part)))
    assert got == notices.Figures(1, 1, 1, 1, 1, 1)


def test_a_reader_that_says_nothing_finds_nothing_and_one_that_cries_wolf_is_imprecise():
    silent = notices.figures(notices.judge(lambda article: None, texts("urgent", "open")))
    assert (silent.recall, silent.validity) == (0, 0)
    wolf = notices.Said("canh-bao", (), (), None)
    crying = notices.figures(notices.judge(lambda article: wolf, texts("urgent", "open")))
    assert crying.recall == 1
    assert crying.precision < 0.6


@pytest.mark.parametrize("part", PARTS)
def test_a_reader_that_knows_the_documents_scores_full_marks_and_one_that_guesses_does_not(part):
    labels = {text.article.text: text.labels["documents"] for text in texts("documents", part)}
    lines = texts("documents", part)
    assert facts.figures(lambda text: map(_document, labels[text]), lines) == facts.Figures(1, 1, 1, 1)
    guess = {"type": "cong-van", "issuer": ["Sở Y tế"], "date": None}
    guessing = facts.figures(lambda text: [_document(each | guess) for each in labels[text]], lines)
    assert guessing.found == 1
    assert max(guessing.type, guessing.issuer, guessing.date) < 0.8


def test_a_stated_end_a_day_off_is_wrong():
    notice = next(
        text for text in texts("urgent", "open") if text.labels["valid_until"] and "T" in text.labels["valid_until"]
    )
    late = notices.Said(notice.labels["kind"], (), (), _moment(notice.labels["valid_until"]) + timedelta(days=1))
    read = {notice.id: late}
    judged = notices.judge(lambda article: read.get(article.id), texts("urgent", "open"))
    assert [row.until for row in judged if row.text.id == notice.id] == [False]


def _oracle(part):
    said = {text.id: _said(text.labels) for text in texts("urgent", part) if text.labels["urgent"]}
    return lambda article: said.get(article.id)


def _document(label):
    issued = date.fromisoformat(label["date"]) if label["date"] else None
    issuer = next(iter(label["issuer"]), "")
    return SimpleNamespace(number=label["number"], type=label["type"], issuer=issuer, date=issued)


def _said(labels):
    windows = [
        SimpleNamespace(place=w["place"], start=_moment(w["from"]), end=_moment(w["to"])) for w in labels["windows"]
    ]
    orders = tuple(labels["orders"])
    return SimpleNamespace(kind=labels["kind"], orders=orders, windows=windows, until=_moment(labels["valid_until"]))


def _moment(label):
    return datetime.fromisoformat(label).replace(tzinfo=notices.LOCAL).astimezone(UTC) if label else None
