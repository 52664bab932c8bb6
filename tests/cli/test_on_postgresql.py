"""The whole line on PostgreSQL: the same bytes as on SQLite, through an idle run, a change and an editor's word."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests import postgres
from tests.cli.house import ARTICLES, NOW, House, opened, tree

LATER = NOW + timedelta(hours=2)


def gone(house: House) -> dict[str, bytes]:
    """All that is published after one life: a first run, an idle one, a text that is hidden, a full publish."""
    assert house.run().code == 0
    assert house.run("--force", now=LATER).code == 0
    story = min(name for name in tree(house.output) if name.startswith("tin/") and "tay-chan-mieng" in name)
    id = story.rpartition("-")[2].removesuffix(".html")
    assert house.call("edit hide", id, "--why", "thử", "--who", "an", "--now", LATER.isoformat()).code == 0
    assert house.call("publish", "--full", "--now", LATER.isoformat()).code == 0
    return house.files()


def test_the_same_life_gives_the_same_bytes(room: Path) -> None:
    with opened(room / "one") as one:
        expected = gone(one)
    with opened(room / "two") as two:
        two.settings["database"] = postgres.new_database()
        two.write()
        found = gone(two)
        assert two.call("status").code == 0
        assert len(two.titles()) == len(one.titles()) < len(ARTICLES)
    assert {name for name in found if found[name] != expected.get(name)} == set()
    assert found.keys() == expected.keys()


@pytest.mark.parametrize("change", ["user=nobody", "dbname=none"])
def test_a_database_that_cannot_be_used_is_named_without_its_password(room: Path, change: str) -> None:
    with opened(room / "one") as house:
        url = postgres.server().set(password="that-la-bi-mat")
        key, _, value = change.partition("=")
        url = url.set(username=value) if key == "user" else url.set(database=value)
        house.settings["database"] = url.render_as_string(hide_password=False)
        house.write()
        done = house.run()
        assert done.code == 3
        assert "that-la-bi-mat" not in done.said and "cannot" in done.err
        assert "Traceback" not in done.said
