"""The middle of the window: a conversation, the answer being made, and the input.

Turns the events of an Ask into what `chat_turn` shows. Knows the engine only as the client; words of errors come from `words`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.chat.asking import Asking
from assistant.desktop.chat.chat_column import SIDE, TEXT_WIDTH, ChatColumn
from assistant.desktop.chat.chat_empty import EmptyChat
from assistant.desktop.chat.chat_header import ChatHeader
from assistant.desktop.chat.chat_lines import EditingLine, NoModelLine
from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.chat.composer import PADDING, Composer
from assistant.desktop.chat.drafts import Drafts
from assistant.desktop.chat.follow_ups import FollowUps
from assistant.desktop.chat.mentions import Mentions
from assistant.desktop.chat.question_editing import QuestionEditing
from assistant.desktop.chat.saving import SavingAnswer
from assistant.desktop.chat.scope_chip import EVERYTHING
from assistant.desktop.chat.suggesting import Suggesting
from assistant.desktop.chat.turn_fetching import TurnFetching
from assistant.desktop.chat.turn_order import PAGE_TURNS
from assistant.desktop.client.chat_news import replaces_chats
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_label
from assistant.desktop.common.dragged_notes import DraggedPlace
from assistant.desktop.common.links import LinkQuestion
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words
from assistant.domain.answers import Citation, Conversation, InstantQuote, Passage, Turn, TurnState
from assistant.domain.errors import AssistantError
from assistant.domain.library import FolderInfo, LibraryCounts
from assistant.ipc.engine_messages import (
    Answered,
    Ask,
    ChooseBranch,
    ConversationOpened,
    DraftFound,
    GetDraft,
    OpenConversation,
    SetFeedback,
    SourceOpened,
)


class ChatPane(QWidget):
    """Lives on the UI thread.

    Signals:
        source_requested(object): open the note of a Citation, InstantQuote or Passage.
        passages_changed(object): before it, the tuple of passages of that answer.
        title_changed(str), conversation_changed(int): of the conversation shown; "" and 0 for a new one.
        stopped(): an answer that was being made has ended, however it ended.
        draft_changed(str): the question that is being written.
        failed(str): something could not be done, in words; no turn tells it.
        model_chosen(), folder_wanted(): the user asks for the models page, or to add a folder.
    """

    source_requested = Signal(object)
    passages_changed = Signal(object)
    title_changed = Signal(str)
    conversation_changed = Signal(int)
    stopped = Signal()
    draft_changed = Signal(str)
    failed = Signal(str)
    model_chosen = Signal()
    folder_wanted = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._conversation_id = 0
        self._opening = 0
        self._expected = 0
        self._foreign_turn = 0
        self._branching: TurnView | None = None
        self._found_turn = 0
        self._places: dict[int, tuple[int, int]] = {}
        self._counts = LibraryCounts()
        self._has_folders = False
        self.header = ChatHeader(theme, self)
        self.column = ChatColumn(theme, self)
        self.fetching = TurnFetching(client, self.column, self)
        self.empty = EmptyChat(theme, self)
        self.composer = Composer(theme, self)
        self.drafts = Drafts(client, self)
        self.follow_ups = FollowUps(theme, self)
        self.column.set_foot(self.follow_ups)
        self.asking = Asking(client, self.column, self.composer, self)
        self.suggesting = Suggesting(client, self.empty, self.follow_ups, self._is_busy, self)
        self._no_model = NoModelLine(theme, self)
        editing_line = EditingLine(theme, self)
        self.editing = QuestionEditing(self.composer, editing_line)
        self.saving = SavingAnswer(client, self)
        self.mentions = Mentions(client, theme, self.composer.edit, self.composer)
        self._lay_out(editing_line)
        self._connect(editing_line)
        self._no_model.hide()
        self._show_empty()
        if client.is_ready:
            self._ask_for_draft()

    # ---- what the shell uses -----------------------------------------------------------------------------------------------

    @property
    def conversation_id(self) -> int:
        return self._conversation_id

    @property
    def is_answering(self) -> bool:
        return self.asking.live is not None

    def expect(self, conversation_id: int) -> None:
        """Until the engine is there: what is typed is meant for this conversation, which is opened then. 0: for a new one after all."""
        if conversation_id == self._expected:
            return
        if self._expected:
            self.drafts.move(self._expected, conversation_id)
        self._expected = conversation_id
        if not self._conversation_id:
            self.header.title.set_text("" if conversation_id else self.tr("New chat"))

    def new_chat(self) -> None:
        """Begin a conversation; an answer under way goes on and is kept."""
        self._forget_opening()
        self.expect(0)
        self._leave()
        self._set_conversation(0, "")
        self._arrive()
        self._show_empty()
        self._suggest()
        self.focus_question()

    def open_conversation(self, conversation_id: int, at_turn: int = 0) -> None:
        """Show a conversation. The one that is shown already stays as it is, at its place. at_turn: show this turn of it."""
        self._forget_opening()
        if at_turn and self.asking.live is None:
            self._found_turn = at_turn
            self._opening = self._client.request(
                ChooseBranch(at_turn, PAGE_TURNS), self._on_opened, self._on_open_failed
            )
        elif conversation_id != self._conversation_id or self._foreign_turn:
            self._open(conversation_id)

    def open_again(self) -> None:
        """Show the conversation anew: what it holds has changed."""
        self._forget_opening()
        if self._conversation_id:
            self._open(self._conversation_id)

    def _open(self, conversation_id: int) -> None:
        if conversation_id == self._conversation_id:
            self._keep_place()
        at_turn, _ = self._places.get(conversation_id, (0, 0))
        self._opening = self._client.request(
            OpenConversation(conversation_id, PAGE_TURNS, at_turn), self._on_opened, self._on_open_failed
        )

    def set_library_state(self, counts: LibraryCounts, folders: Sequence[FolderInfo]) -> None:
        self._counts, self._has_folders = counts, bool(folders)
        self.header.set_folders(folders)
        self.empty.set_library(counts.notes, has_folders=bool(folders))
        self._suggest()

    def set_model(self, name: str, title: str, place: str = "") -> None:
        self.header.set_model(name, title, place)
        self._no_model.setVisible(not name)

    def focus_question(self) -> None:
        self.composer.edit.setFocus()

    def ask(self, text: str) -> None:
        """Ask a question in the conversation shown. While an answer is being made it goes to the input instead, to be sent later."""
        text = text.strip()
        if text and self.asking.live is not None:
            self._keep(text, self.tr("An answer is still being written. Send your question when it is done."))
            self.focus_question()
        elif text:
            self._forget_opening()
            self._start(text, self.editing.replaced)

    def stop(self) -> None:
        """Stop the answer being made; what is written stays."""
        self.asking.stop()

    def _keep(self, question: str, why: str) -> None:
        """Put a question that is not asked now into the input, below what is written there, and say why."""
        draft = self.draft().rstrip()
        if not draft.endswith(question):
            self.set_draft(f"{draft}\n{question}" if draft else question)
        self._kept.setText(why)
        self._kept.show()
        self._announce(why)

    def take_over(self, other: ChatPane) -> None:
        """Go on where another pane was, whose window this one's takes the place of. Its conversation and draft come with the session."""
        other._keep_place()
        self._places = dict(other._places)
        self.header.scope.take_over(other.header.scope)

    def draft(self) -> str:
        return self.composer.draft()

    def set_draft(self, text: str) -> None:
        self.composer.set_draft(text)

    # ---- layout ------------------------------------------------------------------------------------------------------------

    def _lay_out(self, editing_line: QWidget) -> None:
        px = self._theme.px
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.column)
        self._kept = make_label("", "small", wraps=True, parent=self)
        self._kept.setContentsMargins(px(PADDING), 0, px(PADDING), px(2))
        self._kept.hide()
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(px(12), 0, px(12), px(12))
        self._foot.setSpacing(px(4))
        self._foot.addWidget(self._no_model)
        self._foot.addWidget(editing_line)
        self._foot.addWidget(self._kept)
        self._foot.addWidget(self.composer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._pages, 1)
        column.addLayout(self._foot)

    def resizeEvent(self, event: object) -> None:
        # The input is wider than the text by its own padding, so that its words stand right below those of the answers.
        text = min(self._theme.px(TEXT_WIDTH), self.width() - 2 * self._theme.px(SIDE))
        side = max(0, (self.width() - text) // 2 - self._theme.px(PADDING))
        self._foot.setContentsMargins(side, 0, side, self._theme.px(6))
        self.composer.set_room(self.height() // 2)

    def _connect(self, editing_line: EditingLine) -> None:
        self._no_model.chosen.connect(self.model_chosen)
        editing_line.chosen.connect(self.editing.cancel)
        self.composer.asked.connect(self.ask)
        self.composer.stop_asked.connect(self.stop)
        self.composer.edit.places_dropped.connect(self._on_places_dropped)
        self.composer.draft_changed.connect(self.draft_changed)
        self.composer.draft_changed.connect(self._on_draft_changed)
        self.follow_ups.question_chosen.connect(self.ask)
        self.column.width_changed.connect(self.follow_ups.fit)
        self.empty.question_chosen.connect(self.ask)
        self.empty.folder_wanted.connect(self.folder_wanted)
        self.header.model_chosen.connect(self.model_chosen)
        self._client.welcomed.connect(self._on_welcomed)
        self.asking.begun.connect(self._on_begun)
        self.asking.answered.connect(self._on_answered)
        self.asking.ending.connect(self._kept.hide)
        self.asking.ended.connect(self.stopped)
        self.asking.handed_back.connect(self._keep)
        self.asking.said.connect(self._announce)
        self._client.finished.connect(self._on_finished)
        self._client.failed.connect(self._on_foreign_end)
        self.fetching.last_arrived.connect(self._on_last_turn)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    # ---- asking ------------------------------------------------------------------------------------------------------------

    def _start(self, question: str, replaced: TurnView | None) -> None:
        """Ask; the answer is shown in the place of `replaced` and of all below it, which stay as another branch."""
        self.expect(0)
        view = self._make_view(question)
        view.start()
        replace_turn = replaced.turn_id if replaced is not None else 0
        after_turn = 0 if replace_turn else self.column.last_stored()
        self.suggesting.forget_next()
        if replaced is not None and replaced in self.column.views:
            self.column.replace_from(replaced, view)
        else:
            self.column.add(view)
        self._pages.setCurrentWidget(self.column)
        self.editing.end()
        body = Ask(question, self._conversation_id, replace_turn, after_turn=after_turn, scope=self.header.scope.scope)
        if not self._conversation_id:
            self.header.title.set_text(question)
        self.asking.start(view, body)

    def _on_begun(self, conversation: Conversation) -> None:
        """The question that is shown has been stored."""
        if not self._conversation_id:
            self.drafts.begin(conversation.id)
        self.header.scope.keep_for(conversation.id)
        self._set_conversation(conversation.id, conversation.title)

    def _on_answered(self, turn: Turn) -> None:
        self.suggesting.suggest_next(turn)
        self.header.scope.set_answer_notes(turn.answer.passages)

    def _on_draft_changed(self, draft: str) -> None:
        if not draft:
            self._kept.hide()
        if self.editing.replaced is None:
            self.drafts.typed(self._conversation_id or self._expected, draft)

    # ---- conversations -----------------------------------------------------------------------------------------------------

    def _on_opened(self, event: object) -> None:
        self._opening = 0
        if not isinstance(event, ConversationOpened):
            return
        self._leave()
        self._set_conversation(event.conversation.id, event.conversation.title)
        if self._expected:
            self.drafts.move(self._expected, event.conversation.id)  # the first that is opened gets what was typed
            self._expected = 0
        self._arrive(event.draft)
        self.header.scope.set_answer_notes(())
        self._pages.setCurrentWidget(self.column)
        live = self.asking.live
        if live is not None and live.conversation_id == event.conversation.id:
            above, turns = _before(event, live.turn_id, live.body.replace_turn)
            self.column.show_turns(turns, self._view_of, above=above)
            self.column.add(live.view)
        else:
            at = self._places.get(event.conversation.id, (0, 0))
            if self._found_turn:
                at = (self._found_turn, -self._theme.px(16))
            self.column.show_turns(event.turns, self._view_of, at, event.above, event.below)
            self._show_page_end(event)
            running = [turn.id for turn in event.turns if turn.state is TurnState.RUNNING]
            self._foreign_turn = running[-1] if running else 0
        self._found_turn = 0

    def _show_page_end(self, event: ConversationOpened) -> None:
        if event.turns and not event.below:
            self._on_last_turn(event.turns[-1])

    def _on_last_turn(self, turn: Turn) -> None:
        self.header.scope.set_answer_notes(turn.answer.passages)
        if self.asking.live is None:
            self.suggesting.suggest_next(turn)

    def _on_branch(self, turn_id: int) -> None:
        view = self.sender()
        if isinstance(view, TurnView) and self.asking.live is None:
            self._forget_opening()
            self._branching = view
            self._opening = self._client.request(
                ChooseBranch(turn_id, PAGE_TURNS), self._on_branch_chosen, self._on_open_failed
            )

    def _on_branch_chosen(self, event: object) -> None:
        self._opening, view, self._branching = 0, self._branching, None
        if not isinstance(event, ConversationOpened) or view is None or view not in self.column.views:
            return
        if self.asking.live is not None:
            return  # asked meanwhile: the branch with the new answer is the one that is looked at
        self.suggesting.forget_next()
        had_focus = view.isAncestorOf(QApplication.focusWidget() or self)
        parent_id = view.turn.parent_id if view.turn is not None else 0
        at = next((index for index, turn in enumerate(event.turns) if turn.parent_id == parent_id), 0)
        place = self.column.views.index(view)
        self.column.show_from(view, event.turns[at:], self._view_of, event.below)
        self._set_conversation(event.conversation.id, event.conversation.title)
        if self.editing.replaced is not None and self.editing.replaced not in self.column.views:
            self.editing.end()
        if had_focus:
            self.column.views[place].branches.take_focus()
        self._announce(self.column.views[place].branches.accessibleName())
        self._show_page_end(event)

    def _on_open_failed(self, error: AssistantError) -> None:
        self._opening = self._found_turn = 0
        if self._expected:
            self.expect(0)
            self._arrive()
        self.failed.emit(error_words(error).as_text())

    def _view_of(self, turn: Turn) -> TurnView:
        """A view with the question alone; the column fills in the rest."""
        return self._make_view(turn.question)

    def _make_view(self, question: str) -> TurnView:
        view = TurnView(self._theme, question, self.column.body)
        view.source_chosen.connect(self._on_source)
        view.link_chosen.connect(self._on_link)
        view.regenerate_asked.connect(self._on_regenerate)
        view.edit_asked.connect(self._on_edit)
        view.feedback_given.connect(self._on_feedback)
        view.branch_asked.connect(self._on_branch)
        view.set_locked(self.asking.live is not None)
        view.model_asked.connect(self.model_chosen)
        view.all_notes_asked.connect(self._on_all_notes)
        view.save_asked.connect(self._on_save)
        return view

    def _leave(self) -> None:
        """Clear the column, but let go of the answer being made without ending it."""
        if self.asking.live is not None:
            self.column.take(self.asking.live.view)
        self._keep_place()
        self._foreign_turn = 0
        self.editing.end()
        self.suggesting.forget_next()
        self.column.clear()

    def _keep_place(self) -> None:
        """Where the reader is, for when the chat is opened again in this run."""
        place = self.column.place()
        if place is None:
            self._places.pop(self._conversation_id, None)
        elif self._conversation_id:
            self._places[self._conversation_id] = place

    def _arrive(self, stored: str | None = None) -> None:
        """Put the draft of the conversation that is shown now into the input. stored: as the engine knows it; None: it was not asked."""
        self.drafts.save()
        chat = self._conversation_id
        draft = self.drafts.of(chat) if stored is None else self.drafts.learn(chat, stored)
        if draft != self.draft():
            self.composer.set_draft(draft)
        self.asking.keep_unsent()

    def _ask_for_draft(self) -> None:
        if not self.drafts.is_told(0):
            self._client.request(GetDraft(), self._on_draft_found)

    def _on_draft_found(self, event: object) -> None:
        """Of a new chat, after a start."""
        if isinstance(event, DraftFound):
            draft = self.drafts.learn(0, event.text)
            if not self._conversation_id and not self._expected and draft != self.draft():
                self.composer.set_draft(draft)

    def _forget_opening(self) -> None:
        self._branching, self._found_turn = None, 0
        if self._opening:
            self._client.forget(self._opening)
            self._opening = 0

    def _set_conversation(self, conversation_id: int, title: str) -> None:
        changed = conversation_id != self._conversation_id
        self._conversation_id = conversation_id
        self.header.scope.go_to(conversation_id)
        self.header.title.set_text(title or self.tr("New chat"))
        self.title_changed.emit(title)
        if changed:
            self.conversation_changed.emit(conversation_id)

    def _show_empty(self) -> None:
        self._pages.setCurrentWidget(self.empty)
        if not self._conversation_id:
            self.header.title.set_text(self.tr("New chat"))

    # ---- suggestions -------------------------------------------------------------------------------------------------------

    def _on_foreign_end(self, *_ended: object) -> None:
        """An answer that another window asked for, or this one in another language, has ended: it is read from the store."""
        if self._foreign_turn and not self._opening:
            self.open_again()

    def _on_welcomed(self, _welcome: object) -> None:
        self._on_foreign_end()  # the engine that was writing it has gone
        self.asking.send()
        self._ask_for_draft()
        self.suggesting.begin_anew()
        self._suggest()

    def _suggest(self) -> None:
        if not self._conversation_id:
            self.suggesting.suggest_first(self._counts)

    def _is_busy(self) -> bool:
        return self.asking.live is not None

    # ---- what turns ask for ------------------------------------------------------------------------------------------------

    def _on_source(self, source: Citation | InstantQuote | Passage) -> None:
        view = self.sender()
        if isinstance(view, TurnView):
            self.passages_changed.emit(view.passages)
        self.source_requested.emit(source)

    def _on_link(self, target: str) -> None:
        LinkQuestion(self, target).open()

    def _on_regenerate(self) -> None:
        view = self.sender()
        if isinstance(view, TurnView) and self.asking.live is None:
            self._start(view.question, view)

    def _on_all_notes(self) -> None:
        """Nothing was found where it was looked for: look everywhere."""
        view = self.sender()
        if isinstance(view, TurnView) and self.asking.live is None:
            self.header.scope.set_scope(EVERYTHING)
            self._start(view.question, view if view is self.column.views[-1] else None)

    def _on_save(self) -> None:
        view = self.sender()
        if isinstance(view, TurnView) and view.turn is not None:
            self.saving.save(view.question, view.turn.answer)

    def set_open_note(self, opened: object) -> None:
        """The note that is shown beside the chat (SourceOpened), to be asked by itself."""
        if isinstance(opened, SourceOpened):
            self.header.scope.set_open_note(opened.folder_id, opened.note, opened.title)

    def ask_only(self, notes: Sequence[Passage]) -> None:
        """What is asked from now on is asked of these notes alone."""
        self.header.scope.choose_notes(notes)
        self.focus_question()

    def _on_places_dropped(self, places: Sequence[DraggedPlace]) -> None:
        self.header.scope.choose_places(places)
        self.focus_question()

    def forget_note(self, folder_id: int, note: str) -> None:
        """Nothing of it is kept: it is not offered any more either."""
        self.header.scope.drop_note(folder_id, note)

    def forget_open_note(self) -> None:
        self.header.scope.set_open_note(0, "", "")

    def _on_edit(self, question: str) -> None:
        view = self.sender()
        if isinstance(view, TurnView):
            self.editing.begin(view, question)

    def _on_feedback(self, feedback: int, reasons: tuple[str, ...], words: str) -> None:
        view = self.sender()
        if isinstance(view, TurnView):
            self._client.request(
                SetFeedback(view.turn_id, feedback, tuple(reasons), words), None, self._on_feedback_failed
            )

    def _on_feedback_failed(self, error: AssistantError) -> None:
        self.failed.emit(error_words(error).as_text())

    def _on_finished(self, _request_id: int, body: object) -> None:
        if isinstance(body, Answered) and body.turn.id == self._foreign_turn:
            self._on_foreign_end()
        if replaces_chats(body):
            self.editing.end()
            self.composer.set_draft("")
            self.drafts.forget()
            self._places.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.drafts.save()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves what is under way here; what is not ours is the window's."""
        if event.key() == Qt.Key.Key_Escape and self.asking.live is not None:
            self.stop()
        elif event.key() == Qt.Key.Key_Escape and self.editing.replaced is not None:
            self.editing.cancel()
        else:
            super().keyPressEvent(event)

    def _announce(self, text: str) -> None:
        """Tell a screen reader, which does not see words that stream in."""
        announce(self, text)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        here = self.column.view_of(new)
        for view in self.column.views:
            view.set_lively(view is here or view.underMouse())


def _before(event: ConversationOpened, *ids: int) -> tuple[Sequence[int], Sequence[Turn]]:
    """The ids above the page and the turns on it that stand before the first of these turns."""
    above = next((event.above[:at] for at, one in enumerate(event.above) if one in ids), None)
    if above is not None:
        return above, ()
    at = next((at for at, turn in enumerate(event.turns) if turn.id in ids), len(event.turns))
    return event.above, event.turns[:at]
