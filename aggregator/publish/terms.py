"""What a story is found by: its words as they are searched for, and how much each says of it. Pure.

A word has a key, which a query without marks meets (`hoa` for hoà, hòa, hoa and họa), and a form, which keeps the
marks: the tone at its end, so that hoà and hòa are one form. templates/assets/search.js makes the same of a query.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from aggregator.publish.bulletin import View
from aggregator.text import WORD, fold, nfc

TITLE, LABEL, LEAD, TEXT = 8, 4, 2, 1  # of what says most of a story to what says least
TONES = "\u0300\u0301\u0303\u0309\u0323"
TONE = re.compile(f"[{TONES}]")
LONE_Y = re.compile(r"(?<=[bcdfghjklmnpqrstvxz])y$")  # kỹ and kĩ are one word written in two ways (sources.md §6)
FILTERS = ("topic", "disease", "place", "source", "document")
LONGEST = 40  # letters of a word; what is longer is no word but an address or a broken text
INITIALS = range(2, 7)  # syllables of a name that is also known by its first letters

Found = dict[str, dict[str, int]]
"""Key -> form ("" where it is the key itself) -> weight."""


@lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, str]:
    """Key and form of one word."""
    lower = unicodedata.normalize("NFD", word.lower())
    tone = "".join(TONE.findall(lower))
    form = TONE.sub("", lower) + tone
    key = LONE_Y.sub("i", fold(word))[:LONGEST]
    return key, "" if form == key else nfc(form)


def words(text: str) -> list[str]:
    """The words of a text as they are printed, in order; a document's number is several."""
    return WORD.findall(nfc(text))


def terms(seen: View) -> Found:
    """All that the story is found by: words that may be shown, names of its tags and sources, and what it may be
    filtered by (`#topic/tiem-chung`). Two words that follow each other in a title or a name count as one more term.
    """
    found: Found = {}
    for text, weight in _texts(seen):
        if weight < LABEL:
            for word in set(words(text)):
                _add(found, *parts(word), weight)
        else:
            _add_in_order(found, words(text), weight)
    for mark in _marks(seen):
        _add(found, f"#{mark}", "", LABEL)
    return found


def _texts(seen: View) -> Iterator[tuple[str, int]]:
    for voice in seen.voices:
        yield voice.title, TITLE
        yield voice.lead, LEAD
        yield voice.telling.article.text if voice.shows("text") else "", TEXT
        yield voice.name, LABEL
    for tag in seen.tags:
        yield tag.label, LABEL
        yield initials(tag.label), LABEL


def initials(label: str) -> str:
    """`sxh` of `Sốt xuất huyết`, by which people ask for it; "" for what nobody shortens so."""
    names = words(label)
    if len(names) not in INITIALS or any(any(letter.isdigit() for letter in name) for name in names):
        return ""
    return "".join(name if name.isupper() else fold(name)[0] for name in names).lower()


def _marks(seen: View) -> set[str]:
    marks = {tag.key for tag in seen.tags if tag.kind in FILTERS}
    return marks | {f"source/{voice.source_id}" for voice in seen.voices}


def _add_in_order(found: Found, said: list[str], weight: int) -> None:
    """Words of a title or a name, and every two that follow each other."""
    before = ""
    for word in said:
        key, form = parts(word)
        _add(found, key, form, weight)
        if before:
            _add(found, f"{before} {key}", "", weight)
        before = key


def _add(found: Found, key: str, form: str, weight: int) -> None:
    forms = found.setdefault(key, {})
    forms[form] = forms.get(form, 0) | weight
