"""A reader who sees nothing: presses keys, and hears what the accessibility tree says of what has the focus."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

MOST = 250  # steps of the Tab key before a thing counts as not to be reached


@dataclass(frozen=True, slots=True)
class Heard:
    """A node of the tree: what it is, what it is called, what it holds."""

    role: str
    name: str
    value: str
    url: str


class Blind:
    """Walks a page by keyboard alone. Knows no selectors and no pointer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tree = page.context.new_cdp_session(page)
        self.tree.send("Accessibility.enable")

    def all(self, role: str) -> list[Heard]:
        """What the tree holds of a role, in the order of reading."""
        found: Any = self.tree.send("Accessibility.getFullAXTree")
        return [_heard(node) for node in found["nodes"] if not node["ignored"] and _of(node, "role") == role]

    def focused(self) -> Heard:
        """What has the focus."""
        held: Any = self.tree.send("Runtime.evaluate", {"expression": "document.activeElement"})
        object_id = held["result"]["objectId"]
        found: Any = self.tree.send("Accessibility.getPartialAXTree", {"objectId": object_id, "fetchRelatives": False})
        return _heard(found["nodes"][0])

    def walk_to(self, role: str, name: str) -> Heard:
        """Press Tab until something of that role and name has the focus."""
        heard = []
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            now = self.focused()
            if now.role == role and re.search(name, now.name):
                return now
            heard.append(f"{now.role} {now.name}")
        raise AssertionError(f"no {role} {name!r} in {MOST} steps: {heard[:30]}")

    def enter(self, role: str, name: str) -> Heard:
        """Walk to it and press Enter; wait for the page that it leads to."""
        found = self.walk_to(role, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return found

    def title(self) -> str:
        """The words of the page's one main heading."""
        (heading,) = [one for one in self._headings() if one[0] == 1]
        return heading[1]

    def _headings(self) -> list[tuple[int, str]]:
        found: Any = self.tree.send("Accessibility.getFullAXTree")
        rows = [node for node in found["nodes"] if not node["ignored"] and _of(node, "role") == "heading"]
        return [(_property(node, "level"), _of(node, "name")) for node in rows]


def _heard(node: dict[str, Any]) -> Heard:
    return Heard(_of(node, "role"), _of(node, "name"), _of(node, "value"), _property(node, "url") or "")


def _of(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _property(node: dict[str, Any], name: str) -> Any:
    return next((one["value"].get("value") for one in node.get("properties", []) if one["name"] == name), None)
