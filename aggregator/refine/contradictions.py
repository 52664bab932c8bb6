"""What two articles are about that cannot be one event: another day, place, document, lot, disease, round."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from sys import intern

from aggregator.model import FormerPlace, Told
from aggregator.refine.facts import Sentence
from aggregator.refine.spelled import value
from aggregator.text import tones

LOCAL = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh: no summer time since 1975
WINDOW = timedelta(days=7)  # further apart, two publications are two stories
TOO_FAR = "đăng cách nhau quá 7 ngày"
OPENING = 2  # sentences of the text that, with title and lead, say what an article is about
HEAD_CHARS = 160  # of the text, for the evidence of tags; about its first sentence
# What is reported again each day or week, with new figures.
BULLETIN = re.compile(
    r"bản tin|trong ngày|24 giờ|24h|ca (?:mắc )?mới|tính đến|tính từ \d|tình hình dịch|cập nhật"
    r"|thêm \d[\d.]* (?:ca|người)"
)
RELATIVE_DAY = re.compile(r"trong ngày|24 giờ qua|24h qua|hôm nay|sáng nay|chiều nay|tối nay")
FOLLOW_UP = re.compile(r"trước đó|đã đưa tin|đã đưa|hôm qua|liên quan đến vụ|nâng tổng")
RISEN = re.compile(r"lên ((?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?)")  # news when the earlier one lacks it
PARTS = ("sáng", "trưa", "chiều", "tối")
PART_ENDS = ("11:00", "13:00", "18:30")  # a bulletin "of 18 giờ" is the afternoon's
SCHOOL_YEAR = "năm học"
NATION = re.compile(r"[Cc]ả nước|[Tt]oàn quốc|\b(?:34|63) (?:tỉnh|địa phương)")  # of 2025, and before
NONE = frozenset[str]()
ROUND_WORDS = frozenset(("đợt", "tuần", "năm", "vòng", "kỳ"))


@dataclass(frozen=True, slots=True)
class About:
    """What an article is about: facts of its title, its opening (title, lead, first sentences), and all of it.

    `day` is the day a bulletin reports on, None for what is no bulletin; `parts` are the parts of the day in its
    title. `rounds` are pairs such as ("tuần", "41"); `numbers` hold the years of dates and school years too.
    `risen` are the figures that its opening says something rose to. `nationwide` says that it opens with the whole
    country, `whole_country` that its text names it anywhere.
    """

    published: datetime
    local_day: date
    day: date | None
    parts: frozenset[str]
    title_dates: frozenset[date]
    opening_dates: frozenset[date]
    dates: frozenset[date]
    opening_docs: frozenset[str]
    docs: frozenset[str]
    lots: frozenset[str]
    numbers: frozenset[str]
    rounds: frozenset[tuple[str, str]]
    title_places: frozenset[str]
    head_places: frozenset[str]
    places: frozenset[str]
    title_diseases: frozenset[str]
    diseases: frozenset[str]
    follow_up: bool
    risen: frozenset[str]
    nationwide: bool
    whole_country: bool


Rule = Callable[[About, About], str]


def about(told: Told, sentences: Sequence[Sentence]) -> About:
    """What the article is about; `sentences` are all of its own, title first."""
    article = told.article
    title = [one for one in sentences if one.field == "title"]
    opening = opening_of(sentences)
    top, whole = _facts(opening), _facts(sentences)
    title_dates, opening_dates, dates = (_dates(one.get("date", NONE)) for one in (_facts(title), top, whole))
    words = tones(f"{article.title}\n{article.lead}\n{article.text[:400]}")
    local_day = article.published.astimezone(LOCAL).date()
    return About(
        published=article.published,
        local_day=local_day,
        day=_bulletin_day(words, title_dates, opening_dates, local_day),
        parts=_parts(title),
        title_dates=title_dates,
        opening_dates=opening_dates,
        dates=dates,
        opening_docs=top.get("doc", NONE),
        docs=whole.get("doc", NONE),
        lots=whole.get("lot", NONE),
        numbers=frozenset(intern(token[5:]) for token in whole.get("num", NONE))
        | frozenset(token[6:] for token in whole.get("year", NONE))
        | {str(day.year) for day in dates}
        | frozenset(_school_years(sentences)),
        rounds=frozenset((*_rounds(opening), *((SCHOOL_YEAR, year) for year in _school_years(opening)))),
        title_places=_tags(told, "place", 0),
        head_places=_tags(told, "place", HEAD_CHARS),
        places=_tags(told, "place", None) | _successors(told, local_day),
        title_diseases=_tags(told, "disease", 0),
        diseases=_tags(told, "disease", None),
        follow_up=bool(FOLLOW_UP.search(words)),
        risen=frozenset(value(number) for number in RISEN.findall(words)),
        nationwide=bool(NATION.search(words)),
        whole_country=bool(NATION.search(article.text)),
    )


def opening_of(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Title, lead and the first sentences of the text."""
    text = [one for one in sentences if one.field == "text"]
    return [one for one in sentences if one.field != "text"] + text[:OPENING]


