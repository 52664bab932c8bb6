"""A source's text on a page of ours: headings below the page's title, tables in boxes that scroll. Pure."""

import re

TITLE = 1  # the level of a page's own heading
_HEADING = re.compile(r"<(/?)h([2-4])>")  # as refine.sanitise leaves them: these levels, no attributes
_TABLE = re.compile(r"(</?table>)")
BOX = '<div class="scroll" role="region" aria-label="Bảng số {number}" tabindex="0">'


def outlined(html: str) -> str:
    """The safe HTML, its headings going down one level at a time (WCAG 2.1 §1.3.1), its tables open to the keyboard."""
    return boxed(stepped(html))


def stepped(html: str) -> str:
    """No heading stands more than one level below the one before it; those of one level in the source stay alike."""
    open_levels: list[int] = []  # as printed by the source; a heading's level here is how many of them are open

    def renamed(match: re.Match[str]) -> str:
        if not match[1]:
            while open_levels and open_levels[-1] >= int(match[2]):
                open_levels.pop()
            open_levels.append(int(match[2]))
        return f"<{match[1]}h{TITLE + len(open_levels)}>"

    return _HEADING.sub(renamed, html)


def boxed(html: str) -> str:
    """Each outermost table in a box that can be focused, and so be scrolled by keyboard; named by its order."""
    made, depth, number = [], 0, 0
    for piece in _TABLE.split(html):
        if piece == "<table>":
            number += not depth
            made.append(BOX.format(number=number) * (not depth) + piece)
            depth += 1
        elif piece == "</table>":
            depth -= 1
            made.append(piece + "</div>" * (not depth))
        else:
            made.append(piece)
    return "".join(made)
