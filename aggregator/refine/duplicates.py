"""Whether two articles are one text, or tell one story. Symmetric, pure, and the same whatever else is stored.

READ FIRST `relate`: a cheap look, then what contradicts, then the sentences, then the words. A differing fact in
two aligned sentences is never merged away: such a pair is at most one story, with the disagreement in its reason.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal

from aggregator.model import Gist, Link, Told
from aggregator.refine import contradictions, gists, likeness, unshared
from aggregator.refine.alignment import Alignment, align
from aggregator.refine.contradictions import LOCAL, WINDOW, About
from aggregator.refine.differences import Difference, agree
from aggregator.refine.disagreement import told_differently
from aggregator.refine.facts import Sentence, sentences, shown
from aggregator.text import tones

KEPT = 100  # articles worked out for comparing that are remembered: some hundred kB each
RULE = "duplicates-5"

# Measured in tests/evals: duplicates (138 pairs) and the open half of pairs (1,402); raise the version with a change.
LOOK = 0.18  # cosine of weighted terms below which, unless half of the smaller's are shared, nothing is compared
SMALLER = 0.5
EDITED = 0.7  # share of a sentence's words that stand in its partners, from which it is all there
SAME_TEXT = 0.6  # share of the shorter text that stands in the other, for a near-duplicate
RELATED = 0.26  # cosine of weighted terms for one story in other words; other events of one topic reach .23
# What shared figures add to it, by their weight, and up to which: with two shared, tellings go down to a cosine of .19;
# other events above .2 of which nothing else speaks against one story share none.
FIGURE_SUPPORT, ENOUGH_FIGURES = 0.035, 3.0
# What a word of a shared proper name adds, and up to how many: .06 at most, for tellings in other words.
NAME_SUPPORT, ENOUGH_NAMES = 0.015, 4
RELATED_DAYS = timedelta(days=3)  # one story is told on near days
TEMPLATE = 0.4  # share of the shorter text from which a name that differs on top makes two fillings of one template
ADVICE = 0.3  # share of the shorter text that, when no opening is in it, is common advice and tells no story
ENOUGH = 20  # tokens of lead and text below which an article is only its title
RETITLED = 0.8  # share of tokens in order from which two headlines are one: a single changed figure leaves .85 and more
NEWS = 2.0  # weight of the facts in the shared sentences from which they are news and no advice
FURNITURE = 12  # tokens: a shorter sentence that opens with one of these words is no part of the text
FURNITURE_WORDS = frozenset(("nguồn", "theo", "ảnh", "mời", "xem", "chia", "tin", "bài"))
NOT_FIGURE = re.compile(r"[^\d.]+.*")  # the measure behind a figure
CORRECTS = ("đính chính", "bản đính chính", "cải chính")


class Compared:
    """An article as comparing sees it, worked out when first asked for; keep one an article while comparing."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.id = told.article.id
        self.published = told.article.published
        self.printed = (told.article.title, told.article.lead, told.article.text)

    @cached_property
    def glance(self) -> gists.Glance:
        """Enough to see that two share nothing."""
        kept = self.told.gist and gists.unpacked(self.told.gist.glance)
        return gists.Glance(*map(frozenset, kept)) if kept else gists.glance(self.told.article)

    @property
    def gist(self) -> Gist:
        """What is worth keeping of what was worked out so far."""
        kept = self.told.gist
        if kept and (gists.is_whole(kept) or not (self._is_read or gists.unpacked(kept.glance) is None)):
            return kept
        return Gist(self.id, gists.packed(self.glance), gists.written(self.sentences) if self._is_read else b"")

    @property
    def _is_read(self) -> bool:
        return "sentences" in self.__dict__

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Title, lead and text. A sentence that stands twice (a lead repeated in the text) is kept once."""
        kept = gists.read(self.told.gist.sentences) if self.told.gist else None
        return self._sentences() if kept is None else kept

    def _sentences(self) -> tuple[Sentence, ...]:
        day = self.published.astimezone(LOCAL).date()
        fields = list(zip(("title", "lead", "text"), self.printed, strict=True))
        found = {one.tokens: one for name, text in reversed(fields) for one in reversed(_read(name, text, day))}
        return tuple(one for one in reversed(found.values()) if not _is_furniture(one))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Those of its sentences in one row: where one ends is a guess ("cúm B. Nhà trường"), and no difference."""
        return tuple(chain.from_iterable(one.tokens for one in self.sentences))

    @cached_property
    def about(self) -> About:
        """What it is about."""
        return contradictions.about(self.told, self.sentences)

    @cached_property
    def terms(self) -> dict[str, float]:
        """Its weighted terms."""
        return likeness.terms(self.sentences)

    @cached_property
    def telling(self) -> frozenset[str]:
        """Its facts that help to tell one event from another."""
        return frozenset().union(*map(likeness.telling, self.sentences))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of its proper names, the usual ones left out."""
        return frozenset().union(*map(likeness.names, self.sentences))

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """Tokens of each sentence of the body; 0 for the title's."""
        return tuple(0 if one.field == "title" else len(one.tokens) for one in self.sentences)


