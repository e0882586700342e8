"""Models, settings, privacy and the first run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.sample_notes import SampleNotes
from assistant.domain.errors import BadRequestError
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


# ---- settings --------------------------------------------------------------------------------------------------------


def test_a_choice_counts_at_once(qtbot, ready_client, theme, link: FakeLink):
    page = opened(qtbot, ready_client, SettingsPage(ready_client, theme))
    with qtbot.waitSignal(page.settings_changed) as changed:
        page.look.setCurrentIndex(page.look.findData("dark"))
    assert link.sent_of(m.ChangeSettings) == [m.ChangeSettings({"theme": "dark"})]
    assert changed.args[0].theme == "dark"


def test_opening_the_page_changes_nothing(qtbot, ready_client, theme, link: FakeLink):
    link.settings = replace(link.settings, font_scale=1.35, caution="careful", passages=9, ignore_patterns=("drafts/",))
    page = opened(qtbot, ready_client, SettingsPage(ready_client, theme))
    assert page.font_size.currentData() == 1.35
    assert page.caution.currentData() == "careful"
    assert page.passages.value() == 9
    assert page.patterns.toPlainText() == "drafts/"
    assert link.sent_of(m.ChangeSettings) == []


def test_patterns_are_sent_line_by_line_after_a_pause(qtbot, ready_client, theme, link: FakeLink):
    page = opened(qtbot, ready_client, SettingsPage(ready_client, theme))
    page._typing.setInterval(1)
    with qtbot.waitSignal(page.settings_changed):
        page.patterns.setPlainText("drafts/\n\n  *.log  ")
    assert link.sent_of(m.ChangeSettings) == [m.ChangeSettings({"ignore_patterns": ["drafts/", "*.log"]})]


def test_a_refused_setting_is_told(qtbot, ready_client, theme, link: FakeLink):
    page = opened(qtbot, ready_client, SettingsPage(ready_client, theme))
    link.errors[m.ChangeSettings] = BadRequestError(reason="out of range")
    with qtbot.waitSignal(ready_client.failed):
        page.passages.setValue(12)
    assert page.trouble.isVisible()
    assert "Nothing was changed" in page.trouble.text()


# ---- privacy ---------------------------------------------------------------------------------------------------------


def test_the_privacy_page_says_what_is_stored_where(qtbot, ready_client, theme, link: FakeLink):
    page = opened(qtbot, ready_client, PrivacyPage(ready_client, theme))
    text = shown_text(page)
    assert link.data_dir in text
    assert "212 MB" in text
    assert "Your chats" in text
    assert "Backups of your chats, the last seven" in text


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
