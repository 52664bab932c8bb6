"""Emergency notices as people sign them: keys of nobody real, texts of ours."""

from datetime import timedelta
from typing import Any

from aggregator.model import Act, AlertArea, AlertText
from aggregator.publish import alerts, personal
from aggregator.publish.alerts import Alert, standing
from aggregator.publish.signing import SEED_BYTES, Signer
from aggregator.settings import Config, Notices, Person
from tests.make import NOW

HOUR = timedelta(hours=1)
DONG_DA = AlertArea("00199", "Phường Đống Đa, Thành phố Hà Nội")
TEXT = AlertText(
    headline="Nước máy khu vực Đống Đa nghi nhiễm khuẩn",
    description="Mẫu nước lấy lúc 15:00 có vi khuẩn gây tiêu chảy.\nNgành y tế đang tìm nguyên nhân.",
    instruction="Đun sôi nước trước khi uống, nấu ăn.\nCó người tiêu chảy nhiều lần trong ngày: gọi 115.",
    issuer="Sở Y tế (minh hoạ)",
    until=NOW + 12 * HOUR,
    areas=(DONG_DA,),
)


def holder(number: int, name: str) -> tuple[Person, Signer]:
    """A person, and the signer of his key: the same in every test."""
    public, pem = personal.generate(bytes([number]) * SEED_BYTES, "mật khẩu thử nghiệm")
    return Person(name=name, key=public), personal.opened(pem, "mật khẩu thử nghiệm")


(AN, BY_AN), (BINH, BY_BINH), (AN_AGAIN, BY_AN_AGAIN) = holder(1, "Trực A"), holder(2, "Trực B"), holder(3, " trực  a")
PEOPLE = (AN, BINH, AN_AGAIN)


def with_people(config: Config, *people: Person) -> Config:
    """The configuration that lets these people sign; all of them where none is named."""
    return config.model_copy(update={"notice": Notices(people=people or PEOPLE)})


def drafted(at: Any = NOW, by: Signer = BY_AN, text: AlertText = TEXT, **changed: Any) -> Act:
    """A draft."""
    fields = {name: changed.get(name, getattr(text, name)) for name in AlertText.__slots__}
    return alerts.draft(AlertText(**fields), "Trực A", at, by)


def next_act(acts: list[Act], kind: Any, at: Any, by: Signer = BY_BINH, **more: Any) -> list[Act]:
    """The acts with one more behind them."""
    last = Alert(acts[0].alert, "draft", tuple(acts), TEXT)
    return [*acts, alerts.following(last, kind, "Trực B", at, by, **more)]


def put_up(at: Any = NOW, **changed: Any) -> list[Act]:
    """A draft, and its approval a minute later."""
    return next_act([drafted(at, **changed)], "approve", at + timedelta(minutes=1))


def read(acts: list[Act], now: Any = NOW + HOUR, *people: Person) -> Alert:
    """What the acts of one notice come to."""
    (alert,) = standing(acts, people or PEOPLE, now)
    return alert
