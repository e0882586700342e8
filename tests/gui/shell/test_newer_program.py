"""That another version was installed over the running one is said once, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.desktop.shell.newer_program import NewerProgram


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "elephant"
    path.write_text("this version", "utf-8")
    return path


def replace(program: Path) -> None:
    other = program.with_name("elephant.new")
    other.write_text("that version", "utf-8")
    other.replace(program)


def test_a_program_that_stays_says_nothing(qtbot, program):
    watch = NewerProgram(program)
    with qtbot.assertNotEmitted(watch.replaced):
        watch.look()
    assert watch.is_looking


def test_another_one_in_its_place_is_said_once(qtbot, program):
    watch = NewerProgram(program)
    replace(program)
    with qtbot.waitSignal(watch.replaced) as said:
        watch.look()
    assert "open Elephant again" in said.args[0]
    assert not watch.is_looking


def test_one_that_is_away_is_waited_for(qtbot, program):
    watch = NewerProgram(program)
    program.unlink()
    with qtbot.assertNotEmitted(watch.replaced):
        watch.look()
    program.write_text("that version", "utf-8")
    with qtbot.waitSignal(watch.replaced):
        watch.look()


def test_from_source_nothing_is_looked_at(qtbot):
    assert not NewerProgram().is_looking
