"""Articles as JSON lines: in (import), out (export), and as plain text for `tag` and `dedupe`. Pure."""

import html
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aggregator.errors import ArticleError
from aggregator.model import Draft, Evidence, Revision, TagMatch, Telling, digest_of
from aggregator.refine import dates
from aggregator.refine.stories import Decision

IMPORT_NEEDS = ("url", "source", "title", "published")


def json_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any] | ArticleError]]:
    """Line number and object of each line of UTF-8 that is not blank; what is no object comes as the error it is."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, _object(line, number)


def _object(line: bytes, number: int) -> dict[str, Any] | ArticleError:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return ArticleError(f"line {number}: not UTF-8 (byte {error.start})")
    except (ValueError, RecursionError) as error:
        return ArticleError(f"line {number}: not JSON: {error}")
    return value if isinstance(value, dict) else ArticleError(f"line {number}: not a JSON object")


def draft(value: Mapping[str, Any], number: int, fetched_at: datetime) -> Draft:
    """A draft of one import line `{url, source, title, lead?, text|html, published, author?}`.

    Raises ArticleError naming the line and the key.
    """
    given = _texts(value, (*IMPORT_NEEDS, "lead", "text", "html", "author"), number)
    absent = [key for key in IMPORT_NEEDS if not given[key].strip()]
    if absent:
        raise ArticleError(f"line {number}: {', '.join(absent)} missing; every line needs {', '.join(IMPORT_NEEDS)}")
    if not _is_web_address(given["url"]):
        raise ArticleError(f"line {number}: url {given['url']!r} is not a web address; write https://host/path")
    if dates.parse(given["published"], day_first=True, fetched_at=fetched_at) is None:
        told = f"published {given['published']!r} is not a time; write 2026-10-20T09:00+07:00"
        raise ArticleError(f"line {number}: {told}")
    return _draft(given, fetched_at)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _texts(value: Mapping[str, Any], keys: Iterable[str], number: int) -> dict[str, str]:
    """The values of the keys, "" where there is none or null. Raises ArticleError for what is no text."""
    given = {key: "" if value.get(key) is None else value[key] for key in keys}
    wrong = next((key for key, text in given.items() if not isinstance(text, str)), "")
    if wrong:
        raise ArticleError(f"line {number}: {wrong} is not a text")
    return given


def _draft(value: Mapping[str, str], fetched_at: datetime) -> Draft:
    body = value["html"] or paragraphs(value["text"])
    return Draft(
        source=value["source"],
        url=value["url"],
        ref="",
        title=html.escape(value["title"]),
        lead=html.escape(value["lead"]),
        author=html.escape(value["author"]),
        time=value["published"],
        modified="",
        body=body,
        base=value["url"],
        digest=digest_of(json.dumps(dict(value), ensure_ascii=False, sort_keys=True)),
        fetched_at=fetched_at,
        reader="import",
    )


def loose_draft(value: Mapping[str, Any], number: int, now: datetime) -> Draft:
    """A draft of a line for `tag` or `dedupe`: only `id` is needed. Raises ArticleError naming the line."""
    if value.get("id") is None:
        raise ArticleError(f"line {number}: id missing")
    given = _texts(value, ("url", "source", "title", "published", "lead", "text", "html", "author"), number)
    stand_in = {"url": f"https://page.invalid/{number}", "source": "unknown"}  # RFC 2606
    return _draft({**given, **{key: given[key] or word for key, word in stand_in.items()}}, now)


def paragraphs(text: str) -> str:
    """Plain text as HTML paragraphs, one a line."""
    return "".join(f"<p>{html.escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def export_line(story: str, telling: Telling, urls: Sequence[str]) -> dict[str, Any]:
    """What `export` prints for one article. Times are ISO 8601 in UTC; `urls` are all addresses it was seen at."""
    article = telling.article
    corrected = telling.status == "live" and len(telling.revisions) > 1

    def of(kind: str) -> list[str]:
        return [tag.label for tag in telling.tags if tag.kind == kind]

    return {
        "id": article.id,
        "url": article.url,
        "urls": list(urls),
        "source": article.source,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "published": article.published.isoformat(),
        "first_seen": telling.first_seen.isoformat(),
        "status": "corrected" if corrected else telling.status,
        "withdrawn_at": telling.withdrawn_at.isoformat() if telling.withdrawn_at else None,
        "story": story,
        "tags": [tag_object(tag) for tag in telling.tags],
        "documents": of("document"),
        "places": of("place"),
        "revisions": [_revision(revision) for revision in telling.revisions],
    }


def _revision(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "seen_at": revision.seen_at.isoformat(),
        "title": revision.title,
        "lead": revision.lead,
        "text": revision.text,
        "digest": revision.digest,
    }


def decision_line(decision: Decision, ids: Mapping[str, Any]) -> dict[str, Any]:
    """What `dedupe` prints for one article, with the ids as they were given."""
    return {
        "id": ids[decision.id],
        "article": ids[decision.article],
        "story": ids[decision.story],
        "duplicate_of": ids[decision.duplicate_of] if decision.duplicate_of else None,
        "score": decision.score,
        "because": decision.because,
    }


def tag_line(
    id: Any, tags: Sequence[TagMatch], *, notices: bool = False, source: Callable[[TagMatch], str] | None = None
) -> dict[str, Any]:
    """What `tag` prints for one article.

    With `notices` also what the urgent notice says that it is, or None; with `source` also who named each tag so.
    """

    def of(kind: str) -> list[str]:
        return [tag.label for tag in tags if tag.kind == kind]

    line = {
        "id": id,
        "tags": [tag_object(tag) | ({"source": source(tag)} if source else {}) for tag in tags],
        "places": of("place"),
        "diseases": of("disease"),
        "authorities": of("authority"),
        "documents": of("document"),
    }
    return line | {"notice": next((_notice_object(tag) for tag in tags if tag.notice), None)} if notices else line


def _notice_object(tag: TagMatch) -> dict[str, Any] | None:
    """What an urgent notice says; times are ISO 8601 in UTC, None where the text names none."""
    notice = tag.notice
    if notice is None:
        return None
    return {
        "kind": tag.tag,
        "label": tag.label,
        "orders": [{"order": one.order, "evidence": _words(one.evidence)} for one in notice.orders],
        "where": [
            {"place": _words(one.place), "time": _words(one.time), "start": _iso(one.start), "end": _iso(one.end)}
            for one in notice.where
        ],
        "until": _iso(notice.until),
        "until_words": _words(notice.until_words),
        "phones": [{"number": one.number, "evidence": _words(one.evidence)} for one in notice.phones],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _words(evidence: Evidence | None) -> dict[str, Any] | None:
    """Words with their place in the field's cleaned NFC text."""
    return asdict(evidence) if evidence else None


def tag_object(tag: TagMatch) -> dict[str, Any]:
    """A tag with the words that earned it; offsets are code points of the field's cleaned NFC text."""
    evidence = [_words(one) for one in tag.evidence]
    return {"tag": tag.tag, "kind": tag.kind, "label": tag.label, "evidence": evidence}
