"""A fuzz target for the readers: `python -m tests.fuzz.readers --runs 20000 --seed 7`.

With atheris installed it is guided by coverage; without, the same bytes come from the same seed on every machine. No
bytes may make a reader raise anything but the errors that it declares; the bytes that do are left in a file.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aggregator.collect import discover
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Page
from tests import make_reading as make

SAVED = Path(__file__).parents[1] / "sources"
URL = "https://suckhoedoisong.vn/x-169261012083015123.htm"
KINDS = tuple(discover.READERS)
TYPES = ("text/html; charset=utf-8", "text/xml", "application/json", "text/html; charset=utf-16", "")
SPLINTERS = (
    b"<",
    b">",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?xml ",
    b"&#xD800;",
    b"&#0;",
    b"&a;",
    b"\x00",
    b"\xff\xfe",
    b"\xe1\xbb",
    b"<rss ",
    b"<feed ",
    b"<item>",
    b"<entry ",
    b"<link href='http://['/>",
    b"<base href='//['>",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\ud800",
    b"1e999",
    b"null",
    b"<table><tr>",
    b"<meta charset=utf-7>",
    b"http://[::1",
    b"%zz",
    b"data-role=publishdate title=",
    b"31/02/99999 25:61",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
)
SEEDS = (
    b"",
    b"<html><body><p>tin</p></body></html>",
    b"<rss><channel><item><link>/a</link></item></channel></rss>",
    b"{}",
)


def read_all(data: bytes) -> None:
    """The target: every reader on the bytes. The first one chooses type and kind, so that a fuzzer can."""
    first = data[0] if data else 0
    page = make.page(data[1:], URL, TYPES[first % len(TYPES)])
    kind = KINDS[first // len(TYPES) % len(KINDS)]
    _read(kind, page)


def _read(kind: str, page: Page) -> None:
    source = make.source(kind, "https://suckhoedoisong.vn/")
    try:
        for lead in discover.read_leads(source, make.section(page.url), page).leads:
            (lead.url + lead.title + lead.summary + lead.body + lead.time).encode("utf-8")
    except SourceError as fault:
        assert fault.url
    try:
        draft = discover.read_article(source, page, None)
        (draft.title + draft.lead + draft.body + draft.time).encode("utf-8")
    except ArticleError as fault:
        assert fault.url


def corpus() -> tuple[bytes, ...]:
    """The pages saved for the tests, and a few of no size."""
    saved = sorted(path for path in SAVED.glob("*/*") if path.suffix != ".json")
    return (*SEEDS, *(path.read_bytes() for path in saved))


def mutated(seed: int, runs: int) -> Iterator[bytes]:
    """So many inputs, the same ones for the same seed."""
    chance = random.Random(seed)
    pages = corpus()
    for _ in range(runs):
        body = bytearray(chance.choice(pages))
        for _ in range(chance.randint(1, 8)):
            _bend(body, chance)
        yield bytes([chance.randrange(256)]) + bytes(body)


def _bend(body: bytearray, chance: random.Random) -> None:
    at = chance.randint(0, len(body))
    end = min(len(body), at + chance.choice((0, 1, 8, 64, 400)))
    piece = bytes(body[at:end])
    body[at:end] = chance.choice(
        (
            b"",
            chance.choice(SPLINTERS),
            piece * 2,
            piece * 50,
            piece[::-1],
            bytes(chance.randrange(256) for _ in range(4)),
        )
    )


def run(seed: int, runs: int, keep: Path) -> int:
    """How many inputs were read. What a reader could not bear is written to `keep` before its error goes up."""
    count = 0
    for data in mutated(seed, runs):
        try:
            read_all(data)
        except BaseException:
            keep.write_bytes(data)
            raise
        count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failure.bin"))
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        sys.stdout.write(f"{run(given.seed, given.runs, given.keep)} inputs read (no atheris: plain mutation)\n")
        return
    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for number, body in enumerate(corpus()):
            Path(folder, f"{number}").write_bytes(bytes([number % 256]) + body)
        options = (f"-runs={given.runs}", f"-seed={given.seed}", f"-artifact_prefix={given.keep}-")
        atheris.Setup([sys.argv[0], *options, folder], read_all)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
