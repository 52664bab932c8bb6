"""How far collecting may run ahead of refining: what waits to be refined stays within memory."""

from threading import Condition

MOST = 300  # drafts that may wait before the next visit begins: 6 feeds of 50, some 10 MB with what they became


class Ahead:
    """Visits begin in their order in several threads, and are taken in that order by another one.

    A visit waits to begin while MOST drafts or more wait to be taken, unless it is the next to be taken.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._changed = Condition()
        self._drafts = 0
        self._next = 0
        self._over = False

    def begin(self, number: int) -> None:
        """Wait until the visit of this number may begin."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or number == self._next or self._drafts < self._most)

    def ended(self, drafts: int) -> None:
        """The visit brought so many drafts, which wait from now on."""
        with self._changed:
            self._drafts += drafts

    def taken(self, drafts: int) -> None:
        """The next visit was taken, and refined."""
        with self._changed:
            self._drafts -= drafts
            self._next += 1
            self._changed.notify_all()

    def over(self) -> None:
        """Nobody takes any more: let all go."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
