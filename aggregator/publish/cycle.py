"""One publish, from what changed in the store to what differs in the output.

What makes pages is imported when there is one to make.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Artifact, Pending, Shelved
from aggregator.ports import PublishStore, Writer
from aggregator.publish import addresses, fingerprint
from aggregator.publish.bulletin import shelve
from aggregator.publish.edition import BATCH, Edition, Removal
from aggregator.publish.press import Press
from aggregator.publish.status import StatusReport
from aggregator.publish.words import iso
from aggregator.settings import Config

VALID = timedelta(hours=3)  # promise 3: what was withdrawn is gone everywhere by then; older is shown as old
OWED = "owed"


@dataclass(frozen=True, slots=True)
class Published:
    """What one publish did: paths written and removed, in order; artifacts left as they were; stories shelved."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    stories: int


def publish(
    config: Config,
    store: PublishStore,
    writer: Writer,
    now: datetime,
    *,
    full: bool = False,
    status: StatusReport,
) -> Published:
    """Bring the output up to date with the store at `now`; made anew in full when settings, templates or code changed.

    Killed anywhere, the next one converges to the same bytes: work is cleared only after it is written.
    Raises PublishError and StoreError.
    """
    edition = Edition(config, store, now)
    pages_mark, site_mark = fingerprint.of_pages(edition), fingerprint.of_site(config, edition.today)
    full = full or store.memo("full") == OWED or store.memo("pages") != pages_mark
    if full:
        store.published({}, (), (), {"full": OWED})
    pending = store.everything() if full else store.pending(now)
    shelved = _shelve(config, store, pending, now)
    done = store.dirty()
    press = Press(store, writer)
    memo = {"full": "", "pages": pages_mark, "site": site_mark, "status": fingerprint.of_status(status, pages_mark)}
    if full or done or store.memo("site") != site_mark:
        memo["site-wide"] = _print(edition, store, press, done, full)
    if full or store.memo("status") != memo["status"] or not writer.has(addresses.STATUS):
        press.take([_status_page(edition, status)])
    press.take([_heartbeat(config, pending.mark, now)])
    if full:
        press.remove_all_but_made()
    press.finish()
    store.published({}, (), done, memo)
    return Published(tuple(press.written), tuple(press.removed), press.unchanged, shelved)


def _shelve(config: Config, store: PublishStore, pending: Pending, now: datetime) -> int:
    """Place all that is pending, in one transaction; how many stories it was."""
    shelved: list[Shelved] = []
    for start in range(0, len(pending.stories), BATCH):
        stories = store.stories(pending.stories[start : start + BATCH])
        shelved += [shelve(story, config, now) for story in stories]
    gone = set(pending.stories) - {place.story for place in shelved}
    if pending.stories:
        store.place(shelved, gone, pending.mark)
    return len(shelved)


def _print(edition: Edition, store: PublishStore, press: Press, dirty: tuple[str, ...], full: bool) -> str:
    """Make and write what the keys of work ask for; returns the paths of the site-wide files, to know them again."""
    from aggregator.publish import makers

    keys = makers.ordered({*dirty, *(makers.standing(edition, store.all_pages()) if full else ())})
    if full:
        press.take(edition.assets.values())
    for maker in makers.FOR_A_KEY:
        for key in keys:
            press.take(maker(key, edition))
    site_wide = [artifact for maker in makers.FOR_THE_SITE for artifact in maker(edition)]
    press.take(site_wide)
    paths = {artifact.path for artifact in site_wide}
    former = set(store.memo("site-wide").split("\n")) - {""}
    press.take(Removal(path) for path in sorted(former - paths))
    return "\n".join(sorted(paths))


def _status_page(edition: Edition, status: StatusReport) -> Artifact:
    from aggregator.publish.fixed import status_page

    return status_page(edition, status)


def _heartbeat(config: Config, mark: int, now: datetime) -> Artifact:
    """From which embeds read their age: when we last looked, at which edition, and until when it may be believed.

    The demo has a clock of its own, which a reader's cannot be compared with: it sets no end.
    """
    beat = {
        "time": iso(now),
        "edition": mark,
        "valid_until": None if config.site.mode == "demo" else iso(now + VALID),
        "mode": config.site.mode,
    }
    return Artifact(addresses.HEARTBEAT, (json.dumps(beat, indent=1) + "\n").encode())
