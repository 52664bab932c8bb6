"""edit: what a person decides, kept for good and published at once."""

import json
import re
from datetime import timedelta

import pytest

from aggregator.cli import wiring
from aggregator.cli.options import EDITS
from aggregator.config import load
from aggregator.demo.asked import Said
from tests.cli.house import NOW, SKDS, House

LATER = NOW + timedelta(minutes=30)
VACCINE, HYPERTENSION = "vắc xin sởi", "sàng lọc tăng huyết áp"


def ids(house: House, words: str) -> list[str]:
    """Ids of the articles with these words in their title, by source."""
    told = [json.loads(line) for line in house.call("export").out.splitlines()]
    return [one["id"] for one in sorted(told, key=lambda one: one["source"]) if words in one["title"]]


def exported(house: House, id: str) -> dict[str, object]:
    told = [json.loads(line) for line in house.call("export").out.splitlines()]
    return next(one for one in told if one["id"] == id)


def edit(house: House, action: str, *words: str, code: int = 0) -> str:
    done = house.call(f"edit {action}", *words, "--why", "theo thông báo của nguồn", "--now", LATER.isoformat())
    assert done.code == code, done.said
    return done.said


def holding(house: House, words: str) -> list[str]:
    return [name for name, content in house.files().items() if words.encode() in content]


