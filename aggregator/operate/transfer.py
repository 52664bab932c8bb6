"""Articles as JSON lines: in (import), out (export), and as plain text for `tag` and `dedupe`. Pure."""

import html
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aggregator.errors import ArticleError
from aggregator.model import Draft, Revision, TagMatch, Telling, digest_of
from aggregator.refine.stories import Decision

IMPORT_NEEDS = ("url", "source", "title", "published")


def json_lines(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any] | ArticleError]]:
    """Line number and object of each line that is not blank; what is no object comes as the error it is."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            yield number, ArticleError(f"line {number}: not JSON: {error}")
            continue
        yield number, value if isinstance(value, dict) else ArticleError(f"line {number}: not a JSON object")


def draft(value: Mapping[str, Any], number: int, fetched_at: datetime) -> Draft:
    """A draft of one import line `{url, source, title, lead?, text|html, published, author?}`.

    Raises ArticleError naming the line and the key.
    """
    for key in (*IMPORT_NEEDS, "lead", "text", "html", "author"):
        if not isinstance(value.get(key, ""), str):
            raise ArticleError(f"line {number}: {key} is not a text", str(value.get("url", "")))
    absent = [key for key in IMPORT_NEEDS if not value.get(key, "").strip()]
    if absent:
        raise ArticleError(f"line {number}: {', '.join(absent)} missing; every line needs {', '.join(IMPORT_NEEDS)}")
    body = value.get("html") or paragraphs(value.get("text", ""))
    return Draft(
        source=value["source"],
        url=value["url"],
        ref="",
        title=html.escape(value["title"]),
        lead=html.escape(value.get("lead", "")),
        author=html.escape(value.get("author", "")),
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
    if "id" not in value:
        raise ArticleError(f"line {number}: id missing")
    stand_in = {
        "url": f"https://page.invalid/{number}",
        "source": "unknown",
        "title": "-",
        "published": "-",
    }  # RFC 2606
    given = {key: value.get(key) or "" for key in (*stand_in, "lead", "text", "author")}
    made = draft({**given, **{key: given[key] or word for key, word in stand_in.items()}}, number, now)
    return replace(made, title=html.escape(given["title"]), time=given["published"])


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


def tag_line(id: Any, tags: Sequence[TagMatch]) -> dict[str, Any]:
    """What `tag` prints for one article."""

    def of(kind: str) -> list[str]:
        return [tag.label for tag in tags if tag.kind == kind]

    return {
        "id": id,
        "tags": [tag_object(tag) for tag in tags],
        "places": of("place"),
        "diseases": of("disease"),
        "authorities": of("authority"),
        "documents": of("document"),
    }


def tag_object(tag: TagMatch) -> dict[str, Any]:
    """A tag with the words that earned it; offsets are code points of the field's cleaned NFC text."""
    evidence = [{"field": e.field, "start": e.start, "end": e.end, "text": e.text} for e in tag.evidence]
    return {"tag": tag.tag, "kind": tag.kind, "label": tag.label, "evidence": evidence}
