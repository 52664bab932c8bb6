import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.refine.tagging import Tagger
from aggregator.refine.vocabulary import load
from aggregator.refine.windows import LOCAL
from tests.make import article

TAGGER = Tagger(load())
NOW = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)


def notice_of(title, lead="", text="", published=NOW):
    told = article(title=title, lead=lead, text=text, published=published)
    found = [match for match in TAGGER.tags(told) if match.kind == "urgent"]
    return found[0] if found else None


URGENT = [
    # thông báo khẩn
    ("thong-bao-khan", "Thông báo khẩn số 12: Tìm người từng đến chợ Minh Họa", "", ""),
    ("thong-bao-khan", "KHẨN: Hà Nội tìm người đi chuyến xe khách ngày 18/10", "", ""),
    ("thong-bao-khan", "Hỏa tốc: Sở Y tế yêu cầu rà soát người về từ vùng dịch", "", ""),
    ("thong-bao-khan", "CDC Hà Nội thông báo tìm người đến quán ăn tại phường Láng", "", ""),
    ("thong-bao-khan", "Sở Y tế Hà Nội ra công văn hỏa tốc về bệnh bạch hầu", "", ""),
    (
        "thong-bao-khan",
        "Về ca bệnh bạch hầu tại xã Thanh Oai",
        "CDC Hà Nội phát thông báo khẩn, đề nghị liên hệ trạm y tế.",
        "",
    ),
    ("thong-bao-khan", "Ngừng sử dụng nước giếng tại ba thôn", "", "THÔNG BÁO KHẨN\nNgười dân không uống nước giếng."),
    ("thong-bao-khan", "Khẩn cấp: sơ tán người bệnh khỏi vùng ngập", "", ""),
    ("thong-bao-khan", "THONG BAO KHAN: Tim nguoi tung den cho Minh Hoa", "De nghi khai bao y te ngay.", ""),
    ("thong-bao-khan", "CDC Hải Phòng tìm người đi chuyến tàu SE0 ngày 17/10", "", ""),
    # công điện
    ("cong-dien", "Công điện của Thủ tướng Chính phủ về ứng phó bão số 12", "", ""),
    ("cong-dien", "Bộ Y tế ra công điện yêu cầu bảo đảm cấp cứu trong mưa lũ", "", ""),
    (
        "cong-dien",
        "Thủ tướng chỉ đạo ứng phó mưa lũ",
        "Thủ tướng ký Công điện số 190/CĐ-TTg ngày 19/10/2026.",
        "",
    ),
    ("cong-dien", "CÔNG ĐIỆN VỀ PHÒNG, CHỐNG SỐT XUẤT HUYẾT", "", ""),
    ("cong-dien", "Công điện hỏa tốc gửi Sở Y tế các tỉnh", "", ""),
    # thu hồi
    ("thu-hoi", "Thu hồi toàn quốc lô thuốc viên nén Minh Họa", "", ""),
    ("thu-hoi", "Cục Quản lý Dược thu hồi mỹ phẩm chứa chất cấm", "", ""),
    ("thu-hoi", "Hai lô siro ho cho trẻ em bị thu hồi", "", ""),
    ("thu-hoi", "Đình chỉ lưu hành kem chống nắng Minh Họa", "", ""),
    ("thu-hoi", "Ba lô sữa bột nhập khẩu không đạt chất lượng", "Cục An toàn thực phẩm yêu cầu thu hồi sản phẩm.", ""),
    ("thu-hoi", "Yêu cầu ngừng sử dụng lô vắc xin Minh Họa", "", ""),
    ("thu-hoi", "Ngừng sử dụng nguồn nước giếng khoan tại thôn 3", "", "Đun sôi nước trước khi uống."),
    ("thu-hoi", "Khẩn cấp thu hồi siro ho trẻ em Minh Họa", "", "Phụ huynh ngừng cho trẻ uống."),
    ("thu-hoi", "Bộ Y tế thông báo thu hồi xe lăn Minh Họa do lỗi phanh", "", "Người dùng ngừng sử dụng xe."),
    ("canh-bao", "Cảnh báo khẩn về kẹo lạ bán ở cổng trường", "", "Ai thấy tê tay sau khi ăn đến bệnh viện ngay."),
    # without a name of its own: a body orders it, and it holds now
    (
        "thong-bao-khan",
        "UBND phường Láng tạm phong tỏa một khu tập thể",
        "Từ 6h ngày 21/10 đến 24h ngày 31/10, người dân không ra khỏi nơi ở.",
        "",
    ),
    (
        "thong-bao-khan",
        "Ngừng cấp nước tại khu đô thị Minh Họa",
        "Công ty nước sạch thông báo tạm ngừng cấp nước đến 6h ngày 22/10.",
        "Người dân không dùng nước còn trong bể để ăn uống.",
    ),
    (
        "thu-hoi",
        "Tạm dừng lưu thông lô sữa Minh Họa",
        "Sở An toàn thực phẩm yêu cầu tạm dừng đưa ra thị trường lô sữa MH-1026.",
        "Nhà trường không cho học sinh uống số sữa còn lại.",
    ),
    (
        "thong-bao-khan",
        "Đề nghị người mua bánh tại tiệm Ví Dụ sáng 19/10 theo dõi sức khỏe",
        "Sở Y tế cho biết 31 người nhập viện sau khi ăn bánh.",
        "Ai sốt, tiêu chảy đến bệnh viện ngay.",
    ),
    (
        "canh-bao",
        "Cảnh báo nổ bóng bay tại hội trường",
        "Sở Y tế cảnh báo: các trường không dùng bóng bay bơm hydro trong lễ tổng kết đến hết 31/10.",
        "",
    ),
    (
        "thong-bao-khan",
        "Sở Y tế ra thông báo khẩn về nước sinh hoạt, lệnh hết hiệu lực lúc 18h ngày 23/10",
        "",
        "Người dân không dùng nước máy.",
    ),
    (
        "thong-bao-khan",
        "Đề nghị người dự đám cưới tại nhà hàng Ví Dụ ngày 18/10 liên hệ y tế",
        "CDC Bắc Ninh cho biết nhiều khách nôn, sốt.",
        "Khách dự tiệc gọi 0222 3 824 115.",
    ),
    (
        "thong-bao-khan",
        "Công bố tình huống khẩn cấp về nước sạch tại phường Minh Họa",
        "Chủ tịch UBND phường dừng cấp nước đến 8h ngày 22/10.",
        "Người dân không dùng nước còn trong bể.",
    ),
    ("cong-dien", "Hỏa tốc: rà soát kho huyết thanh", "Bộ Y tế có công điện hỏa tốc gửi các tỉnh.", ""),
    ("thu-hoi", "Sở Y tế yêu cầu ngưng kinh doanh rượu thuốc Minh Họa", "", "Ai đã uống đến bệnh viện ngay."),
    # cảnh báo
    ("canh-bao", "Cảnh báo: Ngừng sử dụng kem bôi Minh Họa", "Sở Y tế phát cảnh báo về mẫu kem.", ""),
    ("canh-bao", "Viên giảm cân Minh Họa: Cảnh báo không sử dụng", "Cục An toàn thực phẩm thông tin.", ""),
    (
        "canh-bao",
        "Cảnh báo sứa lửa dạt vào bãi Minh Họa",
        "Ban quản lý bãi tắm phát cảnh báo khẩn.",
        "Du khách không xuống tắm.",
    ),
    (
        "canh-bao",
        "Cục An toàn thực phẩm cảnh báo sản phẩm giảm cân chứa chất cấm",
        "",
        "Không mua, không sử dụng.",
    ),
    (
        "canh-bao",
        "Cảnh báo: Thực phẩm bảo vệ sức khỏe Minh Họa chứa sibutramine",
        "",
        "Không sử dụng sản phẩm.",
    ),
    ("canh-bao", "Bộ Y tế cảnh báo người dân không ăn nấm lạ", "", ""),
    ("canh-bao", "Cảnh báo khẩn về rượu chứa methanol", "", "Không uống rượu không rõ nguồn gốc."),
    ("canh-bao", "Sở Y tế cảnh báo mạo danh nhân viên y tế bán thuốc", "", "Người dân cảnh giác, không chuyển tiền."),
]

