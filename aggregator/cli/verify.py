"""verify: a file, an address or a whole site, by the public key alone."""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK
from aggregator.durations import duration
from aggregator.errors import ConfigError, SignatureError
from aggregator.model import Page, Request
from aggregator.ports import Fetcher
from aggregator.publish import addresses, keyring, proof, signing
from aggregator.publish.proof import Place, Proof
from aggregator.publish.signing import Key
from aggregator.settings import Config, Section, Source

LARGEST = 200_000_000  # bytes; the log of a day on which 100,000 pages were made anew has some 12 million
INDEX = "index.html"


class Folder:
    """A site in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str) -> bytes | None:
        """The file, None when there is none. Raises ConfigError when it cannot be read."""
        return _content(self.root / path)

    def names(self) -> list[str]:
        """Every file but hidden ones, sorted."""
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return sorted(path.as_posix() for path in found if not path.name.startswith("."))


class Web:
    """A site at an address, read through the network door."""

    def __init__(self, root: str, fetcher: Fetcher) -> None:
        host = urlsplit(root).hostname or "site"
        self._root = root
        self._fetcher = fetcher
        self._source = Source(
            id="site",
            name=host,
            kind="listing",
            home=root,
            sections=(Section(url=root),),
            pause=duration("0s"),
        )

    def read(self, path: str) -> bytes | None:
        """The file, None when there is none. Raises SourceError."""
        answer = self._fetcher.fetch(Request(self._root + path, purpose="verify"), self._source)
        return answer.body if isinstance(answer, Page) else None

    def names(self) -> list[str]:
        """An address does not tell what stands below it."""
        raise ConfigError(f"{self._root}: only a folder can be checked as a whole; give one file's address")


class Opener:
    """Opens sites by folder or address; the network is made ready when the first address is asked for."""

    def __init__(self, stack: ExitStack, config: Config) -> None:
        self._stack = stack
        self._config = config
        self._fetcher: Fetcher | None = None

    def place(self, where: str) -> Place:
        """The site there."""
        if not _is_address(where):
            return Folder(Path(where))
        if self._fetcher is None:
            roomy = self._config.fetch.model_copy(update={"max_bytes": LARGEST})
            config = self._config.model_copy(update={"fetch": roomy})
            self._fetcher = self._stack.enter_context(wiring.fetching(config, wiring.wall_clock))
        return Web(where if where.endswith("/") else f"{where}/", self._fetcher)


def verify_command(arguments: argparse.Namespace) -> int:
    """Print what holds and what does not; 1 when anything is wrong."""
    config = wiring.load(arguments) if arguments.config.is_file() else Config(sources=())
    held = _held(arguments, config)
    now = wiring.clock_of(arguments)()
    with ExitStack() as stack:
        opener = Opener(stack, config)
        if _is_address(arguments.what):
            found = _address(arguments.what, arguments.site or config.site.base_url, held, opener, now)
        elif Path(arguments.what).is_dir():
            found = proof.check_site(Folder(Path(arguments.what)), held, now)
        else:
            found = _file(Path(arguments.what), arguments.path, arguments.site, held, opener, now)
    for line in found.faults:
        print(f"WRONG {line}")
    for line in found.notes:
        print(f"note  {line}")
    for line in found.good:
        print(f"good  {line}")
    return FOUND_WRONG if found.faults else OK


def _held(arguments: argparse.Namespace, config: Config) -> tuple[Key, ...]:
    """The keys to trust: those of --key, else our own. Raises ConfigError when there are none."""
    path: Path | None = arguments.key
    try:
        if path is None:
            keys = keyring.ring(wiring.keys_folder(config))
        else:
            content = _content(path) or b""
            keys = (signing.pem_key(content),) if b"-----BEGIN" in content else signing.decode_ring(content)
    except SignatureError as error:
        raise ConfigError(f"{path}: {error}" if path else str(error)) from error
    if not keys:
        raise ConfigError("no public key to check with: save the site's keys.json once and give it with --key FILE")
    return keys


def _file(path: Path, name: str, site: str, held: Sequence[Key], opener: Opener, now: datetime) -> Proof:
    """One file: a ring, a file of the log, or anything that is signed. `name` is where it stood, "" when unsaid."""
    content = _content(path)
    if content is None:
        raise ConfigError(f"{path}: there is no such file; give a file, an address or a folder")
    if path.name == addresses.KEYS:
        return proof.check_ring(content, held)
    if path.suffix == ".jsonl":
        return proof.check_log(path.name, content, held)
    signature = _content(path.with_name(path.name + addresses.SIGNATURE))
    here = path.resolve()
    root = site or _root(here.as_posix(), _named(signature))
    if root and not _is_address(root) and here.is_relative_to(Path(root).resolve()):
        name = name or here.relative_to(Path(root).resolve()).as_posix()
    place = opener.place(root) if root else None
    if not site and place is not None and place.read(addresses.HEARTBEAT) is None:
        place = None
    return proof.check_file(name, content, signature, held, place, now)


def _address(url: str, base: str, held: Sequence[Key], opener: Opener, now: datetime) -> Proof:
    """One file at an address, asked for a second time before anything is called wrong: it may just be changing."""
    found = _asked(url, base, held, opener, now)
    return _asked(url, base, held, opener, now) if found.faults else found


def _asked(url: str, base: str, held: Sequence[Key], opener: Opener, now: datetime) -> Proof:
    parts = urlsplit(url)
    plain = parts._replace(query="", fragment="").geturl()
    plain = plain + INDEX if plain.endswith("/") else plain
    origin = f"{parts.scheme}://{parts.netloc}/"
    whole = opener.place(origin)
    inside = plain.removeprefix(origin)
    content, signature = whole.read(inside), whole.read(inside + addresses.SIGNATURE)
    if content is None:
        return Proof([f"{url}: there is no such file"])
    root = base if plain.startswith(base) else _root(plain, _named(signature)) or origin
    if plain == root + addresses.KEYS:
        return proof.check_ring(content, held)
    return proof.check_file(plain.removeprefix(root), content, signature, held, opener.place(root), now)


def _named(signature: bytes | None) -> str:
    """The path that a signature speaks of, believed by nobody yet: it only helps to find the site around a file."""
    try:
        return str(json.loads(signature or b"{}").get("path", ""))
    except (ValueError, AttributeError, RecursionError):
        return ""


def _root(where: str, named: str) -> str:
    """Where the site begins, when the file stands below it as it was signed; "" otherwise."""
    return where.removesuffix(named) if named and where.endswith(f"/{named}") else ""


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error


def _is_address(text: str) -> bool:
    return urlsplit(text).scheme in {"http", "https"}
