from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Edit, Known, Link, StoryRecord, Tie, Told, Validator
from aggregator.refine import joining, relations, sketches, stories
from aggregator.refine.compared import Compared
from aggregator.refine.duplicates import compare
from aggregator.refine.relations import Field
from tests.make_told import MORNING, RECALL, RECALL_RETOLD, bulletin, edit, told

AUTHORITIES = {"least": 1, "moh": 90, "hanoi": 80, "skds": 60}


class Kept:
    """What a store would keep between calls of regroup, in memory."""

    def __init__(self, edits: tuple[Edit, ...] = ()) -> None:
        self.told: dict[str, Told] = {}
        self.links: dict[tuple[str, str], Link] = {}
        self.records: dict[str, StoryRecord] = {}
        self.aliases: dict[str, str] = {}
        self.edits = edits
        self.gone: set[str] = set()

    def admit(self, *changed: Told) -> stories.Regrouping:
        ids = {one.article.id for one in changed}
        near = [one for id, one in self.told.items() if id not in ids | self.gone]
        links, records = tuple(self.links.values()), tuple(self.records.values())
        candidates = self.candidates(changed, near)
        sides = [list(map(Compared, some)) for some in (changed, near)]
        fresh = stories.linked(*sides, candidates, links)
        done = self.regrouped(*sides, fresh, links, records)
        self.told.update({one.article.id: one for one in changed})
        for pair in done.dropped:
            del self.links[pair]
        self.links.update({(link.a, link.b): link for link in done.links})
        self.links.update({ends: replace(self.links[ends], bar=bar) for ends, bar in done.bars})
        for former, _ in done.merged:
            del self.records[former]
        self.aliases.update(done.merged)
        self.records.update({record.id: record for record in done.stories})
        return done

    def regrouped(self, changed, near, fresh, links, records) -> stories.Regrouping:
        done = stories.regroup(changed, near, fresh, links, records, AUTHORITIES, self.edits, self.gone)
        assert not done.beyond
        return done.regrouping

    def candidates(self, changed: Sequence[Told], near: Sequence[Told]) -> stories.Candidates:
        everything = [sketches.sketch(one.article) for one in (*changed, *near)]
        found = sketches.sharing(
            everything[: len(changed)], everything, sketches.REACH, sketches.HOLDERS, sketches.LEAST
        )
        return sketches.best(found)

    def anew(self) -> set[frozenset[str]]:
        """The stories as they come out when nothing is known of any story before."""
        field = Field((Compared(one) for id, one in self.told.items() if id not in self.gone), self.edits)
        links = [replace(one, bar=None) for one in self.links.values() if field.held.keys() >= {one.a, one.b}]
        return set(map(frozenset, joining.grouped(set(field.held), links, {}, field).groups))

    def groups(self) -> set[frozenset[str]]:
        return {frozenset(record.members) for record in self.records.values()}


class KeptWhole(Kept):
    """The same, but for candidates: everything is compared with everything."""

    def candidates(self, changed: Sequence[Told], near: Sequence[Told]) -> stories.Candidates:
        return {one.article.id: [other.article.id for other in (*changed, *near)] for one in changed}


class KeptAside(Kept):
    """The same, but of what is near no more is at hand than is known of every article; the rest is asked for."""

    def __init__(self, edits: tuple[Edit, ...] = ()) -> None:
        super().__init__(edits)
        self.asked: set[str] = set()

    def regrouped(self, changed, near, fresh, links, records) -> stories.Regrouping:
        others = {one.id: known(self.told[one.id]) for one in near}
        ties = [Tie(link.a, link.b, link.kind, link.score, link.bar) for link in links]
        done = stories.regroup(
            changed, (), fresh, ties, records, AUTHORITIES, self.edits, self.gone, others=others, bring=self.bring
        )
        assert not done.beyond
        return done.regrouping

    def bring(self, ids: Collection[str]) -> list[Compared]:
        self.asked.update(ids)
        return [Compared(self.told[id]) for id in ids]


def known(one: Told) -> Known:
    article = one.article
    digest, at = article.text_digest, article.published
    return Known(article.id, article.source, "", "", "", digest, "", Validator(), "live", at, one.first_seen, at, None)


def kept(*arrivals: Told, edits: tuple[Edit, ...] = ()) -> Kept:
    store = Kept(edits)
    for one in arrivals:
        store.admit(one)
    return store


