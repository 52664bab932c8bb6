"""Keeping: the store, in the parts that the steps use."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aggregator.model import (
    Act,
    Article,
    Changes,
    Delivery,
    DeliveryState,
    Dropped,
    Edit,
    Following,
    Held,
    Known,
    Learned,
    Letter,
    Line,
    Pending,
    Regrouping,
    Removal,
    Response,
    Shelf,
    Shelved,
    Sketch,
    SourceState,
    Story,
    StoryRecord,
    TagMatch,
    TargetState,
    Telling,
    Tie,
    Told,
    Visit,
    Watch,
)


class CollectStore(Protocol):
    """What collecting asks of the store, and the one call that writes a visit."""

    def states(self) -> Mapping[str, SourceState]:
        """Every source that was ever visited, by id."""
        ...

    def known(self, ids: Collection[str]) -> Mapping[str, Known]:
        """Those of the articles that the store holds, by article id."""
        ...

    def at(self, source: str, urls: Collection[str]) -> Mapping[str, str]:
        """Ids of the source's articles that were seen at these addresses, by address, exactly as given."""
        ...

    def between(self, source: str, start: datetime, end: datetime) -> tuple[Known, ...]:
        """The source's articles, of any status, published within [start, end), in order of id."""
        ...

    def due_checks(self, source: str, now: datetime, limit: int, latest: datetime | None = None) -> tuple[Known, ...]:
        """Articles of the source whose next check has come, the longest overdue first, at most `limit`.

        Those whose check lies behind `latest` as well: a clock that was wrong put it there.
        """
        ...

    def checked(self, source: str, since: datetime, until: datetime) -> int:
        """How many known articles of the source were looked at again in visits that ended from `since` to `until`.

        What a clock that was ahead logged behind `until` does not count.
        """
        ...

    def watch(self, given: Mapping[str, Watch], again: Collection[str], now: datetime) -> None:
        """Keep how these articles are watched, and make those of `again` due at once, in one transaction.

        The story of one for which that is new is pending afterwards.
        """
        ...

    def unwatched(self) -> Mapping[str, Mapping[Watch, int]]:
        """How many live articles of each source are told by title and link only, by why; none left out."""
        ...

    def doubted(self) -> Mapping[str, int]:
        """How many articles of each source stand here though it has begun to deny them; none left out."""
        ...

    def texts_since(self, ids: Collection[str], since: datetime) -> Mapping[str, tuple[str, ...]]:
        """The digests of the texts of these articles that were seen first since then, the oldest first."""
        ...

    def commit(self, visit: Visit, changes: Changes) -> None:
        """Write all that a visit changed in one transaction; a kill leaves all of it or nothing.

        A story is pending afterwards when anything changed that a page may show: a new or revised article, other
        tags, members or links, another status. Seeing the same again changes nothing. Every verdict's article
        address is kept. A check of `suspended` or `withdrawn` opens a removal, one of `live` lifts it. A held text
        of an article that the store does not hold makes it known as `quarantined`: asked for again, never told.
        """
        ...

    def visits(self, limit: int) -> tuple[Visit, ...]:
        """The newest visits first."""
        ...

    def learned(self, source: str) -> Learned:
        """What the source's clean and released articles taught."""
        ...

    def quarantine(self, articles: Collection[str]) -> Mapping[str, tuple[Held, ...]]:
        """Every text of these articles that was ever held, by article; whatever became of it, the oldest first."""
        ...

    def waiting(self, limit: int) -> tuple[Held, ...]:
        """The texts that wait for a person now, the newest first."""
        ...

    def held_by_source(self) -> Mapping[str, int]:
        """How many texts of each source wait for a person now; sources without any are left out."""
        ...


