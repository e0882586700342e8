"""The shelf: which models are here, which one answers, and how to get, add, compare and take away others."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.choosing_models import embedder_question, not_used_words, writes_now_words
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.dialogs import Question, make_file_dialog
from assistant.desktop.common.page import Page, empty_layout
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, size, translate
from assistant.desktop.models.adding_model import AddBox
from assistant.desktop.models.downloads import STARTER, Downloads
from assistant.desktop.models.mirror_row import MirrorRow
from assistant.desktop.models.model_card import CardState, ModelCard, fitting_label
from assistant.desktop.models.model_words import disk_line, removal_words
from assistant.desktop.models.pull_progress import PullBox
from assistant.desktop.models.side_by_side import SideBySide
from assistant.desktop.models.starters import missing_starters
from assistant.domain.errors import AssistantError, Cancelled
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc.engine_messages import Done, ListModels, ModelsListed, RemoveModel, UseModel


class ModelsPage(Page):
    def __init__(
        self, client: EngineClient, theme: Theme, parent: QWidget | None = None, *, downloads: Downloads | None = None
    ) -> None:
        """downloads: those of the whole window; without it the page has its own."""
        super().__init__(theme, translate("ModelsPage", "Models"), parent)
        self._client = client
        self._downloads = downloads or Downloads(client, self)
        self._listed: ModelsListed | None = None
        self._removing: ShelfEntry | None = None
        self._choosing: ShelfEntry | None = None
        self._use_id = 0
        self._troubles: dict[str, str] = {}
        self._pulls: dict[str, PullBox] = {}
        self.body.addWidget(
            make_label(
                self.tr(
                    "Everything is computed on this machine. A larger model writes better and needs more memory and time."
                ),
                "soft",
                wraps=True,
            )
        )
        self.starter = PullBox(self._downloads.of(STARTER), self.tr("Get the starter models"), self)
        self.starter.pulled.connect(self._on_listed)
        self.starter.hide()
        self.body.addWidget(self.starter)
        self.trouble = make_label("", "warn", wraps=True)
        self.news = make_label("", "small", wraps=True)
        for label in (self.trouble, self.news):
            label.hide()
            self.body.addWidget(label)
        self._add_adding()
        self._shelf = QVBoxLayout()
        self._shelf.setSpacing(10)
        self.body.addLayout(self._shelf)
        self.disk = fitting_label("", "small")
        self.body.addWidget(self.disk)
        self.mirror = MirrorRow(client, self)
        self.body.addWidget(self.mirror)
        self.body.addStretch(1)

    def _add_adding(self) -> None:
        self.add_button = make_button(self.tr("Add a model file…"))
        self.add_button.clicked.connect(self._on_add)
        self.compare_button = make_button(self.tr("Try two on one question…"))
        self.compare_button.clicked.connect(self._on_compare)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add_button)
        row.addWidget(self.compare_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(
            make_label(self.tr("Any GGUF file; you can also drop it on the window."), "small", wraps=True)
        )
        self.adding = AddBox(self._client, self)
        self.adding.added.connect(self._on_added)
        self.adding.known.connect(self._on_known)
        self.adding.failed.connect(self._on_not_added)
        self.body.addWidget(self.adding)

    def open(self) -> None:
        self._client.request(ListModels(), self._on_listed, self._on_failed)

    def add_file(self, path: str) -> None:
        """Put a GGUF file on the shelf, once it is known what it is and the user has said how."""
        self._warn("")
        self._tell("")
        self.adding.look_at(path)

    # ---- adding ----------------------------------------------------------------------------------------------------------

    def _on_add(self) -> None:
        dialog = make_file_dialog(self, self.tr("Add a model file"), "", self.tr("Models (*.gguf)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()

    def _on_not_added(self, words: str) -> None:
        """Of several files each says why, and those that were added stay told."""
        _add_line(self.trouble, words)

    def _on_added(self, listed: ModelsListed) -> None:
        self._show_listed(listed)
        entry = self._entry(listed.added)
        if entry is not None:
            self._troubles.pop(entry.name, None)
            _add_line(self.news, self.tr("{title} is on the shelf now.").format(title=entry.title))

    def _on_known(self, name: str) -> None:
        entry = self._entry(name)
        if entry is not None and self.adding.is_same_file(entry):
            self.adding.add(copy=False)  # so that one that once failed to load may be tried again
            return
        title = entry.title if entry is not None else name
        words = self.tr("This model is on the shelf already, as {title}. Nothing was added.")
        _add_line(self.news, words.format(title=title))

    # ---- the cards -------------------------------------------------------------------------------------------------------

    def _on_listed(self, listed: ModelsListed) -> None:
        self._warn("")
        self._show_listed(listed)

    def _show_listed(self, listed: ModelsListed) -> None:
        self._listed = listed
        missing = missing_starters(listed.entries)
        self.starter.setVisible(bool(missing) or self.starter.is_busy)
        self.compare_button.setVisible(len(_chat_models(listed)) > 1)
        self.mirror.show_address(listed.mirror)
        self.disk.setText(disk_line(listed))
        self._show_cards()

    def _show_cards(self) -> None:
        listed = self._listed
        if listed is None:
            return
        focused = self._focused_button()
        self._take_pulls_out(listed)
        empty_layout(self._shelf)
        self._add_role(self.tr("Writing answers"), ModelRole.CHAT, listed)
        self._add_role(self.tr("Finding by meaning"), ModelRole.EMBEDDER, listed)
        self._add_role(self.tr("Putting the best passages first"), ModelRole.RERANKER, listed)
        self._focus_again(focused)

    def _take_pulls_out(self, listed: ModelsListed) -> None:
        """The cards are made anew; what is being fetched goes on in sight, with its way to stop it."""
        wanted = {entry.name for entry in listed.entries if _can_be_got(entry)}
        for name, pull in tuple(self._pulls.items()):
            pull.setParent(self)
            if name not in wanted:
                del self._pulls[name]
                pull.deleteLater()
        for name in wanted - self._pulls.keys():
            self._pulls[name] = pull = PullBox(self._downloads.of(name), translate("ModelCard", "Get it"), self)
            pull.hide()
            pull.pulled.connect(self._on_listed)

    def _add_role(self, title: str, role: ModelRole, listed: ModelsListed) -> None:
        entries = [entry for entry in listed.entries if entry.role is role]
        if not entries:
            return
        label = make_label(title, "section")
        label.setContentsMargins(0, 12, 0, 0)
        self._shelf.addWidget(label)
        used = {listed.chat_model, listed.embedder, listed.reranker}
        for entry in sorted(entries, key=_installed_first):
            state = CardState(
                in_use=entry.name in used,
                is_loading=bool(self._use_id) and self._choosing is not None and self._choosing.name == entry.name,
                trouble=self._troubles.get(entry.name, ""),
                pull=self._pulls.get(entry.name),
            )
            card = ModelCard(entry, listed, state)
            card.use_asked.connect(self._on_use)
            card.remove_asked.connect(self._on_remove_asked)
            card.stop_asked.connect(self._on_stop_loading)
            self._shelf.addWidget(card)

    def _focused_button(self) -> tuple[str, str] | None:
        """Of which card, and which one: the cards are made anew under the user's hands."""
        for card in self.findChildren(ModelCard):
            for button in card.findChildren(QPushButton):
                if button.hasFocus():
                    return card.entry.name, button.text()
        return None

    def _focus_again(self, focused: tuple[str, str] | None) -> None:
        if focused is None:
            return
        name, text = focused
        for place in range(self._shelf.count()):
            item = self._shelf.itemAt(place)
            card = item.widget() if item is not None else None
            if isinstance(card, ModelCard) and card.entry.name == name:
                buttons = card.findChildren(QPushButton)
                best = next((button for button in buttons if button.text() == text), buttons[0] if buttons else None)
                if best is not None:
                    best.setFocus()

    def _entry(self, name: str) -> ShelfEntry | None:
        entries = self._listed.entries if self._listed is not None else ()
        return next((entry for entry in entries if entry.name == name), None)

    # ---- choosing --------------------------------------------------------------------------------------------------------

    def _on_use(self, entry: ShelfEntry) -> None:
        if self._use_id:
            return
        self._choosing = entry
        if entry.role is ModelRole.EMBEDDER:
            question = embedder_question(self, entry.title)
            question.agreed.connect(self._use_chosen)
            question.open()
            return
        self._use_chosen()

    def use(self, name: str) -> None:
        """Put a chat model to use, by its name on the shelf."""
        entry = self._entry(name)
        if entry is not None:
            self._on_use(entry)

    def _use_chosen(self) -> None:
        if self._choosing is None:
            return
        self._warn("")
        self._troubles.pop(self._choosing.name, None)
        self._use_id = self._client.request(UseModel(self._choosing.name), self._on_used, self._on_not_used)
        self._show_cards()

    def _on_stop_loading(self) -> None:
        self._client.cancel(self._use_id)

    def _on_used(self, _done: Done) -> None:
        self._use_id = 0
        if self._choosing is not None and self._choosing.role is ModelRole.CHAT:
            self._tell(writes_now_words(self._choosing.title))
        self.open()

    def _on_not_used(self, error: AssistantError) -> None:
        self._use_id = 0
        if self._choosing is not None and not isinstance(error, Cancelled):
            self._troubles[self._choosing.name] = not_used_words(error)
        self._show_cards()

    # ---- taking away -----------------------------------------------------------------------------------------------------

    def _on_remove_asked(self, entry: ShelfEntry) -> None:
        if self._listed is None:
            return
        self._removing = entry
        question = Question(
            self,
            self.tr("Remove {title}?").format(title=entry.title),
            removal_words(entry, self._listed),
            self.tr("Remove"),
        )
        question.agreed.connect(self._remove)
        question.open()

    def _remove(self) -> None:
        if self._removing is not None:
            self._client.request(RemoveModel(self._removing.name), self._on_removed, self._on_failed)

    def _on_removed(self, listed: ModelsListed) -> None:
        self._on_listed(listed)
        gone = self._removing
        if gone is not None and gone.is_elsewhere:
            self._tell(self.tr("{title} is off the shelf. Its file is where it was.").format(title=gone.title))
        elif gone is not None:
            words = self.tr("{title} is off the shelf; {size} came free.")
            self._tell(words.format(title=gone.title, size=size(gone.size_bytes)))

    # ---- side by side ----------------------------------------------------------------------------------------------------

    def _on_compare(self) -> None:
        if self._listed is None:
            return
        dialog = SideBySide(self._client, self.theme, _chat_models(self._listed), self._listed.chat_model, self)
        dialog.use_asked.connect(self.use)
        dialog.open()

    # ---- words -----------------------------------------------------------------------------------------------------------

    def _on_failed(self, error: AssistantError) -> None:
        self._warn(error_words(error).as_text())

    def _warn(self, words: str) -> None:
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))
        announce(self.trouble, words)
        if words:
            self._tell("")

    def _tell(self, words: str) -> None:
        self.news.setText(words)
        self.news.setVisible(bool(words))
        announce(self.news, words)


def _add_line(label: QLabel, words: str) -> None:
    before = label.text()
    label.setText(f"{before}\n{words}" if before else words)
    label.show()


def _chat_models(listed: ModelsListed) -> tuple[ShelfEntry, ...]:
    return tuple(entry for entry in listed.entries if entry.role is ModelRole.CHAT and entry.installed)


def _can_be_got(entry: ShelfEntry) -> bool:
    return not entry.installed and not entry.is_user and (entry.is_starter or entry.source.startswith("http"))


def _installed_first(entry: ShelfEntry) -> tuple[bool, int]:
    return not entry.installed, entry.size_bytes