def test_what_is_hidden_leaves_every_file_at_once_and_comes_back(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    before = holding(used, HYPERTENSION)
    assert before
    assert edit(used, "hide", id) == ""
    assert holding(used, HYPERTENSION) == []
    used.run("--force", now=LATER + timedelta(hours=2))
    assert holding(used, HYPERTENSION) == []
    edit(used, "show", id)
    assert holding(used, HYPERTENSION) == before


def test_a_whole_story_can_be_hidden(used: House) -> None:
    first = ids(used, VACCINE)[0]
    edit(used, "hide", first)
    assert holding(used, VACCINE)
    edit(used, "hide", first, "--story")
    assert holding(used, VACCINE) == []


def test_a_pinned_story_heads_the_home_page_until_its_time(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    edit(used, "pin", id, "--until", (LATER + timedelta(hours=5)).isoformat())
    home = (used.output / "index.html").read_text()
    assert home.index("Tin cần chú ý") < home.index(HYPERTENSION) < home.index(VACCINE)
    used.call("publish", "--now", (LATER + timedelta(hours=6)).isoformat())
    assert "Tin cần chú ý" not in (used.output / "index.html").read_text()


def test_a_pin_can_be_taken_back(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    edit(used, "pin", id)
    edit(used, "unpin", id)
    assert "Tin cần chú ý" not in (used.output / "index.html").read_text()


def test_two_articles_are_split_and_merged_at_once_and_stay_so(used: House) -> None:
    one, other = ids(used, VACCINE)
    assert exported(used, one)["story"] == exported(used, other)["story"]
    edit(used, "split", one, other)
    assert exported(used, one)["story"] != exported(used, other)["story"]
    used.run("--force", now=LATER + timedelta(hours=2))
    assert exported(used, one)["story"] != exported(used, other)["story"]
    (third,) = ids(used, HYPERTENSION)
    edit(used, "merge", one, third)
    assert exported(used, one)["story"] == exported(used, third)["story"]
    assert any(name.startswith("tin/") for name in set(holding(used, HYPERTENSION)) & set(holding(used, VACCINE)))


OWN_TAGS = "tags:\n  topics:\n    - {slug: dot-tiem, label: Đợt tiêm, names: [vắc xin sởi, tăng huyết áp]}\n"


def test_what_was_split_or_merged_stays_so_through_runs_and_a_retag(used: House) -> None:
    one, other = ids(used, VACCINE)
    (third,) = ids(used, HYPERTENSION)
    edit(used, "split", one, other)
    edit(used, "merge", other, third)
    with used.config.open("a", encoding="utf-8") as file:
        file.write(OWN_TAGS)
    assert json.loads(used.call("retag", "--json").out)["changed"] == 3
    for hours in (2, 4):
        told = {id: exported(used, id)["story"] for id in (one, other, third)}
        assert told[one] != told[other] == told[third]
        used.run("--force", now=LATER + timedelta(hours=hours))
        used.call("retag")


def test_the_address_of_a_story_that_was_merged_leads_to_the_one_that_holds_it_now(used: House) -> None:
    (third,) = ids(used, HYPERTENSION)
    one, _ = ids(used, VACCINE)
    before = story_pages(used)
    assert len(before) == 2
    edit(used, "merge", one, third)
    (kept,) = story_pages(used)
    (older,) = before - {kept}
    used.run("--force", now=LATER + timedelta(hours=2))
    used.call("publish", "--full", "--now", (LATER + timedelta(hours=3)).isoformat())
    assert f'url=/{kept}"' in used.files()[older].decode()


def story_pages(house: House, *titles: str) -> set[str]:
    """The pages of the stories that speak with one of these titles (without any: the two); others may name them too."""
    told = {name: content.decode() for name, content in house.files().items() if name.startswith("tin/")}
    heads = {name: re.search(r"<h1.*?</h1>", page, re.S) for name, page in told.items()}
    wanted = titles or (VACCINE, HYPERTENSION)
    return {name for name, head in heads.items() if head and any(title in head[0] for title in wanted)}


def tags(house: House, id: str) -> set[str]:
    told = exported(house, id)["tags"]
    assert isinstance(told, list)
    return {f"{tag['kind']}/{tag['tag']}" for tag in told}


def test_a_tag_is_given_and_taken_away_for_good(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    assert "disease/tang-huyet-ap" in tags(used, id)
    edit(used, "retag", id, "+topic/tiem-chung", "-disease/tang-huyet-ap")
    assert "topic/tiem-chung" in tags(used, id) and "disease/tang-huyet-ap" not in tags(used, id)
    (page,) = story_pages(used, HYPERTENSION)
    assert "do người biên tập xếp" in used.files()[page].decode()
    assert (used.output / "chu-de/tiem-chung/index.html").read_text().count(HYPERTENSION)


def test_a_note_stands_beside_the_verbatim_title_on_page_feed_and_embed(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    before = used.files()
    edit(used, "retitle-note", id, "Điểm  khám ở phường Đống Đa <chưa> mở")
    words = "Điểm khám ở phường Đống Đa"
    found = holding(used, words)
    page = next(name for name in found if name.startswith("tin/"))
    assert (
        used.files()[page].decode().count(f"Ghi chú của ban biên tập (09:30, 20/10/2026): {words} &lt;chưa&gt; mở") == 1
    )
    for name in ("feed/all.rss", "feed/all.atom", "feed/all.json", "embed/latest/all.json"):
        assert name in found, name
    assert "embed/latest/source/soyte.html" in found and "embed/latest/source/soyte.fragment.html" in found
    row = next(
        row for row in json.loads(used.files()["embed/latest/all.json"])["stories"] if HYPERTENSION in row["title"]
    )
    assert row["note"].startswith(words) and row["source"].startswith("Có ghi chú · ")
    item = next(one for one in json.loads(used.files()["feed/all.json"])["items"] if HYPERTENSION in one["title"])
    assert item["date_modified"] == "2026-10-20T09:30:00+07:00"
    assert exported(used, id)["title"] == "Trung tâm y tế mở thêm điểm khám sàng lọc tăng huyết áp"
    used.run("--force", now=LATER + timedelta(hours=2))
    assert holding(used, words) == found
    edit(used, "retitle-note", id, "")
    assert holding(used, words) == [] and page in before


REVISED = """<h1 data-role="title">Sáu thói quen phòng bệnh tay chân miệng</h1><h2 data-role="sapo">SKĐS - Rửa tay
bằng xà phòng là thói quen quan trọng nhất.</h2><div data-role="content"><p>Bệnh lây qua đường tiêu hoá. Lớp học cần lau
sàn, đồ chơi bằng nước khử khuẩn mỗi ngày và cho trẻ nghỉ học khi có phỏng nước.</p></div>"""


def test_a_takedown_and_a_hide_survive_a_text_that_is_read_anew(used: House) -> None:
    (hidden,), (gone,) = ids(used, "tay chân miệng"), ids(used, "bếp ăn tập thể")
    edit(used, "hide", hidden)
    assert used.call("takedown", gone, "--why", "đơn số 12", "--now", LATER.isoformat()).code == 0
    used.sites.instead[SKDS, "/bai-viet-so-0456"] = Said(200, REVISED.encode())
    used.run("--force", now=LATER + timedelta(hours=2))
    assert exported(used, hidden)["title"] == "Sáu thói quen phòng bệnh tay chân miệng"  # read anew
    for words in ("tay chân miệng", "bếp ăn tập thể"):
        assert holding(used, words) == [], words


def test_tags_groups_pins_and_notes_survive_a_text_that_is_read_anew(used: House) -> None:
    (id,), (other,) = ids(used, "tay chân miệng"), ids(used, HYPERTENSION)
    edit(used, "retag", id, "+topic/tiem-chung", "-disease/tay-chan-mieng")
    edit(used, "merge", id, other)
    edit(used, "pin", id, "--until", (LATER + timedelta(hours=9)).isoformat())
    edit(used, "retitle-note", id, "Ghi chú còn lại")
    used.sites.instead[SKDS, "/bai-viet-so-0456"] = Said(200, REVISED.encode())
    used.run("--force", now=LATER + timedelta(hours=2))
    assert exported(used, id)["title"] == "Sáu thói quen phòng bệnh tay chân miệng"  # read anew
    assert "topic/tiem-chung" in tags(used, id) and "disease/tay-chan-mieng" not in tags(used, id)
    assert exported(used, id)["story"] == exported(used, other)["story"]
    assert "Tin cần chú ý" in (used.output / "index.html").read_text()
    assert [name for name in holding(used, "Ghi chú còn lại") if name.startswith("tin/")]


def test_a_note_too_long_to_stand_beside_a_title_is_refused(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    assert "300 fit beside a title" in edit(used, "retitle-note", id, "dài " * 80, code=1)


def test_the_pages_are_left_to_the_next_run_when_asked(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    before = used.files()
    edit(used, "hide", id, "--no-publish")
    assert used.files() == before
    used.call("publish", "--now", LATER.isoformat())
    assert holding(used, HYPERTENSION) == []


def test_every_decision_is_listed_with_who_and_why(used: House) -> None:
    (id,) = ids(used, HYPERTENSION)
    edit(used, "hide", id, "--who", "Ban biên tập")
    assert f"hide {id}   (Ban biên tập: theo thông báo của nguồn)" in " ".join(used.call("edit list").out.split("\n"))
    told = json.loads(used.call("edit list", "--json").out)
    assert told["quarantined"] == []
    assert [(one["action"], one["target"], one["who"]) for one in told["edits"]] == [("hide", id, "Ban biên tập")]


UNKNOWN = {action: () for action in sorted(EDITS)} | {
    "retitle-note": ("Ghi chú",), "merge": ("ID",), "split": ("ID",), "retag": ("+topic/tiem-chung",)
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        *(((action, "khong-co", *more), "khong-co: no such article") for action, more in UNKNOWN.items()),
        (("merge", "ID", "khong-co"), "khong-co: no such article"),
        (("merge", "ID", "ID"), "name two different articles"),
        (("split", "ID", "khong-co"), "khong-co: no such article"),
        (("release", "ID"), "nothing of it is quarantined"),
        (("retag", "ID", "+topic/tiem-chug"), "+topic/tiem-chug: no such tag; write +kind/slug or -kind/slug"),
        (("pin", "ID", "--until", "2020-01-01"), "has passed"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_what_to_type_and_changes_nothing(
    used: House, words: tuple[str, ...], said: str
) -> None:
    (id,) = ids(used, HYPERTENSION)
    before = used.files()
    assert said in edit(used, words[0], *(id if word == "ID" else word for word in words[1:]), code=1)
    assert used.files() == before and json.loads(used.call("edit list", "--json").out)["edits"] == []


def test_a_decision_needs_a_reason(used: House) -> None:
    done = used.call("edit hide", ids(used, HYPERTENSION)[0])
    assert done.code == 2 and "--why" in done.err


def test_an_edit_does_not_wait_for_a_whole_run_but_for_who_writes(used: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (id,) = ids(used, HYPERTENSION)
    config = load(used.config)
    config = config.model_copy(update={"database": f"sqlite:///{used.database}"})
    with wiring.lock(config):
        edit(used, "hide", id)
    monkeypatch.setattr(wiring, "PATIENCE_S", 0.0)
    with wiring.lock(config, name="publish.lock"):
        assert "another run holds" in edit(used, "show", id, code=75)


@pytest.mark.parametrize("action", sorted(EDITS))
def test_every_action_says_what_it_reads_writes_and_returns(used: House, action: str) -> None:
    said = " ".join(used.call(f"edit {action} --help").out.split())
    assert "Reads and writes the database" in said and "returns 0" in said


SPOILED = """<h1 data-role="title">Nhà cái 8xbet uy tín \x1b[31m</h1><h2 data-role="sapo">Tài xỉu, nổ hũ.</h2>
<div data-role="content"><p>Đăng ký nhận thưởng, hoàn trả mỗi ngày, nạp tiền tại đây.</p></div>"""


def spoiled(house: House) -> str:
    """The id of an article of the newspaper whose page an intruder wrote anew, seen two hours later."""
    house.sites.instead[SKDS, "/bai-viet-so-0456"] = Said(200, SPOILED.encode())
    done = house.run("--force", now=LATER + timedelta(hours=2))
    (id,) = ids(house, "tay chân miệng")
    assert done.code == 0 and done.err.startswith(f"skds: quarantined {id} https://suckhoedoisong.vn/bai-viet-so-0456")
    assert "8xbet" in done.err and "\x1b" not in done.err and done.err.count("\n") == 1
    return id


def test_the_run_that_finds_an_intruders_text_says_so_once_and_is_no_fault(used: House) -> None:
    spoiled(used)
    again = used.run("--force", now=LATER + timedelta(hours=4))
    assert (again.code, again.said) == (0, "")
    assert holding(used, "8xbet") == [] and holding(used, "tay chân miệng")


def test_status_calls_the_source_compromised_until_somebody_decided(used: House) -> None:
    id = spoiled(used)
    done = used.call("status")
    assert done.code == 1 and "skds             compromised" in done.out and f"edit release {id}" in done.out
    told = json.loads(used.call("status", "--json").out)["sources"][1]
    assert (told["health"], [one["id"] for one in told["quarantined"]]) == ("compromised", [id])
    assert told["quarantined"][0]["state"] == "held" and told["quarantined"][0]["score"] >= 0.6
    assert [one["id"] for one in json.loads(used.call("edit list", "--json").out)["quarantined"]] == [id]
    edit(used, "release", id)
    assert used.call("status").code == 0
    assert holding(used, "8xbet")


def test_run_as_json_lists_what_it_began_to_hold(used: House) -> None:
    used.sites.instead[SKDS, "/bai-viet-so-0456"] = Said(200, SPOILED.encode())
    told = json.loads(used.run("--force", "--json", now=LATER + timedelta(hours=2)).out)
    assert [one["source"] for one in told["quarantined"]] == ["skds"]


def test_an_operators_own_tag_can_be_given(used: House) -> None:
    used.settings["tags"] = {"topics": [{"slug": "khu-pho", "label": "Khu phố", "names": ["tổ dân phố số"]}]}
    used.write()
    (id,) = ids(used, HYPERTENSION)
    edit(used, "retag", id, "+topic/khu-pho")
    assert "topic/khu-pho" in tags(used, id)
