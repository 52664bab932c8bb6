"""A printed letter as a message: headers, parts, and the words of the golden files."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from lxml import html

from aggregator.mail_settings import Mail
from aggregator.model import Letter, LetterItem, Recipient, Revision
from aggregator.publish.edition import Edition
from aggregator.publish.envelope import leave_address, message
from aggregator.publish.letterpress import MOST_BYTES, Printed, print_letter
from aggregator.publish.letters import matters
from tests import make, make_post, make_site
from tests.fakes_publish import FakeStore
from tests.make import NOW
from tests.make_post import html_of, read, text_of

DAY = "2026-10-20"
BASE = "https://bantin.example.vn/"
HIM = Recipient("tram.y-te+tin@xa.example.vn", "0a1b2c3d4e5f")
Golden = Callable[[str, bytes], None]


class Letters(FakeStore):
    """A store whose stories are each their speaker's."""

    def holding(self, articles: tuple[str, ...]) -> dict[str, str]:
        held = {telling.article.id: story.id for story in self.kept.values() for telling in story.tellings}
        return {id: held[id] for id in articles if id in held}


def edition(mode: str = "preview", *more) -> Edition:  # type: ignore[no-untyped-def]
    config = make_site.config(mode)
    return Edition(config.model_copy(update={"mail": mail()}), Letters(*make_site.stories(), *more), NOW)


def mail(**fields: str) -> Mail:
    return make_post.mail(25, **fields)


def bulletin(count: int = 8) -> Letter:
    items = tuple(LetterItem(f"n{number:011d}", number + 1, 1) for number in range(count))
    return Letter(DAY, 0, NOW, items)


def correction() -> Letter:
    """The story that was revised, and one that its source withdrew."""
    first, gone = LetterItem("n00000000000", 1, 2, 1), LetterItem("z00000000001", 4, 1, 1, gone=True)
    return Letter(DAY, 1, NOW + timedelta(hours=2), (first, gone))


def withdrawn():  # type: ignore[no-untyped-def]
    of = make.article("z00000000001", source="syt", title="Tiêu đề đã gỡ", lead="Phần dẫn đã gỡ.")
    return make.story(make.telling(of, status="withdrawn", withdrawn_at=NOW))


def printed(letter: Letter, mode: str = "preview") -> Printed:
    made = print_letter(letter, edition(mode, withdrawn()), leave="https://bantin.example.vn/huy?id=0a1b2c3d4e5f")
    assert made is not None
    return made


@pytest.mark.parametrize(("name", "letter"), [("ban-tin", bulletin()), ("dinh-chinh", correction())])
def test_the_words_of_letters(name: str, letter: Letter, golden: Golden) -> None:
    made = printed(letter)
    golden(f"letters/{name}.html", made.html.encode())
    golden(f"letters/{name}.txt", made.text.encode())


def test_a_message_says_who_sends_it_to_whom_and_how_to_leave() -> None:
    made = read(message(printed(bulletin()), mail(reply_to="hoi@so.gov.vn"), BASE, HIM))
    assert made["From"] == "Bản tin y tế <ban-tin@bantin.example.vn>" and made["To"] == HIM.address
    assert made["Reply-To"] == "hoi@so.gov.vn"
    assert made["Subject"] == "[BẢN XEM THỬ] Bản tin y tế ngày 20/10/2026: 8 tin"
    assert made["Date"] == "Tue, 20 Oct 2026 10:00:00 +0700"
    assert made["Message-ID"] == "<ban-tin.2026-10-20.0.0a1b2c3d4e5f@bantin.example.vn>"
    assert made["List-Id"] == "<ban-tin.bantin.example.vn>"
    assert made["Auto-Submitted"] == "auto-generated" and made["Precedence"] == "bulk"
    assert (
        made["List-Unsubscribe"]
        == "<mailto:huy@bantin.example.vn?subject=Hu%E1%BB%B7%20nh%E1%BA%ADn%20b%E1%BA%A3n%20tin>"
    )
    assert made["List-Unsubscribe-Post"] is None, "RFC 8058 wants an https address"
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]


def test_an_https_address_leaves_with_one_click_and_names_the_recipient() -> None:
    settings = mail(unsubscribe_url="https://bantin.example.vn/huy?id={id}&thu={address}")
    made = read(message(printed(bulletin()), settings, BASE, HIM))
    leave = "https://bantin.example.vn/huy?id=0a1b2c3d4e5f&thu=tram.y-te%2Btin%40xa.example.vn"
    assert made["List-Unsubscribe"].startswith(f"<{leave}>, <mailto:huy@")
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert leave_address(settings, HIM) == leave
    assert leave_address(mail(), HIM).startswith("mailto:huy@bantin.example.vn?subject=")


def test_the_file_of_the_output_names_nobody() -> None:
    made = read(message(printed(bulletin()), mail(unsubscribe_url="https://bantin.example.vn/huy/{id}"), BASE))
    assert made["To"].addresses == () and made["List-Unsubscribe-Post"] is None
    assert made["Message-ID"] == "<ban-tin.2026-10-20.0.web@bantin.example.vn>"


@pytest.mark.parametrize("letter", [bulletin(), correction()])
def test_every_line_is_ascii_and_short_enough_for_any_server(letter: Letter) -> None:
    raw = message(printed(letter), mail(unsubscribe_url="https://bantin.example.vn/huy/{id}"), BASE, HIM)
    lines = raw.split(b"\r\n")
    assert raw.isascii() and b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 998  # RFC 5322 §2.1.1
    assert all(len(line) <= 78 for line in lines if not line.startswith((b"List-", b" <mailto")))
    assert raw == message(printed(letter), mail(unsubscribe_url="https://bantin.example.vn/huy/{id}"), BASE, HIM)


