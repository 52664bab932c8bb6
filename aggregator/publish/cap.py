"""An emergency notice as a message of CAP 1.2 (Common Alerting Protocol, OASIS, 1 July 2010). Pure.

The elements stand in the order of §3.2; tests/unit/publish/cap.rng holds the rules. Times have an offset and never "Z"
(§3.3.2); identifier and sender hold no space, comma, < or & (§3.2.1).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from aggregator.model import AlertText
from aggregator.publish import addresses
from aggregator.publish.alerts import Alert, Issued
from aggregator.publish.words import iso, xml_text

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
DEFAULT: Any = {None: NAMESPACE}
LANGUAGE, CATEGORY, EVENT = "vi-VN", "Health", "Thông báo y tế khẩn"
UNIT = "DVHC-VN"  # codes of the statistics office's list of provinces and communes


def message(alert: Alert, issued: Issued, sender: str, web: str) -> bytes:
    """The document; `web` is where people read the notice."""
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=DEFAULT)
    status = "Exercise" if issued.text.drill else "Actual"
    earlier = [f"{sender},{identifier(alert, one)},{iso(one.at)}" for one in alert.issued if one.number < issued.number]
    _add(root, "identifier", identifier(alert, issued))
    _add(root, "sender", sender)
    _add(root, "sent", iso(issued.at))
    _add(root, "status", status)
    _add(root, "msgType", issued.kind)
    _add(root, "scope", "Public")
    if issued.text.drill:
        _add(root, "note", "DIỄN TẬP, không phải thông báo thật.")
    if earlier:
        _add(root, "references", " ".join(earlier))
    root.append(_info(issued.text, issued.at, web))
    etree.indent(root, " ")
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document + b"\n"


def identifier(alert: Alert, issued: Issued) -> str:
    """The same for the same message for good, whatever the address of the site."""
    return addresses.urn("alert", alert.id, str(issued.number))


def sender_of(owner_email: str, host: str) -> str:
    """Who sends, as CAP wants it: an address without a sign that it forbids, else the site's host."""
    fit = owner_email and not set(owner_email) & set(" ,<&")
    return owner_email if fit else host


def _info(text: AlertText, at: datetime, web: str) -> etree._Element:
    info = etree.Element(f"{{{NAMESPACE}}}info", nsmap=DEFAULT)
    rows: Sequence[tuple[str, str]] = (
        ("language", LANGUAGE),
        ("category", CATEGORY),
        ("event", EVENT),
        ("urgency", text.urgency),
        ("severity", text.severity),
        ("certainty", text.certainty),
        ("effective", iso(at)),
        ("expires", iso(text.until)),
        ("senderName", text.issuer),
        ("headline", text.headline),
        ("description", text.description),
        ("instruction", text.instruction),
        ("web", web),
    )
    for name, value in rows:
        if value:
            _add(info, name, value)
    for area in text.areas:
        place = etree.SubElement(info, f"{{{NAMESPACE}}}area")
        _add(place, "areaDesc", area.name)
        if area.code:
            code = etree.SubElement(place, f"{{{NAMESPACE}}}geocode")
            _add(code, "valueName", UNIT)
            _add(code, "value", area.code)
    return info


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = xml_text(text)
