"""`aggregator backup` and `aggregator restore`: one file, and the same site again on an empty machine."""

import gzip
import io
import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.operate import backup
from aggregator.store.snapshot import damage
from tests.cli.house import IDLE, NOW, Done, House, call, tree

AT = ["--now", str(NOW).replace(" ", "T")]
SECRET = "mot-cau-du-dai"


@pytest.fixture
def signed(used: House) -> House:
    """A house with a key and everything signed."""
    assert used.call("keys init", *AT).code == 0
    assert used.call("publish", *AT).code == 0
    return used


@pytest.fixture
def passphrase(room: Path) -> Path:
    path = room / "passphrase"
    path.write_text(SECRET + "\n", encoding="utf-8")
    return path


def kept(house: House, *more: object) -> Path:
    done = house.call("backup", *more, *AT)
    assert done.code == 0, done.err
    (found,) = (house.folder / "var/backups").glob("*.tar.gz")
    return found


def restored(file: Path, into: Path, *more: object) -> Done:
    return call("restore", file, "--into", into, *more)


def published(folder: Path) -> dict[str, bytes]:
    """What stands in the output, but for what an idle run writes and the log goes on with."""
    found = tree(folder / "output")
    busy = IDLE | {f"{name}.sig" for name in IDLE}
    return {name: data for name, data in found.items() if name not in busy and not name.startswith("log/")}


def test_a_site_stands_again_on_an_empty_machine_with_the_same_bytes(
    signed: House, room: Path, passphrase: Path
) -> None:
    file = kept(signed, "--passphrase-file", passphrase)
    before = published(signed.folder)
    log = tree(signed.output / "log")
    shutil.move(signed.folder, room / "lost")

    into = room / "new"
    done = restored(
        file if file.exists() else room / "lost/var/backups" / file.name, into, "--passphrase-file", passphrase
    )
    assert done.code == 0, done.err
    assert tree(into / "output/log") == log
    assert call("publish", "--full", "--config", into / "sources.yaml", *AT).code == 0
    assert published(into) == before
    assert any(name.endswith(".sig") for name in before)
    assert call("verify", into / "output", "--config", into / "sources.yaml", *AT).code == 0


def test_keys_are_left_out_unless_they_can_be_sealed(signed: House, room: Path) -> None:
    done = signed.call("backup", *AT)
    assert "without its keys" in done.err
    (file,) = (signed.folder / "var/backups").glob("*.tar.gz")
    (private,) = (signed.folder / "var/keys").glob("*.pem")
    whole = gzip.decompress(file.read_bytes())
    assert b"PRIVATE KEY" not in whole and private.read_bytes()[30:60] not in whole
    done = restored(file, room / "new")
    assert done.code == 0 and "left out" in done.out
    assert not (room / "new/var/keys").exists()


def test_sealed_keys_open_with_their_passphrase_alone(signed: House, room: Path, passphrase: Path) -> None:
    file = kept(signed, "--passphrase-file", passphrase)
    assert b"PRIVATE KEY" not in gzip.decompress(file.read_bytes())
    other = room / "other"
    other.write_text("mot-cau-khac-han", encoding="utf-8")
    done = restored(file, room / "new", "--passphrase-file", other)
    assert done.code == 1 and "another passphrase" in done.err
    assert not list((room / "new").rglob("*.pem"))
    assert restored(file, room / "newer", "--passphrase-file", passphrase).code == 0
    (private,) = (room / "newer/var/keys").glob("*.pem")
    assert private.stat().st_mode & 0o077 == 0
    assert private.read_bytes() == next((signed.folder / "var/keys").glob("*.pem")).read_bytes()


def test_a_short_passphrase_is_refused(signed: House, room: Path) -> None:
    (room / "short").write_text("ngan", encoding="utf-8")
    done = signed.call("backup", "--passphrase-file", room / "short", *AT)
    assert done.code == 1 and "at least 12 characters" in done.err


def test_a_backup_of_one_moment_beside_a_writer(used: House, room: Path) -> None:
    """What another process has begun to write and not ended is not in it."""
    with closing(sqlite3.connect(used.folder / "var/aggregator.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE articles SET title = 'chưa xong'")
        file = kept(used)
        writer.execute("ROLLBACK")
    assert restored(file, room / "new").code == 0
    with closing(sqlite3.connect(room / "new/var/aggregator.db")) as copy:
        titles = [row[0] for row in copy.execute("SELECT title FROM articles")]
    assert titles and "chưa xong" not in titles


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.95])
def test_a_damaged_backup_is_seen_and_leaves_nothing(used: House, room: Path, at: float) -> None:
    data = bytearray(kept(used).read_bytes())
    data[int(len(data) * at)] ^= 0xFF
    broken = room / "broken.tar.gz"
    broken.write_bytes(data)
    assert call("backup", "--config", used.config, "--check", broken).code == 1
    done = restored(broken, room / "new")
    assert done.code == 1 and "broken.tar.gz" in done.err
    assert not (room / "new").exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_backup_that_was_cut_off_is_seen(used: House, room: Path, share: float) -> None:
    whole = kept(used).read_bytes()
    cut = room / "cut.tar.gz"
    cut.write_bytes(whole[: int(len(whole) * share)])
    done = call("backup", "--config", used.config, "--check", cut)
    assert done.code == 1 and "cut.tar.gz" in done.err


