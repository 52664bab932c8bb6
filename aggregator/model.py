"""The frozen types that the steps hand on, one new type at each hand-over. Imports nothing of ours.

Source -> Page | Unchanged | Missing -> Lead -> Draft -> Article (+ Revision) -> Verdict, TagMatch
-> Link, StoryRecord -> Story -> Artifact. Settings (Source, Campaign, Site) stand in settings.py.
Times are aware UTC, but for the fields named `time`/`modified` of Lead and Draft: text as printed.
Text of Lead and Draft is as served; text of Article and later is NFC and cleaned.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

# --- the network -----------------------------------------------------------------------------

Purpose = Literal["section", "article", "recheck", "robots", "link", "verify"]


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server gave to ask conditionally next time (RFC 9110 §8.8). Empty strings when it gave none."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a server. `headers` are sent besides the fetcher's own; `once`: no second attempt."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    purpose: Purpose = "article"
    validator: Validator = Validator()
    once: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A 2xx answer. `url` is the address after redirects, header names are lower case, `body` is decompressed."""

    request: Request
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    hops: tuple[tuple[int, str], ...] = ()  # the redirects that led here: status, and the address that gave it

    def header(self, name: str) -> str:
        """The first value of the header (name in lower case), "" when absent."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def digest(self) -> str:
        """SHA-256 of the body, hex."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def validator(self) -> Validator:
        """What to send next time to be told "unchanged"."""
        return Validator(self.header("etag"), self.header("last-modified"))


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A 304 answer."""

    request: Request
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """A 404 or 410 answer: for an article an answer, not a fault."""

    request: Request
    status: Literal[404, 410]
    fetched_at: datetime


Answer = Page | Unchanged | Missing

NOISE = re.compile(
    r"(?:khoảng\s+)?\d+\s*(?:giây|phút|giờ|tiếng|ngày|tuần|tháng)\s+trước|vừa xong|hôm (?:nay|qua)"
    r"|(?:số )?(?:lượt (?:xem|đọc|truy cập)|view count|views?)\s*[:(]?\s*\d[\d.,]*\)?"
    r"|\d[\d.,]*\s*(?:lượt (?:xem|đọc|truy cập)|views?\b)",
    re.IGNORECASE,
)
"""What listings print otherwise at every look, though nothing of the article changed: how long ago, how often read."""

# --- collect: what a site says, as printed ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lead:
    """One item of a listing or feed: a pointer to an article. Text as served, `url` absolute.

    `ref` is the site's own id of the article ("" where it has none); `request` asks for the article's page;
    `body` is HTML the feed itself carried in full ("" when it carried a teaser only).
    """

    source: str
    section: str
    url: str
    request: Request
    ref: str = ""
    title: str = ""
    summary: str = ""
    author: str = ""
    time: str = ""
    body: str = ""
    image: str = ""

    @property
    def digest(self) -> str:
        """Of what the listing shows: a change brings the re-check of the article forward, but not noise."""
        return digest_of(self.title, NOISE.sub("", self.summary), NOISE.sub("", self.time))


@dataclass(frozen=True, slots=True)
class Image:
    """An image of an article. Shown as a credit and a link, never hot-linked."""

    url: str
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file an article links to (.pdf, .docx, ...)."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a reader took it from its page: text as printed, `body` unsafe HTML.

    `url` is the address for readers; `base` resolves relative links in `body`. `digest` is that of the raw
    bytes. `lead_digest` is that of the Lead that led here ("" on a re-check). `doubts` are reasons in words.
    `notice` is the sentence by which the page says that the article was withdrawn, "" for a living article.
    `uncut` is the body as served, scripts and hidden blocks with it, cut off at a bound; "" where it is `body`.
    """

    source: str
    url: str
    ref: str
    title: str
    lead: str
    author: str
    time: str
    modified: str
    body: str
    base: str
    digest: str
    fetched_at: datetime
    reader: str
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str = "vi"
    lead_digest: str = ""
    validator: Validator = Validator()
    doubts: tuple[str, ...] = ()
    notice: str = ""
    uncut: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """A draft with the page that it was read from, and the lead that led there (None on a re-check)."""

    draft: Draft
    page: Page
    lead: Lead | None


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was left out, and why (in words for the operator)."""

    url: str
    because: str


# --- provenance: where a text comes from ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Raw:
    """A page as it is kept in the raw archive; `articles` are the ids of those whose text was read from it."""

    page: Page
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """Where a page lies in the raw archive: a file's name, and the first byte and the length of its record there."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Response:
    """The answer that a text of an article was read from, found by the digest of its body.

    `headers` are those that matter. Without a `record` the bytes are not kept: `because` says why they could not be,
    and is "" where they were not meant to be.
    """

    article: str
    digest: str
    request: Request
    url: str
    hops: tuple[tuple[int, str], ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    lead: Lead | None
    record: RawRecord | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """How the raw archive stands: its files, their bytes, and what is wrong with it ("" when all is well)."""

    files: int
    bytes: int
    problem: str = ""


# --- refine: what we say the site said -----------------------------------------------------------


class SafeHtml(str):
    """HTML that is safe to put into a page as it is. Made by refine.sanitise only (and re-read by store)."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell Jinja's autoescape that this is markup."""
        return str(self)


Precision = Literal["minute", "day", "guessed", "none"]
"""How exact `Article.published` is: `day` = only a date was printed (shown without a time, time 00:00 local);
`guessed` = read from an id, or clamped to the fetch time; `none` = no date was found (published = fetched_at)."""


@dataclass(frozen=True, slots=True)
class Article:
    r"""One article of one source, cleaned: NFC, entities decoded, dates in UTC, `body` sanitised.

    `id` is refine.identity's: stable for good, the same on every machine. `text` is the plain text of `body`,
    paragraphs separated by "\n". `title` and `lead` are verbatim (NFC and white space apart).
    """

    id: str
    source: str
    url: str
    ref: str
    title: str
    lead: str
    author: str
    published: datetime
    precision: Precision
    modified: datetime | None
    body: SafeHtml
    text: str
    digest: str
    fetched_at: datetime
    reader: str
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    language: str = "vi"
    doubts: tuple[str, ...] = ()

    @property
    def text_digest(self) -> str:
        """Of title, lead and text: what makes a new revision when it changes."""
        return digest_of(self.title, self.lead, self.text)


@dataclass(frozen=True, slots=True)
class Revision:
    """A text of an article that we saw. `number` counts from 1; `seen_at` is when we first saw it."""

    article: str
    number: int
    title: str
    lead: str
    text: str
    text_digest: str
    digest: str
    seen_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a draft beside what the store holds. `also` are further addresses at which it was seen."""

    article: Article
    outcome: Literal["new", "revised", "unchanged"]
    because: str
    lead_digest: str = ""
    validator: Validator = Validator()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A text that is kept from readers until a person decides: it looks as if an intruder had written it.

    `digest` names it among the article's; `score` in 0..1, `because` and `seen` are for the operator. `urgent`: it
    reads like an urgent notice, which must be told. `domains` are those it links to openly. `cleared`: the source
    shows another text by now.
    """

    article: Article
    digest: str
    score: float
    because: tuple[str, ...]
    seen: tuple[str, ...]
    urgent: bool
    domains: tuple[str, ...]
    at: datetime
    state: Literal["held", "released", "cleared"] = "held"


@dataclass(frozen=True, slots=True)
class Learned:
    """What the clean and released articles of a source taught: in how many each domain was linked to, each topic met.

    `new`: the numbers of new articles of its latest visits that brought any, the newest first; its very first one is
    left out, which brings what had gathered before.
    """

    domains: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)
    new: tuple[int, ...] = ()


