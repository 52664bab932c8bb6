"""What many files share is read and made once a publish, and stands in each of them as if made for it alone."""

import json

import pytest
from lxml import etree

from aggregator.defaults import default_file
from aggregator.errors import PublishError
from aggregator.publish.cycle import publish
from aggregator.publish.edition import Edition
from aggregator.publish.feed_stories import add
from aggregator.publish.feeds import shelf_feeds
from aggregator.publish.render import Renderer
from aggregator.publish.status import report
from tests import make, make_site
from tests.fakes_publish import FakeStore, MemoryWriter
from tests.make import NOW


def published(config, store):
    writer = MemoryWriter()
    publish(config, store, writer, NOW, status=report(config, {}, NOW))
    return {path: content.decode() for path, content in writer.files.items() if not path.endswith(".png")}


def counted(edition, name):
    """How often a method of the edition's renderer is called, and with what."""
    calls, plain = [], getattr(edition.renderer, name)

    def call(*given):
        calls.append(given)
        return plain(*given)

    setattr(edition.renderer, name, call)
    return calls


def test_the_stories_of_the_shelves_that_one_new_story_touches_are_read_once_and_together(monkeypatch):
    config, store = make_site.config(), FakeStore(*make_site.stories())
    writer = MemoryWriter()
    publish(config, store, writer, NOW, status=report(config, {}, NOW))
    tags = tuple(make.tag(*make_site.TAGS[key]) for key in ("tc", "sxh", "hn", "byt"))
    store.put(make.story(make.telling(make.article("z00000000001"), tags=tags)))
    asked, plain = [], store.stories
    monkeypatch.setattr(store, "stories", lambda ids: asked.append(tuple(ids)) or plain(ids))
    publish(config, store, writer, NOW, status=report(config, {}, NOW))
    shelved, *read = asked
    ids = [id for batch in read for id in batch]
    assert shelved == ("z00000000001",)
    assert len(ids) == len(set(ids)) > 5
    assert all(read) and len(read) <= 4  # its own, those of its shelves, and what only the home page shows


def test_a_story_stands_alike_in_all_its_feeds():
    files = published(make_site.config(), FakeStore(*make_site.stories()))
    rows = {}
    for path in sorted(files):
        if path.startswith("feed/") and path.endswith(".rss"):
            for row in etree.fromstring(files[path].encode()).iter("item"):
                rows.setdefault((row.findtext("guid"), row.findtext("source")), set()).add(
                    etree.tostring(row, with_tail=False)
                )
    assert len(rows) > 10
    assert all(len(told) == 1 for told in rows.values())


def test_a_feed_tells_no_namespace_twice_and_no_mark_of_how_it_was_made():
    files = published(make_site.config(), FakeStore(*make_site.stories()))
    for form in ("rss", "atom"):
        head, *rows = files[f"feed/all.{form}"].split("<item>" if form == "rss" else "<entry>")
        assert rows
        assert "xmlns" in head and "xmlns" not in "".join(rows)
        assert "<!--" not in files[f"feed/all.{form}"]


def test_a_story_titled_like_a_comment_takes_no_feed_apart():
    told = make.story(make.telling(make.article(title="Tin về <!--stories--> là gì")))
    config = make.config()
    store = FakeStore(told)
    files = published(config, store)
    for form in ("rss", "atom"):
        assert "Tin về &lt;!--stories--&gt; là gì" in files[f"feed/all.{form}"]
        etree.fromstring(files[f"feed/all.{form}"].encode())
    (only,) = json.loads(files["feed/all.json"])["items"]
    assert only["title"] == "Tin về <!--stories--> là gì"


def test_an_empty_feed_is_whole():
    edition = Edition(make.config(), FakeStore(), NOW)
    rss, atom, plain = shelf_feeds("all", edition)
    assert etree.fromstring(rss.content).find("channel/item") is None
    assert etree.fromstring(atom.content).find("{*}entry") is None
    assert json.loads(plain.content)["items"] == []


