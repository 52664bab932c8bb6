"""The list of those who get letters: one address a line, in a file of the operator's that is never served."""

from pathlib import Path

from aggregator.errors import PostError
from aggregator.mail_settings import is_address
from aggregator.model import Recipient, digest_of

ID_LENGTH = 24  # hex digits: no two of a million addresses share one


def read_recipients(path: Path) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Everybody on the list in its order, each once; and the lines that hold no address. Raises PostError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PostError(f"{path}: the recipients cannot be read: {said}; correct mail.recipients") from error
    found: dict[str, Recipient] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        address = line.partition("#")[0].strip()
        if is_address(address):
            one = recipient(address)
            found.setdefault(one.id, one)
        elif address:
            problems.append(f"{path.name}:{number}: {address!r} is not an address; nothing is sent there")
    return tuple(found.values()), tuple(problems)


def recipient(address: str) -> Recipient:
    """The recipient at the address. Capitals make no other one: no server that matters tells them apart."""
    return Recipient(address, digest_of("recipient", address.lower())[:ID_LENGTH])
