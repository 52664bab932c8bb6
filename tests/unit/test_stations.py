from datetime import date
from pathlib import Path

import pytest

from aggregator.config import load
from aggregator.errors import ConfigError
from aggregator.stations import read_stations

HEAD = "name,kind,place,address,phone,hours,confirmed\n"
GOOD = "Trạm Y tế Mẫu,station,Phường Mẫu,Số 1,024 0000 0000,7:30-17:00,2026-10-01\n"


def test_a_row_is_a_station_with_the_day_it_was_confirmed():
    (one,), problems = read_stations(HEAD + GOOD, "stations.csv")
    assert (one.name, one.kind, one.place, one.phone) == ("Trạm Y tế Mẫu", "station", "Phường Mẫu", "024 0000 0000")
    assert (one.confirmed, problems) == (date(2026, 10, 1), ())


def test_semicolons_and_vietnamese_days_of_a_spreadsheet_are_read():
    text = (HEAD + "Số gọi,hotline,,,19009095,,20/10/2026\n").replace(",", ";")
    (one,), problems = read_stations(text, "stations.csv")
    assert (one.phone, one.confirmed, problems) == ("19009095", date(2026, 10, 20), ())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,pharmacy,,,115,,2026-10-01", "s.csv:3 kind: 'pharmacy' is none of the kinds; write hotline, station"),
        ("A,hotline,,,call us,,2026-10-01", "s.csv:3 phone: 'call us' is not a telephone number; write digits"),
        ("A,hotline,,,115,,tháng 10", "s.csv:3 confirmed: 'tháng 10' is not a day; write it as 2026-10-20"),
        (",hotline,,,115,,2026-10-01", "s.csv:3 name: is empty; write the name"),
        ("A,hotline,,phố 1, Hà Nội,115,,2026-10-01", "s.csv:3 has 8 columns, not 7; put a cell with commas"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_what_to_write(row, said):
    _, (problem,) = read_stations(f"{HEAD}{GOOD}{row}\n", "s.csv")
    assert problem.startswith(said)


def test_a_file_without_its_columns_is_told_which():
    assert "lacks the column kind, place" in read_stations("name\nA\n", "s.csv")[1][0]
    assert "has the column e-mail" in read_stations(HEAD.replace("\n", ",e-mail\n"), "s.csv")[1][0]
    assert "lacks the column name" in read_stations("", "s.csv")[1][0]


def configured(folder: Path, stations: str | None) -> Path:
    if stations is not None:
        (folder / "stations.csv").write_text(stations, encoding="utf-8-sig")
    path = folder / "sources.yaml"
    path.write_text(
        "site: {stations: stations.csv}\nsources: [{id: a, name: A, kind: auto, home: 'https://a.vn/', sections: [{url: 'https://a.vn/'}]}]\n"
    )
    return path


def test_the_file_that_the_setting_names_is_read_from_the_configurations_folder(tmp_path):
    (one,) = load(configured(tmp_path, HEAD + GOOD)).site.stations
    assert one.name == "Trạm Y tế Mẫu"


def test_all_bad_rows_stop_the_start(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(configured(tmp_path, HEAD + "A,hotline,,,x,,2026-10-01\nB,shop,,,115,,2026-10-01\n"))
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "stations.csv:2 phone",
        "stations.csv:3 kind",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"stations\.csv: no such file; correct its place or make it"):
        load(configured(tmp_path, None))
