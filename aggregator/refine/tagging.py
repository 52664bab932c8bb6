"""What an article is about: its tags, each with the words that earned it.

Places: refine/places.py. Authorities: refine/authorities.py. Documents: refine/documents.py. Urgent notices:
refine/urgent.py. How much a topic or disease must be spoken of: refine/weight.py. Here the order of the steps, and
the evidence.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator.errors import ConfigError
from aggregator.model import Article, Evidence, FormerPlace, PlaceWithin, TagKind, TagMatch
from aggregator.refine import authorities, documents, places, proper, weight
from aggregator.refine.matching import Hit, Scanner, Sense, Text, covers, merged, text_of
from aggregator.refine.urgent import Notices
from aggregator.refine.vocabulary import Term, Vocabulary
from aggregator.refine.weight import Key, Spans
from aggregator.text import fold

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
RULES = "tagging-9"  # a new number when the code finds other tags in the same text: `retag` looks for older ones
DEEPEST = 3  # places around a place: a vocabulary of an operator's own may not make a ring of them
MOST_EVIDENCE = 5  # a tag: what a reader looks at; the first in title, lead, text


class Tagger:
    """Tags articles by a vocabulary. Builds its automata once each; `tags` is pure.

    `version` names all that decides: files, own and fixed tags, and the rules in code.
    """

    def __init__(self, vocabulary: Vocabulary, fixed: Mapping[str, Sequence[str]] | None = None) -> None:
        """`fixed`: keys of tags (topic/tiem-chung) that all articles of a source carry. Raises ConfigError."""
        self._vocabulary = vocabulary
        self.labels = vocabulary.labels()
        self._fixed = {source: [self._fixed_tag(key) for key in keys] for source, keys in (fixed or {}).items()}
        told = json.dumps({source: list(keys) for source, keys in (fixed or {}).items() if keys}, sort_keys=True)
        own = f"+{hashlib.sha256(told.encode()).hexdigest()[:8]}" if told != "{}" else ""
        self.version = f"{vocabulary.version}+{RULES}{own}"
        self._terms = {(term.kind, term.slug): term for term in vocabulary.terms}
        self._special = weight.special(vocabulary.of_kind("disease"))
        self._scanner = Scanner(_names(vocabulary))
        self._institutions = proper.Institutions(vocabulary.contexts)
        self._places = places.Places(vocabulary)
        self._authorities = authorities.Authorities(vocabulary)
        self._denials = weight.Denials(vocabulary.contexts)
        self._notices = Notices(vocabulary.urgent, vocabulary.version)

    def source(self, match: TagMatch) -> str:
        """Who named the tag so: a standard, an official list, the project's editors, the operator."""
        return self._vocabulary.source(match.kind, match.tag)

    @cached_property
    def _accentless(self) -> Scanner:
        """For texts typed without accents, which are rare: made for the first one."""
        return Scanner(_folded(_names(self._vocabulary)))

    def tags(self, article: Article) -> tuple[TagMatch, ...]:
        """The article's tags: topics, diseases, places, authorities, documents; of one kind by first evidence.

        Last, for an urgent notice, its one tag `urgent`. `rule` names the vocabulary's version; for documents it is
        that of refine.documents.
        """
        text = text_of(article)
        hits = (self._scanner if text.marked else self._accentless).hits(text)
        hidden = self._institutions.spans(text, hits.get("institution", ()))
        foreign = [hit for hit in hits.get("foreign", ()) if text.shown[hit.start].isupper()]
        home = self._home(article.url)
        around = places.Around(article.published.astimezone(LOCAL).date(), home, hidden, foreign)
        found = self._places.find(text, hits.get("place", ()), around)
        spoken = self._authorities.find(text, hits.get("authority", ()), found, hidden, foreign, home)
        spans: dict[Key, list[tuple[int, int]]] = {}
        for place in found:
            spans.setdefault(("place", place.place.slug, place.place.label), []).append((place.start, place.end))
        for one in spoken:
            spans.setdefault(("authority", one.slug, one.label), []).append((one.start, one.end))
        departments = merged([*hidden, *self._institutions.departments(text, hits.get("department", ()))])
        about = {**self._topics(text, hits, hidden), **self._diseases(text, hits.get("disease", ()), departments)}
        matches = self._matches(text, {**about, **spans})
        notice = self._notices.find(text, article)
        found_tags = (*matches, *self._documents(article), *((notice,) if notice else ()))
        keys = {match.key for match in found_tags}
        return (*found_tags, *(one for one in self._fixed.get(article.source, ()) if one.key not in keys))

    def _fixed_tag(self, key: str) -> TagMatch:
        if key not in self.labels:
            raise ConfigError(f"tags: {key!r} of a source is no known tag; add it under tags: or correct it")
        kind, _, slug = key.partition("/")
        return TagMatch(cast(TagKind, kind), slug, self.labels[key], (), self._vocabulary.version)

    def _documents(self, article: Article) -> Iterable[TagMatch]:
        texts = (article.title, article.lead, article.text)
        day = article.published.astimezone(LOCAL).date()
        return documents.described(documents.documents(*texts), *texts, day, self._vocabulary.documents)

    def _home(self, url: str) -> str:
        host = urlsplit(url).hostname or ""
        sites = self._vocabulary.sites
        return next((sites[site] for site in sites if host == site or host.endswith("." + site)), "")

    def _topics(self, text: Text, hits: Mapping[str, list[Hit]], hidden: Sequence[tuple[int, int]]) -> Spans:
        spans: dict[Key, list[tuple[int, int]]] = {}
        for group, found in hits.items():
            kind, _, slug = group.partition("/")
            if kind != "topic":
                continue
            told = [hit for hit in found if not covers(hidden, hit.start)]
            if earned := weight.earned(text, told):
                spans["topic", slug, self._terms["topic", slug].label] = [(hit.start, hit.end) for hit in earned]
        return spans

    def _diseases(self, text: Text, hits: Sequence[Hit], hidden: Sequence[tuple[int, int]]) -> Spans:
        spans: dict[Key, list[tuple[int, int]]] = {}
        for hit in self._denials.meant(text, weight.in_lists(text, hits)):
            person = places.is_initialled(text, hit.start) or self._places.is_given(text, hit.start)
            if not covers(hidden, hit.start) and not person:
                for sense in hit.senses:
                    label = self._terms["disease", sense.slug].label
                    spans.setdefault(("disease", sense.slug, label), []).append((hit.start, hit.end))
        return weight.spoken_of(text, weight.own(text, self._denials.left(text, spans), self._special))

    def _matches(self, text: Text, spans: Spans) -> list[TagMatch]:
        order: dict[TagKind, int] = {"topic": 0, "disease": 1, "place": 2, "authority": 3, "document": 4}
        first = sorted(spans.items(), key=lambda each: (order[each[0][0]], each[1][0], each[0][1]))
        return [
            TagMatch(kind, slug, label, _evidence(text, found), self._vocabulary.version, self._place(kind, slug))
            for (kind, slug, label), found in first
        ]

    def _place(self, kind: TagKind, slug: str) -> FormerPlace | PlaceWithin | None:
        """Within which places of today it lies, and what became of one that is no more."""
        known = self._vocabulary.places
        place = known.get(slug) if kind == "place" else None
        if place is None:
            return None
        within: list[tuple[str, str]] = []
        above = place.parent
        while above and len(within) < DEEPEST:
            within += [(above, known[above].label)] if known[above].until is None else []
            above = known[above].parent
        if place.until is None:
            return PlaceWithin(tuple(within)) if within else None
        successors = tuple((one, known[one].label) for one in place.successors)
        return FormerPlace(place.until, successors, tuple(within))


