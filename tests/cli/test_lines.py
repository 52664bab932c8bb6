"""import, export, tag, dedupe: JSON lines in and out."""

import json
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests.cli.house import ARTICLES, NOW, PROGRAM, House, call, environment, folder, opened
from tests.make_told import RECALL

RECALL_TITLE = "Thu hồi thuốc Cefalvin 500 mg không đạt chất lượng"
FIELDS = {
    "id", "url", "urls", "source", "title", "lead", "text", "published", "first_seen", "status", "withdrawn_at",
    "story", "tags", "documents", "places", "revisions",
}  # fmt: skip
GOOD = {
    "url": "https://bao-tinh.example/tin/1",
    "source": "bao-tinh",
    "title": "Trạm y tế xã mở thêm giờ khám ngoài giờ",
    "lead": "Từ ngày 20/10/2026, trạm khám đến 20 giờ.",
    "text": "Người dân có thẻ bảo hiểm y tế được khám như trong giờ.\nTrạm có hai bác sĩ trực mỗi tối.",
    "published": "2026-10-20T06:00:00+07:00",
}


def lines(*values: Any) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def parsed(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def exported(house: House, *arguments: object) -> list[dict[str, Any]]:
    done = house.call("export", *arguments)
    assert (done.code, done.err) == (0, "")
    return parsed(done.out)


def imported(house: House, *values: Any) -> Any:
    return house.call("import", "--now", NOW.isoformat(), "-", stdin=lines(*values))


# --- export


def test_the_export_has_every_field_of_every_article(first: House) -> None:
    told = exported(first)
    assert {one["title"] for one in told} == {article.title for article in ARTICLES}
    assert all(one.keys() == FIELDS for one in told)
    assert {one["status"] for one in told} == {"live"}
    assert all(one["published"].endswith("+00:00") and one["first_seen"] == "2026-10-20T02:00:00+00:00" for one in told)
    assert all(one["urls"] == [one["url"]] and one["story"] and one["withdrawn_at"] is None for one in told)


def test_the_words_that_earned_a_tag_stand_where_the_export_says(first: House) -> None:
    evidence = [(one, proof) for one in exported(first) for tag in one["tags"] for proof in tag["evidence"]]
    assert len(evidence) > 10
    for one, proof in evidence:
        assert one[proof["field"]][proof["start"] : proof["end"]] == proof["text"]


def test_articles_of_one_story_carry_its_id(first: House) -> None:
    stories = {one["title"]: one["story"] for one in exported(first)}
    assert stories[ARTICLES[0].title] == stories[ARTICLES[2].title]
    assert len(set(stories.values())) == len(ARTICLES) - 1


def test_the_export_since_a_time_holds_what_changed_since_then(used: House) -> None:
    assert exported(used, "--since", "2026-10-20T09:00:01+07:00") == []
    assert len(exported(used, "--since", "2026-10-20T09:00+07:00")) == len(ARTICLES)


def test_a_reader_that_hangs_up_ends_the_export_without_a_word(first: House) -> None:
    process = first.spawn("export")
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) in {(141, ""), (0, "")}  # 0: all of it fitted into the pipe


# --- import


def test_what_was_exported_is_imported_as_the_same_articles(first: House, house: House) -> None:
    told = exported(first)
    done = imported(house, *told)
    assert (done.code, done.said) == (0, "")
    again = exported(house)
    assert {one["id"] for one in again} == {one["id"] for one in told}
    known = {one["id"]: one for one in told}
    for one in again:
        for field in ("url", "source", "title", "lead", "text", "published", "tags", "documents", "places"):
            assert one[field] == known[one["id"]][field], field
    assert sorted(_stories(again)) == sorted(_stories(told))
    assert house.titles() == {article.title for article in ARTICLES}