def _facts(sentences: Iterable[Sentence]) -> dict[str, frozenset[str]]:
    """The tokens of facts, by kind."""
    found: dict[str, set[str]] = {}
    for token in {token for one in sentences for token in one.tokens if token[0] == "#"}:
        found.setdefault(token[1 : token.index(":")], set()).add(token)
    return {kind: frozenset(tokens) for kind, tokens in found.items()}


def _dates(tokens: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(token[6:]) for token in tokens)


def _parts(sentences: Iterable[Sentence]) -> frozenset[str]:
    tokens = [token for one in sentences for token in one.tokens]
    hours = [token[6:] for token in tokens if token.startswith("#time:")]
    return frozenset(PARTS[sum(hour >= end for end in PART_ENDS)] for hour in hours) | (set(tokens) & set(PARTS))


def _tags(told: Told, kind: str, head: int | None) -> frozenset[str]:
    """Slugs of tags of the kind; with `head`, those of the title (0), or of title, lead and that much text."""
    return frozenset(
        tag.tag
        for tag in told.tags
        if tag.kind == kind
        and any(
            head is None or one.field == "title" or (head > 0 and (one.field == "lead" or one.start < head))
            for one in tag.evidence
        )
    )


def _successors(told: Told, day: date) -> frozenset[str]:
    """What holds the area of the provinces that it names by their former names: both names are of one place now."""
    former = [tag.detail for tag in told.tags if tag.kind == "place" and isinstance(tag.detail, FormerPlace)]
    return frozenset(one.successors[0][0] for one in former if one.until < day and len(one.successors) == 1)


def _rounds(sentences: Iterable[Sentence]) -> Iterable[tuple[str, str]]:
    for sentence in sentences:
        for word, token in zip(sentence.tokens, sentence.tokens[1:], strict=False):
            kind, _, value = token.partition(":")
            if word in ROUND_WORDS and kind in {"#num", "#year"} and value.isdigit():
                yield word, value


def _school_years(sentences: Iterable[Sentence]) -> Iterable[str]:
    """Those of "năm học 2026 - 2027" as "2026-2027", told by the first of the two years."""
    for sentence in sentences:
        if "học" in sentence.words and "năm" in sentence.words:
            tokens = sentence.tokens
            for at in range(len(tokens) - 2):
                if tokens[at : at + 2] == ("năm", "học") and tokens[at + 2][:7] in {"#num:20", "#num:19"}:
                    year = tokens[at + 2][5:]
                    if len(year) == 4 and year.isdecimal():
                        yield f"{year}-{int(year) + 1}"


