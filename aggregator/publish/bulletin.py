"""What a reader sees of a story, and on which shelves it stands. Pure.

Shelves: all · pinned · urgent · corrections · day/<d> · week/<w> · month/<m> · <kind>/<tag> and <kind>/<tag>/<month> ·
source/<id> and its months · former/<place>/<former place> and within/<place>/<place in it>, which tie the pages of
both · digest/<month>/<topic>, a section of the month's bulletin (digest/<month> for stories without a topic). What
stands on the shelf of a place stands on those of the places around it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from aggregator.model import (
    Detail,
    Document,
    Evidence,
    FormerPlace,
    Line,
    Link,
    Placement,
    PlaceWithin,
    Shelved,
    Story,
)
from aggregator.publish.addresses import story_path
from aggregator.publish.disagreements import Dispute, dispute
from aggregator.publish.notices import IN_FORCE, IN_FORCE_LABEL, NoticeSeen, ends, notice_of
from aggregator.publish.visible import next_change, visible
from aggregator.publish.voice import Voice
from aggregator.publish.words import local_day, long_date, month_name, week_name, week_of
from aggregator.settings import Config
from aggregator.text import fold

PINNED = "pinned"
DIGEST = "digest"
CORRECTED = "Có đính chính"
NOTED = "Có ghi chú"
KINDS = ("urgent", "topic", "disease", "place", "authority", "document")


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag of a story; the words that earned it and may be shown, each with the source that wrote them.

    `by_hand`: no words earned it, an editor or the operator's configuration gave it.
    `detail` is what the first voice that knows more says of a document or a former place.
    """

    kind: str
    key: str
    label: str
    words: tuple[tuple[str, Evidence], ...]
    by_hand: bool = False
    detail: Detail | None = None

    @property
    def within(self) -> tuple[tuple[str, str], ...]:
        """Slug and label of the places that it lies in, the nearest first."""
        return self.detail.within if isinstance(self.detail, FormerPlace | PlaceWithin) else ()


@dataclass(frozen=True, slots=True)
class CorrectionSeen:
    """What corrects a visible telling of the story (`is_notice` false), or what a notice in it corrects.

    `of` is the telling's id, `voice` the other article, which may be seen too; `path` leads to its story, "" where it
    stands in this one.
    """

    of: str
    is_notice: bool
    voice: Voice
    path: str

    @property
    def at(self) -> datetime:
        """When the other became known here."""
        return max(self.voice.published, self.voice.telling.first_seen)


@dataclass(frozen=True, slots=True)
class View:
    """A story as a reader may see it now: its visible voices, the one that speaks first. None: it is not shown.

    `tags` are those of all visible voices, by kind, then by name; `notice` is the urgent notice it tells, if any.
    """

    story: Story
    path: str
    voices: tuple[Voice, ...]
    tags: tuple[TagSeen, ...]
    notice: NoticeSeen | None = None
    corrections: tuple[CorrectionSeen, ...] = ()

    @property
    def corrected_by(self) -> tuple[CorrectionSeen, ...]:
        """The notices that correct what is told here."""
        return tuple(one for one in self.corrections if not one.is_notice)

    @property
    def corrects(self) -> tuple[CorrectionSeen, ...]:
        """What is told here to be corrected."""
        return tuple(one for one in self.corrections if one.is_notice)

    @property
    def correction_at(self) -> datetime | None:
        """When it last was, or last told, a correction: a changed text, a notice about it, or a notice itself."""
        moments = [one.at for one in self.corrected_by]
        moments += [self.speaker.published] if self.corrects else []
        return max([*moments, *([self.corrected_at] if self.corrected_at else [])], default=None)

    @property
    def flag(self) -> str:
        """What a reader must know of the speaker's words, in few of ours, for narrow places; "" when nothing."""
        spoken = self.speaker.telling.article.id
        corrected = CORRECTED if any(one.of == spoken for one in self.corrected_by) else ""
        noted = NOTED if self.speaker.note else ""
        return " · ".join(filter(None, (self.speaker.flag, corrected, noted)))

    @property
    def speaker(self) -> Voice:
        """The voice that speaks for the story."""
        return self.voices[0]

    @property
    def topic(self) -> TagSeen | None:
        """Its first topic, below which bulletins have it."""
        return next((tag for tag in self.tags if tag.kind == "topic"), None)

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
        moments += [edit.at for edit in speaker.telling.edits if edit.action == "retitle-note"]
        moments += [one.at for one in self.corrected_by if one.of == speaker.telling.article.id]
        return max(moments)

    def link_to(self, voice: Voice) -> Link | None:
        """The decision that joined the voice to this story: the one with the speaker, else the surest."""
        other, speaker = voice.telling.article.id, self.speaker.telling.article.id
        touching = [link for link in self.story.links if other in (link.a, link.b)]
        best = sorted(touching, key=lambda link: (speaker not in (link.a, link.b), -link.score, link.a, link.b))
        return best[0] if best else None

    @property
    def dispute(self) -> Dispute | None:
        """What its visible voices tell differently; None when they agree."""
        return dispute(self.story.links, self.voices)

    def told_by(self, source: str) -> "View":
        """The same story with that source's own telling speaking, for its page and feed."""
        own = [voice for voice in self.voices if voice.source_id == source]
        rest = [voice for voice in self.voices if voice.source_id != source]
        return replace(self, voices=tuple(own + rest))