NOT_URGENT = [
    "Khẩn trương tiêm vắc xin sởi cho trẻ trước năm học mới",
    "Hà Nội khẩn trương khoanh vùng ổ dịch sốt xuất huyết",
    "Cấp cứu khẩn cấp cho sản phụ vỡ tử cung",
    "Kíp trực phẫu thuật khẩn cấp cứu sống người bệnh",
    "Diễn tập ứng phó thông báo khẩn về dịch bệnh",
    "Tập huấn quy trình thu hồi thuốc cho nhà thuốc",
    "Thu hồi đất để xây trạm y tế xã",
    "Thu hồi giấy phép hoạt động của phòng khám",
    "Thu hồi chứng chỉ hành nghề của bác sĩ vi phạm",
    "Kiểm tra việc thực hiện Công điện của Bộ Y tế tại ba bệnh viện",
    "Thực hiện Công điện của Thủ tướng, Sở Y tế tăng cường trực",
    "Nhìn lại một năm thực hiện công điện về phòng dịch",
    "Bác sĩ cảnh báo thói quen thức khuya của người trẻ",
    "Chuyên gia cảnh báo béo phì ở trẻ em",
    "Năm dấu hiệu cảnh báo đột quỵ cần biết",
    "Hệ thống cảnh báo sớm dịch bệnh đi vào hoạt động",
    "Bác bỏ tin đồn về thông báo khẩn phong tỏa Hà Nội",
    "Thông báo khẩn giả lan truyền trên mạng",
    "Quy định mới về thu hồi thuốc có hiệu lực từ năm 2027",
    "Dự thảo thông tư về thu hồi sản phẩm",
    "Bệnh viện tổ chức cuộc thi tuyên truyền phòng dịch",
    "Thuốc tránh thai khẩn cấp dùng thế nào cho đúng",
    "Thông báo tuyển dụng viên chức",
    "Thông báo lịch tiêm chủng tháng 11",
    "Kết quả thu hồi thuốc không đạt chất lượng năm 2025",
    "Xử lý khẩn cấp ổ dịch sốt xuất huyết tại xã Thanh Oai",
    "Sau Công điện 15, các bệnh viện đã sẵn sàng ứng phó",
    "Bộ Y tế: Không có công điện nào về đóng cửa trường học",
    "Phạt cơ sở không thu hồi mỹ phẩm",
    "Bệnh viện Nhi cảnh báo tai nạn do pin cúc áo",
    "Cách đây sáu năm, Thủ tướng ra công điện về COVID-19",
    "Hà Nội đã hoàn thành thu hồi lô thuốc Minh Họa",
    "Cảnh báo từ cơ thể: năm dấu hiệu thiếu sắt",
    "Hội nghị quán triệt Công điện của Thủ tướng",
    "Học sinh cảnh giác với cảnh báo giả trên mạng",
    "Gỡ bỏ cảnh báo về nước sinh hoạt tại phường Láng",
    "Lệnh ngừng dùng nước của Sở Y tế hết hiệu lực từ ngày 15/10",
    "Sở Y tế dỡ lệnh phong tỏa thôn có dịch từ 0 giờ ngày 20/10",
    "Bản tin dịch bệnh: Ban Chỉ đạo cho biết có 7 ca mắc mới ngày 19/10",
    "Bộ Y tế khuyến cáo rửa tay, ăn chín để phòng bệnh mùa mưa",
    "Sở Y tế yêu cầu các đơn vị giải ngân trước ngày 30/10",
    "UBND phường chưa ban hành công điện về đợt mưa lớn",
    "Dỡ phong tỏa khu tập thể Láng, thông báo khẩn không còn áp dụng",
    "Ông lão sưu tập bản thông báo khẩn của những mùa dịch",
    "Pháp: thu hồi sữa bột, Việt Nam không nhập lô nào",
    "Bộ Y tế Nhật Bản thu hồi men gạo, sản phẩm chưa được cấp phép nhập khẩu vào Việt Nam",
    "Nhật Bản: Bộ Y tế Nhật Bản ra lệnh thu hồi ba sản phẩm",
    "Thu hồi thực phẩm không an toàn: doanh nghiệp làm theo trình tự nào?",
    "Từ 1/12 dừng bán thuốc lá điện tử: Nghị quyết có hiệu lực toàn quốc",
    "Năm 2025, cả nước thu hồi 112 lô thuốc",
    "Ngày 30/4/2021, một công điện hỏa tốc được gửi tới 27 tỉnh",
    "Chuyên gia WHO cảnh báo vi khuẩn kháng thuốc, không tự mua kháng sinh",
    "Bác sĩ khuyên không tự ý ngừng sử dụng thuốc huyết áp",
    "Phú Thọ: Cảnh báo đuối nước trẻ em dịp nghỉ hè, không tắm sông một mình",
]


