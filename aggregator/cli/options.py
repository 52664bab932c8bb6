"""What each command takes: its options, one function a command."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

EXIT_CODES = (
    "Exit: 0 all well · 1 a source is broken, blocked or drifted, or letters wait (the rest is published) · 2 usage or "
    "configuration · 3 a fault of the store or the output · 75 another run holds the lock."
)


def moment(text: str) -> datetime:
    """An aware UTC time from ISO 8601 text; a naive one is Asia/Ho_Chi_Minh. Raises ArgumentTypeError."""
    from zoneinfo import ZoneInfo

    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; write 2026-10-20T09:00+07:00") from error
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))).astimezone(UTC)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=Path("sources.yaml"), metavar="F", help="configuration file")
    parser.add_argument("--database", default="", metavar="URL", help="instead of the configuration's database")
    parser.add_argument("--output", default="", metavar="DIR", help="instead of the configuration's output")


def _now(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--now", type=moment, metavar="ISO", help="take this time for now (tests, replays)")


def run_options(parser: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    _common(parser)
    _now(parser)
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="visit this source (repeatable)")
    parser.add_argument("--force", action="store_true", help="visit sources that are not due, too")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def publish_options(parser: argparse.ArgumentParser) -> None:
    """The options of `publish`."""
    _common(parser)
    _now(parser)
    parser.add_argument("--full", action="store_true", help="render every page again")


def status_options(parser: argparse.ArgumentParser) -> None:
    """The options of `status`."""
    _common(parser)
    _now(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def serve_options(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`."""
    _common(parser)
    parser.add_argument("--port", type=int, default=8000, help="port on loopback (0: any free one)")


def sources_options(parser: argparse.ArgumentParser) -> None:
    """The options of `sources`."""
    kinds = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = "Reads the configuration and the database; prints every source with its kind, health and sections."
    checked = (
        "Fetches each section of a source (or an address of none) and its first article, prints every step, and writes "
        "nothing but the pages, with --save; exit 1 when something was found wrong."
    )
    added = (
        "Fetches an address and what it leads to (feeds, sitemaps); prints which reader reads it, why, three leads and "
        "lines for sources.yaml; writes nothing but the page, with --save; exit 1 when nothing there can be read."
    )
    accepted = (
        "Writes to the database that a source is well as it is now: its drift is forgiven, and what its visits usually "
        "bring is learned anew from the next one, which is due at once. Exit 75 when a run holds the lock."
    )
    _common(kinds.add_parser("list", help="every source", description=listed, epilog=EXIT_CODES))
    check = kinds.add_parser("check", help="fetch a source once, step by step", description=checked, epilog=EXIT_CODES)
    _common(check)
    check.add_argument("id", metavar="ID|URL", help="id of a source in the configuration, or any address")
    add = kinds.add_parser("add", help="propose a new source", description=added, epilog=EXIT_CODES)
    _common(add)
    add.add_argument("url", metavar="URL", help="the page that a reader would open: a listing, a feed or a home page")
    accept = kinds.add_parser("accept", help="take a rebuilt source as it is", description=accepted, epilog=EXIT_CODES)
    _common(accept)
    _now(accept)
    accept.add_argument("id", metavar="ID", help="id of a source in the configuration")
    accept.add_argument("--why", default="", metavar="TEXT", help="a reason for the visit log")
    confirmed = (
        "Shows the newest items of a source beside their originals' title, time and address, and keeps which of them "
        "you found the same: on a terminal it asks for each, elsewhere --yes names them. A public site needs ten of "
        "each source (all, where there are fewer); exit 1 while some are missing."
    )
    confirm = kinds.add_parser("confirm", help="hold items against originals", description=confirmed, epilog=EXIT_CODES)
    _common(confirm)
    _now(confirm)
    confirm.add_argument("id", metavar="ID", help="id of a source in the configuration")
    confirm.add_argument("--yes", nargs="*", default=[], metavar="ARTICLE", help="these are as the original has them")
    confirm.add_argument("--who", default="", metavar="NAME", help="who looked (default: the user's name)")
    for one in (check, add):
        one.add_argument("--save", type=Path, metavar="DIR", help="keep the pages there as test cases (tests/sources)")


