import json
from pathlib import Path
from shutil import copy

import pytest

from tests.evals import about, blind, pairs


def test_a_folder_in_the_form_of_the_sets_is_scored_and_none_of_its_lines_is_named(tmp_path: Path):
    of_about, of_pairs = Path(about.__file__).parent, Path(pairs.__file__).parent
    for path in (*of_about.glob("*-second.jsonl"), of_pairs / "texts-second.jsonl"):
        copy(path, tmp_path)
    few = (of_pairs / "second.jsonl").read_text(encoding="utf-8").splitlines()[:40]
    (tmp_path / "second.jsonl").write_text("\n".join(few), encoding="utf-8")
    printed = blind.report(tmp_path)
    assert all(f"{kind} " in printed for kind in ("topic", "disease", "place", "authority", "document", "numbers"))
    assert "blind: 40 pairs" in printed
    assert "blind" in printed.split("notices")[1]
    ids = [json.loads(line)["id"] for path in tmp_path.iterdir() for line in path.read_text("utf-8").splitlines()]
    assert len(ids) > 300
    assert not [id for id in ids if id in printed]


def test_a_folder_without_any_set_is_said_to_be_none(tmp_path: Path):
    with pytest.raises(ValueError, match="no tags"):
        blind.report(tmp_path)
