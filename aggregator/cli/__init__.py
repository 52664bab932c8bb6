"""The only face: arguments, printing, progress, the clock. Picks the real fetcher, store and writer."""

import logging
import sys
from collections.abc import Sequence

from aggregator.cli.arguments import parser, shielded
from aggregator.cli.commands import COMMANDS
from aggregator.cli.exits import FAULT, FOUND_WRONG, LOCKED, USAGE
from aggregator.errors import AggregatorError, ConfigError, LockedError, PublishError, StoreError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code (see `aggregator --help`)."""
    arguments = parser().parse_args(shielded(sys.argv[1:] if argv is None else argv))
    logging.getLogger("readability").setLevel(logging.CRITICAL)  # it prints a traceback of what we name ourselves
    try:
        return COMMANDS[arguments.command](arguments)
    except AggregatorError as error:
        print(f"aggregator: {error}", file=sys.stderr)
        return _code(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141


def _code(error: AggregatorError) -> int:
    if isinstance(error, ConfigError):
        return USAGE
    if isinstance(error, StoreError | PublishError):
        return FAULT
    return LOCKED if isinstance(error, LockedError) else FOUND_WRONG
