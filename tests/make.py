"""Builders: a test names only what matters to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from aggregator.model import Article, Evidence, Revision, SafeHtml, Story, TagKind, TagMatch, Telling
from aggregator.settings import Agreement, Config, Section, Source

NOW = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)  # 10:00 in Hà Nội


def agreement(scope: str = "full", **fields: Any) -> Agreement:
    given = {"number": "01/TT-2026", "starts": date(2026, 1, 1), "ends": date(2027, 12, 31), **fields}
    return Agreement(scope=scope, **given)


def source(id: str = "moh", **fields: Any) -> Source:
    home = f"https://{id}.example.vn/"
    given: dict[str, Any] = {
        "name": f"Nguồn {id}",
        "kind": "feed",
        "home": home,
        "sections": (Section(url=f"{home}rss"),),
        "authority": 50,
        **fields,
    }
    return Source(id=id, **given)


def config(*sources: Source, **fields: Any) -> Config:
    return Config(sources=sources or (source(),), **fields)


def article(id: str = "a00000000001", **fields: Any) -> Article:
    of = fields.get("source", "moh")
    published = fields.get("published", NOW - timedelta(hours=3))
    given: dict[str, Any] = {
        "source": of,
        "url": f"https://{of}.example.vn/tin-{id}.htm",
        "ref": id,
        "title": f"Tin y tế số {id}",
        "lead": f"Phần dẫn của tin {id}.",
        "author": "",
        "published": published,
        "precision": "minute",
        "modified": None,
        "body": SafeHtml(f"<p>Nội dung của tin {id}.</p>"),
        "text": f"Nội dung của tin {id}.",
        "digest": "0" * 64,
        "fetched_at": published + timedelta(minutes=10),
        "reader": "feed",
        **fields,
    }
    return Article(id=id, **given)


def tag(key: str, label: str = "", words: str = "", field: Any = "title") -> TagMatch:
    kind: TagKind = key.partition("/")[0]  # type: ignore[assignment]
    evidence = (Evidence(field, 0, len(words), words),) if words else ()
    return TagMatch(kind, key.partition("/")[2], label or key, evidence)


def revision(of: Article, number: int = 1, **fields: Any) -> Revision:
    given: dict[str, Any] = {
        "title": of.title,
        "lead": of.lead,
        "text": of.text,
        "text_digest": of.text_digest,
        "digest": of.digest,
        "seen_at": of.fetched_at,
        "url": of.url,
        **fields,
    }
    return Revision(article=of.id, number=number, **given)


def telling(of: Article | None = None, **fields: Any) -> Telling:
    told = of or article()
    given: dict[str, Any] = {
        "tags": (),
        "revisions": (revision(told),),
        "first_seen": told.fetched_at,
        "status": "live",
        **fields,
    }
    return Telling(article=told, **given)


def story(*tellings: Telling, **fields: Any) -> Story:
    told = tellings or (telling(),)
    first = min(told, key=lambda one: (one.first_seen, one.article.id))
    given: dict[str, Any] = {
        "id": first.article.id,
        "path": "",
        "first_seen": first.first_seen,
        "changed_at": first.first_seen,
        **fields,
    }
    return Story(tellings=told, **given)
