"""Writes the third blind pairs from what is written beside it. `python -m tests.evals.blind3.pairs.make`."""

from pathlib import Path

from tests.evals.pairs.halves import Half, beside_each_other

HERE = Path(__file__).parent
HALF = Half(HERE, "blind3", seed=20261130, stories=beside_each_other)

if __name__ == "__main__":
    HALF.write(HERE)
