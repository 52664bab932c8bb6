"""`aggregator keys root|working|revoke|switch-off|switch-on` and `aggregator retire`, as an operator types them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.house import NOW, Done, House, call, tree

HOUR = timedelta(hours=1)


def at(moment: object) -> list[str]:
    return ["--now", str(moment).replace(" ", "T")]


def state(house: House) -> dict[str, object]:
    published = json.loads((house.output / "embed/state.json").read_text())
    return dict(json.loads(published["signed"]))


def stamped(house: House) -> bool:
    return "embeds" in json.loads((house.output / "heartbeat.json").read_text())


def later(house: House, action: str, root: Path, *more: str, hours: int = 1) -> Done:
    done = house.call(f"keys {action}", *more, "--root", root, *at(NOW + hours * HOUR))
    assert house.call("publish", *at(NOW + hours * HOUR)).code == 0
    return done


@pytest.fixture
def root(used: House, room: Path) -> Path:
    """A root on a medium of its own, and a house whose embeds are signed below it."""
    file = room / "usb/root.pem"
    done = call("keys", "root", file)
    assert done.code == 0 and "keep it offline" in done.out and f"--root {file}" in done.out
    assert used.call("keys working", "--root", file, *at(NOW)).code == 0
    assert used.call("publish", *at(NOW)).code == 0
    return file


def test_after_two_commands_embeds_are_signed_and_the_gallery_offers_the_element(used: House, root: Path) -> None:
    assert stamped(used)
    gallery = (used.output / "nhung/index.html").read_text()
    assert f'key="{state(used)["root"]}"' in gallery and "loader-2.0.0.js" in gallery
    shown = used.call("keys show").out
    assert f"root {state(used)['root']}" in shown and "embeds           ready" in shown


def test_before_them_the_gallery_offers_iframe_and_fragment_alone(used: House) -> None:
    gallery = (used.output / "nhung/index.html").read_text()
    assert "tin-y-te-2" not in gallery and 'id="tin-khung"' in gallery and 'id="tin-manh"' in gallery
    assert "embeds           none" in used.call("keys show").out


def test_a_root_is_made_once_and_needed_for_every_change(used: House, root: Path, room: Path) -> None:
    assert call("keys", "root", root).code == 2
    assert call("keys", "root", room / "other.pem").code == 0
    for action in ("working", "switch-off 2.0.0", f"revoke {next(iter(state(used)['keys']))}"):  # type: ignore[call-overload]
        done = used.call(f"keys {action}", "--root", room / "other.pem")
        assert done.code == 2 and "another root signed it" in done.err


def test_a_working_key_is_replaced_revoked_and_made_again(used: House, root: Path) -> None:
    (first,) = state(used)["keys"]  # type: ignore[misc]
    assert later(used, "working", root).code == 0
    assert set(state(used)["keys"]) > {first}  # type: ignore[call-overload]
    newest = list(state(used)["keys"])[-1]  # type: ignore[call-overload]
    for key in (first, newest):
        assert later(used, "revoke", root, key, hours=2).code == 0
    assert state(used)["keys"] == {} and not stamped(used)
    assert "embeds           unusable" in used.call("keys show").out
    assert later(used, "working", root, hours=3).code == 0
    assert stamped(used) and not {first, newest} & set(state(used)["keys"])  # type: ignore[call-overload]


def test_a_loader_is_switched_off_and_on(used: House, root: Path) -> None:
    assert "switched off: loader 2.0.0" in later(used, "switch-off", root, "2.0.0").out
    assert state(used)["off"] == ["2.0.0"]
    later(used, "switch-on", root, "2.0.0", hours=2)
    assert state(used)["off"] == []


def test_no_private_key_is_printed_published_or_left_beside_the_database(used: House, root: Path) -> None:
    secrets = [path.read_text().splitlines()[1] for path in (root, *(used.folder / "var/keys/embeds").glob("*.pem"))]
    said = used.call("keys show").said + used.call("keys working", "--root", root).said
    everything = b"".join([*tree(used.output).values(), said.encode()])
    assert len(secrets) == 2 and not any(secret.encode() in everything for secret in secrets)
    kept = [path for path in (used.folder / "var").rglob("*") if path.is_file()]
    assert not [path for path in kept if secrets[0].encode() in path.read_bytes()]


def test_retire_empties_every_embed_and_a_working_key_brings_them_back(used: House, root: Path) -> None:
    payload = used.output / "embed/latest/all.json"
    assert json.loads(payload.read_text())["stories"]
    done = used.call("retire", "--root", root, *at(NOW + HOUR))
    assert done.code == 0 and "every embed is empty" in done.out
    assert (state(used)["off"], state(used)["keys"], stamped(used)) == (["*"], {}, False)
    assert json.loads(payload.read_text())["stories"] == []
    assert used.run("--force", now=NOW + 2 * HOUR).code == 0
    assert json.loads(payload.read_text())["stories"] == [] and not stamped(used)
    assert "tin-y-te-2" not in (used.output / "nhung/index.html").read_text()
    later(used, "working", root, hours=3)
    assert json.loads(payload.read_text())["stories"] and stamped(used)
