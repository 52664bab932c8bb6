"""The one door for mail: a connection to the configured server, and one message at a time through it.

A message is taken over by the server when it answers the end of the data (RFC 5321 §4.2.5, §6.1). So the end is sent
apart from the rest: whatever breaks before it, nothing was accepted; what breaks behind it may have been.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from pathlib import Path

from aggregator.errors import PostError
from aggregator.mail_settings import Mail, Smtp
from aggregator.model import Handed, Recipient
from aggregator.operate.recipients import read_recipients

NETWORK = (OSError, smtplib.SMTPException)
CLOSING = 421  # RFC 5321 §3.8: the server closes the connection
READY = 354
TOLD = 160  # signs of what a server says
ADDRESS = re.compile(r"[^\s<>:;,]+@[^\s<>:;,]+")


class SmtpPost:
    """ports.Post over SMTP. `password` is asked for at each login, and kept out of every message of ours."""

    def __init__(self, mail: Mail, smtp: Smtp, password: Callable[[], str], sleep: Callable[[float], None]) -> None:
        self._mail = mail
        self._smtp = smtp
        self._password = password
        self._sleep = sleep

    def recipients(self) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
        """Everybody in the file, and its bad lines. Raises PostError."""
        return read_recipients(Path(self._mail.recipients))

    def rest(self) -> None:
        """Wait between two connections."""
        self._sleep(self._smtp.pause.total_seconds())

    def connect(self) -> "SmtpLine":
        """A connection, encrypted and logged in as configured. Raises PostError."""
        where = f"mail server {self._smtp.host}:{self._smtp.port}"
        try:
            server = self._opened()
        except smtplib.SMTPAuthenticationError as error:
            said = f"it refuses the login of {self._smtp.user} ({error.smtp_code}); correct mail.smtp"
            raise PostError(f"{where}: {said}") from None  # what it says may quote what it was sent
        except smtplib.SMTPNotSupportedError as error:
            raise PostError(f"{where}: {error}; correct mail.smtp.security or user") from error
        except ssl.SSLError as error:
            said = f"no trusted TLS connection ({error.reason or error}); mail.smtp.ca_file names another authority"
            raise PostError(f"{where}: {said}") from error
        except NETWORK as error:
            raise PostError(f"{where}: {_cause(error)}; letters wait for the next run") from error
        return SmtpLine(server)

    def _opened(self) -> smtplib.SMTP:
        smtp = self._smtp
        context = ssl.create_default_context(cafile=smtp.ca_file or None)
        wait_s = smtp.timeout.total_seconds()
        if smtp.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=wait_s, context=context)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=wait_s)
        try:
            if smtp.security == "starttls":
                server.starttls(context=context)
            if smtp.user:
                server.login(smtp.user, self._password())
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server


class SmtpLine:
    """ports.PostLine over SMTP."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def hand(self, sender: str, address: str, message: bytes, before_end: Callable[[], None]) -> Handed:
        """What the server made of the message: see ports.PostLine."""
        try:
            refused = self._begin(sender, address)
            if refused is not None:
                return refused
            self._server.send(_stuffed(message))
        except NETWORK as error:
            self._server.close()
            return Handed("lost", _cause(error), closing=True)
        try:
            before_end()
        except BaseException:
            self._server.close()  # without its end the server takes nothing over
            raise
        try:
            self._server.send(b".\r\n")
            code, said = self._server.getreply()
        except NETWORK as error:
            self._server.close()
            return Handed("unknown", f"no answer to its end: {_cause(error)}", closing=True)
        return Handed("sent") if 200 <= code < 300 else _refusal(code, said)

    def close(self) -> None:
        """Take leave; a server that is gone already is no fault."""
        try:
            self._server.quit()
        except NETWORK:
            self._server.close()

    def _begin(self, sender: str, address: str) -> Handed | None:
        """Up to the server's word that it listens; what it says when it will not."""
        for command, text in (("mail", f"FROM:<{sender}>"), ("rcpt", f"TO:<{address}>"), ("data", "")):
            code, said = self._server.docmd(command.upper(), text)
            if code != READY if command == "data" else not 200 <= code < 300:
                refused = _refusal(code, said)
                if command == "mail" and refused.outcome == "refused":  # that is about us, not about the recipient
                    refused = Handed("later", f"the sender is refused: {refused.because}", closing=True)
                if not refused.closing:
                    self._server.rset()
                return refused
        return None


def _refusal(code: int, said: bytes) -> Handed:
    words = ADDRESS.sub("…", said.decode("utf-8", "replace").replace("\n", " "))[:TOLD]
    outcome = "refused" if 500 <= code < 600 else "later"
    return Handed(outcome, f"{code} {words}".strip(), closing=code == CLOSING)  # type: ignore[arg-type]


def _cause(error: Exception) -> str:
    """What broke, in words that hold neither an address of a recipient nor a secret."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {error.smtp_code}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hung up"
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else type(error).__name__


def _stuffed(message: bytes) -> bytes:
    """The message with a dot before each line that begins with one (RFC 5321 §4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", message)
