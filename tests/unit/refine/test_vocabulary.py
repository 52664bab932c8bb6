from datetime import date

import pytest

from aggregator.errors import ConfigError
from aggregator.model import OF_BODIES
from aggregator.refine.vocabulary import load, parse
from aggregator.text import slug


@pytest.fixture(scope="module")
def vocabulary():
    return load()


def own(text):
    return parse(text.encode(), "tags.yaml")


def test_it_holds_at_least_200_diseases_and_all_places(vocabulary):
    provinces = [place for place in vocabulary.places.values() if place.is_province]
    assert len(vocabulary.of_kind("disease")) >= 200
    assert len(provinces) == 63
    assert sum(place.until is None for place in provinces) == 34
    hanoi = [place for place in vocabulary.places.values() if not place.is_province]
    assert sum(place.until is None for place in hanoi) == 126
    assert sum(place.level in ("quận", "huyện", "thị xã") for place in hanoi) == 30


def test_slugs_are_plain_and_unique_within_their_kind(vocabulary):
    keys = [(term.kind, term.slug) for term in vocabulary.terms]
    assert len(set(keys)) == len(keys)
    assert all(slug(term.slug) == term.slug for term in vocabulary.terms if not term.per)
    assert all(slug(key, limit=99) == key == place.slug for key, place in vocabulary.places.items())


def test_every_old_unit_has_successors_that_exist(vocabulary):
    ended = [place for place in vocabulary.places.values() if place.until]
    assert all(place.until == date(2025, 6, 30) and place.successors for place in ended)
    ties = {tie for place in vocabulary.places.values() for tie in (*place.successors, *place.was_in, place.parent)}
    assert ties - {""} <= set(vocabulary.places)


def test_a_unit_that_kept_its_name_is_one_place_and_a_new_one_has_its_first_day(vocabulary):
    assert vocabulary.places["phuong-ngoc-ha"].since is None
    assert vocabulary.places["xa-dong-anh"].since == date(2025, 7, 1)
    assert vocabulary.places["huyen-dong-anh"].successors[0] == "xa-dong-anh"


def test_spellings_are_expanded_in_every_name(vocabulary):
    vaccination = next(term for term in vocabulary.terms if term.slug == "tiem-chung")
    assert {"tiêm vắc xin", "tiêm vắc-xin", "tiêm vaccine", "tiêm vacxin"} <= set(vaccination.names)


def test_the_version_names_the_files_as_they_are(vocabulary):
    assert vocabulary.version == load().version
    more = own("topics:\n  - {slug: khu-pho, label: Khu phố, names: [tổ dân phố]}\n")
    assert load(more).version != vocabulary.version


def test_own_tags_add_to_the_vocabulary_and_override_it():
    tags = own(
        "topics:\n  - {slug: khu-pho, label: Khu phố, names: [tổ dân phố]}\n"
        "diseases:\n  - {slug: soi, label: Bệnh sởi}\n"
        "places:\n  - {slug: to-7, label: Tổ 7, name: Tổ 7, level: tổ, parent: phuong-lang}\n",
    )
    vocabulary = load(tags)
    terms = {term.slug: term for term in vocabulary.terms}
    assert terms["khu-pho"].names == ("tổ dân phố",)
    assert terms["soi"].label == "Bệnh sởi"
    assert "sởi" in terms["soi"].names
    assert vocabulary.places["to-7"].parent == "phuong-lang"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("topics:\n  - {slug: a, label: A, names: [b], nams: [c]}\n", "tags.yaml:2 unknown key 'nams'"),
        ("topics:\n  - {slug: a, label: A}\n", "tags.yaml:2 names is missing"),
        ("topics:\n  - {slug: A b, label: A, names: [b]}\n", "tags.yaml:2 slug: 'A b' is not a-z"),
        ("topics:\n  - {slug: a, label: A, names: b}\n", "tags.yaml:2 names: write a list of words"),
        (
            "topics:\n  - slug: a\n    label: A\n    label: B\n",
            "tags.yaml:4 is not YAML that can be used: the key 'label'",
        ),
        ("tags: []\n", "tags.yaml:1 unknown key 'tags'"),
        ("topics: [\n", "tags.yaml:2 is not YAML that can be used"),
        ("- a\n", "tags.yaml:1 holds no keys"),
        ("places:\n  - {slug: a, label: A, name: A, level: xã, since: hôm qua}\n", "since: 'hôm qua' is not a date"),
    ],
)
def test_a_mistake_in_own_tags_is_named_with_file_and_line(text, said):
    with pytest.raises(ConfigError) as error:
        load(own(text))
    assert said in str(error.value)


def test_words_for_a_known_tag_are_added_and_excluded_ones_taken_away():
    term = {"slug": "soi", "names": ["ban khỉ"], "exclude": ["bệnh sởi", "sỏi thận"]}
    known = next(term for term in load().of_kind("disease") if term.slug == "soi")
    mine = next(term for term in load({"diseases": [term]}).of_kind("disease") if term.slug == "soi")
    assert set(mine.names) == {*known.names, "ban khỉ"} - {"bệnh sởi"}
    assert (mine.label, mine.icd) == (known.label, known.icd)
    assert "sỏi thận" in mine.exclude


def test_a_mistake_in_tags_of_the_configuration_is_named_with_its_place():
    with pytest.raises(ConfigError, match=r"tags\.topics\[0\] label is missing"):
        load({"topics": [{"slug": "khu-pho", "names": ["tổ dân phố"]}]})


def test_every_entry_that_is_loaded_says_who_named_it_so(vocabulary):
    entries = [*vocabulary.terms, *vocabulary.places.values()]
    entries += [vocabulary.contexts, vocabulary.urgent, vocabulary.documents]
    assert not [entry for entry in entries if len(entry.source) < 10]


def test_a_source_is_told_by_the_fields_of_an_entry(vocabulary):
    assert "ICD-10" in vocabulary.source("disease", "soi")
    assert "until 30/06/2025" in vocabulary.source("place", "ha-giang")
    assert "since 01/07/2025" in vocabulary.source("place", "phuong-ba-dinh")
    assert "editors" in vocabulary.source("topic", "tiem-chung")
    assert "provinces" in vocabulary.source("authority", "so-y-te-ha-noi")
    assert vocabulary.source("topic", "atlantis") == "" == vocabulary.source("place", "atlantis")
    assert "Nghị định 30/2020" in vocabulary.source("document", "101-qd-syt")


def test_own_tags_say_that_they_are_the_operators_own():
    topics = [{"slug": "khu-pho", "label": "Khu phố", "names": ["tổ dân phố"]}]
    terms = {"topics": topics, "diseases": [{"slug": "soi", "names": ["ban khỉ"]}]}
    mine = load(terms)
    assert mine.source("topic", "khu-pho").startswith("the operator")
    assert "ICD-10" in mine.source("disease", "soi") and "the operator" in mine.source("disease", "soi")
    named = load({"topics": [{**topics[0], "source": "quyết định 12 của phường"}]})
    assert named.source("topic", "khu-pho") == "quyết định 12 của phường"


def test_yaml_that_would_run_code_is_refused():
    with pytest.raises(ConfigError):
        parse(b"a: !!python/object/apply:os.system [ls]\n", "x.yaml")


def test_what_only_authorities_and_firms_are_told_is_what_the_model_says(vocabulary):
    assert {one.slug for one in vocabulary.urgent.orders if one.of == "bodies"} == OF_BODIES
