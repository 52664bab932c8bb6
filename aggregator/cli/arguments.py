"""The command line: a contract that scripts rely on (docs/commands.md)."""

import argparse
import re
from collections.abc import Callable, Sequence

from aggregator.cli import options, options_keys, options_notice
from aggregator.cli.options import EXIT_CODES


def shielded(words: Sequence[str]) -> list[str]:
    """The words with `-kind/slug` made no option: argparse takes what begins with a space for a value."""
    return [f" {word}" if TAKEN_AWAY.fullmatch(word) else word for word in words]


TAKEN_AWAY = re.compile(r"-[a-z]+/[a-z0-9-]+")


COMMANDS: dict[str, tuple[str, str, Callable[[argparse.ArgumentParser], None]]] = {
    "init": (
        "a working folder to begin with",
        "Reads what is shipped; writes sources.yaml, its JSON Schema for editors, var/ and output/ into a folder, and "
        "prints the next commands; exit 2 when there is a sources.yaml already.",
        options.init_options,
    ),
    "run": (
        "one cycle: visit what is due, refine, store, publish",
        "Reads sources.yaml and the sources' sites; writes the database and the output folder; returns the exit "
        "codes below. Safe under overlapping cron. With no terminal it is quiet when all is well.",
        options.run_options,
    ),
    "schedule": (
        "run on and on (a service)",
        "Reads and writes what run does, whenever a source is due, until it is told to stop (SIGTERM, Ctrl-C); then it "
        "finishes its cycle and returns 0.",
        options.schedule_options,
    ),
    "publish": (
        "write the pages that changed, without visiting any source",
        "Reads the database; writes the output folder; returns 0, or 3 when it could not.",
        options.publish_options,
    ),
    "status": (
        "how each source stands",
        "Reads the database and prints the health of each source and what is quarantined; exit 1 when a source is "
        "broken, blocked or drifted, or when a quarantined text waits for a person.",
        options.status_options,
    ),
    "serve": (
        "a preview of the output on loopback",
        "Reads the output folder; writes nothing; returns 0 when Ctrl-C ends it.",
        options.serve_options,
    ),
    "demo": (
        "replay the three sites on loopback, run, and serve the finished site",
        "Reads sources.yaml and the demo's own articles; writes .demo/ only, never output/; returns what run would.",
        options.demo_options,
    ),
    "sources": (
        "list the sources, check one, propose a new one, or accept a rebuilt one",
        "list reads the configuration and the database; check fetches one source, or any address; add fetches an "
        "address and what it leads to, and prints lines for sources.yaml; neither writes but pages, with --save, and "
        "both exit 1 when something was found wrong. accept writes to the database that a rebuilt source is well.",
        options.sources_options,
    ),
    "campaigns": (
        "check what campaigns say and where they lead",
        "Reads the configuration and asks once for every address that a campaign which runs or is to begin leads to; "
        "prints which text stands in which size, what is found, and what to do; writes nothing; exit 1 when something "
        "is wrong. Runs ask by themselves, at most once per check_every, and take a banner's link away.",
        options.campaigns_options,
    ),
    "mail": (
        "send the letters that are due",
        "Reads the configuration, the list of recipients and the database; publishes, then hands the day's bulletin "
        "and corrections to the mail server, each once to each recipient, and keeps a journal in the database; exit 1 "
        "when the server or the list cannot be used. With --dry-run it writes and sends nothing (exit 1: the list has "
        "bad lines). `run` does the same after publishing.",
        options.mail_options,
    ),
    "edit": (
        "decide about an article: hide, show, pin, merge, split, retag, release",
        "Reads and writes the database, then the output folder; waits for the short publish lock only, never for a "
        "whole run. A decision wins over every rule and is kept for good; list shows them.",
        options.edit_options,
    ),
    "takedown": (
        "take a story off everything that is published, for good",
        "Reads and writes the database, then the output folder, and with --purge the raw archive; waits for the short "
        "publish lock only. The story's address keeps a notice; its source's pages do not bring it back. Returns 0, or "
        "1 when there is no such story.",
        options.takedown_options,
    ),
    "notice": (
        "put up an emergency notice, correct or lift it",
        "Reads the configuration, the database and the key of whoever types; writes the database, then the output "
        "folder; waits for the short publish lock only. Two people put a notice up, one lifts or corrects it.",
        options_notice.notice_options,
    ),
    "provenance": (
        "the chain from a published sentence to the bytes it was read from",
        "Reads the database and the raw archive; prints of each revision what is published, its digest, the answer, "
        "redirects and headers, and whether the stored text still follows from the bytes; exit 1 when a link of the "
        "chain is broken.",
        options.provenance_options,
    ),
    "import": (
        "store articles from JSON lines",
        "Reads lines of {url, source, title, lead?, text|html, published, author?}; writes the database through the "
        "same steps as run, and the output folder. A line that cannot be used is named and skipped (exit 1).",
        options.import_options,
    ),
    "export": (
        "print every article as JSON lines",
        "Reads the database; prints {id, url, urls, source, title, lead, text, published, first_seen, status, "
        "withdrawn_at, story, tags, documents, places, revisions} a line.",
        options.export_options,
    ),
    "retag": (
        "tag stored articles again after the vocabulary changed",
        "Reads the articles whose tags older rules gave, in batches; writes their tags and stories, one transaction a "
        "batch, and goes on where it was stopped; returns 0, or 3 when it could not. With --dry-run it writes nothing "
        "and prints, tag by tag, how many articles would gain or lose it, with examples.",
        options.retag_options,
    ),
    "extract": (
        "take one article from a page",
        "Reads a file or an address; prints the article as JSON; exit 1 when there is none.",
        options.extract_options,
    ),
    "discover": (
        "tell which reader a page needs, and the leads it gives",
        "Reads a file or an address; prints JSON; exit 1 when no reader matches.",
        options.page_options,
    ),
    "tag": (
        "tag articles from standard input",
        "Reads lines of {id, title, lead, text, published}; prints {id, tags, places, diseases, authorities, "
        "documents} a line, in the same order. Own tags come from the configuration when there is one. A line "
        "that cannot be used is named and skipped (exit 1).",
        options.tags_options,
    ),
    "dedupe": (
        "find duplicates and stories among articles from standard input",
        "Reads lines of {id, title, lead, text, published, source}; prints {id, article, story, duplicate_of, score, "
        "because} a line, in the same order. Authorities come from the configuration when there is one. A line that "
        "cannot be used is named and skipped (exit 1).",
        options.dedupe_options,
    ),
    "keys": (
        "make, replace and show the keys that sign what is published",
        "Reads and writes var/keys, which is never served; the public half is published as keys.json.",
        options_keys.keys_options,
    ),
    "retire": (
        "give the embeds up: a signed state that switches every loader off, and empty embeds",
        "Reads the offline root and the database; writes var/keys/embeds and the output folder. Portals change "
        "nothing: what they pasted shows a plain link, or nothing. Undone by `keys working`.",
        options_keys.retire_options,
    ),
    "verify": (
        "check who published a file, an address or a whole site, and whether it is the newest copy",
        "Reads what it is given, the signature beside it, and the log of the site it belongs to, with the public key "
        "alone and, but for addresses, offline; writes nothing; names everything that is wrong (exit 1).",
        options.verify_options,
    ),
    "audit": (
        "see which portals carry our snippets, and how",
        "Reads a file of portals (portals: [{name, pages: [address]}]) and each of their pages, politely, beside our "
        "own output; writes a private report (report.html, report.csv) into var/audit/<day>/; exit 1 when a portal has "
        "none that is right.",
        options.audit_options,
    ),
    "schema": (
        "the JSON Schema of sources.yaml, for editors",
        "Reads and writes nothing; prints JSON Schema 2020-12; returns 0.",
        options.schema_options,
    ),
    "completion": (
        "a script that completes commands and options in a shell",
        "Reads and writes nothing; prints the script; returns 0. For bash: aggregator completion bash > "
        "/etc/bash_completion.d/aggregator",
        options.completion_options,
    ),
    "doctor": (
        "look at the installation, and say what to type for each fault",
        "Reads Python, SQLite, folders, clock, keys, the database, the home page of each source and, where "
        "site.base_url is public, three of its files; writes nothing but a scrap that is gone at once; exit 1 when "
        "anything is WRONG.",
        options.doctor_options,
    ),
    "backup": (
        "one file of the whole site, or a look at one",
        "Reads the configuration and the files it names, the database (while others go on), the publication log and, "
        "where asked, keys and raw pages; writes one file, reads it back, and removes old ones with --keep. With "
        "--check it reads a backup whole and writes nothing (exit 1: it is damaged).",
        options.backup_options,
    ),
    "restore": (
        "make a backup's site stand again in an empty folder",
        "Reads a backup; writes a folder that is empty or not there yet: configuration, database, log and, with the "
        "passphrase, keys. Nothing is left when the backup is damaged (exit 1). `publish --full` then writes the site.",
        options.restore_options,
    ),
}
"""Every command: one line of help, what it reads, writes and returns, and its arguments."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    from aggregator import __version__

    top = argparse.ArgumentParser(
        prog="aggregator",
        description="Collect official public-health news and publish it as pages, feeds and embeds.",
        epilog=EXIT_CODES,
    )
    top.add_argument("--version", action="version", version=f"aggregator {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (line, about, build) in COMMANDS.items():
        build(commands.add_parser(name, help=line, description=about, epilog=EXIT_CODES))
    return top
