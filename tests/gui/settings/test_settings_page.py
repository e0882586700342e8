"""Every setting is found, changed at once, told of where it is refused, and brought back to its default."""

from __future__ import annotations

from dataclasses import fields, replace

from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from assistant.desktop.common.dialogs import Question
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.settings.shortcuts import GROUP, Shortcut, shortcuts_of
from assistant.domain.errors import BadRequestError
from assistant.domain.settings import Settings
from assistant.ipc import engine_messages as m

ELSEWHERE = {"version", "chat_model", "embedder", "model_mirror", "shortcuts"}
"""Settings that the models page changes, the section of the shortcuts, or nobody."""


def shown(page: SettingsPage) -> set[str]:
    return {key for key, row in page.rows.items() if not row.isHidden()}


def test_every_setting_has_a_row_with_a_name(page):
    missing = {spec.name for spec in fields(Settings)} - ELSEWHERE - set(page.rows)
    assert missing == set()
    assert all(row.name and row.control.accessibleName() == row.name for row in page.rows.values())


def test_opening_the_page_changes_nothing(qtbot, page, ready_client, link: FakeLink):
    link.settings = replace(link.settings, font_scale=1.35, caution="careful", passages=9, ignore_patterns=("drafts/",))
    page.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert page.control("font_scale").currentData() == 1.35
    assert page.control("caution").currentData() == "careful"
    assert page.control("passages").value() == 9
    assert page.patterns.toPlainText() == "drafts/"
    assert link.sent_of(m.ChangeSettings) == []


def test_a_page_that_is_made_late_knows_the_folders_that_came_meanwhile(qtbot, ready_client, theme, link: FakeLink):
    link.change_folders((replace(link.folders[0], id=7, name="Recipes", path="/home/ada/Recipes"),))
    qtbot.waitUntil(lambda: ready_client.welcome.status.folders[0].id == 7)
    late = SettingsPage(ready_client, theme)
    qtbot.addWidget(late)
    assert "Remove Recipes" in {button.accessibleName() for button in late.findChildren(QPushButton)}


def test_a_choice_counts_at_once(qtbot, page, link: FakeLink):
    look = page.control("theme")
    with qtbot.waitSignal(page.settings_changed) as changed:
        look.setCurrentIndex(look.findData("dark"))
    assert link.sent_of(m.ChangeSettings) == [m.ChangeSettings({"theme": "dark"})]
    assert changed.args[0].theme == "dark"


def test_numbers_count_at_once(qtbot, page, link: FakeLink):
    wanted = {"temperature": 0.7, "answer_tokens": 800, "context_tokens": 8192, "threads": 2}
    for key, value in wanted.items():
        with qtbot.waitSignal(page.settings_changed):
            page.control(key).setValue(value)
    assert link.sent_of(m.ChangeSettings) == [m.ChangeSettings({key: value}) for key, value in wanted.items()]


def test_a_changed_setting_can_be_brought_back(qtbot, page, link: FakeLink):
    row = page.rows["passages"]
    assert row.reset.isHidden()
    with qtbot.waitSignal(page.settings_changed):
        page.control("passages").setValue(12)
    assert not row.reset.isHidden()
    with qtbot.waitSignal(page.settings_changed):
        qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert link.settings.passages == Settings().passages == page.control("passages").value()
    assert row.reset.isHidden()


def test_patterns_are_sent_line_by_line_after_a_pause(qtbot, page, link: FakeLink):
    page.patterns.pause.setInterval(1)
    with qtbot.waitSignal(page.settings_changed):
        page.patterns.setPlainText("drafts/\n\n  *.log  ")
    assert link.sent_of(m.ChangeSettings) == [m.ChangeSettings({"ignore_patterns": ["drafts/", "*.log"]})]


def test_what_is_being_typed_outlives_the_change_of_another_setting(qtbot, page, link: FakeLink):
    page.patterns.setPlainText("drafts/")
    look = page.control("theme")
    with qtbot.waitSignal(page.settings_changed):
        look.setCurrentIndex(look.findData("dark"))
    assert page.patterns.toPlainText() == "drafts/"
    with qtbot.waitSignal(page.settings_changed):
        page.patterns.tell()
    assert link.settings.ignore_patterns == ("drafts/",)


