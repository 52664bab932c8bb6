"""A notice and what it corrects find each other through a run, in whichever order they come."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import pipeline
from aggregator.model import Correction, Missing, Request
from aggregator.settings import Config
from tests import make
from tests.unit.test_pipeline import TEXT, Bench, article, feed, url

TITLE = "Lịch tiêm bổ sung vắc xin sởi tại trạm y tế"
WRONG = f"{TEXT} Trạm tiêm vào sáng thứ bảy."
OTHER = (
    "Ban biên tập xin lỗi bạn đọc vì sơ suất trong khâu soát bản thảo và đã nhắc nhở người trực. Bạn đọc phát hiện "
    "điều chưa chính xác có thể gọi tới toà soạn trong giờ làm việc, chúng tôi kiểm tra và trả lời trong ngày. "
)
NOTICE = f"Trong bài “{TITLE}”, ngày tiêm ghi chưa đúng. {OTHER} Ngày đúng là chủ nhật."


def bench(folder: Path, *numbers: int, notice: str = NOTICE) -> Bench:
    """The feed of a source at first: 2 is the article, 4 the notice, 3 another article."""
    own = make.source(agreement=make.agreement("lead"), embargo="0s", window=timedelta(days=30))
    answers = {
        url("moh", 2): article("moh", 2, TITLE, WRONG),
        url("moh", 3): article("moh", 3, "Trạm y tế xã mở cửa đến 20 giờ", f"{TEXT} Số ba."),
        url("moh", 4): article("moh", 4, "Đính chính", notice),
        "https://moh.example.vn/rss": feed("moh", *numbers),
    }
    return Bench(folder, Config(sources=(own,)), answers)


def run(one: Bench, *numbers: int, tag: str = "") -> None:
    if numbers:
        one.fetcher.answers["https://moh.example.vn/rss"] = feed("moh", *numbers, etag=f'"{tag}"')
    with one.ports() as ports:
        pipeline.run(one.config, ports, lambda *_: None, force=True)
    one.now += timedelta(minutes=20)


def found(one: Bench) -> dict[str, list[Correction]]:
    """Corrections of each story, by the title of its speaker."""
    with one.ports() as ports:
        stories = ports.store.stories(ports.store.everything().stories)
    return {story.speaker.article.title: list(story.corrections) for story in stories if story.corrections}


def pages(one: Bench) -> dict[str, str]:
    return {path.name: path.read_text() for path in (one.output / "tin").rglob("*.html")}


@pytest.mark.parametrize("order", [((2, 3), (2, 3, 4)), ((3, 4), (2, 3, 4)), ((2, 3, 4),)])
def test_notice_and_article_find_each_other_in_any_order(tmp_path: Path, order: tuple[tuple[int, ...], ...]) -> None:
    one = bench(tmp_path, *order[0])
    for number, shown in enumerate(order):
        run(one, *shown, tag=str(number))
    (by,), (of,) = found(one)[TITLE], found(one)["Đính chính"]
    assert (by.is_notice, by.other.article.title) == (False, "Đính chính")
    assert (of.is_notice, of.other.article.title) == (True, TITLE)
    held = pages(one)
    wrong = next(text for name, text in held.items() if name.startswith("lich-tiem"))
    right = next(text for name, text in held.items() if name.startswith("dinh-chinh"))
    assert "Nguồn đã đính chính tin này:" in wrong and f'href="/{by.path}"' in wrong
    assert "Đính chính cho:" in right and f'href="/{of.path}"' in right
    for form in ("atom", "rss", "json"):
        told = (one.output / f"feed/corrections.{form}").read_text()
        assert TITLE in told and "Nguồn đã đính chính tin này: “Đính chính”" in told
    assert not any("đính chính tin này" in text for name, text in held.items() if name.startswith("tram"))


def test_however_it_came_the_output_is_the_same(tmp_path: Path) -> None:
    one = bench(tmp_path / "a", 2, 3)
    run(one)
    run(one, 2, 3, 4, tag="2")
    before = {path.relative_to(one.output): path.read_bytes() for path in one.output.rglob("*") if path.is_file()}
    with one.ports() as ports:
        pipeline.publish(one.config, ports, full=True)
    after = {path.relative_to(one.output): path.read_bytes() for path in one.output.rglob("*") if path.is_file()}
    idle = {Path("heartbeat.json"), Path("trang-thai/index.html")}
    assert {k: v for k, v in before.items() if k not in idle} == {k: v for k, v in after.items() if k not in idle}


def test_an_address_in_the_notice_is_enough(tmp_path: Path) -> None:
    one = bench(tmp_path, 2, 3, 4, notice=f"Bài tại {url('moh', 2)} ghi chưa đúng ngày tiêm. {OTHER} Ngày đúng là 25.")
    run(one)
    assert set(found(one)) == {TITLE, "Đính chính"}


def test_a_notice_that_is_revised_to_name_nothing_is_let_go(tmp_path: Path) -> None:
    one = bench(tmp_path, 2, 3, 4)
    run(one)
    one.fetcher.answers[url("moh", 4)] = article("moh", 4, "Đính chính", OTHER)
    one.now += timedelta(hours=2)
    run(one)
    assert found(one) == {}
    assert not any("đính chính tin này" in text for text in pages(one).values())


def test_a_notice_that_is_withdrawn_leaves_the_page_of_what_it_corrected(tmp_path: Path) -> None:
    one = bench(tmp_path, 2, 3, 4)
    run(one)
    one.fetcher.answers[url("moh", 4)] = Missing(Request(url("moh", 4)), 410, one.now)
    one.now += timedelta(hours=2)
    run(one, 2, 3, tag="9")
    assert not any("đính chính tin này" in text for text in pages(one).values())
