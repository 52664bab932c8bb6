"""The roll: by digest, every payload that is out; and the stamp, which says until when the roll may be believed. Pure.

The digests stand in bins, by the name of the shelf: a new story changes the bins of its shelves, not a list of all.
A stamp signs the digests of the bins. So one signature a run keeps every payload fresh, and no idle run rewrites one.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aggregator.model import Artifact
from aggregator.ports import PublishStore
from aggregator.publish import addresses, trust
from aggregator.publish.trust import Trust
from aggregator.publish.words import iso

BINS = 32  # 3,500 shelves: 110 digests a bin, 5 kB; the loader counts on the number
STALE = timedelta(hours=1)  # runs come every 10 minutes; from then on an embed says when it was last updated
BIN, BINS_NOTED, NUMBER = "roll/", "roll", "embeds-seq"  # what the store keeps


class Roll:
    """The roll of one publish. `memo` is what the store has to keep once the bins are written."""

    def __init__(self, store: PublishStore, now: datetime) -> None:
        self.memo: dict[str, str] = {}
        self._store = store
        self._now = now
        noted = store.memo(BINS_NOTED)
        self._digests: list[str] = json.loads(noted) if noted else [""] * BINS

    def bring(self, payloads: Mapping[str, str], full: bool) -> Iterable[Artifact]:
        """The bins that changed. `payloads`: digest (hex) by path of what was made, "" of what goes; `full`: of all."""
        changed: dict[int, dict[str, str]] = {}
        for path, digest in payloads.items():
            number = bin_of(addresses.shelf_of_payload(path))
            if number not in changed:
                changed[number] = {} if full else self._noted(number)
            changed[number] = {**changed[number], path: digest}
            if not digest:
                del changed[number][path]
        for number in range(BINS) if full else sorted(changed):
            rows = changed.get(number, {})
            self.memo[f"{BIN}{number}"] = json.dumps(rows)
            content = _content(rows.values())
            self._digests[number] = _base64(hashlib.sha256(content).hexdigest()) if rows else ""
            if rows:
                yield Artifact(addresses.roll_path(number), content)
        self.memo[BINS_NOTED] = json.dumps(self._digests)

    def stamp(self, signing: Trust, until: str | None) -> dict[str, str] | None:
        """The signed stamp for the heartbeat; None where nothing signs, or the embeds were given up."""
        if signing.signer is None or signing.retired:
            return None
        number = max(int(self._store.memo(NUMBER) or 0) + 1, int(self._now.timestamp()))
        self.memo[NUMBER] = str(number)
        fields: dict[str, Any] = {
            "version": trust.VERSION,
            "seq": number,
            "time": iso(self._now),
            "stale": iso(self._now + STALE) if until else trust.FAR,
            "until": until or trust.FAR,
            "roll": self._digests,
        }
        key = trust.key_id(signing.signer.public)
        return {**trust.sealed(trust.STAMP, fields, signing.signer), "key": key}

    def _noted(self, number: int) -> dict[str, str]:
        rows: dict[str, str] = json.loads(self._store.memo(f"{BIN}{number}") or "{}")
        return rows


def bin_of(shelf: str) -> int:
    """The bin in which the payload of a shelf stands."""
    return hashlib.sha256(shelf.encode()).digest()[0] % BINS


def _content(digests: Iterable[str]) -> bytes:
    return (json.dumps(sorted(_base64(digest) for digest in digests), separators=(",", ":")) + "\n").encode()


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode("ascii")
