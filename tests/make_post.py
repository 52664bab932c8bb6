"""A real mail server on loopback for tests: what it takes, refuses, puts off, and how it hangs up."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from aggregator.mail_settings import Mail, Smtp
from aggregator.model import Handed, Recipient
from aggregator.operate.recipients import recipient
from aggregator.ports import PostLine

USER, PASSWORD = "ban-tin", "mat-khau-rat-bi-mat"


@dataclass
class Mailbox:
    """What reached the server, and how it behaves: by address a reply, or `hang-up`, `hang-up-after`."""

    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    says_at_end: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    logins: list[bytes] = field(default_factory=list)

    def messages(self, address: str = "") -> list[EmailMessage]:
        return [read(raw) for _, to, raw in self.taken if address in ("", to)]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        if not session.ssl:
            self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        answer = self.says.get(address, "250 OK")
        if answer == "hang-up":
            server.transport.abort()
            return "421 bye"
        envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        to = envelope.rcpt_tos[-1]
        answer = self.says_at_end.get(to, "250 OK")
        if answer.startswith(("250", "hang-up-after")):
            self.taken.append((envelope.mail_from, to, envelope.original_content))
        if answer.startswith("hang-up"):
            server.transport.abort()
        return answer


def read(raw: bytes) -> EmailMessage:
    made = message_from_bytes(raw, policy=policy.default)
    assert isinstance(made, EmailMessage)
    assert [part.defects for part in made.walk() if part.defects] == []
    return made


def text_of(made: EmailMessage) -> str:
    body = made.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def html_of(made: EmailMessage) -> str:
    body = made.get_body(("html",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    held, secret = folder / "ca.pem", folder / "key.pem"
    held.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return held, secret


class Loopback(Controller):
    """On any free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def server(mailbox: Mailbox, folder: Path | None = None) -> Iterator[int]:
    """The server's port. With a folder it speaks STARTTLS, and takes mail after a login only."""
    options: dict[str, Any] = {}
    if folder is not None:
        held, secret = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(held, secret)

        def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
            mailbox.logins.append(data.login)
            right = data.login == USER.encode() and data.password == PASSWORD.encode()
            return AuthResult(success=right, handled=False)

        options = {"tls_context": context, "require_starttls": True, "authenticator": login, "auth_required": True}
    held_open = Loopback(mailbox, hostname="127.0.0.1", port=0, **options)
    held_open.start()
    try:
        yield held_open.port
    finally:
        held_open.stop()


def mail(port: int = 0, **fields: Any) -> Mail:
    """Settings for that server; a port of 0: letters are written only."""
    smtp = {"host": "127.0.0.1", "port": port, "security": "none", "pause": "0s", "timeout": "10s"}
    given: dict[str, Any] = {
        "at": "06:30",
        "sender": "Bản tin y tế <ban-tin@bantin.example.vn>",
        "recipients": "nguoi-nhan.txt",
        "unsubscribe_mail": "huy@bantin.example.vn",
        "smtp": Smtp.model_validate({**smtp, **fields.pop("smtp", {})}) if port else None,
        **fields,
    }
    return Mail.model_validate(given)


class Died(BaseException):
    """The process ended here."""


class FakePost:
    """A Post in memory. `dies` names a moment (`before-end`, `after-end`) at which the process ends, once."""

    def __init__(self, *addresses: str) -> None:
        self.people = [recipient(address) for address in addresses]
        self.taken: list[tuple[str, bytes]] = []
        self.answers: dict[str, list[Handed]] = {}
        self.dies = ""
        self.connections: list[int] = []
        self.rests = 0
        self.lines = "list"

    def recipients(self) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
        return tuple(self.people), ()

    def connect(self) -> PostLine:
        self.connections.append(0)
        return self

    def rest(self) -> None:
        self.rests += 1

    def hand(self, sender: str, address: str, message: bytes, before_end: Any) -> Handed:
        self.connections[-1] += 1
        answer = self.answers.get(address, [])
        handed = answer.pop(0) if answer else Handed("sent")
        if handed.outcome in {"refused", "later", "lost"}:
            return handed
        before_end()
        self._die("before-end")
        self.taken.append((address, message))
        self._die("after-end")
        return handed

    def close(self) -> None:
        pass

    def messages(self, address: str = "") -> list[EmailMessage]:
        return [read(raw) for to, raw in self.taken if address in ("", to)]

    def _die(self, moment: str) -> None:
        if self.dies == moment:
            self.dies = ""
            raise Died
