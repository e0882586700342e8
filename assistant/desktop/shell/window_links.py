"""Which part of the window answers to which: the commands, and what one part says that another does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from assistant.desktop.shell.actions import KeyHint

if TYPE_CHECKING:
    from assistant.desktop.shell.main_window import MainWindow


def link_commands(window: MainWindow) -> None:
    """Every command to what does it, and into the menu."""
    actions, ways, travel, look = window.commands, window.ways, window.travel, window.look
    for action, slot in (
        (actions.new_chat, window.asking.new_chat),
        (actions.question, ways.focus_question),
        (actions.search, ways.focus_search),
        (actions.add_folder, window.adding.choose_folder),
        (actions.library_page, ways.show_library),
        (actions.attention, ways.show_attention),
        (actions.left, ways.toggle_left),
        (actions.right, ways.toggle_right),
        (actions.notes, ways.show_notes),
        (actions.chats, ways.show_chats),
        (actions.next_pane, travel.next_pane),
        (actions.previous_pane, travel.previous_pane),
        (actions.backups, window.upkeep.show_backups),
        (actions.export_all, window.exporting.export_all),
        (actions.models, ways.show_models),
        (actions.settings, ways.show_settings),
        (actions.privacy, ways.show_privacy),
        (actions.about, ways.show_about),
        (actions.light, look.light),
        (actions.dark, look.dark),
        (actions.as_system, look.as_system),
        (actions.quit, window.quit),
    ):
        action.triggered.connect(slot)
    menu = QMenu(window)
    actions.fill(menu)
    header = window.header
    header.menu.setMenu(menu)
    for button, action in ((header.left, actions.left), (header.right, actions.right), (header.back, actions.question)):
        KeyHint(button, action)


def link_parts(window: MainWindow) -> None:
    _link_middle(window)
    _link_library(window)
    _link_pages(window)
    _link_edges(window)


def _link_middle(window: MainWindow) -> None:
    """The chat, the note beside it, and the palette over both."""
    chat, source, finding, ways = window.chat, window.source, window.finding, window.ways
    chat.source_requested.connect(window.reading.show_source_of_answer)
    chat.model_chosen.connect(ways.show_models)
    chat.folder_wanted.connect(window.adding.choose_folder)
    chat.stopped.connect(window.library.chats.refresh)
    chat.failed.connect(window.notice.say)
    source.closed.connect(window.reading.close_source)
    source.chunks_asked.connect(ways.show_chunks)
    source.ask_wanted.connect(window.asking.write_question)
    finding.note_chosen.connect(window.reading.show_source)
    finding.chat_chosen.connect(window.asking.open_conversation)
    finding.folder_chosen.connect(ways.show_folder)
    finding.folder_named.connect(ways.show_folder_named)
    finding.setting_chosen.connect(ways.show_setting)


def _link_library(window: MainWindow) -> None:
    library, chats, ways, asking = window.library, window.library.chats, window.ways, window.asking
    library.chunks_asked.connect(ways.show_chunks)
    library.page_asked.connect(ways.show_library)
    library.changes_asked.connect(ways.show_changes)
    library.passage_chosen.connect(window.reading.show_source)
    library.conversation_chosen.connect(asking.open_conversation)
    library.turn_chosen.connect(asking.open_conversation)
    library.conversation_deleted.connect(window.finding.on_chat_deleted)
    library.conversation_deleted.connect(asking.on_conversation_deleted)
    library.new_chat_asked.connect(asking.new_chat)
    library.question_asked.connect(asking.ask)
    library.ask_asked.connect(asking.ask_about)
    library.folder_wanted.connect(window.adding.choose_folder)
    library.failed.connect(window.notice.say)
    chats.export_asked.connect(window.exporting.export_one)
    chats.export_all_asked.connect(window.exporting.export_all)
    chats.backups_asked.connect(window.upkeep.show_backups)
    chats.failed.connect(window.notice.say)


def _link_pages(window: MainWindow) -> None:
    pages, ways = window.pages, window.ways
    pages.models_asked.connect(ways.show_models)
    pages.privacy_asked.connect(ways.show_privacy)
    pages.about_asked.connect(ways.show_about)
    pages.library_asked.connect(ways.show_library)
    pages.source_asked.connect(window.reading.show_source)
    pages.passage_marked.connect(window.reading.mark_source)
    pages.chunks_asked.connect(ways.show_chunks)
    pages.ask_asked.connect(window.asking.ask_about)
    pages.backups_asked.connect(window.upkeep.show_backups)
    pages.export_asked.connect(window.exporting.export_all)
    pages.folder_wanted.connect(window.adding.choose_folder)
    pages.failed.connect(window.notice.say)


def _link_edges(window: MainWindow) -> None:
    """The first run, the header, the status line, and what is dropped on the window."""
    adding, ways, header = window.adding, window.ways, window.header
    window.first_run.folder_wanted.connect(adding.choose_folder)
    window.first_run.sample_wanted.connect(adding.try_samples)
    window.overlay.dropped.connect(adding.take_drop)
    adding.said.connect(window.notice.say)
    adding.model_dropped.connect(ways.add_model)
    window.exporting.said.connect(window.notice.say)
    window.upkeep.failed.connect(window.notice.say)
    window.status_line.attention_asked.connect(ways.show_attention)
    window.status_line.privacy_asked.connect(ways.show_privacy)
    window.status_line.models_asked.connect(ways.show_models)
    header.left.clicked.connect(ways.toggle_left)
    header.right.clicked.connect(ways.toggle_right)
    header.back.clicked.connect(ways.focus_question)
