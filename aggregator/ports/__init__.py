"""The three sockets: what reads the network, what keeps, what writes. Real ones are picked by the faces (cli)."""

from aggregator.ports.archive import Archive
from aggregator.ports.network import Fetcher
from aggregator.ports.output import Writer
from aggregator.ports.post import Post, PostLine
from aggregator.ports.stores import (
    AlertStore,
    CollectStore,
    LetterStore,
    ProvenanceStore,
    PublishStore,
    RefineStore,
    Store,
)

__all__ = [
    "AlertStore",
    "Archive",
    "CollectStore",
    "Fetcher",
    "LetterStore",
    "Post",
    "PostLine",
    "ProvenanceStore",
    "PublishStore",
    "RefineStore",
    "Store",
    "Writer",
]
