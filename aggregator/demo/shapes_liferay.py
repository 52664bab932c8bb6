"""A department of Hà Nội on Liferay 6.2, as until early 2025 (sources.md §3)."""

import re
from urllib.parse import urlencode

from aggregator.demo import markup
from aggregator.demo.asked import Asked, Said, absent, newest, said
from aggregator.demo.markup import entities, text, value
from aggregator.demo.world import Shown, SiteState, WorldArticle

PAGE_SIZE = 20
SUMMARY = 160  # characters after which the listing cuts a summary off with "..."
ARTICLE = re.compile(r"/([a-z0-9-]+)/-/(?:view_content/(\d+)(?:-[^/]*)?|asset_publisher/[A-Za-z0-9]+/content/([^/]+))")
LISTING = re.compile(r"/([a-z0-9-]+)")


def answer(state: SiteState, asked: Asked) -> Said:
    """What the portal says to a GET: an article under its number or slug, a listing page, the home page."""
    if asked.method != "GET":
        return absent(404)
    if match := ARTICLE.fullmatch(asked.path):
        return _article(state, asked, match[2] or _by_slug(state, match[3]))
    match = LISTING.fullmatch(asked.path)
    section = match[1] if match else ""
    if asked.path == "/" or any(one.id == section for one in state.site.sections):
        page = asked.parameter("_101_cur")
        number = int(page) if page.isascii() and page.isdecimal() else 1
        return said(state, asked, lambda noise: _listing(state, section, max(number, 1), noise), modified=newest(state))
    return absent(404)


def _by_slug(state: SiteState, slug: str) -> str:
    return next((shown.article.ref for shown in state.articles if shown.article.slug == slug), "")


def _path(article: WorldArticle) -> str:
    return f"/{article.sections[0]}/-/view_content/{article.ref}-{article.slug}"


def _date(state: SiteState, article: WorldArticle, noise: int) -> str:
    when = f"{markup.printed(article.time, '%d/%m/%Y')} | {markup.clock_12(article.time)}"
    count = markup.views(article, state.now, noise)
    return f'<div class="assetPublishDate block_timer"> Ngày đăng {when} &nbsp;|&nbsp;View count: {count} </div>'


# --- a listing -----------------------------------------------------------------------------------


def _listing(state: SiteState, section: str, page: int, noise: int) -> str:
    found = state.listed(section)
    start = (page - 1) * PAGE_SIZE
    name = next((one.name for one in state.site.sections if one.id == section), "Trang chủ")
    rows = "".join(_row(state, article, noise) for article in found[start : start + PAGE_SIZE])
    return _frame(state, name, rows + _pages(section, page, len(found)))


def _row(state: SiteState, article: WorldArticle, noise: int) -> str:
    path = _path(article)
    return f"""<div class="asset-bounddary"> <div class="asset-abstract "> <div class="asset-content normal-news">
<div class="asset-image"> <a href="{path}"><img src="/image/journal/article?img_id={article.ref}" alt=""/></a> </div>
<div class="asset-content-custom" > <h3 class="asset-title"> <a href="{path}">{text(article.title)}</a> </h3>
{_date(state, article, noise)} <div class="asset-summary"> {entities(text(_summary(article.lead)))} </div> </div> </div>
<div class="asset-metadata"> </div> </div> </div>
"""


def _summary(lead: str) -> str:
    if len(lead) <= SUMMARY:
        return lead
    return lead[:SUMMARY].rsplit(" ", 1)[0] + "..."


def _pages(section: str, page: int, count: int) -> str:
    first, last = (page - 1) * PAGE_SIZE + 1, min(page * PAGE_SIZE, count)
    following = ""
    if last < count:
        following = f'<li class=""> <a href="{_turn(section, page + 1)}" target="_self"> next </a> </li>'
    return f"""<div class="taglib-page-iterator" id="_101_ocerSearchContainerPageIterator">
<div class="clearfix lfr-pagination">
<small class="search-results"> Hiển thị {first} - {last} of {count} kết quả. </small>
<ul class="pager lfr-pagination-buttons"> <li class="first"> <a href="{_turn(section, 1)}"> &larr; Đầu tiên </a> </li>
{following} </ul> </div> </div>"""


