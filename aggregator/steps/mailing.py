"""Sending letters: each once to each recipient, whatever ends us in between.

    addressed -> waiting -> sending -> sent | refused | unknown        (later: waiting again, after a while)

`sending` is written before the end of a letter goes out, `sent` after the server's answer. A row that a killed run left
in `sending` becomes `unknown` and is not sent again: nearly always the server has it (docs/decisions.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parseaddr

from aggregator.errors import PostError
from aggregator.mail_settings import Mail, Smtp
from aggregator.model import Delivery, DeliveryState, Handed, Letter, Mailed, Recipient
from aggregator.ports import Post, PostLine
from aggregator.publish.edition import Edition
from aggregator.publish.envelope import leave_address, message
from aggregator.publish.letterpress import print_letter
from aggregator.settings import Config
from aggregator.steps.neighbours import Ports

BULLETIN_FOR = timedelta(hours=24)  # then the next one is there
CORRECTION_FOR = timedelta(hours=72)  # a mailbox that is full over a weekend still learns of it
FIRST_WAIT = timedelta(minutes=10)  # after a refusal for now; twice as long each time: greylisting lets one in by then
LONGEST_WAIT = timedelta(hours=4)
BROKEN = 2  # connections that break in one run before it leaves the server alone
REACHED = ("sent", "unknown")


@dataclass(slots=True)
class _Round:
    """One run's way through the letters."""

    config: Config
    mail: Mail
    smtp: Smtp
    ports: Ports
    post: Post
    known: Mapping[str, Recipient]
    sent: int = 0
    broken: int = 0
    tried: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def send(config: Config, ports: Ports) -> Mailed:
    """Send what is due, at most `per_run` letters. Raises StoreError only."""
    mail, post = config.mail, ports.post
    if mail is None or mail.smtp is None or post is None or config.site.mode == "demo":
        return Mailed()
    left = _end_sending(ports)
    try:
        people, problems = post.recipients()
    except PostError as fault:
        return Mailed(problems=(str(fault),), down=True)
    known = {one.id: one for one in people}
    turn = _Round(config, mail, mail.smtp, ports, post, known, unknown=[_name(one, known) for one in left])
    _address(turn)
    trouble = _connections(turn)
    waiting = len(ports.store.in_state("waiting"))
    told = (*(problems if turn.tried else ()), *((trouble,) if trouble else ()))
    return Mailed(turn.sent, waiting, tuple(turn.refused), tuple(turn.unknown), told, bool(trouble))


def _end_sending(ports: Ports) -> tuple[Delivery, ...]:
    """What a killed run was sending when it ended: nobody knows what became of it."""
    now = ports.clock()
    left = ports.store.in_state("sending")
    because = "the run ended before the server's answer was kept"
    ports.store.journal(*(replace(one, state="unknown", at=now, because=because) for one in left))
    return left


def _address(turn: _Round) -> None:
    """Let new letters wait for whom they go to: bulletins for everybody on the list, corrections for those reached."""
    store, now = turn.ports.store, turn.ports.clock()
    for letter in store.unaddressed(now - CORRECTION_FOR):
        if letter.number:
            reached = [
                one.recipient
                for one in store.deliveries(letter.day, 0)
                if one.state in REACHED and one.at <= letter.composed_at
            ]
            store.address(letter, reached, now)
        elif now - letter.composed_at < BULLETIN_FOR:
            told = next(one for one in store.letters(letter.day) if one.number == 0).items
            store.address(letter, tuple(turn.known) if told else (), now)


def _connections(turn: _Round) -> str:
    """Connection after connection until nothing is due; what made it stop early, "" for nothing."""
    first = True
    while batch := _due(turn):
        if not first:
            turn.post.rest()
        first = False
        try:
            line = turn.post.connect()
        except PostError as fault:
            return str(fault)
        try:
            broke = _batch(turn, line, batch)
        finally:
            line.close()
        if broke and turn.broken >= BROKEN:
            return f"mail server {turn.smtp.host}:{turn.smtp.port}: {broke}; letters wait for the next run"
    return ""