@pytest.mark.parametrize(("kind", "title", "lead", "text"), URGENT)
def test_an_urgent_notice_is_recognised_with_its_kind(kind, title, lead, text):
    found = notice_of(title, lead, text)
    assert found is not None
    assert (found.tag, bool(found.evidence)) == (kind, True)


@pytest.mark.parametrize("title", NOT_URGENT)
def test_what_only_sounds_like_one_is_none(title):
    assert notice_of(title, "", "Người dân cần đến cơ sở y tế, gọi 115 khi có dấu hiệu bất thường.") is None


def test_a_dispatch_of_an_earlier_year_is_a_report():
    assert notice_of("Công điện số 16 ngày 31/3/2020 được nhắc lại trong cuốn sách mới") is None
    assert notice_of("Công điện năm 2020 về cách ly xã hội") is None


def local(day, hour=0, minute=0, second=0, month=10):
    return datetime(2026, month, day, hour, minute, second, tzinfo=LOCAL).astimezone(UTC)


UNTIL = [
    ("Thông báo có hiệu lực đến hết ngày 25/10/2026.", local(25, 23, 59, 59)),
    ("Cảnh báo này có giá trị đến 17 giờ ngày 22/10.", local(22, 17)),
    ("Các biện pháp áp dụng từ 0 giờ ngày 21/10 đến 24 giờ ngày 31/10.", local(31, 23, 59, 59)),
    ("Tạm dừng hoạt động chợ từ 12 giờ ngày 20/10 đến hết ngày 27/10 để khử khuẩn.", local(27, 23, 59, 59)),
    ("Yêu cầu có hiệu lực trong 14 ngày kể từ 0 giờ ngày 21/10/2026.", local(3, 23, 59, 59, month=11)),
    ("Thông báo hết hiệu lực từ 0 giờ ngày 28/10.", local(28)),
    ("Thời hạn thực hiện: đến ngày 30 tháng 10 năm 2026.", local(30, 23, 59, 59)),
    ("Lệnh cấm kéo dài đến hết ngày mai.", local(21, 23, 59, 59)),
    ("Tạm dừng lễ hội đến hết tháng 10/2026.", local(31, 23, 59, 59)),
    ("Người dân không tắm biển đến cuối tháng này.", local(31, 23, 59, 59)),
    ("Lệnh cấm có hiệu lực đến hết tuần này.", local(25, 23, 59, 59)),
    ("Quy định áp dụng đến hết quý IV/2026.", datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)),
    ("Lệnh có hiệu lực 24 giờ từ 14h ngày 20/10.", local(21, 13, 59, 59)),
    ("Cách ly trong hai tuần, kể từ 0 giờ ngày 21/10.", local(3, 23, 59, 59, month=11)),
    ("Theo dõi sức khỏe 14 ngày, hết ngày 3/11.", local(3, 23, 59, 59, month=11)),
    ("Người dân ở trong nhà đến 20h tối nay.", local(20, 20)),
    ("Yêu cầu kiểm tra hàng hóa trong thời gian từ 21/10/2026 đến 25/10/2026.", local(25, 23, 59, 59)),
    ("Lệnh này hết hiệu lực lúc 18h00 ngày 23/10/2026.", local(23, 18)),
    # one to come that no known word orders
    ("Mỗi bệnh nhi chỉ một người chăm, từ 0 giờ 20/10 đến 24 giờ 27/10.", local(27, 23, 59, 59)),
    ("Bể bơi tạm đóng đến hết chủ nhật (25/10).", local(25, 23, 59, 59)),
    ("Bà con không mua cá khô trong ba ngày 20, 21 và 22/10.", local(22, 23, 59, 59)),
    ("Cách ly y tế toàn thôn trong 14 (mười bốn) ngày, kể từ 0 giờ ngày 21/10.", local(3, 23, 59, 59, month=11)),
    ("Phong tỏa khu nhà trong hai mươi mốt ngày kể từ ngày 21/10.", local(10, 23, 59, 59, month=11)),
    ("Tạm đình chỉ phòng khám 15 ngày, từ ngày 20/10/2026.", local(3, 23, 59, 59, month=11)),
    ("Lệnh cấm có hiệu lực trong 48 giờ tới.", local(22, 10)),
    ("Phong tỏa tạm thời đến 24h00’ ngày 30.10.", local(30, 23, 59, 59)),
    ("Chợ tạm đóng cửa đến hết ngày 30 tháng Mười.", local(30, 23, 59, 59)),
    ("Bãi Sau cấm tắm đến hết tháng 1/2027.", datetime(2027, 1, 31, 16, 59, 59, tzinfo=UTC)),
    ("Thông báo có giá trị đến hết ngày 18/10/2026, nếu có ca mới sẽ gia hạn.", local(18, 23, 59, 59)),
    ("Khoa Nhi dừng nhận bệnh đến hết ngày 5/1.", datetime(2027, 1, 5, 16, 59, 59, tzinfo=UTC)),
]
NO_END = [
    "Dừng tắm biển tại bãi Sau kể từ 0 giờ ngày 20/10 cho đến khi có thông báo mới; điểm tiêm mở từ 21/10 đến 23/10.",
    "Sở Y tế tổng hợp, báo cáo Bộ trước 17 giờ ngày 22/10/2026.",
    "Phong tỏa khoa Cấp cứu, tìm người đến bệnh viện từ 14 đến 20/10.",
    "Các bệnh viện bổ sung thuốc; dự báo mưa lớn đến hết ngày 25/10.",
    "Khách hàng được đổi hàng miễn phí đến hết ngày 31/12.",
    "Thông báo có hiệu lực từ ngày ký cho đến khi có thông báo mới.",
    "Số lô NM2609, hạn dùng đến 20/05/2028.",
    "Giấy đăng ký lưu hành có hiệu lực đến ngày 31/12/2026.",
    "Từ đêm 20/10 đến ngày 25/10 có mưa to.",
    "Việc thu hồi phải hoàn thành trước ngày 31/10/2026.",
    "Theo dõi sức khỏe trong 14 ngày kể từ ngày tiếp xúc cuối cùng.",
    "Đề nghị người từng đến quán từ ngày 15/10 đến trưa 20/10 khai báo.",
    "Khai báo y tế chậm nhất ngày 25/10.",
]


