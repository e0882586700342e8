"""The right of the window: the cited note at the cited words.

Text for every format, drawn pages for PDF. What the engine sends is shown as it is now; when the note has changed since it was read,
or the words are gone from it, a line says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_hairline, make_label
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.common.theme import Theme
from assistant.desktop.source.source_ask import ChosenWords
from assistant.desktop.source.source_asked import note_source, other_passages, source_words, words_around
from assistant.desktop.source.source_below import SourceBelow
from assistant.desktop.source.source_find import FindBar
from assistant.desktop.source.source_finding import Finding
from assistant.desktop.source.source_head import SourceHead
from assistant.desktop.source.source_history import History, Source, Visit
from assistant.desktop.source.source_images import NoteImages
from assistant.desktop.source.source_links import NoteLinks, heading_place
from assistant.desktop.source.source_notices import failure_text, things_to_know
from assistant.desktop.source.source_opening import OwnProgram
from assistant.desktop.source.source_page_bar import PageBar
from assistant.desktop.source.source_pages import PageView
from assistant.desktop.source.source_paging import Paging
from assistant.desktop.source.source_view import SourceView
from assistant.desktop.source.source_ways import MouseWays, add_keys
from assistant.domain.answers import Passage
from assistant.domain.errors import AssistantError
from assistant.domain.reading import LinkPlace, leads_out
from assistant.ipc.engine_messages import OpenSource, SourceOpened

HEADING_SHARE = 0.04
"""A heading that a link leads to stands near the top, with some air above it."""
RELATED_FROM_PX = 480
"""A lower pane shows only the note: four rows below it would take half of the page."""


class SourcePane(QWidget):
    """Lives on the UI thread.

    Signals:
        closed(): the user closed the pane.
        chunks_asked(object): the passages of the note on screen, a Passage without a place, are to be shown as they are indexed.
        shown(object): the SourceOpened that is on screen now.
        failed(object): the AssistantError that is worded on screen now.
        ask_wanted(str, object): a question about chosen words, to be ended by the user, and the Passage that they are.
    """

    closed = Signal()
    chunks_asked = Signal(object)
    shown = Signal(object)
    failed = Signal(object)
    ask_wanted = Signal(str, object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._source: Source | None = None
        self._opened: SourceOpened | None = None
        self._request = 0
        self._passages: tuple[Passage, ...] = ()
        self._visit: Visit | None = None
        self.view = SourceView(theme, self)
        self.pages = PageView(client, theme, self)
        self.find_bar = FindBar(theme, self)
        self.related = SourceBelow(client, theme, self)
        self.history = History()
        self.links = NoteLinks(client, self)
        self._own_program = OwnProgram(self)
        self._images = NoteImages(client, self.view, self)
        self._build()
        self.paging = Paging(self._bar, self.view, self.pages, self._stack, self)
        self._finding = Finding(self.find_bar, self.view, self.pages, self.paging, self)
        self.chosen_words = ChosenWords(theme, self.view, self.pages, self)
        self._mouse = MouseWays((self.view.viewport(), self.pages.viewport(), self.pages.sheet), self)
        self._connect()
        self.clear()

    # ---- what the shell uses -----------------------------------------------------------------------------------------------

    def show_source(self, source: Source) -> None:
        """Open the note of a citation, a quote or a passage at its words."""
        self.visit(source)

    def visit(self, source: Source, heading: str = "") -> None:
        """Open a note as a new step on the way: what is open now can be gone back to, at its place."""
        self._remember_place()
        self.history.visit(source, heading)
        self._open_visit()

    def go(self, by: int) -> None:
        """Back (-1) or forward (1) through what was read."""
        self._remember_place()
        if self.history.go(by) is not None:
            self._open_visit()

    def set_passages(self, passages: Sequence[Passage]) -> None:
        """The passages of the answer that the next source belongs to."""
        self._passages = tuple(passages)
        self.related.show_passages(other_passages(self._source, self._passages))

    def forget_note(self, folder_id: int, note: str) -> None:
        """Nothing of it is kept: it is shown no more, and no way leads back to it."""
        shown = self._source
        if shown is not None and (shown.folder_id, shown.note) == (folder_id, note):
            self.clear()
        self.history.drop(folder_id, note)
        self._head.show_ways(back=self.history.can_go_back, forward=self.history.can_go_forward)

    def clear(self) -> None:
        """Show nothing, and forget the way."""
        self._remember_place()
        self._forget_request()
        self.links.forget()
        self.history.clear()
        self._source = self._visit = None
        self._set_opened(None)
        self._passages = ()
        self.related.forget()
        self.related.show_passages(())
        self.view.clear_document()
        self._head.crumbs.set_note("")
        self._head.show_ways(back=False, forward=False)
        self._head.show_note_actions(False)
        self._notice.hide()
        self._say(self.tr("Choose a citation to see its words in your note."))

    def message(self) -> str:
        """What is said instead of a note, or "" while one is shown."""
        return self._message.text() if self._stack.currentWidget() is self._message else ""

    def notice(self) -> str:
        return self._notice.text() if not self._notice.isHidden() else ""

    def breadcrumb(self) -> str:
        return self._head.crumbs.text()

    def page_text(self) -> str:
        return self._bar.text()

    # ---- layout ------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        px = self._theme.px
        self._head = SourceHead(self._theme, self)
        self._bar = PageBar(self._theme, self)
        self._mode = self._bar.mode
        self._notice = make_label("", "warn", wraps=True)
        self._notice.setContentsMargins(px(16), px(8), px(16), px(8))
        self._message = make_label("", "soft", wraps=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setContentsMargins(px(40), 0, px(40), 0)
        self._stack = QStackedWidget(self)
        for page in (self._message, self.view, self.pages):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(make_hairline(self))
        column.addWidget(self._bar)
        column.addWidget(self.find_bar)
        column.addWidget(self._notice)
        column.addWidget(self._stack, 1)
        column.addWidget(self.related)

    def _connect(self) -> None:
        head = self._head
        head.close_button.clicked.connect(self.closed)
        head.find_button.clicked.connect(self._on_find)
        head.open.clicked.connect(self._on_open)
        head.chunks.clicked.connect(self._on_chunks)
        head.back.clicked.connect(self._on_back)
        head.forward.clicked.connect(self._on_forward)
        self._own_program.said.connect(self._say_notice)
        self._mouse.gone.connect(self.go)
        self.related.chosen.connect(self.show_source)
        self.chosen_words.asked.connect(self._on_ask)
        self.links.known.connect(self._on_links_known)
        self.links.followed.connect(self._on_followed)
        self.links.failed.connect(self._say_notice)
        self.view.link_chosen.connect(self._on_link)
        self._theme.changed.connect(self._on_theme_changed)
        group = self.tr("Source")
        add_keys(self, group, QKeySequence(QKeySequence.StandardKey.Find), self.tr("Find in the note"), self._on_find)
        add_keys(self, group, QKeySequence("Alt+Left"), self.tr("Back"), self._on_back)
        add_keys(self, group, QKeySequence("Alt+Right"), self.tr("Forward"), self._on_forward)

    def _on_theme_changed(self) -> None:
        self._head.fit()
        self.view.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.related.set_room(event.size().height() >= self._theme.px(RELATED_FROM_PX))

    # ---- opening -----------------------------------------------------------------------------------------------------------

    def _remember_place(self) -> None:
        if self._opened is None or self._visit is None or self._stack.currentWidget() is self._message:
            return
        if self.paging.is_on_pages:
            self.history.remember(-1, self.pages.page, self.pages.place)
        else:
            self.history.remember(self.view.top_offset())

    def _open_visit(self) -> None:
        visit = self.history.current
        if visit is None:
            return
        self._visit, source = visit, visit.source
        self._source = source
        self._forget_request()
        self.links.forget()
        self.find_bar.close_bar()
        self._head.crumbs.set_note(source.note)
        self._head.show_ways(back=self.history.can_go_back, forward=self.history.can_go_forward)
        self.related.show_passages(other_passages(source, self._passages))
        around = words_around(source, self._passages)
        body = OpenSource(source.folder_id, source.note, source_words(source), source.start, source.end, around)
        self._request = self._client.request(body, self._on_opened, self._on_failed)

    def _forget_request(self) -> None:
        if self._request:
            self._client.forget(self._request)
            self._request = 0

    def _set_opened(self, opened: SourceOpened | None) -> None:
        self._opened = opened
        self._images.belong_to(opened)
        self._finding.search(opened.document if opened is not None else None)
        if opened is None:
            self.paging.forget()

    def _on_opened(self, event: object) -> None:
        self._request = 0
        if not isinstance(event, SourceOpened):
            return
        self._set_opened(event)
        self._head.crumbs.set_note(event.note)
        self._head.show_note_actions(True)
        asked = bool(self._source and source_words(self._source))
        said = things_to_know(event, was_asked_for_words=asked)
        self._notice.setText(said)
        self._notice.setVisible(bool(said))
        announce(self, said)
        self.view.setAccessibleName(self.tr("Note {name}").format(name=event.note))
        self._show_text_at_place(event)
        self.links.look_up(event)
        self.related.look_up(event)
        self.paging.show_note(event, self._visit)
        self.shown.emit(event)

    def _show_text_at_place(self, event: SourceOpened) -> None:
        """Where the note was left; else at the heading of the link that led here; else at the words."""
        visit = self._visit or Visit(note_source(event.folder_id, event.note))
        start, end = (event.start, event.end) if self._source is not None and source_words(self._source) else (-1, -1)
        if visit.offset >= 0:
            self.view.show_document(event.document, start, end, top=visit.offset)
            return
        self.view.show_document(event.document, start, end)
        if visit.heading:
            place = heading_place(event.document, visit.heading)
            if place is None:
                self._say_notice(self.tr("This note has no heading “{name}”.").format(name=visit.heading))
            else:
                self.view.show_document(event.document, start, end, top=place, share=HEADING_SHARE)

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self._set_opened(None)
        self._notice.hide()
        self.related.forget()
        self._head.show_note_actions(False)
        said = failure_text(error, source_words(self._source) if self._source is not None else "")
        self._say(said)
        announce(self, said)
        self.failed.emit(error)

    def _say_notice(self, text: str) -> None:
        self._notice.setText(text)
        self._notice.show()
        announce(self, text)

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._stack.setCurrentWidget(self._message)

    # ---- what the head, the keys and the note ask for ----------------------------------------------------------------------

    def _on_back(self) -> None:
        self.go(-1)

    def _on_forward(self) -> None:
        self.go(1)

    def _on_find(self) -> None:
        self._finding.open()

    def _on_open(self) -> None:
        if self._opened is not None:
            self._own_program.open(self._opened)

    def _on_chunks(self) -> None:
        opened = self._opened
        if opened is not None:
            note = Passage(opened.folder_id, opened.note, opened.note_path, opened.title, "", 0, 0, 0.0)
            self.chunks_asked.emit(note)

    def _on_ask(self, words: str) -> None:
        opened = self._opened
        if opened is None:
            return
        name = opened.note.rsplit("/", 1)[-1]
        question = self.tr("About “{words}” in {name}: ").format(words=words, name=name)
        passage = Passage(opened.folder_id, opened.note, opened.note_path, opened.title, words, 0, 0, 0.0)
        self.ask_wanted.emit(question, passage)

    def _on_link(self, target: str) -> None:
        if leads_out(target):
            LinkQuestion(self, target).open()
        else:
            self.links.follow(target)

    def _on_links_known(self) -> None:
        self.view.set_link_places(self.links.places)

    def _on_followed(self, place: LinkPlace) -> None:
        if place.note:
            self.visit(note_source(place.folder_id, place.note), place.heading)
        else:
            said = self.tr("This link leads to nothing: no note in your folders is called “{name}”.")
            self._say_notice(said.format(name=place.target))
