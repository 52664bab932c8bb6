"""All the cases. To add one, add a row to the module of its group."""

from collections.abc import Mapping

from tests.hostile import addresses, content, control, feeds, transport
from tests.hostile.case import Case

GROUPS: Mapping[str, tuple[Case, ...]] = {
    "transport": transport.CASES,
    "redirects and addresses": addresses.CASES,
    "content and encodings": content.CASES,
    "feeds and XML": feeds.CASES,
    "crawl control": control.CASES,
}
CASES = tuple(case for group in GROUPS.values() for case in group)
