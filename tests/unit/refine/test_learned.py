import pytest

from aggregator.refine import genre, learned
from aggregator.refine.matching import text_of
from aggregator.refine.vocabulary import Weights, load
from tests.make import article

WEIGHTS = Weights(-0.5, {"khẩn": 0.7, "^khẩn": 0.4, "khai báo": 0.3, "kỷ niệm": -2.0})
NOTICE = "Sở Y tế yêu cầu những người đã đến chợ Mẫu ngày 18/10 khai báo, ở yên tại nhà và gọi 0243 000 111. "
REPORT = "Lễ kỷ niệm mười năm thành lập bệnh viện đã diễn ra trang trọng, nhiều cán bộ được khen thưởng trong năm qua. "


def text(title, told):
    return text_of(article(title=title, lead="", text=told))


def test_words_and_pairs_count_once_each_and_every_number_is_the_same():
    told = learned.words("ngày 18/10, gọi 115")
    assert told == ["ngày", "0", "0", ",", "gọi", "0"]
    assert {"ngày", "ngày 0", "gọi 0", "0 0"} <= set(learned.grams(told))
    assert set(learned.grams(["khẩn"], "^")) == {"^khẩn"}


def test_the_margin_is_the_bias_and_what_each_known_feature_weighs():
    assert learned.margin(WEIGHTS, {"khẩn", "khai báo", "lạ"}) == pytest.approx(0.5)
    assert learned.margin(WEIGHTS, set()) == -0.5


def test_a_short_text_counts_for_less_whatever_it_reads_like():
    short, long = text("Khẩn", "khai báo"), text("Khẩn", "khai báo " + "và " * genre.FULL)
    assert 0 < genre.margin(WEIGHTS, short) < genre.margin(WEIGHTS, long) == pytest.approx(0.9)


def test_no_more_of_a_long_text_is_read_than_is_said():
    told = "khai báo " + "và " * genre.READ
    assert genre.features(text("Khẩn", told)) == genre.features(text("Khẩn", told + "kỷ niệm"))


def test_what_was_learned_tells_a_notice_from_a_report():
    weights = load().urgent.genre
    notice, report = text("Tìm người đã đến chợ Mẫu", NOTICE * 3), text("Mười năm thông báo khẩn", REPORT * 3)
    assert genre.margin(weights, notice) > 0.4
    assert genre.margin(weights, report) < -0.4
