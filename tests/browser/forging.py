"""What a publisher, or a thief of one of its keys, could put at the addresses that a loader reads."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from playwright.sync_api import Page, Route

from aggregator.publish import p256, trust
from aggregator.publish.addresses import payload_path, roll_path
from aggregator.publish.p256 import Pair
from aggregator.publish.roll import bin_of
from tests.browser.served import Site

ROOT, WORKING, THIEF = (p256.generate(letter * p256.SEED_BYTES)[0] for letter in (b"r", b"w", b"t"))
FOR_ALL = {"access-control-allow-origin": "*"}
STATE, BEAT = "embed/state.json", "heartbeat.json"


def in_hours(hours: float) -> str:
    """A moment so many hours from the real now."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def stamp_of(site: Site) -> dict[str, Any]:
    """What the published stamp says."""
    return dict(json.loads(json.loads(site.text(BEAT))["embeds"]["signed"]))


def state_of(site: Site) -> dict[str, Any]:
    """What the published state says."""
    return dict(json.loads(json.loads(site.text(STATE))["signed"]))


def beat(site: Site, by: Pair = WORKING, **changed: Any) -> bytes:
    """A heartbeat whose stamp says something else, signed by that key."""
    sealed = trust.sealed(trust.STAMP, {**stamp_of(site), **changed}, by)
    return json.dumps({"embeds": {**sealed, "key": trust.key_id(by.public)}}).encode()


def state(site: Site, by: Pair = ROOT, **changed: Any) -> bytes:
    """A state that says something else, signed by that root."""
    return json.dumps(trust.sealed(trust.STATE, {**state_of(site), **changed}, by)).encode()


def keys(*pairs: Pair) -> dict[str, str]:
    """Working keys as a state names them."""
    return {trust.key_id(pair.public): pair.public for pair in pairs}


def republished(site: Site, payload: Mapping[str, Any], by: Pair = WORKING, **changed: Any) -> dict[str, bytes]:
    """A payload, and the roll and stamp that vouch for it."""
    shelf = str(payload["shelf"])
    data = json.dumps(payload).encode()
    rows = json.dumps([digest(data)]).encode()
    bins = stamp_of(site)["roll"]
    bins[bin_of(shelf)] = digest(rows)
    return {payload_path(shelf): data, roll_path(bin_of(shelf)): rows, BEAT: beat(site, by, roll=bins, **changed)}


def digest(content: bytes) -> str:
    """As rolls and stamps write it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def serve(page: Page, site: Site, files: Mapping[str, bytes]) -> None:
    """Answer these addresses of the site with other bytes, from now on."""
    for path, content in files.items():
        page.route(f"{site.origin}/{path}", partial(_answer, content))


def _answer(content: bytes, route: Route) -> None:
    route.fulfill(body=content, headers=FOR_ALL, content_type="application/json")
