"""Two days, chosen from a calendar or typed: a search is limited to what lies between them."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QDateEdit, QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.words import translate


class DaysDialog(QDialog):
    """Signals:
    picked(str): the days as they are written in a query, the earlier one first.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Between two days"))
        self.first = self._make_day(self.tr("First day"), QDate.currentDate().addMonths(-1))
        self.last = self._make_day(self.tr("Last day"), QDate.currentDate())
        self.use = make_button(self.tr("Use these days"), "primary")
        self.use.setDefault(True)
        self.use.clicked.connect(self._on_use)
        cancel = make_button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        form = QFormLayout()
        form.addRow(make_label(self.tr("First day")), self.first)
        form.addRow(make_label(self.tr("Last day")), self.last)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addLayout(buttons)

    def _make_day(self, name: str, day: QDate) -> QDateEdit:
        field = QDateEdit(day, self)
        field.setCalendarPopup(True)
        field.setLocale(QLocale())
        field.setDisplayFormat(translate("words", "d MMM yyyy"))  # 03/04/26 is another day in every country
        _dress(field.calendarWidget())
        field.setAccessibleName(name)
        field.setMinimumWidth(160)
        return field

    def _on_use(self) -> None:
        days = sorted(
            (self.first.date().toString(Qt.DateFormat.ISODate), self.last.date().toString(Qt.DateFormat.ISODate))
        )
        self.accept()
        self.picked.emit(days[0] if days[0] == days[1] else "..".join(days))


def _dress(calendar: QCalendarWidget) -> None:
    """Without the week's numbers, and without the system's red for days on which nobody works."""
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    plain, soft = QTextCharFormat(), QTextCharFormat()
    plain.setForeground(calendar.palette().text())
    soft.setForeground(calendar.palette().placeholderText())
    for day in Qt.DayOfWeek:
        calendar.setWeekdayTextFormat(day, plain)
    calendar.setHeaderTextFormat(soft)