@pytest.mark.parametrize(("text", "until"), UNTIL)
def test_the_stated_validity_is_found(text, until):
    notice = notice_of("Thông báo khẩn của Sở Y tế", "", text).notice
    assert notice.until == until
    assert notice.until_words.text in text
    assert not notice.is_over(until)
    assert notice.is_over(until + timedelta(seconds=1))


@pytest.mark.parametrize("text", NO_END)
def test_where_no_validity_is_stated_none_is_made_up(text):
    notice = notice_of("Thông báo khẩn của Sở Y tế", "", text).notice
    assert (notice.until, notice.is_over(NOW + timedelta(days=9999))) == (None, False)


def test_each_place_and_time_window_is_found_with_its_words():
    text = (
        "CDC Hà Nội đề nghị những người từng đến các địa điểm sau liên hệ ngay với trạm y tế:\n"
        "- Chợ Minh Họa, phường Láng: từ 7h30 đến 9h ngày 18/10 và từ 17h đến 18h ngày 19/10;\n"
        "- Từ 19 giờ đến 21 giờ ngày 17/10/2026: Nhà hàng Ví Dụ, số 5 phố Giả Định;\n"
        "2. Chuyến xe khách Hà Nội - Vinh, tối 16/10\n"
        "Sở Y tế ban hành thông báo này ngày 20/10."
    )
    found = notice_of("Thông báo khẩn: tìm người đến các địa điểm sau", "", text).notice.where
    assert [(one.place.text, one.start, one.end) for one in found] == [
        ("Chợ Minh Họa, phường Láng", local(18, 7, 30), local(18, 9)),
        ("Chợ Minh Họa, phường Láng", local(19, 17), local(19, 18)),
        ("Nhà hàng Ví Dụ, số 5 phố Giả Định", local(17, 19), local(17, 21)),
        ("Chuyến xe khách Hà Nội - Vinh", local(16, 18), local(16, 23, 59, 59)),
    ]
    assert next(one.time.text for one in found if one.time) == "từ 7h30 đến 9h ngày 18/10"