@lru_cache(maxsize=KEPT)
def compared(told: Told) -> Compared:
    """The article for comparing, the same one again while it is remembered: neighbours come again with each visit."""
    return Compared(told)


@dataclass(frozen=True, slots=True)
class Relation:
    """What two articles are to each other. `apart` says why they can never share a story, "" when they can.

    `differing` are facts of aligned sentences that they tell differently: such two are never one article.
    """

    link: Link | None = None
    apart: str = ""
    differing: tuple[Difference, ...] = ()


NOTHING = Relation()
FAR = Relation(apart=contradictions.TOO_FAR)


def compare(a: Told, b: Told) -> Link | None:
    """The link between two articles, None when they are neither one text nor one story."""
    return relate(Compared(a), Compared(b)).link


def relate(one: Compared, other: Compared) -> Relation:
    """The whole relation, whichever of the two comes first."""
    a, b = (one, other) if one.id < other.id else (other, one)
    if abs(a.published - b.published) > WINDOW:
        return FAR
    if a.id == b.id or not gists.worth_a_look(a.glance, b.glance):
        return NOTHING
    apart = contradictions.contradiction(a.about, b.about)
    if not apart and _same_words(a, b):
        return _equal(a, b)
    if apart and _naming_fact_corrected(a, b):
        return _linked(a, b, "duplicate", 1.0, CORRECTED)
    if apart or not _look(a, b):
        return Relation(apart=apart)
    if a.told.article.source == b.told.article.source:
        return _within_source(a, b)
    return _across(a, b)


def _same_words(a: Compared, b: Compared) -> bool:
    """Whether the two are equal token for token, and long enough to be a text."""
    printed = a.printed == b.printed and a.about.local_day == b.about.local_day
    return sum(a.weights) >= ENOUGH and (printed or a.tokens == b.tokens)


def _look(a: Compared, b: Compared) -> bool:
    return likeness.cosine(a.terms, b.terms) >= LOOK or likeness.overlap(a.terms, b.terms) >= SMALLER


def _within_source(a: Compared, b: Compared) -> Relation:
    """One source gave two ids: one article only when the texts are equal, or one says that it corrects the other."""
    if a.tokens == b.tokens:
        return _equal(a, b)
    alignment = align(a.sentences, b.sentences)
    if _share(a, b, alignment) >= SAME_TEXT and (_corrects(a) or _corrects(b)):
        return _linked(a, b, "duplicate", 1.0, CORRECTED)
    kinds = tuple(sorted({found for _, _, found in alignment.differences()}))
    return Relation(apart=_aligned_apart(a, b, alignment), differing=kinds)


