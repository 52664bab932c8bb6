"""What `notice` takes."""

import argparse
from pathlib import Path

from aggregator.cli.options import EXIT_CODES, _common, _now, moment
from aggregator.text import nfc

NOTICE: dict[str, tuple[str, str]] = {
    "key": (
        "make your own key, once",
        "Writes the private half, sealed by a passphrase, to FILE and nothing else; prints the lines by which whoever "
        "keeps sources.yaml lets the key sign; exit 2 when FILE is there, or lies in var/ or the output.",
    ),
    "draft": (
        "write a notice, which somebody else then approves",
        "Reads the configuration and your key; keeps the draft, signed, in the database; publishes nothing; prints the "
        "notice and the command that approves it. Exit 1 when it cannot be put up so.",
    ),
    "approve": (
        "put a notice up at once",
        "Reads the draft and your key, which must not be the drafter's; keeps the approval, signed, and publishes; "
        "exit 1 when that cannot be. The id stands for the words: approve what `notice list` shows.",
    ),
    "correct": (
        "give a notice other words at once",
        "What is not named stays as it is. One person may; it cannot be made to last longer. Keeps the correction, "
        "signed, and publishes; exit 1 when that cannot be.",
    ),
    "lift": (
        "take a notice down at once",
        "One person may; drops a draft, too. Keeps the lift, signed, and publishes; exit 1 when that cannot be.",
    ),
    "list": (
        "every notice, and the log of who did what",
        "Reads the database; prints each notice with its words and all that was signed about it; exit 1 when one of "
        "them does not hold.",
    ),
}
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")


def words(text: str) -> str:
    """The words, or those of the file that `@FILE` names; NFC, lines trimmed. Raises ArgumentTypeError."""
    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise argparse.ArgumentTypeError(f"{text[1:]}: cannot be read as text in UTF-8 ({error})") from error
    lines = (" ".join(line.split()) for line in nfc(text).splitlines())
    return "\n".join(line for line in lines if line)


def notice_options(parser: argparse.ArgumentParser) -> None:
    """The options of `notice`."""
    kinds = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, (line, about) in NOTICE.items():
        one = kinds.add_parser(name, help=line, description=about, epilog=EXIT_CODES)
        _common(one)
        _now(one)
        OPTIONS[name](one)


def _key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="your name, as it shall stand in the log")
    told = "where your private key goes: a place that is yours alone, such as a stick that you take away"
    parser.add_argument("--file", type=Path, required=True, metavar="FILE", help=told)
    _passphrase(parser)


def _draft(parser: argparse.ArgumentParser) -> None:
    _signed(parser)
    _text(parser, needed=True)
    parser.add_argument("--drill", action="store_true", help="a drill: shown on its test page only (/dien-tap/)")


def _approve(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    _signed(parser)


def _correct(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    _signed(parser)
    _text(parser, needed=False)
    parser.add_argument("--why", required=True, metavar="WORDS", help="the reason, kept in the log")


def _lift(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    _signed(parser)
    parser.add_argument("--why", required=True, metavar="WORDS", help="the reason, kept in the log")


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the notice, as `notice draft` and `notice list` name it")


def _signed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, metavar="FILE", help="your own key (notice key)")
    _passphrase(parser)


def _passphrase(parser: argparse.ArgumentParser) -> None:
    told = "its first line opens the key; without it the passphrase is asked for at the terminal"
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help=told)


def _text(parser: argparse.ArgumentParser, needed: bool) -> None:
    parser.add_argument("--headline", type=words, required=needed, metavar="WORDS", help="what it is about, in a line")
    parser.add_argument(
        "--text", type=words, required=needed, metavar="WORDS", help="what happened; @FILE reads a file"
    )
    parser.add_argument("--do", type=words, metavar="WORDS", help="what people shall do; @FILE reads a file")
    parser.add_argument(
        "--until", type=moment, required=needed, metavar="ISO", help="when it ends, as 2026-10-21T06:00"
    )
    told = "whom it is for: a province, commune or code, as 'Phường Đống Đa, Hà Nội', or 'cả nước' (repeatable)"
    parser.add_argument("--place", action="append", required=needed, metavar="PLACE", help=told)
    parser.add_argument("--issuer", type=words, metavar="WORDS", help="who issues it (notice.issuer)")
    for name, choices in (("urgency", URGENCY), ("severity", SEVERITY), ("certainty", CERTAINTY)):
        parser.add_argument(f"--{name}", choices=choices, help="for warning systems (CAP 1.2)")


OPTIONS = {"key": _key, "draft": _draft, "approve": _approve, "correct": _correct, "lift": _lift, "list": _list}
