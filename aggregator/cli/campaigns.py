"""campaigns check: every campaign, what its banners say and where it leads, looked at now; nothing is stored."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from aggregator.cli import wiring
from aggregator.cli.exits import FOUND_WRONG, OK, USAGE
from aggregator.model import Finding, TargetState
from aggregator.ports import Fetcher
from aggregator.publish.targets import is_dead, led, meant, offered, targets
from aggregator.publish.words import local_day
from aggregator.settings import Campaign, Config

TODO: Mapping[Finding, str] = {
    "moved": "look at it in a browser; then write the new address as link, or its host into link_hosts, or empty link",
    "changed": "look at it in a browser; if it is right, correct link_says (app_name for a store); if not, empty link",
    "untrusted": "ask its keeper for a certificate that holds, write an https address, or empty link",
    "dead": "ask its keeper, or empty link",
}
KEPT = "its banners are text without a link until that is mended"
GRACE = "its banners stay linked for a day"


def campaigns_command(arguments: argparse.Namespace) -> int:
    """`campaigns check [SLUG]`: 1 when something is wrong with one that runs or is to begin, 2 for an unknown one."""
    config = wiring.load(arguments)
    chosen = [one for one in config.campaigns if arguments.slug in ("", one.slug)]
    if arguments.slug and not chosen:
        known = ", ".join(one.slug for one in config.campaigns) or "none"
        print(f"aggregator campaigns check: {arguments.slug}: no such campaign; there are {known}", file=sys.stderr)
        return USAGE
    now = wiring.clock_of(arguments)()
    with wiring.fetching(config, wiring.clock_of(arguments)) as fetcher:
        good = [_check(one, config, fetcher, local_day(now)) for one in chosen]
    return OK if all(good) else FOUND_WRONG


def _check(campaign: Campaign, config: Config, fetcher: Fetcher, today: date) -> bool:
    """Print all there is to say of a campaign. True when nothing is wrong."""
    print(f"{campaign.slug}: {_when(campaign, today)}")
    if campaign.ends and campaign.ends < today:
        return True
    wrong = [*_texts(campaign, config), *_unconfirmed(campaign, today), *_looked_at(campaign, config, fetcher)]
    for one in wrong:
        print(f"  WRONG {one}")
    return not wrong


def _when(campaign: Campaign, today: date) -> str:
    if campaign.ends and campaign.ends < today:
        return f"ended on {campaign.ends}; its banners are empty, its page says so"
    until = f"until {campaign.ends}" if campaign.ends else "with no end set"
    return f"runs {until}" if campaign.starts <= today else f"begins on {campaign.starts}, {until}"


def _texts(campaign: Campaign, config: Config) -> Iterator[str]:
    """Print which text stands in which sizes; yield those in which none fits."""
    from aggregator.publish import campaigns
    from aggregator.publish.edition import RIBBONS

    texts = (campaign.message, *campaign.short, campaign.title)
    shown: dict[str, list[str]] = {}
    for size in campaigns.sizes(campaign):
        lines = campaigns.of_size(campaign, size, RIBBONS[config.site.mode]).lines
        said = " ".join(line.text for line in lines if line.role == "message")
        shown.setdefault(said, []).append(size)
    for text in texts:
        if text in shown:
            print(f"  says {text!r} in {', '.join(shown.pop(text))}")
    for said, sizes in shown.items():
        yield f"no text fits {', '.join(sizes)}, which would say {said!r}: add a shorter one to short"


def _unconfirmed(campaign: Campaign, today: date) -> Iterator[str]:
    if campaign.link_verified is None and (campaign.link or campaign.google_play or campaign.app_store):
        yield (
            "nobody confirmed where it leads, so it leads nowhere: look at link and app ids in a browser, then write "
            f"link_verified: {today}"
        )


def _looked_at(campaign: Campaign, config: Config, fetcher: Fetcher) -> Iterator[str]:
    """Ask for each target now; print those that are good, yield the others with what to do."""
    from aggregator.steps.targets import look

    if not meant(campaign):
        print("  leads nowhere: link is empty, and so are the ids of an app; its page says what it is about")
    for target in meant(campaign):
        finding, because = look(target, config, fetcher)
        if finding != "good":
            yield f"{target.url}: {finding}: {because}; {TODO[finding]}"
            continue
        told = "" if target.says else "; write words into link_says, so that a page that another took over is noticed"
        leads = "leads to" if campaign.link_verified else "would lead to"
        print(f"  {leads} {target.url}, which is good{told}")


def news_line(state: TargetState, config: Config, now: datetime) -> str:
    """One line about a target that stands otherwise than before."""
    campaign = next(one for one in config.campaigns if one.slug == state.campaign)
    if state.finding == "good":
        return f"campaign {state.campaign}: {state.url} is good again; its banners are linked again"
    kept = GRACE if offered(state, campaign, now) else KEPT
    return f"campaign {state.campaign}: {state.finding}: {state.because}; {kept} -- {TODO[state.finding]}"


def standing(config: Config, states: tuple[TargetState, ...], now: datetime) -> list[dict[str, object]]:
    """For `status`: how the targets of the campaigns that run today stood at the last look."""
    found = {(one.campaign, one.url): one for one in states}
    rows: list[dict[str, object]] = []
    for campaign in config.campaigns:
        if not campaign.running(local_day(now)):
            continue
        linked = led(campaign, found, now).linked
        for target in targets(campaign):
            state = found.get((campaign.slug, target.url))
            finding = "never" if state is None else "given up" if is_dead(state) else state.finding
            because = state.because if state else "not looked at yet; run: aggregator run"
            checked = state.checked_at if state else None
            rows.append({"campaign": campaign.slug, "url": target.url, "finding": finding, "because": because,
                         "checked_at": checked, "since": state.since if state else None, "linked": linked})  # fmt: skip
    return rows


def standing_lines(rows: list[dict[str, object]]) -> Iterator[str]:
    """The same for a person; nothing of what is good."""
    for row in rows:
        if row["finding"] != "good":
            told = f"campaign {row['campaign']}: {row['finding']}: {row['because'] or row['url']}"
            yield told if row["linked"] else f"{told}; its banners are text without a link"
