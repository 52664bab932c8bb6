"""A newspaper on the VCCorp CMS, as suckhoedoisong.vn: feeds, listings, articles (sources.md §2)."""

import re
from collections.abc import Sequence
from email.utils import format_datetime

from aggregator.demo import markup
from aggregator.demo.asked import RSS, Asked, Said, absent, moved, newest, said
from aggregator.demo.markup import text, value
from aggregator.demo.world import Shown, SiteState, WorldArticle

FEED_SIZE = 50
PAGE_SIZE = 25
ARTICLE = re.compile(r"/[^/]+-(\d{6,25})\.htm")
FEED = re.compile(r"/rss/(.+)\.rss")
LISTING = re.compile(r"/(.+?)(?:/trang-([1-9]\d?))?\.htm")


def answer(state: SiteState, asked: Asked) -> Said:
    """What the site says to a GET: an article, a feed, a listing, the home page."""
    if asked.method != "GET":
        return absent(404)
    if match := ARTICLE.fullmatch(asked.path):
        return _article(state, asked, match[1])
    if match := FEED.fullmatch(asked.path):
        return _feed(state, asked, match[1])
    if asked.path == "/":
        return said(state, asked, lambda noise: _listing(state, "", 1, noise), modified=newest(state))
    match = LISTING.fullmatch(asked.path)
    if match and any(section.id == match[1] for section in state.site.sections):
        section, page = match[1], int(match[2] or 1)
        return said(state, asked, lambda noise: _listing(state, section, page, noise), modified=newest(state))
    return absent(404)


def _url(state: SiteState, path: str) -> str:
    return f"https://{state.site.host}{path}"


def _path(article: WorldArticle) -> str:
    return f"/{article.slug}-{article.ref}.htm"


def _image(state: SiteState, article: WorldArticle, number: int, width: int = 0) -> str:
    zoom = f"/thumb_w/{width}" if width else ""
    return _url(state, f"/images{zoom}/{markup.printed(article.time, '%Y/%m/%d')}/anh-{article.ref}-{number}.jpg")


# --- the feed ------------------------------------------------------------------------------------


def _feed(state: SiteState, asked: Asked, slug: str) -> Said:
    section = next((section for section in state.site.sections if section.id == slug), None)
    if section is None and slug != "home":
        return absent(404)
    articles = state.listed("" if section is None else section.id)[:FEED_SIZE]
    name = section.name if section else "Trang chủ"
    render = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0">
<channel>
<title>{text(f"{name} - {state.site.name}")}</title>
<link>{_url(state, f"/{slug}.htm" if section else "/")}</link>
<description>{text(f"{state.site.name}: {name}")}</description>
<language>vi-vn</language>
{"".join(_feed_article(state, article) for article in articles)}</channel>
</rss>
"""
    return said(state, asked, lambda noise: render, modified=newest(state), kind=RSS)


def _feed_article(state: SiteState, article: WorldArticle) -> str:
    url = _url(state, _path(article))
    thumb = f'<a href="{url}"><img src="{_image(state, article, 1, 300)}" width="300" height="187" /></a>'
    return f"""<item>
<title>{_cdata(article.title)}</title>
<link>{url}</link>
<guid isPermaLink="true">{url}</guid>
<pubDate>{format_datetime(article.time.astimezone(markup.LOCAL))}</pubDate>
<description>{_cdata(thumb + text(article.lead))}</description>
</item>
"""


def _cdata(content: str) -> str:
    return f"<![CDATA[{content.replace(']]>', ']]]]><![CDATA[>')}]]>"


# --- a listing -----------------------------------------------------------------------------------


def _listing(state: SiteState, section: str, page: int, noise: int) -> str:
    start = (page - 1) * PAGE_SIZE
    articles = state.listed(section)[start : start + PAGE_SIZE]
    name = next((one.name for one in state.site.sections if one.id == section), state.site.name)
    rows = "".join(_row(state, article, noise) for article in articles)
    return frame(
        state,
        head=f"<title>{text(name)} | {text(state.site.name)}</title>",
        main=f"""<div class="box-category" data-layout="1"><h1 class="box-category-name">{text(name)}</h1>
