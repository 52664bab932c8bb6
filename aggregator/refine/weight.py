"""How much a topic or disease must be spoken of before a text is about it. Each rule can be told in a sentence."""

from collections.abc import Iterable, Mapping, Sequence

from aggregator.model import TagKind
from aggregator.refine.matching import Hit, Text
from aggregator.refine.vocabulary import Term

OPENING = 400  # code points of the body that stand for a lead where the source has none
IN_BODY = 3  # finds that a topic needs in the body alone, in WORDS different words; with two of any kind the advice
WORDS = 2  # that ends every bulletin ("rửa tay", "báo trạm y tế") made topics in a third of the demo's articles
SHORT_TEXT = 1_500  # code points; in a longer text a disease named once is a passing word
LISTED = 2  # diseases named once each; more of them are a list of examples

Key = tuple[TagKind, str, str]  # kind, slug, label
Spans = Mapping[Key, list[tuple[int, int]]]


def earned(text: Text, found: Sequence[Hit]) -> list[Hit]:
    """The finds that earn a topic, in order; [] when they do not.

    A name in the title or lead; or an `in_title` name in the title; or in the body IN_BODY names, WORDS of them
    different; or any word of the topic in the title beside another one. Without a lead the opening of the body
    stands for it.
    """
    names = [hit for hit in found if hit.senses[0].role in ("name", "capitals")]
    if names and (names[0].start < opening(text) or (len(names) >= IN_BODY and _words(text, names) >= WORDS)):
        return names
    titled = [hit for hit in found if hit.senses[0].role == "in_title" and hit.start < text.lead]
    if titled:
        return [hit for hit in found if hit.senses[0].role != "hint"]
    in_title = bool(found) and found[0].start < text.lead
    return list(found) if in_title and _words(text, found) >= WORDS else []


def opening(text: Text) -> int:
    """The offset before which a text says what it is about: the end of its lead, or of its body's opening."""
    return text.body if text.body - text.lead > 1 else text.body + OPENING


def own(spans: Spans, special: Mapping[str, frozenset[str]]) -> Spans:
    """The diseases without general words that only repeat a special one named before them."""
    first = {slug: found[0] for (_, slug, _), found in spans.items()}
    return {
        key: found
        for key, found in spans.items()
        if not any(first.get(one, found[0]) < found[0] for one in special.get(key[1], ()))
    }


def spoken_of(text: Text, spans: Spans) -> Spans:
    """The diseases that are more than a passing word.

    One that the title or lead names; one named twice; and, where title and lead name none, one named once in a
    short text that does not list several so.
    """
    first = opening(text)
    sure = {key: found for key, found in spans.items() if found[0][0] < first or len(found) > 1}
    if any(found[0][0] < first for found in sure.values()) or len(text.plain) - text.body > SHORT_TEXT:
        return sure
    return spans if len(spans) - len(sure) <= LISTED else sure


def special(diseases: Iterable[Term]) -> dict[str, frozenset[str]]:
    """For each disease those whose names begin with its own.

    "Ung thư phổi ... ung thư" speaks of lung cancer; "Ung thư: ... ung thư phổi" speaks of both.
    """
    by_name = {name: term.slug for term in diseases for name in term.names}
    found: dict[str, set[str]] = {}
    for name, slug in by_name.items():
        words = name.split(" ")
        for size in range(1, len(words)):
            general = by_name.get(" ".join(words[:size]), slug)
            if general != slug:
                found.setdefault(general, set()).add(slug)
    return {slug: frozenset(specials) for slug, specials in found.items()}


def _words(text: Text, found: Iterable[Hit]) -> int:
    return len({text.plain[hit.start : hit.end] for hit in found})
