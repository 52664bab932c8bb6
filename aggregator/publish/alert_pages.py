"""Files of emergency notices: the page of each, its CAP messages while it lasts, what scripts read, the test page."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.model import Artifact
from aggregator.publish import addresses, cap
from aggregator.publish.alerts import Alert
from aggregator.publish.edition import Edition
from aggregator.publish.emergency import DRILL, AlertSeen, in_time, rows, seen, shown
from aggregator.publish.site import chrome
from aggregator.publish.trust import FAR
from aggregator.publish.words import iso


def pages(edition: Edition) -> Iterator[Artifact]:
    """The page of each notice that ever went out, its CAP messages in its time, what scripts read, the test page."""
    out = [one for one in edition.alerts if one.issued]
    for one in out:
        if not one.text.drill:
            yield _page(one, edition)
        yield from _messages(one, edition)
    yield Artifact(addresses.ALERTS, _json(edition))
    context = {
        **chrome(DRILL, "", indexed=False),
        "drills": shown(edition, drill=True),
        "messages": [_message_path(one) for one in out if one.text.drill and in_time(one, edition.now)],
    }
    yield edition.page("site/drill.html", addresses.DRILL, context)


def _page(alert: Alert, edition: Edition) -> Artifact:
    """The whole notice; once it is over or lifted, that and nothing of its words."""
    stands = alert.stands(edition.now)
    told = seen(alert)
    ended = alert.issued[-1].at if alert.state == "lifted" else alert.text.until
    context = {
        **chrome(told.headline if stands else "Thông báo không còn hiệu lực", "", indexed=stands),
        "alerts": (),
        "alert": told if stands else None,
        "lifted": alert.state == "lifted",
        "ended": ended,
        "message": _message_path(alert) if stands else "",
    }
    return edition.page("site/alert.html", told.path, context)


def _messages(alert: Alert, edition: Edition) -> Iterator[Artifact]:
    """CAP: all messages of a notice until its end, so that who got the first finds what corrects or cancels it."""
    owner, base = edition.site.owner, urlsplit(edition.site.base_url)
    sender = cap.sender_of(owner.email, base.hostname or "localhost")
    page = addresses.DRILL if alert.text.drill else addresses.alert_path(alert.id)
    for issued in alert.issued if in_time(alert, edition.now) else ():
        path = addresses.cap_path(alert.id, issued.number, issued.text.drill)
        yield Artifact(path, cap.message(alert, issued, sender, edition.absolute(page)))


def _message_path(alert: Alert) -> str:
    return addresses.cap_path(alert.id, len(alert.issued), alert.text.drill)


def _json(edition: Edition) -> bytes:
    """A payload as those of shelves are, so that loaders can show it, with what the site's own script needs."""
    data = {
        "version": 1,
        "shelf": addresses.ALERTS_SHELF,
        "label": "Thông báo khẩn",
        "site": edition.site.name,
        "home": edition.absolute(addresses.HOME),
        "ribbon": edition.ribbon,
        "stories": rows(edition),
        "alerts": [_short(one, edition) for one in shown(edition)],
    }
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _short(one: AlertSeen, edition: Edition) -> dict[str, str]:
    path = edition.absolute(one.path)
    until = FAR if edition.site.mode == "demo" else iso(one.until)  # a reader's clock is not the demo's
    return {"id": one.id, "mark": one.mark, "headline": one.headline, "line": one.line, "url": path, "until": until}
