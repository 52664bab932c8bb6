"""An urgent notice to carry on: the A4 page, the text for a loudspeaker, the message; and what `/can-lam-gi/` tells.

All are the source's own sentences, whole, in its order, as far as they fit; around them stand only who says it, until
when, and that there is more. Nothing is put in other words.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from aggregator.model import Artifact, FormerPlace
from aggregator.publish import addresses
from aggregator.publish.bulletin import View
from aggregator.publish.edition import Edition, Removal
from aggregator.publish.notices import IN_FORCE, NoticeSeen
from aggregator.publish.site import chrome, former_places
from aggregator.publish.spoken import seconds_spoken
from aggregator.stations import Station
from aggregator.text import fold

LOUD_S = 58.0  # seconds of a loudspeaker text: under a minute, with a breath before its last words
MESSAGE = 600  # characters of a message besides its links: what a phone shows without "xem thêm"
SHEET = 1_100  # characters on an A4 page: with title, numbers and foot it stays one page (tests/browser)
STATIONS = 5  # stations and hotlines on a sheet
LISTED = 40  # notices on `/can-lam-gi/`: below 30 kB compressed; the others are at `/khan/`
MORE_ALOUD = "Thông báo còn nội dung khác, xin đọc bản gốc."
MORE = "Thông báo còn nội dung khác, xem bản gốc."
CORRECTED = "Thông báo này đã có đính chính, xin đọc bản gốc."
NOTED = "Thông báo này có ghi chú của ban biên tập, xin đọc bài đầy đủ."


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A place that a notice names, and its page. `was`: whose area it holds now; `now`: who holds its own."""

    label: str
    path: str
    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which its people may look for it, its own first."""
        return tuple(dict.fromkeys((self.label, *self.was, *self.now)))


@dataclass(frozen=True, slots=True)
class Handouts:
    """A notice in force with all that is made from it. `sheet` are the sentences of the A4 page."""

    view: View
    notice: NoticeSeen
    places: tuple[PlaceNamed, ...]
    contacts: tuple[Station, ...]
    documents: tuple[tuple[str, str, str, str], ...]
    sheet: tuple[str, ...]
    sheet_cut: bool
    aloud: str
    seconds: int
    message: str

    @property
    def mark(self) -> str:
        """What a reader must know beside the source's words, said on every handout; "" when nothing."""
        return mark_of(self.view)

    @property
    def names(self) -> str:
        """Folded names of its places, old and new, to be filtered by."""
        return fold(" · ".join(name for place in self.places for name in place.names))


def handouts(seen: View, edition: Edition, former: bool = False) -> Handouts | None:
    """What is made of the story's notice; None when it tells none that is in force, or one that waits for an editor.

    `former`: with the former names of its places that have stories of their own. For pages made anew with each
    change alone: a page of the story does not change because another story names an old place.
    """
    notice = seen.notice
    if notice is None or notice.over or seen.speaker.flag:
        return None
    places = tuple(places_of(seen, edition if former else None))
    sheet, sheet_cut = fitting(notice.said, len, SHEET - len(notice.title))
    mark = mark_of(seen)
    aloud = loudspeaker(notice, edition.ribbon, mark)
    return Handouts(
        view=seen,
        notice=notice,
        places=places,
        contacts=contacts_for(places, edition.site.stations),
        documents=tuple(documents_of(seen)),
        sheet=sheet,
        sheet_cut=sheet_cut or notice.cut,
        aloud=aloud,
        seconds=round(seconds_spoken(aloud)),
        message=message(notice, edition.ribbon, edition.absolute(seen.path), mark),
    )


def mark_of(seen: View) -> str:
    """That the notice was corrected, else that editors wrote a note beside it; "" when neither."""
    spoken = seen.speaker.telling.article.id
    if any(one.of == spoken for one in seen.corrected_by):
        return CORRECTED
    return NOTED if seen.speaker.note else ""


def fitting(said: Iterable[str], cost: Callable[[str], float], room: float) -> tuple[tuple[str, ...], bool]:
    """The first sentences that fit into the room together, and whether any was left out."""
    taken: list[str] = []
    for sentence in said:
        room -= cost(sentence)
        if room < 0:
            return tuple(taken), True
        taken.append(sentence)
    return tuple(taken), False


def loudspeaker(notice: NoticeSeen, ribbon: str = "", mark: str = "") -> str:
    """What is read aloud in less than a minute, twice the attribution: people switch on late."""
    head = [f"{ribbon}." if ribbon else "", f"Theo {notice.source}.", mark, _closed(notice.title)]
    tail = [f"{notice.standing}.", f"Trên đây là trích thông báo đăng trên trang của {notice.source}."]
    room = LOUD_S - seconds_spoken(" ".join([*head, *tail, MORE_ALOUD]))
    said, cut = fitting(notice.said, seconds_spoken, room)
    if room < 0:  # a title without end: who speaks, and where to read it
        head, said, cut = head[:3], (), True
    return "\n".join(
        line for line in (*head, *map(_closed, said), *([MORE_ALOUD] if cut or notice.cut else []), *tail) if line
    )


