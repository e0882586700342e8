"""The pages that may stand in the chat's place. Each is made when it is first wanted: the window opens sooner without them."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.page import Page
from assistant.desktop.common.theme import Theme
from assistant.desktop.library.chunks_page import ChunksPage
from assistant.desktop.library.library_page import LibraryPage
from assistant.desktop.models.downloads import Downloads
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.settings.about_page import AboutPage
from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.desktop.settings.settings_page import SettingsPage

NAMED = ("models_page", "settings_page", "privacy_page", "library_page", "about_page")
"""Those that can be shown again by their name alone."""


class Pages(QObject):
    """Makes the pages, whose parent is the window, and passes on what they say.

    Signals:
        models_asked, privacy_asked, library_asked, about_asked: one page leads to another.
        settings_changed(Settings): what counts now.
        source_asked(Passage): a note is to be shown. passage_marked(Passage): the same, where there is room beside the page.
        chunks_asked(Passage): a note's passages are to be shown. ask_asked(Passage): a question about a note is to be begun.
        backups_asked, export_asked, folder_wanted: what the user wants done.
        key_asked_again: the desktop is to be asked once more for the key for the quick question.
        failed(str): why something could not be done, in words. forgotten(Passage, int): a note is, with so many answers.
    """

    models_asked = Signal()
    privacy_asked = Signal()
    library_asked = Signal()
    about_asked = Signal()
    settings_changed = Signal(object)
    source_asked = Signal(object)
    passage_marked = Signal(object)
    chunks_asked = Signal(object)
    ask_asked = Signal(object)
    backups_asked = Signal()
    export_asked = Signal()
    folder_wanted = Signal()
    key_asked_again = Signal()
    failed = Signal(str)
    forgotten = Signal(object, int)

    def __init__(self, client: EngineClient, theme: Theme, window: QWidget, downloads: Downloads) -> None:
        super().__init__(window)
        self._downloads = downloads
        self._window = window
        self._client = client
        self._theme = theme
        self._key_state = (KeyState.OFF, "")

    def name_of(self, page: QWidget | None) -> str:
        """ "" for what is none of those that have a name."""
        return next((name for name in NAMED if page is not None and self.__dict__.get(name) is page), "")

    def named(self, name: str) -> Page:
        page: Page = getattr(self, name)
        return page

    def show_key_state(self, state: KeyState, given: str = "") -> None:
        """How the key for the quick question stands. given: the key, in the desktop's words, where that has chosen it."""
        self._key_state = (state, given)
        if "settings_page" in self.__dict__:
            self.settings_page.show_key_state(state, given)

    def made_settings_page(self) -> SettingsPage:
        return self.settings_page

    @cached_property
    def models_page(self) -> ModelsPage:
        return ModelsPage(self._client, self._theme, self._window, downloads=self._downloads)

    @cached_property
    def settings_page(self) -> SettingsPage:
        page = SettingsPage(self._client, self._theme, self._window)
        page.settings_changed.connect(self.settings_changed)
        page.models_asked.connect(self.models_asked)
        page.privacy_asked.connect(self.privacy_asked)
        page.about_asked.connect(self.about_asked)
        page.folder_wanted.connect(self.folder_wanted)
        page.key_asked_again.connect(self.key_asked_again)
        page.show_key_state(*self._key_state)
        return page

    @cached_property
    def privacy_page(self) -> PrivacyPage:
        return PrivacyPage(self._client, self._theme, self._window)

    @cached_property
    def about_page(self) -> AboutPage:
        return AboutPage(self._client, self._theme, self._window)

    @cached_property
    def library_page(self) -> LibraryPage:
        page = LibraryPage(self._client, self._theme, self._window)
        page.note_chosen.connect(self.source_asked)
        page.chunks_asked.connect(self.chunks_asked)
        page.backups_asked.connect(self.backups_asked)
        page.export_asked.connect(self.export_asked)
        page.ask_asked.connect(self.ask_asked)
        page.failed.connect(self.failed)
        page.forgotten.connect(self.forgotten)
        return page

    @cached_property
    def chunks_page(self) -> ChunksPage:
        page = ChunksPage(self._client, self._theme, self._window)
        page.passage_marked.connect(self.passage_marked)
        page.passage_chosen.connect(self.source_asked)
        page.library_asked.connect(self.library_asked)
        return page
