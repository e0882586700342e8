"""A second start raises the first window instead of opening another."""

from __future__ import annotations

from assistant.desktop.single_instance import SingleInstance


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
    first = SingleInstance(tmp_path)
    first.take()
    with qtbot.assertNotEmitted(first.raise_asked, wait=20):
        first._look()
    first.release()