def test_what_was_typed_counts_when_the_field_is_left_or_the_page_goes(qtbot, page, link: FakeLink):
    page.patterns.setFocus()
    page.patterns.setPlainText("drafts/")
    with qtbot.waitSignal(page.settings_changed):
        page.control("theme").setFocus()
    page.control("system_prompt_en").edit.setPlainText("Brief. <notes> </notes>")
    with qtbot.waitSignal(page.settings_changed):
        page.hide()
    assert link.settings.ignore_patterns == ("drafts/",)
    assert link.settings.system_prompt_en == "Brief. <notes> </notes>"


def test_a_first_pattern_outlives_a_restart_of_the_engine(page, ready_client, link: FakeLink):
    page.patterns.setFocus()
    page.patterns.setPlainText("draf")
    page.show_settings(link.settings)
    assert page.patterns.toPlainText() == "draf"


def test_bringing_back_what_is_being_typed_brings_it_back(qtbot, page, link: FakeLink):
    link.settings = replace(link.settings, ignore_patterns=("old/",))
    page.open()
    qtbot.waitUntil(lambda: page.patterns.toPlainText() == "old/")
    page.patterns.setPlainText("drafts/")
    with qtbot.waitSignal(page.settings_changed):
        page.rows["ignore_patterns"].reset.click()
    assert page.patterns.toPlainText() == ""
    assert link.settings.ignore_patterns == ()


def test_a_refused_setting_is_told_and_shows_what_counts(qtbot, page, ready_client, link: FakeLink):
    link.errors[m.ChangeSettings] = BadRequestError(reason="out of range")
    with qtbot.waitSignal(ready_client.failed):
        page.control("passages").setValue(12)
    assert page.trouble.isVisible()
    assert "Nothing was changed" in page.trouble.text()
    assert page.control("passages").value() == 6


# ---- what the model is told ------------------------------------------------------------------------------------------


def prompt(page: SettingsPage, language: str = "en"):
    field = page.control(f"system_prompt_{language}")
    field.edit.pause.setInterval(1)
    return field


def test_the_shipped_prompts_are_shown_to_begin_with(page, link: FakeLink):
    assert prompt(page, "en").edit.toPlainText() == link.prompts["en"]
    assert prompt(page, "zh").edit.toPlainText() == link.prompts["zh"]


def test_an_own_prompt_is_kept_and_can_be_reset(qtbot, page, link: FakeLink):
    own = "Be brief. Passages stand between <notes> and </notes>."
    with qtbot.waitSignal(page.settings_changed):
        prompt(page).edit.setPlainText(own)
    assert link.settings.system_prompt_en == own
    with qtbot.waitSignal(page.settings_changed):
        page.rows["system_prompt_en"].reset.click()
    assert link.settings.system_prompt_en == ""
    assert prompt(page).edit.toPlainText() == link.prompts["en"]


def test_a_broken_prompt_is_refused_in_words_and_never_sent(page, link: FakeLink):
    field = prompt(page)
    for text, told in (
        ("Answer like a pirate.", "<notes> and </notes>"),
        ("Passages begin at <notes>.", "</notes>"),
        ("<notes></notes>" * 200, "2,000 characters at most"),
    ):
        field.edit.setPlainText(text)
        assert field.problem.isVisible()
        assert told in field.problem.text()
        field.edit.tell()
    assert link.sent_of(m.ChangeSettings) == []
    field.edit.setPlainText("Now with <notes> and </notes>.")
    assert not field.problem.isVisible()


def test_writing_the_shipped_prompt_again_is_no_own_prompt(qtbot, page, link: FakeLink):
    with qtbot.waitSignal(page.settings_changed):
        prompt(page).edit.setPlainText(link.prompts["en"] + "\n")
    assert link.sent_of(m.ChangeSettings) == [m.ChangeSettings({"system_prompt_en": ""})]


# ---- finding ---------------------------------------------------------------------------------------------------------


