"""One model of the shelf: what it is, whether it fits, how it is doing, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.page import make_card
from assistant.desktop.models.model_words import facts_line, fit_line, good_for, place_line, terms_line, trouble_of
from assistant.desktop.models.pull_progress import PullBox
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc.engine_messages import ModelsListed


@dataclass(frozen=True, slots=True)
class CardState:
    """pull: how it is got, if it can be. trouble: why it could not be put to use."""

    in_use: bool = False
    is_loading: bool = False
    trouble: str = ""
    pull: PullBox | None = None


class ModelCard(QWidget):
    """Signals:
    use_asked(ShelfEntry), remove_asked(ShelfEntry): its buttons.
    stop_asked: the load under way is not wanted any more.
    """

    use_asked = Signal(object)
    remove_asked = Signal(object)
    stop_asked = Signal()

    def __init__(
        self, entry: ShelfEntry, listed: ModelsListed, state: CardState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.entry = entry
        self.setAccessibleName(entry.title)
        card, layout = make_card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        self._add_head(layout, state)
        fit, is_warning = fit_line(entry, listed, in_use=state.in_use)
        lines = [(good_for(entry), "")]
        lines += [(line, "small") for line in (facts_line(entry), terms_line(entry), place_line(entry))]
        lines += [(fit, "warn" if is_warning else "small"), (trouble_of(entry), "warn"), (state.trouble, "warn")]
        for text, role in lines:
            if text:
                layout.addWidget(fitting_label(text, role))
        self._add_actions(layout, state)

    def _add_head(self, layout: QVBoxLayout, state: CardState) -> None:
        head = QHBoxLayout()
        head.addWidget(fitting_label(self.entry.title, "title"), 1)
        if state.in_use:
            head.addWidget(make_label(self.tr("In use"), "over"))
        layout.addLayout(head)

    def _add_actions(self, layout: QVBoxLayout, state: CardState) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        entry = self.entry
        if state.is_loading:
            row.addWidget(make_label(self.tr("Loading it to see whether it works…"), "small"))
            stop = self._button(self.tr("Cancel"), "link")
            stop.clicked.connect(self.stop_asked)
            row.addWidget(stop)
        elif entry.installed and not state.in_use and entry.role is not ModelRole.RERANKER:
            self.use = self._button(self.tr("Use"))
            self.use.clicked.connect(self._on_use)
            row.addWidget(self.use)
        can_go = (
            entry.installed or entry.is_user
        ) and not entry.is_bundled  # one that cannot be used must not stay for ever
        if can_go and not state.is_loading:
            remove = self._button(self.tr("Remove…"), "link")
            remove.clicked.connect(self._on_remove)
            row.addWidget(remove)
        if state.pull is not None:
            row.addWidget(state.pull, 1)
            state.pull.show()
        elif row.count():
            row.addStretch(1)
        if row.count():
            layout.addSpacing(4)
            layout.addLayout(row)

    def _button(self, text: str, kind: str = "") -> QPushButton:
        """Its name says of which model, for those who hear the buttons one after the other."""
        button = make_button(text, kind)
        button.setAccessibleName(f"{text} {self.entry.title}")
        return button

    def _on_use(self) -> None:
        self.use_asked.emit(self.entry)

    def _on_remove(self) -> None:
        self.remove_asked.emit(self.entry)


def fitting_label(text: str, role: str = "") -> QLabel:
    """A wrapped label that is as tall as its text at its width, and no wider than it may be.

    A name or a path may have no place to break it; and of a label that insists on its size hint, which is made for a narrow column, a long
    page grows a blank end.
    """
    label = make_label(text[:1].upper() + text[1:] if role == "small" else text, role, wraps=True)
    label.setMinimumWidth(1)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    return label
