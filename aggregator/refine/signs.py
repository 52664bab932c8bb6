"""Signs around a moment of a notice: words of validity, of a measure, of an order, of something with an end of its own.

They are classes of words (vocabulary/urgent.yaml), so that a word counts as the others of its class do. Pure.
"""

import re

from aggregator.refine.typed import MARKED
from aggregator.refine.vocabulary.shapes import UrgentWords

# What has a day of its own: weather, a bargain, a service, what is reported or counted.
WEATHER = re.compile(r"(?<!\w)(?:mưa|nắng nóng|rét|nhiệt độ|không khí lạnh|tia cực tím)(?!\w)")
FORECAST = re.compile(r"(?<!\w)(?:dự báo|bão|áp thấp|đổ bộ|lũ|gió|triều cường)(?!\w)")  # whose day is an event's
NOT_ITS_OWN = re.compile(
    r"(?<!\w)(?:đổi|hoàn tiền|nhận lại|hỗ trợ|nhận hồ sơ|đăng ký|miễn phí|tiêm|khám|uống|xét nghiệm|lễ hội|hội chợ|thi"
    r"|sản xuất|hạn dùng|báo cáo|gửi|hoàn thành|kê khai)(?!\w)"
)
OPEN = re.compile(r"(?<!\w)(?:đến|tới) khi (?!\d)|(?<!\w)chờ (?:thông báo|kết quả|hướng dẫn)(?!\w)")
PAST = re.compile(r"(?<!\w)(?:đã|từng|vừa|tính đến|ghi nhận)(?!\w)")
NEAR = 40  # code points before a moment in which a sign stands near it


class Signs:
    """The classes of words, as patterns."""

    def __init__(self, words: UrgentWords) -> None:
        orders = [name for order in words.orders for name in order.words]
        forbidden = rf"(?:{MARKED.of(words.prohibiting)}) (?:\w+ ){{0,3}}"
        self._classes = {
            "valid": MARKED.whole(words.valid), "measure": MARKED.whole(words.measures),
            "not valid": MARKED.whole(words.not_valid), "asking": MARKED.whole(words.asking),
            "directing": MARKED.whole(words.directing), "order": MARKED.whole(orders),
            "forbidden": re.compile(rf"(?<!\w){forbidden}"), "weather": WEATHER, "forecast": FORECAST,
            "own": NOT_ITS_OWN, "open": OPEN, "past": PAST,
        }  # fmt: skip

    def of(self, plain: str, span: tuple[int, int], sentence: tuple[int, int]) -> set[str]:
        """Which classes stand before the words at `span`, near before, and behind them in their sentence."""
        found = set()
        for name, words in self._classes.items():
            if words.search(plain, sentence[0], span[0]):
                found.add(f"~{name} before")
                if words.search(plain, max(sentence[0], span[0] - NEAR), span[0]):
                    found.add(f"~{name} near")
            if words.search(plain, span[1], max(sentence[1], span[1])):
                found.add(f"~{name} behind")
        return found