def test_a_setting_is_found_by_name_help_section_or_synonym_in_both_languages(page):
    for query, found in {
        "theme": "theme",
        "night mode": "theme",
        "gitignore": "ignore_patterns",
        "忽略": "ignore_patterns",
        "ＧＰＵ": "gpu",
        "提示词": "system_prompt_zh",
        "字号": "font_scale",
        "appearance compact": "density",
    }.items():
        page.search.setText(query)
        assert found in shown(page), query
        assert len(shown(page)) < len(page.rows), query


def test_found_words_are_marked_and_unmarked(page, theme):
    page.search.setText("model CHOOSES")
    row = page.rows["temperature"]
    assert shown(page) == {"temperature"}
    texts = [label.text() for label in row.findChildren(QLabel)]
    mark = theme.color("mark").name()
    assert sum(text.count(mark) for text in texts) == 2
    page.search.clear()
    assert all(mark not in label.text() for label in row.findChildren(QLabel))
    assert shown(page) == set(page.rows)


def test_sections_without_finds_are_out_of_the_list(page):
    page.search.setText("gpu")
    places = [place for place in range(page.list.count()) if not page.list.isRowHidden(place)]
    assert [page.list.item(place).text() for place in places] == ["Models and hardware"]


def test_a_search_without_finds_says_so_and_leads_back(qtbot, page):
    page.search.setText("zeppelin")
    assert any("“zeppelin”" in label.text() for label in page.findChildren(QLabel) if label.isVisible())
    qtbot.mouseClick(page.all, Qt.MouseButton.LeftButton)
    assert shown(page) == set(page.rows)


def test_the_keyboard_goes_from_the_search_to_what_was_found_and_back(qtbot, page):
    page.search.setFocus()
    qtbot.keyClicks(page.search, "caution")
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    assert page.control("caution").hasFocus()
    page.search.setFocus()
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""


def test_the_list_leads_to_a_section_and_follows_scrolling(qtbot, page):
    page.list.setCurrentRow(3)
    bar = page.area.verticalScrollBar()
    assert bar.value() > 0
    bar.setValue(0)
    assert page.list.currentRow() == 0


# ---- folders ---------------------------------------------------------------------------------------------------------


def buttons(widget: QWidget, text: str) -> list[QPushButton]:
    return [found for found in widget.findChildren(QPushButton) if found.text() == text and found.isVisible()]


def test_a_folder_is_removed_after_a_question(qtbot, page, ready_client, link: FakeLink):
    QApplication.processEvents()
    _first, second = buttons(page, "Remove…")
    assert second.accessibleName() == "Remove Papers"
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    (question,) = page.window().findChildren(Question)
    assert link.sent_of(m.RemoveFolder) == []
    with qtbot.waitSignal(ready_client.noticed):
        qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.RemoveFolder) == [m.RemoveFolder(2)]
    qtbot.waitUntil(lambda: len(buttons(page, "Remove…")) == 1)


def test_adding_a_folder_and_other_pages_are_asked_for(qtbot, page):
    for signal, text in (
        (page.folder_wanted, "Add a folder…"),
        (page.models_asked, "Models…"),
        (page.privacy_asked, "Privacy…"),
        (page.about_asked, "About…"),
    ):
        with qtbot.waitSignal(signal):
            buttons(page, text)[0].click()


# ---- shortcuts -------------------------------------------------------------------------------------------------------


def test_shortcuts_are_those_of_the_actions(qtbot, page):
    action = QAction("&Say hello…", page)
    action.setShortcuts([QKeySequence("Ctrl+H"), QKeySequence("F8")])
    action.setProperty(GROUP, "Greetings")
    assert Shortcut("Greetings", "Say hello", "Ctrl+H or F8") in shortcuts_of(page)
    page.open()
    page.search.setText("hello")
    texts = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "Ctrl+H or F8" in texts
    assert "Greetings" in texts
    action.setShortcut("Ctrl+J")
    assert Shortcut("Greetings", "Say hello", "Ctrl+J") in shortcuts_of(page)


def test_an_action_without_keys_is_no_shortcut(page):
    QAction("Without keys", page)
    assert [found for found in shortcuts_of(page) if found.text == "Without keys"] == []