def _bulletin_day(words: str, title: frozenset[date], opening: frozenset[date], published: date) -> date | None:
    """The last day that the title, else the opening, names (not one to come); else the day of "trong ngày"."""
    if not BULLETIN.search(words):
        return None
    for days in (title, opening):
        past = [day for day in days if day <= published]
        if past:
            return max(past)
    return published if RELATIVE_DAY.search(words) else None


def contradiction(a: About, b: About) -> str:
    """Why the two cannot be one event, in Vietnamese; "" when nothing speaks against it. Symmetric."""
    for rule in RULES:
        reason = rule(a, b)
        if reason:
            return reason
    return ""


def _far(a: About, b: About) -> str:
    return TOO_FAR if abs(a.published - b.published) > WINDOW else ""


def _bulletins(a: About, b: About) -> str:
    if a.day and b.day and a.day != b.day:
        one, other = sorted((a.day, b.day))
        return f"hai bản tin của hai ngày: {one:%d/%m} và {other:%d/%m}"
    if a.day and b.day and a.parts and b.parts and a.parts.isdisjoint(b.parts):
        return "hai bản tin trong một ngày"
    return ""


def _days(a: About, b: About) -> str:
    if a.title_dates and b.title_dates and not (a.title_dates & b.dates or b.title_dates & a.dates):
        return "tiêu đề nói về hai ngày khác nhau"
    return ""


def _round(a: About, b: About) -> str:
    if not (a.rounds and b.rounds):
        return ""
    for word in sorted({word for word, _ in a.rounds} & {word for word, _ in b.rounds}):
        left, right = (frozenset(value for name, value in one.rounds if name == word) for one in (a, b))
        if _apart(word, left, a.numbers, right, b.numbers):
            return f"{word} {' và '.join(sorted(left | right))}"
    return ""


def _apart(
    what: str, head_a: frozenset[str], all_a: frozenset[str], head_b: frozenset[str], all_b: frozenset[str]
) -> str:
    """Both name something of their own, and neither speaks of what the other names."""
    return what if head_a and head_b and not (head_a & all_b or head_b & all_a) else ""


def _documents(a: About, b: About) -> str:
    return _apart("hai văn bản khác nhau", a.opening_docs, a.docs, b.opening_docs, b.docs)


def _lots(a: About, b: About) -> str:
    return _apart("hai lô khác nhau", a.lots, a.lots, b.lots, b.lots)


def _places(a: About, b: About) -> str:
    titles = _apart("hai nơi khác nhau", a.title_places, a.places, b.title_places, b.places)
    if titles or a.lots & b.lots:  # a lot is tested in one place and withdrawn in another
        return titles
    return _apart("hai nơi khác nhau", a.head_places, a.places, b.head_places, b.places)


def _nation(a: About, b: About) -> str:
    """One tells of the whole country and not of the other's place, the other of its place alone.

    A document or lot that both name makes them one event: what is ordered for all is carried out somewhere.
    """
    for nation, local in ((a, b), (b, a)):
        whole = nation.nationwide and not nation.head_places and nation.places.isdisjoint(local.title_places)
        part = local.title_places and not local.whole_country
        if whole and part and (nation.docs | nation.lots).isdisjoint(local.docs | local.lots):
            return "một bài nói về cả nước, một bài về một nơi"
    return ""


def _diseases(a: About, b: About) -> str:
    return _apart("hai bệnh khác nhau", a.title_diseases, a.diseases, b.title_diseases, b.diseases)


def _later(a: About, b: About) -> str:
    """One opens with a day after the other was published: what happened then, the other cannot have told."""
    first, last = sorted((a, b), key=lambda one: one.published)
    news = {day for day in last.opening_dates if first.local_day < day <= last.local_day}
    if news - first.dates:
        return f"bài sau nói về ngày {max(news):%d/%m}"
    return ""


RULES: tuple[Rule, ...] = (_far, _bulletins, _days, _round, _documents, _lots, _places, _nation, _diseases, _later)
