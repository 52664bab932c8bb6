"""How much two texts are about the same, in whatever words: shared words, names and figures, by their weight.

Weights are constants, not counted from an archive, so that what two articles are to each other never depends on
which others are there.
"""

from array import array
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from math import fsum, sqrt

from aggregator.refine.facts import Sentence, is_foreign
from aggregator.text import words

# Syllables that carry no matter of their own; pairs across them are not words.
FUNCTION = words(
    """và của các có được cho là với trong những một không khi từ đến ở tại để này đã sẽ đang vào ra về do bị theo
    người cũng như trên dưới hơn nhiều sau trước bằng mà thì nếu hoặc hay còn rất lại nên cần phải mỗi cùng qua vì
    vẫn chỉ gồm đó nhất khác giữa hiện nay gần khoảng thêm số ngày tháng năm giờ lần đều đây hai ba bốn sáu lúc việc
    bởi nhằm ngay đi lên xuống hết mới ông bà anh chị em con cháu bé ấy kia nào gì đầu cuối cả toàn mọi từng tới
    thuộc riêng tuy nhưng song tiếp tục trở thành biết nói rằng thấy đưa lấy làm dùng ngoài trường hợp ca thứ tuần
    sáng chiều tối trưa đêm phút vừa chưa"""
)
# Syllables of every health notice: they tell little, alone or together.
COMMON = words(
    """y tế bệnh viện bộ sở nhân dân tỉnh thành phố xã phường huyện hà nội việt nam trung tâm kiểm soát tật sức khỏe
    trẻ phòng chống dịch điều trị khám chữa cơ quan sử dụng thực hiện cơ sở ghi nhận mắc tử vong triệu chứng
    sốt tiêm vắc xin thuốc chủng địa phương quốc gia ngành công tác chủ yếu yêu cầu đề nghị khuyến cáo hướng dẫn
    thông tin báo cáo tổ chức triển khai bảo đảm giám sát kiểm tra xử lý xét nghiệm mẫu kết quả dương tính nguy an
    toàn thực phẩm sản phẩm học sinh trường gia đình phụ huynh nặng nhẹ nhập tiếp cấp cứu bác sĩ nhà trạm tuổi cao
    giảm tăng tỷ lệ tình hình thời gian hoạt động cộng đồng văn bản lưu ý kịp dự kiến vực khu ủy ban
    rửa tay thường xuyên xà phòng khẩu trang đeo đường dây nóng khó thở ho hạn chế tiếp xúc cách ly khai danh sách
    lập rà soát kế hoạch miễn phí mũi đủ điểm đau nước sạch uống ăn sát khuẩn
    vệ sinh môi trường theo dõi dấu hiệu nghi ngờ kịp thời"""
)
FIELD_WEIGHTS = {"title": 1.5, "lead": 1.2, "text": 1.0}
# A document or lot names one thing in the country; an hour, a year, an age or a hotline names nothing.
FACT_WEIGHTS = {
    "doc": 3.0,
    "lot": 3.0,
    "code": 1.5,
    "date": 0.7,
    "time": 0.5,
    "month": 0.4,
    "tel": 0.3,
    "ord": 0.2,
    "year": 0.2,
}
FIGURES = (0.3, 1.0, 1.5)  # of one digit, of two, of more
SPAN = 0.4  # a number of days, years of age, ...
SPANS = ("ngày", "giờ", "phút", "tuổi", "tháng", "tuần", "năm", "lần", "giây")
EVERYWHERE = frozenset(("#code:covid-19", "#code:sars-cov-2"))
TELLING = 0.7  # weight from which a fact helps to tell one event from another
FOREIGN, SYLLABLE, COMMON_SYLLABLE = 1.2, 0.5, 0.15
REMEMBERED = 1 << 15  # tokens
PAIR = (1.0, 0.6, 0.2)  # by how many of its two syllables are common

Terms = Mapping[str, float]


def terms(sentences: Iterable[Sentence]) -> dict[str, float]:
    """The words, word pairs and facts of the sentences, each with its weight (the highest where it stands twice)."""
    found: dict[str, float] = {}
    held = found.get
    for sentence in sentences:
        factor = FIELD_WEIGHTS[sentence.field]
        previous, commons = "", 0
        for token in sentence.tokens:
            weight, common = WEIGHTS[token]
            if weight * factor > held(token, 0.0):
                found[token] = weight * factor
            if common is None:
                previous = ""
                continue
            if previous:
                weight, pair = PAIR[common + commons] * factor, f"{previous} {token}"
                if weight > held(pair, 0.0):
                    found[pair] = weight
            previous, commons = token, common
    return found


