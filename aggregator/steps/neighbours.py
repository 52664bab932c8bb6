"""What the steps of a run work with: the real or replayed ports, and the words for what they are handed."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from aggregator.collect.looking import Over, never_over
from aggregator.model import Page
from aggregator.ports import Archive, Fetcher, Post, Store, Writer
from aggregator.publish.signing import UNSIGNED, Signing
from aggregator.settings import Source
from aggregator.steps.remembered import Remembered

if TYPE_CHECKING:
    from aggregator.refine.tagging import Tagger

Clock = Callable[[], datetime]
Tell = Callable[[str, str, int, int], None]  # (source id, what, done, of how many)
TaggerMaker = Callable[[], "Tagger"]
Keep = Callable[[Source, Sequence[Page], bool], str]


@dataclass(frozen=True, slots=True)
class Ports:
    """The real or replayed neighbours that a run works with. `tagger` is made late: an idle run needs none.

    `chance` draws from 0 to 1. `turn` is held while the store is asked and written as one, and while publishing:
    an editor's word waits for that, and not for a whole run. `keep` puts a drifted visit's pages away and says
    where; it is told whether the visit before had drifted already. Without an `archive` no raw bytes are kept, without
    a `post` no letter is sent. `beside` names, by source, the others on its host, with which it shares the re-checks
    of a day. `over` tells of the visit that they are handed to how much of its time is spent.
    `remembered` is what visits of this run have compared.
    """

    fetcher: Fetcher
    store: Store
    writer: Writer
    clock: Clock
    tagger: TaggerMaker
    authorities: Mapping[str, int]
    run_id: str
    chance: Callable[[], float] = lambda: 0.0
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    keep: Keep = lambda *_: ""
    signing: Signing = UNSIGNED
    archive: Archive | None = None
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    post: Post | None = None
    remembered: Remembered = field(default_factory=Remembered)
    over: Over = never_over
