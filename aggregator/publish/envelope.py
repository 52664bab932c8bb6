"""A printed letter as a message (RFC 5322, MIME): the same bytes for the same letter and recipient. Pure."""

import base64
from email.header import Header
from email.utils import format_datetime, parseaddr
from urllib.parse import quote, urlsplit

from aggregator.mail_settings import Mail
from aggregator.model import Letter, Recipient, digest_of
from aggregator.publish.letterpress import Printed
from aggregator.publish.words import LOCAL
from aggregator.text import ascii_host

ENCODED = 76  # signs in a line of base64: RFC 2045 §6.8
GROUP = "Nguoi nhan ban tin:;"  # a group without members (RFC 5322 §3.4): the file in the output names nobody
LIST = "ban-tin"


def message(printed: Printed, mail: Mail, base_url: str, recipient: Recipient | None = None) -> bytes:
    """The whole message, lines ended by CRLF. Without a recipient it is the one that stands in the output."""
    letter = printed.letter
    boundary = f"=_{digest_of('boundary', letter.day, str(letter.number), printed.html, printed.text)[:40]}"
    head = [
        ("From", _mailbox(mail.sender, "From") or f"{LIST}@{_host(base_url)}"),
        ("To", recipient.address if recipient else GROUP),
        *([("Reply-To", _mailbox(mail.reply_to, "Reply-To"))] if mail.reply_to else []),
        ("Subject", Header(printed.subject, "utf-8", header_name="Subject").encode(linesep="\r\n")),
        ("Date", format_datetime(letter.composed_at.astimezone(LOCAL).replace(microsecond=0))),
        ("Message-ID", message_id(letter, mail, base_url, recipient)),
        *_thread(letter, mail, base_url, recipient),
        *_list(mail, base_url, recipient),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834 §5: nobody's holiday message shall answer it
        ("Precedence", "bulk"),
        ("Content-Language", "vi"),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]
    lines = [f"{name}: {value}" for name, value in head]
    for kind, body in (("plain", printed.text), ("html", printed.html)):
        lines += ["", f"--{boundary}", *_part(kind, body)]
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode("ascii")


def message_id(letter: Letter, mail: Mail, base_url: str, recipient: Recipient | None) -> str:
    """The same whenever the letter is sent to the recipient: a receiver that has it drops a second copy."""
    name = f"{letter.day}.{letter.number}.{recipient.id if recipient else 'web'}"
    domain = parseaddr(mail.sender)[1].rpartition("@")[2] or _host(base_url)
    return f"<{LIST}.{name}@{domain}>"


def leave_address(mail: Mail, recipient: Recipient | None) -> str:
    """Where the recipient unsubscribes, for the foot of the letter: the https address, else the mail; "" for none."""
    if mail.unsubscribe_url and recipient:
        return _leave_url(mail, recipient)
    return _leave_mail(mail) if mail.unsubscribe_mail else ""


def _thread(letter: Letter, mail: Mail, base_url: str, recipient: Recipient | None) -> list[tuple[str, str]]:
    """A correction answers the bulletin, so that mail programs show it below."""
    if not letter.number:
        return []
    first = message_id(Letter(letter.day, 0, letter.composed_at), mail, base_url, recipient)
    return [("In-Reply-To", first), ("References", first)]


def _list(mail: Mail, base_url: str, recipient: Recipient | None) -> list[tuple[str, str]]:
    """RFC 2919, RFC 2369; one-click unsubscribing (RFC 8058) only where there is an https address for it."""
    url = _leave_url(mail, recipient) if mail.unsubscribe_url and recipient else ""
    ways = [f"<{way}>" for way in (url, _leave_mail(mail) if mail.unsubscribe_mail else "") if way]
    rows = [("List-Id", f"<{mail.list_id or f'{LIST}.{_host(base_url)}'}>")]
    rows += [("List-Archive", f"<{base_url}ngay/>")]
    rows += [("List-Unsubscribe", ",\r\n ".join(ways))] if ways else []
    rows += [("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if url else []
    return rows


def _leave_url(mail: Mail, recipient: Recipient) -> str:
    address = quote(recipient.address, safe="")
    return mail.unsubscribe_url.replace("{id}", recipient.id).replace("{address}", address)


def _leave_mail(mail: Mail) -> str:
    return f"mailto:{mail.unsubscribe_mail}?subject={quote('Huỷ nhận bản tin')}"


def _mailbox(value: str, header: str) -> str:
    name, address = parseaddr(value)
    if not name:
        return address
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    shown = f'"{quoted}"' if name.isascii() else Header(name, "utf-8", header_name=header).encode(linesep="\r\n")
    return f"{shown} <{address}>"


def _part(kind: str, body: str) -> list[str]:
    """A part in base64: shorter than quoted-printable where half of the letters bear marks."""
    text = base64.b64encode("\r\n".join(body.splitlines()).encode() + b"\r\n").decode("ascii")
    lines = [text[start : start + ENCODED] for start in range(0, len(text), ENCODED)]
    head = [f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: base64", ""]
    return [*head, *lines]


def _host(base_url: str) -> str:
    return ascii_host(urlsplit(base_url).hostname or "localhost")
