"""Letters through whole runs: what they tell, each once to each recipient, and what follows them."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from aggregator import pipeline
from aggregator.model import Edit, Handed, Letter, Mailed, Missing, Request
from aggregator.publish.posted import posted
from aggregator.settings import Config, Mode, Site
from tests import make, make_post
from tests.fakes import NOON
from tests.make_post import Died, FakePost, html_of, text_of
from tests.unit.test_pipeline import TEXT, Bench, article, feed, url

A, B, C = "a@xa.example.vn", "b@xa.example.vn", "c@xa.example.vn"
DOSE = "Trẻ từ 6 tháng tuổi uống 100000 đơn vị vitamin A tại trạm y tế."
MINUTES = timedelta(minutes=20)
HOUR = timedelta(hours=1)
RSS = "https://moh.example.vn/rss"
DAY = "2026-10-20"


class Post:
    """An installation that reads one feed and mails; `post` is the mail server."""

    def __init__(self, folder: Path, *numbers: int, scope: str = "full", mode: Mode = "preview", **smtp: Any) -> None:
        own = make.source(agreement=make.agreement(scope), embargo="0s", window=timedelta(days=30))
        site = Site(base_url="https://bantin.example.vn/", mode=mode)
        mail = make_post.mail(25, smtp=smtp)
        config = Config(sources=(own,), mail=mail, site=site)
        self.bench = Bench(folder, config, {})
        self.post = FakePost(A, B)
        self.tag = 0
        for number in numbers:
            self.page(number)
        self.list(*numbers)

    def page(self, number: int, title: str | None = None, text: str = "") -> None:
        told = title or f"Tin moh số {number}"
        self.bench.fetcher.answers[url("moh", number)] = article("moh", number, told, text or f"{TEXT} Số {number}.")

    def list(self, *numbers: int) -> None:
        self.tag += 1
        self.bench.fetcher.answers[RSS] = feed("moh", *numbers, etag=f'"{self.tag}"')

    def run(self, step: timedelta = MINUTES) -> Mailed:
        self.bench.now += step
        with self.bench.ports(post=self.post) as ports:
            return pipeline.run(self.bench.config, ports, lambda *_: None, force=True).mailed

    def states(self, number: int = 0, day: str = DAY) -> Counter[str]:
        with self.bench.ports() as ports:
            return Counter(one.state for one in ports.store.deliveries(day, number))

    def letters(self) -> tuple[Letter, ...]:
        with self.bench.ports() as ports:
            return tuple(one for day in ports.store.letter_days() for one in ports.store.letters(day))

    def decide(self, action: str, title: str) -> None:
        target = self.bench.stored()[title].article.id
        with self.bench.ports() as ports:
            ports.store.decide(Edit(0, target, action, "", "bt", "vì lý do", self.bench.now))

    def files(self) -> dict[str, bytes]:
        root = self.bench.output
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.glob("thu/**/*.*"))}


def test_the_bulletin_reaches_everybody_once_and_later_runs_send_nothing(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, 3)
    assert one.run().sent == 2
    assert [one.run().sent for _ in range(3)] == [0, 0, 0]
    first, second = one.post.messages()
    assert (first["To"], second["To"]) == (A, B) or (first["To"], second["To"]) == (B, A)
    assert first["Message-ID"] != second["Message-ID"]
    for made in (first, second):
        assert "Tin moh số 2" in text_of(made) and "Tin moh số 3" in html_of(made)
    assert one.states() == {"sent": 2}


def test_nothing_is_made_before_its_hour_and_everything_of_the_night_is_in_it(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, 3)
    one.bench.now = datetime.fromisoformat("2026-10-20T05:00:00+07:00")
    assert one.run().sent == 0 and one.letters() == ()
    one.bench.now = datetime.fromisoformat("2026-10-20T06:10:00+07:00")
    assert one.run().sent == 2
    assert "2 tin" in one.post.messages(A)[0]["Subject"]


def test_what_comes_after_the_letter_is_in_the_next_and_nothing_is_told_twice(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, 3)
    one.run()
    one.page(9)
    one.list(2, 3, 9)
    assert one.run().sent == 0
    one.run(timedelta(days=1))
    told = [text_of(made) for made in one.post.messages(A)]
    assert len(told) == 2 and "Tin moh số 9" in told[1]
    assert "Tin moh số 2" not in told[1] and "Tin moh số 9" not in told[0]


def test_a_day_without_news_sends_nothing_and_stays_done(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.run()
    one.run(timedelta(days=1))
    assert one.run().sent == 0 and len(one.post.messages(A)) == 1
    assert [(letter.day, len(letter.items)) for letter in one.letters()] == [(DAY, 1), ("2026-10-21", 0)]


@pytest.mark.parametrize(("moment", "arrived"), [("after-end", 1), ("before-end", 0)])
def test_a_kill_beside_the_end_sends_nothing_twice_and_is_told(tmp_path: Path, moment: str, arrived: int) -> None:
    """Between the server's taking a letter and our noting it nobody can know: it is not sent again by itself."""
    one = Post(tmp_path, 2)
    one.post.dies = moment
    with pytest.raises(Died):
        one.run()
    after = one.run()
    assert (after.sent, len(after.unknown)) == (1, 1)
    assert one.run() == Mailed()
    counted = Counter(made["To"] for made in one.post.messages())
    assert sorted(counted.values()) == [1] * (1 + arrived)
    assert one.states() == {"sent": 1, "unknown": 1}