def _stories(told: Iterable[dict[str, Any]]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for one in told:
        groups.setdefault(one["story"], []).append(one["id"])
    return [sorted(group) for group in groups.values()]


def test_an_imported_article_that_is_then_crawled_is_one(first: House, house: House) -> None:
    imported(house, *exported(first))
    done = house.run("--json", "--force")
    assert [visit["new"] for visit in json.loads(done.out)["visits"]] == [0, 0, 0]
    assert len(exported(house)) == len(ARTICLES)


def test_the_same_file_twice_brings_nothing_new(house: House) -> None:
    assert imported(house, GOOD).code == 0
    before = house.files()
    assert imported(house, GOOD, GOOD).code == 0
    assert len(exported(house)) == 1 and house.files() == before


def test_bad_lines_are_named_with_their_number_and_the_good_ones_are_stored(house: House) -> None:
    bad = [
        "{not json",
        '["a list"]',
        json.dumps({**GOOD, "title": " "}),
        json.dumps({key: value for key, value in GOOD.items() if key != "url"}),
        json.dumps({**GOOD, "published": "tomorrow or so"}),
        json.dumps({**GOOD, "url": "bao-tinh.example/1"}),
        json.dumps({**GOOD, "url": "https://[bao/1"}),
        json.dumps({**GOOD, "lead": 12}),
        json.dumps({**GOOD, "title": "<b></b>", "url": "https://bao-tinh.example/tin/9"}),
    ]
    text = "\ufeff" + lines(GOOD) + "\n" + "\n".join(bad) + "\n" + lines({**GOOD, "url": f"{GOOD['url']}2"})
    done = house.call("import", "--now", NOW.isoformat(), "-", stdin=text.encode() + b'{"title": "\xff"}\n')
    assert done.code == 1
    for number, words in (
        (3, "not JSON"), (4, "not a JSON object"), (5, "title missing"), (6, "url missing"),
        (7, "published 'tomorrow or so' is not a time"), (8, "not a web address"), (9, "not a web address"),
        (10, "lead is not a text"), (11, "no title"), (13, "not UTF-8"),
    ):  # fmt: skip
        assert any(f"line {number}: " in line and words in line for line in done.err.splitlines()), (number, done.err)
    assert {one["url"] for one in exported(house)} == {GOOD["url"], f"{GOOD['url']}2"}


WORDS = "Trẻ < 5 tuổi & người > 60 tuổi được ưu tiên."
KINDS: dict[str, dict[str, Any]] = {
    "bare": {"lead": None, "text": None, "html": None},
    "html": {"html": "<p>Đoạn một &amp; hai.</p><script>alert(1)</script><p onclick=x()>Đoạn ba.</p>"},
    "signs": {"title": "Ưu tiên trẻ < 5 tuổi & người già", "text": WORDS},
    "composed": {key: unicodedata.normalize("NFD", GOOD[key]) for key in ("title", "lead", "text")},
    "spaced": {"source": "Báo Tỉnh "},
    "dotted": {"source": "bao tinh.vn"},
    "capital": {"source": "BAO-TINH"},
}


@pytest.fixture(scope="module")
def brought() -> Iterator[dict[str, dict[str, Any]]]:
    """One import of a line of each kind, as it is exported."""
    with folder() as path, opened(path / "house") as house:
        given = {name: {**GOOD, "url": f"{GOOD['url']}-{name}", **fields} for name, fields in KINDS.items()}
        given["short"] = {key: GOOD[key] for key in ("url", "source", "title", "published")}
        assert imported(house, *given.values()).code == 0
        by_url = {one["url"]: one for one in exported(house)}
        yield {name: by_url[line["url"]] for name, line in given.items()}


@pytest.mark.parametrize("name", ["bare", "short"])
def test_lead_author_and_text_may_be_absent_or_null(brought: dict[str, dict[str, Any]], name: str) -> None:
    assert brought[name]["title"] == GOOD["title"] and brought[name]["text"] == ""


def test_html_is_imported_as_safe_text(brought: dict[str, dict[str, Any]]) -> None:
    assert brought["html"]["text"] == "Đoạn một & hai.\nĐoạn ba."


def test_signs_of_markup_in_plain_text_are_words(brought: dict[str, dict[str, Any]]) -> None:
    one = brought["signs"]
    assert (one["title"], one["text"]) == ("Ưu tiên trẻ < 5 tuổi & người già", WORDS)


def test_text_in_another_form_of_unicode_is_stored_composed(brought: dict[str, dict[str, Any]]) -> None:
    one = brought["composed"]
    assert (one["title"], one["lead"], one["text"]) == (GOOD["title"], GOOD["lead"], GOOD["text"])


@pytest.mark.parametrize(("name", "id"), [("spaced", "bao-tinh"), ("dotted", "bao-tinh-vn"), ("capital", "bao-tinh")])
def test_a_source_of_any_name_is_taken_under_a_short_one(
    brought: dict[str, dict[str, Any]], name: str, id: str
) -> None:
    assert brought[name]["source"] == id


def test_a_source_that_is_not_configured_speaks_after_every_other(house: House) -> None:
    body = ARTICLES[0].body.replace("\n\n", "\n").replace("\n", " ")
    told = [
        {**GOOD, "title": ARTICLES[0].title, "lead": ARTICLES[0].lead, "text": body},
        {**GOOD, "title": ARTICLES[0].title, "lead": ARTICLES[0].lead, "text": body, "source": "skds",
         "url": "https://suckhoedoisong.vn/phat-dong-169261020060000111.htm", "published": "2026-10-20T07:00+07:00"},
    ]  # fmt: skip
    assert imported(house, *told).code == 0
    pages = [content.decode() for name, content in house.files().items() if name.startswith("tin/")]
    assert len(pages) == 1
    shown = pages[0].partition("<main")[2]
    assert shown.index("Sức khỏe &amp; Đời sống") < shown.index("bao-tinh")


def test_two_recalls_of_one_title_and_minute_brought_one_after_the_other_are_two_articles(house: House) -> None:
    words = (
        "Cục Quản lý Dược thông báo thu hồi toàn quốc thuốc {}, do không đạt tiêu chuẩn chất lượng về độ hoà tan.\n"
        "Nhà thuốc và cơ sở khám chữa bệnh ngừng bán, ngừng sử dụng và trả lại thuốc cho công ty phân phối."
    )
    recalls = {f"{GOOD['url']}{number}": words.format(drug) for number, drug in enumerate(
        ("Amoxival 500 mg, số lô 0326B", "Cefalvin 250 mg, số lô 0911C"))}  # fmt: skip
    for url, text in recalls.items():
        notice = {"title": "Thông báo thu hồi thuốc không đạt chất lượng", "lead": "", "text": text}
        told = {**GOOD, **notice, "url": url, "published": "2026-10-20T08:00:00+07:00"}
        assert imported(house, told).code == 0
    found = exported(house)
    assert {one["url"]: one["text"] for one in found} == recalls
    assert [len(one["revisions"]) for one in found] == [1, 1]
    assert len({one["story"] for one in found}) == 2


def test_a_number_that_two_copies_tell_apiece_is_pointed_to_at_the_top_of_their_story(house: House) -> None:
    calls = {
        "bao-tinh": "Người dân cần hỏi thêm gọi số 024 3733 2211 trong giờ hành chính.",
        "bao-khac": "Thắc mắc xin điện về 024 3733 2299.",
    }
    kept, _, _ = RECALL.rpartition("\n")
    for source, words in calls.items():
        told = {"source": source, "url": f"https://{source}.example/tin/1", "title": RECALL_TITLE, "lead": ""}
        assert imported(house, {**GOOD, **told, "text": f"{kept}\n{words}"}).code == 0
    (page,) = (content.decode() for name, content in house.files().items() if name.startswith("tin/"))
    shown = page.partition("<main")[2]
    assert "Các nguồn nêu khác nhau" in shown
    assert shown.index("Các nguồn nêu khác nhau") < shown.index("Đọc bản gốc")


def test_a_file_that_is_not_there_is_a_fault_of_usage(house: House) -> None:
    done = house.call("import", house.folder / "nowhere.jsonl")
    assert done.code == 2 and "nowhere.jsonl" in done.err and "standard input" in done.err


def test_an_import_beside_a_run_is_refused(used: House) -> None:
    from tests.cli.test_run import locked

    with locked(used):
        assert imported(used, GOOD).code == 75


# --- tag


def test_tag_keeps_ids_and_order_and_says_why() -> None:
    told = [
        {"id": 7, "title": "Hà Nội ghi nhận thêm ca sốt xuất huyết", "lead": "", "text": ""},
        {"id": "b", "title": "Bộ Y tế ban hành Quyết định 2666/QĐ-BYT", "published": "2026-10-19"},
        {"id": 1.5, "title": None, "lead": "Phòng bệnh tay chân miệng", "text": None, "published": None},
        {"id": "không dấu", "text": "Không có gì."},
    ]
    done = call("tag", stdin=lines(*told))
    assert (done.code, done.err) == (0, "")
    found = parsed(done.out)
    assert [one["id"] for one in found] == [7, "b", 1.5, "không dấu"]
    keys = {"id", "tags", "places", "diseases", "authorities", "documents"}
    assert all(one.keys() == keys for one in found)
    assert "Sốt xuất huyết" in " ".join(found[0]["diseases"]) and "Hà Nội" in found[0]["places"]
    assert found[1]["documents"] == ["2666/QĐ-BYT"] and "Bộ Y tế" in found[1]["authorities"]
    assert found[2]["diseases"] and found[3]["tags"] == []
    for line, one in zip(told, found, strict=True):
        for tag in one["tags"]:
            for proof in tag["evidence"]:
                words = line[proof["field"]]
                assert isinstance(words, str) and words[proof["start"] : proof["end"]] == proof["text"]


def test_tag_says_who_named_each_tag_so_when_asked() -> None:
    told = {"id": 1, "title": "Hà Nội tiêm vắc xin sởi cho trẻ", "lead": "Trẻ mắc sởi tăng.", "text": "Bệnh sởi."}
    tags = parsed(call("tag", "--sources", stdin=lines(told)).out)[0]["tags"]
    assert {"place", "disease"} <= {tag["kind"] for tag in tags}
    assert all(len(tag["source"]) > 10 for tag in tags)


def test_bad_lines_of_tag_are_named_and_the_others_are_tagged() -> None:
    done = call("tag", stdin='{"id": 1, "title": "Bệnh sởi"}\n{"title": "x"}\nnull\n{"id": 2, "title": 3}\n{"id": 3}\n')
    assert done.code == 1
    assert [one["id"] for one in parsed(done.out)] == [1, 3]
    said = done.err.splitlines()
    assert [line.split(": ")[1] for line in said] == ["line 2", "line 3", "line 4"]
    assert "id missing" in said[0] and "not a JSON object" in said[1] and "title is not a text" in said[2]


def test_nothing_in_is_nothing_out() -> None:
    assert call("tag", stdin="").out == call("dedupe", "--config", "none.yaml", stdin="\n\n").out == ""


def test_the_program_itself_reads_and_writes_utf8_whatever_the_locale() -> None:
    env = {**environment(), "LC_ALL": "C", "LANG": ""}
    env.pop("PYTHONIOENCODING")
    given = lines({"id": "số 1", "title": "Bệnh sởi ở Hà Nội"}).encode()
    done = subprocess.run([str(PROGRAM), "tag"], input=given, capture_output=True, env=env, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert parsed(done.stdout.decode())[0]["id"] == "số 1"


# --- dedupe

TEXT = ARTICLES[0].body
TWINS = [
    {"id": 3, "title": ARTICLES[0].title, "lead": ARTICLES[0].lead, "text": TEXT, "published": "2026-10-20T04:00Z",
     "source": "skds"},
    {"id": "1", "title": ARTICLES[3].title, "text": ARTICLES[3].body, "published": "2026-10-19T04:00Z", "source": "a"},
    {"id": 1, "title": ARTICLES[0].title, "lead": ARTICLES[0].lead, "text": TEXT, "published": "2026-10-20T03:00Z",
     "source": "moh"},
]  # fmt: skip


def test_dedupe_keeps_ids_and_order_and_finds_the_duplicate() -> None:
    done = call("dedupe", "--config", "none.yaml", stdin=lines(*TWINS))
    assert (done.code, done.err) == (0, "")
    found = parsed(done.out)
    assert [one["id"] for one in found] == [3, "1", 1]
    assert all(one.keys() == {"id", "article", "story", "duplicate_of", "score", "because"} for one in found)
    assert [one["duplicate_of"] for one in found] == [1, None, None]
    assert [one["article"] for one in found] == [1, "1", 1]
    assert found[0]["story"] == found[2]["story"] != found[1]["story"]
    assert found[0]["score"] > 0.9 and found[0]["because"]


def test_dedupe_takes_lines_without_title_or_publication() -> None:
    bare = [{"id": one["id"], "text": one["text"]} for one in TWINS]
    done = call("dedupe", "--config", "none.yaml", stdin=lines(*bare))
    found = parsed(done.out)
    assert done.code == 0 and found[0]["article"] == found[2]["article"] != found[1]["article"]


def test_bad_lines_and_ids_that_come_twice_are_named_and_the_others_are_compared() -> None:
    done = call("dedupe", "--config", "none.yaml", stdin=lines(*TWINS, TWINS[0]) + "nonsense\n")
    assert done.code == 1 and len(parsed(done.out)) == 3
    assert "the id 3 comes twice" in done.err and "line 5: not JSON" in done.err


def test_dedupe_names_the_same_whatever_the_order_of_the_lines() -> None:
    one = parsed(call("dedupe", "--config", "none.yaml", stdin=lines(*TWINS)).out)
    other = parsed(call("dedupe", "--config", "none.yaml", stdin=lines(*reversed(TWINS))).out)
    assert one == list(reversed(other))


def test_authorities_come_from_the_configuration(first: House) -> None:
    done = first.call("dedupe", stdin=lines(*TWINS))
    assert done.code == 0 and len(parsed(done.out)) == 3


# --- retag


OWN_TAG = "tags:\n  topics:\n    - {slug: bep-an, label: Bếp ăn trường học, names: [bếp ăn tập thể]}\n"


def test_a_retag_after_own_tags_were_added_says_and_then_does_what_changes(used: House) -> None:
    with used.config.open("a", encoding="utf-8") as file:
        file.write(OWN_TAG)
    dry = used.call("retag", "--dry-run")
    assert dry.code == 0
    assert "topic/bep-an  +1 -0  Bếp ăn trường học" in dry.out
    assert "would change" in dry.out and "Hà Nội kiểm tra bếp ăn tập thể" in dry.out
    assert not any(tag["tag"] == "bep-an" for one in exported(used) for tag in one["tags"])
    done = json.loads(used.call("retag", "--json").out)
    assert (done["looked"], done["changed"], done["dry_run"]) == (len(ARTICLES), 1, False)
    assert [(row["tag"], row["added"], row["removed"]) for row in done["tags"]] == [("topic/bep-an", 1, 0)]
    assert sum(tag["tag"] == "bep-an" for one in exported(used) for tag in one["tags"]) == 1
    assert used.call("retag").said == ""


def test_a_mistake_in_own_tags_is_a_configuration_error(used: House) -> None:
    with used.config.open("a", encoding="utf-8") as file:
        file.write("tags:\n  topics:\n    - {slug: bep-an, names: [bếp ăn]}\n")
    done = used.call("retag", "--dry-run")
    assert (done.code, "tags.topics[0] label is missing" in done.err) == (2, True)


def test_the_tags_of_an_urgent_notice_come_with_what_it_says(used: House) -> None:
    given = {
        "id": 7,
        "title": "Thông báo khẩn: tìm người đến chợ",
        "lead": "Những người từng đến Chợ Minh Họa ngày 18/10 gọi ngay 19009095.",
        "text": "Thông báo có hiệu lực đến hết ngày 25/10.",
        "published": "2026-10-20T06:00:00+07:00",
    }
    done = used.call("tag", "--notices", stdin=lines(given, {"id": 8, "title": "Tin thường"}))
    urgent, plain = parsed(done.out)
    notice = urgent["notice"]
    assert (notice["kind"], notice["until"]) == ("thong-bao-khan", "2026-10-25T16:59:59+00:00")
    assert notice["where"][0]["place"] == {"field": "lead", "start": 21, "end": 33, "text": "Chợ Minh Họa"}
    assert notice["phones"][0]["number"] == "19009095"
    assert [tag["kind"] for tag in urgent["tags"]][-1] == "urgent"
    assert plain["notice"] is None
