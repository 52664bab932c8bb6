"""Which articles are worth comparing: a few numbers an article, and who shares enough of them.

READ FIRST `sketch`. Three kinds of keys, all hashes of words as `text.tones` has them:
- runs of words, by the least hash of every few shingles (local MinHash): re-posts, excerpts, what is quoted inside;
- terms, sampled by their weight (weighted MinHash): the same story in other words;
- the words of the title, and every word of a text of a few lines, of which there is little to sample.
Which keys an article has follows from its words alone. Only HOLDERS and MOST look at what else is there.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import log
from zlib import crc32

from aggregator.model import Article, Sketch
from aggregator.refine.contradictions import WINDOW
from aggregator.refine.facts import is_foreign
from aggregator.refine.likeness import COMMON, FIELD_WEIGHTS, FUNCTION
from aggregator.text import syllables

RULE = "sketches-1"  # raise it when the keys of a text change: what is stored is then sketched anew

# Measured by tests/evals/candidates_eval.py: every pair that is linked is found, longer and cut versions too.
SHINGLE = 4  # words
RUN = 12  # shingles, of which the least is kept: any 15 words in a row that two texts share give them a key
TERMS = 48  # sampled terms
THIN = 60  # words of lead and text below which an article is thin, and what it shares counts double
LEAST = 4  # score from which two are compared: a shared run counts 2, a shared term or word 1
HOLDERS = 32  # of each key the nearest so many published before an article, and as many after it, are looked at
MOST = 64  # candidates an article, the highest scores
RARE = 1.2  # weight of a number of two digits or more, and of a foreign word
PAIRED = (1.0, 0.6, 0.0)  # weight of two words side by side, by how many of them stand in every health notice

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE_BITS = 25  # below the seconds of a place: 24 tell two of one second apart, the lowest says whether it is thin
REACH = (WINDOW // timedelta(seconds=1) + 1) << PLACE_BITS  # in places

Scores = Mapping[str, Mapping[str, int]]  # article -> other article -> score


def sketch(article: Article) -> Sketch:
    """The article's keys and its place in time. Another text of the same article has another place."""
    words = {"title": syllables(article.title), "lead": syllables(article.lead), "text": syllables(article.text)}
    title, body = words["title"], words["lead"] + words["text"]
    thin = len(body) < THIN
    keys = {_hash(term) << 1 for term in _sample(_terms(words))}
    keys |= {_hash(word) << 1 for word in (title + body if thin else title) if _tells(word)}
    keys |= {run << 1 | 1 for run in _runs(title + body)}
    return Sketch(article.id, _place(article, thin), tuple(sorted(keys)), RULE)


def _place(article: Article, thin: bool) -> int:
    seconds = (article.published - EPOCH) // timedelta(seconds=1)
    own = crc32(f"{article.id}\x1f{article.text_digest}".encode()) & 0xFFFFFF
    return seconds << PLACE_BITS | own << 1 | thin


def _hash(words: str) -> int:
    """30 bits: with the kind below them a key is a positive number of 31, which a database keeps in four bytes."""
    return crc32(words.encode("utf-8", "surrogatepass")) & 0x3FFFFFFF


def _runs(words: Sequence[str]) -> set[int]:
    hashes = [_hash(" ".join(words[at : at + SHINGLE])) for at in range(max(1, len(words) - SHINGLE + 1))]
    return {min(hashes[at : at + RUN]) for at in range(max(1, len(hashes) - RUN + 1))}


def _tells(word: str) -> bool:
    return word not in FUNCTION and word not in COMMON and not (len(word) == 1 and word.isdecimal())


def _terms(words: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Numbers, foreign words and words side by side, each with its weight: that of the first field it stands in."""
    found: dict[str, float] = {}
    for field, held in words.items():
        factor = FIELD_WEIGHTS[field]
        for term, weight in _of(held):
            found.setdefault(term, weight * factor)
    return found


def _of(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    previous = ""
    for word in words:
        if word in FUNCTION or (len(word) == 1 and word.isdecimal()):
            previous = ""
            continue
        if not word.isalpha() or is_foreign(word):
            yield word, RARE
        if previous and (weight := PAIRED[(word in COMMON) + (previous in COMMON)]):
            yield f"{previous} {word}", weight
        previous = word


def _sample(terms: Mapping[str, float]) -> Collection[str]:
    """At most TERMS of the terms. Each draws a waiting time by its hash and weight, the shortest are taken.

    So a term taken of one text is most likely taken of another that has it too, the likelier the more it weighs.
    """
    if len(terms) <= TERMS:
        return terms
    return sorted(terms, key=lambda term: (-log((_hash(term) + 1) / 2**30) / terms[term] ** 2, term))[:TERMS]


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
            for place, score in _scores(one, ordered, reach, holders).items()
            if score >= least
            for other in articles[place] - {one.article}
        }
        for one in asked
    }


def _scores(one: Sketch, places: Mapping[int, Sequence[int]], reach: int, holders: int) -> dict[int, int]:
    """Scores by place."""
    terms, runs = Counter[int](), Counter[int]()
    for key in one.keys:
        near = _near(one.place, places.get(key, ()), reach, holders)
        (runs if key & 1 else terms).update(near)
    whole = {place: terms[place] + 2 * runs[place] for place in terms.keys() | runs.keys()}
    return {place: score * (1 + ((place | one.place) & 1)) for place, score in whole.items()}


def _near(place: int, found: Sequence[int], reach: int, holders: int) -> Sequence[int]:
    """Of these places, in order, the nearest on each side that are within reach."""
    left, right = bisect_left(found, place), bisect_right(found, place)
    first = bisect_left(found, place - reach, max(0, left - holders), left)
    last = bisect_right(found, place + reach, right, min(len(found), right + holders))
    return found[first:last]


def best(*found: Scores) -> dict[str, tuple[str, ...]]:
    """For each article those worth comparing with it, at most MOST by score, from all that was found."""
    scores: dict[str, dict[str, int]] = {}
    for one in found:
        for article, others in one.items():
            scores.setdefault(article, {}).update(others)
    ranked = {article: sorted(others, key=lambda id: (-others[id], id)) for article, others in scores.items()}
    return {article: tuple(others[:MOST]) for article, others in ranked.items()}
