"""Every `.json` of tests/sources/<id>/ is a test: a saved page, and what a right reader finds on it."""

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from aggregator.collect import discover
from aggregator.errors import ArticleError, SourceError
from aggregator.model import Draft, Page
from aggregator.settings import Section, Source
from tests import make_reading as make

FOLDER = Path(__file__).parents[2] / "sources"
EXPECTATIONS = sorted(FOLDER.glob("*/*.json"))
KEYS = {
    "page",
    "url",
    "landed",
    "type",
    "source",
    "section",
    "lead",
    "leads",
    "skips",
    "draft",
    "body_has",
    "body_lacks",
    "error",
}


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_page_is_read_as_expected(path: Path) -> None:
    told = json.loads(path.read_text("utf-8"))
    assert not told.keys() - KEYS
    of = make.source(home=make.root(told["url"]), **told["source"])
    page = _page(path, told, of)
    if "error" in told:
        _check_error(told, of, page)
    elif "leads" in told:
        _check_leads(told, of, page)
    else:
        _check_draft(told, discover.read_article(of, page, _lead(told, of)))


def _page(path: Path, told: dict[str, Any], of: Source) -> Page:
    body = (path.parent / told["page"]).read_bytes()
    request = _lead(told, of).request if "lead" in told else None
    fields = {"landed": told.get("landed", told["url"])} | ({"request": request} if request else {})
    return make.page(body, told["url"], told.get("type", make.HTML), **fields)


def _lead(told: dict[str, Any], of: Source) -> Any:
    return make.lead(of, **told["lead"]) if "lead" in told else None


def _check_error(told: dict[str, Any], of: Source, page: Page) -> None:
    if told["error"] == "article":
        with pytest.raises(ArticleError):
            discover.read_article(of, page, _lead(told, of))
    else:
        with pytest.raises(SourceError) as caught:
            discover.read_leads(of, Section(**told["section"]), page)
        assert caught.value.cause == told["error"]


def _check_leads(told: dict[str, Any], of: Source, page: Page) -> None:
    found = discover.read_leads(of, Section(**told["section"]), page)
    got = [
        {key: getattr(lead, key) for key in wanted} for wanted, lead in zip(told["leads"], found.leads, strict=False)
    ]
    assert got == told["leads"]
    assert len(found.leads) == len(told["leads"])
    assert [skip.because for skip in found.skips] == told["skips"]


def _check_draft(told: dict[str, Any], draft: Draft) -> None:
    assert {key: _plain(getattr(draft, key)) for key in told["draft"]} == told["draft"]
    for text in told.get("body_has", ()):
        assert text in draft.body
    for text in told.get("body_lacks", ()):
        assert text not in draft.body


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [asdict(one) if is_dataclass(one) and not isinstance(one, type) else one for one in value]
    return value
