"""What a reader sees of a story, and on which shelves it stands. Pure.

Shelves: all · pinned · day/<d> · month/<m> · corrections · <kind>/<tag> and <kind>/<tag>/<month> · source/<id> and its
months.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model import Evidence, Link, Placement, SafeHtml, Shelved, Story, Telling, Visibility
from aggregator.publish.addresses import story_path
from aggregator.publish.visible import next_change, unverified, visible
from aggregator.publish.words import local_day, long_date, month_name
from aggregator.settings import Config, Source
from aggregator.text import fold

PINNED = "pinned"
FLAG = "Đang kiểm chứng"
UNVERIFIED = "Tin đang được kiểm chứng. Trong lúc chờ, bản tin chỉ đăng tiêu đề và đường dẫn tới trang nguồn."
OTHER_TEXT = (
    "Trang nguồn đang hiện một bản khác của bài này, bản đó chưa được kiểm chứng nên không đăng. "
    "Phần đăng ở đây lấy từ bản đã đọc trước đó."
)
KINDS = ("topic", "disease", "place", "authority", "document")


@dataclass(frozen=True, slots=True)
class Voice:
    """One telling with what may be seen of it. Templates take texts from here, never from the article."""

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
    def published(self) -> datetime:
        """The source's time."""
        return self.telling.article.published

    @property
    def mark(self) -> str:
        """What a reader must know of a text that waits for an editor; "" where none does."""
        if self.telling.held_since is None:
            return ""
        return UNVERIFIED if unverified(self.telling) else OTHER_TEXT

    @property
    def flag(self) -> str:
        """The mark in two words, for narrow places: only where the title is all that may be told."""
        return FLAG if unverified(self.telling) else ""

    @property
    def corrected_at(self) -> datetime | None:
        """When we saw the text change last; None when it never did."""
        return self.telling.revisions[-1].seen_at if len(self.telling.revisions) > 1 else None


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag of a story, and the words that earned it, each with the source that wrote them."""

    kind: str
    key: str
    label: str
    words: tuple[tuple[str, Evidence], ...]


@dataclass(frozen=True, slots=True)
class View:
    """A story as a reader may see it now: its visible voices, the one that speaks first. None: it is not shown.

    `tags` are those of all visible voices, by kind, then by name.
    """

    story: Story
    path: str
    voices: tuple[Voice, ...]
    tags: tuple[TagSeen, ...]

    @property
    def speaker(self) -> Voice:
        """The voice that speaks for the story."""
        return self.voices[0]

    @property
    def others(self) -> tuple[Voice, ...]:
        """Those who tell it too."""
        return self.voices[1:]

    @property
    def corrected_at(self) -> datetime | None:
        """When the text of any voice changed last."""
        return max((voice.corrected_at for voice in self.voices if voice.corrected_at), default=None)

    @property
    def updated(self) -> datetime:
        """When what the speaker says here last changed: published, corrected, or taken over from another voice."""
        speaker = self.speaker
        moments = [speaker.published]
        if speaker.corrected_at:
            moments.append(speaker.corrected_at)
        if any(telling.first_seen < speaker.telling.first_seen for telling in self.story.tellings):
            moments.append(speaker.telling.first_seen)
        return max(moments)

    def link_to(self, voice: Voice) -> Link | None:
        """The decision that joined the voice to this story: the one with the speaker, else the surest."""
        other, speaker = voice.telling.article.id, self.speaker.telling.article.id
        touching = [link for link in self.story.links if other in (link.a, link.b)]
        best = sorted(touching, key=lambda link: (speaker not in (link.a, link.b), -link.score, link.a, link.b))
        return best[0] if best else None

    def told_by(self, source: str) -> "View":
        """The same story with that source's own telling speaking, for its page and feed."""
        own = [voice for voice in self.voices if voice.source_id == source]
        rest = [voice for voice in self.voices if voice.source_id != source]
        return View(self.story, self.path, tuple(own + rest), self.tags)


def view(story: Story, config: Config, now: datetime) -> View:
    """What a reader may see of the story now."""
    voices = []
    for telling in story.tellings:
        source = config.source(telling.article.source)
        scope = visible(telling, source, config.site.mode, now)
        if scope != "hidden":
            voices.append(Voice(telling, source, scope))
    path = story.path or (story_path(story.id, voices[0].title, voices[0].published) if voices else "")
    return View(story, path, tuple(voices), _tags(voices))


def _tags(voices: list[Voice]) -> tuple[TagSeen, ...]:
    """All tags of the visible voices, by kind, then by name."""
    found: dict[str, tuple[str, str, list[tuple[str, Evidence]]]] = {}
    for voice in voices:
        for tag in voice.telling.tags:
            _, _, words = found.setdefault(tag.key, (tag.kind, tag.label, []))
            words += [(voice.label, evidence) for evidence in tag.evidence]
    rows = [TagSeen(kind, key, label, tuple(words)) for key, (kind, label, words) in found.items()]
    return tuple(sorted(rows, key=lambda tag: (KINDS.index(tag.kind), fold(tag.label), tag.key)))


def shelve(story: Story, config: Config, now: datetime) -> Shelved:
    """Where the story stands from now on, and when time alone will move it."""
    seen = view(story, config, now)
    changes = (
        next_change(telling, config.source(telling.article.source), config.site.mode, now) for telling in story.tellings
    )
    pin = pinned(story, now)
    moments = [*(at for at in changes if at is not None), *([pin[1]] if pin else [])]
    due = min(moments, default=None)
    placements = _placements(seen) if seen.voices else ()
    if pin and placements:
        placements += (Placement(PINNED, "Tin được ghim", pin[0], seen.speaker.authority),)
    return Shelved(story.id, seen.path, placements, due)


def pinned(story: Story, now: datetime) -> tuple[datetime, datetime] | None:
    """Since when and until when an editor keeps the story at the head; None when nobody does now."""
    last = [[edit for edit in telling.edits if edit.action in {"pin", "unpin"}][-1:] for telling in story.tellings]
    pins = [(edit.at, datetime.fromisoformat(edit.value)) for edits in last for edit in edits if edit.action == "pin"]
    return max((pin for pin in pins if pin[1] > now), default=None)


def _placements(seen: View) -> tuple[Placement, ...]:
    speaker = seen.speaker
    day, month = _day_and_month(speaker.published)
    rows = [
        ("all", "Tất cả tin", speaker.published),
        (f"day/{day}", long_date(speaker.published), speaker.published),
        (f"month/{month}", month_name(month), speaker.published),
    ]
    if seen.corrected_at:
        rows.append(("corrections", "Đính chính, cập nhật", seen.corrected_at))
    for tag in seen.tags:
        rows += _with_month(tag.key, tag.label, speaker.published)
    for voice in {voice.source_id: voice for voice in reversed(seen.voices)}.values():
        rows += _with_month(f"source/{voice.source_id}", voice.name, voice.published)
    return tuple(Placement(shelf, label, at, speaker.authority) for shelf, label, at in sorted(rows))


def _with_month(key: str, label: str, at: datetime) -> list[tuple[str, str, datetime]]:
    return [(key, label, at), (f"{key}/{_day_and_month(at)[1]}", label, at)]


def _day_and_month(at: datetime) -> tuple[str, str]:
    day = local_day(at).isoformat()
    return day, day[:7]
