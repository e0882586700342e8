"""The shelf: which models are here, which one answers, and how to get others."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.page import Page, empty_layout, make_card
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, join, model_reason, size, translate
from assistant.desktop.models.pull_progress import PullBox
from assistant.desktop.models.starters import missing_starters
from assistant.domain.errors import AssistantError
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc.engine_messages import AddModel, Done, ListModels, ModelsListed, RemoveModel, UseModel


class ModelCard(QWidget):
    """One model of the shelf.

    Signals:
        use_asked(ShelfEntry), remove_asked(ShelfEntry): its buttons.
    """

    use_asked = Signal(object)
    remove_asked = Signal(object)

    def __init__(self, entry: ShelfEntry, pull: PullBox | None, *, in_use: bool, parent: QWidget | None = None) -> None:
        """pull: how it is got, if it can be."""
        super().__init__(parent)
        self._entry = entry
        card, layout = make_card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        head = QHBoxLayout()
        title = make_label(entry.title, "title", wraps=True)
        title.setMinimumWidth(1)  # a file's name may have no place to break it
        head.addWidget(title, 1)
        if in_use:
            head.addWidget(make_label(self.tr("In use"), "over"))
        layout.addLayout(head)
        layout.addWidget(make_label(self._facts(), "small", wraps=True))
        if entry.note:
            layout.addWidget(make_label(model_note(entry.note), "soft", wraps=True))
        if not entry.fits:
            layout.addWidget(
                make_label(self.tr("It needs more memory than this machine has free."), "warn", wraps=True)
            )
        self._add_actions(pull, layout, in_use)

    def _facts(self) -> str:
        entry = self._entry
        facts = [size(entry.size_bytes)] if entry.size_bytes else []
        if entry.memory_bytes:
            facts.append(self.tr("{size} of memory").format(size=size(entry.memory_bytes)))
        if entry.languages:
            facts.append(", ".join(entry.languages))
        facts += [word for word in (entry.licence,) if word]
        facts.append(self.tr("on this machine") if entry.installed else self.tr("not here yet"))
        return " · ".join(facts)

    def _add_actions(self, pull: PullBox | None, layout: QVBoxLayout, in_use: bool) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        if self._entry.installed and not in_use and self._entry.role is not ModelRole.RERANKER:
            self.use = make_button(self.tr("Use"))
            self.use.clicked.connect(self._on_use)
            row.addWidget(self.use)
        is_here = self._entry.installed or self._entry.is_user  # one that cannot be used must not stay for ever
        if is_here and (not in_use or self._entry.role is ModelRole.RERANKER):  # none is needed
            remove = make_button(self.tr("Remove…"), "link")
            remove.clicked.connect(self._on_remove)
            row.addWidget(remove)
        if pull is not None:
            row.addWidget(pull)
            pull.show()
        if row.count():
            row.addStretch(1)
            layout.addLayout(row)

    def _on_use(self) -> None:
        self.use_asked.emit(self._entry)

    def _on_remove(self) -> None:
        self.remove_asked.emit(self._entry)


class ModelsPage(Page):
    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("ModelsPage", "Models"), parent)
        self._client = client
        self._removing = self._choosing = ""
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
        self.starter = PullBox(client, "starter", self.tr("Get the starter models"), self)
        self.starter.pulled.connect(self._on_listed)
        self.starter.hide()
        self.body.addWidget(self.starter)
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self._shelf = QVBoxLayout()
        self._shelf.setSpacing(10)
        self.body.addLayout(self._shelf)
        add = make_button(self.tr("Add a model file…"))
        add.clicked.connect(self._on_add)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addWidget(make_label(self.tr("Any GGUF file; you can also drop it on the window."), "small", wraps=True), 1)
        self.body.addSpacing(8)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def open(self) -> None:
        self._client.request(ListModels(), self._on_listed, self._on_failed)

    def add_file(self, path: str) -> None:
        """Put a GGUF file on the shelf."""
        self._say(self.tr("Checking the file…"))
        self._client.request(AddModel(path), self._on_listed, self._on_failed)

    def _on_add(self) -> None:
        dialog = QFileDialog(self, self.tr("Add a model file"), "", self.tr("Models (*.gguf)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()

    def _on_listed(self, listed: ModelsListed) -> None:
        self._say("")
        self.starter.setVisible(bool(missing_starters(listed.entries)) or self.starter.is_busy)
        self._take_pulls_out(listed)
        empty_layout(self._shelf)
        self._add_role(self.tr("Writing answers"), ModelRole.CHAT, listed)
        self._add_role(self.tr("Finding by meaning"), ModelRole.EMBEDDER, listed)
        self._add_role(self.tr("Putting the best passages first"), ModelRole.RERANKER, listed)

    def _take_pulls_out(self, listed: ModelsListed) -> None:
        """The cards are made anew; what is being fetched goes on in sight, with its way to stop it."""
        wanted = {entry.name for entry in listed.entries if _can_be_got(entry)}
        for name, pull in tuple(self._pulls.items()):
            pull.setParent(self)
            if name not in wanted:
                del self._pulls[name]
                pull.deleteLater()
        for name in wanted - set(self._pulls):
            self._pulls[name] = pull = PullBox(self._client, name, translate("ModelCard", "Get it"), self)
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
            card = ModelCard(entry, self._pulls.get(entry.name), in_use=entry.name in used)
            card.use_asked.connect(self._on_use)
            card.remove_asked.connect(self._on_remove_asked)
            self._shelf.addWidget(card)

    def _on_use(self, entry: ShelfEntry) -> None:
        if entry.role is ModelRole.EMBEDDER:
            self._choosing = entry.name
            question = Question(
                self,
                self.tr("Find by {title} from now on?").format(title=entry.title),
                self.tr(
                    "Every note is read once more for it, which takes as long as the first time. Until that is done, search goes on "
                    "as before, and you can change your mind."
                ),
                self.tr("Use it"),
            )
            question.agreed.connect(self._use_chosen)
            question.open()
            return
        self._client.request(UseModel(entry.name), self._on_changed, self._on_failed)

    def _use_chosen(self) -> None:
        self._client.request(UseModel(self._choosing), self._on_changed, self._on_failed)

    def _on_remove_asked(self, entry: ShelfEntry) -> None:
        self._removing = entry.name
        question = Question(
            self,
            self.tr("Remove {title}?").format(title=entry.title),
            _what_removing_does(entry),
            self.tr("Remove"),
        )
        question.agreed.connect(self._remove)
        question.open()

    def _remove(self) -> None:
        self._client.request(RemoveModel(self._removing), self._on_changed, self._on_failed)

    def _on_changed(self, _done: Done) -> None:
        self.open()

    def _on_failed(self, error: AssistantError) -> None:
        self._say(error_words(error).as_text())

    def _say(self, words: str) -> None:
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))


def _what_removing_does(entry: ShelfEntry) -> str:
    if entry.is_elsewhere:
        return translate("ModelsPage", "Elephant forgets it. Its file stays where it is: {path}").format(
            path=entry.file
        )
    return translate("ModelsPage", "Its file ({size}) is deleted from the models folder.").format(
        size=size(entry.size_bytes)
    )


def model_note(note: str) -> str:
    """What a model's note says: a sentence as it is, a code in words."""
    if " " in note:
        return note
    return join(*(model_reason(note) or (translate("ModelsPage", "This file cannot be used as a model."),)))


def _can_be_got(entry: ShelfEntry) -> bool:
    return not entry.installed and (entry.is_starter or entry.source.startswith("http"))


def _installed_first(entry: ShelfEntry) -> tuple[bool, int]:
    return not entry.installed, entry.size_bytes
