"""The settings in one place that can be searched, each with one line that says what it does. A change counts at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget, QWidgetItem

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.page import Page
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, translate
from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.settings.section_list import SectionList
from assistant.desktop.settings.setting_row import SettingRow
from assistant.desktop.settings.settings_controls import Control, TemplateControl, TextControl
from assistant.desktop.settings.settings_search import words_of
from assistant.desktop.settings.settings_sections import SettingRows
from assistant.desktop.settings.shortcuts_section import QUICK_ASK, ShortcutsSection
from assistant.domain.errors import AssistantError
from assistant.domain.settings import Settings
from assistant.ipc.engine_messages import ChangeSettings, GetSettings, SettingsReport, Welcome

LIST_FROM_PX = 640
MOST_PX = 940
DEFAULTS = Settings()
SHORTCUTS = 6
"""Where the section of the shortcuts stands among the others."""

Value = str | int | float | bool | list[str]


@dataclass(slots=True)
class Section:
    title: str
    head: QLabel
    rows: list[SettingRow]
    holder: QVBoxLayout


class SettingsPage(Page):
    """Signals:
    settings_changed(Settings): what counts now.
    models_asked, privacy_asked, about_asked: the user wants to see that page.
    folder_wanted: the user wants to add a folder.
    key_asked_again: the desktop is to be asked once more for the key for the quick question.
    """

    settings_changed = Signal(object)
    models_asked = Signal()
    privacy_asked = Signal()
    about_asked = Signal()
    folder_wanted = Signal()
    key_asked_again = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("SettingsPage", "Settings"), parent)
        self._client = client
        self._settings = DEFAULTS
        self._key_state = (KeyState.OFF, "")
        self._sections: list[Section] = []
        self.rows: dict[str, SettingRow] = {}
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search the settings"))
        self.search.setAccessibleName(self.tr("Search the settings"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_query)
        self.search.returnPressed.connect(self._focus_first)
        self.search.installEventFilter(self)
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self.list = SectionList(theme, self)
        self.list.section_asked.connect(self._show_section)
        self._lay_out_page()
        self._made = SettingRows(client, theme)
        self._fill()
        self._nothing = make_label("", "soft", wraps=True)
        self.all = make_button(self.tr("Show all settings"), "link", "accent")
        self.all.clicked.connect(self.search.clear)
        for widget in (self._nothing, self.all):
            widget.hide()
        self.body.addWidget(self._nothing)
        self.body.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self._connect()

    @property
    def patterns(self) -> Any:
        return self.rows["ignore_patterns"].control

    def open(self) -> None:
        self._show_shortcuts()
        for row in self._made.model_choices:
            row.ask()
        self._client.request(GetSettings(), self._on_report, self._on_failed)

    def start_of_keys(self) -> QWidget:
        return self.search

    def control(self, key: str) -> Any:
        return self.rows[key].control

    def show_settings(self, settings: Settings) -> None:
        self._settings = settings
        for key, row in self.rows.items():
            if hasattr(DEFAULTS, key):
                value = getattr(settings, key)
                cast(Control, row.control).show_value(value)
                row.show_default(value == getattr(DEFAULTS, key))
        self._made.global_key.show_state(*self._key_state)
        self.shortcuts.show_settings(settings)

    def show_key_state(self, state: KeyState, given: str = "") -> None:
        """How the key for the quick question stands. given: the key, in the desktop's words, where that has chosen it."""
        self._key_state = (state, given)
        self._made.global_key.show_state(state, given)

    def reveal(self, key: str) -> None:
        """Bring a setting into view, with the keyboard on it."""
        self.search.clear()
        row = self.rows[key]
        if row.control is not None:
            row.control.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, row, lambda: self.area.ensureWidgetVisible(row, 0, self.theme.px(48)))

    # ---- the page --------------------------------------------------------------------------------------------------------

    def _lay_out_page(self) -> None:
        """Title and search stay where they are; the sections stand beside what scrolls."""
        title = cast(QWidgetItem, self.body.takeAt(0)).widget()
        top = QWidget(self)
        head = QVBoxLayout(top)
        head.setContentsMargins(24, 20, 24, 10)
        head.setSpacing(10)
        head.addWidget(cast(QWidget, title))
        head.addWidget(self.search)
        head.addWidget(self.trouble)
        outer = cast(QVBoxLayout, self.layout())
        outer.removeWidget(self.area)
        self._middle = QWidget(self)
        layout = QVBoxLayout(self._middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        self._list_side = QWidget(self)
        side = QVBoxLayout(self._list_side)
        side.setContentsMargins(16, 18, 0, 16)  # its first line stands beside the first heading
        side.addWidget(self.list)
        beside.addWidget(self._list_side)
        beside.addWidget(self.area, 1)
        layout.addLayout(beside, 1)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(self._middle, 100)
        centred.addStretch(1)
        outer.addLayout(centred)

    def _fill(self) -> None:
        sections = self._made.sections()
        sections.insert(SHORTCUTS, (self.tr("Shortcuts"), list))
        for title, make_rows in sections:
            head = make_label(title, "title")
            head.setContentsMargins(0, 10 if self._sections else 0, 0, 2)
            self.body.addWidget(head)
            holder = QVBoxLayout()
            self._space_rows(holder, is_close=make_rows is list)
            self.body.addLayout(holder)
            section = Section(title, head, [], holder)
            for row in make_rows():
                self._add_row(section, row)
            if make_rows is list:
                self.shortcuts = ShortcutsSection(self.theme, holder, self)
                section.rows = self.shortcuts.rows
            self._sections.append(section)
            self.list.addItem(title)
        self.list.follow(0)

    def _add_row(self, section: Section, row: SettingRow) -> None:
        section.rows.append(row)
        section.holder.addWidget(row)
        if row.control is not None:
            self.rows[row.key] = row

    def _show_shortcuts(self) -> None:
        self.shortcuts.show_shortcuts(self.window())
        self._on_query(self.search.text())

    def _connect(self) -> None:
        for key, row in self.rows.items():
            if hasattr(DEFAULTS, key):
                row.reset_asked.connect(self._on_reset)
                cast(Control, row.control).chosen.connect(self._on_chosen)
        self._made.models.clicked.connect(self.models_asked)
        self._made.privacy.clicked.connect(self.privacy_asked)
        self._made.about.clicked.connect(self.about_asked)
        self._made.global_key.asked_again.connect(self.key_asked_again)
        self._made.folders.folder_wanted.connect(self.folder_wanted)
        self._made.folders.failed.connect(self._say)
        self.area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.shortcuts.wished.connect(self._on_keys_wished)
        self._client.welcomed.connect(self._on_welcomed)

    # ---- finding ---------------------------------------------------------------------------------------------------------

    def _on_query(self, query: str) -> None:
        words = words_of(query)
        for place, section in enumerate(self._sections):
            found = [row for row in section.rows if row.search(words, section.title)]
            if section.head.isHidden() == bool(found):
                section.head.setVisible(bool(found))
            self.list.setRowHidden(place, not found)
        self.shortcuts.fit_search(is_found=not self._sections[SHORTCUTS].head.isHidden())
        is_any = any(not self.list.isRowHidden(place) for place in range(len(self._sections)))
        self._nothing.setText(self.tr("No setting is found by “{query}”.").format(query=query.strip()))
        self._nothing.setHidden(is_any)
        self.all.setHidden(is_any)
        self.area.verticalScrollBar().setValue(0)
        self._on_scrolled(0)

    def _shown_rows(self) -> list[SettingRow]:
        return [row for section in self._sections for row in section.rows if not row.isHidden()]

    def _focus_first(self) -> None:
        for row in self._shown_rows():
            if row.control is not None:
                row.control.setFocus(Qt.FocusReason.TabFocusReason)
                self.area.ensureWidgetVisible(row)
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field, down goes to what was found, and Esc first empties the field."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self._focus_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    # ---- sections --------------------------------------------------------------------------------------------------------

    def _show_section(self, place: int) -> None:
        self._settle()
        bar = self.area.verticalScrollBar()
        bar.setValue(self._top_of(self._sections[place]) - 4)
        self.list.follow(place)

    def _top_of(self, section: Section) -> int:
        inside = self.area.widget()
        assert inside is not None
        return section.head.mapTo(inside, section.head.rect().topLeft()).y()

    def _on_scrolled(self, value: int) -> None:
        shown = [place for place in range(len(self._sections)) if not self.list.isRowHidden(place)]
        passed = [place for place in shown if self._top_of(self._sections[place]) <= value + self.theme.px(24)]
        if shown:
            self.list.follow(passed[-1] if passed else shown[0])

    def _settle(self) -> None:
        inside = self.area.widget()
        layout = inside.layout() if inside is not None else None
        if layout is not None:
            layout.activate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._middle.setMaximumWidth(self.theme.px(MOST_PX))
        self._list_side.setVisible(self.width() >= self.theme.px(LIST_FROM_PX))

    def _space_rows(self, holder: QVBoxLayout, *, is_close: bool) -> None:
        holder.setSpacing(self.theme.gap_px(10 if is_close else 18))

    def _on_theme_changed(self) -> None:
        super()._on_theme_changed()
        for place, section in enumerate(self._sections):
            self._space_rows(section.holder, is_close=place == SHORTCUTS)
        self._fit()

    # ---- changes ---------------------------------------------------------------------------------------------------------

    def _on_chosen(self, value: Value) -> None:
        sender = self.sender()
        for key, row in self.rows.items():
            if row.control is sender and not (row is self._made.global_key and self._is_key_taken(str(value))):
                self._change(key, value)

    def _is_key_taken(self, keys: str) -> bool:
        """By another command of this window: it would never be reached again."""
        other = self.shortcuts.owner_of(keys, QUICK_ASK)
        if other is not None:
            self._made.global_key.tell_clash(keys, other.text)
        return other is not None

    def _on_keys_wished(self, entries: list[str]) -> None:
        self._change("shortcuts", entries)

    def _on_reset(self, key: str) -> None:
        control = self.rows[key].control
        if isinstance(control, TextControl | TemplateControl):
            control.forget_typing()
        default = getattr(DEFAULTS, key)
        self._change(key, list(default) if isinstance(default, tuple) else default)

    def _change(self, name: str, value: Value) -> None:
        self._client.request(ChangeSettings({name: value}), self._on_report, self._on_failed)

    def _on_welcomed(self, welcome: Welcome) -> None:
        self.show_settings(welcome.settings)

    def _on_report(self, report: SettingsReport) -> None:
        self.trouble.hide()
        for language, text in report.prompts.items():
            row = self.rows.get(f"system_prompt_{language}")
            if row is not None and isinstance(row.control, TemplateControl):
                row.control.shipped = text
        self.settings_changed.emit(report.settings)  # first: the rows show the keys that the actions have by then
        self.show_settings(report.settings)

    def _on_failed(self, error: AssistantError) -> None:
        self._say(error_words(error).as_text())
        self.show_settings(self._settings)  # what counts, not what was wished for

    def _say(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.show()
        announce(self.trouble, text)