def _naming_fact_corrected(a: Compared, b: Compared) -> bool:
    """Whether one source corrects a fact that names the event: its document, lot, day or place, and nothing else.

    Such a correction looks like a sister release; only one that says what it is, under the same title, is none.
    """
    if a.told.article.source != b.told.article.source or not (_corrects(a) or _corrects(b)):
        return False
    alignment = align(a.sentences, b.sentences)
    titled = 0 in alignment.in_a and 0 in alignment.in_b
    kinds = {"place" if found.kind == "name" else found.kind for _, _, found in alignment.differences()}
    return titled and kinds in NAMING and _share(a, b, alignment) >= SAME_TEXT


def _equal(a: Compared, b: Compared) -> Relation:
    if a.told.article.source == b.told.article.source:
        return _linked(a, b, "duplicate", 1.0, "cùng nguồn, hai địa chỉ, nội dung giống hệt nhau")
    whole = len(a.sentences)
    return _linked(a, b, "duplicate", 1.0, f"{whole}/{whole} câu trùng nhau; {SAME_FACTS}")


def _corrects(one: Compared) -> bool:
    article = one.told.article
    return any(tones(text).lstrip(" [(").startswith(CORRECTS) for text in (article.title, article.lead))


def _across(a: Compared, b: Compared) -> Relation:
    alignment = align(a.sentences, b.sentences)
    kinds = tuple(sorted({found for i, j, found in alignment.differences() if not _is_retitled(a, b, i, j, found)}))
    apart = _aligned_apart(a, b, alignment) or _follow_up(a, b, alignment)
    if apart:
        return Relation(apart=apart, differing=kinds)
    share = _share(a, b, alignment)
    same = share >= SAME_TEXT and _opening_kept(a, b, alignment)
    if same and kinds:
        return _story(a, b, alignment, 0.9 * share, _why_differing(a, b, alignment, kinds), kinds)
    apiece = kinds or _unshared(a, b, alignment)
    if same and apiece:
        story = _story(a, b, alignment, 0.9 * share, _why_unshared(a, b, alignment, apiece), ())
        return replace(story, differing=apiece)
    if same:
        return _linked(a, b, "duplicate", share, _why_same(a, b, alignment))
    return replace(_related(a, b, alignment, kinds), differing=apiece)


def _unshared(a: Compared, b: Compared, alignment: Alignment) -> tuple[Difference, ...]:
    """Facts of one kind that either tells and the other nowhere, in whatever words: they may be one fact retold."""
    found = unshared.facts(a.sentences, b.sentences)
    left_a = [one for i, one in enumerate(a.sentences) if i not in alignment.in_a and one.field != "title"]
    left_b = [one for j, one in enumerate(b.sentences) if j not in alignment.in_b and one.field != "title"]
    return found or unshared.facts(left_a, left_b, ARTICLE) or unshared.names(a.about.places, b.about.places)


def _is_retitled(a: Compared, b: Compared, i: int, j: int, found: Difference) -> bool:
    """Whether two headlines in other words only chose other facts, both of which both bodies tell.

    A headline in the same words that says another figure is a correction, whatever the bodies say.
    """
    one, other = a.sentences[i], b.sentences[j]
    if one.field != "title" or other.field != "title" or "#" not in (found.left[0], found.right[0]):
        return False
    if SequenceMatcher(None, one.tokens, other.tokens, autojunk=False).ratio() >= RETITLED:
        return False
    return all(
        any(agree(token, said) for line in side.sentences if line.field != "title" for said in line.tokens)
        for side in (a, b)
        for token in (found.left, found.right)
    )


def _read(field: str, text: str, day: date) -> tuple[Sentence, ...]:
    return sentences(field, text, day)  # type: ignore[arg-type]


def _is_furniture(one: Sentence) -> bool:
    return one.field == "text" and len(one.tokens) < FURNITURE and one.tokens[0] in FURNITURE_WORDS


def _share(a: Compared, b: Compared, alignment: Alignment) -> float:
    """How much of the shorter body stands in the other, 0..1; 0 when one of them is only a title."""
    sizes = sum(a.weights), sum(b.weights)
    if min(sizes) < ENOUGH:
        return 0.0
    kept_a, kept_b = _kept(a, b, alignment.equal_a, alignment.pairs), _kept(b, a, alignment.equal_b, _turned(alignment))
    share_a, share_b = kept_a / sizes[0], kept_b / sizes[1]
    return share_a if sizes[0] < sizes[1] else share_b if sizes[1] < sizes[0] else max(share_a, share_b)


