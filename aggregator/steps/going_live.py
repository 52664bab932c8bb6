"""What a site lacks before it may be public. Until then it stays a preview, and says what is missing. Pure."""

from collections.abc import Iterator, Mapping

from aggregator.settings import Config, is_local

CONFIRMED = 10  # items of each source that a person has held against the original


def lacking(config: Config, confirmed: Mapping[str, int], live: Mapping[str, int], signing: str) -> tuple[str, ...]:
    """What is missing, each with what to type; nothing for a site that is no public one.

    `confirmed` and `live` count articles by source: those that stand, and of these the ones that a person looked at.
    The owner block is asked for by the configuration itself.
    """
    return tuple(_lacking(config, confirmed, live, signing)) if config.site.mode == "public" else ()


def held_back(config: Config, lacks: tuple[str, ...]) -> Config:
    """The configuration as it is published by: that of a preview while anything is missing."""
    if not lacks:
        return config
    return config.model_copy(update={"site": config.site.model_copy(update={"mode": "preview"})})


def _lacking(config: Config, confirmed: Mapping[str, int], live: Mapping[str, int], signing: str) -> Iterator[str]:
    if is_local(config.site.base_url):
        yield f"site.base_url ({config.site.base_url}) is an address that nobody else can open; write the public one"
    if signing != "ready":
        yield "what is published is not signed; make a key: aggregator keys init"
    for source in config.sources:
        if not source.enabled:
            continue
        count = missing(confirmed, live, source.id)
        if count:
            yield f"{source.id}: {count} more items must be confirmed: aggregator sources confirm {source.id}"


def missing(confirmed: Mapping[str, int], live: Mapping[str, int], source: str) -> int:
    """How many items of a source are still to be confirmed: all of a source that has fewer than ten, one at least."""
    return max(0, min(CONFIRMED, max(1, live.get(source, 0))) - confirmed.get(source, 0))
