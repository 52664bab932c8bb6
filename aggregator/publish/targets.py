"""What a campaign leads to, and whether it may be led to now. Pure; looking at it is steps/targets.py's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import TargetState
from aggregator.publish.stores import addresses_of
from aggregator.settings import Campaign

DEAD_AFTER = timedelta(hours=24)  # a host that is mended within a day loses nothing; the issue's own figure
DEAD_FAILURES = 2
UNSEEN = timedelta(hours=24)  # after its time a look is missed for so long before it counts for nothing

States = Mapping[tuple[str, str], TargetState]


@dataclass(frozen=True, slots=True)
class Target:
    """An address that a campaign leads to, the words its page must say, and the hosts it may pass on to."""

    campaign: str
    url: str
    says: tuple[str, ...]
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Led:
    """Where a campaign may lead now: `urls` that may be offered; `linked`: whether its banners are links at all."""

    urls: frozenset[str]
    linked: bool


def targets(campaign: Campaign) -> tuple[Target, ...]:
    """What the campaign leads to, and is looked at for: nothing before an operator has confirmed it."""
    return () if campaign.link_verified is None else meant(campaign)


def meant(campaign: Campaign) -> tuple[Target, ...]:
    """What the campaign would lead to once an operator has confirmed it."""
    name = campaign.app_name or campaign.title
    own = (Target(campaign.slug, campaign.link, campaign.link_says, campaign.link_hosts),) if campaign.link else ()
    stores = addresses_of(campaign) if campaign.stores_checked else ()
    return own + tuple(Target(campaign.slug, url, (name,)) for url in stores)


def led(campaign: Campaign, states: States, now: datetime) -> Led:
    """Where it may lead. One bad address takes the link from all its banners: readers were sent astray before."""
    if campaign.link_verified is None:
        return Led(frozenset(), linked=True)
    looked = {one.url: offered(states.get((one.campaign, one.url)), campaign, now) for one in targets(campaign)}
    known = {campaign.link, *addresses_of(campaign)} - {""}
    return Led(frozenset(url for url in known if looked.get(url, True)), linked=all(looked.values()))


def offered(state: TargetState | None, campaign: Campaign, now: datetime) -> bool:
    """Whether readers may be led there: it was good, or is silent for less than a day after it was."""
    if state is None or now - state.checked_at > campaign.check_every + UNSEEN:
        return False
    return state.finding == "good" or (state.finding == "dead" and state.good_at is not None and not is_dead(state))


def is_dead(state: TargetState) -> bool:
    """Whether it was silent often and long enough to be given up."""
    return state.failures >= DEAD_FAILURES and state.checked_at - state.since >= DEAD_AFTER
