"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from aggregator.collect.leads import Printed
from aggregator.errors import SourceError
from aggregator.model import Page

VERSION = "jsonfeed.org/version/"


def is_jsonfeed(text: str) -> bool:
    """Whether the text is a JSON Feed."""
    told = _load(text)
    return isinstance(told, dict) and VERSION in str(told.get("version"))


def printed(text: str, page: Page) -> Iterator[Printed]:
    """The feed's items as printed, in its order. Raises SourceError when the text is no JSON Feed."""
    told = _load(text)
    items = told.get("items") if isinstance(told, dict) and VERSION in str(told.get("version")) else None
    if not isinstance(items, list):
        url = page.request.url
        raise SourceError("not-a-feed", f"{url} answers JSON, but it is no JSON Feed", url)
    return (_printed(item if isinstance(item, dict) else {}) for item in items)


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _printed(item: dict[str, Any]) -> Printed:
    plain = _string(item.get("content_text"))
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in plain.split("\n") if part.strip())
    identity = _string(item.get("id"))
    return Printed(
        href=_string(item.get("url")) or (identity if identity.startswith(("https://", "http://")) else ""),
        title=_string(item.get("title")),
        summary=_string(item.get("summary")),
        author=_authors(item),
        time=_string(item.get("date_published")) or _string(item.get("date_modified")),
        body=_string(item.get("content_html")) or paragraphs,
        image=_string(item.get("image")) or _string(item.get("banner_image")),
    )


def _authors(item: dict[str, Any]) -> str:
    """Names, comma-separated: `authors` of 1.1, else `author` of 1.0."""
    told = item.get("authors")
    people = told if isinstance(told, list) else [item.get("author")]
    names = [_string(one.get("name")) for one in people if isinstance(one, dict)]
    return ", ".join(name for name in names if name)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
