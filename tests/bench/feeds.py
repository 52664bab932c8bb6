"""Generated feeds of official health news: 50 items each with their whole text, equal for equal numbers.

Every tenth item tells what an item of the feed before it told, in the same words but for its opening: real portals
copy from each other. All of it is invented; the clock of the generated world stands still at NOW.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import NamedTuple
from xml.sax.saxutils import escape

NOW = datetime(2026, 10, 20, 5, 0, tzinfo=UTC)
ITEMS = 50  # a feed, before its new ones
APART = timedelta(hours=11)  # between two items of a feed: 50 of them tell of 23 days, as a department's feed does
COPIED = 10  # every tenth item is a copy

PLACES = (
    "Hà Nội", "TP. Hồ Chí Minh", "Đà Nẵng", "Cần Thơ", "tỉnh Lào Cai", "tỉnh Nghệ An", "tỉnh Quảng Trị",
    "tỉnh Gia Lai", "tỉnh Lâm Đồng", "tỉnh Cà Mau", "tỉnh An Giang", "tỉnh Bắc Ninh", "tỉnh Hưng Yên",
    "tỉnh Ninh Bình", "tỉnh Thanh Hóa", "tỉnh Đắk Lắk", "tỉnh Khánh Hòa", "tỉnh Tây Ninh", "tỉnh Vĩnh Long",
)  # fmt: skip
DISEASES = (
    "sốt xuất huyết", "tay chân miệng", "sởi", "cúm A", "ho gà", "bạch hầu", "thủy đậu", "viêm não Nhật Bản", "dại",
    "liên cầu lợn", "COVID-19", "lao", "tiêu chảy cấp", "viêm gan B", "sốt rét",
)  # fmt: skip
ACTS = (
    "phun hóa chất diệt muỗi", "tiêm vắc xin bổ sung", "giám sát các ổ dịch cũ", "khám sàng lọc miễn phí",
    "tập huấn cho y tế thôn bản", "truyền thông tại trường học", "kiểm tra an toàn thực phẩm",
    "rà soát tiền sử tiêm chủng", "bổ sung thuốc và vật tư", "lập hồ sơ sức khỏe điện tử",
)  # fmt: skip
UNITS = (
    "Sở Y tế", "Trung tâm Kiểm soát bệnh tật", "Cục Phòng bệnh", "Bệnh viện Đa khoa", "Trung tâm Y tế khu vực",
    "Viện Vệ sinh dịch tễ", "Chi cục An toàn vệ sinh thực phẩm", "Trạm Y tế phường", "UBND", "Bộ Y tế",
)  # fmt: skip
GROUPS = (
    "trẻ dưới 5 tuổi",
    "phụ nữ mang thai",
    "người cao tuổi",
    "học sinh tiểu học",
    "công nhân",
    "người có bệnh nền",
)
OPENINGS = (
    "{unit} {place} cho biết", "Theo báo cáo ngày {k}/10 của {unit}", "Tại buổi giao ban sáng {k}/10",
    "Qua giám sát tại {n} xã, phường", "Từ đầu năm đến nay", "So với cùng kỳ năm trước", "Trong {k} ngày tới",
    "Trước diễn biến của bệnh {disease}", "Sau đợt mưa kéo dài ở {place}", "Để bảo vệ {group}",
    "Thực hiện công văn số {m}/SYT-NVY", "Bên cạnh việc {act}", "Khi phát hiện ca mắc {disease} đầu tiên",
    "Đoàn công tác của {unit} ghi nhận", "Ở các khu công nghiệp của {place}", "Đối với {group}",
    "Ngay trong đêm", "Bác sĩ trực tại {place} khuyến cáo", "Đến hết quý III", "Ngoài nguồn ngân sách {m} triệu đồng",
    "Trả lời cử tri {place}", "Cùng với nhà trường và các đoàn thể", "Nhờ được cảnh báo sớm",
    "Theo các chuyên gia dịch tễ",
)  # fmt: skip
MIDDLES = (
    "toàn địa bàn có {m} ca {disease}", "{n} trạm y tế đã tổ chức {act}", "đội cơ động {act} tại {n} điểm nguy cơ",
    "{group} được khám và tư vấn ngay tại thôn, bản", "các bệnh viện dành {n} giường cho bệnh nhân nặng",
    "lực lượng y tế cơ sở đi từng nhà để {act}", "{n}% hộ dân còn dụng cụ chứa nước có bọ gậy",
    "tỷ lệ tiêm đủ mũi vắc xin phòng {disease} đạt {n}%", "đường dây nóng nhận {n} cuộc gọi mỗi ngày",
    "{n} mẫu bệnh phẩm được gửi về phòng xét nghiệm khu vực", "hệ thống cảnh báo ghi nhận {k} ổ dịch {disease} mới",
    "kho dự trữ còn đủ thuốc cho {k} tuần điều trị", "việc {act} được hoàn thành sớm {k} ngày",
    "{m} học sinh được cấp sổ theo dõi sức khỏe", "người dân đã quen ngủ màn cả ban ngày",
    "nhiều gia đình đưa {group} đi tiêm ngay ngày đầu", "{unit} cử {k} bác sĩ về hỗ trợ tuyến dưới",
    "số ca mắc {disease} phải nhập viện giảm {n}%", "chợ đầu mối bị kiểm tra đột xuất {k} lần",
    "giám sát nước sinh hoạt cho thấy {k} mẫu không đạt", "phòng khám quá tải từ {k} giờ sáng",
    "ca bệnh {disease} nặng nhất đã cai máy thở", "khu cách ly tạm thời tiếp nhận {n} người",
    "phụ huynh ký cam kết cho con nghỉ học khi sốt",
)  # fmt: skip
ENDINGS = (
    "không có ca tử vong.", "tập trung ở những khu vực đông dân cư.", "cao hơn mức trung bình {k} năm qua.",
    "và kết quả sẽ được công bố trong tuần này.", "ưu tiên {group} ở vùng sâu, vùng xa.",
    "nhưng nguy cơ lây lan vẫn còn nếu lơ là.", "theo đúng hướng dẫn chẩn đoán và điều trị hiện hành.",
    "trong khi {place} tiếp tục {act}.", "vì vậy người dân không nên tự ý mua thuốc điều trị.",
    "đồng thời báo cáo về {unit} trước {k} giờ chiều.", "nhất là với người từng mắc {disease}.",
    "giúp giảm tải cho tuyến trên vào mùa cao điểm.", "khi thời tiết chuyển lạnh bất thường.",
    "và sẽ kéo dài đến cuối tháng 11.", "do thói quen ăn gỏi cá, tiết canh chưa được bỏ hẳn.",
    "sau khi rửa tay bằng xà phòng và đeo khẩu trang.", "để năm học mới diễn ra an toàn.",
    "căn cứ Thông tư 54/2015/TT-BYT về khai báo bệnh truyền nhiễm.", "với sự hỗ trợ của các viện đầu ngành.",
    "chủ yếu là {group}.", "mà chưa tìm được nguồn lây.", "giữa lúc {disease} vào chu kỳ bùng phát.",
    "bằng nguồn vắc xin của chương trình mở rộng.", "nên cần đến cơ sở y tế khi sốt trên {k} ngày.",
)  # fmt: skip
TITLES = (
    "{place}: ghi nhận {n} ca mắc {disease} trong tuần", "{unit} {place} {act} cho {group}",
    "Chủ động phòng, chống {disease} tại {place}", "{place} tăng cường {act}, bảo vệ {group}",
    "Hơn {m} người được khám, tư vấn về {disease} ở {place}", "{unit}: {n} việc cần làm để phòng {disease}",
)  # fmt: skip


class Item(NamedTuple):
    """One item of a feed; `body` is HTML."""

    url: str
    title: str
    body: str
    time: datetime


def host(feed: int) -> str:
    """The official host of a feed's source."""
    return f"tin-{feed:03d}.example"


