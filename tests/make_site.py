"""A small site of invented news, to look at and to check links, addresses and escapes on. No real persons or events."""

from datetime import timedelta
from pathlib import Path

from aggregator.model import Attachment, Disagreement, Image, Link, SafeHtml, Story
from aggregator.settings import Config, Licence, Owner, Site
from tests import make
from tests.make import NOW

SOURCES = {
    "moh": ("Bộ Y tế", "Bộ Y tế", 90),
    "skds": ("Báo Sức khỏe & Đời sống", "Sức khỏe & Đời sống", 60),
    "syt": ("Sở Y tế Hà Nội", "Sở Y tế Hà Nội", 75),
}
WINDOW = timedelta(days=90)
TAGS = {
    "tc": ("topic/tiem-chung", "Tiêm chủng"),
    "at": ("topic/an-toan-thuc-pham", "An toàn thực phẩm"),
    "pc": ("topic/phong-chong-dich", "Phòng, chống dịch"),
    "bh": ("topic/bao-hiem-y-te", "Bảo hiểm y tế"),
    "cd": ("topic/chuyen-doi-so", "Chuyển đổi số y tế"),
    "kc": ("topic/kham-chua-benh", "Khám, chữa bệnh"),
    "sxh": ("disease/sot-xuat-huyet", "Sốt xuất huyết"),
    "tcm": ("disease/tay-chan-mieng", "Tay chân miệng"),
    "sot": ("disease/soi", "Sởi"),
    "cum": ("disease/cum-mua", "Cúm mùa"),
    "hn": ("place/ha-noi", "Hà Nội"),
    "da": ("place/dong-anh", "Đông Anh"),
    "kh": ("place/khanh-hoa", "Khánh Hòa"),
    "hcm": ("place/tp-ho-chi-minh", "TP. Hồ Chí Minh"),
    "byt": ("authority/bo-y-te", "Bộ Y tế"),
    "ub": ("authority/ubnd-tp-ha-noi", "UBND TP. Hà Nội"),
    "qd": ("document/2666-qd-byt", "2666/QĐ-BYT"),
    "cv": ("document/1980-stttt-ttdt", "1980/STTTT-TTĐT"),
}
NEWS = Path(__file__).parent / "golden/site/news.txt"  # source|hours ago|tags|title|lead
BODY = NEWS.with_name("body.html")


def config(mode: str = "preview") -> Config:
    owner = Owner(
        organisation="Trung tâm Thông tin y tế (minh hoạ)",
        governing_body="Cơ quan chủ quản (minh hoạ)",
        address="Số 1, phố Mẫu, Hà Nội",
        phone="024 0000 0000",
        email="ban-tin@example.vn",
        person_responsible="Trưởng ban biên tập",
        licence=Licence(number="00/GP-TTĐT", date="01/01/2026", issuer="Cơ quan cấp phép"),
    )
    sources = [
        make.source(id, name=name, short_name=short, authority=rank, agreement=make.agreement(), window=WINDOW)
        for id, (name, short, rank) in SOURCES.items()
    ]
    return make.config(*sources, site=Site(mode=mode, owner=owner, base_url="https://bantin.example.vn/"))


def stories() -> tuple[Story, ...]:
    """The newest first: the first is told three times, corrected once, and carries all that a story can carry."""
    rows = [line.split("|") for line in NEWS.read_text().splitlines()]
    return tuple(_story(number, *row) for number, row in enumerate(rows))


def _story(number: int, source: str, hours: str, keys: str, title: str, lead: str) -> Story:
    id = f"n{number:011d}"
    published = NOW - timedelta(hours=int(hours), minutes=7 * number % 60)
    body = SafeHtml(
        BODY.read_text() if number == 0 else f"<p>{lead or title}</p><p>Chi tiết được đăng trên trang của nguồn.</p>"
    )
    of = make.article(id, source=source, title=title, lead=lead, published=published, body=body, text=title)
    tags = tuple(make.tag(*TAGS[key], words=TAGS[key][1].lower()) for key in keys.split())
    if number:
        return make.story(make.telling(of, tags=tags))
    return _rich(make.telling(of, tags=tags))


def _rich(first) -> Story:  # type: ignore[no-untyped-def]
    of = first.article
    files = (Attachment("https://moh.example.vn/qd.pdf", "Quyết định kèm phụ lục (PDF, 12 trang)"),)
    images = (Image("https://skds.example.vn/anh.jpg", "Cán bộ y tế kiểm tra lọ hoa", "Ảnh: cộng tác viên"),)
    whole = make.article(
        of.id,
        source=of.source,
        title=of.title,
        lead=of.lead,
        author="Ban Thời sự",
        published=of.published,
        body=of.body,
        text=of.text,
        attachments=files,
        images=images,
    )
    revisions = (
        make.revision(whole, 1, lead="Phần dẫn cũ."),
        make.revision(whole, 2, seen_at=whole.fetched_at + timedelta(minutes=40)),
    )
    others = [
        make.telling(
            make.article(
                "m00000000001",
                source="moh",
                title="Khuyến cáo phòng bệnh sốt xuất huyết mùa mưa",
                published=of.published + timedelta(minutes=20),
            )
        ),
        make.telling(
            make.article(
                "s00000000001",
                source="syt",
                title="Bốn việc phòng sốt xuất huyết tại gia đình",
                published=of.published + timedelta(minutes=35),
            )
        ),
    ]
    differing = (Disagreement("figure", "74 ca", "47 ca", "title", "title"),)
    links = tuple(
        Link(
            a,
            b,
            "story",
            0.87,
            "cùng nói về Sốt xuất huyết; cùng số liệu 74, 12; nhưng nói khác nhau: 74 ↔ 47",
            "1",
            differing,
        )
        for a, b in (sorted((of.id, other.article.id)) for other in others)
    )
    speaker = make.telling(whole, tags=first.tags, revisions=revisions)
    return make.story(speaker, *others, links=links)