def view(story: Story, config: Config, now: datetime) -> View:
    """What a reader may see of the story now."""
    voices = []
    for telling in story.tellings:
        source = config.source(telling.article.source)
        scope = visible(telling, source, config.site.mode, now)
        if scope != "hidden":
            voices.append(Voice(telling, source, scope))
    path = story.path or (story_path(story.id, voices[0].title, voices[0].published) if voices else "")
    notice = notice_of(((voice.telling, voice.scope, voice.name) for voice in voices), now)
    return View(story, path, tuple(voices), _tags(voices), notice, tuple(_corrections(story, voices, config, now)))


def _corrections(story: Story, voices: list[Voice], config: Config, now: datetime) -> Iterator[CorrectionSeen]:
    seen = {voice.telling.article.id for voice in voices}
    own = {telling.article.id for telling in story.tellings}
    for one in story.corrections:
        source = config.source(one.other.article.source)
        scope = visible(one.other, source, config.site.mode, now)
        if one.of in seen and scope != "hidden":
            path = "" if one.other.article.id in own else one.path
            yield CorrectionSeen(one.of, one.is_notice, Voice(one.other, source, scope), path)


def _tags(voices: list[Voice]) -> tuple[TagSeen, ...]:
    """All tags of the visible voices, by kind, then by name."""
    found: dict[str, tuple[str, str, list[tuple[str, Evidence]]]] = {}
    details: dict[str, Detail] = {}
    earned: set[str] = set()
    for voice in voices:
        for tag in voice.telling.tags:
            _, _, words = found.setdefault(tag.key, (tag.kind, tag.label, []))
            words += [(voice.label, evidence) for evidence in tag.evidence if voice.shows(evidence.field)]
            earned |= {tag.key} if tag.evidence else set()
            if tag.detail and (tag.key not in details or _says_more(tag.detail, details[tag.key])):
                details[tag.key] = tag.detail
    rows = [
        TagSeen(kind, key, label, tuple(words), key not in earned, details.get(key))
        for key, (kind, label, words) in found.items()
    ]
    return tuple(sorted(rows, key=lambda tag: (KINDS.index(tag.kind), fold(tag.label), tag.key)))


def _says_more(one: Detail, than: Detail) -> bool:
    return isinstance(one, Document) and isinstance(than, Document) and one.day is not None and than.day is None


def shelve(story: Story, config: Config, now: datetime) -> Shelved:
    """Where the story stands from now on, and when time alone will move it."""
    seen = view(story, config, now)
    changes = (
        next_change(telling, config.source(telling.article.source), config.site.mode, now) for telling in story.tellings
    )
    over = (ends(voice.telling.tags, now) for voice in seen.voices)
    pin = pinned(story, now)
    moments = [*(at for at in (*changes, *over) if at is not None), *([pin[1]] if pin else [])]
    placements = _placements(seen) if seen.voices else ()
    if pin and placements:
        placements += (Placement(PINNED, "Tin được ghim", pin[0], seen.speaker.authority),)
    return Shelved(story.id, seen.path, placements, min(moments, default=None), _lines(seen))


