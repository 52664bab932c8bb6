"""The one table of permanent addresses. A path is relative to output/; a link is what stands in a page.

home                index.html                          all days    ngay/index.html
story               tin/<yyyy>/<mm>/<slug>-<id>.html    day         ngay/<yyyy-mm-dd>/index.html
archive             luu-tru/index.html                  month       luu-tru/<yyyy-mm>/index.html
tag, source         <folder>/<slug>/index.html          and month   <folder>/<slug>/<yyyy-mm>/index.html
feed                feed/<shelf>.rss|.atom|.json        search      search/<segment>/<file>.json
week                tuan/<yyyy>-W<ww>/index.html
what to do          can-lam-gi/index.html               sheet   khan/<id>/to-giay/index.html
                                                        texts   khan/<id>/chia-se/index.html
letter of a day     thu/<yyyy-mm-dd>/index.html         as mail thu/<yyyy-mm-dd>/ban-tin.eml
                                                        correction thu/<yyyy-mm-dd>/dinh-chinh-<n>.eml
emergency notice    thong-bao/<id>/index.html           CAP     cap/<id>-<n>.xml
a drill             dien-tap/index.html                 CAP     dien-tap/cap/<id>-<n>.xml
public keys         keys.json                           heartbeat   heartbeat.json
embeds' state       embed/state.json                    payload     embed/latest/<shelf>.json
embeds' roll        embed/roll/<n>.json
publication log     log/<yyyy-mm-dd>.jsonl              signature   <path>.sig, of what `is_signed`
                                                        copies      <path>.gz|.br of texts (copies.py)
"""

import re
import uuid
from datetime import datetime
from urllib.parse import quote, urlsplit, urlunsplit

from aggregator.publish.words import LOCAL
from aggregator.text import slug

FOLDERS = {
    "urgent": "khan",
    "topic": "chu-de",
    "disease": "benh",
    "place": "noi",
    "authority": "co-quan",
    "document": "van-ban",
    "source": "nguon",
}
"""Folder of each kind of shelf that has pages of its own."""

HOME = "index.html"
DAYS = "ngay/index.html"
ARCHIVE = "luu-tru/index.html"
TO_DO = "can-lam-gi/index.html"
SEARCH = "tim-kiem/index.html"
SEARCH_INDEX = "search/index.json"
SEARCH_PLACES = "search/places.json"
CORRECTIONS = "dinh-chinh/index.html"
STATUS = "trang-thai/index.html"
ABOUT = "gioi-thieu/index.html"
SUBSCRIBE = "dang-ky/index.html"
DRILL = "dien-tap/index.html"
ALERTS_SHELF = "canh-bao"  # no shelf: emergency notices, as payloads are published and trusted
ALERTS = f"embed/latest/{ALERTS_SHELF}.json"
GALLERY = "nhung/index.html"
GALLERY_SAFETY = "nhung/an-toan/index.html"
MISSING = "404.html"
OPML = "opml.xml"
SITEMAP = "sitemap.xml"
SITEMAP_PAGES = "sitemap/pages.xml"
SITEMAP_NEWS = "sitemap/news.xml"
ROBOTS = "robots.txt"
HEARTBEAT = "heartbeat.json"
KEYS = "keys.json"
EMBEDS_STATE = "embed/state.json"
PAYLOADS = "embed/latest/"
PAYLOAD = ".json"
LOG = "log/"
SIGNATURE = ".sig"
COPIES = {"brotli": ".br", "gzip": ".gz"}
BUSY = frozenset({STATUS, HEARTBEAT, STATUS + SIGNATURE, HEARTBEAT + SIGNATURE})  # what an idle run writes
FEED_FORMATS = ("rss", "atom", "json")

IDS = uuid.UUID("5a7c5b3e-2f0e-5d0b-9a53-6f6c1f1f7d11")  # never to change: ids in feeds are made from it
SIGNED = re.compile(
    r"(?:feed|embed/latest|(?:dien-tap/)?cap)/.+|(?:ngay|thu)/\d{4}-\d\d-\d\d/(?:index\.html|.+\.eml)|trang-thai/index\.html|heartbeat\.json"
)
STORY = re.compile(r"(tin/\d{4}/\d{2}/)(?:.*-)?([0-9a-z]{12})\.html")
IN_URI = "%/:@!$&'()*+,;=~"  # RFC 3986 §3.3, but for letters, digits, "-._" and the "?" of a query
PLAIN_URI = re.compile(
    r"[a-z]+://[\w.:-]+/[\w%/:@!$&'()*+,;=~.-]*(?:\?[\w%/:@!$&'()*+,;=~?.-]*)?", re.ASCII
)  # most are
SAFE_KEY = re.compile(r"[a-z0-9]+(?:[-/][a-z0-9]+)*")


def story_path(id: str, title: str, published: datetime) -> str:
    """Where a story is published first, and stays whatever its title and time become."""
    return f"tin/{published.astimezone(LOCAL):%Y/%m}/{slug(title) or 'tin'}-{id}.html"