def test_old_and_new_parsers_read_the_same_words() -> None:
    made = printed(bulletin())
    raw = message(made, mail(), BASE, HIM)
    assert text_of(read(raw)).strip() == made.text.strip() and html_of(read(raw)).strip() == made.html.strip()
    old = message_from_bytes(raw, policy=policy.compat32)
    assert [part.get_payload(decode=True) is not None for part in old.get_payload()] == [True, True]  # type: ignore[union-attr]


def test_a_sender_with_quotes_and_marks_keeps_them() -> None:
    made = read(message(printed(bulletin()), mail(sender='"So Y te; Ha Noi" <a@so.vn>'), BASE, HIM))
    assert made["From"].addresses[0].display_name == "So Y te; Ha Noi"
    name = ("Trung tâm Thông tin y tế " * 4).strip()
    raw = message(printed(bulletin()), mail(sender=f"{name} <a@so.vn>"), BASE, HIM)
    given, _ = parseaddr(message_from_bytes(raw)["From"])
    assert str(make_header(decode_header(given))) == name


@pytest.mark.parametrize("letter", [bulletin(), correction()])
def test_the_html_asks_nothing_of_the_network_and_survives_mail_programs(letter: Letter) -> None:
    page = html.document_fromstring(printed(letter).html)
    assert page.xpath("//script | //link | //img | //iframe | //form | //object | //@src | //@background") == []
    assert "url(" not in printed(letter).html and "@import" not in printed(letter).html
    for address in page.xpath("//@href"):
        assert address.startswith(("https://", "mailto:")), address
    for cell in page.xpath("//td | //h1 | //h2 | //h3 | //p"):
        assert cell.get("style"), "a program that drops <style> still shows it well"
    assert {table.get("role") for table in page.xpath("//table")} == {"presentation"}
    assert page.get("lang") == "vi" and len(page.xpath("//h1")) == 1


def test_the_plain_text_has_no_markup_and_short_lines() -> None:
    story = make.story(make.telling(make.article("z00000000002", title="A & B < C: “liều” 5 > 3", lead="Tên “R&D”.")))
    made = print_letter(Letter(DAY, 0, NOW, (LetterItem("z00000000002", 1, 1),)), edition("preview", story))
    assert made is not None and "1. A & B < C: “liều” 5 > 3" in made.text and "&amp;" not in made.text
    assert "A &amp; B &lt; C" in made.html
    lines = [line for line in made.text.splitlines() if "http" not in line]
    assert max(map(len, lines)) <= 72 and not re.search(r"\n\n\n", made.text)


def test_a_letter_of_long_leads_stays_below_what_gmail_shows() -> None:
    long = [
        make.story(make.telling(make.article(f"y{number:011d}", title=f"Tin dài {number}", lead="Câu dẫn dài. " * 200)))
        for number in range(60)
    ]
    letter = Letter(DAY, 0, NOW, tuple(LetterItem(f"y{number:011d}", number + 1, 1) for number in range(60)))
    made = print_letter(letter, edition("preview", *long))
    assert made is not None and len(made.html.encode()) < MOST_BYTES
    assert "Tin dài 59" in made.html and "Câu dẫn" not in made.html and "Câu dẫn" not in made.text


def test_what_is_not_to_be_seen_is_in_no_letter_and_an_empty_one_is_none() -> None:
    made = print_letter(Letter(DAY, 0, NOW, (LetterItem("z00000000001", 1, 1),)), edition("preview", withdrawn()))
    assert made is None
    assert "đã gỡ" not in printed(bulletin()).text


def test_public_mode_without_an_agreement_shows_title_source_time_and_link() -> None:
    bare = make.source("moh", name="Bộ Y tế", window=timedelta(days=9))
    config = make_site.config("public").model_copy(update={"sources": (bare,), "mail": mail()})
    story = make.story(make.telling(make.article("z00000000003", author="Ban Thời sự", lead="Câu dẫn kín.")))
    made = print_letter(Letter(DAY, 0, NOW, (LetterItem("z00000000003", 1, 1),)), Edition(config, Letters(story), NOW))
    assert made is not None
    for said in (made.html, made.text):
        assert "Tin y tế số z00000000003" in said and "https://moh.example.vn/tin-z00000000003.htm" in said
        assert "Câu dẫn kín" not in said and "Ban Thời sự" not in said and "BẢN XEM THỬ" not in said


def revision(title: str = "Tin", lead: str = "", text: str = "Có 12 ca. Không có ca tử vong.") -> Revision:
    return make.revision(make.article(title=title, lead=lead, text=text))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (revision("TIN"), False),
        (revision("Tin khác"), True),
        (revision(lead="Có phần dẫn."), False),
        (revision(text="Có 21 ca. Không có ca tử vong."), True),
        (revision(text="Có 12 ca."), True),
        (revision(text="Có 12 ca. Không có ca tử vong. Trạm mở cửa cả ngày."), False),
        (revision(text="Có 12 ca. Không có ca nào tử vong."), False),
        (revision(text=""), False),
    ],
)
def test_what_readers_must_know_is_titles_leads_figures_and_what_is_gone(after: Revision, told: bool) -> None:
    assert matters(revision(), after) is told


def test_a_lead_in_other_words_is_told() -> None:
    assert matters(revision(lead="Uống một viên."), revision(lead="Uống hai viên."))