def _due(turn: _Round) -> tuple[Delivery, ...]:
    limit = min(turn.smtp.per_connection, turn.smtp.per_run - turn.tried)
    return turn.ports.store.waiting_deliveries(turn.ports.clock(), limit) if limit > 0 else ()


def _batch(turn: _Round, line: PostLine, batch: Sequence[Delivery]) -> str:
    """Hand over the batch, printed from what may be shown now; why the connection ended early, "" when it did not."""
    edition = Edition(turn.config, turn.ports.store, turn.ports.clock())
    for delivery, letter in _with_letters(turn, batch):
        turn.tried += 1
        dropped = _not_any_more(delivery, letter, turn)
        content = None if dropped else _content(letter, turn.known[delivery.recipient], edition, turn)
        if content is None:
            _write(turn, delivery, "dropped", dropped or "nothing of it may be shown any more")
            continue
        handed = _hand(turn, line, delivery, content)
        if handed.closing:
            turn.broken += 1
            return handed.because
    return ""


def _with_letters(turn: _Round, batch: Sequence[Delivery]) -> Iterator[tuple[Delivery, Letter]]:
    held: dict[tuple[str, int], Letter] = {}
    for delivery in batch:
        if (delivery.day, delivery.number) not in held:
            held |= {(one.day, one.number): one for one in turn.ports.store.letters(delivery.day)}
        yield delivery, held[delivery.day, delivery.number]


def _not_any_more(delivery: Delivery, letter: Letter, turn: _Round) -> str:
    """Why the delivery is given up before it is tried; "" when it is not."""
    if delivery.recipient not in turn.known:
        return "is not on the list any more"
    lasts = CORRECTION_FOR if letter.number else BULLETIN_FOR
    late = turn.ports.clock() - letter.composed_at >= lasts
    return f"not taken within {lasts // timedelta(hours=1)} hours: {delivery.because}".strip(": ") if late else ""


def _content(letter: Letter, recipient: Recipient, edition: Edition, turn: _Round) -> bytes | None:
    printed = print_letter(letter, edition, leave_address(turn.mail, recipient))
    return message(printed, turn.mail, turn.config.site.base_url, recipient) if printed else None


def _hand(turn: _Round, line: PostLine, delivery: Delivery, content: bytes) -> Handed:
    recipient = turn.known[delivery.recipient]
    trying = replace(delivery, attempts=delivery.attempts + 1)
    handed = line.hand(
        parseaddr(turn.mail.sender)[1], recipient.address, content, lambda: _write(turn, trying, "sending", "")
    )
    if handed.outcome in {"later", "lost"}:
        wait = min(FIRST_WAIT * 2 ** (trying.attempts - 1), LONGEST_WAIT)
        _write(turn, replace(trying, due=turn.ports.clock() + wait), "waiting", handed.because)
    else:
        _write(turn, trying, _STATES[handed.outcome], handed.because)
    if handed.outcome == "sent":
        turn.sent, turn.broken = turn.sent + 1, 0
    turn.refused += [(recipient.address, handed.because)] if handed.outcome == "refused" else []
    turn.unknown += [recipient.address] if handed.outcome == "unknown" else []
    return handed


def _write(turn: _Round, delivery: Delivery, state: DeliveryState, because: str) -> None:
    now: datetime = turn.ports.clock()
    turn.ports.store.journal(replace(delivery, state=state, at=now, because=because))


def _name(delivery: Delivery, known: Mapping[str, Recipient]) -> str:
    """The address, or what the journal knows of one that left the list."""
    one = known.get(delivery.recipient)
    return one.address if one else f"a former recipient ({delivery.recipient})"


_STATES: Mapping[str, DeliveryState] = {"sent": "sent", "refused": "refused", "unknown": "unknown"}