def test_the_head_and_foot_of_pages_are_filled_in_once_for_all_pages_of_a_section():
    edition = Edition(make_site.config(), FakeStore(), NOW)
    calls = counted(edition, "part")
    for place in ("chu-de/a/index.html", "chu-de/b/index.html"):
        context = {"title": "Một", "description": "", "crumbs": (), "shelf": "", "indexed": True, "section": "topic"}
        made = edition.page("parts/base.html", place, context).content.decode()
        assert 'aria-current="true">Chủ đề' in made and "Đến nội dung chính" in made
    names = [name for name, _ in calls]
    assert len(names) == len(set(names)) == 4


def test_the_section_and_the_page_itself_are_told_apart_in_the_navigation():
    files = published(make_site.config(), FakeStore(*make_site.stories()))
    assert 'aria-current="page">Chủ đề' in files["chu-de/index.html"]
    assert 'aria-current="true">Chủ đề' in files["chu-de/tiem-chung/index.html"]
    assert 'aria-current="true">Chủ đề' not in files["index.html"]


def test_a_card_is_made_once_for_all_lists_that_show_it_so():
    edition = Edition(make_site.config(), FakeStore(*make_site.stories()), NOW)
    calls = counted(edition, "macro")
    (seen,) = edition.views([make_site.stories()[0].id])
    assert edition.card(seen, 2) is edition.card(seen, 2)
    assert edition.card(seen, 3) != edition.card(seen, 2)
    assert len(calls) == 2


def test_an_operators_own_card_stands_in_every_list(tmp_path):
    own = default_file("templates/parts/macros.html").read_text(encoding="utf-8")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/macros.html").write_text(own.replace('class="card"', 'class="card rieng"'), encoding="utf-8")
    config = make_site.config().model_copy(update={"templates": str(tmp_path)})
    files = published(config, FakeStore(*make_site.stories()))
    for path in ("index.html", "chu-de/tiem-chung/index.html", "nguon/moh/index.html"):
        assert 'class="card rieng"' in files[path] and 'class="card"' not in files[path]


def test_a_card_that_breaks_is_told_with_its_place(tmp_path):
    (tmp_path / "parts").mkdir()
    text = "{% macro card(view, level, leads, dated) %}\n{{ view.missing }}\n{% endmacro %}\n"
    (tmp_path / "parts/macros.html").write_text(text, encoding="utf-8")
    edition = Edition(make.config(templates=str(tmp_path)), FakeStore(make.story(make.telling())), NOW)
    (seen,) = edition.views([make.story(make.telling()).id])
    with pytest.raises(PublishError, match=r"template parts/macros\.html:2: "):
        edition.card(seen)


def test_what_a_part_is_told_is_escaped(tmp_path):
    (tmp_path / "a.html").write_text("<b>{{ x }}</b>", encoding="utf-8")
    (tmp_path / "b.html").write_text("{{ made }}", encoding="utf-8")
    renderer = Renderer(str(tmp_path))
    assert renderer.render("b.html", {"made": renderer.part("a.html", {"x": "<i>"})}) == "<b>&lt;i&gt;</b>"


def test_a_row_of_a_list_is_made_once_for_all_lists_that_show_it_so():
    store = FakeStore(*make_site.stories())
    published(make_site.config(), store)
    edition = Edition(make_site.config(), store, NOW)
    calls = counted(edition, "macro")
    line, other = edition.lines("month/2026-10", 2)
    assert line.title in edition.row(line) and edition.row(line) is edition.row(line)
    assert edition.row(line, dated=False) != edition.row(line) != edition.row(other)
    assert len(calls) == 3


@pytest.mark.parametrize("sign", ["\0", "\x08", "\x0b", "\x1f", "\ud800", "\udfff", "\ufffe", "\uffff"])
def test_a_sign_that_xml_cannot_hold_is_left_out_of_feeds_and_its_word_stays(sign):
    root = etree.Element("a")
    assert add(root, "b", f"một{sign} hai").text == "một hai"
    assert etree.fromstring(etree.tostring(root)).findtext("b") == "một hai"