class _Weights(dict[str, tuple[float, int | None]]):
    """The weight of each token, and whether it is a common syllable: 1 or 0; None for what no pair goes across.

    Empties itself before it grows large.
    """

    def __missing__(self, token: str) -> tuple[float, int | None]:
        if len(self) >= REMEMBERED:
            self.clear()
        self[token] = found = _weight(token)
        return found


WEIGHTS = _Weights()


def _weight(token: str) -> tuple[float, int | None]:
    if token[0] == "#":
        return fact_weight(token), None
    if token in FUNCTION:
        return 0.0, None
    return (COMMON_SYLLABLE, 1) if token in COMMON else (FOREIGN if is_foreign(token) else SYLLABLE, 0)


def fact_weight(token: str) -> float:
    """How much a fact tells which event a text is about."""
    kind, _, value = token[1:].partition(":")
    if kind in FACT_WEIGHTS:
        return COMMON_SYLLABLE if token in EVERYWHERE else FACT_WEIGHTS[kind]
    if value.endswith(SPANS):
        return SPAN
    return FIGURES[min(sum(map(str.isdigit, value)), 3) - 1]


def telling(sentence: Sentence) -> set[str]:
    """The facts of a sentence that help to tell one event from another; not codes, which name germs and goods."""
    facts = {token for token in sentence.tokens if token[0] == "#" and not token.startswith("#code:")}
    return {token for token in facts if fact_weight(token) >= TELLING}


def names(sentence: Sentence) -> set[str]:
    """The words of proper names in a sentence that are no usual syllables."""
    marked = zip(sentence.tokens, sentence.names, strict=True)
    return {
        token for token, name in marked if name and len(token) > 1 and token not in FUNCTION and token not in COMMON
    }


@dataclass(slots=True, eq=False)
class Packed:
    """Terms in little room: hashes of this process, and places in LEVELS. `spread` is there while they are in use."""

    keys: "array[int]"
    levels: bytes
    square: float
    total: float
    spread: dict[int, float] | None = None


LEVELS: list[float] = []  # the weights that occur: a few dozen
PLACES: dict[float, int] = {}
SPREAD: deque[Packed] = deque()
MOST_SPREAD = 64  # a visit's new articles; 30 kB each


def packed(terms: Terms) -> Packed:
    """The terms, packed."""
    weights = terms.values()
    keys = array("q", [hash(term) for term in terms])
    return Packed(keys, bytes([_place(weight) for weight in weights]), _square(terms), sum(weights))


def _place(weight: float) -> int:
    if weight not in PLACES:
        PLACES[weight] = len(LEVELS)
        LEVELS.append(weight)
    return PLACES[weight]


def _spread(one: Packed) -> dict[int, float]:
    one.spread = spread = dict(zip(one.keys, map(LEVELS.__getitem__, one.levels), strict=True))
    SPREAD.append(one)
    if len(SPREAD) > MOST_SPREAD:
        SPREAD.popleft().spread = None
    return spread


def _shared(a: Packed, b: Packed) -> list[tuple[float, float]]:
    """The weights of the terms that both have."""
    if a.spread is None and b.spread is not None:
        a, b = b, a
    found = list(map((a.spread or _spread(a)).get, b.keys))  # no weight is 0
    levels = map(LEVELS.__getitem__, compress(b.levels, found))
    return list(zip(filter(None, found), levels, strict=True))


def cosine(a: Packed, b: Packed) -> float:
    """0 when nothing is shared, 1 for the same terms."""
    return _cosine(a, b, _shared(a, b))


def are_near(a: Packed, b: Packed, least: float, part: float) -> bool:
    """Whether their cosine is `least` or more, or they share `part` of the smaller one's weight or more."""
    shared = _shared(a, b)
    if _cosine(a, b, shared) >= least:
        return True
    smaller = min(a.total, b.total)
    return smaller > 0 and fsum(map(min, shared)) / smaller >= part


def _cosine(a: Packed, b: Packed, shared: Sequence[tuple[float, float]]) -> float:
    dot = fsum([one * other for one, other in shared])  # exact, in whatever order
    return dot / sqrt(a.square * b.square) if dot else 0.0


def _square(one: Terms) -> float:
    return sum([weight * weight for weight in one.values()])
