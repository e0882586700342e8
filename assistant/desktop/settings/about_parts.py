"""What Elephant is made of, as a list that can be searched: each part with its licence, and the way to the licence in full."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.flow_layout import FlowLayout
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.common.page import make_card
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.rows import ROW_ROLE, Row, RowList
from assistant.desktop.common.theme import Theme
from assistant.desktop.settings.about_words import count_line, inside_word, kind_word, licence_word, part_name
from assistant.desktop.settings.licence_dialog import LicenceDialog
from assistant.domain.about import Part

Index = QModelIndex | QPersistentModelIndex

LIST_PX = 300


class PartsModel(QAbstractListModel):
    """All parts, or those that fit what is typed. Lives on the UI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Part, ...] = ()
        self._shown: tuple[Part, ...] = ()
        self._words: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return len(self._all)

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        self._all = parts
        self._filter()

    def find(self, typed: str) -> None:
        """Each word is looked for in name, version, licence and kind."""
        self._words = tuple(typed.casefold().split())
        self._filter()

    def part(self, index: Index) -> Part | None:
        return self._shown[index.row()] if index.isValid() and index.row() < len(self._shown) else None

    def row_of(self, key: str) -> int:
        return next((row for row, part in enumerate(self._shown) if part.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        part = self.part(index)
        if part is None:
            return None
        if role == ROW_ROLE:
            return Row(part_name(part), licence_word(part), kind_word(part.kind))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{part_name(part)}\n{licence_word(part)}")
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join((part_name(part), kind_word(part.kind), licence_word(part)))
        return None

    def _filter(self) -> None:
        found = tuple(part for part in self._all if self._fits(part))
        if found != self._shown:
            self.beginResetModel()
            self._shown = found
            self.endResetModel()

    def _fits(self, part: Part) -> bool:
        said = f"{part_name(part)} {part.licence} {kind_word(part.kind)}".casefold()
        return all(word in said for word in self._words)


class PartsPanel(QWidget):
    """The field, the list, and what is to be said and done about the chosen part."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self.model = PartsModel(self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a part or a licence"))
        self.search.setAccessibleName(self.tr("Find a part or a licence"))
        self.search.setClearButtonEnabled(True)
        self.count = make_label("", "small")
        self.view = RowList(theme, self.tr("Parts"), self)
        self.view.setModel(self.model)
        self.nothing = make_label(self.tr("No part and no licence is called that."), "soft", wraps=True)
        self.nothing.setContentsMargins(12, 16, 12, 16)
        self.nothing.hide()
        self.name = make_label("", wraps=True)
        self.facts = make_label("", "small", wraps=True)
        self.show_licence = make_button(self.tr("Show the licence"))
        self.show_home = make_button(self.tr("Its page on the web…"), "link")
        self._lay_out()
        self.search.textChanged.connect(self._on_typed)
        self.search.returnPressed.connect(self._on_return)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.activated.connect(self._on_show_licence)
        self.show_licence.clicked.connect(self._on_show_licence)
        self.show_home.clicked.connect(self._on_show_home)
        theme.changed.connect(self._fit)
        self._show_current()

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """What was chosen stays chosen."""
        current = self._current()
        self.model.show_parts(parts)
        self._choose(current.key if current else "")

    def choose(self, key: str) -> None:
        """Choose a part whatever is typed."""
        self.search.clear()
        self._choose(key)

    def open_licence(self) -> LicenceDialog | None:
        """The licence of the chosen part, in front of the window."""
        part = self._current()
        if part is None:
            return None
        dialog = LicenceDialog(self._client, self._theme, part, self.window())
        dialog.open()
        return dialog

    def _lay_out(self) -> None:
        card, inside = make_card()
        inside.setContentsMargins(2, 6, 2, 6)
        inside.addWidget(self.view, 1)
        inside.addWidget(self.nothing)
        chosen, words = make_card()
        words.addWidget(self.name)
        words.addWidget(self.facts)
        buttons = FlowLayout(gap_x=8, gap_y=6)
        buttons.addWidget(self.show_licence)
        buttons.addWidget(self.show_home)
        words.addSpacing(4)
        words.addLayout(buttons)
        self.chosen = chosen
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.count)
        layout.addWidget(card)
        layout.addWidget(chosen)
        self._fit()

    def _fit(self) -> None:
        self.view.setFixedHeight(self._theme.px(LIST_PX))

    # ---- what is chosen --------------------------------------------------------------------------------------------------

    def _current(self) -> Part | None:
        return self.model.part(self.view.currentIndex())

    def _choose(self, key: str) -> None:
        rows = self.model.rowCount()
        self.count.setText(count_line(rows, self.model.total))
        self.view.setVisible(rows > 0)
        self.nothing.setVisible(rows == 0 and self.model.total > 0)
        if rows:
            self.view.setCurrentIndex(self.model.index(max(0, self.model.row_of(key)), 0))
        self._show_current()

    def _on_typed(self, typed: str) -> None:
        current = self._current()
        self.model.find(typed)
        self._choose(current.key if current else "")

    def _on_return(self) -> None:
        if self.model.rowCount():
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_current(self, _index: QModelIndex) -> None:
        self._show_current()

    def _show_current(self) -> None:
        part = self._current()
        self.chosen.setVisible(part is not None)
        if part is None:
            return
        self.name.setText(part_name(part))
        self.facts.setText(
            " · ".join(word for word in (licence_word(part), kind_word(part.kind), inside_word(part)) if word)
        )
        self.show_licence.setAccessibleDescription(part_name(part))
        self.show_licence.setEnabled(part.has_text)
        self.show_licence.setToolTip("" if part.has_text else self.tr("Its text did not come with this copy."))
        self.show_home.setVisible(bool(part.home))
        self.show_home.setAccessibleDescription(part.home)

    def _on_show_licence(self) -> None:
        part = self._current()
        if part is not None and part.has_text:
            self.open_licence()

    def _on_show_home(self) -> None:
        part = self._current()
        if part is not None and part.home:
            LinkQuestion(self.window(), part.home).open()
