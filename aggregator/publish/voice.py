"""One telling of a story with what a reader may see of it. Templates take texts from here, never from the article."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model import Attachment, Edit, Field, SafeHtml, Telling, Visibility
from aggregator.publish.visible import SHOWN, unverified
from aggregator.settings import Source

FLAG = "Đang kiểm chứng"
UNVERIFIED = "Tin đang được kiểm chứng. Trong lúc chờ, bản tin chỉ đăng tiêu đề và đường dẫn tới trang nguồn."
FLAPPING = (
    "Trang nguồn đang đổi qua lại giữa các bản của bài này. Trong lúc chờ nội dung ổn định, "
    "bản tin chỉ đăng tiêu đề và đường dẫn tới trang nguồn."
)
OTHER_TEXT = (
    "Trang nguồn đang hiện một bản khác của bài này, bản đó chưa được kiểm chứng nên không đăng. "
    "Phần đăng ở đây lấy từ bản đã đọc trước đó."
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One telling, its source (None: configured no more), and how much of it may be seen."""

    telling: Telling
    source: Source | None
    scope: Visibility

    @property
    def source_id(self) -> str:
        """Id of the source."""
        return self.telling.article.source

    @property
    def name(self) -> str:
        """Full name of the source."""
        return self.source.name if self.source else self.source_id

    @property
    def label(self) -> str:
        """Name of the source for narrow places."""
        return self.source.label if self.source else self.source_id

    @property
    def authority(self) -> int:
        """Rank of the source."""
        return self.source.authority if self.source else 0

    @property
    def url(self) -> str:
        """Address of the original."""
        return self.telling.article.url

    @property
    def title(self) -> str:
        """Verbatim."""
        return self.telling.article.title

    @property
    def lead(self) -> str:
        """Verbatim, "" where it may not be shown."""
        return self.telling.article.lead if self.scope in {"lead", "full"} else ""

    @property
    def body(self) -> SafeHtml | Literal[""]:
        """The text, "" where it may not be shown."""
        return self.telling.article.body if self.scope == "full" else ""

    @property
    def author(self) -> str:
        """Who wrote it, "" where the title and link are all that may be shown."""
        return self.telling.article.author if self.scope in {"lead", "full"} else ""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that the text links to, under its words for them; none where the text may not be shown."""
        return self.telling.article.attachments if self.scope == "full" else ()

    @property
    def words(self) -> str:
        """All words of it that may be shown."""
        article = self.telling.article
        return "\n".join([self.title, self.lead, article.text if self.shows("text") else ""])

    @property
    def published(self) -> datetime:
        """The source's time."""
        return self.telling.article.published

    @property
    def mark(self) -> str:
        """What a reader must know of a text that waits for an editor, or that its source keeps changing; else ""."""
        if self.telling.held_since is None:
            return FLAPPING if self.telling.watch == "flapping" else ""
        return UNVERIFIED if unverified(self.telling) else OTHER_TEXT

    @property
    def flag(self) -> str:
        """The mark in two words, for narrow places: only where the title is all that may be told."""
        return FLAG if unverified(self.telling) else ""

    @property
    def note(self) -> Edit | None:
        """The editor's note beside the title: its words are `value`; None when there is none."""
        notes = [edit for edit in self.telling.edits if edit.action == "retitle-note"]
        return notes[-1] if notes and notes[-1].value else None

    @property
    def corrected_at(self) -> datetime | None:
        """When we saw the text change last; None when it never did."""
        return self.telling.revisions[-1].seen_at if len(self.telling.revisions) > 1 else None

    def shows(self, field: Field) -> bool:
        """Whether words of that field may be quoted."""
        return field in SHOWN[self.scope]
