from datetime import UTC, datetime, timedelta

import pytest

from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from aggregator.refine.windows import LOCAL
from tests.make import article

TAGGER = Tagger(load())
NOW = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
ASKING = "Đề nghị những người có mặt trong thời gian trên khai báo với trạm y tế."


def local(day, hour=0, minute=0):
    return datetime(2026, 10, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


def where(title, text):
    told = article(title=title, lead="", text=text, published=NOW)
    (found,) = [match for match in TAGGER.tags(told) if match.kind == "urgent"]
    return [(one.place.text, one.start, one.end) for one in found.notice.where]


def day(number):
    return local(number), local(number + 1) - timedelta(seconds=1)


TOLD = [
    # the telling names place and time, the asking points back to them
    (
        f"Người bệnh đã ngồi chờ tại Phòng khám Nhi Ví Dụ, phường Láng từ 8h30 đến 10h ngày 18/10. {ASKING}",
        [("Phòng khám Nhi Ví Dụ, phường Láng", local(18, 8, 30), local(18, 10))],
    ),
    # a name that a clause stands behind
    (
        f"Tại lễ hội Đình Ví Dụ, có một người nhiễm bệnh, có mặt từ 8 giờ đến 9 giờ ngày 18/10. {ASKING}",
        [("lễ hội Đình Ví Dụ", local(18, 8), local(18, 9))],
    ),
    # two visits, each with its own time
    (
        f"Người bệnh bán rau ở chợ Ví Dụ ngày 17/10, sau đó đến tiệm Minh Họa ngày 18/10. {ASKING}",
        [("chợ Ví Dụ", *day(17)), ("tiệm Minh Họa", *day(18))],
    ),
    # a list parted by semicolons
    (
        "Người đã đến một trong các địa điểm sau: siêu thị Ví Dụ ngày 17/10; chợ Minh Họa, ngày 18/10 cần khai báo.",
        [("siêu thị Ví Dụ", *day(17)), ("chợ Minh Họa", *day(18))],
    ),
    # a vehicle, not the station it left
    (
        f"Người bệnh đi xe khách Ví Dụ khởi hành tại bến xe Minh Họa, hành trình từ 8h đến 9h ngày 18/10. {ASKING}",
        [("xe khách Ví Dụ", local(18, 8), local(18, 9))],
    ),
    # two days of one place, whose number is none
    (
        f"Phụ xe mắc bệnh làm việc trên xe buýt tuyến 05 các ngày 16/10/2026 và 18/10/2026. {ASKING}",
        [("xe buýt tuyến 05", *day(16)), ("xe buýt tuyến 05", *day(18))],
    ),
    # the event that is held at the place is told with it
    (f"Người bệnh dự đám giỗ ở ấp Ví Dụ ngày 18/10. {ASKING}", [("đám giỗ ở ấp Ví Dụ", *day(18))]),
    # people asked by "ai có mặt", with no word of asking
    (
        "Bệnh nhân ghé tiệm Ví Dụ ngày 17/10. Những ai có mặt vào khung giờ nói trên cần khai báo với trạm y tế.",
        [("tiệm Ví Dụ", *day(17))],
    ),
    # a day of goods, of a family, of an order is no visit
    (f"Gia đình mua chả của quán Ví Dụ sản xuất ngày 18/10. {ASKING}", []),
    (f"Phong tỏa khu trọ Ví Dụ từ ngày 18/10. {ASKING}", []),
    # where nobody is asked, nothing is
    ("Người bệnh bán rau ở chợ Ví Dụ ngày 17/10.", []),
]


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_places_and_times_are_those_of_the_telling(text, expected):
    assert where("Thông báo khẩn của CDC", text) == expected


def test_a_bare_noun_is_the_place_that_was_named_before():
    text = "Đề nghị người đã đến chợ trong khoảng thời gian từ ngày 17/10 đến ngày 18/10 khai báo y tế."
    assert where("Thông báo khẩn tìm người đến chợ đêm Ví Dụ", text) == [("chợ đêm Ví Dụ", day(17)[0], day(18)[1])]


@pytest.mark.parametrize(
    "text",
    [
        "Người tiêm ở lại theo dõi 30 phút.",
        "Tìm người đi cùng chuyến bay có ca mắc COVID-19.",
        "Các phường báo cáo số người đến khám, triệu chứng về quận trước 17h.",
    ],
)
def test_figures_and_diseases_name_no_place(text):
    assert where("Thông báo khẩn của CDC", text) == []
