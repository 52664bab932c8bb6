"""What happens to a text on its way through other sources: each edit keeps every fact it does not cut away."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from tests.evals.pairs.written import Base, Text, frames, titled

Edit = Callable[[Base, Text, int], Text]  # the base, its text, and which of the edit's variants to take
TEASER = 380  # characters that a feed shows
# A sentence ends at a stop before a capital, but not after "TP." or a genus's initial ("E. coli").
END = re.compile(r'(?<=[.!?])(?<!TP\.)(?<! [A-Z]\.)\s+(?=["(A-ZÀ-ỸĐ0-9])')


def same(base: Base, text: Text, turn: int) -> Text:
    return text


def new_headline(base: Base, text: Text, turn: int) -> Text:
    return titled(text, _turn(base.headlines, turn))


def added_lead(base: Base, text: Text, turn: int) -> Text:
    added = _turn(frames("added lead"), turn)
    if turn % 2:
        return replace(text, lead=added, text="\n".join(filter(None, (text.lead, text.text))))
    return replace(text, text=f"{added}\n{text.text}")


def dropped_tail(base: Base, text: Text, turn: int) -> Text:
    return replace(text, text="\n".join(text.text.splitlines()[: -1 - turn % 2]))


def reflowed(base: Base, text: Text, turn: int) -> Text:
    return replace(text, text=("\n", " ")[turn % 2].join(_sentences(text.text)))


def number_format(base: Base, text: Text, turn: int) -> Text:
    """1.234,5 as 1,234.5 or as 1 234.5."""

    def other(part: str) -> str:
        decimal = re.sub(r"(?<![\d.,])(\d+(?:\.\d{3})*),(\d{1,2}|(?<=0,)\d+)(?!\d|,\d)", r"\1#\2", part)
        grouped = re.sub(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?!\d|\.\d)", lambda m: m[0].replace(".", mark), decimal)
        return grouped.replace("#", ".")

    mark = ", "[turn % 2]
    return _everywhere(text, other)


def tone_placement(base: Base, text: Text, turn: int) -> Text:
    """hòa as hoà, thủy as thuỷ."""
    return _everywhere(text, lambda part: re.sub(r"(?:[òóỏõọ][ae]|[ùúủũụ]y)(?!\w)", _moved, part, flags=re.I))


def decomposed(base: Base, text: Text, turn: int) -> Text:
    return _everywhere(text, lambda part: unicodedata.normalize("NFD", part))


def boilerplate(base: Base, text: Text, turn: int) -> Text:
    above = _turn(frames("boilerplate above"), turn)
    return replace(text, text=f"{above}\n{text.text}\n{_turn(frames('boilerplate below'), turn)}")


def two_sentences(base: Base, text: Text, turn: int) -> Text:
    cut = replace(text, text=" ".join(_sentences(text.text)[:2]))
    return new_headline(base, cut, turn) if turn % 2 else cut


def quoted(base: Base, text: Text, turn: int) -> Text:
    before, after = _turn(frames("piece before"), turn), _turn(frames("piece after"), turn)
    return Text(_turn(base.headlines, turn), "", f"{before}\n{text.text}\n{after}")


def feed_copy(base: Base, text: Text, turn: int) -> Text:
    """What a feed shows: one paragraph, cut between two words."""
    flat = " ".join(filter(None, (text.lead, *text.text.splitlines())))
    return Text(text.title, "", flat[:TEASER].rpartition(" ")[0].rstrip(" ,.;:(") + "…")


def much_at_once(base: Base, text: Text, turn: int) -> Text:
    """A re-post as it really comes: other headline, numbers and tone marks, reflowed, without its last paragraph."""
    for edit in (dropped_tail, number_format, tone_placement, reflowed, new_headline):
        text = edit(base, text, turn)
    return text


EDITS: dict[str, Edit] = {
    "same text re-posted": same,
    "new headline": new_headline,
    "added lead": added_lead,
    "dropped tail": dropped_tail,
    "reflowed paragraphs": reflowed,
    "number format": number_format,
    "other tone placement": tone_placement,
    "NFD": decomposed,
    "boilerplate around it": boilerplate,
    "first two sentences": two_sentences,
    "quoted inside a longer piece": quoted,
    "feed's copy and page": feed_copy,
    "several edits at once": much_at_once,
}


def _moved(found: re.Match[str]) -> str:
    first, second = found[0][0], found[0][1]
    letter, *marks = tuple(unicodedata.normalize("NFD", first))
    if found.start() and found.string[found.start() - 1] in "qQ":
        return found[0]
    return letter + unicodedata.normalize("NFC", second + "".join(marks))


def _everywhere(text: Text, edit: Callable[[str], str]) -> Text:
    return Text(edit(text.title), edit(text.lead), edit(text.text))


def _sentences(text: str) -> list[str]:
    return [one for line in text.splitlines() for one in END.split(line)]


def _turn(choices: tuple[str, ...], turn: int) -> str:
    return choices[turn % len(choices)]