def test_a_place_in_running_text_ends_where_its_time_begins():
    lead = (
        "CDC Hà Nội tìm người từng đến Phòng khám Minh Họa (phường Láng) từ ngày 15/10 đến nay, đề nghị khai báo y tế."
    )
    (one,) = notice_of("Thông báo khẩn", lead).notice.where
    assert (one.place.text, one.start, one.end) == ("Phòng khám Minh Họa (phường Láng)", local(15), None)


DAY = {"start": local(18), "end": local(18, 23, 59, 59)}
VISITS = [
    # people who are told what to do, and a time right behind the place
    ("Ai bơi tại bể Minh Họa ngày 18/10 mà đỏ mắt phải đi khám.", [("bể Minh Họa", DAY)]),
    ("Đề nghị hành khách chuyến bay MH-12 hạ cánh ngày 18/10 liên hệ 1900 9095.", [("chuyến bay MH-12", DAY)]),
    # a time before the place
    ("CDC tìm những người đã ăn tiệc cưới ngày 18/10 tại nhà văn hóa Ví Dụ.", [("nhà văn hóa Ví Dụ", DAY)]),
    # each place with its own time
    (
        "CDC tìm người từng đến Spa Minh Họa ngày 18/10 và quán nước Ví Dụ ngày 19/10.",
        [("Spa Minh Họa", DAY), ("quán nước Ví Dụ", {"start": local(19), "end": local(19, 23, 59, 59)})],
    ),
    # a list of days; what must be done until when is no visit
    (
        "Người từng đến chợ Minh Họa các ngày 17, 18/10 ở nhà đến hết ngày 31/10, khai báo trước 17h ngày 21/10.",
        [("chợ Minh Họa", {"start": local(17), "end": local(17, 23, 59, 59)}), ("chợ Minh Họa", DAY)],
    ),
    # the time stands beside the name elsewhere
    ("Tìm người đến quán Minh Họa. Con chó ở quán Minh Họa ngày 18/10 đã chết vì dại.", [("quán Minh Họa", DAY)]),
    ("Nguoi tung den cho Minh Hoa ngay 18/10 khai bao y te.", [("cho Minh Hoa", DAY)]),
    # those who are counted are told of
    ("Có 15 người ở quán Minh Họa ngày 18/10 bị ngộ độc, phải cấp cứu.", []),
]


