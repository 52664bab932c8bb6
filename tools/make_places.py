"""Writes aggregator/refine/vocabulary/places.yaml from the lists of administrative units, once for each new list.

    python tools/make_places.py AFTER.json BEFORE.csv OLD_TO_NEW.csv > aggregator/refine/vocabulary/places.yaml

AFTER.json: units since 01/07/2025, from thanglequoc/vietnamese-provinces-database (MIT).
BEFORE.csv, OLD_TO_NEW.csv: lists of the statistics office (units until 30/06/2025; which became which).
The lists mix tone placements and hold lines that are not NFC: both are unified here.
"""

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from aggregator.text import nfc, slug, tones

LEVELS = ("Thành phố", "Tỉnh", "Quận", "Huyện", "Thị xã", "Thị trấn", "Phường", "Xã", "Đặc khu")
HANOI = "01"
HEADER = """\
# Places of Vietnam: the 34 provinces since 01/07/2025 and the 63 before; Hà Nội's 126 wards and communes since then,
# its 30 districts and its old wards and communes before (those whose name with its level means one place only).
# Made by tools/make_places.py; a change is made there. Sources: thanglequoc/vietnamese-provinces-database (MIT licence;
# units since 01/07/2025), lists of the statistics office (units until 30/06/2025, and which became which).
#
# level       the word before the name; `since` the first day it was valid, `until` the last
# successors  who holds its area now; `was_in` the districts its area came from
# shared      another province has (or had) a unit of that level and name: it needs Hà Nội near it
# bare        known by its name alone, without the level, where the text speaks of Hà Nội
# loose       seen with one capital only ("Hà nội")
# prefixed    the name alone is a person's: it needs its level, or a list of provinces around it
# abroad      a place of that name lies in the countries named: their mention in the sentence takes the name away
# sources     who says so: of each place the first that names a field it has, else the default
sources:
  until: lists of the statistics office (units until 30/06/2025, and which became which)
  since: thanglequoc/vietnamese-provinces-database (units since 01/07/2025)
  default: thanglequoc/vietnamese-provinces-database (since 01/07/2025), lists of the statistics office (before)
sites: {hanoi.gov.vn: ha-noi, hcdc.vn: tp-ho-chi-minh, medinet.gov.vn: tp-ho-chi-minh}  # whose site speaks from where
"""
ALIASES = {
    "ha-noi": ["Hanoi"],
    "tp-ho-chi-minh": [
        "TP.HCM", "TP. HCM", "TP HCM", "TPHCM", "T.P HCM", "TP-HCM", "Thành phố HCM", "Thành phố Hồ Chí Minh",
        "TP.Hồ Chí Minh", "TP. Hồ Chí Minh", "TP Hồ Chí Minh", "T.P Hồ Chí Minh", "Hồ Chí Minh City",
        "Ho Chi Minh City", "Sài Gòn", "TP. Ho Chi Minh", "TP Ho Chi Minh", "TP.Ho Chi Minh", "HCMC", "TP. HCMC",
    ],
    "hue": ["Thừa Thiên Huế", "Thừa Thiên - Huế", "Thừa Thiên-Huế", "TT-Huế", "TT Huế"],
    "ba-ria-vung-tau": ["Bà Rịa Vũng Tàu", "Bà Rịa-Vũng Tàu", "BR-VT", "Vũng Tàu"],
    "dak-lak": [
        "Đăk Lăk", "Đắc Lắc", "Đắc Lắk", "Đăk Lắk", "Đắk Lăk", "Daklak", "Đaklak", "Đắklắk", "Đak Lak", "Dak Lak",
    ],
    "dak-nong": ["Đăk Nông", "Đắc Nông", "Đak Nông", "Dak Nong"],
    "kon-tum": ["Kontum"],
    "da-nang": ["Da Nang", "Danang"],
}  # fmt: skip
ABROAD = {"ha-nam": ["Trung Quốc"], "thi-xa-son-tay": ["Trung Quốc"], "phuong-son-tay": ["Trung Quốc"]}
STREETS = {"phuong-pho-hue"}  # the name holds "phố" and a province's: "thành phố Huế" would be read as it
LOOSE = {"ha-noi", "da-nang", "hai-phong"}  # seen with one capital only (Hà nội), and no other word
TONE = re.compile(r"(?<![qQ])(o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)")
NEWER, OLDER = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ", "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
OLD = dict(zip(NEWER.split(), OLDER.split(), strict=True))