def shelf_path(key: str) -> str:
    """The page of a shelf: `all`, `topic/x`, `topic/x/2026-10`, `day/2026-10-20`, `month/2026-10`, `corrections`.

    Beside them `week/2026-w43`, and `urgent`, the shelf of the notices in force.
    """
    if key in {"all", "corrections"}:
        return HOME if key == "all" else CORRECTIONS
    if key == "urgent":
        return kind_path(key)
    kind, _, rest = checked(key).partition("/")
    folder = {"day": "ngay", "week": "tuan", "month": "luu-tru", **FOLDERS}[kind]
    rest = rest.upper() if kind == "week" else rest  # ISO 8601: 2026-W43
    return f"{folder}/{rest}/index.html"


def kind_path(kind: str) -> str:
    """The page that lists all shelves of a kind."""
    return f"{FOLDERS[kind]}/index.html"


def sheet_path(id: str) -> str:
    """The A4 page of a notice, by its story's id."""
    return f"{FOLDERS['urgent']}/{id}/to-giay/index.html"


def texts_path(id: str) -> str:
    """The texts of a notice for loudspeakers and messages, by its story's id."""
    return f"{FOLDERS['urgent']}/{id}/chia-se/index.html"


def alert_path(id: str) -> str:
    """The page of an emergency notice."""
    return f"thong-bao/{id}/index.html"


def cap_path(id: str, number: int, drill: bool) -> str:
    """A message about an emergency notice in CAP 1.2; those of drills stand apart."""
    return f"{'dien-tap/' if drill else ''}cap/{id}-{number}.xml"


def letter_path(day: str) -> str:
    """The page of the letter of a day."""
    return f"thu/{day}/index.html"


def message_path(day: str, number: int) -> str:
    """The letter as a mail program opens it (RFC 5322): the bulletin (0), or a correction that follows it."""
    return f"thu/{day}/{f'dinh-chinh-{number}' if number else 'ban-tin'}.eml"


def feed_path(key: str, form: str) -> str:
    """The feed of a shelf; `form` is one of FEED_FORMATS."""
    return f"feed/{checked(key)}.{form}"


def search_path(segment: str, file: str) -> str:
    """A file of a segment of the search index (search.py); its folder where `file` is ""."""
    return f"search/{segment}/{file}.json" if file else f"search/{segment}/"


def payload_path(key: str) -> str:
    """What the embeds of a shelf show, as data."""
    return f"{PAYLOADS}{checked(key)}{PAYLOAD}"


def shelf_of_payload(path: str) -> str:
    """The shelf whose payload it is; "" for any other file."""
    if not path.startswith(PAYLOADS) or not path.endswith(PAYLOAD):
        return ""
    return path.removeprefix(PAYLOADS).removesuffix(PAYLOAD)


def roll_path(number: int) -> str:
    """A bin of the roll of payloads (roll.py)."""
    return f"embed/roll/{number}.json"


def sitemap_path(day: str) -> str:
    """The sitemap of a day's stories."""
    return f"sitemap/{day}.xml"


def is_signed(path: str) -> bool:
    """Whether the file has a signature beside it: bulletins, feeds, embed payloads, and what an idle run writes."""
    return SIGNED.fullmatch(path) is not None and not path.endswith((SIGNATURE, *COPIES.values()))


def is_logged(path: str) -> bool:
    """Whether the publication log names the file: all but signatures, copies, the log, and what an idle run writes."""
    return path not in BUSY and not path.startswith(LOG) and not path.endswith((SIGNATURE, *COPIES.values()))


def copies(path: str) -> tuple[str, ...]:
    """Where compressed copies of the file may stand; none of a signature or a copy."""
    return tuple(path + end for end in COPIES.values()) if not path.endswith((SIGNATURE, *COPIES.values())) else ()


def without_copy(path: str) -> str:
    """The file of which this is a compressed copy; the path itself where it is none."""
    return next((path.removesuffix(end) for end in COPIES.values() if path.endswith(end)), path)


def logged(path: str) -> str:
    """How the log names a file: a story by its id alone, for words of a purged title must not stay in the log."""
    story = STORY.fullmatch(path)
    return f"{story[1]}{story[2]}.html" if story else path


def story_of(path: str) -> str:
    """The id of the story whose page it is; "" for any other file."""
    story = STORY.fullmatch(path)
    return story[2] if story else ""


def log_path(at: datetime) -> str:
    """The file of the publication log for that moment's local day."""
    return f"{LOG}{at.astimezone(LOCAL):%Y-%m-%d}.jsonl"


def link(path: str, base: str) -> str:
    """The address of a file of the output below `base` (which ends in a slash); a folder's page is its folder."""
    return base + path.removesuffix("index.html")


def uri(url: str) -> str:
    """An address as feeds and links want it: what RFC 3986 §2 lets stand in none is percent-encoded, the rest stays."""
    if PLAIN_URI.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:  # no host in what stands between brackets
        return quote(url, safe="%:/")
    path, query, fragment = (
        quote(part, safe=f"{IN_URI}{more}") for part, more in zip(parts[2:], ("", "?", "?"), strict=True)
    )
    return urlunsplit((parts.scheme, parts.netloc, path, query, fragment))


def urn(*parts: str) -> str:
    """An id for feeds that depends on nothing but the parts: not on the address of the site."""
    return uuid.uuid5(IDS, "/".join(parts)).urn


def checked(key: str) -> str:
    """The key, when it can stand in an address. Raises ValueError for any other: it would be our own fault."""
    if not SAFE_KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not the key of a shelf")
    return key
