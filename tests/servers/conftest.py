"""A small signed site with compressed copies, and the real servers that hand it out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from aggregator.publish.cycle import publish
from aggregator.publish.status import report
from aggregator.settings import Campaign
from tests import make_site
from tests.fakes_publish import FakeStore
from tests.line import PlainWriter
from tests.make import NOW
from tests.make_signed import ONE_KEY
from tests.make_trust import WORKING, trusting
from tests.servers import samples

SERVERS = {"nginx": samples.nginx, "caddy": samples.caddy, "apache": samples.apache}


SIGNING = replace(ONE_KEY, embeds=trusting(WORKING))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder; among its files an unfinished one of a publish that is running."""
    root = tmp_path_factory.mktemp("published")
    made = make_site.config()
    site = made.site.model_copy(update={"compress": ("gzip", "brotli")})
    campaign = Campaign(slug="mau", title="Mẫu", message="Rửa tay", alt="Rửa tay", starts=date(2026, 1, 1))
    config = made.model_copy(update={"site": site, "campaigns": (campaign,)})
    status = report(config, {}, NOW)
    publish(config, FakeStore(*make_site.stories()), PlainWriter(root), NOW, status=status, signing=SIGNING)  # type: ignore[arg-type]
    (root / ".unfinished-1").write_bytes(b"half")
    (root / "feed/.unfinished-2").write_bytes(b"half")
    return root


@pytest.fixture(scope="session", params=sorted(SERVERS))
def server(
    request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[samples.Server]:
    with SERVERS[request.param](folder, tmp_path_factory.mktemp(request.param)) as running:
        yield running
