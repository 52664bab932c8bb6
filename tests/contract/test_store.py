"""What every store must do, whichever database is behind it. One more database is one more line in STORES."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.errors import StoreError
from aggregator.model import (
    WHOLE,
    Act,
    Announced,
    AskedAbout,
    Attachment,
    Changes,
    Delivery,
    DeliveryState,
    Document,
    Evidence,
    Following,
    FormerPlace,
    Gist,
    Held,
    Image,
    Learned,
    Letter,
    LetterItem,
    Line,
    Link,
    Notice,
    Ordered,
    Pending,
    Phone,
    PlaceWithin,
    Regrouping,
    SafeHtml,
    Shelf,
    Sketch,
    Skip,
    SourceState,
    StoryRecord,
    TagMatch,
    Tie,
    Validator,
    Verdict,
)
from aggregator.ports import Store
from aggregator.refine import sketches
from tests import postgres
from tests.fakes import NOON
from tests.make_store import (
    ETAG,
    HOUR,
    MINUTE,
    alone,
    article,
    changes,
    check,
    edit,
    grouped,
    keep,
    link,
    open_at,
    settle,
    shelved,
    tag,
    verdict,
    visit,
)

STORES: dict[str, Callable[[Path, Callable[[], datetime]], Store]] = {
    "sqlite": lambda folder, clock: open_at(folder, clock=clock),
    "postgresql": postgres.opened,
}


class Time:
    """A clock that a test sets."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path, time: Time) -> Iterator[Store]:
    opened = STORES[request.param](tmp_path, time)
    yield opened
    opened.close()


def pending(store: Store, now: datetime = NOON) -> tuple[str, ...]:
    return store.pending(now).stories


# --- the same article elsewhere ---------------------------------------------------------------------


def test_an_article_is_found_at_every_address_it_was_seen_at(store: Store) -> None:
    store.commit(visit(), changes(verdict("a1", also=("https://cu.example/1",)), "a2"))
    asked = ["https://so.example/a1.htm", "https://cu.example/1", "https://so.example/a1.htm?x", "https://so.example/"]
    assert store.at("so", asked) == {"https://so.example/a1.htm": "a1", "https://cu.example/1": "a1"}
    assert store.at("khac", asked) == {} and store.at("so", []) == {}


def test_the_articles_of_a_source_are_found_by_their_time_whatever_their_status(store: Store) -> None:
    other = article("b1", source="khac")
    store.commit(visit(), changes("a1", article("a2", published=NOON), other, checks=(check("a1", "withdrawn"),)))
    assert [known.id for known in store.between("so", NOON - HOUR, NOON)] == ["a1"]
    assert [known.id for known in store.between("so", NOON - HOUR, NOON + MINUTE)] == ["a1", "a2"]


# --- visits ----------------------------------------------------------------------------------------


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.states() == {}
    assert store.visits(10) == ()
    assert store.pending(NOON) == Pending((), 0)
    assert store.everything() == Pending((), 0)
    assert store.dirty() == ()
    assert store.memo("edition") == ""


def test_a_source_comes_back_as_it_was_given(store: Store) -> None:
    state = SourceState(
        source="so",
        health="broken",
        cause="timeout",
        problem="không trả lời",
        failures=3,
        last_visit=NOON,
        last_success=NOON - HOUR,
        next_visit=NOON + HOUR,
        newest=NOON - 2 * HOUR,
        since=NOON - MINUTE,
        validators={"https://so.example/a.rss": ETAG, "https://so.example/b.rss": Validator()},
        profile={"leads": 24.5, "dated": 1.0},
        chosen={"https://so.example/muc": "https://so.example/muc.rss"},
    )
    store.commit(visit(), Changes(state))
    assert store.states() == {"so": state}


def test_validators_of_a_section_that_is_no_more_are_dropped(store: Store) -> None:
    store.commit(visit(), Changes(SourceState("so", validators={"https://so.example/a": ETAG})))
    store.commit(visit(), Changes(SourceState("so", validators={"https://so.example/b": ETAG})))
    assert store.states()["so"].validators == {"https://so.example/b": ETAG}


def test_visits_come_newest_first_with_their_skips(store: Store) -> None:
    first = visit(skips=(Skip("https://so.example/x", "không có tiêu đề"),), requests=3, bytes=900, leads=2, new=1)
    second = visit(
        run="r2", started_at=NOON + HOUR, ended_at=NOON + HOUR, outcome="failed", cause="timeout", problem="quá hạn"
    )
    for one in (first, second):
        store.commit(one, changes())
    assert store.visits(10) == (second, first)
    assert store.visits(1) == (second,)


# --- articles --------------------------------------------------------------------------------------


def test_an_article_comes_back_as_it_was_given(store: Store) -> None:
    full = article(
        "a1",
        modified=NOON,
        precision="day",
        body=SafeHtml("<p>Nội dung &amp; hình</p>"),
        images=(Image("https://so.example/1.jpg", "ảnh", "TTXVN"),),
        attachments=(Attachment("https://so.example/1.pdf", "Công văn"),),
        language="vi",
        doubts=("ngày đoán",),
    )
    store.commit(visit(), changes(full, tags={"a1": (tag("tiem-chung"), tag("sot", "disease"))}))
    (told,) = store.told(["a1", "missing"])
    assert told.article == full
    assert isinstance(told.article.body, SafeHtml)
    assert told.tags == (tag("tiem-chung"), tag("sot", "disease"))
    assert told.first_seen == NOON


def test_a_notice_comes_back_as_it_was_given(store: Store) -> None:
    words = Evidence("text", 3, 12, "hiệu lực")
    where = (AskedAbout(words, words, NOON, None), AskedAbout(words))
    notice = Notice((Ordered("call", words),), where, NOON + HOUR, words, (Phone("115", words),))
    urgent = replace(tag("cong-dien", "urgent"), detail=notice)
    plain = replace(urgent, tag="thu-hoi", detail=Notice())
    store.commit(visit(), changes("a1", "a2", tags={"a1": (urgent, tag("x")), "a2": (plain,)}))
    assert [one.tags for one in store.told(["a1", "a2"])] == [(urgent, tag("x")), (plain,)]
    store.commit(visit(), changes(tags={"a1": (replace(urgent, detail=Notice()), tag("x"))}))
    assert store.told(["a1"])[0].tags[0].notice == Notice()


def test_what_a_tag_says_of_a_document_or_place_comes_back(store: Store) -> None:
    words = Evidence("text", 3, 12, "ngày 20/10")
    dated = Document("Công văn", "Bộ Y tế", date(2026, 10, 20), words)
    gone = FormerPlace(date(2025, 6, 30), (("xa-a", "Xã A"), ("xa-b", "Xã B")), (("tinh", "Tỉnh"),))
    told = (
        replace(tag("1-byt", "document"), detail=dated),
        replace(tag("2-byt", "document"), detail=Document("", "")),
        replace(tag("huyen-a", "place"), detail=gone),
        replace(tag("xa-a", "place"), detail=PlaceWithin((("tinh", "Tỉnh"),))),
    )
    store.commit(visit(), changes("a1", tags={"a1": told}))
    assert store.told(["a1"])[0].tags == told


