"""The kinds of values that settings are made of."""

import re
from datetime import timedelta
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from aggregator.durations import duration
from aggregator.text import ascii_host


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(f"{value!r} is not a web address; write https://host/path")
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} is not a short name; use a-z, 0-9 and single hyphens, as so-y-te")
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f"{value!r} is not a colour; write it as #0b5d8c")
    return value.lower()


def _host(value: str) -> str:
    return ascii_host(value.strip())


Duration = Annotated[timedelta, BeforeValidator(duration)]
Url = Annotated[str, AfterValidator(_web_address)]
Slug = Annotated[str, AfterValidator(_slug)]
Host = Annotated[str, AfterValidator(_host)]
Colour = Annotated[str, AfterValidator(_colour)]
Scope = Literal["link", "lead", "full"]
Mode = Literal["preview", "public", "demo"]
Kind = Literal["moh_bridge", "vccorp", "liferay", "aspnet", "wordpress", "feed", "sitemap", "listing", "auto"]


class Settings(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def is_local(url: str) -> bool:
    """Whether the address means something on this machine or in this house only."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local"))


def is_inside(path: str) -> bool:
    """Whether a relative path stays inside its folder."""
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts
