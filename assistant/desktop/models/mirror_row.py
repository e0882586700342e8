"""Where models are fetched from: the places on the shelf's list, or a mirror for those who cannot reach them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.words import error_words
from assistant.domain.addresses import why_bad_mirror
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import ChangeSettings, SettingsReport


class MirrorRow(QWidget):
    """Nothing is asked of any address by setting it; it is used when a model is fetched."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._saved = ""
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("https://")
        self.field.setAccessibleName(self.tr("Mirror to fetch models from"))
        self.save = make_button(self.tr("Save"))
        self.save.setEnabled(False)
        self.words = make_label("", "small", wraps=True)
        title = make_label(self.tr("Mirror to fetch models from"), "section")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(title)
        layout.addLayout(row)
        layout.addWidget(self.words)
        self.field.textEdited.connect(self._on_edited)
        self.field.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)
        self._explain()

    def show_address(self, address: str) -> None:
        """The one that counts; what is being typed is left alone."""
        self._saved = address
        if not self.save.isEnabled():
            self.field.setText(address)
            self._explain()

    def _on_edited(self, _text: str) -> None:
        self.save.setEnabled(self._typed != self._saved)
        self._explain()

    @property
    def _typed(self) -> str:
        return self.field.text().strip()

    def _on_save(self) -> None:
        if self._typed == self._saved:
            return
        if why_bad_mirror(self._typed):
            self._say(
                self.tr("This address cannot be used. It begins with https:// and holds no name and no password."),
                "warn",
            )
            return
        self._client.request(ChangeSettings({"model_mirror": self._typed}), self._on_saved, self._on_failed)

    def _on_saved(self, report: object) -> None:
        if isinstance(report, SettingsReport):
            self._saved = report.settings.model_mirror
            self.field.setText(self._saved)
            self.save.setEnabled(False)
            self._explain()

    def _on_failed(self, error: AssistantError) -> None:
        self._say(error_words(error).as_text(), "warn")

    def _explain(self) -> None:
        if self._saved and self._typed == self._saved:
            self._say(self.tr("Models are looked for at this mirror first. Whatever comes is checked by its checksum."))
        else:
            self._say(
                self.tr(
                    "Only needed where downloads do not get through. Nothing is fetched unless you ask for a model."
                )
            )

    def _say(self, words: str, role: str = "small") -> None:
        self.words.setText(words)
        if role == "warn":
            announce(self, words)
        if self.words.property("role") != role:
            self.words.setProperty("role", role)
            self.words.style().unpolish(self.words)
            self.words.style().polish(self.words)
