import argparse
from pathlib import Path

import pytest

from aggregator import config
from aggregator.cli import wiring
from aggregator.collect.fetch import user_agent
from aggregator.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
sources:
  - id: moh
    name: Bộ Y tế
    kind: feed
    home: https://moh.gov.vn/
    every: 15m
    sections:
      - {url: https://moh.gov.vn/rss}
"""


def written(tmp_path: Path, text: str, name: str = "sources.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        config.load(written(tmp_path, text))
    return str(error.value).replace(f"{tmp_path}/", "")


def test_the_shipped_file_is_sound() -> None:
    shipped = config.load(ROOT / "sources.yaml")
    assert [source.id for source in shipped.sources] == ["moh", "skds", "soyte-hanoi"]
    assert [campaign.slug for campaign in shipped.campaigns] == ["bluezone", "ha-noi-smart-city"]
    assert shipped.site.mode == "preview"
    assert all(source.at_most and source.at_most > source.every for source in shipped.sources)


def test_the_hosts_default_to_that_of_the_home_page(tmp_path: Path) -> None:
    assert config.load(written(tmp_path, GOOD)).sources[0].hosts == ("moh.gov.vn",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("every: 15m", "every: 6 hourss"), "sources.yaml:6 sources[0].every: '6 hourss' is not a duration; write 90s"),
        (("every: 15m", "evry: 15m"), "sources.yaml:6 sources[0].evry: is not a known key; write every"),
        (("    name: Bộ Y tế\n", ""), "sources.yaml:2 sources[0].name: is missing"),
        (("kind: feed", "kind: rss"), "sources.yaml:4 sources[0].kind: 'rss'"),
        (
            ("home: https://moh.gov.vn/", "home: moh.gov.vn"),
            "sources.yaml:5 sources[0].home: 'moh.gov.vn' is not a web",
        ),
        (("id: moh", "id: Bộ Y tế"), "sources.yaml:2 sources[0].id: 'Bộ Y tế' is not a short name"),
        (("every: 15m", "every: 15m\n    every: 20m"), "sources.yaml:7 sources[0].every: is written twice"),
        (("    every: 15m", "  every: [15m"), "is not YAML"),
        (("sources:", "surces:"), "surces: is not a known key; write sources"),
    ],
)
def test_a_fault_is_named_with_file_line_key_and_advice(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = GOOD.replace(*change)
    assert text != GOOD
    assert said in refusal(tmp_path, text)


def test_every_fault_is_named_not_only_the_first(tmp_path: Path) -> None:
    said = refusal(tmp_path, GOOD.replace("every: 15m", "every: x").replace("kind: feed", "kind: y"))
    assert len(said.splitlines()) == 2


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config"):
        config.load(tmp_path / "none.yaml")


def test_a_file_that_is_no_utf8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ConfigError, match="UTF-8"):
        config.load(path)


def test_public_mode_without_the_owner_block_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, GOOD + "site: {mode: public, owner: {organisation: Sở Y tế}}\n")
    assert "site.owner.governing_body" in said and "site.owner.licence.number" in said
    assert "site.owner.organisation" not in said


OWNER = (
    "owner: {organisation: A, governing_body: B, address: C, phone: '1', email: d@so.example, person_responsible: E, "
    "licence: {number: '1', date: '2', issuer: F}}"
)


def test_a_public_site_names_its_about_page_to_those_it_asks_where_no_contact_is_given(tmp_path: Path) -> None:
    def agent(text: str) -> str:
        path = tmp_path / "sources.yaml"
        path.write_text(GOOD + text, encoding="utf-8")
        return user_agent(wiring.contact(config.load(path)))

    public = f"site: {{mode: public, base_url: https://bantin.example.vn/, {OWNER}}}\n"
    assert agent(public).endswith(" (+https://bantin.example.vn/gioi-thieu/)")
    assert agent(public + "fetch: {contact: y-te@so.example}\n").endswith(" (+y-te@so.example)")
    assert "(" not in agent("site: {base_url: https://bantin.example.vn/}\n")  # a preview has no page to name


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000/", "http://localhost/", "http://10.0.0.7/", "http://may-chu/"])
def test_a_public_site_that_nobody_can_reach_and_that_names_no_contact_is_refused(tmp_path: Path, base: str) -> None:
    said = refusal(tmp_path, GOOD + f"site: {{mode: public, base_url: '{base}', {OWNER}}}\n")
    assert "fetch.contact is empty" in said and base in said and "write contact: a page or e-mail" in said


def test_connect_to_in_public_mode_is_refused(tmp_path: Path) -> None:
    text = GOOD + "site: {mode: public}\nfetch: {connect_to: {moh.gov.vn: http://127.0.0.1:1}}\n"
    assert "connect_to together with site.mode: public" in refusal(tmp_path, text)


def test_a_banner_without_alternative_text_is_refused(tmp_path: Path) -> None:
    text = GOOD + "campaigns:\n  - {slug: a, title: A, message: B, alt: ' ', starts: 2020-08-01}\n"
    assert "always carries an alternative text" in refusal(tmp_path, text)


def test_a_banner_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    row = "{slug: a, title: A, message: B, alt: C, starts: 2020-08-01, colour: '#777777', ink: '#888888'}"
    said = refusal(tmp_path, GOOD + f"campaigns:\n  - {row}\n")
    assert "ink: #888888 on #777777 has a contrast of 1.26:1, below 4.5:1; darken one of them" in said


CAMPAIGN = "campaigns:\n  - {slug: a, title: A, message: B, alt: C, starts: 2020-08-01, %s}\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("short: [Rửa tay, Rửa tay ☂]", "'Rửa tay ☂': banners have no shape for '☂'; take it out"),
        ("directive: {number: 12→, issuer: B, date: 2020-08-01}", "'12→': banners have no shape for '→'"),
        ("google_play: 'javascript:alert(1)'", "campaigns[0].google_play"),
        ("app_store: 1508062685", "campaigns[0].app_store"),
        ("images: [{size: 300x250, file: a.png}, {size: 300x250, file: b.png}]", "300x250 is given twice"),
        ("sizes: [800x81], images: [{size: 300x250, file: a.png}]", "300x250 is not among sizes; add it there"),
        ("priority: 101", "campaigns[0].priority"),
    ],
)
def test_a_campaign_that_cannot_be_carried_is_refused(tmp_path: Path, more: str, said: str) -> None:
    assert said in refusal(tmp_path, GOOD + CAMPAIGN % more)


def test_a_campaign_has_as_many_lengths_of_text_as_it_is_given(tmp_path: Path) -> None:
    def short(more: str) -> tuple[str, ...]:
        return config.load(written(tmp_path, GOOD + CAMPAIGN % more)).campaigns[0].short

    assert short("short: Rửa tay") == ("Rửa tay",)
    assert short("short: [Rửa tay mỗi ngày, Rửa tay]") == ("Rửa tay mỗi ngày", "Rửa tay")
    assert short("short: ''") == short("priority: 1") == ()


def test_a_campaigns_files_count_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + CAMPAIGN % "emblem: e.png, images: [{size: 300x250, file: b/a.png}]")
    (campaign,) = config.folder_of(config.load(path), path).campaigns
    assert (campaign.emblem, campaign.images[0].file) == (str(tmp_path / "e.png"), str(tmp_path / "b/a.png"))


def test_an_image_that_cannot_be_a_banner_stops_before_anything_is_fetched(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + CAMPAIGN % "images: [{size: 300x250, file: khong.png}]")
    with pytest.raises(ConfigError, match=r"campaigns\[a\].images\[300x250\]: .*khong.png cannot be read"):
        wiring.load(argparse.Namespace(config=path, database="", output=""))


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    twice = GOOD + GOOD.removeprefix("sources:\n")
    assert "the source id 'moh' is used twice" in refusal(tmp_path, twice)


def test_an_overlay_merges_by_id_and_leaves_the_rest(tmp_path: Path) -> None:
    over = written(tmp_path, "sources:\n  - {id: moh, pause: 0s}\n  - id: b\n    name: B\n    kind: feed\n"
                   "    home: https://b.vn/\n    sections: []\n", "over.yaml")  # fmt: skip
    merged = config.load(written(tmp_path, GOOD), (over,))
    assert [source.id for source in merged.sources] == ["moh", "b"]
    assert merged.sources[0].pause.total_seconds() == 0 and merged.sources[0].name == "Bộ Y tế"


def test_relative_places_count_from_the_files_folder(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    placed = config.folder_of(config.load(path), path)
    assert placed.output == str(tmp_path / "output")
    assert placed.database == f"sqlite:///{tmp_path / 'var/aggregator.db'}"
