"""Of several things that are dropped at once none is kept quiet about."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.shell.adding import Adding
from assistant.desktop.shell.drop_overlay import Drop, drop_words

ONE, TWO = ("/m/one.gguf",), ("/m/one.gguf", "/m/two.gguf")


@pytest.mark.parametrize(
    ("drop", "title"),
    [
        (Drop(models=ONE), "Put “one.gguf” on the shelf"),
        (Drop(models=TWO), "Put 2 models on the shelf"),
        (Drop(models=ONE, folders=("/n",)), "Put “one.gguf” on the shelf, and add the rest to the library"),
        (Drop(models=TWO, notes=("/n.md",)), "Put 2 models on the shelf, and add the rest to the library"),
    ],
)
def test_what_becomes_of_all_model_files_is_said_beforehand(drop: Drop, title: str):
    assert drop_words(drop)[0] == title


def test_each_of_several_model_files_is_looked_at_first():
    assert drop_words(Drop(models=TWO))[1].startswith("Each model file is looked at first")
    assert drop_words(Drop(models=ONE))[1].startswith("The file is looked at first")


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (("/a.mp4",), "Elephant cannot read a.mp4."),
        (("/a.mp4", "/b.zip", "/c.exe"), "Elephant cannot read a.mp4 and 2 more."),
    ],
)
def test_files_that_cannot_be_read_are_counted(qtbot, client: EngineClient, tmp_path, refused, words):
    window = QWidget()
    qtbot.addWidget(window)
    adding = Adding(client, tmp_path, window)
    with qtbot.waitSignal(adding.said) as said:
        adding.take_drop(Drop(refused=refused))
    assert said.args == [words]
