"""The settings that people change, each with one line that says what it does. A change counts at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_label
from assistant.desktop.common.page import Page
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, translate
from assistant.domain.errors import AssistantError
from assistant.domain.settings import Settings
from assistant.ipc.engine_messages import ChangeSettings, GetSettings, SettingsReport, Welcome

TYPING_PAUSE_MS = 800
FIELD_PX = 220
Value = str | int | float | bool | list[str]


class CalmComboBox(QComboBox):
    """Scrolling the page over a closed box must not change it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CalmSpinBox(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SettingsPage(Page):
    """Signals:
    settings_changed(Settings): what counts now.
    """

    settings_changed = Signal(object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("SettingsPage", "Settings"), parent)
        self._client = client
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_section(self.tr("Window"))
        self.language = self._add_choice(
            self.tr("Language"),
            "",
            ((self.tr("As the system"), "system"), ("English", "en"), ("简体中文", "zh")),
        )
        self.look = self._add_choice(
            self.tr("Appearance"),
            "",
            ((self.tr("As the system"), "system"), (self.tr("Light"), "light"), (self.tr("Dark"), "dark")),
        )
        self.font_size = self._add_choice(
            self.tr("Text size"),
            "",
            (
                (self.tr("Small"), 0.9),
                (self.tr("Normal"), 1.0),
                (self.tr("Large"), 1.15),
                (self.tr("Larger"), 1.35),
                (self.tr("Largest"), 1.6),
            ),
        )
        self.when_closed = self._add_choice(
            self.tr("When the window is closed"),
            self.tr("Where the system has a tray, Elephant can keep running there."),
            ((self.tr("Quit Elephant"), "quit"), (self.tr("Keep running in the tray"), "stay")),
        )
        self.notify = self._add_choice(
            self.tr("Messages"),
            self.tr("When long work has ended and the window is not in front. They hold no word of your notes."),
            ((self.tr("Show them"), True), (self.tr("None"), False)),
        )
        self.add_section(self.tr("Answers"))
        self.caution = self._add_choice(
            self.tr("Caution"),
            self.tr(
                "How weak the evidence may be before an answer is held back and the nearest passages are shown instead."
            ),
            ((self.tr("Bold"), "bold"), (self.tr("Balanced"), "balanced"), (self.tr("Careful"), "careful")),
        )
        self.passages = self._add_number(
            self.tr("Passages for an answer"), self.tr("More give the model more to read and take longer."), 1, 30, ""
        )
        self.add_section(self.tr("Library"))
        self.largest = self._add_number(
            self.tr("Largest file"), self.tr("Larger files are left out."), 1, 2000, self.tr(" MB")
        )
        self.reader_time = self._add_number(
            self.tr("Time for one file"), self.tr("Reading a file stops after this long."), 1, 600, self.tr(" s")
        )
        self.patterns = self._add_patterns()
        self.body.addStretch(1)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_PAUSE_MS)
        self._typing.timeout.connect(self._on_patterns)
        self._connect()
        client.welcomed.connect(self._on_welcomed)

    def open(self) -> None:
        self._client.request(GetSettings(), self._on_report, self._on_failed)

    def show_settings(self, settings: Settings) -> None:
        fields = (self.language, self.look, self.font_size, self.caution, self.when_closed, self.notify)
        numbers = (self.passages, self.largest, self.reader_time)
        blockers = [QSignalBlocker(field) for field in (*fields, *numbers, self.patterns)]
        _choose(self.language, settings.language)
        _choose(self.look, settings.theme)
        _choose_nearest(self.font_size, settings.font_scale)
        _choose(self.caution, settings.caution)
        _choose(self.when_closed, settings.when_closed)
        _choose(self.notify, settings.notify)
        self.passages.setValue(settings.passages)
        self.largest.setValue(settings.largest_note_mb)
        self.reader_time.setValue(settings.reader_time_limit_s)
        text = "\n".join(settings.ignore_patterns)
        if not self.patterns.hasFocus():
            self.patterns.setPlainText(text)
        del blockers

    # ---- the form --------------------------------------------------------------------------------------------------------

    def _add_row(self, name: str, hint: str, field: QWidget) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        label = make_label(name)
        label.setBuddy(field)
        words.addWidget(label)
        if hint:
            words.addWidget(make_label(hint, "small", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(field)
        self.body.addLayout(row)
        field.setAccessibleName(name)
        field.setAccessibleDescription(hint)

    def _add_choice(self, name: str, hint: str, choices: Sequence[tuple[str, object]]) -> QComboBox:
        box = CalmComboBox(self)
        for text, value in choices:
            box.addItem(text, value)
        box.setFixedWidth(self.theme.px(FIELD_PX))
        self._add_row(name, hint, box)
        return box

    def _add_number(self, name: str, hint: str, low: int, high: int, unit: str) -> QSpinBox:
        box = CalmSpinBox(self)
        box.setRange(low, high)
        box.setSuffix(unit)
        box.setKeyboardTracking(False)
        box.lineEdit().setTextMargins(8, 0, 0, 0)  # the style sheet's padding does not reach it
        box.setFixedWidth(self.theme.px(FIELD_PX))
        self._add_row(name, hint, box)
        return box

    def _add_patterns(self) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setProperty("role", "field")
        field.setPlaceholderText("drafts/\n*.log")
        field.setTabChangesFocus(True)
        field.setFixedHeight(self.theme.px(96))
        name = self.tr("Leave out")
        hint = self.tr("Files and folders that are not read, one pattern a line, written as in .gitignore.")
        field.setAccessibleName(name)
        field.setAccessibleDescription(hint)
        label = make_label(name)
        label.setBuddy(field)
        rows = QVBoxLayout()
        rows.setSpacing(2)
        rows.addWidget(label)
        rows.addWidget(make_label(hint, "small", wraps=True))
        rows.addSpacing(6)
        rows.addWidget(field)
        self.body.addLayout(rows)
        return field

    def _connect(self) -> None:
        for box in (self.language, self.look, self.font_size, self.caution, self.when_closed, self.notify):
            box.currentIndexChanged.connect(self._on_choice)
        for field in (self.passages, self.largest, self.reader_time):
            field.valueChanged.connect(self._on_number)
        self.patterns.textChanged.connect(self._typing.start)

    # ---- changes ---------------------------------------------------------------------------------------------------------

    def _names(self) -> dict[QWidget, str]:
        return {
            self.language: "language",
            self.look: "theme",
            self.font_size: "font_scale",
            self.caution: "caution",
            self.when_closed: "when_closed",
            self.notify: "notify",
            self.passages: "passages",
            self.largest: "largest_note_mb",
            self.reader_time: "reader_time_limit_s",
        }

    def _on_choice(self) -> None:
        box = self.sender()
        if isinstance(box, QComboBox):
            self._change(self._names()[box], box.currentData())

    def _on_number(self, value: int) -> None:
        box = self.sender()
        if isinstance(box, QSpinBox):
            self._change(self._names()[box], value)

    def _on_patterns(self) -> None:
        lines = [line.strip() for line in self.patterns.toPlainText().splitlines()]
        self._change("ignore_patterns", [line for line in lines if line])

    def _change(self, name: str, value: Value) -> None:
        self._client.request(ChangeSettings({name: value}), self._on_report, self._on_failed)

    def _on_welcomed(self, welcome: Welcome) -> None:
        self.show_settings(welcome.settings)

    def _on_report(self, report: SettingsReport) -> None:
        self.trouble.hide()
        self.show_settings(report.settings)
        self.settings_changed.emit(report.settings)

    def _on_failed(self, error: AssistantError) -> None:
        self.trouble.setText(error_words(error).as_text())
        self.trouble.show()


def _choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(max(0, box.findData(value)))


def _choose_nearest(box: QComboBox, value: float) -> None:
    distances = [abs(box.itemData(place) - value) for place in range(box.count())]
    box.setCurrentIndex(distances.index(min(distances)))