EDITS: dict[str, tuple[str, str]] = {
    "hide": ("take an article off every page, feed and embed", "Its story goes on with the other tellings, if any."),
    "show": ("take back a hide", "The article stands again where it stood."),
    "pin": ("put a story at the head of the home page", "Until a time, a day from now if none is given."),
    "unpin": ("take back a pin", "The story stands where its time puts it."),
    "retitle-note": (
        "show a note of yours beside a title, which stays verbatim",
        "It stands on the story's page, in feeds and embeds; an empty one takes it away.",
    ),
    "merge": ("make two articles one story, for good", "Both stories are grouped anew at once."),
    "split": ("keep two articles in different stories, for good", "Their story is grouped anew at once."),
    "retag": ("give tags (+topic/x) or take them away (-disease/y), for good", "The article is grouped anew at once."),
    "release": (
        "publish a quarantined text: it is the source's own",
        "It becomes the live revision, with tags and a story as if just collected; what it links to is usual for its "
        "source from then on, and this text is never held again.",
    ),
}
KEPT = "Reads and writes the database, then writes the pages that change; returns 0, or 1 when it cannot be done."


def edit_options(parser: argparse.ArgumentParser) -> None:
    """The options of `edit`."""
    kinds = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = "Reads the database; prints what is quarantined, then what people decided, the newest first; returns 0."
    listed = kinds.add_parser("list", help="what waits, and what was decided", description=shown, epilog=EXIT_CODES)
    _common(listed)
    listed.add_argument("--json", action="store_true", help="print JSON")
    for name, (line, about) in EDITS.items():
        one = kinds.add_parser(name, help=line, description=f"{about} {KEPT}", epilog=EXIT_CODES)
        _common(one)
        _now(one)
        one.add_argument("id", metavar="ARTICLE", help="id of the article: at the foot of its page, or in export")
        if name in {"merge", "split"}:
            one.add_argument("other", metavar="OTHER", help="id of the other article")
        if name == "retag":
            one.add_argument("tags", nargs="+", metavar="TAG", help="+kind/slug to give, -kind/slug to take away")
        if name == "retitle-note":
            one.add_argument("note", metavar="WORDS", help='the note, as readers shall see it; "" takes it away')
        if name == "pin":
            one.add_argument("--until", type=moment, metavar="ISO", help="until then (a day from now)")
        if name in {"hide", "show"}:
            one.add_argument("--story", action="store_true", help="every article that its story holds now")
        one.add_argument("--why", required=True, metavar="WORDS", help="the reason, kept for good")
        one.add_argument("--who", default="", metavar="NAME", help="who decides (the user's name)")
        one.add_argument("--no-publish", action="store_true", help="leave the pages to the next run")


def takedown_options(parser: argparse.ArgumentParser) -> None:
    """The options of `takedown`."""
    _common(parser)
    _now(parser)
    parser.add_argument("id", metavar="ID|URL", help="id of a story (Mã tin) or article, or the address of its page")
    parser.add_argument("--why", required=True, metavar="WORDS", help="the reason, kept for good: name no person in it")
    parser.add_argument("--who", default="", metavar="NAME", help="who decides (the user's name)")
    parser.add_argument("--only", action="store_true", help="this article alone, not all that its story holds")
    parser.add_argument("--purge", action="store_true", help="erase text, revisions and raw bytes; cannot be undone")
    parser.add_argument("--lift", action="store_true", help="take a takedown back: it stands again")


def provenance_options(parser: argparse.ArgumentParser) -> None:
    """The options of `provenance`."""
    _common(parser)
    _now(parser)
    parser.add_argument("id", metavar="ID|URL", help="id of a story (Mã tin) or article, or the address of its page")
    parser.add_argument("--json", action="store_true", help="print JSON")


def campaigns_options(parser: argparse.ArgumentParser) -> None:
    """The options of `campaigns`."""
    kinds = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    about = (
        "Reads the configuration; asks once for link and stores of each campaign that runs or is to begin; prints its "
        "texts by size, where it leads, what is wrong with it and what to do; writes nothing; exit 1 when something is."
    )
    check = kinds.add_parser("check", help="every campaign, looked at now", description=about, epilog=EXIT_CODES)
    _common(check)
    _now(check)
    check.add_argument("slug", nargs="?", default="", metavar="SLUG", help="this campaign only")


