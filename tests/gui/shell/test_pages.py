"""Models and the first run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.sample_notes import SampleNotes
from assistant.ipc import engine_messages as m


def shown_text(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def button(widget: QWidget, text: str) -> QPushButton:
    return next(found for found in widget.findChildren(QPushButton) if found.text() == text and not found.isHidden())


def opened(qtbot, client, page):
    """A page that is shown and has its answers."""
    qtbot.addWidget(page)
    page.resize(700, 800)
    page.show()
    page.open()
    qtbot.waitUntil(lambda: not client.is_waiting)
    QApplication.processEvents()  # rows made just now are shown with the next turn of the loop
    return page


# ---- first run -------------------------------------------------------------------------------------------------------


def first_run(qtbot, client, theme) -> FirstRun:
    page = FirstRun(client, theme, Path("no-pictures-here"))
    qtbot.addWidget(page)
    page.resize(800, 700)
    page.show()
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.ModelsListed)):
        client.start() if client.welcome is None else client.say_hello()
    return page


def test_the_first_run_offers_two_ways_to_begin(qtbot, client, theme):
    page = first_run(qtbot, client, theme)
    with qtbot.waitSignal(page.folder_wanted):
        qtbot.mouseClick(page.choose, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.sample_wanted):
        qtbot.mouseClick(page.sample, Qt.MouseButton.LeftButton)


def test_missing_models_are_offered_only_when_they_are_missing(qtbot, client, theme, link: FakeLink):
    page = first_run(qtbot, client, theme)
    assert page.pull.isHidden() or page._models.isHidden()
    link.models = tuple(replace(entry, installed=False) for entry in link.models)
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.ModelsListed)):
        client.say_hello()
    assert page._models.isVisible()
    assert "172 MB" in page._models_words.text()
    with qtbot.waitSignal(page.pull.pulled):
        qtbot.mouseClick(page.pull.button, Qt.MouseButton.LeftButton)
    assert page._models.isHidden()


def test_sample_notes_are_copied_once_and_never_written_over(qtbot, tmp_path):
    source = tmp_path / "shipped"
    source.mkdir()
    (source / "Welcome.md").write_text("hello", encoding="utf-8")
    samples = SampleNotes(source, tmp_path / "Documents", "Sample notes")
    with qtbot.waitSignal(samples.copied) as copied:
        samples.copy()
    note = Path(copied.args[0], "Welcome.md")
    note.write_text("changed by the user", encoding="utf-8")
    with qtbot.waitSignal(samples.copied):
        samples.copy()
    assert note.read_text(encoding="utf-8") == "changed by the user"


def test_samples_that_cannot_be_copied_say_why(qtbot, tmp_path):
    samples = SampleNotes(tmp_path / "not there", tmp_path, "Sample notes")
    with qtbot.waitSignal(samples.failed) as failed:
        samples.copy()
    assert failed.args[0]
