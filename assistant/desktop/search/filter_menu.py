"""Filters to be chosen without typing. Each choice is written into the query, so what was chosen and what was typed are the same thing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QMenu, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.filter_writing import NAMES, written_value
from assistant.desktop.common.words import is_chinese, translate
from assistant.domain.search import FilterKey, QueryFilter
from assistant.ipc.engine_messages import CompleteFilter, FilterCompleted

MOST_VALUES = 12
LONGEST_SHOWN = 40
LISTED = (FilterKey.FOLDER, FilterKey.TYPE, FilterKey.TAG)
"""Keys whose values the engine knows."""


class FilterMenu(QMenu):
    """Asks the engine for values while it is open.

    Signals:
        begun(str): this is to be typed on in the field.
        chosen(str, str): a key, and the value as it is written after it.
        taken_back(QueryFilter): a filter that was ticked is wanted no more.
        days_wanted: two days are to be chosen.
    """

    begun = Signal(str)
    chosen = Signal(str, str)
    taken_back = Signal(object)
    days_wanted = Signal()

    def __init__(self, client: EngineClient, active: Sequence[QueryFilter], parent: QWidget) -> None:
        """active: the filters of the query as it is."""
        super().__init__(parent)
        self._client = client
        self._active = [one for one in active if not one.excludes]
        self._requests: list[int] = []
        self._menus: dict[FilterKey, QMenu] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Filters"))
        self._fill()

    def submenu(self, key: FilterKey) -> QMenu:
        return self._menus[key]

    def load(self) -> None:
        """Ask for the values of what is listed."""
        for key, take in (
            (FilterKey.FOLDER, self._on_folders),
            (FilterKey.TYPE, self._on_types),
            (FilterKey.TAG, self._on_tags),
        ):
            self._requests.append(self._client.request(CompleteFilter(key, "", MOST_VALUES), take))

    def _on_folders(self, completed: FilterCompleted) -> None:
        self.show_values(FilterKey.FOLDER, completed.values)

    def _on_types(self, completed: FilterCompleted) -> None:
        self.show_values(FilterKey.TYPE, completed.values)

    def _on_tags(self, completed: FilterCompleted) -> None:
        self.show_values(FilterKey.TAG, completed.values)

    def hideEvent(self, event: QHideEvent) -> None:
        for request in self._requests:
            self._client.forget(request)
        self._requests.clear()
        super().hideEvent(event)

    def show_values(self, key: FilterKey, values: Sequence[str]) -> None:
        """Values that hold quotation marks cannot be written in a query."""
        menu = self._menus[key]
        first = menu.actions()[0]
        usable = [value for value in values if not any(mark in value for mark in '"“”')]
        for value in usable:
            menu.insertAction(first, self._choice(menu, key, value, written_value(value)[0]))
        if usable:
            menu.insertSeparator(first)

    # ---- building --------------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        for key, title in (
            (FilterKey.FOLDER, translate("Filters", "Folder")),
            (FilterKey.TYPE, translate("Filters", "Type")),
            (FilterKey.DATE, translate("Filters", "Date")),
            (FilterKey.TAG, translate("Filters", "Tag")),
            (FilterKey.STATE, translate("Filters", "State")),
        ):
            self._menus[key] = menu = self.addMenu(title)
            menu.setAccessibleName(title)
            if key in LISTED:
                self._beginning(menu, self.tr("Type it…"), f"{_name(key)}:")
        self._fill_dates(self._menus[FilterKey.DATE])
        for value, words in state_choices():
            self._menus[FilterKey.STATE].addAction(
                self._choice(self._menus[FilterKey.STATE], FilterKey.STATE, words, value)
            )
        self.addSeparator()
        self._beginning(
            self, translate("Filters", "Title"), f"{_name(FilterKey.TITLE)}:", translate("Filters", "lisbon")
        )
        tag = f"-{_name(FilterKey.TAG)}:"
        self._beginning(self, translate("SearchField", "Leave out"), tag, translate("SearchField", "draft"))
        self._beginning(
            self, translate("SearchField", "Exact words"), '""', translate("SearchField", '"big picture"'), instead=True
        )

    def _fill_dates(self, menu: QMenu) -> None:
        for value, words in date_choices():
            menu.addAction(self._choice(menu, FilterKey.DATE, words, value))
        menu.addSeparator()
        menu.addAction(self.tr("Between two days…")).triggered.connect(self.days_wanted)
        self._beginning(menu, translate("Filters", "After"), f"{_name(FilterKey.AFTER)}:", "2026-03")
        self._beginning(menu, translate("Filters", "Before"), f"{_name(FilterKey.BEFORE)}:", "2026-03-31")

    def _choice(self, menu: QMenu, key: FilterKey, words: str, value: str) -> QAction:
        """A value to be ticked. Ticked already if the query has it, and then to be taken back."""
        shown = words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…"
        action = QAction(shown.replace("&", "&&").replace("\t", " "), menu)
        action.setCheckable(True)
        action.setChecked(self._ticked(key, value) is not None)
        action.setProperty("key", key.value)
        action.setProperty("value", value)
        action.triggered.connect(self._on_choice)
        return action

    def _beginning(self, menu: QMenu, what: str, beginning: str, example: str = "", *, instead: bool = False) -> None:
        shown = example if instead else f"{beginning}{example}"
        action = menu.addAction(f"{what}\t{shown}")
        action.setProperty("beginning", beginning)
        action.triggered.connect(self._on_beginning)

    def _ticked(self, key: FilterKey, value: str) -> QueryFilter | None:
        plain = value.strip('"').casefold()
        return next((one for one in self._active if one.key is key and one.value.casefold() == plain), None)

    # Bound methods and properties: a closure would hold the menu, and the menu it, until the collector meets them after Qt has deleted both.

    def _on_choice(self) -> None:
        action = self.sender()
        key, value = FilterKey(action.property("key")), str(action.property("value"))
        found = self._ticked(key, value)
        if found is None:
            self.chosen.emit(key, value)
        else:
            self.taken_back.emit(found)

    def _on_beginning(self) -> None:
        self.begun.emit(self.sender().property("beginning"))


def _name(key: FilterKey) -> str:
    return NAMES[key][is_chinese()]


def date_choices() -> list[tuple[str, str]]:
    """Values and words of the days most asked for."""
    chinese = is_chinese()
    return [
        ("今天" if chinese else "today", translate("Filters", "Today")),
        ("昨天" if chinese else "yesterday", translate("Filters", "Yesterday")),
        ("最近7天" if chinese else "last-7-days", translate("Filters", "Last 7 days")),
        ("本月" if chinese else "this-month", translate("Filters", "This month")),
        ("今年" if chinese else "this-year", translate("Filters", "This year")),
    ]


def state_choices() -> list[tuple[str, str]]:
    """Values and words of how far a note has been read."""
    chinese = is_chinese()
    return [
        ("就绪" if chinese else "ready", translate("Filters", "Ready")),
        ("按字词" if chinese else "words", translate("Filters", "Found by words so far")),
        ("等待" if chinese else "waiting", translate("Filters", "Waiting")),
        ("未读" if chinese else "unread", translate("Filters", "Not read")),
    ]