def mail_options(parser: argparse.ArgumentParser) -> None:
    """The options of `mail`."""
    _common(parser)
    _now(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what is made and whom it reached; send nothing")
    told = "with --dry-run: write the letters of the last seven days there, as the first recipient gets them"
    parser.add_argument("--save", type=Path, metavar="DIR", help=told)
    parser.add_argument("--again", action="store_true", help="send again what may not have arrived (state unknown)")
    parser.add_argument("--json", action="store_true", help="with --dry-run: print JSON")


def import_options(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    _common(parser)
    _now(parser)
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="one article a line; - reads standard input")


def export_options(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    _common(parser)
    parser.add_argument("--since", type=moment, metavar="T", help="only what changed since then")


def page_options(parser: argparse.ArgumentParser) -> None:
    """The options of `page`."""
    _common(parser)
    _now(parser)
    parser.add_argument("page", metavar="FILE|URL", help="a saved page, or an address to fetch")
    parser.add_argument("--url", default="", metavar="U", help="the address a saved page was fetched from")


def extract_options(parser: argparse.ArgumentParser) -> None:
    """The options of `extract`."""
    page_options(parser)
    parser.add_argument("--source", default="", metavar="ID", help="read it as this source's page")


def retag_options(parser: argparse.ArgumentParser) -> None:
    """The options of `retag`."""
    _common(parser)
    _now(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")


def schedule_options(parser: argparse.ArgumentParser) -> None:
    """The options of `schedule`."""
    _common(parser)
    parser.add_argument("--every", type=int, default=60, metavar="S", help="seconds between looks at what is due")


def tags_options(parser: argparse.ArgumentParser) -> None:
    """The options of `tags`."""
    _common(parser)
    parser.add_argument("--notices", action="store_true", help="also print what an urgent notice says, as `notice`")
    parser.add_argument("--sources", action="store_true", help="also print who named each tag so, as its `source`")


def dedupe_options(parser: argparse.ArgumentParser) -> None:
    """The options of `dedupe`."""
    _common(parser)


def demo_options(parser: argparse.ArgumentParser) -> None:
    """The options of `demo`."""
    parser.add_argument("--once", action="store_true", help="stop after publishing")
    parser.add_argument("--world", default="default", metavar="NAME", help="default, or 2020-08")
    parser.add_argument("--step", default="", metavar="DURATION", help="first move the demo's clock on: 6h, 2d")
    parser.add_argument("--reset", action="store_true", help="begin again: forget this world's database and output")
    parser.add_argument("--folder", type=Path, default=Path(".demo"), metavar="DIR", help="where the demo lives")
    parser.add_argument("--port", type=int, default=8000, help="port of the finished site (0: any free one)")


def verify_options(parser: argparse.ArgumentParser) -> None:
    """The options of `verify`."""
    _common(parser)
    _now(parser)
    parser.add_argument("what", metavar="FILE|URL|DIR", help="a file, an address, or the folder of a whole site")
    parser.add_argument(
        "--key", type=Path, metavar="F", help="public key: a saved keys.json, or PEM (default: our own)"
    )
    parser.add_argument("--site", default="", metavar="DIR|URL", help="the site whose log a file is held against")
    told = "where a file at hand stood in the site: another file of the site in its place is wrong, too"
    parser.add_argument("--as", default="", dest="path", metavar="PATH", help=told)


def backup_options(parser: argparse.ArgumentParser) -> None:
    """The options of `backup`."""
    _common(parser)
    _now(parser)
    parser.add_argument(
        "--to", type=Path, metavar="DIR", help="folder for the file (default: backups/ beside the database)"
    )
    _passphrase(parser, "seal the keys into it with the passphrase in this file; without it they are left out")
    parser.add_argument("--raw", action="store_true", help="the raw pages go along, too (large)")
    parser.add_argument(
        "--keep", type=int, default=0, metavar="N", help="then remove all but the newest N of the folder"
    )
    parser.add_argument(
        "--check", type=Path, metavar="FILE", help="read this backup whole instead, and say if it is sound"
    )


def restore_options(parser: argparse.ArgumentParser) -> None:
    """The options of `restore`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` made")
    parser.add_argument("--into", type=Path, required=True, metavar="DIR", help="an empty folder, or one to be made")
    _passphrase(parser, "the passphrase that sealed the keys")


def _passphrase(parser: argparse.ArgumentParser, told: str) -> None:
    parser.add_argument("--passphrase-file", type=Path, metavar="F", help=told)


def doctor_options(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    _common(parser)
    _now(parser)
    parser.add_argument("--offline", action="store_true", help="look at nothing beyond this machine")
    parser.add_argument("--json", action="store_true", help="print JSON")


def init_options(parser: argparse.ArgumentParser) -> None:
    """The options of `init`."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder; it is made where it is not there")


def schema_options(parser: argparse.ArgumentParser) -> None:
    """The options of `schema`: none."""


def completion_options(parser: argparse.ArgumentParser) -> None:
    """The options of `completion`."""
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="whose script")


def audit_options(parser: argparse.ArgumentParser) -> None:
    """The options of `audit`."""
    _common(parser)
    _now(parser)
    parser.add_argument("portals", type=Path, metavar="PORTALS", help="a YAML file that names the portals")
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder of the report (default: var/audit/<day>/)")
    parser.add_argument("--verbose", action="store_true", help="print every row, without a terminal too")
