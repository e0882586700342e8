"""Nothing leaves this machine: what is kept, where, how much of it, the two things that use the network, and how to clear what is kept."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label, set_tone
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.file_manager import reveal
from assistant.desktop.common.page import Page, empty_layout, make_card
from assistant.desktop.common.path_label import PathLabel
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import chats_and_questions, error_words, join, number, size, translate
from assistant.desktop.settings.clearing_words import CHATS, EVERYTHING, INDEX, Clearing, clearings
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import (
    BackupsListed,
    ClearData,
    Cleared,
    ListBackups,
    ListStored,
    StoredPart,
    StoredReport,
)

STACKED_BELOW_PX = 480


class PrivacyPage(Page):
    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("PrivacyPage", "Nothing leaves this machine"), parent)
        self._client = client
        self._clearings: dict[str, Clearing] = {one.what: one for one in clearings()}
        self._buttons: dict[str, QPushButton] = {}
        self._rows: list[QBoxLayout] = []
        self._chats: BackupsListed | None = None
        for sentence in (
            self.tr(
                "Your notes are read, searched and answered from on this machine. Elephant has no account, no server and no "
                "statistics, and no part of it listens on the network."
            ),
            self.tr(
                "Your folders are only read. Elephant never moves or deletes anything in them, and writes nothing there unless you "
                "save an answer or an export there yourself."
            ),
        ):
            self.body.addWidget(make_label(sentence, "reading", wraps=True))
        self.add_section(self.tr("Network"))
        for sentence in (
            self.tr(
                "The network is used for two things only, each when you press the button for it: getting a model, and asking whether there "
                "is a newer version of Elephant."
            ),
            self.tr(
                "The place that is asked sees which file or page is wanted, and the network address of whoever asks, as every server does. "
                "Nothing of your notes, your chats or your settings reaches it."
            ),
        ):
            self.body.addWidget(make_label(sentence, wraps=True))
        self.add_section(self.tr("What is kept, and where"))
        card, layout = make_card()
        self._parts = QVBoxLayout()
        self._parts.setSpacing(10)
        layout.addLayout(self._parts)
        self.body.addWidget(card)
        self._add_places()
        self.add_section(self.tr("Clear what is kept"))
        self.body.addWidget(
            make_label(self.tr("Your notes are never touched, whatever is cleared."), "soft", wraps=True)
        )
        card, layout = make_card()
        layout.setSpacing(14)
        for one in self._clearings.values():
            layout.addLayout(self._make_clearing(one))
        self.body.addWidget(card)
        self.result = make_label("", "soft", wraps=True)
        self.result.hide()
        self.body.addWidget(self.result)
        self.body.addStretch(1)

    @property
    def everything(self) -> QPushButton:
        return self._buttons[EVERYTHING]

    @property
    def chats(self) -> QPushButton:
        return self._buttons[CHATS]

    @property
    def index(self) -> QPushButton:
        return self._buttons[INDEX]

    def open(self) -> None:
        self.result.hide()
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_stacked = self.width() < self.theme.px(STACKED_BELOW_PX)
        for row in self._rows:
            row.setDirection(QBoxLayout.Direction.TopToBottom if is_stacked else QBoxLayout.Direction.LeftToRight)

    # ---- what is kept ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self._client.request(ListStored(), self._on_stored, self._on_failed)
        self._client.request(ListBackups(), self._on_chats)

    def _add_places(self) -> None:
        show = make_button(self.tr("Show the data folder"))
        show.clicked.connect(self._on_show)
        logs = make_button(self.tr("Show the logs"), "link")
        logs.clicked.connect(self._on_show_logs)
        row = QHBoxLayout()
        row.addWidget(show)
        row.addWidget(logs)
        row.addStretch(1)
        self.body.addLayout(row)

    def _data_dir(self) -> str:
        welcome = self._client.welcome
        return welcome.data_dir if welcome is not None else ""

    def _on_stored(self, report: StoredReport) -> None:
        empty_layout(self._parts)
        for part in report.parts:
            self._parts.addWidget(self._make_part(part))

    def _make_part(self, part: StoredPart) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(make_label(self._what(part.name), wraps=True), 1)
        top.addWidget(make_label(size(part.size_bytes), "soft"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        layout.addWidget(PathLabel(part.path, "small"))
        return holder

    def _what(self, name: str) -> str:
        return {
            "conversations": self.tr("Your chats"),
            "backups": self.tr("Backups of your chats, the last seven"),
            "index": self.tr("The index of your notes; it can always be made again"),
            "settings": self.tr("Settings, the list of your folders, and where the window stood"),
            "models": self.tr("Models"),
            "logs": self.tr("Logs, without any words of your notes"),
        }.get(name, name)

    def _on_show(self) -> None:
        reveal(self._data_dir())

    def _on_show_logs(self) -> None:
        reveal(str(PurePath(self._data_dir(), "logs")))

    # ---- clearing --------------------------------------------------------------------------------------------------------

    def _make_clearing(self, one: Clearing) -> QBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(make_label(one.name, wraps=True))
        words.addWidget(make_label(one.hint, "small", wraps=True))
        button = make_button(one.button, "", "warn")
        button.setAccessibleDescription(one.hint)
        button.clicked.connect(partial(self._ask_clear, one.what))
        self._buttons[one.what] = button
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._rows.append(row)
        return row

    def _on_chats(self, listed: BackupsListed) -> None:
        self._chats = listed

    def _ask_clear(self, what: str, _checked: bool = False) -> None:
        one = self._clearings[what]
        question = Question(self.window(), one.question, one.detail(self._counted()), one.yes)
        question.agreed.connect(partial(self._clear, what))
        question.open()

    def _counted(self) -> str:
        """How much of the chats would go, as far as it is known."""
        if self._chats is None:
            return ""
        counted = chats_and_questions(self._chats.conversations, self._chats.turns)
        backups = len(self._chats.backups)
        if backups == 1:
            return self.tr("{chats}, and one backup of them").format(chats=counted)
        return self.tr("{chats}, and {n} backups of them").format(chats=counted, n=number(backups))

    def _clear(self, what: str) -> None:
        for button in self._buttons.values():
            button.setEnabled(False)
        self._say(self.tr("Clearing…"), "")
        self._client.request(ClearData(what), self._on_cleared, self._on_failed)

    def _on_cleared(self, cleared: Cleared) -> None:
        self._enable()
        self._say(self._clearings[cleared.what].done, "")
        self._ask()

    def _on_failed(self, error: AssistantError) -> None:
        self._enable()
        if error.fields.get("reason") == "answering":
            told = join(
                self.tr("An answer is being written just now, so nothing was cleared."),
                self.tr("Stop it or wait for its end, then try again."),
            )
        else:
            told = error_words(error).as_text()
        self._say(told, "warn")
        if self._client.is_ready:
            self._client.request(ListStored(), self._on_stored)

    def _enable(self) -> None:
        for button in self._buttons.values():
            button.setEnabled(True)

    def _say(self, text: str, tone: str) -> None:
        self.result.setText(text)
        set_tone(self.result, tone)
        self.result.show()
        self.area.ensureWidgetVisible(self.result)
        announce(self.result, text)
