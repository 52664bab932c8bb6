"""moh.gov.vn since 2026: JSON over POST behind a JavaScript shell (sources.md §1). Keys in camelCase or UPPER_SNAKE."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from aggregator.collect import article, fields, html, leads
from aggregator.collect.article import Parts
from aggregator.collect.asking import article_request, bridge_query, bridge_ref
from aggregator.collect.leads import Listing, Naming, Printed
from aggregator.collect.listing import is_login
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Draft, Lead, Page, Skip
from aggregator.settings import Section, Source

READER = "/index.jsp?pageId=5803"  # the page that shows an article, by aid and cid
RESOURCE = "/resource"  # what image paths of the listing lack
NOTHING = "nguồn trả lời không có bài viết này (d: null)"


NAMING = Naming(leads.as_is, bridge_ref, article_request)


def reader_url(source: Source, ref: str, category: str) -> str:
    """The article's address for readers."""
    url = urljoin(source.home, f"{READER}&aid={ref}")
    return f"{url}&cid={category}" if category else url


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a category. Raises SourceError (empty, login, not-a-feed, drifted)."""
    url = page.request.url
    items = _listed(_load(page))
    known = [item for item in items or () if isinstance(item, dict) and _string(item, "ma")]
    if items is None or (items and not known):
        raise SourceError("drifted", f"{url} answers JSON of another shape", url)
    if not known:
        raise SourceError("empty", f"{url}: the category has no articles", url)
    skips = (Skip(url, "an item without its number (MA)"),) * (len(items) - len(known))
    found = leads.listing(source, section, _printed(source, section, known), source.home, NAMING)
    return Listing(found.leads, (*found.skips, *skips))


def _listed(raw: Any) -> list[Any] | None:
    """Items of all groups in order, None when the answer is of another shape."""
    told = _plain(raw)
    if told is None and isinstance(raw, dict):
        return []
    if not isinstance(told, list):
        return None
    groups = [group for group in told if isinstance(group, dict) and "items" in _folded(group)]
    return [item for group in groups for item in _items(group)] if groups or not told else None


def _items(group: dict[str, Any]) -> list[Any]:
    items = _folded(group).get("items")
    return items if isinstance(items, list) else []


def _printed(source: Source, section: Section, items: list[dict[str, Any]]) -> Iterator[Printed]:
    for item in items:
        categories = re.findall(r"\d+", _string(item, "madanhmuc"))
        category = section.id if section.id in categories or not categories else categories[0]
        image = _string(item, "duongdananh")
        yield Printed(
            href=reader_url(source, _string(item, "ma"), category),
            title=_string(item, "tieude"),
            summary=_string(item, "mota"),
            time=_string(item, "thoigianxuatban"),
            image=_resource(image),
        )


def _resource(path: str) -> str:
    return f"{RESOURCE}{path}" if path.startswith("/") and not path.startswith((f"{RESOURCE}/", "//")) else path


def read_article(source: Source, page: Page, lead: Lead | None) -> Draft:
    """The article of the bridge's answer. Raises ArticleError. `{"d": null}` gives a Draft with a notice."""
    try:
        told = _load(page)
    except SourceError as fault:
        raise ArticleError(str(fault), page.request.url) from fault
    plain = _plain(told)
    item = plain[0] if isinstance(plain, list) and len(plain) == 1 else plain
    ref, url = _identity(source, page, lead, item)
    nothing = item is None and isinstance(told, dict) and "d" in told
    if not isinstance(item, dict) and not nothing:
        raise ArticleError(
            f"{page.request.url}: JSON of another shape stands where article {ref} was", page.request.url
        )
    parts = _parts(source, item) if isinstance(item, dict) else Parts(notice=NOTHING)
    return article.draft(source, page, lead, parts, ref, url, source.home, "moh_bridge")


def _identity(source: Source, page: Page, lead: Lead | None, item: Any) -> tuple[str, str]:
    """Article number and address. Raises ArticleError when another article was answered, or none is named."""
    asked, category = _asked(page)
    told = _string(item, "ma") if isinstance(item, dict) else ""
    ref = (lead.ref if lead else "") or asked or told
    if not ref or (told and told != ref):
        url = page.request.url
        raise ArticleError(f"{url} was asked for article {ref or '?'} and told of {told or 'none'}", url)
    return ref, lead.url if lead else reader_url(source, ref, category)


def _asked(page: Page) -> tuple[str, str]:
    """Article and category of the question: from the POST's body, else from the address (a saved page)."""
    try:
        told = json.loads(page.request.body or b"{}")
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    ref, category = str(told.get("maBaiViet") or ""), str(told.get("maDanhMuc") or "")
    return ref or bridge_ref(page.url), category or bridge_query(page.url, "cid")


def _parts(source: Source, item: dict[str, Any]) -> Parts:
    tree = html.soup(f"<div>{_string(item, 'noidung')}</div>")
    where = tree.div or tree
    for image in where.select("img[src]"):
        image["src"] = _resource(html.attr(image, "src")) if "/CustomsCMS/" in html.attr(image, "src") else image["src"]
    for anchor in where.select('a[href*="/CustomsCMS/"]'):
        anchor["href"] = _resource(html.attr(anchor, "href"))
    told = Parts(
        title=_string(item, "tieude"),
        lead=_string(item, "mota"),
        author=_string(item, "tacgia"),
        time=_string(item, "thoigianbatdaudang") or _string(item, "thoigianxuatban"),
    )
    return fields.parts(tree, where, source.home, told)


def _load(page: Page) -> Any:
    text = html.text_of(page).strip()
    url = page.request.url
    if not text:
        raise SourceError("empty", f"{url} answered {page.status} with nothing in it", url)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        if is_login(html.soup(text)):
            raise SourceError("login", f"{url} shows a login page instead of JSON", url) from fault
        raise SourceError("not-a-feed", f"{url} answers something else than JSON", url) from fault


def _plain(told: Any) -> Any:
    """What is told, without the envelope `{"d": …}` (which may hold JSON as text)."""
    inner = _folded(told).get("d", told) if isinstance(told, dict) else told
    if not isinstance(inner, str):
        return inner
    try:
        return json.loads(inner)
    except (ValueError, RecursionError):
        return inner


def _folded(told: dict[str, Any]) -> dict[str, Any]:
    """The same under one spelling of its keys: `TIEU_DE` and `tieuDe` are `tieude`."""
    return {key.replace("_", "").lower(): value for key, value in told.items()}


def _string(told: dict[str, Any], name: str) -> str:
    value = _folded(told).get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return html.sound(str(value)).strip()