def _turned(alignment: Alignment) -> list[tuple[int, int]]:
    return [(j, i) for i, j in alignment.pairs]


def _kept(one: Compared, other: Compared, equal: Collection[int], pairs: Iterable[tuple[int, int]]) -> float:
    """How many tokens of the body stand in the other; of a sentence that holds shorter ones, only theirs."""
    partners: dict[int, set[str]] = {}
    for i, j in pairs:
        partners.setdefault(i, set()).update(other.sentences[j].bag)
    return sum(one.weights[i] for i in equal) + sum(
        one.weights[i] * _held(one.sentences[i].bag, words) for i, words in partners.items()
    )


def _held(bag: frozenset[str], words: set[str]) -> float:
    """The share of a sentence that the words of its partners make up; an edited sentence counts whole."""
    held = len(bag & words) / len(bag)
    return 1.0 if held >= EDITED else held


def _opening(one: Compared) -> list[int]:
    """Places of the lead and of the first sentences of the text."""
    lead = [i for i, s in enumerate(one.sentences) if s.field == "lead"]
    text = [i for i, s in enumerate(one.sentences) if s.field == "text"]
    return lead + text[: contradictions.OPENING]


def _is_advice(a: Compared, b: Compared, alignment: Alignment) -> bool:
    """Whether what the two share stands on top of neither and holds no figures: advice for everyone."""
    if _share(a, b, alignment) < ADVICE or _opening_kept(a, b, alignment):
        return False
    facts = set().union(*(likeness.telling(a.sentences[i]) for i in alignment.in_a))
    return sum(map(likeness.fact_weight, facts)) < NEWS


def _opening_kept(a: Compared, b: Compared, alignment: Alignment) -> bool:
    """Whether one's opening stands in the other."""
    return any(
        2 * sum(one.weights[i] for i in opening if i in kept) >= sum(one.weights[i] for i in opening) > 0
        for one, kept in ((a, alignment.in_a), (b, alignment.in_b))
        if (opening := _opening(one))
    )


def _aligned_apart(a: Compared, b: Compared, alignment: Alignment) -> str:
    """Why two fillings of one template are two events: another document, lot, place; another day or name on top."""
    if _share(a, b, alignment) < TEMPLATE:
        return ""
    tops = set(_opening(a)) | {0}, set(_opening(b)) | {0}
    for i, j, found in alignment.differences():
        on_top = (i in tops[0] or j in tops[1]) and not _is_retitled(a, b, i, j, found)
        if found.kind in APART or (on_top and found.kind in APART_ON_TOP):
            return f"{APART_WORDS[found.kind]}: {shown(found.left)} và {shown(found.right)}"
    return ""


def _follow_up(a: Compared, b: Compared, alignment: Alignment) -> str:
    """Why the later one only quotes the earlier: another day, its own opening, and words that look back."""
    first, last = sorted((a, b), key=lambda one: (one.published, one.id))
    kept = alignment.in_b if last is b else alignment.in_a
    new_top = not any(i in kept for i in _opening(last))
    later = first.about.local_day < last.about.local_day
    told = {NOT_FIGURE.sub("", one) for one in first.about.numbers} if last.about.risen else set()
    looks_back = last.about.follow_up or last.about.risen - told
    return "bài sau dẫn lại bài trước" if later and new_top and looks_back else ""


ARTICLE = frozenset(("#num:1",))  # "một": as often an article as a number
CORRECTED = "cùng nguồn; bài sau đính chính bài trước"
NAMING = ({"doc"}, {"lot"}, {"date"}, {"place"})  # kinds of fact, one of which a correction may change in the name
SAME_FACTS = "cùng số liệu, ngày và địa danh"
APART = frozenset(("doc", "lot", "place"))
APART_ON_TOP = frozenset(("date", "name"))
APART_WORDS = {
    "doc": "hai văn bản",
    "lot": "hai lô",
    "place": "hai nơi",
    "date": "hai ngày",
    "name": "hai tên",
}


