"""A second start raises the first window instead of opening another."""

from __future__ import annotations

import os

from assistant.desktop.shell.single_instance import SingleInstance


def test_the_second_start_is_refused_and_raises_the_first(qtbot, tmp_path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.take()
    assert not second.take()
    with qtbot.waitSignal(first.raise_asked) as asked:
        second.ask_first("/home/ada/笔记")
    assert asked.args == ["/home/ada/笔记"]
    first.release()


def test_it_is_raised_once_for_each_start(qtbot, tmp_path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    first.take()
    with qtbot.waitSignal(first.raise_asked):
        second.ask_first()
    with qtbot.assertNotEmitted(first.raise_asked, wait=50):
        first._look()
    first.release()


def test_after_the_first_has_gone_the_next_start_is_the_first(tmp_path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.take()
    first.release()
    assert second.take()
    second.release()


def test_a_request_left_over_from_an_earlier_run_is_forgotten(qtbot, tmp_path):
    SingleInstance(tmp_path).ask_first("/old")
    os.utime(tmp_path / "run" / "raise", (1_700_000_000, 1_700_000_000))
    first = SingleInstance(tmp_path)
    first.take()
    with qtbot.assertNotEmitted(first.raise_asked, wait=20):
        first._look()
    first.release()


def test_a_start_that_loses_the_race_is_heard_although_the_winner_is_not_ready(qtbot, tmp_path):
    """The loser may ask before the winner, which holds the lock by then, has looked for requests of earlier runs."""
    SingleInstance(tmp_path).ask_first("/new")
    first = SingleInstance(tmp_path)
    first.take()
    with qtbot.waitSignal(first.raise_asked) as asked:
        first._look()
    assert asked.args == ["/new"]
    first.release()