def test_times_come_back_as_aware_utc_to_the_microsecond(store: Store) -> None:
    hanoi = timezone(timedelta(hours=7))
    odd = datetime(2026, 10, 20, 11, 59, 59, 123457, tzinfo=hanoi)
    keep(store, article("a1", published=odd), article("a2", published=datetime(1955, 2, 27, tzinfo=UTC)))
    old, new = (told.article.published for told in reversed(store.told(["a1", "a2"])))
    assert (new, new.tzinfo) == (odd, UTC)
    assert old == datetime(1955, 2, 27, tzinfo=UTC)


def test_a_naive_time_is_refused(store: Store) -> None:
    naive = datetime(2026, 10, 20)  # noqa: DTZ001  the very thing that is refused
    with pytest.raises(ValueError, match="no time zone"):
        keep(store, article("a1", published=naive))
    assert store.told(["a1"]) == ()


def test_known_says_what_deciding_to_fetch_needs(store: Store) -> None:
    one = article("a1")
    checks = (check("a1", misses=0),)
    store.commit(visit(), changes(verdict(one, lead_digest="l1", validator=ETAG), checks=checks))
    known = store.known(["a1", "missing"])
    assert list(known) == ["a1"]
    held = known["a1"]
    assert (held.source, held.url, held.ref, held.title) == ("so", one.url, "a1", "Bài a1")
    assert (held.text_digest, held.lead_digest, held.validator) == (one.text_digest, "l1", ETAG)
    assert (held.status, held.published, held.first_seen, held.fetched_at) == ("live", NOON - HOUR, NOON, NOON)
    assert (held.next_check, held.misses) == (NOON + 3 * HOUR, 0)


def test_a_revised_text_becomes_a_revision_and_the_former_one_stays(store: Store) -> None:
    keep(store, "a1")
    later = article("a1", text="Nội dung đã sửa.", digest="raw2", fetched_at=NOON + HOUR)
    store.commit(visit(), changes(verdict(later, "revised")))
    (story,) = store.stories(["a1"])
    first, second = story.speaker.revisions
    assert (first.number, first.text, first.digest, first.seen_at) == (1, "Nội dung của bài a1.", "a1-raw", NOON)
    assert (second.number, second.text, second.digest) == (2, "Nội dung đã sửa.", "raw2")
    assert (second.seen_at, second.url, second.article) == (NOON + HOUR, later.url, "a1")
    assert story.speaker.article == later
    assert story.speaker.first_seen == NOON


def test_a_text_that_returns_to_what_it_was_is_a_third_revision(store: Store) -> None:
    keep(store, "a1")
    store.commit(visit(), changes(verdict(article("a1", text="khác"), "revised")))
    store.commit(visit(), changes(verdict(article("a1"), "revised")))
    (story,) = store.stories(["a1"])
    assert [revision.number for revision in story.speaker.revisions] == [1, 2, 3]
    assert story.speaker.revisions[2].text == story.speaker.revisions[0].text


def test_a_change_beside_the_text_is_kept_without_a_revision(store: Store) -> None:
    keep(store, "a1")
    store.commit(visit(), changes(verdict(article("a1", author="Ban biên tập"), "revised")))
    (story,) = store.stories(["a1"])
    assert story.speaker.article.author == "Ban biên tập"
    assert len(story.speaker.revisions) == 1


def test_a_revision_leaves_status_and_next_check_alone(store: Store) -> None:
    keep(store, "a1")
    store.commit(visit(), changes(checks=(check("a1", "suspended", misses=1, because="404"),)))
    store.commit(visit(), changes(verdict(article("a1", text="khác"), "revised")))
    held = store.known(["a1"])["a1"]
    assert (held.status, held.misses, held.next_check) == ("suspended", 1, NOON + 3 * HOUR)


def test_seeing_the_same_again_refreshes_only_how_it_was_seen(store: Store) -> None:
    store.commit(visit(), changes(verdict("a1", lead_digest="l1"), regrouping=alone("a1")))
    settle(store)
    again = article("a1", title="Không được ghi", fetched_at=NOON + HOUR, digest="raw2")
    store.commit(visit(), changes(verdict(again, "unchanged", lead_digest="l2", validator=ETAG)))
    held = store.known(["a1"])["a1"]
    assert (held.fetched_at, held.lead_digest, held.validator) == (NOON + HOUR, "l2", ETAG)
    assert held.title == "Bài a1"
    assert store.told(["a1"])[0].article.digest == "raw2"
    assert pending(store) == ()


def test_a_recheck_without_a_lead_keeps_the_digest_of_the_lead(store: Store) -> None:
    store.commit(visit(), changes(verdict("a1", lead_digest="l1")))
    store.commit(visit(), changes(verdict("a1", "unchanged", lead_digest="")))
    assert store.known(["a1"])["a1"].lead_digest == "l1"


def test_a_recheck_that_finds_another_text_keeps_the_digest_of_the_lead_too(store: Store) -> None:
    store.commit(visit(), changes(verdict("a1", lead_digest="l1")))
    store.commit(visit(), changes(verdict(article("a1", text="khác"), "revised")))
    assert store.known(["a1"])["a1"].lead_digest == "l1"


def test_an_unknown_article_cannot_be_unchanged(store: Store) -> None:
    with pytest.raises(StoreError, match="a9 is said to be unchanged"):
        store.commit(visit(), changes(verdict("a9", "unchanged")))


def test_due_checks_are_those_of_the_source_longest_overdue_first(store: Store) -> None:
    keep(store, "a1", "a2", "a3", "a4", article("b1", source="khac"))
    due = {"a1": NOON + HOUR, "a2": NOON - HOUR, "a3": None, "a4": NOON + 9 * HOUR, "b1": NOON}
    checks = tuple(check(id, next_check=at) for id, at in due.items())
    store.commit(visit(), changes(checks=checks))
    assert [known.id for known in store.due_checks("so", NOON + HOUR, 10)] == ["a2", "a1"]
    assert [known.id for known in store.due_checks("so", NOON + HOUR, 1)] == ["a2"]


def sketch(id: str, place: int, *keys: int, rule: str = "s1") -> Sketch:
    return Sketch(id, place, keys, rule)


def test_what_is_shared_is_counted_within_reach(store: Store) -> None:
    held = (sketch("a1", 100, 2, 4, 7), sketch("a2", 120, 2, 7), sketch("a3", 400, 2, 4, 7))
    store.commit(visit(), changes("a1", "a2", "a3", sketches=held))
    asked = (sketch("b1", 110, 2, 4, 7, 8), sketch("b2", 101, 2, 10))
    assert store.sharing(asked, 50, 9, 3) == {"b1": {"a1": 4, "a2": 3}, "b2": {"a1": 3, "a2": 3}}
    assert store.sharing(asked, 50, 9, 1) == {"b1": {"a1": 4, "a2": 3}, "b2": {"a1": 3, "a2": 3}}
    assert store.sharing((), 50, 9, 1) == {}


def test_an_equal_text_counts_more_than_all_else(store: Store) -> None:
    held = (sketch("a1", 100, 2, 4, 7, 9, 11), sketch("a2", 120, -5, 2), sketch("a3", 131, -5))
    store.commit(visit(), changes("a1", "a2", "a3", sketches=held))
    found = store.sharing([sketch("b1", 110, -5, 2, 4, 7, 9, 11)], 50, 9, 1)
    assert found == {"b1": {"a1": 8, "a2": WHOLE + 1, "a3": 3 * WHOLE}}


