"""Which new articles are stored ones that stand elsewhere now: a portal that was moved gives all of them new ids. Pure.

Title and time of publication tell them; that the words are the same is asked for besides, and that neither loses a
figure, name or file by it. A source may print one title twice, so whatever is not the only one of its title and time is
left alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from aggregator.model import Article, Attachment
from aggregator.refine.dates import LOCAL
from aggregator.refine.facts import Sentence, is_foreign, sentences
from aggregator.text import fold, syllables

SHARED = 0.6  # of the words, F1; another reader leaves out a byline, a caption, a related box
SHARED_ON_A_DAY = 0.9  # where only the day is known: two bulletins of a day have one title and most of their words
TITLES = 4096  # whose words are remembered: those of a visit and around it are compared two and two
Title = tuple[str, ...]


class Span(NamedTuple):
    """The time in which stored articles that may be one with a new one were published: `start` <= time < `end`."""

    start: datetime
    end: datetime


def spans(new: Iterable[Article]) -> tuple[Span, ...]:
    """The local days on which the new articles with a known date were published, in order; a row of days is one."""
    found: list[Span] = []
    for day in sorted({_day(article.published) for article in new if _is_dated(article)}):
        start = found.pop().start if found and found[-1].end == day else day
        found.append(Span(start, day + timedelta(days=1)))
    return tuple(found)


@lru_cache(maxsize=TITLES)
def title_of(title: str) -> Title:
    """The words of a title, for comparing."""
    return tuple(syllables(fold(title)))


def moved(new: Sequence[Article], stored: Sequence[Article], listed: Collection[str]) -> dict[str, str]:
    """Ids of the stored articles that new ones are, by the new ones' ids.

    `listed` are the ids of all articles that the source shows now: two that it shows side by side are two.
    """
    found: dict[str, str] = {}
    for article in new:
        twins = [other for other in stored if other.id != article.id and _is_namesake(article, other)]
        rivals = [other for other in new if other.id != article.id and _is_namesake(article, other)]
        if len(twins) == 1 and not rivals and twins[0].id not in listed and _says_the_same(article, twins[0]):
            found[article.id] = twins[0].id
    shared = {id for id, count in Counter(found.values()).items() if count > 1}
    return {id: other for id, other in found.items() if other not in shared}


def _is_namesake(a: Article, b: Article) -> bool:
    """Whether they have one source, title and time of publication, as far as the time is known."""
    title = title_of(a.title)
    if a.source != b.source or not title or title != title_of(b.title) or not (_is_dated(a) and _is_dated(b)):
        return False
    if _is_timed(a) and _is_timed(b):
        return a.published.replace(second=0, microsecond=0) == b.published.replace(second=0, microsecond=0)
    return _day(a.published) == _day(b.published)


def _is_dated(article: Article) -> bool:
    return article.precision in {"minute", "day"}


def _is_timed(article: Article) -> bool:
    """Whether its minute is known. Midnight is what a portal prints that knows the day only."""
    return article.precision == "minute" and article.published != _day(article.published)


def _day(time: datetime) -> datetime:
    return time.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)


def _says_the_same(a: Article, b: Article) -> bool:
    """Whether nothing that either tells would be lost.

    Where one text was not read, nothing shows that it is the same; where neither was, the title must hold a figure or
    a strange name: many notices have one title.
    """
    if _has_apiece(a.attachments, b.attachments):
        return False
    one, other = _words(a), _words(b)
    if not one and not other:
        return (
            _is_timed(a)
            and _is_timed(b)
            and any(token[0] == "#" or is_foreign(token) for token in _facts(_sentences(a)))
        )
    if _tells_apiece(_sentences(a), _sentences(b)):
        return False
    if _is_timed(a) and _is_timed(b):
        return _shared(one, other) >= SHARED
    return _shared(one, other) >= SHARED_ON_A_DAY and _figures(one) == _figures(other)


def _words(article: Article) -> Counter[str]:
    return Counter(syllables(f"{article.lead}\n{article.text}"))


def _sentences(article: Article) -> tuple[Sentence, ...]:
    """Those of all fields. Titles are equal without their marks only: with them, names may differ."""
    day = article.published.astimezone(LOCAL).date()
    fields: tuple[tuple[Literal["title", "lead", "text"], str], ...] = (
        ("title", article.title),
        ("lead", article.lead),
        ("text", article.text),
    )
    return tuple(one for field, text in fields for one in sentences(field, text, day))


def _tells_apiece(a: Sequence[Sentence], b: Sequence[Sentence]) -> bool:
    """Whether each has a figure or name that the other lacks. One side alone may: a caption that was left out."""
    return all(
        bool(_facts(one) - Counter(token for sentence in other for token in sentence.tokens))
        for one, other in ((a, b), (b, a))
    )


def _has_apiece(a: Sequence[Attachment], b: Sequence[Attachment]) -> bool:
    """Whether each has a file that the other lacks. A file is known by its name, or by a label that holds a figure."""
    one, other = ([_marks(file) for file in files] for files in (a, b))
    return all(
        any(all(marks.isdisjoint(others) for others in theirs) for marks in mine)
        for mine, theirs in ((one, other), (other, one))
    )


def _marks(file: Attachment) -> frozenset[str]:
    parts = urlsplit(file.url)
    name = unquote(parts.path).rpartition("/")[2].casefold()
    script = f"{name}?{parts.query}" if parts.query else name
    return frozenset((script, fold(file.label)) if any(map(str.isdigit, file.label)) else (script,))


def _facts(text: Sequence[Sentence]) -> Counter[str]:
    """Figures, dates and numbers, and the names of drugs, places and people, by how often each is told."""
    told = ((token, name) for one in text for token, name in zip(one.tokens, one.names, strict=True))
    return Counter(token for token, name in told if name or token[0] == "#" or is_foreign(token))


def _figures(words: Counter[str]) -> dict[str, int]:
    return {word: count for word, count in words.items() if any(map(str.isdigit, word))}


def _shared(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)
