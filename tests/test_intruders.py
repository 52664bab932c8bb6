"""Sites that were broken into, on the whole line: what is published before, meanwhile and after."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli.cycle import exit_code
from aggregator.cli.show import held_line
from aggregator.demo.asked import Asked, Said
from aggregator.demo.replay import Replay
from aggregator.demo.world import Change, WorldArticle
from aggregator.model import Edit, Held
from aggregator.pipeline import Report
from aggregator.settings import Config
from aggregator.steps import editing
from tests.line import Line
from tests.make import agreement

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPAM = "Nhà cái 8xbet uy tín: tài xỉu, nổ hũ, hoàn trả mỗi ngày. Đăng ký nhận thưởng và nạp tiền tại đây."
LINKS = '<div style="display:none"><a href="https://8xbet-vip.example.top">nhà cái 8xbet</a></div>'
AT = datetime.fromisoformat("2026-10-20T09:30:00+07:00")


def article(key: str, title: str, body: str, lead: str = "Phần dẫn của bài.", **more: Any) -> WorldArticle:
    ref = f"1692610200930{int.from_bytes(key.encode()[-2:], 'big'):05}"
    given: dict[str, Any] = {"sections": ("y-te",), "time": AT, "author": "Ban Biên tập", **more}
    return WorldArticle(key=key, site="skds", ref=ref, slug=f"bai-{key}", title=title, lead=lead, body=body, **given)


NEW = article("spam-aa", "Trang tin hôm nay", f"{SPAM}\n\nThông tin của tuần này.")
URGENT = article(
    "khan-bb", "KHẨN: Thu hồi toàn quốc lô thuốc ho Democodin không đạt chất lượng",
    f"Cơ sở ngừng bán, người dân ngừng dùng lô thuốc này.\n\n{SPAM}", lead="Lô thuốc bị thu hồi khẩn cấp.",
)  # fmt: skip
REPLACED = article(
    "thay-cc", "Trạm y tế khám sàng lọc tăng huyết áp cho người cao tuổi",
    "Người cao tuổi được đo huyết áp, xét nghiệm đường huyết miễn phí vào sáng thứ bảy.",
    changes=(
        Change(AT + 2 * HOUR, "correct", title="Cổng game đổi thưởng", lead="Vào ngay.", body=SPAM),
        Change(AT + 6 * HOUR, "correct", title="Trạm y tế khám sàng lọc tăng huyết áp cho người cao tuổi",
               lead="Phần dẫn của bài.", body="Người cao tuổi được đo huyết áp miễn phí cả tuần."),
    ),
)  # fmt: skip
LINKED = article(
    "lien-dd", "Hướng dẫn rửa tay đúng cách cho học sinh", "Rửa tay bằng xà phòng trong 30 giây.\n\nLau khô."
)


class Broken(Replay):
    """The sites, one of which an intruder adds HTML to: `added` by the article's id, from a moment on."""

    def __init__(self, line: "Attacked") -> None:
        self.added: dict[str, tuple[datetime, str]] = {}
        self._line = line
        super().__init__(line.world, lambda: line.now)

    def answer(self, asked: Asked, headers: Any) -> Said:
        for ref, (at, html) in self.added.items():
            if f"{ref}.htm" in asked.path and self._line.now >= at:
                said = super().answer(asked, {})  # another text: no condition holds
                head, mark, rest = said.body.decode().partition("trong 30 giây.</p>")
                return replace(said, body=f"{head}{mark}{html}{rest}".encode(), etag="", modified=None)
        return super().answer(asked, headers)


class Attacked(Line):
    """The default world with more articles, and a site that is broken into."""

    def __init__(self, folder: Path, *more: WorldArticle) -> None:
        super().__init__(folder)
        told = sorted((*self.world.articles, *more), key=lambda one: (one.time, one.key))
        self.world = replace(self.world, articles=tuple(told))
        self.replay: Broken = Broken(self)

    def config(self, **site: Any) -> Config:
        """Every source may be shown in full, so that whatever is stored as live would be seen."""
        made = super().config(**site)
        return made.model_copy(
            update={"sources": tuple(one.model_copy(update={"agreement": agreement()}) for one in made.sources)}
        )

    def waiting(self) -> tuple[Held, ...]:
        with self.ports() as ports:
            return ports.store.waiting(99)

    def edit(self, action: str, target: str, value: str = "") -> None:
        with self.ports() as ports:
            editing.decide(Edit(0, target, action, value, "biên tập", "đã hỏi nguồn", self.now), self.config(), ports)

    def until(self, at: datetime) -> Report:
        """One run at the moment."""
        return self.run(step=at - self.now)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    with Attacked(folder) as line:
        line.run()
    return folder


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path / "line")
    return tmp_path / "line"


def test_nothing_of_a_new_spam_article_is_published_and_the_operator_is_told(folder: Path) -> None:
    with Attacked(folder, NEW) as line:
        report = line.until(AT + 2 * HOUR)
        assert line.holding("8xbet") == line.holding(NEW.title) == []
        (held,) = line.waiting()
        assert held.article.title == NEW.title and "8xbet" in " ".join(held.seen)
        assert f"aggregator edit release {held.article.id}" in held_line(held)
        assert exit_code(line.config(), report) == 0 and report.states["skds"].health == "ok"


def test_a_held_article_stays_held_at_every_later_look_and_is_told_once(folder: Path) -> None:
    with Attacked(folder, NEW) as line:
        line.until(AT + 2 * HOUR)
        (held,) = line.waiting()
        reports = [line.run(step=hours * HOUR) for hours in (1, 9)]
        assert [one.held for one in reports] == [()] * 2
        assert line.waiting() == (held,) and line.holding("8xbet") == []


