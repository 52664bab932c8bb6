"""Builders for the store's tests: each names only what matters to the test."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.model import (
    Article,
    Changes,
    Check,
    Disagreement,
    Edit,
    Evidence,
    Link,
    Placement,
    Regrouping,
    SafeHtml,
    Shelved,
    SourceState,
    StoryRecord,
    TagMatch,
    Validator,
    Verdict,
    Visit,
)
from aggregator.ports import Store
from aggregator.store.database import open_store
from tests.fakes import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def open_at(folder: Path, *, clock: Callable[[], datetime] = lambda: NOON, busy_timeout_s: float = 10.0) -> Store:
    """A store on a SQLite file in the folder."""
    return open_store(f"sqlite:///{folder}/kho/tin.db", clock=clock, busy_timeout_s=busy_timeout_s)


def article(id: str, **given: Any) -> Article:
    """An article of the source `so`, published at noon."""
    text = given.pop("text", f"Nội dung của bài {id}.")
    plain = {
        "source": "so",
        "url": f"https://so.example/{id}.htm",
        "ref": id,
        "title": f"Bài {id}",
        "lead": f"Sapo của bài {id}",
        "author": "Phòng Truyền thông",
        "published": NOON - HOUR,
        "precision": "minute",
        "modified": None,
        "body": SafeHtml(f"<p>{text}</p>"),
        "digest": f"{id}-raw",
        "fetched_at": NOON,
        "reader": "listing",
    }
    return Article(**{"id": id, "text": text, **plain, **given})


def verdict(given: Article | str, outcome: str = "new", **more: Any) -> Verdict:
    """A verdict on an article; a bare id stands for `article(id)`."""
    told = article(given) if isinstance(given, str) else given
    return Verdict(told, outcome, "lần đầu thấy" if outcome == "new" else "", **more)  # type: ignore[arg-type]


def visit(**given: Any) -> Visit:
    """A visit of run r1 to the source `so`."""
    plain = {"run": "r1", "source": "so", "started_at": NOON, "ended_at": NOON + MINUTE, "outcome": "ok"}
    return Visit(**{**plain, **given})


def changes(*verdicts: Verdict | Article | str, **more: Any) -> Changes:
    """What a visit changed: a bare article or id is a new one."""
    full = tuple(one if isinstance(one, Verdict) else verdict(one) for one in verdicts)
    return Changes(**{"state": SourceState("so", health="ok"), "verdicts": full, **more})


def alone(*ids: str) -> Regrouping:
    """Each article a story of its own."""
    return grouped({id: [id] for id in ids})


def grouped(stories: Mapping[str, Iterable[str]], **more: Any) -> Regrouping:
    """Stories by id, each with its members, the speaker first."""
    return Regrouping(stories=tuple(StoryRecord(id, tuple(held), NOON) for id, held in stories.items()), **more)


def keep(store: Store, *ids: str | Article) -> None:
    """Commit these as new articles, each a story of its own."""
    names = [one if isinstance(one, str) else one.id for one in ids]
    store.commit(visit(), changes(*ids, regrouping=alone(*names)))


def settle(store: Store, *, shelves: Mapping[str, Iterable[str]] | None = None) -> None:
    """Place and publish all that is pending: each story on `all`, or on the shelves given by story."""
    pending = store.pending(NOON)
    held = [story.id for story in store.stories(pending.stories)]
    on = shelves or {}
    placed = [shelved(id, *on.get(id, ("all",))) for id in held]
    store.place(placed, set(pending.stories) - set(held), pending.mark)
    store.published({}, (), store.dirty(), {})


def shelved(story: str, *shelves: str, at: datetime = NOON, authority: int = 0, **more: Any) -> Shelved:
    """A story on these shelves, its path made of its id."""
    placements = tuple(Placement(shelf, shelf.upper(), at, authority) for shelf in shelves)
    return Shelved(**{"story": story, "path": f"tin/{story}.html", "placements": placements, **more})


def check(article: str, status: str = "live", **given: Any) -> Check:
    """A check an hour after noon; the next one two hours later."""
    at = given.pop("checked_at", NOON + HOUR)
    return Check(**{"article": article, "checked_at": at, "next_check": at + 2 * HOUR, "status": status, **given})


def tag(name: str, kind: str = "topic", words: str = "Bài") -> TagMatch:
    """A tag that words of the title earned."""
    return TagMatch(kind, name, name.title(), (Evidence("title", 0, len(words), words),), "r1")  # type: ignore[arg-type]


def link(a: str, b: str, **given: Any) -> Link:
    """A link of two articles into one story."""
    differing = (Disagreement("figure", "12", "21", "title", "text"),)
    plain = {"kind": "story", "score": 0.8, "because": "cùng một tin", "rule": "s1", "differing": differing}
    return Link(**{"a": a, "b": b, **plain, **given})


def edit(target: str, action: str = "hide", **given: Any) -> Edit:
    """What an editor decided at noon."""
    plain = {"id": 0, "value": "", "who": "biên tập", "why": "nhầm chuyên mục", "at": NOON}
    return Edit(**{"target": target, "action": action, **plain, **given})


ETAG = Validator('"e1"', "Tue, 20 Oct 2026 05:00:00 GMT")