def rewritten(file: Path, to: Path, change: dict[str, bytes], extra: dict[str, bytes]) -> Path:
    """The backup with members changed and others added, its manifest as it was."""
    with tarfile.open(file) as old, tarfile.open(to, "w:gz") as new:
        held = {entry.name: change.get(entry.name, old.extractfile(entry).read()) for entry in old}  # type: ignore[union-attr]
        for name, content in {**held, **extra}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return to


def test_a_member_that_was_changed_or_added_is_refused(used: House, room: Path) -> None:
    file = kept(used)
    changed = rewritten(file, room / "changed.tar.gz", {"config/sources.yaml": b"sources: []\n"}, {})
    assert "config/sources.yaml is damaged" in restored(changed, room / "new").err
    added = rewritten(file, room / "added.tar.gz", {}, {"../outside": b"x"})
    assert "does not name" in restored(added, room / "new").err
    assert not (room / "outside").exists() and not (room / "new").exists()


def test_a_manifest_that_names_a_place_outside_is_refused(used: House, room: Path) -> None:
    file = kept(used)
    with tarfile.open(file) as tar:
        told = json.load(tar.extractfile(backup.MANIFEST))  # type: ignore[arg-type]
    told["members"]["../outside"] = {
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        "bytes": 1,
    }
    manifest = json.dumps(told).encode()
    evil = rewritten(file, room / "evil.tar.gz", {backup.MANIFEST: manifest}, {"../outside": b"x"})
    assert "lies outside" in restored(evil, room / "new").err
    assert not (room / "outside").exists()


def test_a_database_that_sqlite_finds_damaged_is_no_backup(used: House, room: Path) -> None:
    """Its digest is right: it was damaged before it was copied."""
    file = kept(used)
    with tarfile.open(file) as tar:
        told = json.load(tar.extractfile(backup.MANIFEST))  # type: ignore[arg-type]
        data = bytearray(tar.extractfile(backup.DATABASE).read())  # type: ignore[union-attr]
    data[4096:12288] = bytes(8192)
    parts = {backup.DATABASE: room / "database", "config/sources.yaml": used.config}
    parts[backup.DATABASE].write_bytes(data)
    with pytest.raises(backup.BackupError, match="its database is damaged"):
        backup.make(room / "bad.tar.gz", parts, b"", told["config"], "0", NOW, damage)
    assert not (room / "bad.tar.gz").exists()


def test_restore_refuses_a_folder_with_something_in_it(used: House, room: Path) -> None:
    file = kept(used)
    (room / "full").mkdir()
    (room / "full/note").write_text("mine", encoding="utf-8")
    done = restored(file, room / "full")
    assert done.code == 1 and "is not empty" in done.err
    assert [path.name for path in (room / "full").iterdir()] == ["note"]


def test_files_that_the_configuration_names_go_along_and_secrets_do_not(used: House, room: Path) -> None:
    used.settings["site"]["stations"] = "tram.csv"
    used.settings["mail"] = {
        "smtp": {"host": "127.0.0.1", "password_file": "mat-khau", "user": "a"},
        "sender": "a@b.example",
        "recipients": "nguoi-nhan.txt",
        "unsubscribe_mail": "thoi@b.example",
    }
    (used.folder / "mat-khau").write_text("that-la-bi-mat", encoding="utf-8")
    (used.folder / "nguoi-nhan.txt").write_text("mot@noi.example\n", encoding="utf-8")
    (used.folder / "tram.csv").write_text((Path("aggregator/demo/stations.csv")).read_text(encoding="utf-8"), "utf-8")
    used.write()
    file = kept(used)
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert {"config/tram.csv", "config/nguoi-nhan.txt"} <= set(names)
    assert not any("mat-khau" in name for name in names)
    assert b"that-la-bi-mat" not in gzip.decompress(file.read_bytes())


def test_the_newest_are_kept_and_the_file_is_the_owners_alone(used: House) -> None:
    for hour in ("01", "02", "03"):
        assert used.call("backup", "--keep", 2, "--now", f"2026-10-20T{hour}:00+00:00").code == 0
    found = sorted(path.name for path in (used.folder / "var/backups").iterdir())
    assert found == ["backup-20261020T020000Z.tar.gz", "backup-20261020T030000Z.tar.gz"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (used.folder / "var/backups").iterdir())


def test_no_backup_lies_where_everybody_can_fetch_it(used: House) -> None:
    done = used.call("backup", "--to", used.output / "x", *AT)
    assert done.code == 1 and "which is served" in done.err
    assert not (used.output / "x").exists()
