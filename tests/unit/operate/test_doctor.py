"""What a sound installation looks like: facts in, findings out."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.operate import doctor
from aggregator.operate.doctor import Answered, Finding, Folder

NOW = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
GOOD_PAGE = {
    "content-security-policy": "default-src 'self'",
    "x-content-type-options": "nosniff",
    "content-type": "text/html; charset=utf-8",
    "strict-transport-security": "max-age=63072000",
}


def wrong(found: object) -> list[Finding]:
    return [one for one in found if one.verdict == "WRONG"]  # type: ignore[attr-defined]


def folder(problem: str = "", free: int = 10**10, mode: int = 0o700, private: bool = True) -> Folder:
    return Folder("state", "/srv/var", problem, free, mode, private)


def asked(minutes: float, name: str = "moh") -> Answered:
    return Answered(name, "https://moh.gov.vn/", date=NOW - timedelta(minutes=minutes), at=NOW)


@pytest.mark.parametrize(
    ("python", "sqlite", "zones", "about"),
    [
        ((3, 10, 9), (3, 40, 1), True, "python"),
        ((3, 11, 0), (3, 34, 1), True, "sqlite"),
        ((3, 13, 1), (3, 46, 0), False, "time zones"),
    ],
)
def test_what_is_too_old_is_named(python: tuple[int, ...], sqlite: tuple[int, ...], zones: bool, about: str) -> None:
    (found,) = wrong(doctor.interpreter(python, sqlite, zones))
    assert found.what == about and found.todo


def test_what_is_new_enough_is_good() -> None:
    assert wrong(doctor.interpreter((3, 11, 0), (3, 35, 0), True)) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (folder(problem="cannot be written: Read-only file system"), "chown"),
        (folder(free=500_000_000), "free some space"),
        (folder(mode=0o755), "chmod 700 /srv/var"),
    ],
)
def test_a_folder_that_cannot_serve_is_named(found: Folder, words: str) -> None:
    (one,) = wrong(doctor.folders([found]))
    assert words in one.todo


def test_others_may_read_what_is_served() -> None:
    assert wrong(doctor.folders([folder(mode=0o755, private=False), folder()])) == []


def test_the_clock_is_judged_by_the_middle_of_all_hosts() -> None:
    assert wrong(doctor.clock([asked(0), asked(0.5), asked(600)])) == []
    (ahead,) = wrong(doctor.clock([asked(3), asked(4), asked(0)]))
    assert "180 s ahead" in ahead.told and ahead.todo == "timedatectl set-ntp true"
    (behind,) = wrong(doctor.clock([asked(-5)]))
    assert "300 s behind" in behind.told


def test_hosts_that_tell_no_time_are_no_fault() -> None:
    (found,) = doctor.clock([Answered("moh", "https://moh.gov.vn/", date=None, at=NOW)])
    assert found.verdict == "note"


def test_a_source_that_cannot_be_reached_is_named_with_what_to_do() -> None:
    refused = Answered("moh", "https://moh.gov.vn/", "certificate: expired", "wait for its keeper")
    (found,) = wrong(doctor.network([refused, asked(0, "skds")]))
    assert (found.what, found.todo) == ("moh", "wait for its keeper")


@pytest.mark.parametrize("name", [*GOOD_PAGE])
def test_a_header_that_is_missing_is_named(name: str) -> None:
    given = {key: value for key, value in GOOD_PAGE.items() if key != name}
    (found,) = wrong(doctor.headers("page", "https://bantin.example/", given))
    assert name in found.told and "docs/servers" in found.todo


def test_all_headers_are_good_and_a_plain_address_needs_no_hsts() -> None:
    assert wrong(doctor.headers("page", "https://bantin.example/", GOOD_PAGE)) == []
    plain = {key: value for key, value in GOOD_PAGE.items() if key != "strict-transport-security"}
    assert wrong(doctor.headers("page", "http://bantin.example/", plain)) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (None, NOW, "no heartbeat"),
        (NOW, None, "gives no heartbeat"),
        (NOW, NOW - timedelta(hours=2), "CDN"),
    ],
)
def test_a_public_site_that_is_not_ours_is_named(ours: datetime | None, theirs: datetime | None, words: str) -> None:
    (found,) = wrong(doctor.served(ours, theirs, "https://bantin.example/heartbeat.json"))
    assert words in found.told + found.todo


def test_a_public_site_a_moment_behind_is_good() -> None:
    assert wrong(doctor.served(NOW, NOW - timedelta(minutes=5), "https://bantin.example/heartbeat.json")) == []


def test_an_installation_that_nobody_runs_is_named() -> None:
    assert [one.what for one in wrong(doctor.rhythm(None, False, NOW))] == ["runs"]
    assert "crontab" in wrong(doctor.rhythm(NOW - timedelta(hours=2), False, NOW))[0].todo
    assert wrong(doctor.rhythm(NOW - timedelta(minutes=10), False, NOW)) == []
    assert [one.verdict for one in doctor.rhythm(NOW, True, NOW)] == ["good", "note"]


def test_keys_that_cannot_sign_are_wrong_and_none_is_a_note() -> None:
    assert [one.verdict for one in doctor.signing("none", "", "")] == ["note"]
    assert [one.verdict for one in doctor.signing("unusable", "others may read it", "k")] == ["WRONG"]
    assert [one.verdict for one in doctor.signing("ready", "", "k")] == ["good"]


def test_an_old_backup_is_told() -> None:
    assert [one.verdict for one in doctor.backups(None, NOW)] == ["note"]
    assert [one.verdict for one in doctor.backups(NOW - timedelta(days=8), NOW)] == ["note"]
    assert [one.verdict for one in doctor.backups(NOW - timedelta(days=1), NOW)] == ["good"]
