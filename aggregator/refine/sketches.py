"""Which articles are worth comparing: a few numbers an article, and who shares enough of them.

READ FIRST `sketch`. Four kinds of keys, all hashes of words as `text.tones` has them:
- all words of the text: an equal one is found first, in a crowd of any size;
- runs of words, by the least hash of every few shingles (local MinHash): re-posts, excerpts, what is quoted inside;
- terms, sampled by their weight (weighted MinHash): the same story in other words;
- the words of the title, and every word of a text of a few lines, of which there is little to sample.
Which keys an article has follows from its words alone. Only HOLDERS and MOST look at what else is there, and
the order of candidates: what a crowd holds, as the words of a template, tells little.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import log
from zlib import crc32

from aggregator.model import CROWD, WHOLE, Article, Sketch
from aggregator.refine.contradictions import WINDOW
from aggregator.refine.facts import is_foreign
from aggregator.refine.likeness import COMMON, FIELD_WEIGHTS, FUNCTION
from aggregator.text import syllables

RULE = "sketches-2"  # raise it when the keys of a text change: what is stored is then sketched anew

# Measured by tests/evals/candidates_eval.py: every pair that is linked is found, longer and cut versions too.
SHINGLE = 4  # words
RUN = 12  # shingles, of which the least is kept: any 15 words in a row that two texts share give them a key
TERMS = 48  # sampled terms
THIN = 60  # words of lead and text below which an article is thin, and what it shares counts three times
LEAST = 5  # score from which two are compared: a shared run counts 2, a shared term or word 1
HOLDERS = 32  # of each key the nearest so many published before an article, and as many after it, are looked at
MOST = 32  # candidates an article, the highest scores
RARE_WEIGHT = 1.2  # weight of a number of two digits or more, and of a foreign word
PAIRED = (1.0, 0.6, 0.0)  # weight of two words side by side, by how many of them stand in every health notice
EMPTY, USUAL, OWN, RARE = range(4)  # how a word tells: not at all, as in every health notice, by itself, more

MASK = (1 << 30) - 1  # with the kind below it a key is a positive number of 31 bits: a database keeps it in four bytes
WHOLE_BITS = (1 << 31) - 1  # of the key of a whole text, which is negative
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE_BITS = 25  # below the seconds of a place: 24 tell two of one second apart, the lowest says whether it is thin
REACH = (WINDOW // timedelta(seconds=1) + 1) << PLACE_BITS  # in places

Scores = Mapping[str, Mapping[str, int]]  # article -> other article -> score


def sketch(article: Article) -> Sketch:
    """The article's keys and its place in time. Another text of the same article has another place."""
    fields = {"title": article.title, "lead": article.lead, "text": article.text}
    said = {field: syllables(text) for field, text in fields.items()}
    words = {field: list(map(_word, found)) for field, found in said.items()}
    title, body = words["title"], words["lead"] + words["text"]
    thin = len(body) < THIN
    keys = {term << 1 for term in _sample(_terms(words))}
    keys |= {hashed << 1 for hashed, kind in (title + body if thin else title) if kind >= OWN}
    keys |= {run << 1 | 1 for run in _runs([hashed for hashed, _ in title + body])}
    keys.add(_whole(said, thin))
    return Sketch(article.id, _place(article, thin), tuple(sorted(keys)), RULE)


def _whole(said: Mapping[str, Sequence[str]], thin: bool) -> int:
    """The key of all words of lead and text, a lead that the text repeats once; of a thin text those of the title too.

    Many notices say no more than "see the file": under other titles these are no equal texts.
    """
    lead, text = list(said["lead"]), list(said["text"])
    body = text if text[: len(lead)] == lead else lead + text
    words = " ".join([*said["title"], *body] if thin else body)
    return -1 - (crc32(words.encode("utf-8", "surrogatepass")) & WHOLE_BITS)


def _place(article: Article, thin: bool) -> int:
    seconds = (article.published - EPOCH) // timedelta(seconds=1)
    own = crc32(f"{RULE} {article.id} {article.text_digest}".encode()) & 0xFFFFFF
    return seconds << PLACE_BITS | own << 1 | thin


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> tuple[int, int]:
    """The word's hash, and how it tells: EMPTY, USUAL, OWN or RARE."""
    hashed = crc32(word.encode("utf-8", "surrogatepass")) & MASK
    if word in FUNCTION or (len(word) == 1 and word.isdecimal()):
        return hashed, EMPTY
    if word in COMMON:
        return hashed, USUAL
    return hashed, RARE if not word.isalpha() or is_foreign(word) else OWN


