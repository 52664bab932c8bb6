"""Looking at what campaigns lead to, before each publish, each at most once per its interval.

A target that leads elsewhere, says something else or has no TLS that holds is not led to any more at once; one that is
silent after two failures over a day (publish/targets.py).
"""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from aggregator.errors import Cause, SourceError, contained
from aggregator.model import Finding, Page, Request, TargetState
from aggregator.ports import Fetcher
from aggregator.publish.targets import Target, offered, targets
from aggregator.publish.words import local_day
from aggregator.refine.domains import registered
from aggregator.settings import Campaign, Config, Section, Source
from aggregator.steps.neighbours import Ports
from aggregator.text import ascii_host

FINDINGS: dict[Cause, Finding] = {"moved": "moved", "address": "moved", "certificate": "untrusted"}
"""What faults of the network say of a target; any other is silence."""
NEIGHBOURS = 4  # hosts of one owner that a link may pass through: bare, www, m, and one more


def keep(config: Config, ports: Ports) -> tuple[TargetState, ...]:
    """Look at what is due, and keep what was found: those that stand otherwise than before. Raises StoreError only."""
    before = {(one.campaign, one.url): one for one in ports.store.targets()}
    now, found, news = ports.clock(), [], []
    for campaign, target in running(config, ports):
        old = before.get((target.campaign, target.url))
        if old and old.checked_at <= now < old.checked_at + campaign.check_every:
            continue
        new = settled(old, target, *look(target, config, ports.fetcher), ports)
        found.append(new)
        if (old.finding if old else "good") != new.finding or offered(old, campaign, now) > offered(new, campaign, now):
            news.append(new)
    if found:
        with ports.turn():
            ports.store.keep_targets(found)
    return tuple(news)


def running(config: Config, ports: Ports) -> Iterator[tuple[Campaign, Target]]:
    """What the campaigns that run today lead to."""
    today = local_day(ports.clock())
    for campaign in config.campaigns:
        if campaign.running(today):
            yield from ((campaign, target) for target in targets(campaign))


def settled(old: TargetState | None, target: Target, finding: Finding, because: str, ports: Ports) -> TargetState:
    """How the target stands after a look."""
    now = ports.clock()
    same = old if old and old.finding == finding else None
    silent = old.good_at if old and finding == "dead" else None
    return TargetState(
        target.campaign,
        target.url,
        finding,
        because,
        checked_at=now,
        since=same.since if same else now,
        failures=(same.failures if same else 0) + 1 if finding == "dead" else 0,
        good_at=now if finding == "good" else silent,
    )


def look(target: Target, config: Config, fetcher: Fetcher) -> tuple[Finding, str]:
    """What is found at the target now, and why, in words for the operator. One attempt; never raises."""
    own = ascii_host(urlsplit(target.url).hostname or "")
    hosts = [own, *target.hosts]
    for _ in range(NEIGHBOURS):
        try:
            with contained(partial(SourceError, "internal", url=target.url), target.url):
                answer = fetcher.fetch(Request(target.url, purpose="link", once=True), _door(target, hosts, config))
                return _read(target, answer) if isinstance(answer, Page) else ("dead", f"{target.url} is not there")
        except SourceError as fault:
            onward = ascii_host(urlsplit(fault.url).hostname or "")
            if fault.cause != "moved" or onward in hosts or registered(onward) != registered(own):
                return FINDINGS.get(fault.cause, "dead"), str(fault)
            hosts.append(onward)  # the same owner's: asked again with leave to go there
    return "moved", f"{target.url} is passed on from host to host without end; correct the link"


def _door(target: Target, hosts: list[str], config: Config) -> Source:
    """The target as the network's door knows it; with TLS and pause of the source on whose host it lies."""
    id = f"campaign-{target.campaign}"
    section = Section(url=target.url)
    made = Source(id=id, name=id, kind="listing", home=target.url, hosts=tuple(hosts), sections=(section,))
    keeper = next((source for source in config.sources if hosts[0] in source.hosts), made)
    return made.model_copy(update={"tls": keeper.tls, "pause": keeper.pause})


def _read(target: Target, page: Page) -> tuple[Finding, str]:
    """What the page that answered says of the target."""
    from aggregator.collect import saying  # late: with it comes what reads HTML, and most runs look at nothing

    plain = next((url for url in (target.url, *(hop for _, hop in page.hops), page.url) if _is_plain(url)), "")
    if plain:
        better = page.url if not _is_plain(page.url) else page.url.replace("http:", "https:", 1)
        return "untrusted", f"{plain} is asked without TLS; if {better} is right, write it as the link"
    if missing := saying.missing(page, target.says):
        return "changed", f"{page.url} does not say {missing!r} any more"
    return "good", ""


def _is_plain(url: str) -> bool:
    return urlsplit(url).scheme != "https"