def test_a_kill_at_every_other_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """The journal and the mail server as one sees them after a kill behind any of the store's writes."""
    whole = Post(tmp_path / "whole", 2, 3)
    writes = _counted(whole)
    assert writes > 4
    for number in range(writes):
        one = Post(tmp_path / str(number), 2, 3)
        with pytest.raises(Died):
            _dying(one, number)
        one.run()
        one.run()
        arrived = Counter(made["To"] for made in one.post.messages())
        assert max(arrived.values()) == 1
        assert len(arrived) + one.states()["unknown"] >= 2, "who has no letter is named as unknown"


WRITES = ("compose", "address", "journal")


def _counted(one: Post) -> int:
    seen = [0]
    _dying(one, -1, seen)
    return seen[0]


def _dying(one: Post, at: int, seen: list[int] | None = None) -> None:
    """A run that ends behind the write of that number of letters and their journal."""
    count = seen if seen is not None else [0]
    one.bench.now += MINUTES
    with one.bench.ports(post=one.post) as ports:

        def dying(write: Any) -> Any:
            def call(*given: Any) -> None:
                write(*given)
                count[0] += 1
                if count[0] - 1 == at:
                    raise Died

            return call

        for name in WRITES:
            setattr(ports.store, name, dying(getattr(ports.store, name)))
        pipeline.run(one.bench.config, ports, lambda *_: None, force=True)


