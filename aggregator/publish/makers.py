"""Who makes which files, in the order they are written: pages before the indexes and feeds that point to them.

A new output is one function and one line below.
"""

from collections.abc import Callable, Iterable, Iterator

from aggregator.model import Artifact
from aggregator.publish import (
    alert_pages,
    campaigns,
    embeds,
    emergency,
    feeds,
    fixed,
    gallery,
    handouts,
    indexes,
    mailing,
    news_map,
    notices,
    periods,
    search,
    site,
    widgets,
)
from aggregator.publish.edition import BATCH, Edition, Removal

RANK = {"story": 0, "all": 8, "corrections": 7, "shelf": 7, "month": 6, "week": 5, "day": 5, "letter": 9}
TAGS, TAG_MONTHS = 4, 3
STORY = "story/"
TOGETHER = 16  # shelves whose stories are read together: 800 stories at most, of 10 kB each


def standing(edition: Edition, published: Iterable[str]) -> tuple[str, ...]:
    """Keys whose files exist even while nothing stands on them. `published` are the paths that are out."""
    sources = (f"source/{source.id}" for source in edition.config.sources)
    return ("all", notices.IN_FORCE, "corrections", *sources, *mailing.standing(edition), *embeds.promised(published))


def ordered(keys: Iterable[str]) -> tuple[str, ...]:
    """Keys of work so that what is pointed to comes first."""
    return tuple(sorted(keys, key=lambda key: (_rank(key), key)))


def _rank(key: str) -> int:
    return RANK.get(key.partition("/")[0], TAG_MONTHS if key.count("/") == 2 else TAGS)


FOR_A_KEY: tuple[Callable[[str, Edition], Iterable[Artifact | Removal]], ...] = (
    handouts.pages,
    site.story_pages,
    site.listing_pages,
    periods.pages,
    indexes.day_map,
    feeds.shelf_feeds,
    embeds.latest,
    mailing.files,
)
"""Each is called with every key of work (`story/<id>`, shelves) and takes those it knows."""

FOR_ALL_KEYS: tuple[Callable[[Iterable[str], str, Edition], Iterable[Artifact | Removal]], ...] = (search.segments,)
"""Called once with all keys of work, and with `search.layout` of the last publish."""

FOR_THE_SITE: tuple[Callable[[Edition], Iterable[Artifact]], ...] = (
    alert_pages.pages,
    embeds.common,
    widgets.artifacts,
    campaigns.landings,
    gallery.page,
    indexes.subscriptions,
    news_map.pages,
    search.index,
    fixed.pages,
)
"""Called when anything changed, the local day turned, a campaign or an emergency notice began or ended."""

FOR_CAMPAIGNS: tuple[Callable[[Edition], Iterable[Artifact]], ...] = (campaigns.banners, widgets.drawn)
"""Called when a campaign looks otherwise than before (`fingerprint.of_banners`): drawing takes half a second each."""


FOR_ADDRESSES: tuple[Callable[[Edition], Iterable[Artifact]], ...] = (indexes.maps,)
"""Called when a page may have come or gone (`indexes.turned`), and when the site's own settings changed."""


def for_keys(keys: Iterable[str], edition: Edition) -> Iterator[Iterable[Artifact | Removal]]:
    """What the makers make of the keys, in the order of writing: stories first, read many at a time.

    A shelf's page comes before its feeds and embeds, and these before the next shelf's: its stories are read once.

    Among stories the oldest come first: newer ones point to them.
    """
    told = list(keys)
    stories = edition.oldest_first([key.removeprefix(STORY) for key in told if key.startswith(STORY)])
    for start in range(0, len(stories), BATCH):
        batch = stories[start : start + BATCH]
        edition.read(batch)
        yield from (maker(f"{STORY}{story}", edition) for story in batch for maker in FOR_A_KEY)
    rest = [key for key in told if not key.startswith(STORY)]
    for start in range(0, len(rest), TOGETHER):
        group = rest[start : start + TOGETHER]
        edition.ahead(group)
        yield from (maker(key, edition) for key in group for maker in FOR_A_KEY)


def trial(keys: Iterable[str], edition: Edition) -> None:
    """Make one of each kind of file, and every file that stands once, for nothing but to see that they can be made.

    A full rebuild of a large archive writes before it has made all: a template that breaks must show before that.
    Raises PublishError.
    """
    first: dict[tuple[str, int], str] = {}
    for key in keys:
        first.setdefault((key.partition("/")[0], key.count("/")), key)
    for key in first.values():
        for maker in FOR_A_KEY:
            for _ in maker(key, edition):
                pass
    for maker_of_all in (*FOR_THE_SITE, *FOR_ADDRESSES):
        for _ in maker_of_all(edition):
            pass


def for_alerts(
    former: Iterable[str], published: Iterable[str], edition: Edition
) -> Iterator[Iterable[Artifact | Removal]]:
    """What bears emergency notices in its own markup, but for the home page: the last seven days, and every embed.

    `former` are the days whose pages bore one before.
    """
    yield from (periods.pages(key, edition) for key in emergency.bearing(edition, former))
    yield from (embeds.latest(key, edition) for key in embeds.promised(published))