def test_only_live_articles_share(store: Store) -> None:
    store.commit(visit(), changes("a1", "a2", sketches=(sketch("a1", 2, 8), sketch("a2", 4, 8))))
    store.commit(visit(), changes(checks=(check("a1", "withdrawn"),)))
    assert store.sharing([sketch("b1", 4, 8)], 9, 9, 1) == {"b1": {"a2": 1}}


def test_a_revised_text_shares_by_its_new_sketch_alone(store: Store) -> None:
    store.commit(visit(), changes("a1", sketches=(sketch("a1", 2, 8, 10),)))
    revised = verdict(article("a1", text="Bản mới."), "revised")
    store.commit(visit(), changes(revised, sketches=(sketch("a1", 4, 12),)))
    assert store.sharing([sketch("b1", 2, 8, 10)], 9, 9, 1) == {"b1": {}}
    assert store.sharing([sketch("b1", 2, 12), sketch("a1", 4, 12)], 9, 9, 1) == {"b1": {"a1": 1}, "a1": {}}


PLACES = st.integers(-40, 40)
KEYS = st.lists(st.integers(-2, 12), max_size=6, unique=True)
SKETCHED = st.lists(st.tuples(PLACES, KEYS), max_size=10)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=SKETCHED, asked=SKETCHED, holders=st.integers(1, 5), reach=st.integers(0, 60))
def test_the_store_finds_what_the_rule_in_memory_finds(
    store: Store, held: list[Any], asked: list[Any], holders: int, reach: int
) -> None:
    far = 1000 * next(EXAMPLE)  # out of reach of the examples before
    stored = [sketch(f"a{far + number}", far + place, *keys) for number, (place, keys) in enumerate(held)]
    wanted = [sketch(f"b{far + number}", far + place, *keys) for number, (place, keys) in enumerate(asked)]
    store.commit(visit(), changes(*(one.article for one in stored), sketches=tuple(stored)))
    assert store.sharing(wanted, reach, holders, 4) == sketches.sharing(wanted, stored, reach, holders, 4)


EXAMPLE = count(1)


def test_gists_are_kept_and_come_with_their_articles(store: Store) -> None:
    store.commit(visit(), changes("a1", "a2", gists=(Gist("a1", b"\x00g1", b""),)))
    assert store.glances(["a1", "a2", "missing"]) == {"a1": b"\x00g1"}
    assert [one.gist for one in store.told(["a1", "a2"])] == [Gist("a1", b"\x00g1", b""), None]
    store.commit(visit(), changes(gists=(Gist("a1", b"g2", b"s"), Gist("a2", b"h", b""))))
    assert store.glances(["a1", "a2"]) == {"a1": b"g2", "a2": b"h"}
    assert [one.gist for one in store.told(["a1"])] == [Gist("a1", b"g2", b"s")]


def test_articles_without_a_sketch_of_the_rule_are_named_in_order(store: Store) -> None:
    keep(store, "a3", "a1", "a2")
    store.keep_sketches([sketch("a2", 2, 8), sketch("missing", 2, 8)])
    assert store.unsketched("s1", "", 9) == ("a1", "a3")
    assert store.unsketched("s1", "a1", 9) == ("a3",)
    assert store.unsketched("s2", "", 1) == ("a1",)


def test_sketches_of_another_rule_are_dropped_and_the_rule_is_remembered(store: Store) -> None:
    keep(store, "a1", "a2")
    store.keep_sketches([sketch("a1", 2, 8), sketch("a2", 4, 8, rule="s2")])
    store.forget_sketches("s1")
    assert store.unsketched("s1", "", 9) == store.unsketched("s2", "", 9) == ("a1", "a2")
    assert store.sketched_by() == ""
    store.all_sketched("s2")
    store.keep_sketches([sketch("a1", 2, 8, rule="s2")])
    store.forget_sketches("s2")
    assert (store.sketched_by(), store.unsketched("s2", "", 9)) == ("s2", ("a2",))


def test_many_articles_are_committed_and_read_at_once(store: Store) -> None:
    ids = [f"a{number:05}" for number in range(10_000)]
    keep(store, *ids)
    assert len(store.known(ids)) == 10_000
    assert store.everything().stories == tuple(ids)
    assert [story.id for story in store.stories(ids[5000:7500])] == ids[5000:7500]
    assert [told.article.id for told in store.told(ids[:5000])] == ids[:5000]


# --- one transaction -------------------------------------------------------------------------------


class Breaking(dict[str, tuple[TagMatch, ...]]):
    """Tags whose reading fails: a fault in the middle of a commit, after the articles are written."""

    def items(self) -> object:  # type: ignore[override]
        raise RuntimeError("broken in the middle")


def snapshot(store: Store) -> object:
    return (
        store.states(),
        store.visits(99),
        store.everything(),
        store.stories(store.everything().stories),
        store.known(["a1", "a2"]),
        store.dirty(),
        store.all_pages(),
    )


def test_a_fault_in_the_middle_of_a_commit_leaves_nothing_of_it(store: Store) -> None:
    keep(store, "a1")
    before = snapshot(store)
    with pytest.raises(RuntimeError, match="in the middle"):
        store.commit(
            visit(run="r9"), changes("a2", verdict(article("a1", text="khác"), "revised"), tags=Breaking(a=()))
        )
    assert snapshot(store) == before


def test_a_link_to_an_unknown_article_is_refused_with_all_that_came_with_it(store: Store) -> None:
    before = snapshot(store)
    with pytest.raises(StoreError, match="cannot write the visit to so"):
        store.commit(visit(), changes("a1", regrouping=grouped({"a1": ["a1"]}, links=(link("a1", "a9"),))))
    assert snapshot(store) == before


def test_tags_of_an_unknown_article_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot write the visit to so"):
        store.commit(visit(), changes(tags={"a9": (tag("x"),)}))


def test_a_check_of_an_unknown_article_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="a9 was checked"):
        store.commit(visit(), changes(checks=(check("a9"),)))


# --- what is pending -------------------------------------------------------------------------------


def test_a_new_story_is_pending_until_it_is_placed(store: Store) -> None:
    keep(store, "a1")
    assert pending(store) == ("a1",)
    settle(store)
    assert pending(store) == ()


def test_an_article_in_no_story_is_not_pending(store: Store) -> None:
    store.commit(visit(), changes("a1"))
    assert pending(store) == ()


def idle(store: Store) -> Changes:
    same = grouped({"a1": ["a1", "a2"]}, links=(link("a1", "a2"),))
    seen = tuple(replace(verdict(id, "unchanged"), validator=ETAG) for id in ("a1", "a2"))
    checks = (check("a1", because="không đổi", validator=ETAG, lead_digest="l9"), check("a2", misses=1))
    return changes(*seen, tags={"a1": (tag("x"),), "a2": ()}, regrouping=same, checks=checks)


def test_an_idle_visit_makes_nothing_pending(store: Store) -> None:
    regrouping = grouped({"a1": ["a1", "a2"]}, links=(link("a1", "a2"),))
    store.commit(visit(), changes("a1", "a2", tags={"a1": (tag("x"),)}, regrouping=regrouping))
    settle(store)
    before = store.pending(NOON)
    (story,) = store.stories(["a1"])
    store.commit(visit(), idle(store))
    assert store.pending(NOON) == before == Pending((), before.mark)
    assert store.stories(["a1"])[0].changed_at == story.changed_at