def _names(vocabulary: Vocabulary) -> Iterable[tuple[str, Sense]]:
    infectious = [name for term in vocabulary.of_kind("disease") if term.infectious for name in term.names]
    for term in vocabulary.terms:
        if term.kind == "authority":
            yield from authorities.names([term])
            continue
        group = f"topic/{term.slug}" if term.kind == "topic" else term.kind
        yield from _senses(term, group)
        for pattern in term.with_diseases:
            yield from ((pattern.format(name), Sense(group, term.slug, "name")) for name in infectious)
        for pattern in (name for name in term.in_title if "{}" in name):
            yield from ((pattern.format(name), Sense(group, term.slug, "in_title")) for name in infectious)
    yield from places.names(vocabulary.places.values(), vocabulary.contexts)
    yield from proper.senses(vocabulary.contexts)


def _senses(term: Term, group: str) -> Iterable[tuple[str, Sense]]:
    yield from ((name, Sense(group, term.slug, "name")) for name in term.names)
    titled = (name for name in term.in_title if name not in term.names and "{}" not in name)
    yield from ((name, Sense(group, term.slug, "in_title")) for name in titled)
    known = {*term.names, *term.in_title}
    yield from ((name, Sense(group, term.slug, "hint")) for name in term.hints if name not in known)
    yield from ((name, Sense(group, term.slug, "capitals", name)) for name in term.capitals)
    yield from ((name, Sense(group, term.slug, "listed")) for name in term.listed)
    yield from ((name, Sense(group, term.slug, "exclude")) for name in term.exclude)


def _folded(names: Iterable[tuple[str, Sense]]) -> list[tuple[str, Sense]]:
    """The names as they are typed without accents, those left out that then mean more than one thing.

    A name of one syllable says too much without its accents (lao: lao, lão, láo; soi: sởi, sỏi, sói).
    """
    folded: dict[str, set[Sense]] = {}
    plain: list[tuple[str, Sense]] = []
    for name, sense in names:
        if name.isascii():
            plain.append((name, sense))
        elif " " in name:
            folded.setdefault(fold(name), set()).add(sense)
    clear = [
        (name, sense)
        for name, senses in folded.items()
        for sense in sorted(senses)
        if len({one.slug for one in senses if one.group == sense.group}) == 1
    ]
    return plain + clear


def _evidence(text: Text, found: Sequence[tuple[int, int]]) -> tuple[Evidence, ...]:
    return tuple(text.evidence(start, end) for start, end in sorted(set(found))[:MOST_EVIDENCE])
