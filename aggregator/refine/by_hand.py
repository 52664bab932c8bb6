"""Tags that a person gave or took away: they win over every rule, at every look. Pure.

An edit's value is `+topic/tiem-chung=Tiêm chủng` or `-disease/soi`; the label is kept with it, so that it outlives the
vocabulary it was taken from.
"""

import re
from collections.abc import Iterable
from typing import get_args

from aggregator.model import Edit, TagKind, TagMatch

RULE = "edit"
_VALUE = re.compile(r"([+-])([a-z]+)/([a-z0-9-]+)(?:=(.+))?")
_KINDS = {str(kind): kind for kind in get_args(TagKind)}


def retagged(tags: tuple[TagMatch, ...], edits: Iterable[Edit]) -> tuple[TagMatch, ...]:
    """The tags as the edits of their article leave them; of two edits about one tag the later wins."""
    decided = {key: tag for edit in edits if edit.action == "retag" for key, tag in [_read(edit.value)] if key}
    kept = [tag for tag in tags if tag.key not in decided or decided[tag.key] is not None]
    held = {tag.key for tag in kept}
    return (*kept, *(tag for key, tag in decided.items() if tag is not None and key not in held))


def value(key: str, label: str) -> str:
    """The value of the edit that gives this tag (with a label), or takes it away (without)."""
    return f"+{key}={label}" if label else f"-{key}"


def _read(text: str) -> tuple[str, TagMatch | None]:
    """The tag's key, and the tag to be given; None to take it away. "" for what is no such value."""
    match = _VALUE.fullmatch(text)
    if match is None or match[2] not in _KINDS:
        return "", None
    key = f"{match[2]}/{match[3]}"
    given = TagMatch(_KINDS[match[2]], match[3], match[4] or match[3], (), RULE)
    return key, given if match[1] == "+" else None
