from jinja2 import Environment

from aggregator.publish.render import Renderer


def test_a_process_compiles_a_template_once(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("{{ word }} một", encoding="utf-8")
    assert Renderer(str(tmp_path)).render("a.txt", {"word": "bài"}) == "bài một"

    def compiled(*_, **__):
        raise AssertionError("it was compiled before")

    monkeypatch.setattr(Environment, "compile", compiled)
    assert Renderer(str(tmp_path)).render("a.txt", {"word": "tin"}) == "tin một"


def test_a_changed_template_shows_in_the_next_publish_of_a_process(tmp_path):
    (tmp_path / "a.txt").write_text("cũ", encoding="utf-8")
    assert Renderer(str(tmp_path)).render("a.txt", {}) == "cũ"
    (tmp_path / "a.txt").write_text("mới", encoding="utf-8")
    assert Renderer(str(tmp_path)).render("a.txt", {}) == "mới"


def test_what_is_common_is_of_each_renderer(tmp_path):
    (tmp_path / "a.txt").write_text("{{ site }}", encoding="utf-8")
    said = [Renderer(str(tmp_path), {"site": name}).render("a.txt", {}) for name in ("Một", "Hai")]
    assert said == ["Một", "Hai"]
