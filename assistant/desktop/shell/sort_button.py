"""In which order the tree and the results of a search are shown: one button, whose menu is about what is in sight."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from assistant.desktop.common.controls import IconButton
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate
from assistant.domain.order import ResultOrder, TreeOrder


class SortButton(IconButton):
    """Keeps both orders.

    Signals:
        tree_order_chosen(TreeOrder), result_order_chosen(ResultOrder): what was chosen.
    """

    tree_order_chosen = Signal(object)
    result_order_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "sort", translate("SortButton", "Order"), parent)
        self.tree_order = TreeOrder.NAME
        self.result_order = ResultOrder.BEST
        self._is_searching = False
        self.clicked.connect(self._on_clicked)
        self._tell()

    def restore(self, tree: str, results: str) -> None:
        """What was kept of an earlier run; anything else than an order is as good as none."""
        if tree in set(TreeOrder):
            self._choose_tree(TreeOrder(tree))
        if results in set(ResultOrder):
            self._choose_results(ResultOrder(results))

    def show_for(self, *, is_searching: bool, is_sortable: bool) -> None:
        self._is_searching = is_searching
        self.setEnabled(is_sortable)
        self._tell()

    def build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.accessibleName())
        group = QActionGroup(menu)
        current = self.result_order if self._is_searching else self.tree_order
        names = result_order_words() if self._is_searching else tree_order_words()
        for order, words in names.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(order is current)
            action.setData(order)
            group.addAction(action)
        group.triggered.connect(self._on_chosen)
        return menu

    def _on_clicked(self) -> None:
        menu = self.build_menu()
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))
        if self.hasFocus():
            menu.setActiveAction(menu.actions()[0])

    def _on_chosen(self, action: object) -> None:
        order = action.data()  # type: ignore[attr-defined]
        if self._is_searching:
            self._choose_results(ResultOrder(order))
        else:
            self._choose_tree(TreeOrder(order))

    def _choose_tree(self, order: TreeOrder) -> None:
        self.tree_order = order
        self._tell()
        self.tree_order_chosen.emit(order)

    def _choose_results(self, order: ResultOrder) -> None:
        self.result_order = order
        self._tell()
        self.result_order_chosen.emit(order)

    def _tell(self) -> None:
        words = result_order_words()[self.result_order] if self._is_searching else tree_order_words()[self.tree_order]
        self.set_icon("sort", translate("SortButton", "Order: {order}").format(order=words))


def tree_order_words() -> dict[TreeOrder, str]:
    return {
        TreeOrder.NAME: translate("SortButton", "By name"),
        TreeOrder.CHANGED: translate("SortButton", "Newest change first"),
    }


def result_order_words() -> dict[ResultOrder, str]:
    return {
        ResultOrder.BEST: translate("SortButton", "Best match first"),
        ResultOrder.NEWEST: translate("SortButton", "Newest first"),
        ResultOrder.OLDEST: translate("SortButton", "Oldest first"),
        ResultOrder.TITLE: translate("SortButton", "By title"),
    }
