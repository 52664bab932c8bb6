"""A portal that was moved: the same articles under other ids; and what only looks like one article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Article, Attachment
from aggregator.refine.moves import moved, spans
from tests import make

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LOCAL_MIDNIGHT = datetime(2026, 10, 19, 17, 0, tzinfo=UTC)
TITLE = "Tập huấn phòng chống sốt xuất huyết cho tuyến xã"
TEXT = (
    "Ngày 20/10, Sở Y tế tập huấn cho 60 trạm y tế xã về phòng chống sốt xuất huyết. Học viên thực hành diệt bọ gậy, "
    "phun hoá chất và ghi chép ổ dịch theo mẫu mới."
)


def told(id: str, **fields: object) -> Article:
    return make.article(id, **{"title": TITLE, "lead": "", "text": TEXT, "published": make.NOW, **fields})


def join(new: Article, old: Article, listed: tuple[str, ...] = ()) -> dict[str, str]:
    return moved([new], [old], listed)


def test_equal_title_and_minute_are_one_article_whatever_its_address() -> None:
    assert join(told("new"), told("old")) == {"new": "old"}


def test_tone_marks_case_and_signs_of_the_title_make_no_difference() -> None:
    assert join(told("new", title=TITLE.upper() + "."), told("old")) == {"new": "old"}
    assert join(told("new", title="Phòng bệnh hòa hợp"), told("old", title="Phòng bệnh hoà hợp")) == {"new": "old"}


@pytest.mark.parametrize(
    "other",
    [
        {"title": TITLE + " lần 2"},
        {"published": make.NOW + MINUTE},
        {"source": "skds"},
        {"precision": "guessed"},
        {"precision": "none"},
        {"text": "Danh sách cơ sở đủ điều kiện tiêm chủng trên địa bàn thành phố được cập nhật vào thứ sáu hằng tuần."},
    ],
)
def test_what_differs_in_title_time_source_or_words_stays_apart(other: dict[str, object]) -> None:
    assert join(told("new", **other), told("old")) == {}


def test_seconds_do_not_count() -> None:
    assert join(told("new", published=make.NOW + timedelta(seconds=40)), told("old")) == {"new": "old"}


def test_an_article_that_is_still_listed_is_not_taken_for_another() -> None:
    assert join(told("new"), told("old"), ("old",)) == {}


def test_of_two_with_one_title_and_time_none_is_chosen() -> None:
    assert moved([told("new")], [told("old"), told("older")], ()) == {}
    assert moved([told("new"), told("newer")], [told("old")], ()) == {}


RECALL = (
    "Cục Quản lý Dược thông báo thu hồi toàn quốc thuốc {drug}, số lô {lot}, do không đạt tiêu chuẩn chất lượng về chỉ "
    "tiêu độ hoà tan. Nhà thuốc, cơ sở khám chữa bệnh ngừng bán, ngừng sử dụng và trả lại lô thuốc này cho công ty."
)
NOTICE = "Thông báo thu hồi thuốc không đạt chất lượng"


def recall(id: str, drug: str = "Amoxival 500 mg", lot: str = "0326B", **fields: object) -> Article:
    return told(id, **{"title": NOTICE, "text": RECALL.format(drug=drug, lot=lot), **fields})


@pytest.mark.parametrize("fields", [{}, {"published": LOCAL_MIDNIGHT}, {"precision": "day"}])
@pytest.mark.parametrize(
    ("drug", "lot"),
    [("Cefalvin 250 mg", "0911C"), ("Amoxival 500 mg", "0326C"), ("Amoxival 250 mg", "0326B"), ("Cefalvin", "0326B")],
)
def test_two_recalls_of_one_title_and_minute_stay_two(drug: str, lot: str, fields: dict[str, object]) -> None:
    old = recall("old", **{"drug": "Amoxival" if drug == "Cefalvin" else "Amoxival 500 mg", **fields})
    assert join(recall("new", drug, lot, **fields), old) == {}
    assert join(old, recall("new", drug, lot, **fields)) == {}


def test_a_name_in_the_place_of_another_keeps_two_apart() -> None:
    one, other = (f"{TEXT} Lớp học mở tại {place} trong tuần này." for place in ("Gia Lâm", "Sóc Sơn"))
    assert join(told("new", text=one), told("old", text=other)) == {}


def test_what_one_side_alone_tells_more_is_a_caption_left_out() -> None:
    more = f"{TEXT} Ảnh: Lớp tập huấn ngày 20/10 tại xã Đa Phúc có 60 học viên."
    assert join(told("new", text=more), told("old")) == {"new": "old"}
    assert join(told("new"), told("old", text=more)) == {"new": "old"}


def test_a_text_that_was_not_read_is_not_taken_for_one_that_was() -> None:
    assert join(recall("new", text=""), recall("old")) == {}
    assert join(recall("new"), recall("old", text="")) == {}


def test_without_any_text_only_a_title_that_names_its_matter_is_enough() -> None:
    assert join(recall("new", text=""), recall("old", text="")) == {}
    office = {"title": "Thông báo của Sở Y tế Hà Nội", "text": ""}
    assert join(recall("new", **office), recall("old", **office)) == {}
    named = {"title": f"{NOTICE}: Amoxival lô 0326B", "text": ""}
    assert join(recall("new", **named), recall("old", **named)) == {"new": "old"}


def test_where_only_the_day_is_known_the_words_must_be_the_same() -> None:
    day = {"published": LOCAL_MIDNIGHT, "precision": "day"}
    assert join(told("new", **day), told("old")) == {"new": "old"}
    assert join(told("new", **day), told("old", text=TEXT.replace("60", "61"))) == {}
    assert join(told("new", **day), told("old", published=make.NOW - DAY)) == {}


def test_midnight_is_a_day_and_no_minute() -> None:
    noon = {"published": LOCAL_MIDNIGHT + timedelta(hours=12)}
    assert join(told("new", published=LOCAL_MIDNIGHT), told("old", **noon)) == {"new": "old"}
    changed = TEXT.replace("60", "61")
    assert join(told("new", published=LOCAL_MIDNIGHT), told("old", published=LOCAL_MIDNIGHT, text=changed)) == {}


def test_the_days_asked_for_are_those_of_the_source_a_row_of_days_at_once() -> None:
    late = LOCAL_MIDNIGHT - MINUTE
    earlier = LOCAL_MIDNIGHT - 4 * DAY
    new = [told("a", published=late), told("b"), told("c", precision="none"), told("d", published=earlier)]
    assert spans(new) == (
        (earlier, earlier + DAY),
        (LOCAL_MIDNIGHT - DAY, LOCAL_MIDNIGHT + DAY),
    )


SHOWN = st.builds(
    told,
    st.uuids().map(str),
    title=st.sampled_from([TITLE, "Bản tin ngày", "Thông báo"]),
    published=st.sampled_from([make.NOW, make.NOW + MINUTE, LOCAL_MIDNIGHT]),
    precision=st.sampled_from(["minute", "day", "none"]),
    text=st.sampled_from([TEXT, TEXT.replace("60", "61"), ""]),
)


@given(st.lists(SHOWN, max_size=8), st.lists(SHOWN, max_size=8), st.data())
def test_articles_that_stand_side_by_side_are_never_joined(new: list[Article], old: list[Article], data) -> None:
    listed = {one.id for one in new} | {one.id for one in old if data.draw(st.booleans())}
    same = moved(new, old, listed)
    assert not set(same.values()) & listed
    assert len(set(same.values())) == len(same)


@given(st.lists(SHOWN, max_size=6), st.lists(SHOWN, max_size=6))
def test_the_order_of_arrival_makes_no_difference(new: list[Article], old: list[Article]) -> None:
    assert moved(new, old, ()) == moved(new[::-1], old[::-1], ())


def with_files(id: str, *files: tuple[str, str]) -> Article:
    return told(id, attachments=tuple(Attachment(f"https://so.example/{url}", label) for url, label in files))


PLAN, LIST = ("tep/ke-hoach-12.pdf", "Tải về"), ("tep/danh-sach-3.pdf", "Tải về")


@pytest.mark.parametrize(
    ("new", "old", "same"),
    [
        ((PLAN,), (LIST,), False),
        ((PLAN, ("tep/phu-luc.pdf", "")), (PLAN, LIST), False),
        ((PLAN,), (("kho/2026/Ke-hoach-12.PDF", "Xem tệp"),), True),
        ((("kho/a81f.pdf", "Kế hoạch 12/KH-SYT"),), (("tep/0007.pdf", "Kế hoạch 12/KH-SYT"),), True),
        ((("kho/a81f.pdf", "Kế hoạch 12/KH-SYT"),), (("tep/0007.pdf", "Kế hoạch 13/KH-SYT"),), False),
        ((("tai.aspx?id=7", "Tải về"),), (("tai.aspx?id=8", "Tải về"),), False),
        ((PLAN, LIST), (PLAN,), True),
        ((), (PLAN,), True),
    ],
)
def test_two_notices_that_each_have_a_file_of_their_own_are_two(
    new: tuple[tuple[str, str], ...], old: tuple[tuple[str, str], ...], same: bool
) -> None:
    assert bool(join(with_files("new", *new), with_files("old", *old))) == same
    assert bool(join(with_files("new", *old), with_files("old", *new))) == same


def test_of_notices_without_words_a_figure_in_the_title_does_not_outweigh_their_files() -> None:
    one, other = (replace(with_files("x", file), title="Thông báo số 12", text="") for file in (PLAN, LIST))
    assert join(replace(one, id="new"), replace(other, id="old")) == {}
    assert join(replace(one, id="new"), replace(one, id="old")) == {"new": "old"}