def message(notice: NoticeSeen, ribbon: str, link: str, corrected: str = "") -> str:
    """A short text to paste, with the links to our page and to the original."""
    mark = f"[{ribbon}] " if ribbon else ""
    said, cut = fitting(notice.said, len, MESSAGE - len(notice.title))
    more = [MORE] if cut or notice.cut else []
    lines = [f"{mark}{headed(notice)}", f"Theo {notice.source}. {notice.standing}.", *filter(None, [corrected])]
    lines += ["", *(f"- {sentence}" for sentence in said), *more] if said or more else []
    return "\n".join([*lines, "", f"Chi tiết: {link}", f"Bản gốc: {notice.url}"])


def headed(notice: NoticeSeen) -> str:
    """The title, after the kind of notice where it does not begin with it."""
    return notice.title if fold(notice.title).startswith(fold(notice.label)) else f"{notice.label}: {notice.title}"


def places_of(seen: View, edition: Edition | None) -> Iterator[PlaceNamed]:
    """The places among the story's tags with their other names: who holds the area now, and what it was called."""
    for tag in seen.tags:
        if tag.kind == "place":
            was = [label for _, label in former_places(tag.key, edition)] if edition else []
            now = [label for _, label in tag.detail.successors] if isinstance(tag.detail, FormerPlace) else []
            yield PlaceNamed(tag.label, addresses.shelf_path(tag.key), tuple(was), tuple(now))


def documents_of(seen: View) -> Iterator[tuple[str, str, str, str]]:
    """Number, path, type and issuer of each document among the tags."""
    for tag in seen.tags:
        if tag.kind == "document":
            detail: Any = tag.detail
            yield tag.label, addresses.shelf_path(tag.key), getattr(detail, "type", ""), getattr(detail, "issuer", "")


def contacts_for(places: Iterable[PlaceNamed], stations: tuple[Station, ...]) -> tuple[Station, ...]:
    """The stations of the places, by any of their names, then the hotlines of all places; at most STATIONS."""
    names = {fold(name) for place in places for name in place.names}
    near = [one for one in stations if one.place and fold(one.place) in names]
    wide = [one for one in stations if not one.place and one.kind == "hotline"]
    return tuple((near[: STATIONS - min(len(wide), 2)] + wide)[:STATIONS])


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…", ":", ";")) else f"{sentence}."


# --- pages


def pages(key: str, edition: Edition) -> Iterator[Artifact | Removal]:
    """For `story/<id>`: the A4 page and the texts of its notice; once it is over, pointers to the story."""
    kind, _, id = key.partition("/")
    for seen in edition.views((id,)) if kind == "story" else ():
        made = handouts(seen, edition)
        for name, path, template in (
            ("Bản in", addresses.sheet_path(id), "site/sheet.html"),
            ("Văn bản để phát loa, nhắn tin", addresses.texts_path(id), "site/texts.html"),
        ):
            if made:
                crumbs = ((TITLE, addresses.TO_DO), (made.notice.label, seen.path))
                heads = chrome(f"{name}: {made.notice.title}", "", crumbs, indexed=False, section="to-do")
                yield edition.page(template, path, {**heads, "made": made})
            elif seen.notice and seen.notice.over and seen.path:
                yield edition.page("site/moved.html", path, {"target": seen.path, **chrome("Đã hết hiệu lực", "")})
            else:
                yield Removal(path)


TITLE = "Cần làm gì?"
KINDS_OF_STATION = {"hotline": "Đường dây nóng", "station": "Trạm y tế", "hospital": "Bệnh viện"}


def to_do(edition: Edition) -> Artifact:
    """`/can-lam-gi/`: the notices in force with what each asks, where, until when, and whom to call."""
    found = [made for seen in edition.listing(IN_FORCE, LISTED) if (made := handouts(seen, edition, former=True))]
    shelf = edition.shelf(IN_FORCE)
    about = "Chỉ đạo và thông báo khẩn đang có hiệu lực, trích nguyên văn từ trang của cơ quan ban hành."
    context = {
        **chrome(TITLE, about, shelf=IN_FORCE, section="to-do"),
        "rows": found,
        "more": max(0, (shelf.count if shelf else 0) - len(found)),
        "places": _by_place(found),
        "stations": [
            (words, [one for one in edition.site.stations if one.kind == kind])
            for kind, words in KINDS_OF_STATION.items()
        ],
    }
    return edition.page("site/to_do.html", addresses.TO_DO, context)


def _by_place(found: list[Handouts]) -> list[tuple[str, list[Handouts]]]:
    """Every name of a place, old ones too, with the notices that name it; by name."""
    rows: dict[str, list[Handouts]] = {}
    for made in found:
        for name in dict.fromkeys(name for place in made.places for name in place.names):
            rows.setdefault(name, []).append(made)
    return sorted(rows.items(), key=lambda row: (fold(row[0]), row[0]))
