"""The line at the bottom: how things stand, what needs attention, and that nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from assistant.desktop.client.engine_client import ENGINE_PART, EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.painting import paint_text, plain_tip
from assistant.desktop.common.state_dot import StateDot
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import count_attention, health_line, library_line
from assistant.desktop.models.downloads import Downloads
from assistant.desktop.models.model_words import fetching_words
from assistant.domain.errors import AssistantError
from assistant.domain.library import FolderInfo, IndexProgress, LibraryCounts
from assistant.ipc.engine_messages import FoldersChanged, IndexMoved, PartHealth, RestartPart, Welcome

GOOD_NEWS_MS = 12_000
LEAST_TROUBLE_PX = 220
_GAPS_PX = 22  # around what is hidden or empty
PARTS_BY_WEIGHT = (ENGINE_PART, "model", "vectors")
"""One line has room for one trouble: the heaviest."""


class OneLine(QLabel):
    """Small text in whatever room is left, cut with an ellipsis; the whole of it is its tooltip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "small")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        self.setText(text)
        self.setToolTip(plain_tip(text))

    def paintEvent(self, _event: QPaintEvent) -> None:
        font, color = self._theme.font("small"), self._theme.color("soft")
        paint_text(QPainter(self), self.rect(), self.text(), font, color)