def clean(text: str) -> str:
    """The name in NFC, one space between words, the tone where newspapers put it (Khánh Hòa)."""
    return TONE.sub(lambda match: OLD[match[0]], " ".join(nfc(text).split()))


def split(full: str) -> tuple[str, str]:
    """Level in lower case, and the name without it."""
    level = next(level for level in LEVELS if full.lower().startswith(level.lower() + " "))
    return level.lower(), full[len(level) + 1 :]


def code(cell: str) -> str:
    """The code in brackets at the end of a cell of OLD_TO_NEW."""
    found = re.search(r"\((\d+)\)\s*$", cell)
    return found[1] if found else ""


def rows(path: str) -> list[list[str]]:
    """The lines of a CSV, cleaned."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return [[clean(cell) for cell in row] for row in csv.reader(file)]


def province_slug(name: str) -> str:
    """As its label would give it: tp-ho-chi-minh, else the bare name."""
    return "tp-ho-chi-minh" if name == "Hồ Chí Minh" else slug(name)


def flow(fields: dict[str, object]) -> str:
    """One line of YAML."""
    parts = []
    for key, value in fields.items():
        if value in ("", [], None, False):
            continue
        text = "[" + ", ".join(quoted(part) for part in value) + "]" if isinstance(value, list) else quoted(value)
        parts.append(f"{key}: {text}")
    return "  - {" + ", ".join(parts) + "}"


def quoted(value: object) -> str:
    """A scalar of YAML."""
    return "true" if value is True else str(value)


def provinces(after: list[dict[str, object]], before: list[list[str]], moves: list[list[str]]) -> list[str]:
    """Lines of all provinces: today's first, then those that ended."""
    new = {str(unit["Code"]): split(clean(str(unit["FullName"]))) for unit in after}
    old = {row[1]: split(row[0]) for row in before[1:]}
    today = {province_slug(name): (level, name) for level, name in new.values()}
    ended = {province_slug(name): (level, name) for level, name in old.values() if province_slug(name) not in today}
    heirs: dict[str, Counter[str]] = defaultdict(Counter)
    for row in moves:
        codes = (code(row[0]), code(row[7])) if len(row) > 7 else ("", "")
        if codes[0] in new and codes[1] in old:
            heirs[province_slug(old[codes[1]][1])][province_slug(new[codes[0]][1])] += 1
    lines = [province(key, level, name) for key, (level, name) in today.items()]
    for key, (level, name) in ended.items():
        lines.append(province(key, level, name, until="2025-06-30", successors=main_heirs(heirs[key])))
    return lines


def main_heirs(counted: Counter[str]) -> list[str]:
    """Those that took over more than a twentieth of its lines: a border straightened makes no successor."""
    return [heir for heir, lines in counted.most_common() if lines * 20 > counted.total()]


def province(key: str, level: str, name: str, **more: object) -> str:
    """One line of a province."""
    label = "TP. Hồ Chí Minh" if key == "tp-ho-chi-minh" else name
    full = "TP. " + name if level == "thành phố" else "tỉnh " + name
    fields = {"slug": key, "label": label, "full": full, "name": name, "level": level, "aliases": ALIASES.get(key)}
    flags = {"loose": key in LOOSE, "prefixed": key == "tp-ho-chi-minh", "abroad": ABROAD.get(key)}
    return flow({**fields, **flags, **more})


