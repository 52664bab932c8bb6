"""An installation in a folder, as an operator keeps it, and the three small sites it reads, on loopback."""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from aggregator.cli import main
from aggregator.demo.asked import HTML, Asked, Said
from aggregator.demo.replay import Replay, said
from aggregator.demo.world import World, WorldArticle, WorldSection, WorldSite

NOW = datetime.fromisoformat("2026-10-20T09:00:00+07:00")
PROGRAM = Path(sys.executable).parent / "aggregator"
MEMORY = Path("/dev/shm")  # where there is one, nobody waits for a disk: thousands of files are flushed here
IDLE = {"trang-thai/index.html", "heartbeat.json"}  # what an idle run rewrites
MOH, SKDS, SOYTE = "moh.gov.vn", "suckhoedoisong.vn", "soyte.hanoi.gov.vn"
FEED = "/rss/y-te.rss"


def article(site: str, ref: str, hours: float, title: str, lead: str, body: str) -> WorldArticle:
    section = {"moh": "8358", "skds": "y-te", "soyte": "tin-tuc-su-kien"}[site]
    time = (NOW - timedelta(hours=hours)).replace(second=0)
    slug = f"bai-viet-so-{ref[-4:]}"
    return WorldArticle(f"{site}-{ref}", site, ref, slug, (section,), time, title, lead, "Ban Biên tập", body)


SITES = (
    WorldSite("moh", MOH, "moh_bridge", "Bộ Y tế", (WorldSection("8358", "Tin nổi bật"),)),
    WorldSite("skds", SKDS, "vccorp", "Báo Sức khỏe & Đời sống", (WorldSection("y-te", "Y tế"),)),
    WorldSite("soyte", SOYTE, "hanoi_vccorp", "Sở Y tế Hà Nội", (WorldSection("tin-tuc-su-kien", "Tin tức"),)),
)
VACCINE = """Chiến dịch tiêm bổ sung vắc xin sởi bắt đầu từ ngày 25/10/2026 tại 34 tỉnh, thành phố, cho trẻ từ 1 đến 5
tuổi chưa tiêm đủ mũi. Mỗi trạm y tế bố trí ít nhất hai bàn tiêm và một phòng theo dõi sau tiêm.

Phụ huynh mang theo sổ tiêm chủng của trẻ, ở lại theo dõi 30 phút sau tiêm và báo ngay cho trạm y tế khi trẻ sốt cao
trên 39 độ, quấy khóc kéo dài hay nổi ban toàn thân."""
ARTICLES = (
    article("moh", "990101", 5, "Bộ Y tế phát động tiêm bổ sung vắc xin sởi cho trẻ dưới 5 tuổi",
            "Chiến dịch bắt đầu từ ngày 25/10/2026 tại 34 tỉnh, thành phố.", VACCINE),
    article("moh", "990102", 26, "Tập huấn chẩn đoán và điều trị sốt xuất huyết cho tuyến xã",
            "Lớp tập huấn có bác sĩ của 60 trạm y tế xã tham dự.",
            "Nội dung gồm phân độ sốt xuất huyết, truyền dịch và chuyển tuyến an toàn.\n\n"
            "Học viên thực hành trên mô hình và được cấp tài liệu của lớp học."),
    article("skds", "169261020042000123", 4.5, "Phát động tiêm bổ sung vắc xin sởi cho trẻ dưới 5 tuổi",
            "SKĐS - Chiến dịch bắt đầu từ ngày 25/10/2026 tại 34 tỉnh, thành phố.", VACCINE),
    article("skds", "169261019100000456", 23, "Năm thói quen giúp phòng bệnh tay chân miệng",
            "SKĐS - Rửa tay bằng xà phòng là thói quen quan trọng nhất với trẻ mầm non.",
            "Bệnh tay chân miệng lây qua đường tiêu hoá, hay gặp ở trẻ dưới 5 tuổi.\n\n"
            "Lớp học cần lau sàn, đồ chơi bằng nước khử khuẩn mỗi ngày và cho trẻ nghỉ học khi có phỏng nước."),
    article("soyte", "2849261020060000789", 3, "Hà Nội kiểm tra bếp ăn tập thể của 40 trường mầm non",
            "Đoàn kiểm tra lấy mẫu thực phẩm tại phường Đống Đa và xã Sóc Sơn.",
            "Các bếp ăn phải lưu mẫu thức ăn 24 giờ và có hợp đồng cung ứng thực phẩm.\n\n"
            "Cơ sở vi phạm bị nhắc nhở, kiểm tra lại sau mười ngày."),
    article("soyte", "2849261018090000321", 48, "Trung tâm y tế mở thêm điểm khám sàng lọc tăng huyết áp",
            "Người từ 40 tuổi được đo huyết áp miễn phí vào sáng thứ bảy.",
            "Người dân mang theo thẻ bảo hiểm y tế và đơn thuốc đang dùng.\n\n"
            "Mỗi điểm khám phục vụ tối đa 120 lượt trong một buổi."),
)  # fmt: skip
WORLD = World("nho", "Thế giới nhỏ", NOW, SITES, ARTICLES, ())

Instead = Said | Callable[[Asked], Said]


class Sites(Replay):
    """The three sites. `instead` gives another answer, by host and the beginning of the path ("" for every path)."""

    def __init__(self) -> None:
        self.now_there = NOW
        self.instead: dict[tuple[str, str], Instead] = {}
        self.released = threading.Event()
        super().__init__(WORLD, lambda: self.now_there)

    def answer(self, asked: Asked, headers: Any) -> Said:
        for (host, start), given in self.instead.items():
            if asked.host == host and asked.path.startswith(start) and (start or asked.path != "/robots.txt"):
                answered = given if isinstance(given, Said) else given(asked)
                super().answer(asked, headers)  # for the log
                return answered
        return super().answer(asked, headers)

    def never(self, asked: Asked) -> Said:
        """No answer before the test is over."""
        self.released.wait()
        return Said(200, b"", HTML)

    def later(self, asked: Asked) -> Said:
        """As ever, but not before `released`."""
        self.released.wait()
        return said(WORLD, self.now_there, asked)

    def start(self) -> None:
        super().start()
        vars(self._server)["handle_error"] = lambda *_: None  # a client that was killed is no news

    def stop(self) -> None:
        self.released.set()
        super().stop()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one command."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def call(*arguments: object, stdin: str | bytes = "") -> Done:
    """Run a command in this process, with no terminal."""
    raw = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = io.StringIO(), io.StringIO()
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        stack.enter_context(mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse
            code = stop.code if isinstance(stop.code, int) else 1
    return Done(code, out.getvalue(), err.getvalue())


class House:
    """sources.yaml, var/ and output/ in a folder. `settings` is what sources.yaml holds; `write()` after a change."""

    def __init__(self, folder: Path, sites: Sites) -> None:
        self.folder = folder
        self.sites = sites
        self.settings = _settings(sites.connect_to)
        folder.mkdir(parents=True, exist_ok=True)
        self.write()

    @property
    def config(self) -> Path:
        return self.folder / "sources.yaml"

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def database(self) -> Path:
        return self.folder / "var/aggregator.db"

    def write(self) -> None:
        self.config.write_text(yaml.safe_dump(self.settings, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def source(self, id: str) -> dict[str, Any]:
        return next(one for one in self.settings["sources"] if one["id"] == id)

    def call(self, command: str, *arguments: object, stdin: str | bytes = "") -> Done:
        return call(*self.line(command, *arguments), stdin=stdin)

    def run(self, *arguments: object, now: datetime = NOW) -> Done:
        return self.call("run", "--now", now.isoformat(), *arguments)

    def line(self, command: str, *arguments: object) -> list[str]:
        words = command.split()
        return [*words, "--config", str(self.config), *(str(argument) for argument in arguments)]

    def spawn(self, command: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        """The installed program itself, as cron starts it; its words go to pipes."""
        given: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
        return subprocess.Popen([str(PROGRAM), *self.line(command, *arguments)], env=environment(), **given)

    def files(self) -> dict[str, bytes]:
        """All that is published, but for the two files of an idle run."""
        return {name: content for name, content in tree(self.output).items() if name not in IDLE}

    def titles(self) -> set[str]:
        """Titles of the small world's articles that some story page shows."""
        pages = b"".join(content for name, content in self.files().items() if name.startswith("tin/"))
        return {one.title for one in ARTICLES if one.title.encode() in pages}


def tree(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-8"}


def _settings(connect_to: dict[str, str]) -> dict[str, Any]:
    return {
        "site": {"base_url": "https://bantin.example/"},
        "fetch": {"connect_to": connect_to, "retries": 0},
        "sources": [
            {"id": "moh", "name": "Bộ Y tế", "kind": "moh_bridge", "home": f"https://{MOH}/", "authority": 90,
             "pause": "0s", "sections": [{"id": "8358", "name": "Tin nổi bật"}]},
            {"id": "skds", "name": "Báo Sức khỏe & Đời sống", "kind": "vccorp", "home": f"https://{SKDS}/",
             "authority": 50, "pause": "0s", "sections": [{"url": f"https://{SKDS}{FEED}", "name": "Y tế"}]},
            {"id": "soyte", "name": "Sở Y tế Hà Nội", "kind": "vccorp", "home": f"https://{SOYTE}/", "authority": 80,
             "pause": "0s", "sections": [{"url": f"https://{SOYTE}/", "name": "Trang chủ"}]},
        ],
    }  # fmt: skip


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """A new house with its sites up."""
    with Sites() as sites:
        yield House(folder, sites)


def copied(first: House, folder: Path, sites: Sites) -> House:
    """The same house elsewhere, with sites of its own."""
    shutil.copytree(first.folder, folder)
    return House(folder, sites)


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder, gone at the end."""
    base = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="aggregator-", dir=base) as name:
        yield Path(name)