class StatusLine(QWidget):
    """Signals:
    attention_asked, privacy_asked, models_asked: the page of that name is wanted.
    """

    attention_asked = Signal()
    privacy_asked = Signal()
    models_asked = Signal()

    def __init__(
        self,
        client: EngineClient,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        downloads: Downloads | None = None,
    ) -> None:
        """downloads: those of the whole window, told while one runs."""
        super().__init__(parent)
        self.setProperty("ground", "pane")
        self.setObjectName("StatusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._client = client
        self._theme = theme
        self._progress = IndexProgress("idle", 0, 0)
        known = ((part, client.health(part)) for part in PARTS_BY_WEIGHT)
        self._health: dict[str, PartHealth] = {part: health for part, health in known if health is not None}
        self._good_news = ""
        self._attention_besides = 0
        self._news_timer = QTimer(self)
        self._news_timer.setSingleShot(True)
        self._news_timer.setInterval(GOOD_NEWS_MS)
        self._news_timer.timeout.connect(self._on_news_old)
        self.dot = StateDot(theme, self)
        self.state = make_label("", "small")
        self.counts = make_label("", "small")
        self.attention = make_button("", "link")
        self.fetching = make_button("", "link")
        self._downloads = downloads or Downloads(client, self)
        self.trouble = OneLine(theme, self)
        self.again = make_button(self.tr("Start again"), "link", "accent")
        self.privacy = make_button("", "link")
        self.privacy.setAccessibleName(self.tr("Nothing leaves this machine"))
        self.privacy.setToolTip(self.tr("Nothing leaves this machine"))
        self._lay_out()
        self.attention.clicked.connect(self.attention_asked)
        self.fetching.clicked.connect(self.models_asked)
        self._downloads.moved.connect(self._show_fetching)
        self.privacy.clicked.connect(self.privacy_asked)
        self.again.clicked.connect(self._on_again)
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)
        client.health_changed.connect(self._on_health)
        self.show_counts(LibraryCounts())
        self._show_state()
        self._show_fetching()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 3, 10, 3)
        layout.setSpacing(8)
        layout.addWidget(self.dot)
        layout.addWidget(self.state)
        layout.addSpacing(6)
        layout.addWidget(self.counts)
        layout.addWidget(self.attention)
        layout.addWidget(self.fetching)
        layout.addWidget(self.trouble, 1)
        layout.addWidget(self.again)
        layout.addStretch(0)
        layout.addWidget(self.privacy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where there is no room for everything, the counts go first and the word for the state next: its dot stays. What has gone wrong
        needs room for its first words; the whole of it is its tooltip. Very large letters leave one word for the promise of privacy."""
        buttons = (self.attention, self.fetching, self.again)
        always = [self.dot, self.privacy, *(button for button in buttons if not button.isHidden())]
        self.privacy.setText(self.tr("Nothing leaves this machine"))
        taken = _taken(always)
        if taken + _GAPS_PX > self.width():
            self.privacy.setText(self.tr("Private"))
            taken = _taken(always)
        if self.trouble.text():
            taken += min(self.trouble.sizeHint().width(), self._theme.px(LEAST_TROUBLE_PX))
        for label in (self.state, self.counts):
            taken += label.sizeHint().width() + 14
            label.setVisible(bool(label.text()) and taken <= self.width())

    # ---- what is shown ---------------------------------------------------------------------------------------------------

    def show_library(self, counts: LibraryCounts, folders: tuple[FolderInfo, ...]) -> None:
        failed = sum(folder.counts.failed for folder in folders)
        self._attention_besides = sum(folder.attention for folder in folders) - failed
        self.show_counts(counts)

    def show_counts(self, counts: LibraryCounts) -> None:
        """counts say how many files failed; how many of those left out need attention, only the folders say."""
        self.counts.setText(library_line(counts) if counts.notes else "")
        attention = counts.failed + self._attention_besides
        self.attention.setText(count_attention(attention))
        self.attention.setVisible(attention > 0)
        self._make_room()

    def _show_state(self) -> None:
        trouble = self._heaviest()
        engine = self._health.get(ENGINE_PART)
        if trouble is not None and trouble.part == ENGINE_PART:
            broken = trouble.state == "broken"
            self._set_state(self.tr("Stopped") if broken else self.tr("Restarting"), "warn", filled=broken)
        elif engine is None or self._client.welcome is None:
            self._set_state(self.tr("Starting"), "faint", filled=False)
        elif self._client.welcome.read_only:
            self._set_state(self.tr("Read-only"), "warn", filled=True)
        elif self._progress.stage != "idle":
            word = self.tr("Paused") if self._progress.paused else self.tr("Reading")
            self._set_state(word, "accent", filled=False)
        else:
            self._set_state(self.tr("Ready"), "accent", filled=True)
        self.trouble.say(health_line(trouble.part, trouble.state) if trouble is not None else self._good_news)
        self.again.setVisible(trouble is not None and trouble.state == "broken")
        self._make_room()

    def _show_fetching(self) -> None:
        """The box that shows a download in full may be on another page."""
        words = fetching_words(self._downloads.running)
        if words == self.fetching.text() and bool(words) is not self.fetching.isHidden():
            return
        self.fetching.setText(words)
        self.fetching.setVisible(bool(words))
        self._make_room()

    def _set_state(self, word: str, color: str, *, filled: bool) -> None:
        self.state.setText(word)
        self.dot.show_state(color, filled=filled)

    def _heaviest(self) -> PartHealth | None:
        for part in PARTS_BY_WEIGHT:
            health = self._health.get(part)
            if health is not None and health_line(part, health.state):
                return health
        return None

    # ---- what the engine says --------------------------------------------------------------------------------------------

    def _on_welcomed(self, welcome: Welcome) -> None:
        status = welcome.status
        self._progress = status.progress
        self.show_library(status.counts, status.folders)
        self._show_state()

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, IndexMoved):
            self._progress = notice.progress
            self.show_counts(notice.counts)
        elif isinstance(notice, FoldersChanged):
            self.show_library(notice.counts, notice.folders)
        else:
            return
        self._show_state()

    def _on_health(self, health: PartHealth) -> None:
        before = self._health.get(health.part)
        self._health[health.part] = health
        if health.state == "running" and before is not None and before.state in {"restarting", "broken"}:
            self._good_news = health_line(health.part, "restarted")
            self._news_timer.start()
        self._show_state()

    def _on_news_old(self) -> None:
        self._good_news = ""
        self._show_state()

    def _on_again(self) -> None:
        trouble = self._heaviest()
        if trouble is None:
            return
        if trouble.part == ENGINE_PART:
            self._client.restart_engine()
        else:
            self._client.request(RestartPart(trouble.part), None, self._on_again_failed)

    def _on_again_failed(self, _error: AssistantError) -> None:
        self._show_state()


def _taken(widgets: Sequence[QWidget]) -> int:
    """Pixels, with the margins and the gaps between them."""
    return 24 + sum(widget.sizeHint().width() + 8 for widget in widgets)