def retold(id: str, **fields) -> Told:
    return told(id, RECALL_RETOLD, title="Kháng sinh Cefalvin bị thu hồi", **{"source": "skds", "hours": 2, **fields})


def test_an_article_alone_is_a_story_under_its_own_id():
    assert kept(told("a")).records == {"a": StoryRecord("a", ("a",), MORNING)}


def test_a_second_telling_joins_the_story_and_the_address_stays():
    store = kept(told("b"), retold("a"))
    assert store.records == {"b": StoryRecord("b", ("b", "a"), MORNING)}


def test_the_highest_authority_speaks_then_the_newest_then_the_lower_id():
    store = kept(
        told("d", source="skds"),
        told("c", source="hanoi"),
        told("a", source="unknown", hours=5),
        told("b", source="moh", hours=1),
        told("e", source="skds2", hours=6),
    )
    (record,) = store.records.values()
    assert record.members == ("b", "c", "d", "e", "a")
    assert record.id == "d"


def test_two_stories_that_join_keep_the_id_seen_first():
    """Two tellings with nothing in common until a third one brings them together."""
    first, second = RECALL.split("\n")[:2], RECALL.split("\n")[2:]
    store = kept(
        told("x", "\n".join(first), source="hanoi", title="Thuốc không đạt"),
        told("y", "\n".join(second), source="skds", title="Ai đang uống thuốc?", hours=1),
    )
    assert len(store.records) == 2
    done = store.admit(told("m", hours=2))
    assert done.merged == (("y", "x"),)
    assert store.records == {"x": StoryRecord("x", ("m", "x", "y"), MORNING)}


def test_a_revision_that_tells_something_else_leaves_the_story():
    store = kept(told("a"), retold("b"))
    done = store.admit(told("b", "Trạm y tế phường Láng khám bệnh miễn phí.", source="skds", title="Khám miễn phí"))
    assert done.dropped == (("a", "b"),)
    assert store.groups() == {frozenset("a"), frozenset("b")}
    assert set(store.records) == {"a", "b"}


def test_when_a_story_splits_the_part_with_its_first_article_keeps_the_id():
    store = kept(told("a", source="skds"), told("b", hours=1), told("c", source="hanoi", hours=2))
    assert set(store.records) == {"a"}
    store.admit(bulletin("a", 19, 48, source="skds"))
    assert store.records["a"].members == ("a",)
    assert store.records["b"].members == ("b", "c")


def test_bulletins_of_two_days_stay_two_stories_whatever_lies_between():
    """A text without its day could belong to either: it must not bring the two together."""
    blank = bulletin("m", 18, 48, source="hanoi")
    text = blank.article.text.replace("ngày 18/10/2026", "hôm qua")
    between = told("m", text, source="hanoi", hours=-10, title="Hà Nội có thêm ca sốt xuất huyết")
    store = kept(bulletin("a", 18, 48), bulletin("b", 19, 48, source="skds"), between)
    assert not any({"a", "b"} <= group for group in store.groups())


def test_a_chain_breaks_at_its_weaker_link():
    lot_one, lot_two = told("a"), told("c", RECALL.replace("0326B", "0326D"), source="hanoi")
    silent = told("b", RECALL.replace(", số lô 0326B", ""), source="skds", hours=1)
    assert compare(lot_one, silent)
    assert compare(silent, lot_two)
    store = kept(silent, lot_two, lot_one)
    assert store.groups() == {frozenset("ab"), frozenset("c")}


def test_what_a_person_split_stays_split():
    store = kept(told("a"), told("b", source="skds"), edits=(edit("split", "a", "b"),))
    assert store.groups() == {frozenset("a"), frozenset("b")}


def test_what_a_person_merged_stays_merged_against_every_rule():
    edits = (edit("merge", "a", "b"),)
    store = kept(bulletin("a", 18, 48), bulletin("b", 19, 52, source="skds"), edits=edits)
    assert store.groups() == {frozenset("ab")}


def test_the_newest_word_of_a_person_counts():
    edits = (edit("merge", "a", "b", 1), edit("split", "b", "a", number=2))
    assert kept(told("a"), told("b", source="skds"), edits=edits).groups() == {frozenset("a"), frozenset("b")}


