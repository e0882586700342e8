"""The list of checksums is read as something that a stranger may have written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.checksum_list import files_below, list_text, read_list

SUM = "0123456789abcdef" * 4


def test_what_is_written_is_read_back_in_order() -> None:
    sums = {"b/c d.txt": SUM, "a": SUM[::-1], "b/二.txt": SUM}
    text = list_text(sums)
    assert [line[66:] for line in text.splitlines()] == ["a", "b/c d.txt", "b/二.txt"]
    assert read_list(text) == sums


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "a/../../outside",
        "a/..",
        "./a",
        "a//b",
        "a/",
        "/etc/passwd",
        "C:/Windows/system.ini",
        "c:windows",
        "a\\..\\b",
        "a\x00b",
        "a\rb",
        "a\x7f",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        read_list(f"{SUM}  {name}\n")
    with pytest.raises(ValueError, match="name"):
        list_text({name: SUM})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no file"),
        ("\n\n", "names no file"),
        ("nothing of the kind\n", "line 1"),
        (f"{SUM} a\n", "line 1"),
        (f"{SUM.upper()}  a\n", "line 1"),
        (f"{SUM[1:]}  a\n", "line 1"),
        (f"{SUM}  a\n{SUM}  a\n", "line 2 names a file a second time"),
        (f"{SUM}  a\r\n", "line 1"),
    ],
)
def test_a_list_of_another_form_is_refused_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_list(text)


@given(st.text())
def test_no_text_is_read_as_names_that_lead_out(text: str) -> None:
    try:
        names = read_list(text)
    except ValueError:
        return
    for name in names:
        assert os.path.normpath(name) == name
        assert not name.startswith(("/", ".."))


def test_links_to_files_are_listed_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_text("x")
    (tmp_path / "link").symlink_to("a/file")
    (tmp_path / "folder").symlink_to("a")
    assert list(files_below(tmp_path)) == ["a/file", "link"]
