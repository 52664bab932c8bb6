"""What a run remembers of articles that it compared: the next visit meets most of them again."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregator.refine.compared import Compared

MOST = 3000  # articles, some 23 kB each; one that is not remembered is read again, in a millisecond or two


class Remembered:
    """Articles as comparing sees them, by id, as long as nobody else changes the store.

    What a visit brings counts once it is committed (`settle`): of one that failed nothing is remembered.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[str, Compared] = OrderedDict()
        self._fresh: list[Compared] = []
        self._mark: int | None = None
        self._is_open = False

    def open(self, mark: int) -> None:
        """A visit is compared, while the store stands at this mark: forget all where another one wrote meanwhile."""
        if mark != self._mark:
            self._held.clear()
        self._mark, self._is_open = mark, True
        self._fresh.clear()

    def find(self, ids: Iterable[str]) -> "dict[str, Compared]":
        """Those of the articles that are remembered."""
        found = {id: self._held[id] for id in ids if id in self._held}
        for id in found:
            self._held.move_to_end(id)
        return found

    def keep(self, stored: "Iterable[Compared]", fresh: "Iterable[Compared]" = ()) -> None:
        """Remember these, and the fresh ones when they are committed."""
        self._fresh.extend(fresh)
        for one in stored:
            if one.is_read:  # of another one there is nothing that would not be read as fast
                self._held[one.id] = one
                self._held.move_to_end(one.id)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def settle(self, mark: Callable[[], int]) -> None:
        """The visit was committed; `mark` tells where the store stands now."""
        if self._is_open:
            for one in self._fresh:
                self._held.pop(one.id, None)
            self.keep(self._fresh)
            self._fresh.clear()
            self._mark, self._is_open = mark(), False