def test_edits_of_another_kind_name_no_pair():
    assert relations.pair(edit("hide", "a", "b")) is None
    assert relations.pair(edit("merge", "a")) is None
    assert relations.pair(edit("split", "a", "a")) is None
    assert relations.pair(edit("merge", "b", "a")) == ("a", "b")


def test_a_withdrawn_article_joins_nothing_and_stays_last_in_its_story():
    store = kept(told("a"), retold("b"))
    store.gone.add("a")
    store.admit(told("c", source="hanoi", hours=3))
    assert store.records["a"].members == ("c", "b", "a")


def lots() -> tuple[Told, Told, Told]:
    """Two that contradict each other, and between them one that says nothing of it."""
    silent = told("b", RECALL.replace(", số lô 0326B", ""), source="skds", hours=1)
    return told("a"), silent, told("c", RECALL.replace("0326B", "0326D"), source="hanoi")


def test_what_was_withdrawn_is_held_against_all_that_came_meanwhile_when_it_is_back():
    one, silent, other = lots()
    store = kept(silent, one)
    store.gone.add("a")
    store.admit(other)
    assert store.records["b"].members == ("c", "b", "a")
    assert store.records["b"].silent == ("a",)
    store.gone.clear()
    store.admit(told("d", silent.article.text, source="skds2", hours=2))
    assert not any({"a", "c"} <= group for group in store.groups())
    assert store.groups() == store.anew()


def test_a_link_that_joins_nothing_names_the_two_that_stand_between():
    one, silent, other = lots()
    assert kept(silent, other, one).links["b", "c"].bar == ("a", "c")


def test_a_story_behind_a_bar_is_not_looked_at_and_one_without_is():
    one, silent, other = lots()
    store = kept(silent, other, one)
    more = told("d", source="skds2", hours=2)
    near, changed = list(map(Compared, (one, silent))), (Compared(more),)
    fresh = stories.linked(changed, near, {"d": ["a", "b"]}, ())
    records = [record for record in store.records.values() if "c" not in record.members]

    def beyond(link: Link) -> frozenset[str]:
        links = (store.links["a", "b"], link)
        return stories.regroup(changed, near, fresh, links, records, AUTHORITIES, ()).beyond

    assert beyond(store.links["b", "c"]) == frozenset()
    assert beyond(replace(store.links["b", "c"], bar=None)) == {"c"}


def test_a_bar_that_was_withdrawn_bars_nothing():
    one, silent, other = lots()
    store = kept(silent, other, one)
    store.gone.add("a")
    store.admit(told("d", silent.article.text, source="skds2", hours=2))
    assert any({"b", "c", "d"} <= group for group in store.groups())


def test_the_same_call_twice_changes_nothing():
    store = kept(told("a"), retold("b"), bulletin("d", 19, 4))
    before = dict(store.records), dict(store.links)
    done = store.admit(retold("b"))
    assert (store.records, store.links) == before
    assert (done.dropped, done.merged) == ((), ())


def test_a_story_that_nothing_touches_is_not_told_again():
    store = kept(told("a"), retold("b"))
    done = store.admit(bulletin("d", 19, 4))
    assert [record.id for record in done.stories] == ["d"]