TagKind = Literal["topic", "disease", "place", "authority", "document", "urgent"]
Field = Literal["title", "lead", "text"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that earned a tag: `text == getattr(article, field)[start:end]`, offsets in code points of NFC."""

    field: Field
    start: int
    end: int
    text: str


Order = Literal[
    "declare", "isolate", "test", "call", "monitor", "seek-care", "stop-using", "stop-selling", "return", "evacuate",
    "avoid", "boil-water", "stand-by", "vaccinate", "recall", "inspect", "report",
]  # fmt: skip
"""What an urgent notice orders; their words stand in refine/vocabulary/urgent.yaml."""
OF_BODIES: frozenset[Order] = frozenset({"recall", "inspect", "report"})
"""What only authorities and firms are told to do."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """One thing that a notice orders, and the first words that order it."""

    order: Order
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A place that people are asked about, verbatim, and when they were there: the words, and both ends in UTC.

    `start` is None where the text names no beginning, `end` where it names none ("đến nay"); both None: no time.
    """

    place: Evidence
    time: Evidence | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number to call: digits only, and as it stands in the text."""

    number: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Notice:
    """What an urgent notice says. `until` is the last moment of the validity it states, None when it states none."""

    orders: tuple[Ordered, ...] = ()
    where: tuple[AskedAbout, ...] = ()
    until: datetime | None = None
    until_words: Evidence | None = None
    phones: tuple[Phone, ...] = ()

    def is_over(self, now: datetime) -> bool:
        """Whether the validity that it states has ended."""
        return self.until is not None and now > self.until


@dataclass(frozen=True, slots=True)
class Document:
    """An official document, as far as its number and the text tell: type and issuer in Vietnamese, "" when unknown.

    `day` is the one it bears, where the text says so; `day_words` are those words.
    """

    type: str
    issuer: str
    day: date | None = None
    day_words: Evidence | None = None


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """A place that is no more: its last day, who holds its area now, and within what of today it lay."""

    until: date
    successors: tuple[tuple[str, str], ...]
    within: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceWithin:
    """A place that lies within others: slug and label of each, the nearest first."""

    within: tuple[tuple[str, str], ...]


Detail = Notice | Document | FormerPlace | PlaceWithin
"""What a tag says beyond its name: of kind `urgent`, `document`, and `place` where it is no more or below another."""


@dataclass(frozen=True, slots=True)
class TagMatch:
    """A tag of an article. `tag` is an ASCII slug unique within `kind`; `label` is for readers (Vietnamese)."""

    kind: TagKind
    tag: str
    label: str
    evidence: tuple[Evidence, ...]
    rule: str = ""
    detail: Detail | None = None

    @property
    def notice(self) -> Notice | None:
        """What an urgent notice says, None for other tags."""
        return self.detail if isinstance(self.detail, Notice) else None

    @property
    def key(self) -> str:
        """`kind/tag`, the tag's name in addresses and options."""
        return f"{self.kind}/{self.tag}"


@dataclass(frozen=True, slots=True)
class Told:
    """An article with what refine knows of it: the unit that stories are made of."""

    article: Article
    tags: tuple[TagMatch, ...]
    first_seen: datetime
    gist: "Gist | None" = field(default=None, compare=False)  # as the store keeps it; follows from the article


@dataclass(frozen=True, slots=True)
class Gist:
    """What comparing needs of an article's text, worked out once: bytes of refine.gists, which name their own rule.

    `glance` is enough to see that two share nothing; `sentences` is b"" until it was compared closely.
    """

    article: str
    glance: bytes
    sentences: bytes


@dataclass(frozen=True, slots=True)
class Sketch:
    """By what an article is found again among many: numbers, each a hash of some of its words.

    `place` orders sketches by publication, one a text. `rule` names what made the keys (refine.sketches).
    """

    article: str
    place: int
    keys: tuple[int, ...]
    rule: str


FactKind = Literal["document", "lot", "figure", "time", "phone", "place", "name", "code", "denial", "word"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One fact that a link's two tellings tell differently: how `a` and `b` put it, and in which field."""

    kind: FactKind
    a: str
    b: str
    a_field: Field
    b_field: Field


@dataclass(frozen=True, slots=True)
class Link:
    """A decision that two articles belong together. `a < b` (ids). `because` is in words, in Vietnamese.

    Where it joined no two stories, `bar` names the articles that stood between, one on the side of either end.
    """

    a: str
    b: str
    kind: Literal["duplicate", "story"]
    score: float
    because: str
    rule: str
    differing: tuple[Disagreement, ...] = ()
    bar: tuple[str, str] | None = field(default=None, compare=False)  # says nothing of the two


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """A story as stored. `id` is that of its first-seen article, `members` are article ids, the speaker first.

    `silent` are those that had been withdrawn when the others were last joined: they were not held against them.
    """

    id: str
    members: tuple[str, ...]
    first_seen: datetime
    silent: tuple[str, ...] = field(default=(), compare=False)  # follows from what else is kept


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What grouping changed: links to store and to drop, stories as they are now, ids that became aliases.

    `bars` are those links, by their ends, whose bar is another one from now on.
    """

    links: tuple[Link, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    stories: tuple[StoryRecord, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()  # (former story id, story id that holds it now)
    bars: tuple[tuple[tuple[str, str], tuple[str, str] | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Announced:
    """A notice by which a source corrects an article of its own; `corrected` is "" where not exactly one is it."""

    notice: str
    corrected: str


# --- the store's state -----------------------------------------------------------------------------

Health = Literal["ok", "broken", "drifted", "stale", "blocked", "never"]
Status = Literal["live", "suspended", "withdrawn", "hidden", "quarantined"]
"""`quarantined`: all that we ever saw of it is Held; nothing of it is published."""
Watch = Literal["", "cap", "late", "flapping"]
"""Whether an article is watched well enough for its words to be shown: "" it is, else why it is not.

`cap`: more re-checks a day than its source may be asked; `late`: not seen at its source for almost three hours;
`flapping`: the source shows now this text, now that. Title, source, time and link are told all the same.
"""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source stands. `validators` are by section URL; `problem` is "" when all is well.

    `profile` is what its visits usually bring (collect.profile), by name; `chosen` are the addresses that `auto`
    found best, by section URL.
    """

    source: str
    health: Health = "never"
    cause: str = ""
    problem: str = ""
    failures: int = 0
    last_visit: datetime | None = None
    last_success: datetime | None = None
    next_visit: datetime | None = None
    newest: datetime | None = None
    since: datetime | None = None  # when the present health began
    validators: Mapping[str, Validator] = field(default_factory=dict)
    profile: Mapping[str, float] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of an article, as far as deciding what to fetch needs it."""

    id: str
    source: str
    url: str
    ref: str
    title: str
    text_digest: str
    lead_digest: str
    validator: Validator
    status: Status
    published: datetime
    first_seen: datetime
    fetched_at: datetime
    next_check: datetime | None
    misses: int = 0  # answers in a row that it is not there
    alive_at: datetime | None = None  # when its source was last seen to carry it
    watch: Watch = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of looking at a known article again: when to look next, and its status from now on.

    `seen`: whether the source was seen to carry it; a page that could not be read shows nothing.
    """

    article: str
    checked_at: datetime
    next_check: datetime | None
    status: Status = "live"
    misses: int = 0
    because: str = ""
    validator: Validator | None = None
    lead_digest: str | None = None
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """The log of one visit to one source. `checks` counts the known articles that were looked at again."""

    run: str
    source: str
    started_at: datetime
    ended_at: datetime
    outcome: Literal["ok", "unchanged", "failed"]
    cause: str = ""
    problem: str = ""
    requests: int = 0
    bytes: int = 0
    leads: int = 0
    new: int = 0
    revised: int = 0
    withdrawn: int = 0
    skips: tuple[Skip, ...] = ()
    checks: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one visit changes: the store writes it in one transaction, together with its Visit.

    `rule` is the version of the tagger that gave the tags.
    """

    state: SourceState
    verdicts: tuple[Verdict, ...] = ()
    tags: Mapping[str, tuple[TagMatch, ...]] = field(default_factory=dict)
    regrouping: Regrouping = Regrouping()
    checks: tuple[Check, ...] = ()
    held: tuple[Held, ...] = ()
    learned: Learned = Learned()
    rule: str = ""
    sketches: tuple[Sketch, ...] = ()  # of every new or revised article
    gists: tuple[Gist, ...] = ()  # of every new or revised article, and of those that were read anew beside them
    responses: tuple[Response, ...] = ()
    watch: Mapping[str, Watch] = field(default_factory=dict)
    announced: tuple[Announced, ...] = ()


# --- publish ----------------------------------------------------------------------------------------

Visibility = Literal["hidden", "link", "lead", "full"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One article inside a story, with all that a page may want of it (before `visible()` has its say).

    `held_since`: when another text of it began to wait for an editor (see Held); None when none does.
    """

    article: Article
    tags: tuple[TagMatch, ...]
    revisions: tuple[Revision, ...]
    first_seen: datetime
    status: Status
    withdrawn_at: datetime | None = None
    because: str = ""
    edits: tuple["Edit", ...] = ()
    held_since: datetime | None = None
    watch: Watch = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """That the article `of` of a story is corrected by another of its source, or, as a notice, corrects it.

    `other` is the other article as it stands, `path` the address of its story ("" until it is published).
    """

    of: str
    is_notice: bool
    other: Telling
    path: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story as read back from the store: tellings, the speaker first; `links` between its members.

    `path` is its permanent address below the site's root, "" until it is first published; `aliases` are the
    paths of stories that were merged into it. `changed_at` is when anything of it last changed in the store.
    """

    id: str
    path: str
    first_seen: datetime
    changed_at: datetime
    tellings: tuple[Telling, ...]
    links: tuple[Link, ...] = ()
    aliases: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def speaker(self) -> Telling:
        """The telling that speaks for the story."""
        return self.tellings[0]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person decided about an article or story; wins over every rule, survives re-runs."""

    id: int
    target: str
    action: str
    value: str
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """That a source withdrew (or suspended) an article, and what followed. The proof of the three hours.

    One of status `hidden` is our own: a person took it down at both times. `source_withdrew_at` is the last time the
    source was seen to carry it: it went after that. `seen_at` is when we saw it gone, `lifted_at` when it was back.
    `outputs` are keys of work (`story/<id>`, shelves) that showed it, and when each dropped it (None: not yet).
    """

    article: str
    status: Status
    source_withdrew_at: datetime
    seen_at: datetime
    because: str
    lifted_at: datetime | None = None
    outputs: tuple[tuple[str, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """That a story left a shelf since an article of it was removed; `at` is when we saw, or decided, that.

    `status` is `hidden` where people here took it down.
    """

    story: str
    source: str
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Placement:
    """A story stands on a shelf: a listing such as `all`, `day/2026-10-20`, `topic/tiem-chung`, `source/moh`."""

    shelf: str
    label: str
    at: datetime  # the time it is sorted by
    authority: int


@dataclass(frozen=True, slots=True)
class Line:
    """What one row of a list says of a story, as one of its tellings has it; texts as a reader may see them.

    `label` names the source for narrow places, `flag` is what a reader must know of the words ("" when nothing),
    `topic` the name of the story's first topic ("" without one).
    """

    article: str
    source: str
    path: str
    title: str
    label: str
    published: datetime
    precision: Precision
    flag: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Shelved:
    """Where one story stands from now on. No placements: it is on no listing (hidden, embargoed, withdrawn).

    `due` is when time alone will change what a reader may see of it (an embargo, window or agreement ends).
    `lines` are one a source, of the telling that speaks first of it; the speaker's stands first.
    """

    story: str
    path: str
    placements: tuple[Placement, ...]
    due: datetime | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """Stories that changed since the last publish (or became due); `mark` is where the next one starts."""

    stories: tuple[str, ...]
    mark: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A listing that exists: how many stories stand on it, and the newest time among them."""

    key: str
    label: str
    count: int
    newest: datetime


# --- e-mail -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LetterItem:
    """An article that a letter tells of, by its `position` in the day's bulletin, counted from 1.

    `revision` is the newest that this letter tells, `before` the one that the letter before it told (0 in a bulletin).
    `notices`: how many notices of correction about it are told by now; `gone`: that it is not published any more.
    """

    article: str
    position: int
    revision: int
    before: int = 0
    notices: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """What is mailed: the bulletin of a local day (`number` 0), or a correction that follows it (from 1).

    `day` is written 2026-10-20. A bulletin without items was due when nothing was new: nothing is sent.
    """

    day: str
    number: int
    composed_at: datetime
    items: tuple[LetterItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Following:
    """What the letters of a day, up to `number`, told last of an article, and the story that holds it now."""

    day: str
    number: int
    item: LetterItem
    story: str


DeliveryState = Literal["waiting", "sending", "sent", "refused", "unknown", "dropped"]
"""`sending`: the end of the letter goes out to the mail server now. `unknown`: it went out, but no answer was kept (the
process was killed, the connection broke); it is not sent again by itself. `refused`: for good, by the mail server.
`dropped`: nothing to send any more, too late, or the recipient left the list."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One letter to one recipient; `recipient` is a digest of the address, which the store never holds.

    `due` is when it may be tried (again), `at` when its state was written, `because` why, in words for the operator.
    """

    day: str
    number: int
    recipient: str
    state: DeliveryState
    due: datetime
    at: datetime
    attempts: int = 0
    because: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets letters: the address, and the digest by which the journal knows it."""

    address: str
    id: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What the mail server made of a letter. `later`: refused for now; `lost`: the connection broke before its end.

    `unknown`: the connection broke after its end. `closing`: the server takes nothing more in this connection.
    """

    outcome: Literal["sent", "refused", "later", "lost", "unknown"]
    because: str = ""
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Mailed:
    """What a run mailed: how many letters the server took and how many wait.

    `refused` are addresses and why, `unknown` the addresses of which nobody knows. `problems` are what a person should
    hear of: bad lines of the list, a server that cannot be used.
    """

    sent: int = 0
    waiting: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    down: bool = False


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the output. `path` is relative, with forward slashes, never starting with one."""

    path: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hex."""
        return hashlib.sha256(self.content).hexdigest()


def digest_of(*parts: str) -> str:
    """SHA-256, hex, of the parts, so that no two lists of parts give the same input."""
    joined = "\x1f".join(part.replace("\x1f", " ") for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