def items(feed: int, new: int = 0) -> list[Item]:
    """The newest first; `new` items more than at first."""
    return [_item(feed, number) for number in reversed(range(ITEMS + new))]


def rss(feed: int, new: int = 0) -> bytes:
    """The feed as its site prints it."""
    return printed(feed, items(feed, new))


def printed(feed: int, items: Iterable[Item]) -> bytes:
    """The items as the feed's site prints them."""
    told = "".join(
        f"<item><title>{escape(one.title)}</title><link>{one.url}</link><guid>{one.url}</guid>"
        f"<pubDate>{format_datetime(one.time)}</pubDate>"
        f"<description>{escape(one.title)}.</description>"
        f"<content:encoded><![CDATA[{one.body}]]></content:encoded></item>\n"
        for one in items
    )
    head = f"<title>Tin y tế {feed}</title><link>http://{host(feed)}/</link><description>Tin y tế</description>"
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {space}><channel>{head}{told}</channel></rss>'
    return text.encode()


def _item(feed: int, number: int) -> Item:
    copied = number % COPIED == COPIED - 1 and feed > 0
    title, paragraphs = _told(feed - 1, number - 1) if copied else _told(feed, number)
    opening = f"<p><strong>{_filled('{unit} {place} vừa có thông báo mới.', Random(feed * 7919 + number))}</strong></p>"
    body = opening + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    time = NOW - APART * (ITEMS - number) + timedelta(minutes=feed)
    return Item(f"http://{host(feed)}/tin/{number:04d}.htm", title, body, min(time, NOW - timedelta(minutes=1)))


def _told(feed: int, number: int) -> tuple[str, list[str]]:
    chance = Random(feed * 1_000_003 + number)
    lines = [_sentence(chance) for _ in range(chance.randint(8, 26))]
    return _filled(chance.choice(TITLES), chance), [" ".join(lines[at : at + 2]) for at in range(0, len(lines), 2)]


def _sentence(chance: Random) -> str:
    return _filled(f"{chance.choice(OPENINGS)}, {chance.choice(MIDDLES)}, {chance.choice(ENDINGS)}", chance)


def _filled(sentence: str, chance: Random) -> str:
    filled = sentence.format(
        place=chance.choice(PLACES),
        disease=chance.choice(DISEASES),
        act=chance.choice(ACTS),
        unit=chance.choice(UNITS),
        group=chance.choice(GROUPS),
        more=chance.choice(("tăng", "giảm")),
        n=chance.randint(2, 98),
        m=chance.randint(100, 2400),
        k=chance.randint(2, 9),
    )
    return filled[0].upper() + filled[1:]
