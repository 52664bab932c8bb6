"""moh.gov.vn since 2026, as seen from outside: a JavaScript shell over a JSON bridge asked by POST (sources.md §1)."""

import json
from typing import Any

from aggregator.demo import markup
from aggregator.demo.asked import JSON, Asked, Said, absent
from aggregator.demo.world import Shown, SiteState, WorldArticle

LIST = "/portal/api/lay_bai_viet_theo_danh_muc"
DETAIL = "/portal/api/layChiTietBaiViet"
SHELL = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin điện tử</title>
<script src="/static/js/app.js" defer></script></head>
<body><noscript>Trang này cần JavaScript.</noscript><div id="root"></div></body></html>
"""


def answer(state: SiteState, asked: Asked) -> Said:
    """What the site says: the bridge's JSON without validators, the shell for everything a browser opens."""
    if asked.path == "/bridge":
        return _bridge(state, asked)
    return Said(200, SHELL.encode()) if asked.path in ("/", "/index.jsp") else absent(404)


def _bridge(state: SiteState, asked: Asked) -> Said:
    question = _question(asked.body)
    if asked.method != "POST" or question is None:
        return Said(400, b'{"error":"bad request"}', JSON)
    answers = {LIST: _list, DETAIL: _detail}
    service = asked.query.removeprefix("url=")
    if service not in answers:
        return Said(404, b'{"error":"no such service"}', JSON)
    return Said(200, json.dumps(answers[service](state, question), ensure_ascii=False).encode(), JSON)


def _question(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _list(state: SiteState, question: dict[str, Any]) -> list[dict[str, Any]]:
    category = str(question.get("MA_DANH_MUC", ""))
    name = next((section.name for section in state.site.sections if section.id == category), "")
    size = question.get("PAGE_SIZE")
    shown = state.listed(category)[: size if isinstance(size, int) else 10]
    return [{"MA": category, "TEN_MUC": name, "ITEMS": [_listed(article) for article in shown]}]


def _listed(article: WorldArticle) -> dict[str, str]:
    item = {
        "MA": article.ref,
        "TIEU_DE": article.title,
        "MO_TA": article.lead,
        "MA_DANH_MUC": ";".join(article.sections),
        "THOI_GIAN_XUAT_BAN": _time(article),
    }
    if article.images:
        item["DUONG_DAN_ANH"] = _image(article, 1)
    return item


def _detail(state: SiteState, question: dict[str, Any]) -> dict[str, Any]:
    shown = state.find(str(question.get("maBaiViet", "")))
    if shown is None or shown.standing in ("gone", "not-found"):
        return {"d": None}
    article = shown.article
    return {
        "d": {
            "ma": article.ref,
            "tieuDe": article.title,
            "moTa": f"<p>{markup.text(article.lead)}</p>" if int(article.ref) % 2 else article.lead,
            "thoiGianBatDauDang": _time(article),
            "noiDung": _content(shown),
        }
    }


def _content(shown: Shown) -> str:
    if shown.standing == "notice":
        return f"<p>{markup.text(shown.notice)}</p>"
    article = shown.article
    figures = [
        f'<p style="text-align:center"><img alt="" src="/resource{_image(article, number)}" /></p>\n'
        f'<p style="text-align:center"><em>{markup.text(caption)}</em></p>'
        for number, caption in enumerate(article.images, 1)
    ]
    parts = markup.with_images(markup.blocks(article.body, head="h3"), figures) + markup.attachments(article)
    if article.author:
        parts.append(f'<p style="text-align:right"><strong>{markup.text(article.author)}</strong></p>')
    return "\n".join(parts)


def _image(article: WorldArticle, number: int) -> str:
    folder = f"{article.time.year}/{article.time.month}/{article.time.day}"
    return f"/CustomsCMS/BO_YTE/{folder}/anh-{article.ref}-{number}.jpg"


def _time(article: WorldArticle) -> str:
    return f"{markup.printed(article.time, '%d/%m/%Y')} {markup.clock_12(article.time)}"