@pytest.mark.parametrize(("text", "expected"), VISITS)
def test_people_are_asked_about_each_place_at_its_own_time(text, expected):
    title = "Thông báo khẩn của CDC" if not text.startswith("Nguoi") else "THONG BAO KHAN CUA CDC"
    found = notice_of(title, "", text).notice.where
    assert [(one.place.text, one.start, one.end) for one in found] == [
        (place, when["start"], when["end"]) for place, when in expected
    ]


def test_what_is_ordered_comes_from_a_closed_list():
    text = "Người liên quan khai báo y tế, tự cách ly tại nhà, gọi ngay 1900 9095 để được lấy mẫu xét nghiệm."
    notice = notice_of("Thông báo khẩn", "", text).notice
    assert [one.order for one in notice.orders] == ["declare", "isolate", "test", "call"]
    text = "Nhà thuốc rà soát, báo cáo Sở trước 23/10. Ai khó thở gọi 115, hoặc gọi 0243.998.5765."
    notice = notice_of("Thông báo khẩn", "", text).notice
    assert {one.order: one.evidence.text for one in notice.orders} == {
        "inspect": "rà soát",
        "report": "báo cáo Sở",
        "call": "gọi",
    }


def test_numbers_to_call_are_told_from_other_numbers():
    text = (
        "Liên hệ đường dây nóng 0243.998.5765 hoặc 1900 9095, cấp cứu gọi 115.\n"
        "Số đăng ký 893110123424, lô 0123456789, công văn 9915/QLD-CL, ngày 20/10/2026."
    )
    found = notice_of("Thông báo khẩn", "", text).notice.phones
    assert [one.number for one in found] == ["02439985765", "19009095", "115"]


