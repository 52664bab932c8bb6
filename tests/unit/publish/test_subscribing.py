"""What the page about subscribing says of the bulletin by e-mail: how to get it, where letters are sent at all."""

from bs4 import BeautifulSoup

from aggregator.mail_settings import Mail, Smtp
from tests import make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW
from tests.unit.publish.test_cycle import run


def letters_part(mail):
    config, writer = make_site.config().model_copy(update={"mail": mail}), MemoryWriter()
    run(config.model_copy(update={"mail": None}), FakeStore(*make_site.stories()), writer)
    assert b"qua-thu" not in writer.files["dang-ky/index.html"]
    from aggregator.publish.edition import Edition
    from aggregator.publish.fixed import pages

    made = {page.path: page.content for page in pages(Edition(config, FakeStore(*make_site.stories()), NOW))}
    return BeautifulSoup(made["dang-ky/index.html"], "lxml").select_one("[aria-labelledby=qua-thu]")


SENDING = Mail(
    at="06:45",
    sender="Bản tin y tế <ban-tin@phuong.example.vn>",
    recipients="nguoi-nhan.txt",
    unsubscribe_mail="huy@phuong.example.vn",
    smtp=Smtp(host="thu.example.vn"),
)


def test_where_letters_are_sent_the_page_says_when_and_whom_to_write_to():
    part = letters_part(SENDING)
    assert "06:45" in part.get_text()
    assert (part.a["href"], part.a.get_text()) == ("mailto:ban-tin@phuong.example.vn", "ban-tin@phuong.example.vn")
    asked = letters_part(SENDING.model_copy(update={"reply_to": "Văn phòng <van-phong@phuong.example.vn>"}))
    assert asked.a["href"] == "mailto:van-phong@phuong.example.vn"


def test_where_letters_are_only_written_the_page_promises_none():
    assert letters_part(SENDING.model_copy(update={"smtp": None})) is None


def test_the_page_is_made_anew_when_sending_begins():
    from aggregator.publish import fingerprint
    from aggregator.publish.edition import Edition

    config, store = make_site.config(), FakeStore()
    marks = {
        fingerprint.of_pages(Edition(config.model_copy(update={"mail": mail}), store, NOW))
        for mail in (None, SENDING, SENDING.model_copy(update={"smtp": None}))
    }
    assert len(marks) == 3
