"""Builders of told articles: for duplicates and stories."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model import Edit, Told
from tests.make import NOW, article

MORNING = NOW - timedelta(hours=3)

RECALL = (
    "Cục Quản lý Dược có Công văn số 3184/QLD-CL thông báo thu hồi thuốc viên nang Cefalvin 500 mg, số lô 0326B.\n"
    "Mẫu thuốc lấy tại Thanh Hóa không đạt chỉ tiêu độ hòa tan, vi phạm mức độ 2. Công ty phải hoàn tất thu hồi trong "
    "15 ngày kể từ ngày 19/10/2026.\n"
    "Người lớn đã uống 2 viên mỗi ngày cần dừng thuốc và hỏi bác sĩ. Sở Y tế các tỉnh giám sát việc thu hồi.\n"
    "Người dân cần hỏi thêm gọi số 024 3733 2211 trong giờ hành chính."
)
RECALL_RETOLD = (
    "Một lô kháng sinh Cefalvin 500 mg vừa bị cơ quan quản lý dược yêu cầu rút khỏi thị trường vì kém chất lượng. "
    "Đó là lô 0326B, kiểm nghiệm ở Thanh Hóa cho thấy độ hòa tan không đạt.\n"
    "Yêu cầu nêu tại công văn 3184/QLD-CL; doanh nghiệp có 15 ngày để thu lại."
)


def told(id: str, text: str = RECALL, *, hours: float = 0, seen: float | None = None, **fields: Any) -> Told:
    """An article published `hours` after MORNING and seen `seen` hours after it (default: when published)."""
    given = {"title": "Thu hồi thuốc Cefalvin 500 mg không đạt chất lượng", "lead": "", "tags": (), **fields}
    tags = given.pop("tags")
    published = MORNING + timedelta(hours=hours)
    made = article(id, text=text, published=published, **given)
    return Told(made, tags, MORNING + timedelta(hours=hours if seen is None else seen))


def bulletin(id: str, day: int, cases: int, **fields: Any) -> Told:
    """The dengue bulletin of a day of October 2026."""
    text = (
        f"Tính đến 17 giờ ngày {day}/10/2026, Hà Nội ghi nhận thêm {cases} ca mắc sốt xuất huyết tại 31 xã, phường.\n"
        "Hiện thành phố còn 27 ổ dịch đang hoạt động. Ngành y tế phun hóa chất diệt muỗi và giám sát chỉ số bọ gậy.\n"
        "Người dân lật úp dụng cụ chứa nước, ngủ màn kể cả ban ngày, đến trạm y tế khi sốt cao từ 2 ngày trở lên."
    )
    hours = (datetime(2026, 10, day, 11, tzinfo=UTC) - MORNING) / timedelta(hours=1)
    title = f"Bản tin sốt xuất huyết ngày {day}/10: thêm {cases} ca mắc"
    return told(id, text, hours=hours, title=title, **fields)


def commune(id: str, number: int, **fields: Any) -> Told:
    """One of a hundred notices of one template: a single digit of tens and one of ones tells it from the others."""
    text = (
        f"Trạm y tế xã lấy mẫu nước sinh hoạt tại tổ {number // 10} và cụm {number % 10}, kết quả đạt quy chuẩn. "
        "Người dân đậy kín bể chứa, thau rửa bể ba tháng một lần và đun sôi nước trước khi uống.\n"
        "Khi thấy nước đục, có mùi lạ hoặc có cặn, người dân ngừng dùng và báo ngay cho trạm y tế để được hướng dẫn. "
        "Nhân viên y tế thôn đến từng hộ kiểm tra dụng cụ chứa nước và phát tờ rơi về vệ sinh môi trường."
    )
    given = {"title": "Kết quả lấy mẫu nước sinh hoạt của xã", "source": f"xa{number}-{id}", **fields}
    return told(id, text, **given)


def edit(action: str, target: str, value: str = "", number: int = 1) -> Edit:
    return Edit(number, target, action, value, "bientap", "theo yêu cầu", NOW)
