"""One publish, from what changed in the store to what differs in the output.

What makes pages is imported when there is one to make.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from aggregator.model import Artifact, Pending, Shelved
from aggregator.ports import PublishStore, Writer
from aggregator.publish import addresses, emergency, fingerprint
from aggregator.publish.agreements import endings
from aggregator.publish.bulletin import shelve
from aggregator.publish.edition import BATCH, Edition, Removal
from aggregator.publish.ledger import Ledger
from aggregator.publish.logbook import Head
from aggregator.publish.press import Press
from aggregator.publish.roll import Roll
from aggregator.publish.signing import UNSIGNED, Signing, encode_ring
from aggregator.publish.status import StatusReport
from aggregator.publish.trust import Trust, ends_soon
from aggregator.publish.words import iso
from aggregator.settings import Config

VALID = timedelta(hours=3)  # promise 3: what was withdrawn is gone everywhere by then; older is shown as old
OWED = "owed"
WHEN = "published-at"
ASTRAY = timedelta(minutes=1)  # by so much a clock may go back without a word: a small correction, another machine
SEARCHED = "searched"  # how the recent days stood in the search index
ALERTS, BEARING = "alerts", "alert-days"  # the emergency notices that are out, and the days whose pages bear them
TOLD = "agreements"  # the day on which it was last told that agreements end: once a day is enough


@dataclass(frozen=True, slots=True)
class Published:
    """What one publish did: paths written and removed, in order; artifacts left as they were; stories shelved.

    `notes` are what a person should hear of, though the publish went well.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    stories: int
    notes: tuple[str, ...] = ()


def publish(
    config: Config,
    store: PublishStore,
    writer: Writer,
    now: datetime,
    *,
    full: bool = False,
    status: StatusReport,
    signing: Signing = UNSIGNED,
) -> Published:
    """Bring the output up to date with the store at `now`; made anew in full when settings, templates or code changed.

    Killed anywhere, the next one converges to the same bytes: work is cleared only after it is written.
    Raises PublishError and StoreError.
    """
    edition = Edition(config, store, now, signing.embeds)
    pages_mark = fingerprint.of_pages(edition, signing.keys)
    alerts_mark = emergency.mark(edition)
    site_mark = fingerprint.of_site(edition, alerts_mark)
    backwards = _backwards(store, now)
    full = full or bool(backwards) or store.memo("full") == OWED or store.memo("pages") != pages_mark
    full = full or _unsigned(store, signing)
    if full:
        store.published({}, (), (), {"full": OWED})
    pending = store.everything() if full else store.pending(now)
    shelved = _shelve(config, store, pending, now)
    if config.mail is not None:
        from aggregator.publish import letters

        letters.compose(edition, store, now, pending.mark)
    done = store.dirty()
    ledger = Ledger(store, writer, signing, now)
    press = Press(store, writer, ledger, signing.signer, config.site.compress)
    status_mark = fingerprint.of_status(status, pages_mark)
    memo = {"full": "", "pages": pages_mark, "site": site_mark, "status": status_mark, "signed": _signed_with(signing)}
    memo[WHEN] = iso(now)
    if full and signing.keys:
        press.take((Artifact(addresses.KEYS, encode_ring(signing.keys)),))
    if full or done or store.memo("site") != site_mark:
        memo |= _print(edition, store, press, done, full, anew=full or store.memo("site") != site_mark)
    if full or store.memo(ALERTS) != alerts_mark:
        memo |= _print_alerts(edition, store, press, alerts_mark, full)
    if full or store.memo("status") != status_mark or not writer.has(addresses.STATUS):
        press.take([_status_page(edition, status)])
    roll = Roll(store, now)
    press.take(_enrolled(roll, press.payloads, signing.embeds, full))
    if full:
        press.remove_all_but_made({addresses.HEARTBEAT, addresses.HEARTBEAT + addresses.SIGNATURE})
    press.finish()
    ledger.record()
    beat = _heartbeat(config, pending.mark, now, ledger.head if signing.signer else Head())
    press.take((_beating(beat, roll.stamp(signing.embeds, beat["valid_until"])),))
    press.finish()
    unsigned = tuple(f"without signatures, for {why}" for why in (signing.because, signing.embeds.because) if why)
    ending = _ending(config, store, edition.today, ends_soon(signing.embeds, now))
    memo |= roll.memo
    store.published({}, (), done, {**memo, TOLD: edition.today.isoformat()} if ending else memo)
    notes = (*unsigned, *backwards, *ledger.notes, *ending, *emergency.notes(edition))
    return Published(tuple(press.written), tuple(press.removed), press.unchanged, shelved, notes)


def _enrolled(roll: Roll, payloads: Mapping[str, str], trust: Trust, full: bool) -> Iterator[Artifact]:
    """The state that the root signed, and the bins of the roll for the payloads that changed."""
    if trust.published:
        yield Artifact(addresses.EMBEDS_STATE, trust.published)
        if payloads or full:
            yield from roll.bring(payloads, full)


