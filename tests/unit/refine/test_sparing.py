from aggregator.refine.sparing import spared
from tests.make_store import article, verdict

LONG = "Câu dài. " * 100
WHY = "bodies shrank"


def test_a_text_that_shrank_to_a_fifth_does_not_take_the_place_of_the_stored_one() -> None:
    worse = verdict(article("a", text=LONG[:180]), "revised")
    left = spared((worse,), {"a": article("a", text=LONG)}, WHY)
    assert (left.verdicts, left.kept, left.skips) == ((), frozenset({"a"}), ())


def test_a_correction_of_ordinary_size_is_stored() -> None:
    revised = verdict(article("a", text=LONG[:400]), "revised")
    assert spared((revised,), {"a": article("a", text=LONG)}, WHY).verdicts == (revised,)


def test_a_title_that_several_share_replaces_none_and_brings_no_new_article() -> None:
    same = [verdict(article(id, title="Tin tức", text=LONG), how) for id, how in (("a", "revised"), ("b", "new"))]
    left = spared(tuple(same), {"a": article("a", title="Tên thật", text=LONG)}, WHY)
    assert left.verdicts == ()
    assert left.kept == {"a"}
    assert [skip.because for skip in left.skips] == [f"not stored: {WHY}"]


def test_a_new_article_says_that_its_visit_drifted() -> None:
    left = spared((verdict(article("b", text="ngắn"), "new"),), {}, WHY)
    assert left.verdicts[0].article.doubts == (WHY,)


def test_what_did_not_change_stays() -> None:
    same = verdict(article("a", text="x"), "unchanged")
    assert spared((same,), {"a": article("a", text=LONG)}, WHY).verdicts == (same,)
