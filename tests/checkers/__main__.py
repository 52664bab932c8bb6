"""`python -m tests.checkers nu|lighthouse|loaders`: 0 when there is nothing to mend, 1 when there is, 2 usage."""

import sys

from tests.checkers import lighthouse, loaders, nu

CHECKERS = {"nu": nu.check, "lighthouse": lighthouse.check, "loaders": loaders.check}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in CHECKERS:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(CHECKERS[sys.argv[1]]())
