"""A Chinese note is found by the first letters of its pinyin, in the catalog as in every list of names."""

from __future__ import annotations

import pytest

from assistant.domain.library import FileQuery
from assistant.domain.sounds import sounds_like
from assistant.library.database import Database
from assistant.library.file_query import wanted


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lsb", "旅行/里斯本.md"),
        ("LX", "旅行/里斯本.md"),
        ("cq", "重庆.md"),
        ("zqb", "重庆报告.md"),
        ("yh", "银行账单.md"),
        ("yy", "音乐笔记.md"),
        ("2026ys", "2026预算.md"),
        ("ysv2", "预算v2.md"),
    ],
)
def test_first_letters_find_a_name(typed: str, name: str) -> None:
    assert sounds_like(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("l", "里斯本.md"),
        ("xl", "旅行/里斯本.md"),
        ("md", "里斯本.md"),
        ("里斯", "里斯本.md"),
        ("ls b", "里斯本.md"),
        ("li", "Lisbon.md"),
        ("", "里斯本.md"),
        ("lsbmdx", "里斯本.md"),
    ],
)
def test_nothing_else_does(typed: str, name: str) -> None:
    assert not sounds_like(typed, name)


@pytest.mark.parametrize("typed", ["dx", "xa"])
def test_rare_characters_and_signs_part_what_stands_beside_them(typed: str) -> None:
    assert not sounds_like(typed, "龘新🐘，a")


@pytest.mark.parametrize("letter", "abcdefghjklmnopqrstwxyz")
def test_every_letter_has_its_characters(letter: str) -> None:
    first = dict(zip("abcdefghjklmnopqrstwxyz", "安北次大恩发高好进开来美你哦平去人上天我小有在", strict=True))
    assert sounds_like(letter * 2, first[letter] * 2)


@pytest.fixture
def notes(tmp_path):
    database = Database(tmp_path / "catalog.sqlite")
    yield database
    database.close()


def found(database: Database, name: str) -> list[str]:
    where, values = wanted(FileQuery(name=name))
    with database.write() as connection:
        connection.execute("CREATE TEMP TABLE named (note TEXT)")
        connection.executemany(
            "INSERT INTO named VALUES (?)", [("旅行/里斯本.md",), ("Travel/Lisbon.md",), ("预算/三月.md",), ("lsb.md",)]
        )
        rows = connection.execute(f"SELECT note FROM named WHERE {where} ORDER BY note", values).fetchall()
        connection.execute("DROP TABLE named")
    return [note for (note,) in rows]


def test_the_catalog_finds_notes_by_their_letters_and_by_their_sounds(notes: Database) -> None:
    assert found(notes, "lsb") == ["lsb.md", "旅行/里斯本.md"]
    assert found(notes, "sy") == ["预算/三月.md"]
    assert found(notes, "lis") == ["Travel/Lisbon.md"]