class RefineStore(Protocol):
    """What refining asks of the store."""

    def told(self, ids: Collection[str]) -> tuple[Told, ...]:
        """The articles with their tags, in order of id; unknown ids are left out."""
        ...

    def sharing(
        self, asked: Collection[Sketch], reach: int, holders: int, least: int
    ) -> Mapping[str, Mapping[str, int]]:
        """By article asked for, the live others that share something with it: score by id, `least` or more.

        A shared key counts 1, an odd one 2, one below 0 model.WHOLE; all of it three times when one of the two places
        is odd. Of each key only the nearest `holders` places before and as many after count, none further away than
        `reach`. A key that so many hold on either side counts for `least`; in the score that is given, one in CROWD.
        """
        ...

    def glances(self, ids: Collection[str]) -> Mapping[str, bytes]:
        """The glance of each of these articles (model.Gist), as it was kept; those without one are left out."""
        ...

    def sketched_by(self) -> str:
        """The rule by which every article is sketched, "" while some may not be."""
        ...

    def unsketched(self, rule: str, after: str, limit: int) -> tuple[str, ...]:
        """Ids above `after` of articles that have no sketch by this rule, in order, at most `limit`."""
        ...

    def keep_sketches(self, made: Collection[Sketch]) -> None:
        """Keep these sketches, each in the place of the one its article had."""
        ...

    def all_sketched(self, rule: str) -> None:
        """Remember that every article is sketched by this rule, for `sketched_by`."""
        ...

    def forget_sketches(self, rule: str) -> None:
        """Drop all sketches when any of them was made by another rule."""
        ...

    def mark(self) -> int:
        """A number that grows with every change that a page may show."""
        ...

    def ties(self, ids: Collection[str]) -> tuple[Tie, ...]:
        """What joining needs of the links that touch any of the articles, ordered by (a, b)."""
        ...

    def records(self, articles: Collection[str]) -> tuple[StoryRecord, ...]:
        """The stories that hold any of the articles, in order of id."""
        ...

    def edits(self, targets: Collection[str]) -> tuple[Edit, ...]:
        """What people decided about these articles and stories, oldest first."""
        ...

    def notices(self, source: str, since: datetime) -> tuple[str, ...]:
        """Ids of the source's notices of correction that were published since then, in order."""
        ...

    def outdated(self, rule: str, after: tuple[datetime, str] | None, limit: int) -> tuple[Told, ...]:
        """Articles whose tags were given by another rule, by (published, id), behind `after`, at most `limit`."""
        ...

    def retag(self, given: Mapping[str, tuple[TagMatch, ...]], rule: str, regrouping: Regrouping) -> None:
        """Replace the tags of these articles and write what follows for stories, in one transaction.

        `rule` is noted for each of them, changed or not; a story of which something changed is pending afterwards.
        """
        ...

    def decide(self, edit: Edit, changes: Changes | None = None) -> Edit:
        """The edit as kept, with the id it was given (its own is ignored); its story becomes pending.

        With what follows from it, in the same transaction; the `state` of these changes is left aside. `hide` opens
        a removal of our own, `show` lifts it, unless a takedown holds it.
        """
        ...

    def decided(self, limit: int) -> tuple[Edit, ...]:
        """What people decided, the newest first."""
        ...

    def export(self, since: datetime | None) -> Iterator[tuple[str, Telling, tuple[str, ...]]]:
        """Story id ("" for none), telling, every address seen: of each article, first seen first.

        With `since`: articles first seen since then, and all of a story that changed since then. It reads as it
        goes, from one state of the database: exhaust or close it.
        """
        ...


