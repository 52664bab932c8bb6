"""An article that a page holds only as the state of its script (Next.js): JSON with title and text. Knows no site."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

from aggregator.collect import fields, html, withdrawn
from aggregator.collect.article import Parts

SCRIPTS = 'script#__NEXT_DATA__, script[type="application/json"]'
MOST = 20_000  # values of a state that are looked at; that of a front page has some thousand
TITLE = ("title", "headline", "tieude", "name", "ten")
BODY = ("content", "body", "contenthtml", "html", "noidung", "bodyhtml", "detail", "chitiet")
LEAD = ("excerpt", "summary", "sapo", "lead", "description", "mota", "trichyeu", "tomtat", "abstract")
TIME = ("publishedat", "publishdate", "publisheddate", "publishedtime", "datepublished", "ngaydang", "ngayxuatban")
CREATED = ("createdat", "createddate", "date", "ngaytao")
MODIFIED = ("updatedat", "modifiedat", "datemodified", "ngaycapnhat")
AUTHOR = ("author", "authorname", "tacgia", "nguoiviet", "byline")


def parts(tree: BeautifulSoup, base: str) -> Parts | None:
    """The article with the longest text in the page's state; None where it holds none."""
    told = [one for script in tree.select(SCRIPTS) for one in _articles(script)]
    best = max(told, key=lambda one: len(_first(one, BODY)), default=None)
    if best is None:
        return None
    body = html.soup(f"<div>{_first(best, BODY)}</div>")
    given = Parts(
        title=_plain(_first(best, TITLE)),
        lead=_plain(_first(best, LEAD)),
        author=_author(best),
        time=_first(best, TIME) or _first(best, CREATED),
        modified=_first(best, MODIFIED),
    )
    return fields.parts(body, body.div or body, base, given)


def _articles(script: Tag) -> Iterator[dict[str, Any]]:
    try:
        told = json.loads(script.string or "")
    except (ValueError, RecursionError):
        return
    for one in _dicts(told):
        if _first(one, TITLE) and len(html.words(_first(one, BODY))) > withdrawn.SHORT:
            yield one


def _dicts(told: Any) -> Iterator[dict[str, Any]]:
    """The objects in the value, keys in one spelling; at most MOST values are looked at."""
    heap = [told]
    for _ in range(MOST):
        if not heap:
            return
        one = heap.pop()
        if isinstance(one, dict):
            heap.extend(one.values())
            yield {re.sub(r"[_-]", "", key).lower(): value for key, value in one.items()}
        elif isinstance(one, list):
            heap.extend(one)


def _first(told: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first of the named values that is a text, WordPress's {"rendered": ...} among them."""
    values = (value.get("rendered") if isinstance(value := told.get(name), dict) else value for name in names)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")


def _author(told: dict[str, Any]) -> str:
    people = [told.get(name) for name in AUTHOR]
    names = [one.get("name") or one.get("fullName") if isinstance(one, dict) else one for one in people]
    return next((name.strip() for name in names if isinstance(name, str) and name.strip()), "")


def _plain(markup: str) -> str:
    return html.line(html.soup(f"<p>{markup}</p>")) if "<" in markup or "&" in markup else markup
