"""Nothing leaves this machine: what is kept, where, how much of it, and the one thing that uses the network."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.file_manager import reveal
from assistant.desktop.common.page import Page, make_card
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import size, translate
from assistant.ipc.engine_messages import GetStatus, StatusReport


class PrivacyPage(Page):
    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("PrivacyPage", "Nothing leaves this machine"), parent)
        self._client = client
        self._sizes: dict[str, int] = {}
        for sentence in (
            self.tr(
                "Your notes are read, searched and answered from on this machine. Elephant has no account, no server and no "
                "statistics, and no part of it listens on the network."
            ),
            self.tr("Your folders are only read. Elephant never writes, moves or deletes anything in them."),
            self.tr("The network is used for one thing only: getting a model, when you press the button for it."),
        ):
            self.body.addWidget(make_label(sentence, "reading", wraps=True))
        self.add_section(self.tr("What is kept, and where"))
        card, layout = make_card()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        layout.addLayout(self._grid)
        self.body.addWidget(card)
        self._folder = make_label("", "small", wraps=True)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        show = make_button(self.tr("Show the data folder"))
        show.clicked.connect(self._on_show)
        logs = make_button(self.tr("Show the logs"), "link")
        logs.clicked.connect(self._on_show_logs)
        row = QHBoxLayout()
        row.addWidget(show)
        row.addWidget(logs)
        row.addStretch(1)
        self.body.addWidget(self._folder)
        self.body.addLayout(row)
        self.body.addWidget(
            make_label(
                self.tr("Deleting the data folder removes everything Elephant knows. Your notes stay as they are."),
                "small",
                wraps=True,
            )
        )
        self.body.addStretch(1)

    def open(self) -> None:
        self._show_folder()
        self._client.request(GetStatus(), self._on_status)

    def _data_dir(self) -> str:
        welcome = self._client.welcome
        return welcome.data_dir if welcome is not None else ""

    def _show_folder(self) -> None:
        self._folder.setText(self._data_dir())

    def _on_status(self, status: StatusReport) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, size_bytes) in enumerate(status.sizes_bytes.items()):
            self._grid.addWidget(make_label(self._what(name), wraps=True), row, 0)
            amount = make_label(size(size_bytes), "soft")
            self._grid.addWidget(amount, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)

    def _what(self, name: str) -> str:
        return {
            "conversations": self.tr("Your chats"),
            "backups": self.tr("Backups of your chats, the last seven"),
            "index": self.tr("The index of your notes; it can always be made again"),
            "models": self.tr("Models"),
            "logs": self.tr("Logs, without any words of your notes"),
        }.get(name, name)

    def _on_show(self) -> None:
        reveal(self._data_dir())

    def _on_show_logs(self) -> None:
        reveal(str(PurePath(self._data_dir(), "logs")))
