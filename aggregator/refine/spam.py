"""Words and hosts of gambling and sales in a text, and whether the text warns of them. The words are data."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any, NamedTuple

import ahocorasick_rs

from aggregator.refine import domains, vocabulary
from aggregator.refine.matching import even
from aggregator.text import fold, tones

FILE = "compromise.yaml"
# Weights are odds of an attack, 0..1, joined as if independent; .6 quarantines (tests/evals/compromise).
WEIGHTS = {"sure": 0.65, "likely": 0.3, "faint": 0.15, "calls": 0.3, "patterns": 0.35}
DISGUISED = 0.75  # letters pulled apart: nobody honest writes so
WARNED, ABOUT, NEAR = 0.1, 0.12, 0.6  # what is left of a weight: warned of in its sentence, article, paragraph
SEVERAL = 2  # sentences that warn of a group: the article is about it, whatever its title
TIGHT = 6  # letters; a shorter name stands inside longer words by chance (nohu, kubet)
SHORT_BRAND = 4  # characters: looks like a lot number
LOT = 6  # characters; a word of letters and digits no longer than this, in a line about lots, is one
GAMBLING = "gambling"
TONGUE = 200  # words of a text by which its language is told
FEW_WORDS = 12  # fewer tell nothing
MARKED = re.compile(
    "[\u031b\u0306\u0309\u0323đ]"
)  # horn, breve, hook above, dot below, đ: together Vietnamese alone has them
VIETNAMESE = 0.1  # share of words with one of these; Vietnamese texts measured have .35 to .5
ENGLISH = 0.1  # share of English's commonest words; English official texts measured have .2 to .4
LEET = str.maketrans("0134578@$!", "oieastbasi")
LOOKALIKES = str.maketrans("аеорсухіѕјԁһкмтвнАЕОРСУХІЅКМТВН", "aeopcyxisjdhkmtbhaeopcyxiskmtbh")
STRUCK = re.compile("[\u0334-\u0338]")
SENTENCE = re.compile(r"(?<=[.!?…;])\s+")
APART = re.compile(r"(?<![^\W_])[^\W_](?:[ .\-_*·•|/]{1,3}[^\W_](?![^\W_])){3,}")
MIXED = re.compile("[a-zA-Z][а-яёіѕј]|[а-яёіѕј][a-zA-Z]", re.IGNORECASE)
AROUND = ".,:;!?…()[]{}<>\"'“”‘’«»–-|*"
PIECE = 50_000  # characters looked at together: a text of millions is judged in the memory of one piece
SHARED = 200  # characters that a piece has of the one before: a name may stand across its end
MOST_HITS = 500  # different names of one text; the weights have long been joined to 1
LONGEST = 80  # characters of a word that is looked at letter by letter
NOT_TIGHT = re.compile(r"[\W_]+")
DOMAIN = re.compile(r"(?<![\w@.])(?:[a-z0-9-]+\.)+[a-z]{2,12}\b", re.IGNORECASE)


class Hit(NamedTuple):
    """A name found: as the text wrote it, its group's label, and what is left of its weight where it stands."""

    words: str
    label: str
    weight: float
    call: bool = False


class Meaning(NamedTuple):
    """What a name says: its group's slug and label, its weight ("" as group: nothing, it only covers others)."""

    group: str
    label: str
    weight: float
    call: bool = False


@dataclass(frozen=True, slots=True)
class Patterns:
    """The expressions of the vocabulary, compiled."""

    warnings: re.Pattern[str]
    cleared: re.Pattern[str]
    urgent: re.Pattern[str]
    shapes: tuple[re.Pattern[str], ...]
    no_brand: re.Pattern[str]
    offers: tuple[tuple[re.Pattern[str], Meaning], ...]
    subjects: tuple[tuple[str, re.Pattern[str]], ...]