def _turn(section: str, page: int) -> str:
    query = {"p_p_id": 101, "p_p_lifecycle": 0, "p_p_state": "normal", "p_p_mode": "view", "_101_delta": PAGE_SIZE}
    return value(f"/{section}?{urlencode({**query, 'p_r_p_564233524_resetCur': 'false', '_101_cur': page})}")


# --- an article ----------------------------------------------------------------------------------


def _article(state: SiteState, asked: Asked, ref: str) -> Said:
    shown = state.find(ref)
    if shown is None or shown.standing == "not-found":
        return absent(404)
    if shown.standing == "gone":
        return absent(410)
    modified = shown.modified or shown.article.time
    return said(state, asked, lambda noise: _page(state, shown, noise), modified=modified)


def _page(state: SiteState, shown: Shown, noise: int) -> str:
    if shown.standing == "notice":
        told = f'<div class="portlet-msg-info"> <p>{entities(text(shown.notice))}</p> </div>'
        return _frame(state, "Thông báo", told)
    article = shown.article
    related = markup.links(markup.others(state.listed(), article, 5, noise) if noise else [], _path)
    return _frame(
        state,
        article.title,
        f"""<div> <div class="asset-full-content-title">{text(article.title)}</div> {_date(state, article, noise)}
<div class="asset-full-content show-asset-title"> <div class="asset-content" id="_101_{article.ref}">
<div class="sapo-wrapper clearfix"> <p class="sapo"> <strong>{text(article.lead)}</strong> </p> </div>
<div class="journal-content-article"> {_body(article)}
<p align="right" class="view-content-author"> <strong><em>{text(article.author)}</em></strong> </p> </div> </div> </div>
<div class="related_asset"> <div class="related_asset_title">Các tin khác</div>
<ul class="related_asset_list"> {related} </ul> </div> </div>""",
        canonical=f'<link href="https://{state.site.host}{_path(article)}" rel="canonical" />',
    )


def _body(article: WorldArticle) -> str:
    figures = [
        f'<p style="text-align: center;"><img alt="" src="/documents/10197/0/anh-{article.ref}-{number}.jpg" /></p>'
        f'<p style="text-align: center;"><em>{text(caption)}</em></p>'
        for number, caption in enumerate(article.images, 1)
    ]
    parts = markup.with_images(markup.blocks(article.body, head="h4"), figures) + markup.attachments(article)
    return entities(" <p>&nbsp;</p> ".join(parts))


def _frame(state: SiteState, title: str, main: str, canonical: str = "") -> str:
    """A page of the portal. Its title names another agency, as on the real ones."""
    menu = "".join(f'<li class="" > <a href="/{one.id}" >{text(one.name)}</a></li>' for one in state.site.sections)
    return f"""

<!DOCTYPE html>
<html class="ltr" dir="ltr" lang="vi-VN">
<head> <title>{text(title)} - Cổng thông tin điện tử Đơn vị khác</title>
<meta content="text/html; charset=UTF-8" http-equiv="content-type" /> {canonical}
<script type="text/javascript">
var Liferay={{Browser:{{}},ThemeDisplay:{{getLayoutId:function(){{return"23"}}}}}};</script>
</head>
<body class=" yui3-skin-sam controls-visible signed-out public-page site">
<div id="wrapper"> <nav id="navigation" role="navigation"> <ul class="navi"> {menu} </ul> </nav>
<div id="main"> <div class="portlet-layout row-fluid"> <div class="portlet-column span9" id="column-1">
<div class="portlet-boundary portlet-boundary_101_ portlet-asset-publisher" id="p_p_id_101_">
<section class="portlet" id="portlet_101"> <div class="portlet-content"> <div class="portlet-body">
{main}
</div> </div> </section> </div> </div> </div> </div>
<div id="footer" class="clearfix"> <a href="/dang-nhap"> Đăng nhập |</a> <h3>{text(state.site.name)}</h3>
<p>Ghi rõ nguồn khi phát hành lại thông tin từ nguồn này.</p> </div> </div>
<script type="text/javascript">Liferay.Util={{addInputFocus:function(){{}}}};</script>
</body>
</html>
"""
