from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Article, Known, SafeHtml, Validator
from aggregator.refine.identity import article_id, canonical, verdict

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TAILS = st.lists(
    st.sampled_from(
        [*"/?&=#%;:@.+ abAB1éđ\u0301\\[]~'\"<", "%2F", "%25", "%C3%A9", "%ff", "utm_a=1", "www.", "m.", "../"]
    ),
    max_size=15,
).map("".join)
STARTS = st.sampled_from(["http://", "https://www.", "https://m.x.vn", "HTTPS://x.vn:443/", "https://x.vn/a?", "", "x"])


@given(STARTS, TAILS | st.text(st.characters(exclude_categories=())))
def test_the_key_of_a_key_is_itself(start: str, tail: str) -> None:
    assert canonical(canonical(start + tail)) == canonical(start + tail)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.gov.vn/tin/bai-1.htm",
        "https://www.example.gov.vn/tin/bai-1.htm",
        "https://m.example.gov.vn/tin/bai-1.htm",
        "https://EXAMPLE.gov.vn:443/tin/bai-1.htm",
        "http://example.gov.vn:80/tin/bai-1.htm",
        "https://example.gov.vn/tin/bai-1.htm#binh-luan",
        "https://example.gov.vn/tin/bai-1.htm?utm_source=zalo&utm_medium=x&fbclid=Iw1&gclid=2",
        "https://example.gov.vn/tin/bai-1.htm;jsessionid=A1B2.node3",
        "  https://example.gov.vn/tin/bai-1.htm\n",
    ],
)
def test_addresses_of_one_page_have_one_key(url: str) -> None:
    assert canonical(url) == "https://example.gov.vn/tin/bai-1.htm"


def test_parameters_are_sorted_and_those_that_name_the_page_stay() -> None:
    one = canonical("https://moh.gov.vn/index.jsp?pageId=5803&aid=167411&cid=8358")
    assert one == canonical("https://moh.gov.vn/index.jsp?cid=8358&aid=167411&pageId=5803&utm_campaign=a")
    assert one == "https://moh.gov.vn/index.jsp?aid=167411&cid=8358&pageId=5803"


@pytest.mark.parametrize("other", ["?aid=2", "?ref=1", "?id=1", "?p=1", "?q=", "/", "?AID=1"])
def test_other_pages_have_other_keys(other: str) -> None:
    assert canonical(f"https://example.gov.vn/tin{other}") != canonical("https://example.gov.vn/tin")


def test_letters_and_their_encoding_have_one_key() -> None:
    assert canonical("https://example.vn/tin/sở-y-tế") == canonical("https://example.vn/tin/s%E1%BB%9F-y-t%E1%BA%BF")
    assert canonical("https://example.vn/tin/so\u031b\u0309") == canonical("https://example.vn/tin/sở")


@pytest.mark.parametrize("text", ["", "bài viết", "mailto:a@example.vn", "http://[::1", "https://", "//example.vn/a"])
def test_what_is_no_web_address_is_its_own_key(text: str) -> None:
    assert canonical(text) == text


def test_www_alone_in_front_of_a_suffix_is_kept() -> None:
    assert canonical("https://m.vn/a") == "https://m.vn/a"


@given(st.text(), st.text(), st.text())
def test_an_id_has_twelve_plain_signs(source: str, ref: str, url: str) -> None:
    made = article_id(source, ref, url)
    assert len(made) == 12
    assert made.isascii() and made.isalnum() and made == made.lower()


def test_ids_are_the_same_on_every_machine() -> None:
    assert article_id("byt", "167411", "https://moh.gov.vn/x") == "zfv8wd27yn3t"
    assert article_id("hcdc", "", "https://hcdc.vn/a.html") == "uhqqp0rk7w76"


def test_the_sites_own_id_wins_over_the_address() -> None:
    assert article_id("byt", "167411", "https://moh.gov.vn/a") == article_id("byt", "167411", "https://moh.gov.vn/b")
    assert article_id("byt", "1", "https://moh.gov.vn/a") != article_id("byt", "2", "https://moh.gov.vn/a")
    assert article_id("byt", "1", "https://moh.gov.vn/a") != article_id("skds", "1", "https://moh.gov.vn/a")


def test_without_an_own_id_the_page_is_the_identity() -> None:
    one = article_id("hcdc", "", "http://www.hcdc.vn/a.html?utm_source=x")
    assert one == article_id("hcdc", " ", "https://hcdc.vn:443/a.html#top")
    assert one != article_id("hcdc", "https://hcdc.vn/a.html", "https://hcdc.vn/a.html")


def an_article(title: str = "Tiêu đề", lead: str = "Lời dẫn", text: str = "Nội dung", digest: str = "d1") -> Article:
    return Article(
        id="a" * 12,
        source="byt",
        url="https://moh.gov.vn/a",
        ref="1",
        title=title,
        lead=lead,
        author="",
        published=NOW,
        precision="minute",
        modified=None,
        body=SafeHtml(f"<p>{text}</p>"),
        text=text,
        digest=digest,
        fetched_at=NOW,
        reader="moh_bridge",
    )


def known_as(article: Article) -> Known:
    return Known(
        id=article.id,
        source=article.source,
        url=article.url,
        ref=article.ref,
        title=article.title,
        text_digest=article.text_digest,
        lead_digest="",
        validator=Validator(),
        status="live",
        published=article.published,
        first_seen=NOW,
        fetched_at=NOW,
        next_check=None,
    )


def test_an_article_never_seen_is_new() -> None:
    made = verdict(an_article(), None, "l1", Validator("e1"))
    assert (made.outcome, made.because, made.lead_digest, made.validator) == ("new", "bài mới", "l1", Validator("e1"))


def test_noise_around_the_text_is_no_change() -> None:
    made = verdict(an_article(digest="d2"), known_as(an_article(digest="d1")), "l2")
    assert (made.outcome, made.because, made.lead_digest) == ("unchanged", "không đổi", "l2")


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        (an_article(title="Tiêu đề khác"), "tiêu đề đổi"),
        (an_article(title="Tiêu đề khác", text="Nội dung khác"), "tiêu đề đổi"),
        (an_article(lead="Lời dẫn khác"), "lời dẫn hoặc nội dung đổi"),
        (an_article(text="Nội dung khác"), "lời dẫn hoặc nội dung đổi"),
    ],
)
def test_a_change_of_the_words_is_a_revision_and_says_why(changed: Article, because: str) -> None:
    made = verdict(changed, known_as(an_article()))
    assert (made.outcome, made.because, made.article) == ("revised", because, changed)
