from pathlib import Path

from tests.evals.sealed3.pairs import make


def test_the_third_sealed_pairs_are_what_their_texts_make(tmp_path: Path):
    make.write(tmp_path)
    for name in ("sealed.jsonl", "texts-sealed.jsonl"):
        same = (tmp_path / name).read_bytes() == (make.HERE / name).read_bytes()
        assert same, f"{name} is stale; run python -m tests.evals.sealed3.pairs.make"
