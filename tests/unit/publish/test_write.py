import pytest

from aggregator.errors import PublishError
from aggregator.model import Artifact
from aggregator.publish.write import FolderWriter


def test_a_file_appears_whole_and_readable_for_a_web_server(tmp_path):
    writer = FolderWriter(tmp_path / "out")
    writer.write(Artifact("tin/a.html", b"mot"))
    writer.write(Artifact("tin/a.html", b"hai"))
    assert (tmp_path / "out/tin/a.html").read_bytes() == b"hai"
    assert (tmp_path / "out/tin/a.html").stat().st_mode & 0o777 == 0o644
    assert [path.name for path in (tmp_path / "out/tin").iterdir()] == ["a.html"]


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../out.html", "a/../../b"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path, path):
    writer = FolderWriter(tmp_path / "out")
    for act in (lambda: writer.write(Artifact(path, b"")), lambda: writer.remove(path), lambda: writer.has(path)):
        with pytest.raises(PublishError):
            act()


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/tin").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PublishError):
        FolderWriter(tmp_path / "out").write(Artifact("tin/a.html", b"x"))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_removing_takes_empty_folders_along_and_nothing_else(tmp_path):
    writer = FolderWriter(tmp_path)
    writer.write(Artifact("a/b/c.html", b"x"))
    writer.write(Artifact("a/d.html", b"x"))
    writer.remove("a/b/c.html")
    writer.remove("a/b/c.html")
    assert not (tmp_path / "a/b").exists()
    assert writer.has("a/d.html")


def test_a_write_that_fails_names_the_file_and_leaves_the_old_one(tmp_path):
    writer = FolderWriter(tmp_path)
    writer.write(Artifact("a.html", b"cu"))
    (tmp_path / "b.html").mkdir()
    with pytest.raises(PublishError, match=r"b\.html"):
        writer.write(Artifact("b.html", b"moi"))
    assert (tmp_path / "a.html").read_bytes() == b"cu"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_unfinished_files_of_a_killed_run_are_tidied(tmp_path):
    writer = FolderWriter(tmp_path)
    writer.write(Artifact("a/b.html", b"x"))
    (tmp_path / "a/.unfinished-abc").write_bytes(b"half")
    assert writer.tidy() == 1
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.html"]


def test_appending_cuts_what_a_killed_run_left_and_keeps_what_stood_before(tmp_path):
    writer = FolderWriter(tmp_path)
    writer.append("log/a.jsonl", b"mot\n", 0)
    (tmp_path / "log/a.jsonl").write_bytes(b"mot\nha")
    writer.append("log/a.jsonl", b"hai\n", 4)
    assert (tmp_path / "log/a.jsonl").read_bytes() == b"mot\nhai\n"
    assert (tmp_path / "log/a.jsonl").stat().st_mode & 0o777 == 0o644


def test_the_last_file_of_a_folder_is_the_last_by_name(tmp_path):
    writer = FolderWriter(tmp_path)
    assert writer.last("log/") == ("", b"")
    for name in ("2026-10-20", "2026-10-19"):
        writer.append(f"log/{name}.jsonl", name.encode(), 0)
    assert writer.last("log/") == ("log/2026-10-20.jsonl", b"2026-10-20")


def test_appending_never_leaves_the_folder(tmp_path):
    (tmp_path / "out/log").mkdir(parents=True)
    (tmp_path / "out/log/a.jsonl").symlink_to(tmp_path / "elsewhere")
    writer = FolderWriter(tmp_path / "out")
    for path in ("../a.jsonl", "log/a.jsonl"):
        with pytest.raises(PublishError):
            writer.append(path, b"x", 0)
    assert not (tmp_path / "elsewhere").exists()