@pytest.mark.parametrize(
    "what",
    [
        changes(verdict(article("a1", text="khác"), "revised")),
        changes(tags={"a1": (tag("moi"),)}),
        changes(tags={"a1": ()}),
        changes(checks=(check("a1", "suspended"),)),
        changes(regrouping=grouped({}, links=(link("a1", "a2", score=0.9),))),
        changes(regrouping=grouped({}, dropped=(("a1", "a2"),))),
        changes(regrouping=grouped({"a1": ["a2", "a1"]})),
    ],
    ids=["text", "tags", "no tags", "status", "link", "dropped link", "speaker"],
)
def test_a_change_that_a_page_may_show_makes_its_story_pending_and_no_other(store: Store, what: Changes) -> None:
    regrouping = grouped({"a1": ["a1", "a2"], "a3": ["a3"]}, links=(link("a1", "a2"),))
    store.commit(visit(), changes("a1", "a2", "a3", tags={"a1": (tag("x"),)}, regrouping=regrouping))
    settle(store)
    mark = store.pending(NOON).mark
    store.commit(visit(), what)
    assert pending(store) == ("a1",)
    assert store.pending(NOON).mark > mark


def test_a_story_becomes_pending_when_its_time_has_come(store: Store) -> None:
    keep(store, "a1", "a2")
    at = store.pending(NOON)
    store.place([shelved("a1", "all", due=NOON + HOUR), shelved("a2", "all")], (), at.mark)
    assert pending(store, NOON + HOUR - MINUTE) == ()
    assert pending(store, NOON + HOUR) == ("a1",)
    store.place([shelved("a1", "all")], (), at.mark)
    assert pending(store, NOON + 9 * HOUR) == ()


def test_what_is_committed_after_pending_was_asked_stays_pending(store: Store) -> None:
    keep(store, "a1")
    asked = store.pending(NOON)
    keep(store, "a2")
    store.place([shelved("a1", "all")], (), asked.mark)
    assert pending(store) == ("a2",)


def test_the_mark_never_goes_back(store: Store) -> None:
    keep(store, "a1", "a2")
    mark = store.pending(NOON).mark
    store.place([shelved("a1", "all")], (), mark)
    store.place([shelved("a2", "all")], (), 0)
    assert pending(store) == ()


# --- stories ---------------------------------------------------------------------------------------


def test_stories_come_in_the_order_asked_with_their_links_and_speaker_first(store: Store) -> None:
    regrouping = grouped({"a1": ["a2", "a1"], "a3": ["a3"]}, links=(link("a1", "a2"), link("a2", "a3")))
    store.commit(visit(), changes("a1", "a2", "a3", regrouping=regrouping))
    third, first = store.stories(["a3", "missing", "a1", "a3"])
    assert (third.id, first.id) == ("a3", "a1")
    assert [telling.article.id for telling in first.tellings] == ["a2", "a1"]
    assert first.links == (link("a1", "a2"),)
    assert third.links == ()
    assert (first.path, first.aliases, first.first_seen, first.changed_at) == ("", (), NOON, NOON)


def tie(one: Link) -> Tie:
    return Tie(one.a, one.b, one.kind, one.score)


def test_why_a_link_joins_nothing_is_kept_and_changes_no_page(store: Store) -> None:
    regrouping = grouped({"a1": ["a1"], "a2": ["a2"]}, links=(link("a1", "a2"),))
    store.commit(visit(), changes("a1", "a2", regrouping=regrouping))
    settle(store)
    store.commit(visit(), changes(regrouping=Regrouping(bars=((("a1", "a2"), ("a1", "a2")),))))
    assert store.ties(["a1"])[0].bar == ("a1", "a2")
    assert store.pending(NOON).stories == ()
    store.commit(visit(), changes(regrouping=Regrouping(bars=((("a1", "a2"), None),))))
    assert store.ties(["a1"])[0].bar is None


def test_who_was_silent_when_a_story_was_joined_is_kept(store: Store) -> None:
    record = StoryRecord("a1", ("a2", "a1"), NOON, ("a1",))
    store.commit(visit(), changes("a1", "a2", regrouping=Regrouping(stories=(record,))))
    assert store.records(["a2"])[0].silent == ("a1",)


def test_links_and_records_are_found_from_either_end(store: Store) -> None:
    regrouping = grouped({"a1": ["a1", "a2"], "a3": ["a3"]}, links=(link("a1", "a2"), link("a2", "a3")))
    store.commit(visit(), changes("a1", "a2", "a3", regrouping=regrouping))
    assert store.ties(["a2"]) == (tie(link("a1", "a2")), tie(link("a2", "a3")))
    assert store.ties(["a3"]) == (tie(link("a2", "a3")),)
    assert store.records(["a2"]) == regrouping.stories[:1]
    assert store.records(["a3", "a1", "missing"]) == regrouping.stories


def test_a_link_is_replaced_and_dropped(store: Store) -> None:
    store.commit(visit(), changes("a1", "a2", regrouping=grouped({}, links=(link("a1", "a2"),))))
    better = link("a1", "a2", kind="duplicate", score=1.0)
    store.commit(visit(), changes(regrouping=grouped({}, links=(better,))))
    assert store.ties(["a1"]) == (tie(better),)
    store.commit(visit(), changes(regrouping=grouped({}, dropped=(("a1", "a2"),))))
    assert store.ties(["a1"]) == ()


def test_the_path_of_a_story_is_set_once(store: Store) -> None:
    keep(store, "a1")
    store.place([shelved("a1", path="tin/1.html")], (), 1)
    store.place([shelved("a1", path="tin/2.html")], (), 1)
    assert store.stories(["a1"])[0].path == "tin/1.html"


def merge(store: Store) -> None:
    keep(store, "a1", "a2")
    settle(store, shelves={"a1": ["all"], "a2": ["all", "topic/x"]})
    store.commit(visit(), changes(regrouping=grouped({"a1": ["a1", "a2"]}, merged=(("a2", "a1"),))))


def test_a_merged_story_is_pending_but_no_more_among_the_stories(store: Store) -> None:
    merge(store)
    assert pending(store) == ("a1", "a2")
    assert [story.id for story in store.stories(["a1", "a2"])] == ["a1"]
    assert store.everything().stories == ("a1", "a2")


def test_a_merged_story_leaves_its_shelves_and_its_path_stays_an_alias(store: Store) -> None:
    merge(store)
    asked = store.pending(NOON)
    store.place([shelved("a1", "all")], ["a2"], asked.mark)
    assert store.dirty() == ("all", "shelf/topic/x", "story/a1", "topic/x")
    assert store.shelf("all", 10) == ("a1",)
    assert store.shelf("topic/x", 10) == ()
    assert store.stories(["a1"])[0].aliases == ("tin/a2.html",)
    assert pending(store) == ()
    assert store.everything().stories == ("a1",)


def test_an_alias_follows_through_two_merges(store: Store) -> None:
    merge(store)
    keep(store, "a0")
    settle(store)
    store.commit(visit(), changes(regrouping=grouped({"a0": ["a0", "a1", "a2"]}, merged=(("a1", "a0"),))))
    assert store.stories(["a0"])[0].aliases == ("tin/a1.html", "tin/a2.html")


def test_two_stories_that_merge_one_into_the_other_at_once_end_at_the_last(store: Store) -> None:
    keep(store, "a1", "a2", "a3")
    settle(store)
    chain = grouped({"a1": ["a1", "a2", "a3"]}, merged=(("a3", "a2"), ("a2", "a1")))
    store.commit(visit(), changes(regrouping=chain))
    assert store.stories(["a1"])[0].aliases == ("tin/a2.html", "tin/a3.html")


