"""ASP.NET portals in the shape of medinet.gov.vn: `/<category>/<slug>-c<category>-<number>.aspx` (sources.md §4).

The last number of the address is the article; the slug and the category may change. The mobile twin writes
`-cmobile<category>-`. Other WebForms portals name the article by a number in the query.
"""

import re
from urllib.parse import parse_qsl, urlsplit

from aggregator.collect import article, feed, html, leads, listing
from aggregator.collect.leads import Listing, Naming
from aggregator.model import Page
from aggregator.settings import Section, Source

ID = re.compile(r"[-/](\d{3,})\.aspx$", re.I)  # a category ends in c<number>, which is no number of its own
QUERY = frozenset({"id", "itemid", "newsid", "articleid", "idtin", "tinid", "idbaiviet"})
MOBILE = re.compile(r"-cmobile(\d+-\d+\.aspx)$", re.I)
PAGES = re.compile(r"\.aspx$", re.I)

LISTING = listing.Shape(
    address=r"(?i)[-/]\d{3,}\.aspx(?:[?#]|$)|\.aspx\?(?:[^#]*&)?(?:id|itemid|newsid|articleid|idtin|tinid|idbaiviet)=\d",
    ignore="header, footer, nav, .menu, .breadcrumb",
    titles="[id*=lnkTitle i], [id*=hplTitle i], .news-title a, .title a, .tieude a, h2 a, h3 a, h4 a",
    summaries=".sapo, .summary, .description, .trich, .trichyeu, .news-desc, [id*=lblSummary i], [id*=lblSapo i]",
    times="[id*=lblDate i], [id*=lblNgay i], [id*=lblTime i], .news-date, .ngaydang, .date, .time, time",
)

ARTICLE = article.Shape(
    name="aspnet",
    marks="input[name=__VIEWSTATE], form#aspnetForm",
    title=(
        "[id$=lblTitle i], [id$=lbTitle i], [id$=lblTieuDe i]",
        ".news-detail .title, .news_detail .title, .detail-title, .title-detail, .title_detail, .tieude-chitiet",
    ),
    lead=(
        "[id$=lblSummary i], [id$=lblSapo i], [id$=lblHeadline i], [id$=lblTrichDan i]",
        ".news-detail .sapo, .detail-sapo, .sapo, .news-summary, .trichdan",
    ),
    time=(
        "[id$=lblDate i], [id$=lblNgayDang i], [id$=lblPublishDate i], [id$=lblTime i]",
        ".news-detail .date, .detail-date, .ngaydang, .news-date, .post-date, .date",
    ),
    author=("[id$=lblAuthor i], [id$=lblTacGia i]", ".news-detail .author, .tacgia"),
    body=(
        "[id$=lblContent i], [id$=lblNoiDung i], [id$=divContent i], [id$=lblDetail i]",
        ".news-detail .content, .detail-content, .content-detail, .news-content, .noidung-chitiet, .noidung",
    ),
    cut=".sapo, .related, .tinlienquan, .tin-lien-quan, .other-news, .tinkhac, .share, .rating, .comment",
    files=".filedinhkem, .file-dinh-kem, [id*=FileDinhKem i]",
)


def ref(url: str) -> str:
    """The last number of the address, "" for a category's or another page's."""
    path = html.path_of(url)
    match = ID.search(path)
    if match or not PAGES.search(path):
        return match[1] if match else ""
    told = [value for name, value in _query(url) if name.lower() in QUERY and value.isdecimal()]
    return told[-1] if told else ""


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query)
    except ValueError:
        return []


def address(url: str) -> str:
    """The article's address on the pages for large screens."""
    parts = urlsplit(url)
    return parts._replace(path=MOBILE.sub(r"-c\1", parts.path)).geturl()


NAMING = Naming(address, ref, leads.get)


def read(source: Source, section: Section, page: Page) -> Listing:
    """Leads of a listing, a home page or a feed of the portal. Raises SourceError."""
    if feed.is_feed(page):
        return feed.read_named(source, section, page, NAMING)
    return listing.read_shape(source, section, page, LISTING, NAMING)