class Hanoi:
    """The units of Hà Nội, before and after, with their ties."""

    def __init__(self, after: list[dict[str, object]], before: list[list[str]], moves: list[list[str]]) -> None:
        self.before = [row for row in before[1:] if row[1] == HANOI]
        wards = next(unit["Wards"] for unit in after if unit["Code"] == HANOI)
        assert isinstance(wards, list)
        self.after = {ward["Code"]: split(clean(ward["FullName"])) for ward in wards}
        self.moves = [row for row in moves if len(row) > 6 and code(row[0]) == HANOI and row[2] in self.after]
        abroad = [split(clean(ward["FullName"])) for unit in after if unit["Code"] != HANOI for ward in unit["Wards"]]  # type: ignore[attr-defined]
        others = [row for row in before[1:] if row[1] != HANOI]
        abroad += [split(row[4]) for row in others if row[4]] + [split(row[2]) for row in others]
        self.elsewhere = {(level, tones(name)) for level, name in abroad}
        self.district_names = {tones(split(row[2])[1]) for row in self.before}

    def line(self, unit: tuple[str, str], **more: object) -> str:
        """One line of a unit."""
        level, name = unit
        key = slug(f"{level} {name}")
        return flow({
            "slug": key, "label": f"{level[0].upper()}{level[1:]} {name}", "name": name, "level": level,
            "shared": (level, tones(name)) in self.elsewhere, "bare": tones(name) in self.district_names,
            "abroad": ABROAD.get(key, []), **more,
        })  # fmt: skip

    def districts(self) -> list[str]:
        """Lines of the 30 districts until 30/06/2025."""
        units = {row[3]: split(row[2]) for row in self.before}
        after: dict[str, list[str]] = defaultdict(list)
        for row in self.moves:
            key = slug(" ".join(self.after[row[2]]))
            if key not in after[code(row[6])]:
                after[code(row[6])].append(key)
        return [self.line(unit, until="2025-06-30", successors=after[key]) for key, unit in units.items()]

    def communes(self) -> list[str]:
        """Lines of the 126 wards and communes since 01/07/2025; without `since` when the old unit had the same name."""
        olds = {slug(row[4]) for row in self.before}
        lines = []
        for key, unit in self.after.items():
            was = [slug(row[6].rsplit(" (", 1)[0]) for row in self.moves if row[2] == key and code(row[6])]
            since = "" if slug(" ".join(unit)) in olds else "2025-07-01"
            lines.append(self.line(unit, since=since, was_in=list(dict.fromkeys(was))))
        return lines

    def wards(self) -> list[str]:
        """Lines of the old wards and communes whose level and name mean one place of Hà Nội only."""
        today = {slug(" ".join(unit)) for unit in self.after.values()}
        counted = Counter(slug(row[4]) for row in self.before)
        lines = []
        for row in self.before:
            if not row[4] or slug(row[4]) in STREETS or counted[slug(row[4])] > 1 or slug(row[4]) in today:
                continue
            after = dict.fromkeys(slug(" ".join(self.after[move[2]])) for move in self.moves if move[4] == row[5])
            more = {"parent": slug(row[2]), "until": "2025-06-30", "successors": list(after)}
            lines.append(self.line(split(row[4]), **more))
        return lines


def main(after_path: str, before_path: str, moves_path: str) -> None:
    """Print the file."""
    after = json.loads(Path(after_path).read_text(encoding="utf-8"))
    before, moves = rows(before_path), rows(moves_path)
    hanoi = Hanoi(after, before, moves)
    parts = {
        "provinces": provinces(after, before, moves), "districts": hanoi.districts(),
        "communes": hanoi.communes(), "wards": hanoi.wards(),
    }  # fmt: skip
    out = [HEADER.rstrip()]
    for name, lines in parts.items():
        out += [f"{name}:", *lines]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