def test_a_story_whose_members_all_moved_is_kept_as_an_alias_although_nobody_said_merged(store: Store) -> None:
    keep(store, "a1", "a2")
    settle(store)
    store.commit(visit(), changes(regrouping=grouped({"a1": ["a1", "a2"]})))
    assert pending(store) == ("a1", "a2")
    assert store.stories(["a1"])[0].aliases == ("tin/a2.html",)


def test_a_story_that_is_split_off_again_gets_its_path_back(store: Store) -> None:
    merge(store)
    settle(store)
    store.commit(visit(), changes(regrouping=alone("a1", "a2")))
    first, second = store.stories(["a1", "a2"])
    assert (first.aliases, second.path, second.aliases) == ((), "tin/a2.html", ())
    assert pending(store) == ("a1", "a2")


def test_a_story_that_lost_a_member_is_pending(store: Store) -> None:
    store.commit(visit(), changes("a1", "a2", "a3", regrouping=grouped({"a1": ["a1", "a2"], "a3": ["a3"]})))
    settle(store)
    store.commit(visit(), changes(regrouping=grouped({"a3": ["a3", "a2"]})))
    assert pending(store) == ("a1", "a3")
    assert [telling.article.id for telling in store.stories(["a1"])[0].tellings] == ["a1"]


# --- removals --------------------------------------------------------------------------------------


def test_a_withdrawal_is_told_with_its_time_and_reason(store: Store) -> None:
    keep(store, "a1")
    store.commit(visit(), changes(checks=(check("a1", "suspended", misses=1, because="404"),)))
    assert store.stories(["a1"])[0].speaker.withdrawn_at is None
    gone = check("a1", "withdrawn", checked_at=NOON + 2 * HOUR, because="404 hai lần")
    store.commit(visit(), changes(checks=(gone,)))
    telling = store.stories(["a1"])[0].speaker
    assert (telling.status, telling.because, telling.withdrawn_at) == ("withdrawn", "404 hai lần", NOON + HOUR)
    (removal,) = store.removals(10)
    assert (removal.article, removal.status, removal.because) == ("a1", "withdrawn", "404 hai lần")
    assert (removal.source_withdrew_at, removal.seen_at, removal.lifted_at) == (NOON, NOON + HOUR, None)


def test_the_last_sight_of_an_article_is_what_a_removal_counts_from(store: Store) -> None:
    keep(store, "a1")
    store.commit(visit(), changes(checks=(check("a1"),)))
    notice = article("a1", fetched_at=NOON + 2 * HOUR)
    down = check("a1", "withdrawn", checked_at=NOON + 2 * HOUR)
    store.commit(visit(), changes(verdict(notice, "unchanged"), checks=(down,)))
    (removal,) = store.removals(10)
    assert (removal.source_withdrew_at, removal.seen_at) == (NOON + HOUR, NOON + 2 * HOUR)


def test_an_article_that_is_back_is_live_and_its_removal_lifted(store: Store) -> None:
    keep(store, "a1")
    store.commit(visit(), changes(checks=(check("a1", "withdrawn", because="410"),)))
    settle(store)
    back = check("a1", checked_at=NOON + 2 * HOUR)
    store.commit(visit(), changes(checks=(back,)))
    telling = store.stories(["a1"])[0].speaker
    assert (telling.status, telling.because, telling.withdrawn_at) == ("live", "", None)
    assert store.removals(10)[0].lifted_at == NOON + 2 * HOUR
    assert pending(store) == ("a1",)


def test_each_output_that_showed_a_removed_article_notes_when_it_dropped_it(store: Store) -> None:
    keep(store, "a1")
    settle(store, shelves={"a1": ["all", "topic/x"]})
    store.commit(visit(), changes(checks=(check("a1", "withdrawn"),)))
    asked = store.pending(NOON)
    store.place([shelved("a1", "corrections")], (), asked.mark)
    assert store.removals(1)[0].outputs == (("all", None), ("story/a1", None), ("topic/x", None))
    store.published({}, (), ["story/a1", "all"], {})
    assert store.removals(1)[0].outputs == (("all", NOON), ("story/a1", NOON), ("topic/x", None))


def test_a_first_miss_of_a_live_article_is_counted_and_shown_to_nobody(store: Store) -> None:
    keep(store, "a1")
    settle(store)
    store.commit(visit(), changes(checks=(check("a1", misses=1, because="404 lần đầu"),)))
    assert store.known(["a1"])["a1"].misses == 1
    assert store.removals(10) == ()
    assert pending(store) == ()


# --- edits -----------------------------------------------------------------------------------------


def test_edits_are_kept_oldest_first_and_reach_the_telling(store: Store) -> None:
    keep(store, "a1", "a2")
    settle(store)
    late = store.decide(edit("a1", "show", at=NOON + HOUR))
    early = store.decide(edit("a1", "hide", id=77))
    other = store.decide(edit("a2", "pin", at=NOON + MINUTE))
    assert store.edits(["a1"]) == (early, late)
    assert store.edits(["a2", "a1"]) == (early, other, late)
    assert store.stories(["a1"])[0].speaker.edits == (early, late)
    assert pending(store) == ("a1", "a2")
    assert len({early.id, late.id, other.id}) == 3


# --- where stories stand ---------------------------------------------------------------------------


def test_a_shelf_is_newest_first_then_authority_then_id(store: Store) -> None:
    keep(store, *"abcde")
    old = NOON - HOUR
    placed = [
        shelved("a", "all", at=old, authority=9),
        shelved("b", "all", authority=1),
        shelved("d", "all", authority=5),
        shelved("c", "all", authority=5),
        shelved("e", "all", at=NOON + HOUR),
    ]
    store.place(placed, (), 1)
    assert store.shelf("all", 10) == ("e", "c", "d", "b", "a")
    assert store.shelf("all", 2, skip=1) == ("c", "d")
    assert store.shelf("none", 10) == ()


def test_placing_makes_the_former_and_the_new_shelves_dirty(store: Store) -> None:
    keep(store, "a1", "a2")
    store.place([shelved("a1", "all", "topic/x"), shelved("a2", "all")], (), 1)
    store.published({}, (), store.dirty(), {})
    store.place([shelved("a1", "all", "topic/y")], (), 1)
    assert store.dirty() == ("all", "shelf/topic/x", "shelf/topic/y", "story/a1", "topic/x", "topic/y")
    assert store.shelf("topic/x", 10) == ()
    assert store.shelf("all", 10) == ("a1", "a2")


def test_a_story_without_placements_leaves_every_shelf(store: Store) -> None:
    keep(store, "a1")
    store.place([shelved("a1", "all")], (), 1)
    store.place([shelved("a1")], (), 1)
    assert store.shelf("all", 10) == ()
    assert store.shelves("") == ()


def test_shelves_are_counted_and_named_by_their_newest_story(store: Store) -> None:
    keep(store, "a1", "a2", "a3")
    placed = [
        shelved("a1", "topic/x", "topicality", at=NOON),
        shelved("a2", "topic/x", "all", at=NOON + HOUR),
        shelved("a3", "topic/đ", at=NOON),
    ]
    renamed = replace(placed[1].placements[0], label="Tên mới")
    placed[1] = replace(placed[1], placements=(renamed, placed[1].placements[1]))
    store.place(placed, (), 1)
    assert store.shelves("topic/") == (
        Shelf("topic/x", "Tên mới", 2, NOON + HOUR),
        Shelf("topic/đ", "TOPIC/Đ", 1, NOON),
    )
    assert [shelf.key for shelf in store.shelves("")] == ["all", "topic/x", "topic/đ", "topicality"]