class Words:
    """The vocabulary, ready to be looked for."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.official = frozenset(data["official"])
        self.harmless = frozenset(data["harmless"])
        self.cheap = frozenset(data["cheap"])
        self.patterns = _patterns(data)
        self._health = tuple(data["health"])
        self._english = frozenset(data["english"])
        self._names, self._tight = _names(data), _tight(data)
        self._meanings = list(self._names.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(self._names))
        self._inside = [name for name in self._tight if len(name) >= TIGHT]
        self._inside_automaton = ahocorasick_rs.AhoCorasick(self._inside)

    def hits(self, text: str) -> list[Hit]:
        """The names that the text holds, each once, with their whole weight."""
        found: dict[str, Hit] = {}
        for piece in _pieces(text):
            plain = plain_of(piece)
            for hit in chain(self._named(plain), self._patterned(plain), self._apart(plain), self._mixed(plain)):
                found.setdefault(fold(hit.words), hit)
                if len(found) == MOST_HITS:
                    return list(found.values())
        return list(found.values())

    def _named(self, plain: str) -> Iterator[Hit]:
        found = self._automaton.find_matches_as_indexes(plain, overlapping=True)
        whole = sorted((start, -end, index) for index, start, end in found if _stands_alone(plain, start, end))
        free = 0
        for start, minus_end, index in whole:
            if start >= free:
                free = -minus_end
                if (meaning := self._meanings[index]).group:
                    yield Hit(plain[start:free], meaning.label, meaning.weight, meaning.call)

    def _patterned(self, plain: str) -> Iterator[Hit]:
        for pattern, meaning in self.patterns.offers:
            if match := pattern.search(plain):
                yield Hit(match[0], meaning.label, meaning.weight)

    def _apart(self, plain: str) -> Iterator[Hit]:
        for match in APART.finditer(plain):
            if (meaning := self._hold(tight_of(match[0]))) is not None:
                yield Hit(match[0], meaning.label, DISGUISED)

    def _mixed(self, plain: str) -> Iterator[Hit]:
        """Words with signs or digits among their letters: disguised names, addresses, houses not listed."""
        for token in dict.fromkeys(plain.split()):
            if token.isalpha() or len(token) > LONGEST:
                continue
            word = token.strip(AROUND)
            if word.isalpha() or word.isdigit():
                continue
            if (hit := self._disguised(word)) is not None:
                yield hit
            elif any(shape.fullmatch(word) for shape in self.patterns.shapes):
                yield Hit(word, GAMBLING, WEIGHTS["faint"])

    def _disguised(self, word: str) -> Hit | None:
        """The name that the word's letters spell when its signs are left out or read as letters."""
        whole = fold(word)
        for letters in dict.fromkeys((tight_of(word), tight_of(word.translate(LEET)))):
            if letters != whole and (meaning := self._hold(letters)) is not None:
                return Hit(word, meaning.label, DISGUISED)
        return None

    def _hold(self, letters: str) -> Meaning | None:
        if letters in self._tight:
            return self._tight[letters]
        if len(letters) < TIGHT:
            return None
        inside = self._inside_automaton.find_matches_as_indexes(letters)
        return self._tight[self._inside[inside[0][0]]] if inside else None

    def host(self, host: str) -> float:
        """How much the host's name alone speaks for an attack, 0..1."""
        name, _, ending = host.rpartition(".")
        parts = re.split(r"[.-]", name)
        if (
            any(part in self._tight or part.strip(string.digits) in self._tight for part in parts)
            or self._hold(tight_of(name)) is not None
        ):
            return 0.65
        shaped = any(pattern.search(part) for part in parts for pattern in self.patterns.shapes)
        return max(0.45 if shaped else 0.0, 0.25 if ending in self.cheap else 0.0)

    def neutral(self, host: str) -> bool:
        """Whether any source may link to the host: an authority's, or a service that all use."""
        return domains.ends_in(host, self.official) or domains.ends_in(host, self.harmless)

    def warned(self, text: str) -> bool:
        """Whether the text warns, punishes, treats or explains. `text` is plain_of() a text."""
        return self.patterns.warnings.search(self.patterns.cleared.sub(" ", text)) is not None

    def subjects(self, text: str) -> set[str]:
        """The labels of the groups that the text warns of."""
        plain = plain_of(text)
        return (
            {label for label, names in self.patterns.subjects if names.search(plain)} if self.warned(plain) else set()
        )

    def said(self, title: str, lead: str, text: str) -> list[Hit]:
        """The names in an article, each once, with what is left of its weight where it weighs most."""
        if not self.hits(f"{title}\n{lead}\n{text}"):
            return []
        about = self._about(title, lead)
        said = [*self._said(title, about), *self._said(lead, about)]
        if not any(hit.weight >= WEIGHTS["likely"] for hit in said):
            about |= self._dwelt_on(text)
        heaviest: dict[str, Hit] = {}
        for paragraph in (title, lead, *text.split("\n")):
            for hit in self._said(paragraph, about):
                known = heaviest.get(fold(hit.words))
                if known is None or known.weight < hit.weight:
                    heaviest[fold(hit.words)] = hit
        return list(heaviest.values())

    def beside(self, title: str, lead: str, text: str) -> list[Hit]:
        """The names in words that stand beside an article, with what is left of their weight in such an article."""
        if not self.hits(text):
            return []
        about = self._about(title, lead)
        found = [hit for line in text.split("\n") for hit in self._said(line, about)]
        return list({fold(hit.words): hit for hit in sorted(found, key=lambda hit: hit.weight)}.values())

    def _about(self, title: str, lead: str) -> set[str]:
        """The groups that title and lead warn of, the one naming what the other warns of included."""
        return self.subjects(f"{title}\n{lead}")

    def speaks_of_health(self, text: str) -> bool:
        """Whether a text in another script has words of health in it."""
        return any(word in text for word in self._health)

    def is_foreign(self, text: str) -> bool:
        """Whether the text is in Latin letters and neither Vietnamese nor English; a few words are not asked."""
        found = re.findall(r"[^\W\d_]{2,}", text.lower())[:TONGUE]
        if len(found) < FEW_WORDS:
            return False
        marked = sum(MARKED.search(unicodedata.normalize("NFD", word)) is not None for word in found)
        english = sum(word in self._english for word in found)
        return marked < VIETNAMESE * len(found) and english < ENGLISH * len(found)

    def _dwelt_on(self, text: str) -> set[str]:
        """The groups that several sentences of the text warn of: the story of a patient, an inspection."""
        sentences = [sentence for paragraph in text.split("\n") for sentence in SENTENCE.split(paragraph)]
        counted = Counter(label for sentence in sentences for label in self.subjects(sentence))
        return {label for label, count in counted.items() if count >= SEVERAL}

    def _said(self, paragraph: str, about: set[str]) -> list[Hit]:
        if not self.hits(paragraph):
            return []
        found: dict[str, Hit] = {}
        plain = plain_of(paragraph)
        near, lots = self.warned(plain), self.patterns.no_brand.search(plain) is not None
        for sentence in SENTENCE.split(paragraph):
            here = near and self.warned(plain_of(sentence))
            for hit in self.hits(sentence):
                left = WARNED if here else ABOUT if hit.label in about else NEAR if near else 1.0
                key, weight = fold(hit.words), hit.weight * left
                if not (lots and _coded(hit.words)) and (key not in found or found[key].weight < weight):
                    found[key] = hit._replace(weight=weight)
        return list(found.values())