def _related(a: Compared, b: Compared, alignment: Alignment, kinds: tuple[Difference, ...]) -> Relation:
    """One story in other words; what both took from a common text that is on top of neither does not count."""
    if abs(a.published - b.published) > RELATED_DAYS:
        return Relation(differing=kinds)
    terms_a, terms_b = a.terms, b.terms
    if _is_advice(a, b, alignment):
        terms_a = likeness.terms(s for i, s in enumerate(a.sentences) if i not in alignment.in_a)
        terms_b = likeness.terms(s for j, s in enumerate(b.sentences) if j not in alignment.in_b)
    shared = sum(map(likeness.fact_weight, a.telling & b.telling))
    named = NAME_SUPPORT * min(len(a.names & b.names), ENOUGH_NAMES)
    score = likeness.cosine(terms_a, terms_b) + FIGURE_SUPPORT * min(shared, ENOUGH_FIGURES) + named
    if score < RELATED:
        return Relation(differing=kinds)
    return _story(a, b, alignment, score, _why_related(a, b, kinds), kinds)


def _linked(a: Compared, b: Compared, kind: Literal["duplicate", "story"], score: float, why: str) -> Relation:
    return Relation(Link(a.id, b.id, kind, round(min(score, 1.0), 3), why, RULE))


def _story(
    a: Compared, b: Compared, alignment: Alignment, score: float, why: str, kinds: tuple[Difference, ...]
) -> Relation:
    told = told_differently(alignment) if kinds else ()
    return Relation(Link(a.id, b.id, "story", round(min(score, 1.0), 3), why, RULE, told), "", kinds)


# --- reasons, for readers ------------------------------------------------------------------------------


def _why_same(a: Compared, b: Compared, alignment: Alignment) -> str:
    return f"{_sentences_shared(a, b, alignment)}; {SAME_FACTS}"


def _why_differing(a: Compared, b: Compared, alignment: Alignment, kinds: Sequence[Difference]) -> str:
    return f"{_sentences_shared(a, b, alignment)}; {_disagreement(kinds)}"


def _why_unshared(a: Compared, b: Compared, alignment: Alignment, apiece: Sequence[Difference]) -> str:
    pairs = [f"{shown(one.left)} và {shown(one.right)}" for one in apiece if one.kind != "place"][:3]
    own = f"số liệu riêng: {', '.join(pairs)}" if pairs else "địa danh riêng"
    return f"{_sentences_shared(a, b, alignment)}; nhưng mỗi bài có {own}"


def _sentences_shared(a: Compared, b: Compared, alignment: Alignment) -> str:
    sides = [
        (sum(one.weights), len(kept), len(one.sentences)) for one, kept in ((a, alignment.in_a), (b, alignment.in_b))
    ]
    _, shared, whole = min(sides)
    return f"{shared}/{whole} câu trùng nhau"


def _why_related(a: Compared, b: Compared, kinds: Sequence[Difference]) -> str:
    labels = {tag.key: tag.label for tag in a.told.tags if tag.kind not in ("topic", "urgent")}
    both = sorted(labels[tag.key] for tag in b.told.tags if tag.key in labels)
    facts = a.telling & b.telling
    best = sorted(facts, key=lambda term: (-likeness.fact_weight(term), term))[:5]
    parts = [f"cùng nói về {', '.join(both[:4])}"] if both else ["cách kể giống nhau"]
    parts += [f"cùng số liệu {', '.join(map(shown, best))}"] if best else []
    parts += [_disagreement(kinds)] if kinds else []
    return "; ".join(parts)


def _disagreement(kinds: Sequence[Difference]) -> str:
    pairs = [f"{shown(one.left)} ↔ {shown(one.right)}" for one in kinds[:3]]
    return f"nhưng nói khác nhau: {', '.join(pairs)}"
