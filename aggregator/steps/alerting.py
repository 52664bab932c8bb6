"""What people decide about emergency notices: each act is checked against what stands, then kept, signed."""

from datetime import datetime, timedelta

from aggregator.errors import ConfigError, NoticeError
from aggregator.model import Act, ActKind, AlertText
from aggregator.publish import alerts
from aggregator.publish.alerts import Alert
from aggregator.publish.signing import Signer
from aggregator.settings import Config
from aggregator.steps.neighbours import Ports
from aggregator.text import fold

LONGEST = timedelta(days=30)  # what holds for longer is news
HEADLINE, BODY = (
    160,
    1_500,
)  # signs: CAP 1.2 §3.2.2 asks for a headline of 160; two screens of a phone


def draft(text: AlertText, by: Signer, config: Config, ports: Ports) -> Alert:
    """A new notice, seen by nobody until somebody else approves it. Raises NoticeError and ConfigError."""
    now = _whole_second(ports.clock())
    _sound(text, now)
    act = alerts.draft(text, _name(by, config), now, by)
    return _kept(act, config, ports)


def approve(id: str, by: Signer, config: Config, ports: Ports) -> Alert:
    """Put the notice up. Raises NoticeError unless it is a draft of somebody else that is not over."""
    alert, now = _expected(id, "approve", config, ports), _whole_second(ports.clock())
    name = _name(by, config)
    if not alerts.differ(alert.acts[0].key, by.key.id, config.notice.people):
        raise NoticeError(f"{id}: {name} drafted it; somebody else has to approve it, with a key of his own")
    return _kept(alerts.following(alert, "approve", name, now, by), config, ports)


def correct(id: str, text: AlertText, why: str, by: Signer, config: Config, ports: Ports) -> Alert:
    """Give it other words at once. Raises NoticeError where that needs two: a later end, or a drill made real."""
    alert, now = _expected(id, "correct", config, ports), _whole_second(ports.clock())
    name = _name(by, config)
    if text.until > alert.text.until or text.drill != alert.text.drill:
        raise NoticeError(f"{id}: a correction cannot make it last longer or turn a drill into it; draft a new one")
    if text == alert.text:
        raise NoticeError(f"{id}: the correction changes nothing; say what is right now (--headline, --text, ...)")
    _sound(text, now)
    more = {"text": alerts.text_object(text), "why": why}
    return _kept(alerts.following(alert, "correct", name, now, by, **more), config, ports)


def lift(id: str, why: str, by: Signer, config: Config, ports: Ports) -> Alert:
    """Take it down at once, or drop a draft. Raises NoticeError."""
    alert = _expected(id, "lift", config, ports)
    now = _whole_second(ports.clock())
    return _kept(alerts.following(alert, "lift", _name(by, config), now, by, why=why), config, ports)


def of(id: str, config: Config, ports: Ports) -> Alert:
    """The notice. Raises NoticeError when there is none of that id."""
    found = {one.id: one for one in alerts.standing(ports.store.acts(), config.notice.people, ports.clock())}
    if id not in found:
        raise NoticeError(f"{id}: there is no such notice; aggregator notice list shows them")
    return found[id]


def _expected(id: str, kind: ActKind, config: Config, ports: Ports) -> Alert:
    """The notice, where that may be done to it now."""
    alert = of(id, config, ports)
    if alert.state == "unusable":
        raise NoticeError(f"{id}: {alert.because}; draft it anew")
    if kind not in alerts.FOLLOWS[alert.acts[-1].kind]:
        raise NoticeError(f"{id}: it is {alert.state}, so there is nothing to {kind}")
    if alert.text.until <= ports.clock():
        raise NoticeError(f"{id}: its validity ended at {alert.text.until.isoformat()}; draft a new one")
    return alert


def _kept(act: Act, config: Config, ports: Ports) -> Alert:
    ports.store.keep_act(act)
    return of(act.alert, config, ports)


def _name(by: Signer, config: Config) -> str:
    """Who holds the key. Raises ConfigError, saying what to type, when nobody who may sign does."""
    person = alerts.person_of(by.key, config.notice.people)
    if person is None:
        told = f"key {by.key.id} is not among notice.people of sources.yaml, so it signs nothing"
        raise ConfigError(
            f"{told}; whoever keeps the configuration adds the lines that `aggregator notice key` printed"
        )
    return person.name


def _sound(text: AlertText, now: datetime) -> None:
    """Raises NoticeError for what cannot be put up so."""
    if not now < text.until <= now + LONGEST:
        raise NoticeError(f"--until {text.until.isoformat()}: the end lies behind now, at most {LONGEST.days} days")
    if not text.headline or not text.description:
        raise NoticeError("a notice has a headline and says what happened: --headline WORDS --text WORDS")
    for name, words, most in (
        ("--headline", text.headline, HEADLINE),
        ("--text", text.description, BODY),
        ("--do", text.instruction, BODY),
    ):
        if len(words) > most:
            raise NoticeError(f"{name} has {len(words)} characters; {most} fit")
    if not text.areas:
        raise NoticeError("a notice says whom it is for: --place 'Phường Đống Đa, Hà Nội', or --place 'cả nước'")
    if any(mark in fold(text.headline) for mark in ("thong bao khan", "dien tap")):
        raise NoticeError("--headline: leave out THÔNG BÁO KHẨN and DIỄN TẬP; these words stand above it already")


def _whole_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