PIECES = st.sampled_from(
    [
        *(f"{title} {lead} {text}" for _, title, lead, text in URGENT), *NO_END, *(text for text, _ in UNTIL),
        *("THÔNG BÁO KHẨN\n", "từng đến ", "Chợ Minh Họa ", "từ 7h đến ", "- ", "\n"),
        *("9h ngày 18/10", "gọi 0243.998.5765", "(", "31/2", "TP. ", "24 giờ"),
    ]
)  # fmt: skip


@given(title=PIECES.map(lambda text: text.replace("\n", " ")), body=st.lists(PIECES | st.text(max_size=5), max_size=8))
def test_every_word_of_a_notice_stands_where_it_says(title, body):
    told = article(title=title, lead="", text=unicodedata.normalize("NFC", "".join(body)), published=NOW)
    for match in (match for match in TAGGER.tags(told) if match.kind == "urgent"):
        notice = match.notice
        evidence = [*match.evidence, *(one.evidence for one in (*notice.orders, *notice.phones))]
        evidence += [part for one in notice.where for part in (one.place, one.time) if part]
        evidence += [notice.until_words] if notice.until_words else []
        assert all(getattr(told, one.field)[one.start : one.end] == one.text != "" for one in evidence)


def test_words_that_others_are_quoted_with_order_nothing():
    title = "Thông báo khẩn về sản phẩm quảng cáo như thuốc"
    text = "Có những cụm từ như “ngừng sử dụng thuốc, khỏi hẳn sau một tuần”. Người dân gọi 1900 9095."
    quoted, plain = (notice_of(title, "", told).notice for told in (text, text.replace("“", "").replace("”", "")))
    assert not any("ngừng sử dụng" in one.evidence.text for one in quoted.orders)
    assert any("ngừng sử dụng" in one.evidence.text for one in plain.orders)


@pytest.mark.parametrize(
    ("title", "said", "until"),
    [
        ("Thông báo khẩn về chợ Mẫu", "Ai đã đến phải khai báo. Biện pháp này thực hiện đến hết 18/10.", "2026-10-18"),
        ("Thông báo khẩn: cách ly thôn Mẫu", "Yêu cầu cách ly y tế 21 ngày bắt đầu từ ngày 20/10/2026.", "2026-11-09"),
        ("Cảnh báo khẩn nắng nóng", "Từ 21/10 đến 23/10, nhiệt độ tới 40 độ, người dân không ra ngoài.", "2026-10-23"),
    ],
)  # fmt: skip
def test_ends_of_measures_and_of_the_days_that_a_warning_names(title, said, until):
    found = notice_of(title, "Sở Y tế yêu cầu người dân thực hiện.", said)
    assert found.notice.until.astimezone(LOCAL).date().isoformat() == until


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Kiến nghị thu hồi 1,8 tỷ đồng chi sai", "Sở Y tế yêu cầu đơn vị nộp lại."),
        ("Hơn 98.000 người đã được xét nghiệm sau thông báo khẩn", "Thành phố họp đánh giá kết quả."),
        ("Đổi mới cách gửi thông báo thu hồi thuốc", "Cục Quản lý Dược thí điểm hệ thống."),
        ("Tủ thu hồi thuốc hết hạn ở các nhà thuốc", "Mô hình giúp thuốc thừa không ra cống."),
    ],
)
def test_what_tells_of_recalls_and_notices_is_none(title, lead):
    assert notice_of(title, lead) is None


def test_the_day_up_to_which_people_were_counted_is_no_end():
    said = "Tính đến sáng 21/10, đã có 43 người nhập viện. Người đã ăn ở quán Mẫu ngày 18/10 phải đến ngay cơ sở y tế."
    assert notice_of("Thông báo khẩn tìm người ăn ở quán Mẫu", "Sở Y tế thông báo khẩn.", said).notice.until is None


def test_a_province_is_not_the_country_whose_name_it_begins_with():
    assert notice_of("Lào Cai cảnh báo khẩn", "Sở Y tế yêu cầu người dân không dùng nước giếng.") is not None
