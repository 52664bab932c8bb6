"""The tables of the first release. Times are microseconds since 1970 (UTC)."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    _sources()
    _articles()
    _addresses()
    _revisions()
    _removals()
    _log()
    _tags_and_links()
    _stories()
    _edits()
    _placements()
    _output()


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", KEY, nullable=False),
        sa.Column("health", sa.Text(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_visit", sa.BigInteger(), nullable=True),
        sa.Column("last_success", sa.BigInteger(), nullable=True),
        sa.Column("next_visit", sa.BigInteger(), nullable=True),
        sa.Column("newest", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_table(
        "validators",
        sa.Column("source", KEY, nullable=False),
        sa.Column("url", KEY, nullable=False),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("last_modified", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name="fk_validators_source_sources"),
        sa.PrimaryKeyConstraint("source", "url", name="pk_validators"),
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("ref", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("precision", sa.Text(), server_default="", nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("text_digest", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("alive_at", sa.BigInteger(), nullable=False),
        sa.Column("reader", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("lead_digest", sa.Text(), server_default="", nullable=False),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("last_modified", sa.Text(), server_default="", nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("next_check", sa.BigInteger(), nullable=True),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("lead", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_first_seen_id", "articles", ["first_seen", "id"], unique=False)
    op.create_index("ix_articles_source_next_check", "articles", ["source", "next_check"], unique=False)
    op.create_index("ix_articles_status_published", "articles", ["status", "published"], unique=False)


def _addresses() -> None:
    op.create_table(
        "article_urls",
        sa.Column("article", KEY, nullable=False),
        sa.Column("url", KEY, nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_article_urls_article_articles"),
        sa.PrimaryKeyConstraint("article", "url", name="pk_article_urls"),
    )
    op.create_index("ix_article_urls_url", "article_urls", ["url"], unique=False)


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article", KEY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("text_digest", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("lead", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_revisions_article_articles"),
        sa.PrimaryKeyConstraint("article", "number", name="pk_revisions"),
    )


def _removals() -> None:
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("source_withdrew_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_removals_article_articles"),
        sa.PrimaryKeyConstraint("id", name="pk_removals"),
    )
    op.create_index("ix_removals_article", "removals", ["article"], unique=False)
    op.create_index("ix_removals_seen_at", "removals", ["seen_at"], unique=False)
    op.create_table(
        "removal_outputs",
        sa.Column("removal", sa.Integer(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("dropped_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["removal"], ["removals.id"], name="fk_removal_outputs_removal_removals"),
        sa.PrimaryKeyConstraint("removal", "key", name="pk_removal_outputs"),
    )
    op.create_index("ix_removal_outputs_key_dropped_at", "removal_outputs", ["key", "dropped_at"], unique=False)


def _log() -> None:
    op.create_table(
        "runs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", KEY, nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("requests", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bytes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leads", sa.Integer(), server_default="0", nullable=False),
        sa.Column("new", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revised", sa.Integer(), server_default="0", nullable=False),
        sa.Column("withdrawn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skips", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_visits_run_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_ended_at_id", "visits", ["ended_at", "id"], unique=False)
    op.create_index("ix_visits_run", "visits", ["run"], unique=False)


def _tags_and_links() -> None:
    op.create_table(
        "tags",
        sa.Column("article", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("tag", KEY, nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_tags_article_articles"),
        sa.PrimaryKeyConstraint("article", "kind", "tag", name="pk_tags"),
    )
    op.create_index("ix_tags_kind_tag", "tags", ["kind", "tag"], unique=False)
    op.create_table(
        "links",
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["a"], ["articles.id"], name="fk_links_a_articles"),
        sa.ForeignKeyConstraint(["b"], ["articles.id"], name="fk_links_b_articles"),
        sa.PrimaryKeyConstraint("a", "b", name="pk_links"),
    )
    op.create_index("ix_links_b", "links", ["b"], unique=False)


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", KEY, nullable=False),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )
    op.create_index("ix_stories_changed_at", "stories", ["changed_at"], unique=False)
    op.create_index("ix_stories_due", "stories", ["due"], unique=False)
    op.create_index("ix_stories_mark", "stories", ["mark"], unique=False)
    op.create_table(
        "members",
        sa.Column("article", KEY, nullable=False),
        sa.Column("story", KEY, nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_members_article_articles"),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_members_story_stories"),
        sa.PrimaryKeyConstraint("article", name="pk_members"),
    )
    op.create_index("ix_members_story_position", "members", ["story", "position"], unique=False)
    op.create_table(
        "aliases",
        sa.Column("former", KEY, nullable=False),
        sa.Column("story", KEY, nullable=True),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["story"], ["stories.id"], name="fk_aliases_story_stories"),
        sa.PrimaryKeyConstraint("former", name="pk_aliases"),
    )
    op.create_index("ix_aliases_mark", "aliases", ["mark"], unique=False)
    op.create_index("ix_aliases_story", "aliases", ["story"], unique=False)


def _edits() -> None:
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("action", KEY, nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("who", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_edits"),
    )
    op.create_index("ix_edits_target", "edits", ["target"], unique=False)


def _placements() -> None:
    op.create_table(
        "marks",
        sa.Column("name", KEY, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )
    op.create_table(
        "placements",
        sa.Column("story", KEY, nullable=False),
        sa.Column("shelf", KEY, nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("authority", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("story", "shelf", name="pk_placements"),
    )
    op.create_index(
        "ix_placements_order",
        "placements",
        ["shelf", sa.literal_column("at DESC"), sa.literal_column("authority DESC"), "story"],
        unique=False,
    )
    op.create_table(
        "shelves",
        sa.Column("key", KEY, nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("stories", sa.Integer(), server_default="0", nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_shelves"),
    )
    marks = sa.table("marks", sa.column("name"), sa.column("value"))
    op.bulk_insert(marks, [{"name": "changed", "value": 0}, {"name": "placed", "value": 0}])


def _output() -> None:
    op.create_table("dirty", sa.Column("key", KEY, nullable=False), sa.PrimaryKeyConstraint("key", name="pk_dirty"))
    op.create_table(
        "pages",
        sa.Column("path", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_pages"),
    )
    op.create_table(
        "memo",
        sa.Column("key", KEY, nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_memo"),
    )
