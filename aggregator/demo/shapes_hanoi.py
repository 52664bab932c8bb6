"""soyte.hanoi.gov.vn since 2025: the city's platform, of the VCCorp family (sources.md §3)."""

import re
from urllib.parse import parse_qs

from aggregator.demo import markup
from aggregator.demo.asked import Asked, Said, absent, moved, newest, said
from aggregator.demo.markup import text, value
from aggregator.demo.shapes_vccorp import content, frame, metas, notice
from aggregator.demo.world import Shown, SiteState, WorldArticle

HOME_SIZE = 30
MORE = "/api/NewsZone/NewsZone"
ARTICLE = re.compile(r"/(?:[a-z0-9-]+/)?[^/]+-(2849\d{12,17})\.htm")
LISTING = re.compile(r"/([a-z0-9-]+)\.htm")


def answer(state: SiteState, asked: Asked) -> Said:
    """What the site says to a GET: an article, a section, the home page; and to the POST of its "Xem thêm" button."""
    if asked.method == "POST" and asked.path == MORE:
        return _more(state, asked)
    if asked.method != "GET":
        return absent(404)
    if match := ARTICLE.fullmatch(asked.path):
        return _article(state, asked, match[1])
    match = LISTING.fullmatch(asked.path)
    section = match[1] if match else ""
    if asked.path == "/" or any(one.id == section for one in state.site.sections):
        return said(state, asked, lambda noise: _listing(state, section, noise), modified=newest(state))
    return absent(404)


def _path(article: WorldArticle) -> str:
    return f"/{article.sections[0]}/{article.slug}-{article.ref}.htm"


def _listing(state: SiteState, section: str, noise: int) -> str:
    name = next((one.name for one in state.site.sections if one.id == section), "Trang chủ")
    rows = "".join(_row(article) for article in state.listed(section)[:HOME_SIZE])
    return frame(
        state,
        head=f"<title>{text(name)} - {text(state.site.name)}</title>",
        main=f'<div class="box-home-news"><h2 class="box-title">{text(name)}</h2>\n{rows}</div>',
        side=_side(state, None, noise),
    )


def _more(state: SiteState, asked: Asked) -> Said:
    """A further page of a section as a piece of markup; the names of the form's fields are our own invention."""
    form = {name: values[0] for name, values in parse_qs(asked.body.decode("ascii", "replace")).items()}
    page = int(form["page"]) if form.get("page", "").isdecimal() else 1
    articles = state.listed(form.get("zone", ""))[(page - 1) * HOME_SIZE : page * HOME_SIZE]
    return Said(200, "".join(map(_row, articles)).encode())


def _row(article: WorldArticle) -> str:
    path, title = _path(article), value(article.title)
    return f"""<div class="box-category-item" data-id="{article.ref}">
<a class="box-category-link-with-avatar img-resize" href="{path}" title="{title}">
<img src="/images/anh-{article.ref}-1.jpg" alt="{title}" class="box-category-avatar"></a>
<div class="box-category-content"><h3><a class="box-category-link-title" data-type="title" href="{path}"
 title="{title}">{text(article.title)}</a></h3>
<div class="news-info"><span class="time">{_time(article)}</span></div>
<p class="box-category-sapo">{text(article.lead)}</p></div></div>
"""


def _side(state: SiteState, article: WorldArticle | None, noise: int) -> str:
    chosen = markup.others(state.listed(), article, 3, noise) if noise else []
    visits = noise % 900_000 + 100_000 if noise else 0
    return f"""<div class="box-right"><h4>Tin xem nhiều</h4><ul>{markup.links(chosen, _path)}</ul>
<p class="counter">Lượt truy cập: {visits}</p></div>"""


def _article(state: SiteState, asked: Asked, ref: str) -> Said:
    shown = state.find(ref)
    if shown is None or shown.standing == "not-found":
        return absent(404)
    if shown.standing == "gone":
        return absent(410)
    if asked.path != _path(shown.article):
        return moved(f"https://{state.site.host}{_path(shown.article)}")
    modified = shown.modified or shown.article.time
    return said(state, asked, lambda noise: _page(state, shown, noise), modified=modified)


def _page(state: SiteState, shown: Shown, noise: int) -> str:
    article = shown.article
    if shown.standing == "notice":
        head, main = f"<title>Thông báo - {text(state.site.name)}</title>", notice(shown.notice)
    else:
        head = metas(state, shown, f"https://{state.site.host}{_path(article)}")
        main = _told(state, article, noise)
    return frame(state, head=head, main=main, side=_side(state, article, noise))


def _told(state: SiteState, article: WorldArticle, noise: int) -> str:
    figures = [
        f'<div class="VCSortableInPreviewMode" type="Photo"><div><img src="/images/anh-{article.ref}-{number}.jpg"'
        f' alt="{value(article.title)}" w="1200" h="800"></div>'
        f'<div class="PhotoCMS_Caption"><p>{text(caption)}</p></div></div>'
        for number, caption in enumerate(article.images, 1)
    ]
    return f"""<div class="detail-wrapper"><h1 class="detail-title">{text(article.title)}</h1>
<div class="news-info"><span class="time">{_time(article)}</span>
<span class="author">{text(article.author)}</span>
<span class="views">Lượt xem: {markup.views(article, state.now, noise)}</span></div>
<h2 class="detail-sapo">{text(article.lead)}</h2>
{content(state, article, figures, noise).replace(' data-role="content" itemprop="articleBody"', "")}</div>"""


def _time(article: WorldArticle) -> str:
    return f"{markup.weekday(article.time)}, {markup.printed(article.time, '%d/%m/%Y, %H:%M')} (GMT+7)"
