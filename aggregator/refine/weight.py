"""How much a topic or disease must be spoken of before a text is about it. Each rule can be told in a sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence

from aggregator.model import TagKind
from aggregator.refine.matching import Hit, Text
from aggregator.refine.vocabulary import Contexts, Term
from aggregator.text import tones

OPENING = 400  # code points of the body that stand for a lead where the source has none
IN_BODY = 3  # finds that a topic needs in the body alone, in WORDS different words; with two of any kind the advice
WORDS = 2  # that ends every bulletin ("rửa tay", "báo trạm y tế") made topics in a third of the demo's articles
SHORT_TEXT = 2_500  # code points; in a longer text a disease named once is a passing word
PASSING = 1_500  # code points; in a shorter text nothing is said in passing
LISTED = 4  # diseases named once each; more of them are a list of examples

JOINED = re.compile(r"(?:,|;|/|,? và|,? hoặc|,? hay)? ")
CLOSED = re.compile(r" ?(?:[,.;:!?)\n]|$|và |hoặc |hay )")
SMALL = tuple(
    f" {word}" for word in ("bệnh", "chứng", "virus", "vi rút", "mắc", "nhiễm", "bị", "do", "đang", "cả", "ca")
)
OPENED = re.compile(
    r"(?:^|[\n.,:;(] ?|(?<!\w)(?:bệnh|và|phòng|chống|mắc|bị|như|về|với|do|dịch|ca|trị|nhiễm|hoặc|hay|là|từ|giữa|của) )$"
)
BEFORE = 48  # code points before a disease in which it is ruled out, or made a figure of speech

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


def own(text: Text, spans: Spans, special: Mapping[str, frozenset[str]]) -> Spans:
    """The diseases without general words that only repeat a special one named in such words before them.

    "Ung thư phổi ... ung thư" repeats; "bệnh tả ... tiêu chảy" does not, though "tiêu chảy cấp do tả" is a name of it.
    """
    told = {slug: found for (_, slug, _), found in spans.items()}

    def repeats(key: Key, found: Sequence[tuple[int, int]]) -> bool:
        start, end = found[0]
        words = text.plain[start:end]
        before = (one for slug in special.get(key[1], ()) for one in told.get(slug, ()) if one < found[0])
        return any(text.plain.startswith(words, first) for first, _ in before)

    return {key: found for key, found in spans.items() if not repeats(key, found)}


def spoken_of(text: Text, spans: Spans) -> Spans:
    """The diseases that are more than a passing word.

    One that the title or lead names; one named twice; and, in a text of a few lines, or in a short one whose title
    and lead name none, one named once, where not several are listed so.
    """
    first = opening(text)
    sure = {key: found for key, found in spans.items() if found[0][0] < first or len(found) > 1}
    length = len(text.plain) - text.body
    if length > SHORT_TEXT or (length > PASSING and any(found[0][0] < first for found in sure.values())):
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


class Denials:
    """Where a disease is named and not meant: ruled out for the one patient, or a figure of speech."""

    def __init__(self, contexts: Contexts) -> None:
        self._out = _endings(contexts.ruled_out)
        self._doubted = _endings(contexts.doubted)
        self._figures = _endings(contexts.figures)
        self._behind = _endings(contexts.ruled_out_behind)
        self._figures_behind = _endings(contexts.figures_behind)

    def meant(self, text: Text, hits: Sequence[Hit]) -> list[Hit]:
        """The hits without those of an economy, a society, a mood, and without those words again."""
        figures = {text.plain[hit.start : hit.end] for hit in hits if self._is_figure(text, hit)}
        return [hit for hit in hits if text.plain[hit.start : hit.end] not in figures] if figures else list(hits)

    def _is_figure(self, text: Text, hit: Hit) -> bool:
        before = _stand_before(text, hit.start, self._figures)
        return before or _stand_behind(text, hit.end, self._figures_behind)

    def left(self, text: Text, spans: Spans) -> Spans:
        """The diseases without those that every mention rules out, where another is found that is not."""
        if len(spans) < 2:
            return spans
        denied: dict[Key, list[str]] = {key: [] for key in spans}
        named = sorted((start, stop, key) for key, found in spans.items() for start, stop in found)
        listed: list[Key] = []  # of the list that goes on
        last, end = "", -1
        for start, stop, key in named:
            joined = end >= 0 and JOINED.fullmatch(text.plain, end, start) is not None
            listed = listed if joined else []
            if not last and listed and _stand_behind(text, stop, self._behind):
                for one in listed:  # "sởi, rubella đều âm tính" rules out both
                    denied[one][-1] = "out"
            last, end = self._said(text, start, stop) or (last if joined else ""), stop
            denied[key].append(last)
            listed.append(key)
        kept = {key: spans[key] for key, said in denied.items() if not (all(said) and "out" in said)}
        return kept or spans

    def _said(self, text: Text, start: int, stop: int) -> str:
        if _stand_before(text, start, self._out) or _stand_behind(text, stop, self._behind):
            return "out"
        return "doubted" if _stand_before(text, start, self._doubted) else ""


def _endings(words: Iterable[str]) -> tuple[str, ...]:
    return tuple({f" {tones(word)}" for word in words})


def _stand_before(text: Text, start: int, words: tuple[str, ...]) -> bool:
    """Whether one of the words ends at the offset, the small ones that join it to a disease left out."""
    before = f" {text.plain[max(0, start - BEFORE) : start]}".replace("\n", " ")
    if not before.endswith(" "):
        return False
    before = before.rstrip(" ")
    while not before.endswith(words):
        if not before.endswith(SMALL):
            return False
        before = before[: before.rindex(" ")].removesuffix(" vi")
    return True


def _stand_behind(text: Text, end: int, words: tuple[str, ...]) -> bool:
    end += text.plain.startswith(",", end)
    found = text.plain.startswith(words, end)
    return found and any(
        text.plain.startswith(word, end) and not text.plain[end + len(word) : end + len(word) + 1].isalnum()
        for word in words
    )


def in_lists(text: Text, hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those `listed` names that no other disease stands beside."""
    kept: list[Hit] = []
    for at, hit in enumerate(hits):
        if hit.senses[0].role != "listed" or _is_listed(text, kept[-1:], hit, hits[at + 1 : at + 2]):
            kept.append(hit)
    return kept


def _is_listed(text: Text, before: Sequence[Hit], hit: Hit, behind: Sequence[Hit]) -> bool:
    """Whether it follows a disease in a list and ends there, or opens a list that another goes on with."""
    if any(_joined(text, one.end, hit.start) for one in before) and CLOSED.match(text.plain, hit.end):
        return True
    opens = OPENED.search(text.plain, max(0, hit.start - 10), hit.start)
    goes_on = any(one.senses[0].role != "listed" and _joined(text, hit.end, one.start) for one in behind)
    return bool(opens and goes_on)


def _joined(text: Text, end: int, start: int) -> bool:
    return start - end > 1 and JOINED.fullmatch(text.plain, end, start) is not None
