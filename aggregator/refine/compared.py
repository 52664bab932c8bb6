"""An article as comparing sees it: worked out when first asked for, and small where it is remembered."""

from collections import OrderedDict
from datetime import date
from functools import cached_property
from itertools import chain

from aggregator.model import Gist, Told
from aggregator.refine import bags, contradictions, gists, likeness, unshared
from aggregator.refine.contradictions import LOCAL, About
from aggregator.refine.facts import Sentence, sentences
from aggregator.text import tones

READ = 150  # articles whose sentences are at hand, some 100 kB each; of others what pack() leaves, some 23 kB
FURNITURE = 12  # tokens: a shorter sentence that opens with one of these words is no part of the text
FURNITURE_WORDS = frozenset(("nguồn", "theo", "ảnh", "mời", "xem", "chia", "tin", "bài"))
CORRECTS = ("đính chính", "bản đính chính", "cải chính")


class Reading:
    """The sentences of an article, and what follows from them."""

    def __init__(self, said: tuple[Sentence, ...]) -> None:
        self.sentences = said

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Those of its sentences in one row: where one ends is a guess ("cúm B. Nhà trường"), and no difference."""
        return tuple(chain.from_iterable(one.tokens for one in self.sentences))

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """Tokens of each sentence of the body; 0 for the title's."""
        return tuple(0 if one.field == "title" else len(one.tokens) for one in self.sentences)

    @cached_property
    def facts(self) -> frozenset[str]:
        """The tokens of all its facts."""
        return unshared.facts_of(self.sentences)

    @cached_property
    def opening(self) -> list[int]:
        """Places of the lead and of the first sentences of the text."""
        lead = [i for i, one in enumerate(self.sentences) if one.field == "lead"]
        text = [i for i, one in enumerate(self.sentences) if one.field == "text"]
        return lead + text[: contradictions.OPENING]


class Compared:
    """An article for comparing. Its words are let go of when READ others were read after it."""

    def __init__(self, told: Told) -> None:
        self.id = told.article.id
        self.source = told.article.source
        self.published = told.article.published
        self.first_seen = told.first_seen
        self.text_digest = told.article.text_digest
        self.corrects = _corrects(told)
        self.labels = {tag.key: tag.label for tag in told.tags if tag.kind not in ("topic", "urgent")}
        self._told: Told | None = told
        self._kept = self._stored = told.gist
        self._reading: Reading | None = None
        self._glance: gists.Glance | None = None

    # --- what is left of it when it is packed --------------------------------------------------------

    @cached_property
    def about(self) -> About:
        """What it is about."""
        assert self._told is not None, "packing works it out"
        return contradictions.about(self._told, self.sentences)

    @cached_property
    def said(self) -> tuple[int, int]:
        """How many tokens its body has, and a hash of all of them: other hashes, other tokens."""
        return sum(self.reading.weights), hash(self.reading.tokens)

    @cached_property
    def terms(self) -> likeness.Packed:
        """Its weighted terms."""
        return likeness.packed(likeness.terms(self.sentences))

    @cached_property
    def bags(self) -> bags.Bags:
        """The words of its sentences, as numbers."""
        return bags.bags_of(self.sentences, self.reading.weights)

    @cached_property
    def telling(self) -> frozenset[str]:
        """Its facts that help to tell one event from another."""
        return frozenset().union(*map(likeness.telling, self.sentences))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of its proper names, the usual ones left out."""
        return frozenset().union(*map(likeness.names, self.sentences))

    @property
    def glance(self) -> gists.Glance:
        """Enough to see that two share nothing."""
        if self._glance is not None:
            return self._glance
        kept = self.glanced
        found = kept if isinstance(kept, gists.Glance) else gists.Glance(*map(frozenset, kept))
        if self._told is not None:  # of the others it would take too much room
            self._glance = found
        return found

    @property
    def glanced(self) -> gists.Glance | gists.Kept:
        """The same, as it was kept."""
        kept = gists.unpacked(self._kept.glance) if self._kept and self._glance is None else None
        if kept is not None:
            return kept
        if self._glance is None:
            assert self._told is not None, "packing works it out"
            self._glance = gists.glance(self._told.article)
        return self._glance

    def is_like(self, other: "Compared") -> bool:
        """Whether the two share enough words to be compared, at a glance."""
        one, other = (self, other) if other._glance is None else (other, self)
        return gists.worth_a_look(one.glance, other.glanced)

    @property
    def gist(self) -> Gist:
        """What is worth keeping of what was worked out so far."""
        kept, is_read = self._kept, self.is_read
        if kept and (gists.is_whole(kept) or not (is_read or gists.unpacked(kept.glance) is None)):
            return kept
        return Gist(self.id, gists.packed(self.glance), gists.written(self.sentences) if is_read else b"")

    def to_keep(self) -> Gist | None:
        """The gist, where another one is kept; from now on it is taken for kept."""
        self._stored, before = self.gist, self._stored
        return self._stored if self._stored != before else None

    def pack(self) -> None:
        """Let go of all that can be had again from little, once its sentences were read."""
        if self._told is not None:
            assert self.about and self.terms and self.said and self.bags
            assert self.telling is not None and self.names is not None
            self._kept, self._told = self.gist, None
        self._reading = self._glance = None

    # --- its sentences, at hand for the last READ articles ----------------------------------------------

    @property
    def is_read(self) -> bool:
        """Whether its sentences were needed so far."""
        return self._told is None or self._reading is not None

    @property
    def reading(self) -> Reading:
        """Its sentences, and what follows from them."""
        if self._reading is None:
            kept = gists.read(self._kept.sentences) if self._kept else None
            self._reading = Reading(self._sentences() if kept is None else kept)
            _at_hand(self)
        return self._reading

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Title, lead and text. A sentence that stands twice (a lead repeated in the text) is kept once."""
        return self.reading.sentences

    def _sentences(self) -> tuple[Sentence, ...]:
        assert self._told is not None, "packing works them out"
        article, day = self._told.article, self.published.astimezone(LOCAL).date()
        fields = (("title", article.title), ("lead", article.lead), ("text", article.text))
        found = {one.tokens: one for name, text in reversed(fields) for one in reversed(_read(name, text, day))}
        return tuple(one for one in reversed(found.values()) if not _is_furniture(one))


AT_HAND: OrderedDict[int, Compared] = OrderedDict()


def _at_hand(one: Compared) -> None:
    AT_HAND[id(one)] = one
    if len(AT_HAND) > READ:
        _, oldest = AT_HAND.popitem(last=False)
        oldest.pack()


def _corrects(told: Told) -> bool:
    article = told.article
    return any(tones(text).lstrip(" [(").startswith(CORRECTS) for text in (article.title, article.lead))


def _read(field: str, text: str, day: date) -> tuple[Sentence, ...]:
    return sentences(field, text, day)  # type: ignore[arg-type]


def _is_furniture(one: Sentence) -> bool:
    return one.field == "text" and len(one.tokens) < FURNITURE and one.tokens[0] in FURNITURE_WORDS
