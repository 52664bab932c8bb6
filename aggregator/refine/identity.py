"""Which article is it, and has its text changed? Addresses become keys here; addresses for readers stay as they are."""

import hashlib
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from w3lib.url import canonicalize_url

from aggregator.model import Article, Known, Validator, Verdict
from aggregator.text import nfc

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
ID_LENGTH = 12  # 36^12 ids: among a million articles two fall together once in ten million archives
# What says how a reader came, never which page it is: a closed list, since `aid`, `id`, `ref` may be the identity.
TRACKING = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ttclid", "twclid", "igshid",
    "gidzl", "zarsrc", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "srsltid",
    "inheritredirect",  # Liferay: whether the way back is kept
})  # fmt: skip
_MOBILE = re.compile(r"^(?:(?:www|m)\.)+(?=[^.]+\.)")
_HOST = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)


def canonical(url: str) -> str:
    """The key of an address: equal for addresses of the same page, whatever the scheme, www., m. or tracking.

    Made to compare, not to fetch: the scheme is always https. Parameters are sorted and kept, but for TRACKING.
    What is no web address comes back as it is, trimmed.
    """
    url = nfc(url.strip())
    try:
        parts = urlsplit(url)
        host = _MOBILE.sub("", (parts.hostname or "").rstrip("."))
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return url
    path = _SESSION.sub("", parts.path) or "/"
    pairs = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(pair[0]))
    query = f"?{urlencode(pairs)}" if pairs else ""
    return str(canonicalize_url(f"https://{host}{port}{path}{query}"))


def article_id(source_id: str, ref: str, url: str) -> str:
    """The id of an article for good: from the source and the site's own id, else from its canonical address.

    12 signs of [0-9a-z], the same on every machine.
    """
    name = f"ref\x1f{ref.strip()}" if ref.strip() else f"url\x1f{canonical(url)}"
    key = f"{source_id}\x1f{name}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.blake2b(key, digest_size=16).digest(), "big")
    signs = []
    for _ in range(ID_LENGTH):
        number, digit = divmod(number, len(DIGITS))
        signs.append(DIGITS[digit])
    return "".join(signs)


def verdict(
    article: Article, known: Known | None, lead_digest: str = "", validator: Validator | None = None
) -> Verdict:
    """What became of the article beside what the store holds; only title, lead and text count as a change."""
    kept = validator or Validator()
    if known is None or known.status == "quarantined":
        return Verdict(article, "new", "bài mới", lead_digest, kept)
    if article.text_digest == known.text_digest:
        return Verdict(article, "unchanged", "không đổi", lead_digest, kept)
    because = "tiêu đề đổi" if article.title != known.title else "lời dẫn hoặc nội dung đổi"
    return Verdict(article, "revised", because, lead_digest, kept)


def moved(new: Verdict, known: Known, url: str = "") -> Verdict:
    """The verdict on a stored article that was found under another address: it keeps its id, and shows its new place.

    `url` is the address that led to it, "" when that is the article's own.
    """
    article = replace(new.article, id=known.id)
    because = f"địa chỉ đổi: {known.url} → {article.url}"
    return replace(new, article=article, outcome="revised", because=because, also=(url,) if url else ())


def _is_tracking(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith("utm_")
