"""The facts of the status page, and the plain words for them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import SourceState, Watch
from aggregator.publish.posted import Posted
from aggregator.settings import Config

HEALTH = {
    "ok": "Hoạt động bình thường",
    "broken": "Không đọc được",
    "drifted": "Trang nguồn đổi cấu trúc",
    "stale": "Lâu chưa có tin mới",
    "blocked": "Bị trang nguồn chặn",
    "compromised": "Có bài nghi bị chèn nội dung lạ",
    "never": "Chưa đọc lần nào",
}
HELD = "{count} bài đang chờ người biên tập kiểm tra, chưa đăng. Các bài khác của nguồn vẫn được đăng bình thường."
UNWATCHED = "{count} bài chỉ hiện tiêu đề và đường dẫn: {because}."
BECAUSE: dict[Watch, str] = {
    "cap": "số lượt hỏi lại mỗi ngày có hạn, các bài cũ nhất nhường lượt cho bài mới",
    "late": "gần ba giờ qua chưa đối chiếu được với trang nguồn",
    "flapping": "trang nguồn đổi qua lại giữa các bản của cùng một bài",
}
DOUBTED = "{count} bài đang được hỏi lại vì trang nguồn vừa trả lời là không còn."
MANY = 5  # articles that are asked again at one time without a word: more is no routine
CAUSES = {
    "blocked": "Máy chủ từ chối hoặc đòi xác minh.",
    "login": "Thay cho nội dung là trang đăng nhập.",
    "robots": "Trang nguồn không cho máy đọc (robots.txt).",
    "certificate": "Chứng thư bảo mật của trang nguồn có lỗi.",
    "timeout": "Trang nguồn trả lời quá chậm.",
    "unreachable": "Không kết nối được tới trang nguồn.",
    "server-error": "Máy chủ của trang nguồn đang lỗi.",
    "gone": "Chuyên mục không còn ở địa chỉ cũ.",
    "moved": "Chuyên mục chuyển sang một tên miền chưa được khai báo.",
    "address": "Địa chỉ máy chủ không được phép truy cập.",
    "too-large": "Nội dung trả về quá lớn.",
    "empty": "Trang nguồn trả về nội dung trống.",
    "not-a-feed": "Nội dung trả về không đúng định dạng.",
    "drifted": "Trang nguồn đổi cấu trúc, cần cập nhật cách đọc.",
    "internal": "Chương trình gặp lỗi khi đọc trang nguồn.",
}


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How one source stands: `health` is the machine's word, `word` and `problem` are the reader's ("" = none)."""

    id: str
    name: str
    home: str
    health: str
    word: str
    problem: str
    last_success: datetime | None
    newest: datetime | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """All that the status page says. `counts` are pairs of words and numbers, in the order shown."""

    sources: tuple[SourceStatus, ...]
    last_run: datetime | None = None
    counts: tuple[tuple[str, int], ...] = ()
    letters: tuple[Posted, ...] = ()


def report(
    config: Config,
    states: Mapping[str, SourceState],
    last_run: datetime | None,
    counts: tuple[tuple[str, int], ...] = (),
    held: Mapping[str, int] | None = None,
    unwatched: Mapping[str, Mapping[Watch, int]] | None = None,
    doubted: Mapping[str, int] | None = None,
) -> StatusReport:
    """How the configured sources stand, in the order of the configuration; sources switched off are left out.

    `held`: how many texts of each source wait for an editor; `unwatched`: how many articles are told by title and
    link only, by why; `doubted`: how many it has begun to deny.
    """
    rows = []
    for source in config.sources:
        if not source.enabled:
            continue
        state = states.get(source.id, SourceState(source.id))
        waiting = (held or {}).get(source.id, 0)
        word = health(state, waiting)
        problem = "" if state.health in {"ok", "never"} else CAUSES.get(state.cause, "")
        told = [HELD.format(count=waiting)] if waiting else []
        told += watch_words((unwatched or {}).get(source.id, {}), (doubted or {}).get(source.id, 0))
        rows.append(
            SourceStatus(
                id=source.id,
                name=source.name,
                home=source.home,
                health=word,
                word=HEALTH[word],
                problem=" ".join(filter(None, (problem, *told))),
                last_success=state.last_success,
                newest=state.newest,
                since=state.since,
            )
        )
    return StatusReport(tuple(rows), last_run, counts)


def health(state: SourceState, held: int) -> str:
    """The word for how a source stands: `compromised` where it is read well, but texts of it wait for an editor."""
    return "compromised" if held and state.health in {"ok", "stale"} else state.health


def watch_words(unwatched: Mapping[Watch, int], doubted: int) -> list[str]:
    """Sentences about articles that are not shown in full, or stand in doubt."""
    told = [UNWATCHED.format(count=unwatched[why], because=BECAUSE[why]) for why in BECAUSE if unwatched.get(why)]
    return told + ([DOUBTED.format(count=doubted)] if doubted > MANY else [])
