"""What, besides stories, makes pages what they are: when it changes they are made anew."""

import json
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import aggregator
from aggregator.model import digest_of
from aggregator.publish import pictures
from aggregator.publish.edition import Edition
from aggregator.publish.signing import Key
from aggregator.publish.status import StatusReport

SHOWN_OF_A_SOURCE = {"id", "name", "short_name", "home", "authority", "agreement", "embargo", "window", "enabled"}

DRAWN_BY = ("fontpkg-be-vietnam-pro", "uharfbuzz", "resvg-py", "pillow")


def of_pages(edition: Edition, keys: Sequence[Key] = ()) -> str:
    """Of the settings, templates, code and keys behind every page: another one asks for a full rebuild."""
    config = edition.config
    settings = {
        "site": config.site.model_dump(mode="json"),
        "sends": config.mail is not None and config.mail.smtp is not None,
        "mail": config.mail.model_dump(mode="json", exclude={"smtp", "recipients"}) if config.mail else None,
        "sources": [source.model_dump(mode="json", include=SHOWN_OF_A_SOURCE) for source in config.sources],
    }
    trusted = (edition.trust.root, str(edition.trust.retired))
    assets = sorted(asset.path for asset in edition.plain_assets.values())
    return digest_of(_json(settings), edition.renderer.digest(), _code(), *assets, *(key.id for key in keys), *trusted)


def of_site(edition: Edition, alerts: str = "") -> str:
    """Of what shows on site-wide files without any story's doing: the local day, campaigns, emergency notices."""
    return digest_of(edition.today.isoformat(), *_campaigns(edition), *((alerts,) if alerts else ()))


def of_banners(edition: Edition) -> str:
    """Of what banners show, and of the libraries that draw them; templates, code and site are in `of_pages`."""
    return digest_of(*_campaigns(edition), *(f"{name} {version(name)}" for name in DRAWN_BY))


def _campaigns(edition: Edition) -> tuple[str, ...]:
    campaigns = edition.config.campaigns
    running = [campaign.slug for campaign in campaigns if campaign.running(edition.today)]
    ways = [(way.linked, sorted(way.urls)) for way in map(edition.led, campaigns)] if campaigns else []
    files = (sha256(pictures.read(file)).hexdigest() for one in campaigns for file in pictures.named(one))
    return _json(running), _json(ways), _json([campaign.model_dump(mode="json") for campaign in campaigns]), *files


def of_status(report: StatusReport, pages: str) -> str:
    """Of all that the status page shows; `pages` is `of_pages`."""
    return digest_of(pages, repr(report))


def _json(data: object) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


def _code() -> str:
    files = sorted(Path(__file__).parent.glob("*.py"))
    return digest_of(aggregator.__version__, *(file.read_text(encoding="utf-8") for file in files))