<div class="box-category-middle">
{rows}</div>
<div class="list__viewmore" data-page="{page + 1}">Xem thêm</div></div>""",
        side=most_read(state, None, noise),
    )


def _row(state: SiteState, article: WorldArticle, noise: int) -> str:
    path, title = _path(article), value(article.title)
    exact = markup.printed(article.time, "%Y-%m-%dT%H:%M:%S")
    ago = markup.ago(article.time, state.now) if noise else ""
    return f"""<div class="box-category-item" data-id="{article.ref}">
<a class="box-category-link-with-avatar img-resize" href="{path}" title="{title}" data-id="{article.ref}">
<img data-type="avatar" src="{_image(state, article, 1, 250)}" alt="{title}" class="box-category-avatar"></a>
<div class="box-category-content">
<h3 class="box-category-title-text"><a data-type="title" data-linktype="newsdetail" data-id="{article.ref}"
 class="box-category-link-title" href="{path}" title="{title}">{text(article.title)}</a></h3>
<span class="box-category-time time-ago" title="{exact}">{ago}</span>
<p data-type="sapo" class="box-category-sapo" data-trimline="4">{text(article.lead)}</p>
</div></div>
"""


def most_read(state: SiteState, article: WorldArticle | None, noise: int) -> str:
    """The side column of links, others on each request; empty without noise."""
    chosen = markup.others(state.listed(), article, 4, noise) if noise else []
    return f'<div class="box-most-read"><h4>Đọc nhiều</h4><ul>{markup.links(chosen, _path)}</ul></div>'


def frame(state: SiteState, *, head: str, main: str, side: str) -> str:
    """A page of the site around its main part."""
    menu = "".join(
        f'<li><a href="/{one.id}.htm" title="{value(one.name)}">{text(one.name)}</a></li>'
        for one in state.site.sections
    )
    return f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
{head}
<link rel="alternate" type="application/rss+xml" href="/rss/home.rss" title="{value(state.site.name)}">
<script>window.pageSettings = {{"Domain": "{_url(state, "")}"}};</script>
</head>
<body>
<header class="header"><a class="header__logo" href="/">{text(state.site.name)}</a>
<nav class="header__nav"><ul class="header__menu"><li><a href="/">Trang chủ</a></li>{menu}</ul></nav></header>
<div class="main"><div class="container">
{main}
{side}
</div></div>
<footer class="footer"><p>{text(state.site.name)}. Ghi rõ nguồn khi phát hành lại thông tin từ trang này.</p></footer>
</body>
</html>
"""


# --- an article ----------------------------------------------------------------------------------


def _article(state: SiteState, asked: Asked, ref: str) -> Said:
    shown = state.find(ref)
    if shown is None or shown.standing == "not-found":
        return absent(404)
    if shown.standing == "gone":
        return absent(410)
    if asked.path != _path(shown.article):
        return moved(_url(state, _path(shown.article)))
    modified = shown.modified or shown.article.time
    return said(state, asked, lambda noise: _page(state, shown, noise), modified=modified)


def _page(state: SiteState, shown: Shown, noise: int) -> str:
    article = shown.article
    if shown.standing == "notice":
        return frame(
            state,
            head=f"<title>Thông báo | {text(state.site.name)}</title>",
            main=notice(shown.notice),
            side=most_read(state, article, noise),
        )
    return frame(
        state,
        head=metas(state, shown, _url(state, _path(article))),
        main=_told(state, article, noise),
        side=most_read(state, article, noise),
    )


def notice(words: str) -> str:
    """What stands where a withdrawn article was."""
    told = f'<p class="detail__notify-text">{text(words)}</p>'
    return f'<div class="detail__notify">{told}<a href="/">Về trang chủ</a></div>'