def test_who_is_refused_for_good_is_named_once_and_the_others_get_it(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.post.answers = {A: [Handed("refused", "550 no such user")]}
    done = one.run()
    assert (done.sent, done.refused) == (1, ((A, "550 no such user"),))
    assert one.run().refused == () and one.states() == {"sent": 1, "refused": 1}


def test_who_is_refused_for_now_is_tried_again_later_and_later(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.post.answers = {A: [Handed("later", "451 wait")] * 3}
    assert one.run().waiting == 1
    tried = []
    for _ in range(12):
        one.run(timedelta(minutes=5))
        tried.append(len(one.post.answers[A]))
    assert tried == [3 - 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], "10 minutes, then 20, then 40"
    assert one.run(timedelta(minutes=20)).sent == 1 and one.states() == {"sent": 2}


def test_a_letter_that_nobody_took_for_a_day_is_given_up_and_says_why(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.post.answers = {A: [Handed("later", "452 full")] * 99}
    one.run()
    for _ in range(8):
        one.run(timedelta(hours=4))
    assert one.states() == {"sent": 1, "dropped": 1}
    with one.bench.ports() as ports:
        (gone,) = (each for each in ports.store.deliveries(DAY, 0) if each.state == "dropped")
    assert gone.because == "not taken within 24 hours: 452 full"


def test_a_server_that_breaks_off_is_left_alone_and_asked_again_in_the_next_run(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.post.answers = {
        A: [Handed("lost", "it hung up", closing=True)],
        B: [Handed("lost", "it hung up", closing=True)],
    }
    done = one.run()
    assert done.down and done.waiting == 2 and "letters wait for the next run" in done.problems[-1]
    assert one.run().sent == 2 and Counter(made["To"] for made in one.post.messages()) == {A: 1, B: 1}


def test_a_server_that_takes_the_end_and_says_nothing_is_not_given_it_again(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.post.answers = {A: [Handed("unknown", "no answer to its end", closing=True)]}
    done = one.run()
    assert (done.sent, done.unknown) == (1, (A,))
    assert one.run() == Mailed() and len(one.post.messages(A)) == 1


def test_connections_hold_so_many_letters_with_a_rest_between_and_a_run_so_many(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, per_connection=3, per_run=8)
    one.post = FakePost(*(f"n{number}@xa.example.vn" for number in range(10)))
    done = one.run()
    assert (done.sent, done.waiting) == (8, 2)
    assert (one.post.connections, one.post.rests) == ([3, 3, 2], 2)
    assert one.run().sent == 2


def test_who_left_the_list_gets_nothing_more_and_who_joins_begins_with_the_next(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.post.answers = {A: [Handed("later", "451 wait")]}
    one.run()
    one.post.people = FakePost(B, C).people
    one.run()
    assert one.post.messages(A) == [] and one.post.messages(C) == []
    assert one.states() == {"sent": 1, "dropped": 1}


def test_the_demo_sends_to_nobody(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, mode="demo")
    assert one.run() == Mailed() and one.post.messages() == [] and one.files()


def test_old_letters_are_not_sent_when_a_server_is_configured_later(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    whole = one.bench.config
    assert whole.mail is not None
    one.bench.config = whole.model_copy(update={"mail": whole.mail.model_copy(update={"smtp": None})})
    one.run()
    one.bench.config = whole
    one.run(timedelta(hours=26))
    assert one.post.messages() == [] and one.files()


# --- what follows a letter


def corrected(folder: Path, before: str, after: str, scope: str = "full", title: str | None = None) -> Post:
    """An installation whose letter told the first text, and whose source shows the second by now."""
    one = Post(folder, 2, scope=scope)
    one.page(2, text=f"{TEXT} {before}")
    one.run()
    one.page(2, title, f"{TEXT} {after}")
    one.run(HOUR * 2)
    return one


def test_a_changed_figure_is_told_once_to_those_who_got_the_first_letter(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.page(2, text=f"{TEXT} {DOSE}")
    one.post.answers = {B: [Handed("refused", "550 no")]}
    one.run()
    one.page(2, text=f"{TEXT} {DOSE.replace('100000', '200000')} Người lớn không uống liều này.")
    assert one.run(HOUR * 2).sent == 1 and one.run().sent == 0
    first, second = one.post.messages(A)
    assert one.post.messages(B) == []
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"] != second["Message-ID"]
    assert second["Subject"].endswith("Đính chính bản tin y tế ngày 20/10/2026")
    said = text_of(second)
    assert "Tin số 1: Tin moh số 2" in said and "nguồn sửa nội dung" in said
    assert "100000 sửa thành 200000" in said and "Câu mới: Người lớn không uống liều này." in said
    assert "200000" in html_of(second)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Trạm mở cửa sáng thứ hai.", "Trạm mở cửa sáng thứ hai. Người dân mang theo sổ tiêm chủng."),
        ("Trạm y tế mở cửa sáng thứ hai.", "Trạm y tế mở cửa, sáng thứ Hai."),
    ],
)
def test_what_was_only_added_or_is_a_matter_of_commas_is_no_correction(tmp_path: Path, before: str, after: str) -> None:
    one = corrected(tmp_path, before, after)
    assert len(one.bench.stored()["Tin moh số 2"].revisions) == 2, "the site tells it"
    assert len(one.post.messages(A)) == 1


def test_another_title_is_told(tmp_path: Path) -> None:
    one = corrected(tmp_path, "Một câu.", "Một câu.", title="Lịch tiêm vắc xin sởi dời sang chủ nhật")
    said = text_of(one.post.messages(A)[1])
    assert "Lịch tiêm vắc xin sởi dời sang chủ nhật" in said and "nguồn sửa tiêu đề" in said


@pytest.mark.parametrize("scope", ["link", "lead"])
def test_a_correction_shows_no_word_beyond_the_scope(tmp_path: Path, scope: str) -> None:
    secret = "Người lớn không uống liều này."
    one = corrected(tmp_path, DOSE, f"{DOSE.replace('100000', '200000')} {secret}", scope)
    second = one.post.messages(A)[1]
    for said in (text_of(second), html_of(second)):
        assert "nguồn sửa nội dung" in said and "Xem đầy đủ ở trang của nguồn" in said
        assert "200000" not in said and "không uống" not in said


def test_a_withdrawn_story_is_told_without_a_word_of_it(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, 3)
    one.page(2, "Tiêu đề bị gỡ khỏi trang nguồn", f"{TEXT} Một câu riêng của bài này.")
    one.run()
    one.bench.fetcher.answers[url("moh", 2)] = Missing(Request(url("moh", 2)), 410, NOON)
    one.list(3)
    one.run(HOUR * 2)
    assert one.run().sent == 0
    second = one.post.messages(A)[1]
    number = next(line for line in text_of(one.post.messages(A)[0]).splitlines() if "bị gỡ khỏi" in line)[0]
    for said in (text_of(second), html_of(second)):
        assert f"Tin số {number}: không còn được đăng" in said and "Nguồn moh đã gỡ bài này" in said
        assert "bị gỡ khỏi" not in said and "bi-go-khoi" not in said and "câu riêng" not in said
    assert b"bi-go-khoi" not in b"".join(one.files().values())


def test_what_an_editor_hides_is_told_and_what_comes_back_is_not_told_twice(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.run()
    one.decide("hide", "Tin moh số 2")
    assert one.run().sent == 2
    one.decide("show", "Tin moh số 2")
    one.run()
    one.decide("hide", "Tin moh số 2")
    one.run()
    assert len(one.post.messages(A)) == 2
    assert "Đơn vị quản lý trang này đã gỡ bài của Nguồn moh" in text_of(one.post.messages(A)[1])


def test_a_letter_that_waits_goes_without_what_was_withdrawn_meanwhile_and_needs_no_correction(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, 3)
    one.post.answers = {A: [Handed("later", "451 wait")]}
    one.run()
    one.decide("hide", "Tin moh số 2")
    one.run()
    assert [len(one.post.messages(to)) for to in (A, B)] == [1, 2]
    said = text_of(one.post.messages(A)[0])
    assert "Tin moh số 2" not in said and "Tin moh số 3" in said
    assert "Tin moh số 2" in text_of(one.post.messages(B)[0])


def test_the_files_of_a_letter_follow_the_source_and_equal_a_full_rebuild(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, 3)
    one.run()
    assert set(one.files()) == {f"thu/{DAY}/index.html", f"thu/{DAY}/ban-tin.eml"}
    one.decide("hide", "Tin moh số 2")
    one.run()
    files = one.files()
    assert set(files) == {f"thu/{DAY}/index.html", f"thu/{DAY}/ban-tin.eml", f"thu/{DAY}/dinh-chinh-1.eml"}
    assert b"Tin moh s\xe1\xbb\x91 2" not in files[f"thu/{DAY}/index.html"]
    assert "Tin moh số 2" not in text_of(make_post.read(files[f"thu/{DAY}/ban-tin.eml"]))
    assert not any(to.encode() in content for content in files.values() for to in (A, B)), "nobody is named in a file"
    with one.bench.ports() as ports:
        pipeline.publish(one.bench.config, ports, full=True)
    assert one.files() == files
    one.decide("hide", "Tin moh số 3")
    one.run()
    assert set(one.files()) == {f"thu/{DAY}/dinh-chinh-1.eml", f"thu/{DAY}/dinh-chinh-2.eml"}


def test_a_purged_text_is_told_as_gone(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.run()
    target = one.bench.stored()["Tin moh số 2"].article.id
    with one.bench.ports() as ports:
        ports.store.take_down([Edit(0, target, "takedown", "purge", "bt", "vì lý do", one.bench.now)])
        ports.store.purge([target])
    one.run()
    assert "Đơn vị quản lý trang này đã gỡ bài của Nguồn moh" in text_of(one.post.messages(A)[1])
    assert not one.files().get(f"thu/{DAY}/ban-tin.eml")


def test_the_journal_holds_no_address(tmp_path: Path) -> None:
    one = Post(tmp_path, 2)
    one.post.answers = {A: [Handed("refused", "550 …")]}
    one.run()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("a.db*"))
    assert b"xa.example.vn" not in held


def test_a_second_installation_makes_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("mot", "hai"):
        one = Post(tmp_path / name, 2, 3)
        one.run()
        made.append((sorted(one.post.taken), one.files()))
    assert made[0] == made[1]


def test_the_status_page_tells_what_was_sent_when_and_to_how_many_and_no_address(tmp_path: Path) -> None:
    one = Post(tmp_path, 2, 3)
    page = one.bench.output / "trang-thai/index.html"
    one.run()
    one.run()
    told = " ".join(lxml.html.fromstring(page.read_text(encoding="utf-8")).text_content().split())
    assert f"Bản tin ngày {DAY[8:]}/{DAY[5:7]}/{DAY[:4]}: 2 tin Đã gửi tới 2 người nhận, lần cuối lúc" in told
    with one.bench.ports() as ports:
        (letter,) = posted(ports.store)
        digests = [held.recipient for held in ports.store.deliveries(DAY, 0)]
    assert (letter.sent, letter.waiting, letter.failed, letter.unknown, letter.stories) == (2, 0, 0, 0, 2)
    assert letter.said == f"{DAY} bulletin: 2 stories; 2 sent"
    whole = page.read_text(encoding="utf-8") + repr(letter)
    assert digests and not any(word in whole for word in (A, B, *digests))
