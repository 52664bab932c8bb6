"""An article whose fields a site tells apart (JSON): title, lead, time and author as they are, its body cleaned."""

from bs4 import BeautifulSoup, Tag

from aggregator.collect import blocks, html, offered, opening, withdrawn
from aggregator.collect import body as bodies
from aggregator.collect.article import Parts


def parts(tree: BeautifulSoup, where: Tag, base: str, told: Parts) -> Parts:
    """The told fields with the body that stands at the place; a lead that was told empty may open it in bold.

    The tree is used up: junk is cut out of it.
    """
    blocks.break_lines(tree)
    notice = withdrawn.notice_of(tree, where)
    if notice:
        return Parts(told.title, told.lead, time=told.time, notice=notice)
    opens = opening.bold(blocks.Survey(tree), where) if not told.lead else None
    lead = told.lead or html.line(opens)
    if opens is not None:
        opens.decompose()
    uncut = bodies.uncut(where)
    images = bodies.clean(tree, where, base)
    bodies.cut_title(where, told.title)
    signed = bodies.signed(where)
    files = offered.attachments([where], base)
    offered.cut_offers(where)
    return Parts(
        title=told.title,
        lead=lead,
        author=told.author or signed,
        time=told.time,
        modified=told.modified,
        body=where.decode_contents().strip(),
        text=html.line(where),
        images=images,
        attachments=files,
        uncut=uncut,
    )
