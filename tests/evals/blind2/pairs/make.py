"""Writes the blind pairs from what is written beside it. `python -m tests.evals.blind2.pairs.make`."""

from pathlib import Path

from tests.evals.pairs.halves import Half, beside_copies

HERE = Path(__file__).parent
HALF = Half(HERE, "blind2", seed=20261129, stories=beside_copies)

if __name__ == "__main__":
    HALF.write(HERE)
