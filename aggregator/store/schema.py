"""The tables. What is kept and how it is found; portable between SQLite and PostgreSQL.

Large texts stand last in their tables, so that SQLite reads a row's short columns without them. A text is kept
once, in `revisions`; `articles.revision` names the present one. Keys compare by code point in every database.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
)

HEAD = "0015"  # the newest migration; a test holds it equal to the newest file in migrations/versions

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Utc(TypeDecorator[datetime]):
    """An aware UTC time, kept as whole microseconds since 1970: exact, short, in order in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Microseconds since 1970. Raises ValueError for a naive time: what it means would be a guess."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone; the store takes aware times only")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The aware UTC time."""
        return None if value is None else EPOCH + value * MICROSECOND


def key_type() -> String:
    """Text that compares by code point in every database (SQLite does so by itself)."""
    return String().with_variant(String(collation="C"), "postgresql")


def _key(name: str, *rest: ForeignKey, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, key_type(), *rest, primary_key=primary_key, nullable=nullable)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _time(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Utc, nullable=nullable)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- collecting ------------------------------------------------------------------------------------

sources = Table(
    "sources",
    metadata,
    _key("id", primary_key=True),
    _text("health"),
    _text("cause"),
    _text("problem"),
    _number("failures"),
    _time("last_visit", nullable=True),
    _time("last_success", nullable=True),
    _time("next_visit", nullable=True),
    _time("newest", nullable=True),
    _time("since", nullable=True),
    Column("profile", JSON, nullable=False, server_default="{}"),
    Column("chosen", JSON, nullable=False, server_default="{}"),
)

validators = Table(
    "validators",
    metadata,
    _key("source", ForeignKey("sources.id"), primary_key=True),
    _key("url", primary_key=True),
    _text("etag"),
    _text("last_modified"),
)

# `source` is no foreign key: an article outlives its source's place in the configuration.
# `rule`: the version of the tagger that gave its tags.
# `alive_at`: when the source was last seen to carry it. `because`: why it has its status. `watch`: model.Watch.
articles = Table(
    "articles",
    metadata,
    _key("id", primary_key=True),
    _key("source"),
    _text("url"),
    _text("ref"),
    _text("title"),
    _text("author"),
    _time("published"),
    _text("precision"),
    _time("modified", nullable=True),
    _text("digest"),
    _text("text_digest"),
    _number("revision"),
    _time("fetched_at"),
    _time("first_seen"),
    _time("alive_at"),
    _text("reader"),
    _text("language"),
    _text("lead_digest"),
    _text("etag"),
    _text("last_modified"),
    _key("status"),
    _text("because"),
    _time("next_check", nullable=True),
    _number("misses"),
    _text("watch"),
    Column("images", JSON, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("doubts", JSON, nullable=False),
    _text("rule"),
    _text("lead"),
    _text("body"),
    Index(None, "source", "next_check"),
    Index(None, "status", "published"),
    Index(None, "first_seen", "id"),
    Index(None, "watch", "source"),
    Index(None, "misses"),
)

article_urls = Table(
    "article_urls",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("url", primary_key=True),
    _time("first_seen"),
    Index(None, "url"),
)

revisions = Table(
    "revisions",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("title"),
    _text("text_digest"),
    _text("digest"),
    _time("seen_at"),
    _text("url"),
    _text("lead"),
    _text("text"),
)

# The answers that texts were read from, found by the digest of their bytes (revisions.digest). `record_file` names
# the file of the raw archive that holds the bytes, "" where none does; `because` says why they could not be kept.
responses = Table(
    "responses",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("digest", primary_key=True),
    _text("method"),
    _text("asked"),
    _text("sent"),
    _text("url"),
    Column("hops", JSON, nullable=False),
    _number("status"),
    Column("headers", JSON, nullable=False),
    _time("fetched_at"),
    _text("record_file"),
    Column("record_offset", BigInteger, nullable=False, server_default="0"),
    _number("record_length"),
    _text("because"),
    Column("lead", JSON, nullable=True),
    Index(None, "fetched_at"),
)

# When a source withdrew an article, and when each output dropped it. `source_withdrew_at` is the last time the
# source was seen to carry it (it went after that: the three hours of NĐ 147/2024 Điều 28 count from here at
# worst), `seen_at` when we saw it gone, `lifted_at` when it was back.
removals = Table(
    "removals",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("article", ForeignKey("articles.id")),
    _key("status"),
    _time("source_withdrew_at"),
    _time("seen_at"),
    _time("lifted_at", nullable=True),
    _text("because"),
    Index(None, "article"),
    Index(None, "seen_at"),
)

removal_outputs = Table(
    "removal_outputs",
    metadata,
    Column("removal", Integer, ForeignKey("removals.id"), primary_key=True),
    _key("key", primary_key=True),
    _time("dropped_at", nullable=True),
    Index(None, "key", "dropped_at"),
)

runs = Table("runs", metadata, _key("id", primary_key=True), _time("started_at"), _time("ended_at"))

visits = Table(
    "visits",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("run", ForeignKey("runs.id")),
    _key("source"),
    _time("started_at"),
    _time("ended_at"),
    _key("outcome"),
    _text("cause"),
    _text("problem"),
    _number("requests"),
    _number("bytes"),
    _number("leads"),
    _number("new"),
    _number("revised"),
    _number("withdrawn"),
    _number("checks"),
    Column("skips", JSON, nullable=False),
    Index(None, "ended_at", "id"),
    Index(None, "run"),
    Index(None, "source", "ended_at"),
)

# Texts that wait, or waited, for an editor (model.Held). An article that was never seen clean stands
# in `articles` as quarantined, without a revision. `text` is the whole article as JSON.
quarantine = Table(
    "quarantine",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("digest", primary_key=True),
    _key("state"),
    Column("score", Float, nullable=False),
    _number("urgent"),
    _time("at"),
    Column("because", JSON, nullable=False),
    Column("seen", JSON, nullable=False),
    Column("domains", JSON, nullable=False),
    Column("text", JSON, nullable=False),
    Index(None, "state", "at"),
)

# In how many clean articles of a source a domain was linked to, a topic met: what is usual for it.
habits = Table(
    "habits",
    metadata,
    _key("source", primary_key=True),
    _key("kind", primary_key=True),
    _key("name", primary_key=True),
    _number("count"),
)

# --- refining --------------------------------------------------------------------------------------

tags = Table(
    "tags",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("kind", primary_key=True),
    _key("tag", primary_key=True),
    _number("position"),
    _text("label"),
    _text("rule"),
    Column("evidence", JSON, nullable=False),
    Column("detail", JSON(none_as_null=True)),
    Index(None, "kind", "tag"),
)

links = Table(
    "links",
    metadata,
    _key("a", ForeignKey("articles.id"), primary_key=True),
    _key("b", ForeignKey("articles.id"), primary_key=True),
    _key("kind"),
    Column("score", Float, nullable=False),
    _text("because"),
    _text("rule"),
    Column("differing", JSON, nullable=False, server_default="[]"),
    _key("bar_a", nullable=True),  # the articles between the stories that the link does not join
    _key("bar_b", nullable=True),
    Index(None, "b"),
)

# Notices by which a source corrects an article of its own; `corrected` is NULL while none, or no single one, is it.
announced = Table(
    "announced",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("corrected", ForeignKey("articles.id"), nullable=True),
    Index(None, "corrected"),
)

# By what an article is found again among many (model.Sketch): the place of its text, and who holds a key, by place.
sketches = Table(
    "sketches",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    Column("place", BigInteger, nullable=False),
    _text("rule"),
    Index(None, "place"),
)

sketch_keys = Table(
    "sketch_keys",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What comparing needs of a text (model.Gist): its rows are read by the dozen, so they stand in a table of their own.
gists = Table(
    "gists",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    Column("glance", LargeBinary, nullable=False),
    Column("sentences", LargeBinary, nullable=False),
)

# `mark` grows with every change (see marks); `due` is when time alone changes what a reader may see.
stories = Table(
    "stories",
    metadata,
    _key("id", primary_key=True),
    _text("path"),
    _time("first_seen"),
    _time("changed_at"),
    Column("mark", BigInteger, nullable=False),
    _time("due", nullable=True),
    Index(None, "mark"),
    Index(None, "due"),
    Index(None, "changed_at"),
)

members = Table(
    "members",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("story", ForeignKey("stories.id")),
    _number("position"),
    Column("silent", Boolean, nullable=False, server_default=false()),  # withdrawn when the others were last joined
    Index(None, "story", "position"),
)

# A story that is no more, its path, and the story that tells it now (None when no story does).
aliases = Table(
    "aliases",
    metadata,
    _key("former", primary_key=True),
    _key("story", ForeignKey("stories.id"), nullable=True),
    _text("path"),
    Column("mark", BigInteger, nullable=False),
    Index(None, "story"),
    Index(None, "mark"),
)

edits = Table(
    "edits",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("target"),
    _key("action"),
    _text("value"),
    _text("who"),
    _text("why"),
    _time("at"),
    Index(None, "target"),
)

# --- publishing ------------------------------------------------------------------------------------

# Two rows: `changed` is the mark of the newest change, `placed` that of the last placing.
marks = Table(
    "marks",
    metadata,
    _key("name", primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# `story` is no foreign key: the placements of a story that is no more say which shelves must be made anew.
placements = Table(
    "placements",
    metadata,
    _key("story", primary_key=True),
    _key("shelf", primary_key=True),
    _text("label"),
    _time("at"),
    _number("authority"),
)
shelf_order = Index(
    "ix_placements_order",
    placements.c.shelf,
    placements.c.at.desc(),
    placements.c.authority.desc(),
    placements.c.story,
)

# What a row of a list says of a story (model.Line), one a source, so that lists are made without reading texts.
lines = Table(
    "lines",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("story"),
    _key("source"),
    _number("speaks"),
    _text("path"),
    _text("title"),
    _text("label"),
    _time("published"),
    _text("precision"),
    _text("flag"),
    _text("topic"),
    Index(None, "story", "source"),
)

# Counted as placements come and go, so that listing the shelves does not read the archive. `parent`: the key without
# its last part, so that what lies right below is found without what lies below that.
shelves = Table(
    "shelves",
    metadata,
    _key("key", primary_key=True),
    _text("label"),
    _number("stories"),
    _time("newest"),
    Column("parent", key_type(), nullable=False, server_default=""),
    Index(None, "parent", "key"),
    Index(None, "parent", "newest"),
)

dirty = Table("dirty", metadata, _key("key", primary_key=True))

pages = Table("pages", metadata, _key("path", primary_key=True), _key("digest"))

# --- e-mail ----------------------------------------------------------------------------------------

# `day` is a local day. `number` 0 is its bulletin, from 1 the corrections that follow it. `addressed`: its deliveries
# are there. No words stand here: a letter is printed from what may be shown at the moment.
letters = Table(
    "letters",
    metadata,
    _key("day", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _time("composed_at"),
    _number("addressed"),
)

letter_items = Table(
    "letter_items",
    metadata,
    _key("article", ForeignKey("articles.id"), primary_key=True),
    _key("day", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _number("position"),
    _number("before"),
    _number("revision"),
    _number("notices"),
    _number("gone"),
    Index(None, "day", "number"),
)

# `recipient` is a digest: addresses stand in the operator's file alone.
deliveries = Table(
    "deliveries",
    metadata,
    _key("day", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _key("recipient", primary_key=True),
    _key("state"),
    _number("attempts"),
    _time("due"),
    _time("at"),
    _text("because"),
    Index(None, "state", "due"),
)

# --- emergency notices -----------------------------------------------------------------------------

# Nothing is ever changed or deleted here. `line` is what was signed, with its signature; the rest repeats it.
alert_acts = Table(
    "alert_acts",
    metadata,
    _key("alert", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _key("kind"),
    _time("at"),
    _text("who"),
    _key("key"),
    _text("line"),
)

# How the addresses that campaigns lead to stood when they were last looked at (model.TargetState).
targets = Table(
    "targets",
    metadata,
    _key("campaign", primary_key=True),
    _key("url", primary_key=True),
    _key("finding"),
    _time("checked_at"),
    _time("since"),
    _number("failures"),
    _time("good_at", nullable=True),
    _text("because"),
)

memo = Table("memo", metadata, _key("key", primary_key=True), _text("value"))
