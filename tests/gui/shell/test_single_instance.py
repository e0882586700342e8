"""A second start says what it wants to the first window instead of opening another."""

from __future__ import annotations

import os

import pytest

from assistant.desktop.shell.single_instance import SingleInstance, Wish


def test_the_second_start_is_refused_and_heard_by_the_first(qtbot, tmp_path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.take()
    assert not second.take()
    wish = Wish(("/home/ada/笔记", "/home/ada/model.gguf"), quick_ask=True)
    with qtbot.waitSignal(first.wished) as asked:
        second.ask_first(wish)
    assert asked.args == [wish]
    first.release()


def test_each_start_is_heard_once_and_in_its_order(qtbot, tmp_path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    first.take()
    heard: list[Wish] = []
    first.wished.connect(heard.append)
    wishes = [Wish(("/a",)), Wish(("/b",)), Wish()]
    for wish in wishes:
        second.ask_first(wish)
    first._look()
    first._look()
    assert heard == wishes
    first.release()


def test_after_the_first_has_gone_the_next_start_is_the_first(tmp_path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.take()
    first.release()
    assert second.take()
    second.release()


def test_a_wish_left_over_from_an_earlier_run_is_forgotten(qtbot, tmp_path):
    SingleInstance(tmp_path).ask_first(Wish(("/old",)))
    (left,) = (tmp_path / "run").iterdir()
    os.utime(left, (1_700_000_000, 1_700_000_000))
    first = SingleInstance(tmp_path)
    first.take()
    with qtbot.assertNotEmitted(first.wished, wait=20):
        first._look()
    first.release()


def test_a_start_that_loses_the_race_is_heard_although_the_winner_is_not_ready(qtbot, tmp_path):
    """The loser may ask before the winner, which holds the lock by then, has looked for wishes of earlier runs."""
    SingleInstance(tmp_path).ask_first(Wish(("/new",)))
    first = SingleInstance(tmp_path)
    first.take()
    with qtbot.waitSignal(first.wished) as asked:
        first._look()
    assert asked.args == [Wish(("/new",))]
    first.release()


@pytest.mark.parametrize("text", ["/home/ada/notes", "[1]", '{"paths": 3, "quick_ask": "yes"}', '{"paths": [1, {}]}'])
def test_what_makes_no_sense_only_brings_the_window_forward(qtbot, tmp_path, text):
    first = SingleInstance(tmp_path)
    first.take()
    (tmp_path / "run").mkdir(exist_ok=True)
    (tmp_path / "run" / "wish-1").write_text(text, encoding="utf-8")
    with qtbot.waitSignal(first.wished) as asked:
        first._look()
    assert asked.args == [Wish()]
    first.release()
