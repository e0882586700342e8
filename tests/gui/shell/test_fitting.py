"""What is shown takes the room it needs: no blank end of a page, no squeezed dialog, no word cut off."""

from __future__ import annotations

import pytest
from fake_engine import FLIGHT
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QStyledItemDelegate, QWidget

from assistant.desktop.chat.chat_turn import QuestionBubble
from assistant.desktop.common.dialogs import Question
from assistant.desktop.library.library_page import LibraryPage
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.search.days_dialog import DaysDialog
from assistant.desktop.search.hits import Hit, cut_of
from assistant.desktop.settings.about_page import AboutPage
from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.domain.answers import Conversation

LONG = (
    "All chats and their backups, the index, the list of your folders, your settings and the logs go. The models stay."
)


@pytest.mark.parametrize("width", [560, 1000])
@pytest.mark.parametrize("kind", [PrivacyPage, LibraryPage, ModelsPage, AboutPage])
def test_a_page_ends_where_its_content_ends(qtbot, ready_client, theme, kind, width):
    page = kind(ready_client, theme)
    qtbot.addWidget(page)
    page.resize(width, 300)
    page.show()
    page.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    holder = page.area.widget()
    QApplication.processEvents()  # rows made just now are shown with the next turn of the loop
    needed = holder.layout().heightForWidth(holder.width())
    assert holder.height() <= max(needed, page.area.viewport().height())


@pytest.mark.parametrize("detail", ["Short.", LONG, LONG * 4])
def test_a_question_is_as_tall_as_its_words(qtbot, theme, detail):
    window = QWidget()
    qtbot.addWidget(window)
    question = Question(window, "Clear everything?", detail, "Clear")
    question.show()
    (label,) = [label for label in question.findChildren(QLabel) if label.text() == detail]
    assert label.height() == label.heightForWidth(label.width())
    assert question.rect().contains(question.yes.geometry())


def test_no_lone_character_ends_a_question_of_two_lines(qtbot, theme):
    bubble = QuestionBubble(theme, "去里斯本的航班几点起飞，我们住的酒店又在哪里呢？")
    qtbot.addWidget(bubble)
    bubble.fit(10_000)
    one_line = bubble.width()
    bubble.fit(one_line - 4)  # as wide as it may be, one character would stand on the second line
    assert bubble.width() < one_line * 3 / 4


def test_days_are_written_so_that_no_country_reads_them_otherwise(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    dialog = DaysDialog(window)
    assert dialog.first.text().endswith(str(dialog.first.date().year()))
    assert dialog.first.date().toString("MMM") in dialog.first.text()


def test_the_title_of_a_chat_is_cut_at_its_end_and_that_of_a_note_in_its_middle():
    assert cut_of(Hit("a chat", "", "", Conversation(1, "a chat", 0.0, 0.0))) == Qt.TextElideMode.ElideRight
    assert cut_of(Hit("a note", "", "", FLIGHT)) == Qt.TextElideMode.ElideMiddle


def test_lists_of_combo_boxes_are_painted_as_the_style_sheet_says(qtbot, ready_client, theme):
    pages = [LibraryPage(ready_client, theme), SettingsPage(ready_client, theme)]
    for page in pages:
        qtbot.addWidget(page)
        boxes = page.findChildren(QComboBox)
        assert boxes
        assert {type(box.itemDelegate()) for box in boxes} == {QStyledItemDelegate}