class LetterStore(Protocol):
    """What letters are made of, and the journal of their deliveries. Their key of work is `letter/<day>`."""

    def newest_letter(self) -> Letter | None:
        """The newest bulletin, None while there is none."""
        ...

    def letters(self, day: str) -> tuple[Letter, ...]:
        """The day's bulletin and what followed it, by number."""
        ...

    def letter_days(self) -> tuple[str, ...]:
        """The days that have a bulletin, in order."""
        ...

    def in_letters(self, articles: Collection[str]) -> frozenset[str]:
        """Those of the articles that a letter told of."""
        ...

    def holding(self, articles: Collection[str]) -> Mapping[str, str]:
        """The story that holds each of the articles, by article; those in no story are left out."""
        ...

    def following(self, since: int, first_day: str) -> tuple[Following, ...]:
        """What letters from that day on told last of articles whose story changed behind the mark, by day and place."""
        ...

    def compose(self, made: Sequence[Letter], notes: Mapping[str, str]) -> None:
        """Keep these letters, and notes to publishing itself (`memo`), in one transaction; their files are work to do.

        `place` makes the letters that tell of a story work to do as well.
        """
        ...

    def unaddressed(self, since: datetime) -> tuple[Letter, ...]:
        """Letters composed since then that have no deliveries yet, by day and number, without their items."""
        ...

    def address(self, letter: Letter, recipients: Collection[str], now: datetime) -> None:
        """Let the letter wait for these recipients, once and for all, in one transaction."""
        ...

    def waiting_deliveries(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Those that may be tried now: older letters first, in a day the bulletin first, then the longest due."""
        ...

    def deliveries(self, day: str, number: int) -> tuple[Delivery, ...]:
        """All of a letter, in order of recipient."""
        ...

    def in_state(self, *states: DeliveryState) -> tuple[Delivery, ...]:
        """Deliveries in one of these states, of all letters, in order."""
        ...

    def journal(self, *given: Delivery) -> None:
        """Write how these deliveries stand, in one transaction; kept when it returns, whatever happens to us then."""
        ...


class AlertStore(Protocol):
    """What people signed about emergency notices."""

    def acts(self) -> tuple[Act, ...]:
        """All that was ever signed, by notice and number."""
        ...

    def keep_act(self, act: Act) -> None:
        """Keep it; on the disk when this returns. Raises StoreError where that number of the notice is taken."""
        ...


class TargetStore(Protocol):
    """What is kept of the addresses that campaigns lead to."""

    def targets(self) -> tuple[TargetState, ...]:
        """Every address that was ever looked at, by campaign and address."""
        ...

    def keep_targets(self, found: Collection[TargetState]) -> None:
        """Keep how these stand, in one transaction; each takes the place of what was kept of it before."""
        ...


class PublishStore(LetterStore, AlertStore, TargetStore, Protocol):
    """What publishing asks of the store. Keys of work: `story/<id>`, shelves (`all`, `topic/x`), `shelf/<key>`."""

    def pending(self, now: datetime) -> Pending:
        """Stories changed since the mark of the last `place`, and those whose `due` has come, by id.

        With them those that correct an article of theirs, or are corrected by one: each shows the other.

        Among them the ids of stories that are no more (merged away): `stories` leaves them out, and that is how
        they are told; hand them to `place` as `gone`.
        """
        ...

    def everything(self) -> Pending:
        """All stories, and those that are no more since the last `place` (see `pending`), for a full rebuild."""
        ...

    def stories(self, ids: Sequence[str]) -> tuple[Story, ...]:
        """The stories with all their tellings, in the order asked; unknown ids are left out."""
        ...

    def place(self, shelved: Sequence[Shelved], gone: Collection[str], mark: int) -> None:
        """Replace where these stories stand, in one transaction, and remember the work that follows.

        Dirty afterwards: `story/<id>` of each, every shelf it stood or stands on, and `shelf/<key>` of every shelf
        that came or went; and, where a story's standing or line changed, `story/<id>` of those whose page may name it
        among `related`, before or now. `gone` are stories that exist no more (merged away); their shelves become
        dirty, their paths stay as aliases. Moves the mark, never back: who places in several batches gives the mark
        with the last one, and 0 before. A story keeps the first path it was given.
        """
        ...

    def oldest_first(self, ids: Collection[str]) -> tuple[str, ...]:
        """The stories in the order of the shelf `all`, the oldest first; those that do not stand there come last."""
        ...

    def related(self, ids: Collection[str]) -> Mapping[str, Mapping[str, tuple[Line, ...]]]:
        """By story and shelf, lines of the NEAREST older stories on each shelf that relates it, the newest first."""
        ...

    def dirty(self) -> tuple[str, ...]:
        """Keys of work that `place` left and `published` has not cleared, sorted."""
        ...

    def shelf(self, key: str, limit: int, skip: int = 0) -> tuple[str, ...]:
        """Ids of stories on the shelf: newest first, then higher authority, then id."""
        ...

    def lines(self, key: str, limit: int, source: str = "") -> tuple[Line, ...]:
        """A line of each story on the shelf, in the order of `shelf`: the source's own, else that of its speaker."""
        ...

    def shelves(self, prefix: str) -> tuple[Shelf, ...]:
        """Shelves whose key starts with the prefix, by key."""
        ...

    def named(self, keys: Collection[str]) -> Mapping[str, Shelf]:
        """Those of the shelves that exist, by key."""
        ...

    def below(self, parent: str, limit: int | None = None) -> tuple[Shelf, ...]:
        """The shelves whose key is the parent's and one part more, by key; with a limit the newest so many."""
        ...

    def beside(self, key: str) -> tuple[str, str]:
        """The keys right before and after it, by key, of those below the same parent; "" where there is none."""
        ...

    def pages(self, paths: Collection[str]) -> Mapping[str, str]:
        """The digest of what is published now at these paths; those not published are left out."""
        ...

    def all_pages(self) -> Mapping[str, str]:
        """Every published path and its digest (a full rebuild removes what it did not make).

        A digest of "" says that the file was being written when a publish was killed.
        """
        ...

    def published(
        self,
        written: Mapping[str, str],
        removed: Collection[str],
        done: Collection[str],
        memo: Mapping[str, str],
    ) -> None:
        """In one transaction: paths and digests written, paths removed, work done, notes to keep."""
        ...

    def memo(self, key: str) -> str:
        """A note that publishing left for itself ("" when there is none)."""
        ...

    def dropped(self, key: str, limit: int) -> tuple[Dropped, ...]:
        """Stories that removals took off the shelf and that do not stand on it now, the newest first, each once."""
        ...

    def removals(self, limit: int) -> tuple[Removal, ...]:
        """What sources withdrew and people took down, the newest first, with when each output dropped it."""
        ...


class GateStore(Protocol):
    """What going live asks: whether a person has held articles against their originals."""

    def confirmed(self) -> Mapping[str, int]:
        """How many articles of each source that stand were confirmed by a person."""
        ...

    def standing(self) -> Mapping[str, int]:
        """How many articles of each source stand. Reads the whole archive's index."""
        ...

    def unconfirmed(self, source: str, limit: int) -> tuple[Article, ...]:
        """The newest articles of the source that stand and were not confirmed, at most `limit`."""
        ...


class ProvenanceStore(Protocol):
    """What `provenance` and `takedown` ask of the store."""

    def responses(self, articles: Collection[str]) -> Mapping[str, tuple[Response, ...]]:
        """The answers that texts of these articles were read from, by article, the oldest first."""
        ...

    def unkept(self, since: datetime) -> tuple[int, str]:
        """Of how many answers fetched since then the bytes could not be kept, and why the newest could not."""
        ...

    def at_path(self, path: str) -> str:
        """The story that is, or was, published at this path; "" when none is."""
        ...

    def taken_down(self, text_digests: Collection[str]) -> frozenset[str]:
        """Those of the digests that any text had of an article that is hidden, purged ones too."""
        ...

    def take_down(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """The edits as kept. Their targets, articles, are hidden and never asked for again, in one transaction.

        Each opens a removal of our own, which `lift` ends, unless an edit of `hide` holds it.
        """
        ...

    def lift(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """The edits as kept. Their targets stand again as they stood at their source, and are looked at again now."""
        ...

    def purge(self, articles: Collection[str]) -> None:
        """Forget every word of these articles, in one transaction: identity, times and digests stay.

        Their bytes are gone from the database's files when `scrub` has returned.
        """
        ...

    def scrub(self) -> None:
        """Write the database's files anew, so that nothing that was deleted is left in them."""
        ...


class Store(CollectStore, RefineStore, PublishStore, GateStore, ProvenanceStore, Protocol):
    """The whole store. It keeps and finds; it never decides."""

    def snapshot(self, to: Path) -> None:
        """Copy the database as it is at one moment into a new file, while others go on. Raises StoreError."""
        ...

    def close(self) -> None:
        """Release the database."""
        ...