POOL = (
    told("a"),
    retold("b"),
    told("c", RECALL.replace("2 viên", "4 viên"), source="hanoi", hours=3),
    told("d", RECALL.replace("0326B", "0326D"), source="skds2", hours=1),
    told("e", RECALL.replace(", số lô 0326B", ""), source="hanoi", hours=2),
    told("f", "\n".join(RECALL.split("\n")[2:]), source="skds", title="Ai đang uống thuốc?", hours=4),
    told("g", "Trước đó, thuốc đã bị thu hồi.\n" + RECALL, source="skds", title="Thêm thuốc bị thu hồi", hours=20),
    bulletin("p", 18, 48),
    bulletin("q", 18, 48, source="skds"),
    bulletin("r", 19, 52, source="hanoi"),
    bulletin("s", 19, 52),
    told("t", bulletin("x", 19, 52).article.text.replace("ngày 19/10/2026", ""), title="Thêm ca mắc", source="skds"),
)
EDITS = (edit("merge", "d+e"), edit("split", "a+e"), edit("merge", "a+p", number=3))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(POOL), unique_by=lambda one: one.article.id, max_size=8).flatmap(
        lambda some: st.tuples(st.permutations(some), st.permutations(some))
    ),
    st.sets(st.sampled_from(EDITS)),
    st.integers(1, 4),
)
def test_membership_does_not_depend_on_the_order_of_arrival(orders, edits, batch):
    given_edits = tuple(sorted(edits, key=lambda one: one.id))
    one_by_one = kept(*orders[0], edits=given_edits)
    in_batches = Kept(given_edits)
    for start in range(0, len(orders[1]), batch):
        in_batches.admit(*orders[1][start : start + batch])
    assert one_by_one.groups() == in_batches.groups() == one_by_one.anew()
    assert one_by_one.links == in_batches.links


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(POOL), unique_by=lambda one: one.article.id, max_size=9),
    st.sets(st.sampled_from(EDITS)),
    st.integers(1, 4),
)
def test_candidates_give_the_links_and_stories_that_comparing_everything_gives(some, edits, batch):
    given_edits = tuple(sorted(edits, key=lambda one: one.id))
    found, whole = Kept(given_edits), KeptWhole(given_edits)
    for store in (found, whole):
        for start in range(0, len(some), batch):
            store.admit(*some[start : start + batch])
    assert found.links == whole.links
    assert found.records == whole.records


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(POOL), unique_by=lambda one: one.article.id, max_size=9),
    st.sets(st.sampled_from(EDITS)),
    st.integers(1, 4),
)
def test_stories_are_the_same_whether_articles_are_at_hand_or_asked_for(some, edits, batch):
    given_edits = tuple(sorted(edits, key=lambda one: one.id))
    at_hand, aside = Kept(given_edits), KeptAside(given_edits)
    for store in (at_hand, aside):
        for start in range(0, len(some), batch):
            store.admit(*some[start : start + batch])
    assert (aside.records, aside.links, aside.aliases) == (at_hand.records, at_hand.links, at_hand.aliases)


def test_what_no_link_leads_to_is_not_asked_for():
    store = KeptAside()
    for one in (told("a"), retold("b"), bulletin("p", 18, 48), bulletin("q", 18, 48, source="skds")):
        store.admit(one)
    store.asked.clear()
    store.admit(bulletin("s", 18, 48, source="hanoi"))
    assert store.groups() == {frozenset("ab"), frozenset("pqs")}
    assert store.asked == {"p", "q"}


def full() -> Kept:
    """Two stories of two texts each that would be one, were three texts not too many."""
    more, retold_more = RECALL + "\nMời xem thêm về thuốc.", RECALL_RETOLD + "\nBộ Y tế theo dõi tiếp."
    title = "Kháng sinh Cefalvin bị thu hồi"
    other = told("d", retold_more, title=title, source="skds2", hours=3)
    return kept(told("a"), told("b", more, source="skds", hours=1), retold("c", source="hanoi"), other)


def test_a_link_between_stories_that_are_too_large_together_is_its_own_bar(monkeypatch):
    monkeypatch.setattr(joining, "LARGEST", 2)
    store = full()
    assert store.groups() == {frozenset("ab"), frozenset("cd")} == store.anew()
    assert {link.bar for link in store.links.values()} == {None, *((a, b) for a in "ab" for b in "cd")}


def test_copies_of_one_text_do_not_make_a_story_too_large(monkeypatch):
    monkeypatch.setattr(joining, "LARGEST", 2)
    copies = [told(id, source=f"s{id}", hours=hours) for hours, id in enumerate("abcde")]
    other = told("o", RECALL + "\nMời xem thêm về thuốc.", source="skds", hours=1)
    third = told("t", RECALL + "\nBộ Y tế theo dõi tiếp.", source="hanoi", hours=2)
    store = kept(*copies[:3], other, *copies[3:], third)
    assert store.groups() == {frozenset("abcdeo"), frozenset("t")} == store.anew()


def test_a_story_that_is_too_large_for_another_is_left_alone_until_the_other_loses_a_member(monkeypatch):
    monkeypatch.setattr(joining, "LARGEST", 2)
    store = full()
    records = [record for record in store.records.values() if "c" not in record.members]
    links = [link for link in store.links.values() if {link.a, link.b} & {*"ab"}]

    def beyond(*changed: Told, among=links) -> frozenset[str]:
        ids = {one.article.id for one in changed}
        near = [Compared(store.told[id]) for id in "ab" if id not in ids]
        some = list(map(Compared, changed))
        fresh = stories.linked(some, near, {id: ["a", "b"] for id in ids}, ())
        return stories.regroup(some, near, fresh, among, records, AUTHORITIES, ()).beyond

    copy = told("e", source="skds3", hours=5)
    assert beyond(copy) == frozenset()
    assert beyond(copy, among=[replace(link, bar=None) for link in links]) == {*"cd"}
    assert beyond(told("b", "Phường mở thêm điểm tiêm cúm.", source="skds", hours=1)) == {*"cd"}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(POOL), unique_by=lambda one: one.article.id, max_size=10))
