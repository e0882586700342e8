"""About Elephant: which one this is, what it is made of and under which licences, and whether its files are as they were built."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.file_manager import reveal
from assistant.desktop.common.flow_layout import FlowLayout
from assistant.desktop.common.page import Page, make_card
from assistant.desktop.common.path_label import PathLabel
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, translate
from assistant.desktop.settings.about_parts import PartsPanel
from assistant.desktop.settings.about_words import build_line, details, system_line, version_line
from assistant.desktop.settings.copy_check_box import CopyCheckBox
from assistant.desktop.settings.update_box import UpdateBox
from assistant.domain.about import About, PartKind
from assistant.domain.errors import AssistantError
from assistant.domain.resources import resource
from assistant.ipc.about_messages import AboutReport, GetAbout

ICON_PX = 56
ICON_SIZES = (64, 128, 256)
HASH_GROUP = 16


class AboutPage(Page):
    """Signals:
    about_told(About): what the engine has said; once each time the page is opened.
    """

    about_told = Signal(object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("AboutPage", "About Elephant"), parent)
        self._client = client
        self._about: About | None = None
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self._add_identity()
        self.update_box = UpdateBox(client, theme, self)
        self.body.addWidget(self.update_box)
        self.add_section(self.tr("What Elephant is made of"))
        self.parts = PartsPanel(client, theme, self)
        self.body.addWidget(self.parts)
        self.add_section(self.tr("This copy"))
        self._add_copy()
        self.body.addStretch(1)
        theme.changed.connect(self._paint_icon)
        client.welcomed.connect(self._on_welcomed)

    def open(self) -> None:
        self._ask()

    def start_of_keys(self) -> QWidget | None:
        return self.copy_details if self.copy_details.isEnabled() else None

    # ---- which Elephant this is ------------------------------------------------------------------------------------------

    def _add_identity(self) -> None:
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._paint_icon()
        self.version = make_label("", wraps=True)
        self.built = make_label("", "small", wraps=True)
        self.system = make_label("", "small", wraps=True)
        self.copy_details = make_button(self.tr("Copy these details"))
        self.copy_details.setToolTip(
            self.tr("For a report of something that does not work. They hold nothing of yours.")
        )
        self.copy_details.setEnabled(False)
        self.licence = make_button(self.tr("Apache License 2.0"))
        self.licence.setAccessibleName(self.tr("Apache License 2.0: show the licence of Elephant"))
        self.licence.setEnabled(False)
        self.copied = make_label(self.tr("Copied"), "small")
        self.copied.hide()
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(make_label("Elephant", "title"))
        words.addWidget(self.version)
        words.addSpacing(4)
        words.addWidget(
            make_label(
                self.tr(
                    "A desktop assistant that never forgets your notes: it answers from them on this machine and shows the passage that "
                    "proves each answer."
                ),
                "reading",
                wraps=True,
            )
        )
        words.addSpacing(4)
        for label in (self.built, self.system):
            words.addWidget(label)
        buttons = FlowLayout(gap_x=8, gap_y=6)
        for widget in (self.copy_details, self.licence, self.copied):
            buttons.addWidget(widget)
        words.addSpacing(6)
        words.addLayout(buttons)
        card, layout = make_card()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        layout.addLayout(row)
        self.body.addWidget(card)
        self.copy_details.clicked.connect(self._on_copy)
        self.licence.clicked.connect(self._on_licence)

    def _paint_icon(self) -> None:
        icon = QIcon()
        for side in ICON_SIZES:
            icon.addFile(str(resource("icon", f"elephant-{side}.png")))
        side = self.theme.px(ICON_PX)
        self._icon.setPixmap(icon.pixmap(QSize(side, side), self.devicePixelRatioF()))

    def _on_copy(self) -> None:
        if self._about is not None:
            QGuiApplication.clipboard().setText(details(self._about))
            self.copied.show()
            announce(self.copied, self.copied.text())

    def _on_licence(self) -> None:
        own = self._own_key()
        if own:
            self.parts.choose(own)
            self.parts.open_licence()

    def _own_key(self) -> str:
        parts = self._about.parts if self._about is not None else ()
        return next((part.key for part in parts if part.kind is PartKind.PROGRAM and part.has_text), "")

    # ---- this copy -------------------------------------------------------------------------------------------------------

    def _add_copy(self) -> None:
        self.check = CopyCheckBox(self._client, self)
        self.bill_words = make_label("", "soft", wraps=True)
        self.bill = PathLabel("", "small", self)
        self.bill_sum = PathLabel("", "small", self)
        self.bill_sum.is_path = False
        self.show_bill = make_button(self.tr("Show the bill of materials"))
        row = QHBoxLayout()
        row.addWidget(self.show_bill)
        row.addStretch(1)
        card, layout = make_card()
        layout.addWidget(self.check)
        self.body.addWidget(card)
        card, layout = make_card()
        for widget in (self.bill_words, self.bill, self.bill_sum):
            layout.addWidget(widget)
        layout.addLayout(row)
        self.body.addWidget(card)
        self._show_places(is_there=False)
        self.show_bill.clicked.connect(self._on_show_bill)

    def _show_bill(self, about: About) -> None:
        self.bill_words.setText(
            self.tr(
                "The bill of materials names every part, also those inside others, for programs to read (CycloneDX). It lies here:"
            )
            if about.bill
            else self.tr(
                "No bill of materials came with this copy; the parts above are those that are installed for it."
            )
        )
        self.bill.show_path(about.bill)
        self.bill_sum.show_path(about.bill_sha256, before="SHA-256: ", every=HASH_GROUP)
        self._show_places(is_there=bool(about.bill))

    def _show_places(self, *, is_there: bool) -> None:
        places: tuple[QWidget, ...] = (self.bill, self.bill_sum, self.show_bill)
        for place in places:
            place.setVisible(is_there)

    def _on_show_bill(self) -> None:
        reveal(self.bill.path)

    # ---- answers ---------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self.copied.hide()
        self._client.request(GetAbout(), self._on_report, self._on_failed)

    def _on_welcomed(self) -> None:
        if self.isVisible() and self._about is None:
            self._ask()

    def _on_report(self, report: AboutReport) -> None:
        about = self._about = report.about
        self.trouble.hide()
        self.version.setText(version_line(about))
        self.built.setText(build_line(about))
        self.built.setVisible(bool(self.built.text()))
        self.system.setText(system_line(about))
        self.copy_details.setEnabled(True)
        self.licence.setEnabled(bool(self._own_key()))
        self.parts.show_parts(about.parts)
        self.check.show_about(about)
        self._show_bill(about)
        self.about_told.emit(about)

    def _on_failed(self, error: AssistantError) -> None:
        self.trouble.setText(error_words(error).as_text())
        self.trouble.show()
        announce(self.trouble, self.trouble.text())
