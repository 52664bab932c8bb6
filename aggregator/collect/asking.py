"""How each kind of source is asked: for a listing, for what stands in for it, for an article.

Knows no reader: a source that answers "unchanged" is asked without loading what reads pages.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from aggregator.model import Purpose, Request, Validator
from aggregator.settings import Kind, More, Section, Source

NO_VALIDATOR = Validator()
LIST = "/bridge?url=/portal/api/lay_bai_viet_theo_danh_muc"
DETAIL = "/bridge?url=/portal/api/layChiTietBaiViet"
PAGE_SIZE = 25
FORM = (("content-type", "application/x-www-form-urlencoded"), ("x-requested-with", "XMLHttpRequest"))
JSON = (("content-type", "application/json"), ("accept", "application/json"))


def section_request(source: Source, section: Section, validator: Validator = NO_VALIDATOR) -> Request:
    """The request for a listing or feed of the source."""
    return SECTIONS.get(source.kind, _get)(source, section, validator)


def fallback_request(source: Source, section: Section, validator: Validator = NO_VALIDATOR) -> Request | None:
    """The request for the listing that stands in for a feed that cannot be read; None where there is none."""
    return _vccorp_fallback(section, validator) if source.kind == "vccorp" else None


def more_request(more: More, page: int) -> Request:
    """The question for a further page of a listing, as the button below it asks."""
    form = {name: str(value).replace("{page}", str(page)) for name, value in more.form.items()}
    return Request(more.url, "POST", urlencode(form).encode(), FORM, "section")


def article_request(
    source: Source, url: str, ref: str, purpose: Purpose = "article", validator: Validator = NO_VALIDATOR
) -> Request:
    """The request for an article's page, from its address for readers and the site's own id."""
    return ARTICLES.get(source.kind, _get_article)(source, url, ref, purpose, validator)


def _get(source: Source, section: Section, validator: Validator) -> Request:
    return Request(section.url, purpose="section", validator=validator)


def _get_article(source: Source, url: str, ref: str, purpose: Purpose, validator: Validator) -> Request:
    return Request(url, purpose=purpose, validator=validator)


def _vccorp_fallback(section: Section, validator: Validator) -> Request | None:
    """The `.htm` listing that tells what the feed tells: the configured one, else by the site's own rule."""
    url = section.fallback
    match = re.fullmatch(r"/rss/(.+)\.rss", urlsplit(section.url).path)
    if not url and match:
        path = "/" if match[1] == "home" else f"/{match[1]}.htm"
        url = urlsplit(section.url)._replace(path=path, query="", fragment="").geturl()
    return Request(url, purpose="section", validator=validator) if url else None


def _bridge_section(source: Source, section: Section, validator: Validator) -> Request:
    """The question for the newest articles of a category."""
    told = {
        "CHUYEN_TRANG": "BO_YTE",
        "NGON_NGU": "TIENG_VIET",
        "MA_DANH_MUC": section.id,
        "TYPE": 1,
        "PAGE_SIZE": PAGE_SIZE,
        "ISEXTEND": 1,
    }
    return _post(urljoin(source.home, LIST), told, "section", validator)


def _bridge_article(source: Source, url: str, ref: str, purpose: Purpose, validator: Validator) -> Request:
    """The question for an article, by the ids in its address for readers."""
    told = {"maBaiViet": ref or bridge_ref(url), "maDanhMuc": bridge_query(url, "cid")}
    return _post(urljoin(source.home, DETAIL), told, purpose, validator)


def _post(url: str, told: dict[str, Any], purpose: Purpose, validator: Validator) -> Request:
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Request(url, "POST", body, JSON, purpose, validator)


def bridge_ref(url: str) -> str:
    """The `aid` of an article's address, wherever it stands in the query."""
    return bridge_query(url, "aid")


def bridge_query(url: str, name: str) -> str:
    """The number that an address of the bridge's site gives a parameter, "" when it gives none."""
    try:
        found = parse_qs(urlsplit(url).query).get(name, [""])[0]
    except ValueError:
        return ""
    return found if found.isdecimal() else ""


SECTIONS: dict[Kind, Callable[[Source, Section, Validator], Request]] = {"moh_bridge": _bridge_section}
ARTICLES: dict[Kind, Callable[[Source, str, str, Purpose, Validator], Request]] = {"moh_bridge": _bridge_article}
"""The kinds that are asked in a way of their own; all others are asked for the address itself."""
