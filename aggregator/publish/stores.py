"""Where an app is had: the addresses of the two stores, and their QR codes. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from aggregator.settings import Campaign

Device = Literal["android", "ios"]
QUIET = 4  # modules of white around a code (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: modules along a side, white border included, and SVG path data of the dark ones."""

    side: int
    path: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A store that has the app."""

    device: Device
    name: str
    devices: str
    url: str
    code: Code


def addresses_of(campaign: Campaign) -> tuple[str, ...]:
    """The app's pages in the stores whose id of it is known."""
    return tuple(url for url in (_play(campaign), _apple(campaign)) if url)


def shops(campaign: Campaign, urls: Collection[str]) -> tuple[Shop, ...]:
    """The stores that have the app, of those that may be led to now."""
    rows: tuple[tuple[Device, str, str, str], ...] = (
        ("android", "Google Play", "điện thoại Android", _play(campaign)),
        ("ios", "App Store", "iPhone, iPad", _apple(campaign)),
    )
    return tuple(Shop(device, name, devices, url, code(url)) for device, name, devices, url in rows if url in urls)


def _play(campaign: Campaign) -> str:
    return f"https://play.google.com/store/apps/details?id={campaign.google_play}" if campaign.google_play else ""


def _apple(campaign: Campaign) -> str:
    return f"https://apps.apple.com/vn/app/{campaign.app_store}" if campaign.app_store else ""


def code(url: str) -> Code:
    """The QR code of an address, legible with a seventh of it dirty (level M)."""
    import segno

    matrix = segno.make_qr(url, error="m").matrix
    runs = (
        f"M{start + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(matrix)
        for start, length in _dark(row)
    )
    return Code(len(matrix) + 2 * QUIET, "".join(runs))


def _dark(row: bytearray) -> list[tuple[int, int]]:
    """Where dark modules stand in the row: start and length of each run."""
    runs: list[tuple[int, int]] = []
    for x, module in enumerate(row):
        if not module:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
