"""What is kept of a text for comparing says what the text itself says."""

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Gist, Told
from aggregator.refine import gists
from aggregator.refine.compared import Compared
from aggregator.refine.duplicates import relate
from aggregator.refine.facts import sentences
from tests import make
from tests.evals.duplicates_eval import PAIRS
from tests.make_told import RECALL, RECALL_RETOLD, told

DAY = date(2026, 10, 20)
SAID = "Ngày 18/8 hai ca sởi; 1.250 liều 0,5 ml lô 0326B ở Hà Nội. UBND TP.HCM thứ ba – 16/CT-TTg"
WORDS = st.sampled_from(SAID.split())
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))

# Of the labelled texts. When this fails, kept gists say what their texts no longer say: raise the rule that the
# message names (refine/gists.py), then write the new digest here.
STAND_FOR = {b"g1": "d446b3c97fef9ef6", b"s2": "8071edc15c86fa21"}


def labelled() -> list[str]:
    pairs = map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())
    return [pair[side]["text"] for pair in pairs for side in "ab"]


def kept(one: Told) -> Told:
    """The article as the store gives it back once it was compared closely."""
    compared = Compared(one)
    assert compared.sentences is not None
    return replace(one, gist=compared.gist)


@given(TEXTS)
def test_sentences_are_read_back_as_they_were_written(text):
    said = sentences("text", text, DAY) + sentences("title", text, DAY)
    assert gists.read(gists.written(said)) == said


@given(TEXTS)
def test_a_glance_is_read_back_as_it_was_written(text):
    one = gists.glance(make.article(text=text))
    back = gists.unpacked(gists.packed(one))
    assert back is not None
    assert gists.Glance(frozenset(back.words), frozenset(back.pairs)) == one
    assert (len(back.words), len(back.pairs)) == (len(one.words), len(one.pairs))


@given(TEXTS, TEXTS)
def test_a_glance_says_the_same_from_both_sides_and_from_what_was_kept(one, other):
    a, b = (gists.glance(make.article(text=text)) for text in (one, other))
    back = gists.unpacked(gists.packed(b))
    assert back is not None
    assert gists.worth_a_look(a, b) == gists.worth_a_look(b, a) == gists.worth_a_look(a, back)


def test_two_articles_are_the_same_to_each_other_with_what_was_kept():
    texts = (RECALL, RECALL_RETOLD, RECALL.replace("15 ngày", "10 ngày"), RECALL.replace("0326B", "0326D"), "Tin khác.")
    ones = [told(f"a{n}", text, source="moh" if n % 2 else "skds") for n, text in enumerate(texts)]
    for one in ones:
        for other in ones:
            assert relate(Compared(kept(one)), Compared(kept(other))) == relate(Compared(one), Compared(other))


def test_what_was_not_read_is_not_kept_and_what_was_kept_is_kept_on():
    fresh = Compared(told("a"))
    assert fresh.gist.sentences == b"" and gists.unpacked(fresh.gist.glance) is not None
    glanced = replace(told("a"), gist=fresh.gist)
    assert Compared(glanced).gist is glanced.gist
    whole = kept(glanced)
    assert gists.is_whole(whole.gist) and Compared(whole).gist is whole.gist


def test_what_another_rule_kept_is_worked_out_anew():
    old = replace(told("a"), gist=Gist("a", b"g0 old", b"s0 old"))
    assert (Compared(old).sentences, Compared(old).glance) == (
        Compared(told("a")).sentences,
        Compared(told("a")).glance,
    )
    assert kept(old).gist == kept(told("a")).gist


def test_the_rules_stand_for_what_is_kept():
    glances = sha256(b"".join(gists.packed(gists.glance(make.article(text=text))) for text in labelled())).hexdigest()
    said = [(one.tokens, one.names) for text in labelled() for one in Compared(told("a", text)).sentences]
    assert STAND_FOR[gists.GLANCE_RULE] == glances[:16], "raise GLANCE_RULE"
    assert STAND_FOR[gists.SENTENCES_RULE] == sha256(repr(said).encode()).hexdigest()[:16], "raise SENTENCES_RULE"
