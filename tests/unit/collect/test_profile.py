import pytest

from aggregator.collect import profile
from aggregator.collect.profile import Profile
from aggregator.model import Lead, Request
from tests.make_store import article

USUAL = [("Bài số {}", "Dẫn", "12/10/2026")] * 20


def leads(told=USUAL, section="Tin"):
    return [
        Lead(
            "so", section, f"https://so.vn/{n}", Request(f"https://so.vn/{n}"), "", title.format(n), summary, time=time
        )
        for n, (title, summary, time) in enumerate(told)
    ]


def articles(count=10, text="chữ " * 500, precision="minute"):
    return [article(f"a{n}", text=text, precision=precision) for n in range(count)]


def known(*visits) -> Profile:
    made = Profile()
    for visit in visits or (profile.brought(leads(), articles()),):
        made = profile.learned(made, visit)
    return made


def why(told=USUAL, read=(), unread=0, section="Tin", of=None) -> str:
    return profile.drift(of or known(), profile.brought(leads(told, section), list(read), unread))


@pytest.mark.parametrize(
    ("drifted", "words"),
    [
        (lambda: why([("Tin tức", "", "12/10/2026")] * 5), "5 of 5 titles are one and the same"),
        (lambda: why([("Bài {}", "Dẫn", "")] * 5), "none of 5 leads has a date, where usually 100%"),
        (lambda: why([("Bài {}", "", "12/10/2026")] * 5), "none of 5 leads has a lead"),
        (lambda: why([("", "Dẫn", "12/10/2026")] * 5), "none of 5 leads has a title"),
        (lambda: why(USUAL[:4]), "Tin lists 4 where it usually lists 20"),
        (lambda: why(read=articles(3, "ngắn")), "the articles have 4 characters, where usually they have 2000"),
        (lambda: why(read=articles(3, precision="none")), "none of 3 articles has a date"),
        (lambda: why(unread=3), "none of 3 article pages held an article"),
        (lambda: why(unread=3, of=Profile()), "none of 3 article pages held an article"),
    ],
)
def test_a_visit_that_falls_off_is_told_in_words(drifted, words: str) -> None:
    assert drifted().startswith(words)


@pytest.mark.parametrize(
    "sound",
    [
        lambda: why(),
        lambda: why([]),
        lambda: why(read=articles(3)),
        lambda: why(read=articles(2, "ngắn")),
        lambda: why([("Bài {}", "Dẫn", "")] * 2, section="Khác"),
        lambda: why(USUAL[:4], section="Mục mới"),
        lambda: why([("Bài {}", "Dẫn", "12/10/2026")] * 7),
        lambda: why(unread=2),
        lambda: why(read=articles(1), unread=5),
        lambda: why([("Bài {}", "", "")] * 5, of=Profile()),
    ],
)
def test_a_visit_that_keeps_to_its_profile_has_not_drifted(sound) -> None:
    assert sound() == ""


def test_a_source_that_never_printed_dates_is_not_asked_for_them() -> None:
    undated = [("Bài {}", "", "")] * 20
    of = known(profile.brought(leads(undated), articles(precision="none")))
    assert why(undated, articles(5, precision="none"), of=of) == ""


def test_what_was_learned_comes_back_from_the_store_as_it_was() -> None:
    of = known()
    assert profile.of(profile.stored(of)) == of
    assert profile.of({"of another version": 1.0}) == Profile()


def test_a_profile_moves_slowly_and_follows_in_the_end() -> None:
    of = known(*[profile.brought(leads(), articles())] * 5)
    shorter = profile.brought(leads(), articles(text="chữ " * 250))
    assert profile.learned(of, shorter).body_length > 1500
    assert known(*[profile.brought(leads(), articles())], *[shorter] * 40).body_length == pytest.approx(1000, abs=5)


def test_a_visit_with_nothing_in_it_teaches_nothing() -> None:
    assert profile.learned(known(), profile.brought([], [])) == known()
