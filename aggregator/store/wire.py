"""Rows to types and back: the one place that knows how a type lies in its columns."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from aggregator.model import (
    Article,
    AskedAbout,
    Attachment,
    Detail,
    Disagreement,
    Document,
    Edit,
    Evidence,
    FormerPlace,
    Held,
    Image,
    Known,
    Link,
    Notice,
    Ordered,
    Phone,
    PlaceWithin,
    Revision,
    SafeHtml,
    Skip,
    SourceState,
    TagMatch,
    Validator,
    Verdict,
    Visit,
)

PLAIN_ARTICLE = (
    "id",
    "source",
    "url",
    "ref",
    "title",
    "lead",
    "author",
    "published",
    "precision",
    "modified",
    "digest",
    "fetched_at",
    "reader",
    "language",
)
PLAIN_KNOWN = (
    "id",
    "source",
    "url",
    "ref",
    "title",
    "text_digest",
    "lead_digest",
    "status",
    "published",
    "first_seen",
    "fetched_at",
    "next_check",
    "misses",
    "alive_at",
    "watch",
)
PLAIN_LINE = ("article", "source", "path", "title", "label", "published", "precision", "flag", "topic")
PLAIN_LINK = ("a", "b", "kind", "score", "because", "rule")
PLAIN_STATE = (
    "health",
    "cause",
    "problem",
    "failures",
    "last_visit",
    "last_success",
    "next_visit",
    "newest",
    "since",
)
PLAIN_VISIT = (
    "run",
    "source",
    "started_at",
    "ended_at",
    "outcome",
    "cause",
    "problem",
    "requests",
    "bytes",
    "leads",
    "new",
    "revised",
    "withdrawn",
    "checks",
)


def dumps(value: Any) -> str:
    """Compact JSON, Vietnamese readable in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _picked(value: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def article_row(verdict: Verdict, revision: int) -> dict[str, Any]:
    """All columns of an article that was just seen; those about checks and first sight are for a new row only."""
    article = verdict.article
    return _picked(article, PLAIN_ARTICLE) | {
        "text_digest": article.text_digest,
        "revision": revision,
        "first_seen": article.fetched_at,
        "alive_at": article.fetched_at,
        "lead_digest": verdict.lead_digest,
        "etag": verdict.validator.etag,
        "last_modified": verdict.validator.last_modified,
        "status": "live",
        "because": "",
        "next_check": None,
        "misses": 0,
        "images": [astuple(image) for image in article.images],
        "attachments": [astuple(attachment) for attachment in article.attachments],
        "doubts": list(article.doubts),
        "body": str(article.body),
    }


def article_of(row: Row[Any], text: str) -> Article:
    """The article; the row holds the columns of `articles`, `text` is its present revision's."""
    return Article(
        **_picked(row, PLAIN_ARTICLE),
        body=SafeHtml(row.body),  # written from an Article, whose body refine.sanitise made
        text=text,
        images=tuple(Image(*image) for image in row.images),
        attachments=tuple(Attachment(*attachment) for attachment in row.attachments),
        doubts=tuple(row.doubts),
    )


def stub_row(held: Held) -> dict[str, Any]:
    """All columns of an article of which nothing may be told: its place and rhythm, and no words."""
    wordless = replace(
        held.article, title="", lead="", author="", body=SafeHtml(""), text="", images=(), attachments=(), doubts=()
    )
    row = article_row(Verdict(wordless, "new", ""), 0)
    return row | {"status": "quarantined", "text_digest": ""}


PLAIN_HELD = ("digest", "state", "score", "at")
LISTS_HELD = ("because", "seen", "domains")
TIMES = ("published", "modified", "fetched_at")


def held_row(held: Held) -> dict[str, Any]:
    """The held text with its whole article."""
    article = held.article
    text = _picked(article, (*PLAIN_ARTICLE, "text")) | {
        **{name: at.isoformat() if (at := getattr(article, name)) else None for name in TIMES},
        "images": [astuple(image) for image in article.images],
        "attachments": [astuple(attachment) for attachment in article.attachments],
        "doubts": list(article.doubts),
        "body": str(article.body),
    }
    lists = {name: list(getattr(held, name)) for name in LISTS_HELD}
    return {"article": article.id, "urgent": int(held.urgent), "text": text, **_picked(held, PLAIN_HELD), **lists}


def held_of(row: Row[Any]) -> Held:
    """The held text."""
    told: dict[str, Any] = dict(row.text)
    times: dict[str, Any] = {name: datetime.fromisoformat(told[name]) if told[name] else None for name in TIMES}
    article = Article(
        **{name: told[name] for name in (*PLAIN_ARTICLE, "text") if name not in TIMES},
        **times,
        body=SafeHtml(told["body"]),  # written from an Article, whose body refine.sanitise made
        images=tuple(Image(*image) for image in told["images"]),
        attachments=tuple(Attachment(*attachment) for attachment in told["attachments"]),
        doubts=tuple(told["doubts"]),
    )
    lists: dict[str, Any] = {name: tuple(getattr(row, name)) for name in LISTS_HELD}
    return Held(article=article, urgent=bool(row.urgent), **_picked(row, PLAIN_HELD), **lists)


def known_of(row: Row[Any]) -> Known:
    """What is known of an article."""
    return Known(**_picked(row, PLAIN_KNOWN), validator=Validator(row.etag, row.last_modified))


def revision_row(article: Article, number: int) -> dict[str, Any]:
    """The text of an article as its revision of that number."""
    return {
        "article": article.id,
        "number": number,
        "seen_at": article.fetched_at,
        **_picked(article, ("title", "lead", "text", "text_digest", "digest", "url")),
    }


def revision_of(row: Row[Any]) -> Revision:
    """The revision."""
    return Revision(**row._mapping)


def tag_row(article: str, position: int, tag: TagMatch) -> dict[str, Any]:
    """A tag of an article; the position keeps the order that tagging gave."""
    return {
        "article": article,
        "position": position,
        **_picked(tag, ("kind", "tag", "label", "rule")),
        "evidence": [(one.field, one.start, one.end, one.text) for one in tag.evidence],
        "detail": _detail_object(tag.detail),
    }


def tag_of(row: Row[Any]) -> TagMatch:
    """The tag."""
    evidence = tuple(Evidence(*words) for words in row.evidence)
    return TagMatch(row.kind, row.tag, row.label, evidence, row.rule, _detail_of(row.kind, row.detail))


def _detail_object(detail: Detail | None) -> dict[str, Any] | None:
    """The detail as JSON; its tag's kind tells it apart."""
    if isinstance(detail, Notice):
        return _notice_object(detail)
    if isinstance(detail, Document):
        words = astuple(detail.day_words) if detail.day_words else None
        return {"type": detail.type, "issuer": detail.issuer, "day": _iso(detail.day), "words": words}
    if isinstance(detail, FormerPlace):
        ways = {"successors": detail.successors, "within": detail.within}
        return {"until": _iso(detail.until), **{name: [list(pair) for pair in pairs] for name, pairs in ways.items()}}
    if isinstance(detail, PlaceWithin):
        return {"within": [list(pair) for pair in detail.within]}
    return None


def _detail_of(kind: str, given: Mapping[str, Any] | None) -> Detail | None:
    if given is None:
        return None
    if kind == "urgent":
        return _notice_of(given)
    if kind == "document":
        day, words = given["day"], given["words"]
        told = Evidence(*words) if words else None
        return Document(given["type"], given["issuer"], date.fromisoformat(day) if day else None, told)
    within = tuple((slug, label) for slug, label in given.get("within", ()))
    if "until" not in given:
        return PlaceWithin(within)
    successors = tuple((slug, label) for slug, label in given["successors"])
    return FormerPlace(date.fromisoformat(given["until"]), successors, within)


def _notice_object(notice: Notice) -> dict[str, Any]:
    """The notice as JSON; times are ISO 8601 in UTC, evidence is [field, start, end, text]."""
    return {
        "orders": [[one.order, astuple(one.evidence)] for one in notice.orders],
        "where": [
            [astuple(one.place), astuple(one.time) if one.time else None, _iso(one.start), _iso(one.end)]
            for one in notice.where
        ],
        "until": _iso(notice.until),
        "until_words": astuple(notice.until_words) if notice.until_words else None,
        "phones": [[one.number, astuple(one.evidence)] for one in notice.phones],
    }


def _notice_of(given: Mapping[str, Any]) -> Notice:
    def words(value: list[Any] | None) -> Evidence | None:
        return Evidence(*value) if value else None

    return Notice(
        orders=tuple(Ordered(order, Evidence(*evidence)) for order, evidence in given["orders"]),
        where=tuple(
            AskedAbout(Evidence(*place), words(time), _moment(start), _moment(end))
            for place, time, start, end in given["where"]
        ),
        until=_moment(given["until"]),
        until_words=words(given["until_words"]),
        phones=tuple(Phone(number, Evidence(*evidence)) for number, evidence in given["phones"]),
    )


def _iso(at: date | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def link_row(link: Link) -> dict[str, Any]:
    """All columns of a link."""
    return _picked(link, PLAIN_LINK) | {"differing": [astuple(one) for one in link.differing]}


def link_of(row: Row[Any]) -> Link:
    """The link."""
    bar = (row.bar_a, row.bar_b) if row.bar_a is not None else None
    return Link(**_picked(row, PLAIN_LINK), differing=tuple(Disagreement(*one) for one in row.differing), bar=bar)


def edit_of(row: Row[Any]) -> Edit:
    """The edit."""
    return Edit(**row._mapping)


def state_row(state: SourceState) -> dict[str, Any]:
    """The state of a source without its validators."""
    return {
        "id": state.source,
        **_picked(state, PLAIN_STATE),
        "profile": dict(sorted(state.profile.items())),
        "chosen": dict(sorted(state.chosen.items())),
    }


def state_of(row: Row[Any], validators: Mapping[str, Validator]) -> SourceState:
    """The state of a source."""
    return SourceState(
        source=row.id,
        **_picked(row, PLAIN_STATE),
        validators=validators,
        profile=row.profile,
        chosen=row.chosen,
    )


def visit_row(visit: Visit) -> dict[str, Any]:
    """The visit with its skips."""
    return _picked(visit, PLAIN_VISIT) | {"skips": [astuple(skip) for skip in visit.skips]}


def visit_of(row: Row[Any]) -> Visit:
    """The visit."""
    return Visit(**_picked(row, PLAIN_VISIT), skips=tuple(Skip(*skip) for skip in row.skips))