@cache
def words() -> Words:
    """The vocabulary of the package. Raises ConfigError with file and line for YAML that cannot be read."""
    data = resources.files(vocabulary.__name__).joinpath(FILE).read_bytes()
    return Words(vocabulary.parse(data, FILE))


def plain_of(text: str) -> str:
    """The text in lower case with one tone placement, without styled letters (𝐧𝐡𝐚̀, ⓒ), overlays and look-alikes."""
    plain = unicodedata.normalize("NFKC", STRUCK.sub("", text))
    if MIXED.search(plain):
        plain = plain.translate(LOOKALIKES)
    return even(tones(plain))


def tight_of(text: str) -> str:
    """The text's folded letters and digits with nothing between them."""
    folded = fold(text)
    return folded if folded.isalnum() else NOT_TIGHT.sub("", folded)


def _pieces(text: str) -> Iterator[str]:
    """The text in parts that end between words, each beginning with the last words of the one before."""
    start = 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            end = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1 or end
        yield text[start:end]
        if end >= len(text):
            return
        behind = max(end - SHARED, start + 1)
        start = text.find(" ", behind, end - 1) + 1 or end


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether no letter or digit touches [start, end); scripts that write no spaces are not asked."""
    if _unspaced(plain[start]):
        return True
    return (start == 0 or not plain[start - 1].isalnum()) and (end == len(plain) or not plain[end].isalnum())


def _unspaced(sign: str) -> bool:
    """Whether the letter is of Thai, Chinese, Japanese, Korean or their like."""
    return ord(sign) >= 0x0E00 and not "\u1e00" <= sign <= "\u1eff"


def _coded(word: str) -> bool:
    """Whether the word could be a lot number: letters and digits, short."""
    return len(word) <= LOT and word.isalnum() and not word.isalpha()


def _names(data: dict[str, Any]) -> dict[str, Meaning]:
    names: dict[str, Meaning] = {}
    marked_only = set(data["marked_only"])

    def add(name: str, meaning: Meaning) -> None:
        names.setdefault(even(tones(name)), meaning)
        if name not in marked_only and " " in name:
            names.setdefault(fold(name), meaning)

    for name in data["exclude"]:
        add(str(name), Meaning("", "", 0))
    for name in map(str, data["brands"]):
        level = "likely" if len(name) <= SHORT_BRAND else "sure"
        add(name, Meaning(GAMBLING, GAMBLING, WEIGHTS[level]))
    for group in data["groups"]:
        for level in ("sure", "likely", "faint", "calls"):
            for name in map(str, group[level]):
                add(name, Meaning(group["slug"], group["label"], WEIGHTS[level], level == "calls"))
    return names


def _tight(data: dict[str, Any]) -> dict[str, Meaning]:
    """Names as they stand in hosts and disguised words: letters only, four of them at least."""
    pairs = [
        (str(name), Meaning(group["slug"], group["label"], WEIGHTS["sure"]))
        for group in data["groups"]
        for level in ("sure", "likely")
        for name in group[level]
        if level == "sure" or len(tight_of(str(name))) >= TIGHT
    ]
    pairs += [(str(name), Meaning(GAMBLING, GAMBLING, WEIGHTS["sure"])) for name in data["brands"]]
    unmarked = [(tight_of(name), meaning) for name, meaning in pairs if name not in data["marked_only"]]
    return {name: meaning for name, meaning in unmarked if name.isascii() and len(name) >= SHORT_BRAND}


def _patterns(data: dict[str, Any]) -> Patterns:
    groups = data["groups"]
    return Patterns(
        warnings=_any(data["warnings"]),
        cleared=_any(data["not_warnings"]),
        urgent=_any(data["urgent"]),
        shapes=tuple(re.compile(shape) for shape in data["brand_shapes"]),
        no_brand=re.compile("|".join(data["not_brands"])),
        offers=tuple(
            (re.compile(pattern), Meaning(group["slug"], group["label"], WEIGHTS["patterns"]))
            for group in groups
            for pattern in group.get("patterns", ())
        ),
        subjects=tuple((group["label"], _any(group["subjects"])) for group in groups),
    )


def _any(names: Iterable[str]) -> re.Pattern[str]:
    ways = sorted({even(tones(name)) for name in names}, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, ways))})(?![^\W_])")
