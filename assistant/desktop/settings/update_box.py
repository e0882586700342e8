"""Whether there is a newer Elephant: asked when the button is pressed and never else, and told before whom it asks."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label, set_tone
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.common.page import make_card
from assistant.desktop.common.path_label import PathLabel
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, join, translate
from assistant.desktop.settings.update_words import bad_address_words, news_words, no_address_words, why_not_known
from assistant.domain.errors import AssistantError, Cancelled
from assistant.domain.releases import ReleaseState, is_release_address, release_address
from assistant.ipc.release_messages import CheckForUpdate, UpdateChecked

MOST_LINES, LINE_CHARS = 8, 70
"""Of the notes: how many lines are seen at once, and about how much stands in one."""


class UpdateBox(QWidget):
    """A titled card. Making or showing it asks nobody."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._request = 0
        self._page = ""
        address = release_address()
        self._place = urlsplit(address).hostname or "" if is_release_address(address) else ""
        self.words = make_label("", wraps=True)
        self.address = AddressLabel(address, "small")
        self.check = make_button(self.tr("Check for a new version"))
        self.cancel = make_button(self.tr("Cancel"))
        self.busy = make_label(self.tr("Asking {place}…").format(place=self._place), "soft", wraps=True)
        self.result = make_label("", wraps=True)
        self.result.setContentsMargins(0, 4, 0, 0)
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setTabChangesFocus(True)
        self.notes.setProperty("role", "field")
        self.get = make_button(self.tr("Open the download page"), "primary")
        self._lay_out()
        self._explain(address)
        self.check.clicked.connect(self._on_check)
        self.cancel.clicked.connect(self._on_cancel)
        self.get.clicked.connect(self._on_get)
        theme.changed.connect(self._fit_notes)

    def _lay_out(self) -> None:
        card, inside = make_card()
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.check)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.busy, 1)
        buttons.addStretch(0)
        getting = QHBoxLayout()
        getting.addWidget(self.get)
        getting.addStretch(1)
        inside.addWidget(self.words)
        inside.addWidget(self.address)
        inside.addSpacing(4)
        inside.addLayout(buttons)
        inside.addWidget(self.result)
        inside.addWidget(self.notes)
        inside.addLayout(getting)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(make_label(self.tr("New versions"), "section"))
        layout.addWidget(card)
        for later in (self.cancel, self.busy, self.result, self.notes, self.get):
            later.hide()

    def _explain(self, address: str) -> None:
        """What the button would do; no button where it could do nothing."""
        if self._place:
            told = self.tr(
                "Elephant never looks for new versions by itself. When you press the button, it asks this address once, and sends "
                "nothing but the request for that page:"
            )
            self.check.setAccessibleDescription(join(told, address))
        else:
            told = bad_address_words() if address else no_address_words()
            self.address.hide()
            self.check.hide()
        self.words.setText(told)

    # ---- asking ----------------------------------------------------------------------------------------------------------

    def _on_check(self) -> None:
        if self._request:
            return
        self._say("", "")
        self._show_busy(is_busy=True)
        self._request = self._client.request(CheckForUpdate(), self._on_checked, self._on_failed)

    def _on_cancel(self) -> None:
        self._client.cancel(self._request)

    def _on_checked(self, checked: UpdateChecked) -> None:
        self._show_busy(is_busy=False)
        news = checked.news
        is_newer = news.state is ReleaseState.NEWER
        self._say(news_words(news, time.time()), "")
        self._page = news.page if is_newer else ""
        self.notes.setPlainText(news.notes if is_newer else "")
        self.notes.setAccessibleName(self.tr("What is new in version {version}").format(version=news.version))
        self.notes.setVisible(bool(self.notes.toPlainText()))
        self.get.setVisible(bool(self._page))
        self.get.setAccessibleDescription(self._page)
        self._fit_notes()

    def _on_failed(self, error: AssistantError) -> None:
        self._show_busy(is_busy=False)
        if isinstance(error, Cancelled):
            self._say(error_words(error).as_text(), "")
        else:
            self._say(why_not_known(error), "warn")

    def _on_get(self) -> None:
        LinkQuestion(self, self._page).open()

    # ---- what is shown ---------------------------------------------------------------------------------------------------

    def _show_busy(self, *, is_busy: bool) -> None:
        """The keyboard stays where it was, on the button that takes the place of the other."""
        comes, goes = (self.cancel, self.check) if is_busy else (self.check, self.cancel)
        had_keys = goes.hasFocus()
        comes.show()
        if had_keys:
            comes.setFocus()
        goes.hide()
        self.busy.setVisible(is_busy)
        if not is_busy:
            self._request = 0

    def _say(self, text: str, tone: str) -> None:
        self._page = ""
        self.notes.hide()
        self.get.hide()
        self.result.setText(text)
        set_tone(self.result, tone)
        self.result.setVisible(bool(text))
        announce(self.result, text)

    def _fit_notes(self) -> None:
        """As high as its lines, up to so many; the rest is scrolled to."""
        self.notes.ensurePolished()
        lines = sum(1 + len(line) // LINE_CHARS for line in self.notes.toPlainText().split("\n"))
        height = self.notes.fontMetrics().lineSpacing() * min(lines, MOST_LINES)
        self.notes.setFixedHeight(height + self._theme.px(28))


class AddressLabel(PathLabel):
    def menu(self) -> QMenu:
        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.hasSelectedText():
            made.addAction(self.tr("Copy"), self.copy_selected)
        made.addAction(translate("Chat", "Copy the address"), self.copy_all)
        return made
