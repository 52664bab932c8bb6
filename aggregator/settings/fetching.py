"""How pages are fetched, and where their bytes are kept."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from aggregator.settings.values import Duration, Settings


class Fetch(Settings):
    """How the network is read."""

    contact: str = ""
    """Page or e-mail in the User-Agent, for keepers of sites to reach you; empty in public mode: the about page."""
    connect_timeout: Duration = timedelta(seconds=10)
    """Longest wait for a connection."""
    deadline: Duration = timedelta(seconds=40)
    """Longest time for one answer, slow headers, slow bodies and redirects included; each retry has it anew."""
    visit: Duration = timedelta(minutes=5)
    """Longest time for one visit to a source; what it leaves waits for the next visit."""
    max_bytes: Annotated[int, Field(ge=10_000)] = 8_000_000
    """Largest answer after decompression."""
    max_redirects: Annotated[int, Field(ge=0, le=10)] = 5
    """Longest chain of redirects."""
    retries: Annotated[int, Field(ge=0, le=5)] = 2
    """Attempts after the first, for faults that may pass."""
    workers: Annotated[int, Field(ge=1, le=32)] = 6
    """Sources visited at the same time."""
    connect_to: dict[str, str] = Field(default_factory=dict)
    """host: http://127.0.0.1:PORT sends its requests there, while every address stays official."""
    allow_addresses: tuple[str, ...] = ()
    """Networks (10.1.0.0/16) that are reachable although private."""


class Archive(Settings):
    """The raw archive: the bytes that articles were read from, kept in var/raw/ as WARC files, never served."""

    enabled: bool = True
    """false keeps no raw bytes; digests, times and headers are kept all the same."""
    max_bytes: Annotated[int, Field(ge=100_000)] = 2_000_000_000
    """Most bytes of all its files together; the oldest files go first, whole."""
    max_age: Duration = timedelta(days=730)
    """A file goes when all that it holds is older than this."""