def line(id: str, source: str = "so", title: str = "Bài") -> Line:
    """What a list says of the article."""
    return Line(id, source, f"tin/{id}.html", title, "Nguồn", NOON, "minute", "Có ghi chú", "Tiêm chủng")


def test_a_shelf_s_lines_are_those_of_its_stories_in_its_order(store: Store) -> None:
    keep(store, "a1", "a2", "b1")
    own = line("b1", "khac", "Cách nói khác")
    placed = [
        shelved("a1", "all", "source/khac", at=NOON, lines=(line("a1"), own)),
        shelved("a2", "all", at=NOON + HOUR, lines=(line("a2"),)),
    ]
    store.place(placed, (), 1)
    assert store.lines("all", 10) == (line("a2"), line("a1"))
    assert store.lines("all", 1) == (line("a2"),)
    assert store.lines("source/khac", 10, "khac") == (own,)


def test_a_line_changes_with_its_story_and_goes_with_it(store: Store) -> None:
    keep(store, "a1", "a2", "a3")
    every = [shelved(id, "all", lines=(line(id),)) for id in ("a1", "a2", "a3")]
    store.place(every, (), 1)
    store.place([shelved("a1", "all", lines=(line("a1", title="Tên mới"),)), shelved("a2")], ("a3",), 1)
    assert [one.title for one in store.lines("all", 10)] == ["Tên mới"]
    store.place([shelved("a2", "all", lines=(line("a2"), line("a1")))], ("a1",), 1)
    assert [one.article for one in store.lines("all", 10)] == ["a2"]


def test_shelves_are_found_by_name_below_a_parent_and_beside_each_other(store: Store) -> None:
    keep(store, "a1", "a2")
    store.place([shelved("a1", "day/2", "topic/x", "topic/x/2026-10", "topics/x", at=NOON)], (), 1)
    store.place([shelved("a2", "day/1", "day/3", "topic/y", at=NOON + HOUR)], (), 1)
    assert store.named(["topic/x", "topic/none"]) == {"topic/x": Shelf("topic/x", "TOPIC/X", 1, NOON)}
    assert [shelf.key for shelf in store.below("topic")] == ["topic/x", "topic/y"]
    assert [shelf.key for shelf in store.below("topic/x")] == ["topic/x/2026-10"]
    assert [shelf.key for shelf in store.below("topic", 1)] == ["topic/y"]
    assert [shelf.key for shelf in store.below("day", 2)] == ["day/1", "day/3"]
    assert [store.beside(f"day/{n}") for n in (1, 2, 3)] == [("", "day/2"), ("day/1", "day/3"), ("day/2", "")]
    assert store.beside("day/25") == ("day/2", "day/3")


