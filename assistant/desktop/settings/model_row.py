"""Which model is in use, and another in its place: only after that one has been loaded once, as on the models' own page."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.choosing_models import embedder_question, not_used_words, writes_now_words
from assistant.desktop.common.controls import make_button
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate
from assistant.desktop.settings.setting_row import SettingRow
from assistant.desktop.settings.settings_controls import ChoiceControl
from assistant.domain.errors import AssistantError, Cancelled
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc.engine_messages import Done, ListModels, ModelChanged, ModelsListed, UseModel


class ModelRow(SettingRow):
    """Owns the request that is under way. What the box shows is what is in use, but while another is being loaded."""

    def __init__(
        self, client: EngineClient, theme: Theme, role: ModelRole, key: str, texts: tuple[str, str, str]
    ) -> None:
        control = ChoiceControl(theme, ())
        super().__init__(theme, key, texts, control)
        self.box = control
        self._client = client
        self._role = role
        self._entries: tuple[ShelfEntry, ...] = ()
        self._in_use = ""
        self._wanted: ShelfEntry | None = None
        self._request = 0
        self.stop = make_button(translate("ModelCard", "Stop"), "link", parent=self)
        self.stop.setAccessibleName(translate("SettingsPage", "Stop loading the model"))
        self.stop.hide()
        self.stop.clicked.connect(self._on_stop)
        self.below.addWidget(self.stop)
        control.chosen.connect(self._on_chosen)
        client.noticed.connect(self._on_noticed)
        self._fill()

    def ask(self) -> None:
        """Have the shelf told anew."""
        self._client.request(ListModels(), self._on_listed)

    def _on_listed(self, listed: ModelsListed) -> None:
        self._entries = tuple(entry for entry in listed.entries if entry.role is self._role and entry.installed)
        self._in_use = listed.chat_model if self._role is ModelRole.CHAT else listed.embedder
        if not self._request:
            self._fill()

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, ModelChanged) and self.isVisible():
            self.ask()

    def _fill(self) -> None:
        with QSignalBlocker(self.box):
            self.box.clear()
            for entry in self._entries:
                self.box.addItem(entry.title, entry.name)
            if not self._entries:
                self.box.addItem(translate("SettingsPage", "No model yet"), "")
            self.box.setCurrentIndex(max(0, self.box.findData(self._in_use)))
        self.box.setEnabled(len(self._entries) > 1 and not self._request)

    # ---- another in its place --------------------------------------------------------------------------------------------

    def _on_chosen(self, name: str) -> None:
        self._wanted = next((entry for entry in self._entries if entry.name == name), None)
        if self._wanted is None or name == self._in_use:
            return
        if self._role is not ModelRole.EMBEDDER:
            self._use()
            return
        question = embedder_question(self.window(), self._wanted.title)
        question.agreed.connect(self._use)
        question.rejected.connect(self._fill)
        question.open()

    def _use(self) -> None:
        if self._wanted is None:
            return
        self.say(translate("ModelCard", "Loading it to see whether it works…"))
        self._request = self._client.request(UseModel(self._wanted.name), self._on_used, self._on_not_used)
        had_keys = self.box.hasFocus()
        self.stop.show()
        if had_keys:
            self.stop.setFocus()
        self.box.setEnabled(False)

    def _on_stop(self) -> None:
        self._client.cancel(self._request)

    def _on_used(self, _done: Done) -> None:
        self._end()
        if self._wanted is not None and self._role is ModelRole.CHAT:
            self.say(writes_now_words(self._wanted.title))
        self.ask()

    def _on_not_used(self, error: AssistantError) -> None:
        self._end()
        if not isinstance(error, Cancelled):
            self.say(not_used_words(error), "warn")

    def _end(self) -> None:
        """The box shows again what is in use; the keys that were on the stop button go to it."""
        had_keys = self.stop.hasFocus()
        self._request = 0
        self.stop.hide()
        self.say("")
        self._fill()
        if had_keys:
            self.box.setFocus()
