"""The page of all places: provinces with what lies in them, and old names with the way to the places of today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aggregator.model import Artifact, Shelf
from aggregator.publish import addresses
from aggregator.publish.edition import Edition
from aggregator.publish.site import KIND_NAMES, chrome
from aggregator.text import fold

ABOUT = "Tin nhắc đến từng địa phương, theo tỉnh, thành phố rồi phường, xã. Tên cũ dẫn đến đơn vị hiện nay."
Ties = Mapping[str, tuple[Shelf, ...]]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of the page: its page, how many stories, what lies in it or, of an old name, who holds its area now."""

    label: str
    path: str
    count: int
    others: tuple["PlaceRow", ...] = ()
    former: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """All names that lead to it, folded, for the box that narrows the list."""
        return fold(" ".join((self.label, *self.former, *(row.names for row in self.others))))


def page(edition: Edition) -> Artifact:
    """All places that stories name, by name; the fullest province first."""
    shelves = {shelf.key.removeprefix("place/"): shelf for shelf in edition.below("place")}
    inside, former = _tied("within", edition), _tied("former", edition)
    old = {_last(tie): tie for ties in former.values() for tie in ties}
    below = {_last(tie) for ties in inside.values() for tie in ties}
    tops = [slug for slug in shelves if slug not in old and slug not in below]
    tops.sort(key=lambda slug: (-shelves[slug].count, fold(shelves[slug].label), slug))
    context = {
        **chrome(KIND_NAMES["place"], ABOUT, section="place"),
        "rows": [_row(slug, shelves, inside, former) for slug in tops],
        "former": [_former(slug, shelves, former) for slug in _by_name(old, shelves)],
    }
    return edition.page("site/places.html", addresses.kind_path("place"), context)


def _tied(kind: str, edition: Edition) -> dict[str, tuple[Shelf, ...]]:
    """The shelves `<kind>/<place>/<other>` by place."""
    found: dict[str, tuple[Shelf, ...]] = {}
    for tie in edition.shelves(f"{kind}/"):
        place = tie.key.split("/")[1]
        found[place] = (*found.get(place, ()), tie)
    return found


def _row(slug: str, shelves: Mapping[str, Shelf], inside: Ties, former: Ties) -> PlaceRow:
    shelf = shelves[slug]
    others = _by_name((_last(tie) for tie in inside.get(slug, ())), shelves)
    names = tuple(tie.label for tie in former.get(slug, ()))
    rows = tuple(_row(other, shelves, {}, former) for other in others)
    return PlaceRow(shelf.label, addresses.shelf_path(shelf.key), shelf.count, rows, names)


def _former(slug: str, shelves: Mapping[str, Shelf], former: Ties) -> PlaceRow:
    """An old name; `others` are the places of today that have a page."""
    now = [place for place, ties in former.items() if place in shelves and slug in map(_last, ties)]
    rows = tuple(_row(place, shelves, {}, {}) for place in _by_name(now, shelves))
    shelf = shelves[slug]
    return PlaceRow(shelf.label, addresses.shelf_path(shelf.key), shelf.count, rows)


def _by_name(slugs: Iterable[str], shelves: Mapping[str, Shelf]) -> list[str]:
    return sorted((slug for slug in slugs if slug in shelves), key=lambda slug: (fold(shelves[slug].label), slug))


def _last(tie: Shelf) -> str:
    return tie.key.rpartition("/")[2]