def _ending(config: Config, store: PublishStore, today: date, embeds: str) -> tuple[str, ...]:
    """What is to be told of agreements, and of the embeds' state, that end, once a day."""
    said = (*(one.said for one in endings(config, today)), *((embeds,) if embeds else ()))
    return said if said and store.memo(TOLD) != today.isoformat() else ()


def _backwards(store: PublishStore, now: datetime) -> tuple[str, ...]:
    """What is to be told of a clock that went back since the last publish: what was shown too early is hidden again."""
    noted = store.memo(WHEN)
    before = datetime.fromisoformat(noted) if noted else now
    if before - now <= ASTRAY:
        return ()
    return (
        f"the clock went back from {iso(before)} to {iso(now)}: every page was made anew for the time it reads now",
    )


def _unsigned(store: PublishStore, signing: Signing) -> bool:
    """Whether there is a key now that did not sign what is published."""
    return signing.signer is not None and store.memo("signed") != signing.signer.key.id


def _signed_with(signing: Signing) -> str:
    return signing.signer.key.id if signing.signer else ""


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


def _print(
    edition: Edition, store: PublishStore, press: Press, dirty: tuple[str, ...], full: bool, *, anew: bool
) -> dict[str, str]:
    """Make and write what the keys of work ask for; `anew`: what stands once too, whatever they ask for.

    Returns what to remember: the paths of the files that stand once, to know them again, and from which day search
    has days.
    """
    from aggregator.publish import indexes, makers, search

    keys = makers.ordered({*dirty, *(makers.standing(edition, store.all_pages()) if full else ())})
    if full:
        makers.trial(keys, edition)
        press.take(edition.assets.values())
    for outputs in makers.for_keys(keys, edition):
        press.take(outputs)
    for maker_of_all in makers.FOR_ALL_KEYS:
        press.take(maker_of_all(keys, store.memo(SEARCHED), edition))
    moved = anew or indexes.turned(dirty)
    return {**_print_standing(edition, store, press, full, moved), SEARCHED: search.layout(edition)}


def _print_alerts(edition: Edition, store: PublishStore, press: Press, mark: str, full: bool) -> dict[str, str]:
    """Write what bears emergency notices, of which a full rebuild has made all already; what to remember."""
    if not full:
        from aggregator.publish import makers

        for outputs in makers.for_alerts(store.memo(BEARING).split(), store.all_pages(), edition):
            press.take(outputs)
    return {ALERTS: mark, BEARING: " ".join(emergency.days(edition))}


def _print_standing(edition: Edition, store: PublishStore, press: Press, full: bool, moved: bool) -> dict[str, str]:
    """Write the files that stand once; what to remember.

    Among them the banners only where one looks otherwise, and the lists of addresses only where one may have `moved`.
    """
    from aggregator.publish import makers

    drawn = fingerprint.of_banners(edition)
    groups = {"banner-files": makers.FOR_CAMPAIGNS} if full or store.memo("banners") != drawn else {}
    groups["site-wide"] = makers.FOR_THE_SITE
    groups |= {"addresses": makers.FOR_ADDRESSES} if moved else {}
    made = {name: [artifact for maker in group for artifact in maker(edition)] for name, group in groups.items()}
    for artifacts in made.values():
        press.take(artifacts)
    paths = {name: {artifact.path for artifact in artifacts} for name, artifacts in made.items()}
    former = {path for name in made for path in store.memo(name).split("\n")} - {""}
    press.take(Removal(path) for path in sorted(former.difference(*paths.values())))
    return {"banners": drawn, **{name: "\n".join(sorted(of_name)) for name, of_name in paths.items()}}


def _status_page(edition: Edition, status: StatusReport) -> Artifact:
    from aggregator.publish.fixed import status_page

    return status_page(edition, status)


def _heartbeat(config: Config, mark: int, now: datetime, log: Head) -> dict[str, Any]:
    """From which embeds read their age: when we last looked, at which edition, and until when it may be believed.

    It names the newest line of the publication log, so that none can be cut off its end unseen.

    The demo has a clock of its own, which a reader's cannot be compared with: it sets no end.
    """
    beat: dict[str, Any] = {
        "time": iso(now),
        "edition": mark,
        "valid_until": None if config.site.mode == "demo" else iso(now + VALID),
        "mode": config.site.mode,
    }
    if log.seq:
        beat["log"] = {"line": log.seq, "sha256": log.digest, "file": log.file}
    return beat


def _beating(beat: dict[str, Any], stamp: dict[str, str] | None) -> Artifact:
    """The heartbeat's file, with the stamp from which loaders know what may be shown."""
    whole = {**beat, "embeds": stamp} if stamp else beat
    return Artifact(addresses.HEARTBEAT, (json.dumps(whole, indent=1) + "\n").encode())