def _mixed(hashed: int) -> int:
    """Another hash of the same size: sums and products of hashes do not spread by themselves."""
    hashed = (hashed ^ hashed >> 15) * 0x2C1B3C6D & MASK
    return (hashed ^ hashed >> 12) & MASK


def _runs(words: Sequence[int]) -> set[int]:
    """The least hash of every RUN shingles in a row; of a shorter text the least of all."""
    shingles = [
        _mixed(a * 31 + b * 1009 + c * 92821 + d * 6700417)
        for a, b, c, d in zip(words, words[1:], words[2:], words[3:], strict=False)
    ] or [_mixed(sum(words))]
    found = {min(shingles[:RUN])}
    least = min(found)
    for at, shingle in enumerate(shingles[RUN:], RUN):
        if shingle <= least:
            least = shingle
            found.add(shingle)
        elif shingles[at - RUN] == least:
            least = min(shingles[at - RUN + 1 : at + 1])
            found.add(least)
    return found


def _terms(words: Mapping[str, Sequence[tuple[int, int]]]) -> dict[int, float]:
    """Numbers, foreign words and words side by side, each with its weight: that of the first field it stands in."""
    found: dict[int, float] = {}
    for field, held in words.items():
        factor = FIELD_WEIGHTS[field]
        before, last = 0, EMPTY
        for hashed, kind in held:
            if kind >= RARE:
                found.setdefault(hashed, RARE_WEIGHT * factor)
            if last and kind and (weight := PAIRED[(kind == USUAL) + (last == USUAL)]):
                found.setdefault(_mixed(before * 31 + hashed), weight * factor)
            before, last = hashed, kind
    return found


def _sample(terms: Mapping[int, float]) -> Collection[int]:
    """At most TERMS of the terms. Each draws a waiting time by its hash and weight, the shortest are taken.

    So a term taken of one text is most likely taken of another that has it too, the likelier the more it weighs.
    """
    if len(terms) <= TERMS:
        return terms
    waiting = [(-log((term + 1) / (MASK + 2)) / (weight * weight), term) for term, weight in terms.items()]
    return [term for _, term in sorted(waiting)[:TERMS]]


def among(made: Collection[Sketch]) -> Scores:
    """What these share with each other."""
    return sharing(made, made, REACH, HOLDERS, LEAST)


def sharing(asked: Iterable[Sketch], held: Iterable[Sketch], reach: int, holders: int, least: int) -> Scores:
    """What each of the asked shares with the held ones, as ports.RefineStore says of its own `sharing`."""
    places: dict[int, list[int]] = {}
    articles: dict[int, set[str]] = {}
    for one in held:
        articles.setdefault(one.place, set()).add(one.article)
        for key in one.keys:
            places.setdefault(key, []).append(one.place)
    ordered = {key: sorted(set(found)) for key, found in places.items()}
    return {
        one.article: {
            other: score
            for place, score in _scores(one, ordered, reach, holders, least).items()
            for other in articles[place] - {one.article}
        }
        for one in asked
    }


def _scores(one: Sketch, places: Mapping[int, Sequence[int]], reach: int, holders: int, least: int) -> dict[int, int]:
    """Scores by place, of those that share enough."""
    few, many = Counter[int](), Counter[int]()
    for key in one.keys:
        weight = WHOLE if key < 0 else 1 + (key & 1)
        near, is_crowd = _near(one.place, places.get(key, ()), reach, holders)
        for place in near:
            (many if is_crowd else few)[place] += weight
    factor = {place: 1 + 2 * ((place | one.place) & 1) for place in few.keys() | many.keys()}
    return {
        place: few[place] * times + many[place] * times // CROWD
        for place, times in factor.items()
        if (few[place] + many[place]) * times >= least
    }


def _near(place: int, found: Sequence[int], reach: int, holders: int) -> tuple[Sequence[int], bool]:
    """Of these places, in order, the nearest on each side that are within reach; and whether there are more."""
    left, right = bisect_left(found, place), bisect_right(found, place)
    first = bisect_left(found, place - reach, max(0, left - holders), left)
    last = bisect_right(found, place + reach, right, min(len(found), right + holders))
    return found[first:last], left - first == holders or last - right == holders


def best(*found: Scores) -> dict[str, tuple[str, ...]]:
    """For each article those worth comparing with it, at most MOST by score, from all that was found."""
    scores: dict[str, dict[str, int]] = {}
    for one in found:
        for article, others in one.items():
            scores.setdefault(article, {}).update(others)
    ranked = {article: sorted(others, key=lambda id: (-others[id], id)) for article, others in scores.items()}
    return {article: tuple(others[:MOST]) for article, others in ranked.items()}