def test_every_article_is_in_one_story_that_no_contradiction_crosses(some):
    store = kept(*some)
    members = [id for record in store.records.values() for id in record.members]
    assert sorted(members) == sorted(one.article.id for one in some)
    assert all(record.id in record.members for record in store.records.values())
    by_id = {one.article.id: one for one in some}
    for record in store.records.values():
        days = {by_id[id].article.title.partition(":")[0] for id in record.members if id in "pqrs"}
        assert len(days) <= 1


def test_dedupe_keeps_ids_and_order_and_names_the_original():
    told_ones = (retold("z"), told("c", source="hanoi", hours=1), told("a", hours=2), bulletin("m", 19, 4))
    first, second, third, fourth = stories.dedupe(told_ones, AUTHORITIES)
    assert [one.id for one in (first, second, third, fourth)] == ["z", "c", "a", "m"]
    assert (second.article, second.duplicate_of) == ("c", None)
    assert (third.article, third.duplicate_of) == ("c", "c")
    assert first.story == second.story == third.story
    assert (first.article, first.duplicate_of) == ("z", None)
    assert (fourth.story, fourth.article, fourth.score) == ("m", "m", 0.0)
    assert "câu trùng nhau" in third.because


def test_the_original_is_the_earliest_by_publication_whoever_tells_it_and_whenever_it_was_seen():
    some = (
        told("a", source="moh", hours=2, seen=0),
        told("b", source="unknown", hours=1, seen=9),
        told("c", source="hanoi", hours=3, seen=1),
    )
    for order in permutations(some):
        assert {one.article for one in stories.dedupe(order, AUTHORITIES)} == {"b"}


def test_of_two_published_at_once_the_lower_id_is_the_original():
    some = (told("b", source="moh", seen=0), told("a", source="unknown", seen=5), told("c", source="hanoi", hours=1))
    for order in permutations(some):
        decisions = {one.id: one for one in stories.dedupe(order, AUTHORITIES)}
        assert {one.article for one in decisions.values()} == {"a"}
        assert decisions["a"].duplicate_of is None
        assert decisions["b"].duplicate_of == decisions["c"].duplicate_of == "a"


def test_an_unknown_source_speaks_after_every_known_one():
    known = [told(f"k{n}", source=source, hours=n) for n, source in enumerate(("least", "moh"))]
    newest = told("a", source="unknown", hours=9)
    for order in permutations([*known, newest]):
        store = Kept()
        for one in order:
            store.admit(one)
        (record,) = store.records.values()
        assert record.members == ("k1", "k0", "a")


def test_dedupe_never_calls_two_readings_of_a_fact_one_text():
    """Between two texts that disagree stands one that says nothing of it: it may repeat only one of them."""
    whole, other = told("a"), told("b", RECALL.replace("2 viên", "4 viên"), source="hanoi")
    short = told("c", RECALL.partition("\nNgười lớn")[0], source="skds")
    by_id = {one.id: one for one in stories.dedupe((whole, other, short), AUTHORITIES)}
    assert by_id["a"].article != by_id["b"].article
    assert len({one.story for one in by_id.values()}) == 1


def test_two_texts_with_facts_of_their_own_are_not_one_text_through_an_excerpt_of_both():
    excerpt = RECALL[: RECALL.index("Người lớn")]
    other = f"{excerpt}Thắc mắc xin điện về 024 3733 2299.\nĐược biết kho lẻ ở nhiều nơi còn tồn khá lớn."
    some = [told("a"), told("b", excerpt, source="b", hours=1), told("c", other, source="c", hours=2)]
    assert [compare(some[i], some[j]).kind for i, j in ((0, 1), (1, 2))] == ["duplicate", "duplicate"]
    originals = {one.id: one.article for one in stories.dedupe(some, AUTHORITIES)}
    assert originals["a"] != originals["c"]


def test_dedupe_of_nothing_is_nothing():
    assert stories.dedupe((), {}) == ()