def _lines(seen: View) -> tuple[Line, ...]:
    """What lists say of it: one line a source, as told by that source's first voice."""
    topic = seen.topic.label if seen.topic else ""
    sources = dict.fromkeys(voice.source_id for voice in seen.voices)
    return tuple(_line(seen.told_by(source), topic) for source in sources)


def _line(seen: View, topic: str) -> Line:
    speaker = seen.speaker
    return Line(
        article=speaker.telling.article.id,
        source=speaker.source_id,
        path=seen.path,
        title=speaker.title,
        label=speaker.label,
        published=speaker.published,
        precision=speaker.telling.article.precision,
        flag=seen.flag,
        topic=topic,
    )


def pinned(story: Story, now: datetime) -> tuple[datetime, datetime] | None:
    """Since when and until when an editor keeps the story at the head; None when nobody does now."""
    last = [[edit for edit in telling.edits if edit.action in {"pin", "unpin"}][-1:] for telling in story.tellings]
    pins = [(edit.at, datetime.fromisoformat(edit.value)) for edits in last for edit in edits if edit.action == "pin"]
    return max((pin for pin in pins if pin[1] > now), default=None)


def _placements(seen: View) -> tuple[Placement, ...]:
    speaker = seen.speaker
    day, month = _day_and_month(speaker.published)
    week = week_of(local_day(speaker.published))
    rows = [
        ("all", "Tất cả tin", speaker.published),
        (f"day/{day}", long_date(speaker.published), speaker.published),
        (f"week/{week}", week_name(week), speaker.published),
        (f"month/{month}", month_name(month), speaker.published),
        _section(seen, month),
    ]
    if seen.correction_at:
        rows.append(("corrections", "Đính chính, cập nhật", seen.correction_at))
    if seen.notice and not seen.notice.over:
        rows.append((IN_FORCE, IN_FORCE_LABEL, speaker.published))
    for tag in seen.tags:
        rows += _with_month(tag.key, tag.label, speaker.published)
        rows += [(shelf, label, speaker.published) for shelf, label in _ties(tag)]
    own = {tag.key for tag in seen.tags}
    above = {f"place/{slug}": label for tag in seen.tags for slug, label in tag.within}
    for key in sorted(above.keys() - own):
        rows += _with_month(key, above[key], speaker.published)
    for voice in {voice.source_id: voice for voice in reversed(seen.voices)}.values():
        rows += _with_month(f"source/{voice.source_id}", voice.name, voice.published)
    return tuple(Placement(shelf, label, at, speaker.authority) for shelf, label, at in sorted(rows))


def _ties(tag: TagSeen) -> Iterator[tuple[str, str]]:
    """Shelves, labelled, that tie a place's page to those of the places around it and of who holds its area now."""
    place = tag.key.partition("/")[2]
    if isinstance(tag.detail, FormerPlace):
        yield from ((f"former/{slug}/{place}", tag.label) for slug, _ in tag.detail.successors)
    else:
        chain = ((place, tag.label), *tag.within)
        yield from ((f"within/{outer}/{inner}", label) for (inner, label), (outer, _) in pairwise(chain))


def _section(seen: View, month: str) -> tuple[str, str, datetime]:
    """The section of the month's bulletin that has it."""
    topic = seen.topic
    section = topic.key.partition("/")[2] if topic else ""
    return "/".join(filter(None, (DIGEST, month, section))), topic.label if topic else "", seen.speaker.published


def _with_month(key: str, label: str, at: datetime) -> list[tuple[str, str, datetime]]:
    return [(key, label, at), (f"{key}/{_day_and_month(at)[1]}", label, at)]


def _day_and_month(at: datetime) -> tuple[str, str]:
    day = local_day(at).isoformat()
    return day, day[:7]
