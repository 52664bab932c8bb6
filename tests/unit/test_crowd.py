"""A crowd of notices of one template: equal texts are one article all the same, on every store, in whatever order."""

from pathlib import Path
from random import Random

import pytest

from aggregator.refine.sketches import HOLDERS
from tests import postgres
from tests.make_store import open_at
from tests.make_told import commune
from tests.unit.test_regrouping import admitted, ports_of

CROWD = [commune(f"a{n:011}", n, hours=n / 4) for n in range(100)]
COPY = commune("b00000000000", 3, hours=20, title="Tin của xã: nước sinh hoạt đạt quy chuẩn")


def test_the_copy_stands_further_from_its_original_than_any_key_is_followed() -> None:
    between = [one for one in CROWD[4:] if one.article.published < COPY.article.published]
    assert len(between) > 2 * HOLDERS


@pytest.mark.parametrize(("opened", "seed"), [(open_at, 0), (postgres.opened, 1)])
def test_one_equal_text_in_a_crowd_of_one_template_is_one_article(tmp_path: Path, opened, seed: int) -> None:
    articles = [*CROWD, COPY]
    Random(seed).shuffle(articles)
    store = opened(tmp_path)
    admitted(articles, ports_of(store, tmp_path), 20 + seed)
    original = CROWD[3].article.id
    copies = [(link.a, link.b) for link in store.ties([COPY.article.id]) if link.kind == "duplicate"]
    assert copies == [(original, COPY.article.id)]
    (story,) = store.records([COPY.article.id])
    assert {original, COPY.article.id} <= set(story.members)
    store.close()
