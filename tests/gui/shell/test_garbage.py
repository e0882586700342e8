"""Widgets in a cycle are deleted on the UI thread, whoever makes the garbage that brings Python to collect."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject

from assistant.desktop.common.garbage import GarbageCollection


class Probe(QObject):
    def __init__(self, ended: list[str]) -> None:
        super().__init__()
        self._ended = ended
        self._itself = self

    def __del__(self) -> None:
        self._ended.append(threading.current_thread().name)


@pytest.fixture
def collection(qapp) -> Iterator[GarbageCollection]:
    gc.enable()  # as in a process that has just started; this test runs where it is switched off
    made = GarbageCollection()
    yield made
    shiboken6.delete(made)
    gc.unfreeze()
    gc.disable()
    gc.freeze()


def make_garbage() -> None:
    kept = [[] for _ in range(200_000)]
    assert kept


def on_another_thread() -> None:
    thread = threading.Thread(target=make_garbage, name="beside")
    thread.start()
    thread.join()


def test_without_it_another_thread_deletes(collection):
    ended: list[str] = []
    Probe(ended)
    on_another_thread()
    assert ended == ["beside"]


def test_only_the_ui_thread_deletes(qtbot, collection):
    collection.start()
    collection.set_aside()
    ended: list[str] = []
    Probe(ended)
    on_another_thread()
    assert not ended
    kept = [[] for _ in range(20_000)]
    assert not ended
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == ["MainThread"]
    assert kept


def test_what_lives_long_is_looked_at_when_it_is_due(collection):
    collection.start()
    collection.set_aside()
    ended: list[str] = []
    probe = Probe(ended)
    gc.collect()  # it is of the oldest generation now
    del probe
    threshold = gc.get_threshold()
    kept = []
    for _ in range((threshold[1] + 2) * (threshold[2] + 2)):
        kept.append([[] for _ in range(threshold[0] + 1)])
        collection.collect()
    assert ended == ["MainThread"]
