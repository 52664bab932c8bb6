"""Writes aggregator/units.csv, the provinces and communes since 01/07/2025 with their codes, once for each new list.

    python tools/make_units.py AFTER.json > aggregator/units.csv

AFTER.json: units since 01/07/2025, from thanglequoc/vietnamese-provinces-database (MIT).
"""

import csv
import json
import sys
from pathlib import Path

from aggregator.text import nfc


def main(after: str) -> None:
    """A row for each province, and below it one for each of its communes: code, name with its level, province."""
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("code", "name", "province"))
    for province in json.loads(Path(after).read_text(encoding="utf-8")):
        rows.writerow((province["Code"], nfc(province["FullName"]), ""))
        rows.writerows((ward["Code"], nfc(ward["FullName"]), province["Code"]) for ward in province["Wards"])


if __name__ == "__main__":
    main(*sys.argv[1:])
