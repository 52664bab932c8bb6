"""Compressed copies beside text files, for web servers that hand them out as they lie there. Pure.

The same content gives the same bytes (no time, no name within). Copies are not signed and not in the publication log:
each says exactly what the file beside it says, and `aggregator verify` of a folder holds it to that.
"""

import zlib
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from aggregator.model import Artifact
from aggregator.publish import addresses

TEXT = frozenset({".html", ".css", ".js", ".json", ".xml", ".rss", ".atom", ".svg", ".txt"})
LEAST = 1_000  # bytes; what is smaller fits into one packet as it is
GZIP_LEVEL = 9
BROTLI_QUALITY = 9  # 1,271 files of the demo, 10.1 MB: gzip 3.10 MB in 0.3 s; quality 9 2.87 MB in 0.3, 11 2.67 in 12
BROTLI_WINDOW = 16  # 64 kB, as our pages need: with the usual 4 MB quality 9 takes 6 s for the same size
WBITS = 31  # a gzip container, for zlib


def paths(artifact: Artifact, forms: Collection[str]) -> tuple[str, ...]:
    """Where the copies of the file stand, in the order they are written; none of files that idle runs write."""
    pure = PurePosixPath(artifact.path)
    if pure.suffix not in TEXT or len(artifact.content) < LEAST or not addresses.is_logged(artifact.path):
        return ()
    return tuple(artifact.path + suffix for form, suffix in addresses.COPIES.items() if form in forms)


def made(artifact: Artifact, forms: Collection[str]) -> Iterator[Artifact]:
    """The copies of the file."""
    for path in paths(artifact, forms):
        yield Artifact(path, _packed(path, artifact.content))


def says(path: str, copy: bytes, content: bytes) -> bool:
    """Whether the copy at that path holds this content, whole and nothing else. Raises ImportError without brotli."""
    most = len(content) + 1  # a few bytes can unpack to gigabytes
    if path.endswith(addresses.COPIES["gzip"]):
        inflate = zlib.decompressobj(WBITS)
        try:
            return inflate.decompress(copy, most) == content and inflate.eof and not inflate.unused_data
        except zlib.error:
            return False
    import brotli

    unpack = brotli.Decompressor()
    try:
        return bool(unpack.process(copy, output_buffer_limit=most) == content and unpack.is_finished())
    except brotli.error:
        return False


def _packed(path: str, content: bytes) -> bytes:
    if path.endswith(addresses.COPIES["gzip"]):
        return zlib.compress(content, GZIP_LEVEL, WBITS)
    import brotli

    packed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW)
    return packed
