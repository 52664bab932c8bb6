from pathlib import Path

import pytest

from tests.fuzz import readers


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_bent_page_makes_a_reader_raise_what_it_does_not_declare(seed: int, tmp_path: Path) -> None:
    assert readers.run(seed, 500, tmp_path / "failure.bin") == 500


def test_the_same_seed_bends_in_the_same_way() -> None:
    assert list(readers.mutated(5, 3)) == list(readers.mutated(5, 3)) != list(readers.mutated(6, 3))