def test_an_editor_frees_an_article_and_it_is_published_as_if_just_collected(folder: Path) -> None:
    with Attacked(folder, NEW) as line:
        line.until(AT + 2 * HOUR)
        (held,) = line.waiting()
        line.edit("release", held.article.id, held.digest)
        line.run(step=10 * MINUTE)
        assert line.holding(NEW.title) and line.waiting() == ()
        with line.ports() as ports:
            story = next(s for s, told, _ in ports.store.export(None) if told.article.id == held.article.id)
            assert story and ports.store.learned("skds").domains["suckhoedoisong.vn"] > 20
        line.run(step=3 * HOUR)
        assert line.waiting() == () and line.holding(NEW.title)


def test_the_last_good_text_stays_published_until_the_source_is_clean_again(folder: Path) -> None:
    with Attacked(folder, REPLACED) as line:
        line.until(AT + 110 * MINUTE)
        good = line.holding(REPLACED.title)
        assert good
        report = line.until(AT + 4 * HOUR)
        assert len(line.waiting()) == 1 and report.states["skds"].health == "ok"
        assert line.holding("8xbet") == line.holding("Cổng game") == []
        assert set(good) <= set(line.holding(REPLACED.title))
        assert any(name.startswith("tin/") for name in line.holding("đang hiện một bản khác của bài này"))
        line.until(AT + 9 * HOUR)
        assert line.waiting() == () and line.holding("đang hiện một bản khác") == []
        assert line.holding("8xbet") == [] and line.holding(REPLACED.title)
        assert held_states(line) == ["cleared"]


def held_states(line: Attacked) -> list[str]:
    with line.ports() as ports:
        ids = [told.article.id for _, told, _ in ports.store.export(None)]
        return [one.state for held in ports.store.quarantine(ids).values() for one in held]


def test_a_hidden_block_is_seen_though_no_word_that_is_shown_changed(folder: Path) -> None:
    with Attacked(folder, LINKED) as line:
        line.replay.added[LINKED.ref] = (AT + 2 * HOUR, LINKS)
        line.until(AT + 110 * MINUTE)
        assert line.waiting() == ()
        line.until(AT + 4 * HOUR)
        (held,) = line.waiting()
        assert "a hidden block (display:none)" in held.because
        assert line.holding("8xbet") == [] and line.holding(LINKED.title)
        line.edit("release", held.article.id, held.digest)
        line.run(step=3 * HOUR)
        assert line.waiting() == () and line.holding("8xbet") == []


def test_an_urgent_notice_is_told_by_its_title_with_a_mark_and_never_silently_held(folder: Path) -> None:
    with Attacked(folder, URGENT) as line:
        line.until(AT + 2 * HOUR)
        (held,) = line.waiting()
        assert held.urgent and "URGENT" in held_line(held)
        assert line.holding("8xbet") == [] and line.holding("ngừng dùng lô thuốc") == []
        marked = {*line.holding("đang được kiểm chứng"), *line.holding("Đang kiểm chứng")}
        shown = {name for name in line.holding(URGENT.title) if not name.startswith(("search/", "assets/", "tim-kiem"))}
        assert shown - marked == set()
        assert not [name for name in line.files() if name.startswith("khan/") and held.article.id in name]
        assert {"index.html", "embed/latest/all.json", "embed/latest/all.html"} <= shown
        assert {name.rpartition(".")[2] for name in shown} >= {"html", "json", "rss", "atom"}
        line.edit("release", held.article.id, held.digest)
        line.run(step=10 * MINUTE)
        assert line.holding("ngừng dùng lô thuốc") and line.holding("Tin đang được kiểm chứng") == []


def test_what_a_burst_brings_far_from_the_sources_topics_is_held(folder: Path) -> None:
    names = ("Giải chạy ngày hội", "Lễ hội hoa xuân", "Chợ quê cuối tuần", "Đêm nhạc phố cổ", "Vườn cây cảnh",
             "Hội đua thuyền", "Ngày hội áo dài", "Phiên chợ đồ cũ")  # fmt: skip
    words = "Ban tổ chức mời mọi người cùng tham dự vào chủ nhật."
    many = [article(f"le-{chr(97 + n)}", name, words, time=AT + 5 * HOUR)
            for n, name in enumerate(names)]  # fmt: skip
    usual = [replace(LINKED, key=f"thuong-{n}", ref=f"16926102009309900{n}", time=AT + n * HOUR) for n in (1, 2)]
    with Attacked(folder, *many, *usual) as line:
        for hours in (1.5, 2.5, 5.5):
            line.until(AT + hours * HOUR)
        assert len(line.waiting()) == len(many)
        assert [name for name in names if line.holding(name)] == []
        line.run(step=3 * HOUR)
        assert len(line.waiting()) == len(many)


@pytest.mark.slow
def test_what_is_published_at_last_does_not_depend_on_which_source_was_visited_first(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "other")
    published = []
    for place, backwards in ((folder, False), (tmp_path / "other", True)):
        with Attacked(place, NEW, REPLACED, URGENT) as line:
            config = line.config()
            if backwards:
                config = config.model_copy(update={"sources": tuple(reversed(config.sources))})
            for hours in (1, 3):
                line.run(config, step=hours * HOUR)
            line.run(line.config(), step=HOUR)
            published.append(line.files())
    assert published[0] == published[1]


def test_the_status_page_tells_of_it_in_words_of_its_own(folder: Path) -> None:
    with Attacked(folder, NEW) as line:
        line.until(AT + 2 * HOUR)
        page = (line.output / "trang-thai/index.html").read_text()
        assert "Có bài nghi bị chèn nội dung lạ" in page
        assert "1 bài đang chờ người biên tập kiểm tra, chưa đăng" in page
        assert "health-compromised" in page and json.dumps("8xbet") not in page
