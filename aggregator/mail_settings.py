"""What an operator may set for e-mail: the block `mail` of sources.yaml. Secrets are named here, never held."""

import re
from datetime import time, timedelta
from email.utils import parseaddr
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from aggregator.durations import duration

ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
"""An address as every server takes it (RFC 5321, without quoted local parts and without SMTPUTF8)."""
MOST_OCTETS = 254  # of an address: RFC 5321 §4.5.3.1.3, less the angle brackets
PLACEHOLDERS = ("{id}", "{address}")


def is_address(text: str) -> bool:
    """Whether the text is one plain address, as a@b.vn."""
    return len(text) <= MOST_OCTETS and ADDRESS.fullmatch(text) is not None


def _plain(value: str) -> str:
    if value and not is_address(value):
        raise ValueError(f"{value!r} is not an e-mail address; write it as ban-tin@so.gov.vn")
    return value


def _named(value: str) -> str:
    if value and (not is_address(parseaddr(value)[1]) or re.search(r"[\r\n]", value)):
        raise ValueError(f"{value!r} is not an e-mail address; write it as Bản tin <ban-tin@so.gov.vn>")
    return value


def _at(value: Any) -> Any:
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{value!r} is not a time of day; write it in quotes, as "06:30"')
    return time(int(match[1]), int(match[2]))


def _list_id(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", value):
        raise ValueError(f"{value!r} is no name of a list; write it as a host name, as ban-tin.so.gov.vn")
    return value


def _https(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme != "https" or not parts.hostname or re.search(r"\s", value)):
        raise ValueError(f"{value!r} is not an https address; RFC 8058 asks for one")
    if value and not any(place in value for place in PLACEHOLDERS):
        raise ValueError(f"{value!r} names no recipient; write {{id}} or {{address}} where it goes (RFC 8058 §3.1)")
    return value


Address = Annotated[str, AfterValidator(_plain)]
Mailbox = Annotated[str, AfterValidator(_named)]
Span = Annotated[timedelta, BeforeValidator(duration)]


class _MailSettings(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Smtp(_MailSettings):
    """The mail server that letters are handed to. Its certificate is always verified."""

    host: Annotated[str, Field(min_length=1)]
    """Name of the server; with TLS its certificate must bear it."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Port: 587 for starttls, 465 for tls, as a rule."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """starttls, tls (from the first byte), or none: a server on this machine or in a closed network."""
    user: str = ""
    """Name to log in with; empty: no login."""
    password_file: str = ""
    """File that holds the password alone, outside the output; readable by its owner only."""
    password_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$|^$")] = ""
    """Environment variable that holds the password, instead of a file."""
    ca_file: str = ""
    """PEM file of the authority behind the server's certificate; empty: the machine's own."""
    timeout: Span = timedelta(seconds=60)
    """Longest wait for one answer."""
    per_connection: Annotated[int, Field(ge=1, le=1000)] = 50
    """At most so many letters in one connection."""
    pause: Span = timedelta(seconds=5)
    """Wait between two connections."""
    per_run: Annotated[int, Field(ge=1, le=100_000)] = 500
    """At most so many letters in one run: the others follow in the next, and no source waits long meanwhile."""

    @model_validator(mode="after")
    def _sound(self) -> "Smtp":
        if self.user and not (self.password_file or self.password_env):
            raise ValueError("user: needs password_file or password_env; the password itself never stands here")
        if self.password_file and self.password_env:
            raise ValueError("password_env: password_file is given too; keep one of them")
        if self.user and self.security == "none":
            raise ValueError("security: none would send the password in the clear; write starttls or tls")
        return self


class Mail(_MailSettings):
    """The bulletin by e-mail: written into the output each day, and sent where `smtp` is given."""

    at: Annotated[time, BeforeValidator(_at)] = time(6, 30)
    """Time of day (Asia/Ho_Chi_Minh) from which the day's letter is made and sent, in quotes."""
    sender: Mailbox = ""
    """Who it is from, as Bản tin <ban-tin@so.gov.vn>; needed for sending."""
    reply_to: Mailbox = ""
    """Where answers go; empty: to the sender."""
    recipients: str = ""
    """File with one address a line, outside the output; # begins a remark. Needed for sending."""
    list_id: Annotated[str, AfterValidator(_list_id)] = ""
    """Name of the list (List-Id, RFC 2919); empty: ban-tin. and the host of site.base_url."""
    unsubscribe_mail: Address = ""
    """Address that takes unsubscriptions (List-Unsubscribe)."""
    unsubscribe_url: Annotated[str, AfterValidator(_https)] = ""
    """https address that unsubscribes with one POST (RFC 8058); {id} or {address} stand for the recipient."""
    smtp: Smtp | None = None
    """The mail server; none: letters are only written into the output."""

    @model_validator(mode="after")
    def _sound(self) -> "Mail":
        missing = [key for key in ("sender", "recipients") if self.smtp and not getattr(self, key)]
        if missing:
            raise ValueError(f"smtp: sending needs {' and '.join(missing)}, too")
        if self.smtp and not (self.unsubscribe_mail or self.unsubscribe_url):
            raise ValueError("smtp: sending needs unsubscribe_mail or unsubscribe_url: whoever gets it must get out")
        return self
