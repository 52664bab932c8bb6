"""The list of recipients: who is on it, and which lines are nobody."""

from pathlib import Path

import pytest

from aggregator.errors import PostError
from aggregator.operate.recipients import read_recipients


def test_each_address_counts_once_and_remarks_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "nguoi-nhan.txt"
    path.write_text("\ufeff# tổ truyền thông\na@xa.vn\n\nA@XA.VN # lần nữa\n  b@xa.vn  # trạm y tế\n", encoding="utf-8")
    people, problems = read_recipients(path)
    assert [one.address for one in people] == ["a@xa.vn", "b@xa.vn"]
    assert problems == () and len({one.id for one in people}) == 2
    assert not any("xa" in one.id for one in people)


@pytest.mark.parametrize(
    "line", ["a@", "a b@xa.vn", "a@xa.vn, b@xa.vn", "trạm@xa.vn", "<a@xa.vn>", "a@xa", "a" * 250 + "@xa.vn"]
)
def test_a_line_that_is_no_address_is_named_and_the_others_count(tmp_path: Path, line: str) -> None:
    path = tmp_path / "nguoi-nhan.txt"
    path.write_text(f"a@xa.vn\n{line}\nb@xa.vn\n", encoding="utf-8")
    people, problems = read_recipients(path)
    assert len(people) == 2
    assert len(problems) == 1 and problems[0].startswith("nguoi-nhan.txt:2: ")


def test_a_list_that_is_not_there_is_told_with_its_key(tmp_path: Path) -> None:
    with pytest.raises(PostError, match=r"khong-co.txt: the recipients cannot be read: .*mail.recipients"):
        read_recipients(tmp_path / "khong-co.txt")
    (tmp_path / "utf16.txt").write_bytes("a@xa.vn".encode("utf-16"))
    with pytest.raises(PostError, match="not UTF-8"):
        read_recipients(tmp_path / "utf16.txt")