SHELVES = st.sampled_from(["all", "day/1", "day/2", "topic/x"])
MOVES = st.lists(st.tuples(st.sampled_from("abcd"), st.sets(SHELVES), st.integers(0, 3)), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_the_counts_of_shelves_are_always_those_of_their_stories(
    store: Store, moves: list[tuple[str, set[str], int]]
) -> None:
    keep(store, *"abcd")
    store.place([shelved(story) for story in "abcd"], (), 1)
    for story, on, hour in moves:
        store.place([shelved(story, *on, at=NOON + hour * HOUR)], (), 1)
    where = {story: (on, NOON + hour * HOUR) for story, on, hour in moves}
    expected = {
        key: (len(held), max(held))
        for key in ("all", "day/1", "day/2", "topic/x")
        if (held := [at for on, at in where.values() if key in on])
    }
    assert {shelf.key: (shelf.count, shelf.newest) for shelf in store.shelves("")} == expected
    assert all(len(store.shelf(key, 99)) == count for key, (count, _) in expected.items())


# --- what is published -----------------------------------------------------------------------------


def test_published_pages_work_and_notes_are_kept(store: Store) -> None:
    keep(store, "a1")
    store.place([shelved("a1", "all")], (), 1)
    store.published({"index.html": "d1", "tin/a1.html": "d2"}, (), ["all"], {"day": "2026-10-20"})
    assert store.pages(["index.html", "none.html"]) == {"index.html": "d1"}
    assert store.dirty() == ("shelf/all", "story/a1")
    assert store.memo("day") == "2026-10-20"
    store.published({"index.html": "d3"}, ["tin/a1.html", "none.html"], (), {"day": "2026-10-21"})
    assert store.all_pages() == {"index.html": "d3"}
    assert store.memo("day") == "2026-10-21"


# --- export ----------------------------------------------------------------------------------------


def test_the_export_tells_every_article_with_every_address_seen(store: Store) -> None:
    keep(store, article("a2"), article("a1", fetched_at=NOON - HOUR))
    moved = article("a2", url="https://so.example/moi.htm", fetched_at=NOON + HOUR)
    store.commit(visit(), changes(verdict(moved, "unchanged"), article("a3", fetched_at=NOON + HOUR)))
    told = [(story, telling.article.id, urls) for story, telling, urls in store.export(None)]
    assert told == [
        ("a1", "a1", ("https://so.example/a1.htm",)),
        ("a2", "a2", ("https://so.example/a2.htm", "https://so.example/moi.htm")),
        ("", "a3", ("https://so.example/a3.htm",)),
    ]


def test_the_export_since_a_time_tells_what_is_new_or_changed(store: Store, time: Time) -> None:
    keep(store, "a1")
    keep(store, "a2")
    time.now = NOON + 2 * HOUR
    store.commit(visit(), changes(verdict(article("a1", text="khác"), "revised")))
    assert [telling.article.id for _, telling, _ in store.export(NOON + HOUR)] == ["a1"]


def test_a_long_export_leaves_nothing_out_and_repeats_nothing(store: Store) -> None:
    ids = [f"a{number:04}" for number in range(1203)]
    keep(store, *ids)
    assert [telling.article.id for _, telling, _ in store.export(None)] == ids


def test_an_export_that_is_left_halfway_holds_nothing(store: Store) -> None:
    keep(store, "a1", "a2")
    export = store.export(None)
    next(export)
    export.close()  # type: ignore[attr-defined]
    keep(store, "a3")
    assert len(list(store.export(None))) == 3


def test_a_verdict_is_read_by_its_outcome(store: Store) -> None:
    """A second "new" of the same article (two machines saw it at once) is no second article and no revision."""
    keep(store, "a1")
    store.commit(visit(), changes(Verdict(article("a1"), "new", "")))
    assert len(store.stories(["a1"])[0].speaker.revisions) == 1


# --- what waits for an editor ----------------------------------------------------------------------


def held(id: str = "a1", **given: Any) -> Held:
    """A text of the article that looks like an intruder's."""
    plain = {
        "article": article(id, images=(Image("https://so.example/1.jpg", "ảnh", "TTXVN"),), modified=NOON),
        "digest": f"{id}-held",
        "score": 0.75,
        "because": ("words of cờ bạc",),
        "seen": ("nhà cái",),
        "urgent": False,
        "domains": ("so.example",),
        "at": NOON,
    }
    return Held(**{**plain, **given})


def test_a_held_text_comes_back_as_it_was_given(store: Store) -> None:
    store.commit(visit(), changes(held=(held(), held("a2", urgent=True, at=NOON + HOUR))))
    assert store.waiting(10) == (held("a2", urgent=True, at=NOON + HOUR), held())
    assert store.waiting(1) == store.waiting(10)[:1]
    assert store.held_by_source() == {held().article.source: 2}
    assert store.quarantine(["a1", "x"]) == {"a1": (held(),)}


def test_an_article_that_was_only_ever_held_is_known_and_never_told(store: Store) -> None:
    store.commit(visit(), changes(held=(held(),), checks=(check("a1", "quarantined"),)))
    known = store.known(["a1"])["a1"]
    assert (known.status, known.url, known.text_digest, known.title) == ("quarantined", article("a1").url, "", "")
    assert store.due_checks("so", NOON + 9 * HOUR, 9) == (known,)
    assert store.told(["a1"]) == store.everything().stories == ()
    assert list(store.export(None)) == []


def test_an_article_that_was_held_becomes_live_with_its_first_revision(store: Store) -> None:
    store.commit(visit(), changes(held=(held(),), checks=(check("a1", "quarantined"),)))
    clean = article("a1", text="Nội dung sạch.")
    freed = replace(held(), state="cleared")
    store.commit(visit(), changes(clean, regrouping=alone("a1"), held=(freed,), checks=(check("a1"),)))
    (story,) = store.stories(["a1"])
    assert [revision.text for revision in story.speaker.revisions] == ["Nội dung sạch."]
    assert (story.speaker.status, story.speaker.held_since) == ("live", None)
    assert store.waiting(10) == () and store.held_by_source() == {} and store.quarantine(["a1"]) == {"a1": (freed,)}
    assert store.removals(9) == ()


def test_a_story_is_pending_when_a_text_of_it_begins_to_wait_and_when_it_is_decided(store: Store) -> None:
    keep(store, "a1")
    for state in ("held", "released"):
        settle(store)
        store.commit(visit(), changes(held=(replace(held(), state=state),)))
        assert pending(store) == ("a1",)
        (story,) = store.stories(["a1"])
        assert story.speaker.held_since == (NOON if state == "held" else None)
        assert story.speaker.article == article("a1")


def test_what_is_usual_for_a_source_is_counted(store: Store) -> None:
    store.commit(visit(), changes(learned=Learned({"gov.vn": 2}, {"soi": 1, "": 1})))
    store.commit(visit(source="khac"), changes(learned=Learned({"x.vn": 9})))
    store.commit(visit(), changes(learned=Learned({"gov.vn": 1, "b.vn": 1}, {"soi": 1})))
    assert store.learned("so") == Learned({"b.vn": 1, "gov.vn": 3}, {"": 1, "soi": 2})
    assert store.learned("chua-co") == Learned()


def test_the_usual_number_of_new_articles_leaves_out_the_first_visit_and_those_without(store: Store) -> None:
    for hour, (new, requests) in enumerate([(40, 9), (0, 1), (3, 4), (2, 0), (5, 9)]):
        at = NOON + hour * HOUR
        store.commit(visit(new=new, requests=requests, started_at=at, ended_at=at), changes())
    assert store.learned("so").new == (5, 3)


def test_an_edit_is_kept_with_what_follows_from_it_or_not_at_all(store: Store) -> None:
    keep(store, "a1", "a2")
    settle(store)
    grouping = grouped({"a1": ["a1", "a2"]}, merged=(("a2", "a1"),))
    kept = store.decide(edit("a1", "merge", value="a2"), changes(regrouping=grouping))
    assert store.decided(9) == (kept,) and store.records(["a2"])[0].members == ("a1", "a2")
    with pytest.raises(StoreError):
        store.decide(edit("a1"), changes(verdict("x9", "unchanged")))
    assert store.decided(9) == (kept,)


def test_how_articles_are_watched_is_kept_and_makes_their_stories_pending(store: Store) -> None:
    keep(store, "a1", "a2")
    settle(store)
    store.watch({"a1": "cap", "a2": ""}, ["a2"], NOON)
    assert store.pending(NOON).stories == ("a1",)
    assert {id: known.watch for id, known in store.known(["a1", "a2"]).items()} == {"a1": "cap", "a2": ""}
    assert store.stories(["a1"])[0].tellings[0].watch == "cap" and store.unwatched() == {"so": {"cap": 1}}
    assert [known.id for known in store.due_checks("so", NOON, 9)] == ["a2"]
    store.commit(visit(), changes(verdict(article("a1", text="Bản mới."), "revised"), watch={"a2": "flapping"}))
    assert store.unwatched() == {"so": {"cap": 1, "flapping": 1}}  # a new text changes nothing of it


def test_a_check_that_saw_nothing_does_not_make_an_article_seen(store: Store) -> None:
    keep(store, "a1", "a2")
    store.commit(visit(), changes(checks=(check("a1", seen=False), check("a2"))))
    assert [store.known([id])[id].alive_at for id in ("a1", "a2")] == [NOON, NOON + HOUR]


def test_articles_that_their_source_begins_to_deny_are_counted(store: Store) -> None:
    keep(store, "a1", "a2")
    assert store.doubted() == {}
    store.commit(visit(), changes(checks=(check("a1", misses=1, seen=False), check("a2", "suspended", misses=3))))
    assert store.doubted() == {"so": 1}


def test_the_rechecks_of_a_day_are_counted_by_source(store: Store) -> None:
    for hours in (0, 5, 30):
        at = NOON + hours * HOUR
        store.commit(visit(started_at=at, ended_at=at, checks=7), changes())
    late = NOON + 40 * HOUR
    assert store.checked("so", NOON + HOUR, late) == 14 and store.checked("khac", NOON, late) == 0
    assert store.checked("so", NOON, NOON + 5 * HOUR) == 14  # a clock that was ahead logged the third


def test_a_check_that_a_wrong_clock_put_off_is_due(store: Store) -> None:
    keep(store, "a1", "a2")
    far = replace(check("a1"), next_check=NOON + 300 * 24 * HOUR)
    store.commit(visit(), changes(checks=(far, check("a2"))))
    assert store.due_checks("so", NOON, 9) == ()
    assert [known.id for known in store.due_checks("so", NOON, 9, NOON + 200 * HOUR)] == ["a1"]


def test_the_texts_of_a_time_come_in_their_order(store: Store) -> None:
    keep(store, "a1")
    later = article("a1", text="Bản mới.", fetched_at=NOON + HOUR)
    store.commit(visit(), changes(verdict(later, "revised")))
    assert store.texts_since(["a1"], NOON) == {"a1": (article("a1").text_digest, later.text_digest)}
    assert store.texts_since(["a1"], NOON + HOUR) == {"a1": (later.text_digest,)}


# --- notices of correction --------------------------------------------------------------------------


def named(store: Store, **pairs: str) -> None:
    """A visit that found what these notices correct."""
    told = tuple(Announced(notice, corrected) for notice, corrected in pairs.items())
    store.commit(visit(), changes(announced=told))


def test_a_notice_and_what_it_corrects_are_told_with_both_stories_and_their_paths(store: Store) -> None:
    keep(store, "a1", "a2", "a3")
    settle(store)
    named(store, a2="a1")
    assert pending(store) == ("a1", "a2")
    first, second, third = store.stories(("a1", "a2", "a3"))
    assert [(one.of, one.is_notice, one.other.article.id, one.path) for one in first.corrections] == [
        ("a1", False, "a2", "tin/a2.html")
    ]
    assert [(one.of, one.is_notice, one.other.article.id, one.path) for one in second.corrections] == [
        ("a2", True, "a1", "tin/a1.html")
    ]
    assert third.corrections == ()


def test_saying_again_what_a_notice_corrects_changes_nothing_and_taking_it_back_changes_both(store: Store) -> None:
    keep(store, "a1", "a2")
    named(store, a2="a1")
    settle(store)
    named(store, a2="a1")
    assert pending(store) == ()
    named(store, a2="")
    assert pending(store) == ("a1", "a2")
    assert [story.corrections for story in store.stories(("a1", "a2"))] == [(), ()]


def test_a_story_is_pending_with_the_one_that_it_corrects_or_that_corrects_it(store: Store) -> None:
    keep(store, "a1", "a2", "a3")
    named(store, a2="a1", a3="")
    settle(store)
    for id in ("a1", "a2"):
        store.decide(edit(id))
        assert pending(store) == ("a1", "a2")
        settle(store)
    store.decide(edit("a3"))
    assert pending(store) == ("a3",)
    settle(store)
    store.place([shelved("a2", "all", due=NOON + HOUR)], (), 0)
    settle(store)
    store.place([shelved("a2", "all", due=NOON + HOUR)], (), 0)
    assert pending(store, NOON + HOUR) == ("a1", "a2")


def test_notices_of_a_source_are_found_by_their_time(store: Store) -> None:
    old = article("a3", published=NOON - 100 * HOUR)
    keep(store, "a1", "a2", old, article("b1", source="khac"))
    named(store, a2="a1", a3="", b1="")
    assert store.notices("so", NOON - 2 * HOUR) == ("a2",)
    assert store.notices("so", NOON - 200 * HOUR) == ("a2", "a3")


def test_a_notice_in_the_story_that_it_corrects_and_one_that_was_never_published(store: Store) -> None:
    store.commit(visit(), changes("a1", "a2", regrouping=grouped({"a1": ["a1", "a2"]}), held=(held("a9"),)))
    named(store, a2="a1", a9="a1")
    (story,) = store.stories(("a1",))
    assert [(one.of, one.is_notice, one.other.article.id) for one in story.corrections] == [
        ("a1", False, "a2"), ("a2", True, "a1")
    ]  # fmt: skip


# --- letters


def letter(day: str = "2026-10-20", number: int = 0, *items: LetterItem, at: datetime = NOON) -> Letter:
    return Letter(day, number, at, items)


def delivery(recipient: str, state: DeliveryState = "waiting", day: str = "2026-10-20", **more: Any) -> Delivery:
    return Delivery(
        **{"day": day, "number": 0, "recipient": recipient, "state": state, "due": NOON, "at": NOON, **more}
    )


def test_letters_are_kept_with_their_items_and_notes_in_one_go(store: Store) -> None:
    keep(store, "a", "b")
    first = letter("2026-10-20", 0, LetterItem("b", 1, 1), LetterItem("a", 2, 1, notices=1))
    second = letter("2026-10-20", 1, LetterItem("a", 2, 3, before=1, notices=2, gone=True), at=NOON + HOUR)
    assert store.newest_letter() is None
    store.compose([first, second], {"letters": "7"})
    assert store.letters("2026-10-20") == (first, second) and store.newest_letter() == first
    assert store.memo("letters") == "7" and store.letter_days() == ("2026-10-20",)
    assert store.in_letters(["a", "c"]) == {"a"} and store.letters("2026-10-21") == ()
    assert "letter/2026-10-20" in store.dirty()


def test_a_letter_is_work_when_a_story_that_it_tells_is_placed_again(store: Store) -> None:
    keep(store, "a", "b")
    settle(store)
    store.compose([letter("2026-10-20", 0, LetterItem("a", 1, 1))], {})
    store.published({}, (), store.dirty(), {})
    store.place([shelved("b")], (), 0)
    assert "letter/2026-10-20" not in store.dirty()
    store.place([shelved("a")], (), 0)
    assert "letter/2026-10-20" in store.dirty()


def test_what_follows_a_letter_is_what_it_told_last_of_stories_that_changed_since(store: Store) -> None:
    keep(store, "a", "b")
    mark = store.pending(NOON).mark
    told = [letter("2026-10-19", 0, LetterItem("b", 1, 1)), letter("2026-10-20", 0, LetterItem("a", 1, 1))]
    later = letter("2026-10-20", 1, LetterItem("a", 1, 2, before=1))
    store.compose([*told, later], {})
    assert store.following(mark, "2026-10-01") == ()
    store.decide(edit("a"))
    assert store.following(mark, "2026-10-01") == (Following("2026-10-20", 1, later.items[0], "a"),)
    assert store.following(mark, "2026-10-21") == ()
    assert store.following(0, "2026-10-01")[0] == Following("2026-10-19", 0, told[0].items[0], "b")
    assert store.holding(["a", "x"]) == {"a": "a"}


def test_a_letter_is_addressed_once_and_its_deliveries_are_journalled(store: Store) -> None:
    one = letter()
    store.compose([one], {})
    assert store.unaddressed(NOON) == (one,) and store.unaddressed(NOON + MINUTE) == ()
    store.address(one, ["r2", "r1", "r1"], NOON)
    assert store.unaddressed(NOON) == ()
    assert store.waiting_deliveries(NOON, 9) == (delivery("r1"), delivery("r2"))
    done = delivery("r1", "sent", at=NOON + MINUTE, attempts=1)
    wait = delivery("r2", due=NOON + HOUR, attempts=1, because="451 wait")
    store.journal(done, wait)
    assert store.waiting_deliveries(NOON, 9) == () and store.waiting_deliveries(NOON + HOUR, 9) == (wait,)
    store.address(one, ["r1", "r2"], NOON + HOUR)
    assert store.deliveries("2026-10-20", 0) == (done, wait)
    assert store.in_state("sent", "refused") == (done,)


def test_older_letters_are_sent_first_and_no_more_than_asked_for(store: Store) -> None:
    store.journal(delivery("r1"), delivery("r2", day="2026-10-19"), delivery("r3", number=1), delivery("r0", number=1))
    found = [(one.day, one.number, one.recipient) for one in store.waiting_deliveries(NOON, 3)]
    assert found == [("2026-10-19", 0, "r2"), ("2026-10-20", 0, "r1"), ("2026-10-20", 1, "r0")]


# --- emergency notices -----------------------------------------------------------------------------


def test_what_people_signed_about_notices_comes_back_by_notice_and_number(store: Store) -> None:
    first = Act("b" * 12, 1, "draft", NOON, "Trực A", "k1", '{"ký": "ệ"}\n')
    acts = [
        first,
        replace(first, number=2, kind="approve", at=NOON + HOUR, who="Trực B"),
        replace(first, alert="a" * 12),
    ]
    assert store.acts() == ()
    for act in acts:
        store.keep_act(act)
    assert store.acts() == (acts[2], acts[0], acts[1])


def test_an_act_is_never_overwritten(store: Store) -> None:
    first = Act("b" * 12, 1, "draft", NOON, "Trực A", "k1", "x")
    store.keep_act(first)
    with pytest.raises(StoreError, match="an emergency notice"):
        store.keep_act(replace(first, line="y"))
    assert store.acts() == (first,)