def metas(state: SiteState, shown: Shown, url: str) -> str:
    """The head of an article's page."""
    article = shown.article
    published = article.time.astimezone(markup.LOCAL).isoformat()
    changed = (shown.modified or article.time).astimezone(markup.LOCAL).isoformat()
    return f"""<title>{text(article.title)}</title>
<meta name="description" content="{value(article.lead)}">
<link rel="canonical" href="{url}">
<meta property="og:type" content="article">
<meta property="og:title" content="{value(article.title)}">
<meta property="og:url" content="{url}">
<meta property="article:published_time" content="{published}">
<meta property="article:modified_time" content="{changed}">"""


def _told(state: SiteState, article: WorldArticle, noise: int) -> str:
    topic = next((one.name for one in state.site.sections if one.id == article.sections[0]), "")
    printed = markup.printed(article.time, "%d/%m/%Y %H:%M")
    return f"""<div class="detail__main">
<div class="detail-top"><a class="detail-cate" href="/{article.sections[0]}.htm" data-role="cate-name">{text(topic)}</a>
<div class="detail-time"><time data-role="publishdate">{printed} GMT+7</time></div>
<div class="detail-view" data-role="viewcount">{markup.views(article, state.now, noise)} lượt xem</div></div>
<h1 class="detail-title" data-role="title">{text(article.title)}</h1>
<div class="detail-author oneauthor" data-role="author"><div class="author-info">
<a class="name" title="{value(article.author)}">{text(article.author)}</a></div></div>
<h2 class="detail-sapo" data-role="sapo">{text(article.lead)}</h2>
<div class="detail-cmain">
{content(state, article, [_figure(state, article, n) for n in range(1, len(article.images) + 1)], noise)}
{_below(state, article)}
</div></div>
{_comments(noise)}"""


def content(state: SiteState, article: WorldArticle, figures: Sequence[str], noise: int) -> str:
    """The body with all that the CMS sets into it: photos, related boxes, an advertisement, a read-more."""
    parts = markup.with_images(markup.blocks(article.body), figures)
    related = markup.others(state.listed(), article, 2, noise) if noise else []
    if related:
        one = related[0]
        parts.insert(
            max(len(parts) - 1, 1),
            '<div class="VCSortableInPreviewMode alignRight" type="RelatedNewsBox"><ul>'
            + markup.links(related, _path)
            + "</ul></div>",
        )
        parts.append(
            '<div class="VCSortableInPreviewMode" type="RelatedOneNews">'
            f'<a class="OneNewsTitle" href="{_path(one)}">{text(one.title)}</a>'
            f'<p class="VCObjectBoxRelatedNewsItemSapo">{text(one.lead)}</p></div>'
        )
    parts.insert(min(2, len(parts)), '<div id="admzone-in-page"><zone id="in-page">Quảng cáo</zone></div>')
    parts += markup.attachments(article)
    parts.append('<div class="readmore-body-box d-none"><a href="/">Đọc tiếp</a></div>')
    inner = "\n".join(parts)
    return f'<div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">\n{inner}\n</div>'


def _figure(state: SiteState, article: WorldArticle, number: int) -> str:
    caption = article.images[number - 1]
    return f"""<figure class="VCSortableInPreviewMode" type="Photo"><div>
<img src="{_image(state, article, number, 640)}" data-original="{_image(state, article, number)}"
 alt="{value(article.title)} - Ảnh {number}." type="photo" w="1600" h="1067" width="1600" height="1067"></div>
<figcaption class="PhotoCMS_Caption">
<p data-placeholder="Nhập chú thích ảnh">{text(caption)}</p></figcaption></figure>"""


def _below(state: SiteState, article: WorldArticle) -> str:
    name = next((one.name for one in state.site.sections if one.id == article.sections[0]), "")
    return f"""<div class="detail-tag-list"><ul>
<li><a href="/tag.htm" title="{value(name)}">{text(name)}</a></li></ul></div>
<div class="box-author-detail"><div class="detail-author-bot" data-role="author">
<a class="name" title="{value(article.author)}">{text(article.author)}</a></div></div>
<div id="objectPopupBody" class="content fck"></div>"""


def _comments(noise: int) -> str:
    count = noise % 9
    return f"""<section class="comment-wrapper"><h4>Ý kiến của bạn ({count})</h4>
<p>Ý kiến của bạn đọc không phải là nội dung bài.</p></section>"""
