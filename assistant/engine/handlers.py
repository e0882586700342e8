"""Every request of the window, and the part of the engine that answers it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from assistant.chat import events as chat
from assistant.chat.pages import TurnPage
from assistant.domain.answers import Turn
from assistant.domain.errors import AssistantError, BadRequestError
from assistant.domain.library import FolderInfo, IndexProgress, LibraryCounts, Renewal
from assistant.engine.about_requests import about_routes
from assistant.engine.engine import Engine, EngineListener
from assistant.engine.model_requests import compare_route, model_routes, pull_route
from assistant.engine.paths import DataPaths
from assistant.engine.releases import update_route
from assistant.engine.workers import ANSWER, FETCH, QUICK, SLOW, Workers
from assistant.ipc import engine_messages as m
from assistant.ipc import source_messages as reading
from assistant.ipc.release_messages import CheckForUpdate
from assistant.ipc.service import Call, Service
from assistant.ipc.supervisor import Health
from assistant.ipc.wire import error_message

log = logging.getLogger(__name__)

LOCK_PATIENCE_S = 8.0
"""A predecessor that was killed frees the lock at once; one that is closing properly needs a few seconds."""

CHATS_FOUND = 20
"""Conversations beside the passages of a search as one types."""

MOST_UNREAD = 8
"""Notes without a text that a search shows for their names."""

WRITING = (
    m.ClearData,
    m.AddFolder,
    m.RemoveFolder,
    m.RescanFolder,
    m.AnswerMassDelete,
    m.RetryFile,
    m.RetryFiles,
    m.ForgetNote,
)
"""What has no meaning in a data folder that cannot be written."""


class EngineService(EngineListener):
    """One window's service: opens the engine, then answers. Requests that come before it is open wait for it.

    Thread: the link's reading thread only hands requests to the workers.
    """

    def __init__(self, paths: DataPaths, model: str, reader: BinaryIO, writer: BinaryIO) -> None:
        self._paths = paths
        self._model = model
        self._workers = Workers()
        self._service: Service[m.EngineRequest] = Service(reader, writer, m.EngineRequest, self._hand_out)
        self._opened = threading.Event()
        self._engine: Engine | None = None
        self._open_failure: AssistantError | None = None
        self._routes = self._make_routes()

    def run(self) -> None:
        """Serve until the link closes."""
        threading.Thread(target=self._open, name="engine-open", daemon=True).start()
        self._service.run()

    def close(self) -> None:
        self._workers.close()
        if self._opened.wait(LOCK_PATIENCE_S) and self._engine is not None:
            self._engine.close()

    # ---- notices (EngineListener) ------------------------------------------------------------------------------------

    def on_progress(self, progress: IndexProgress, counts: LibraryCounts, renewal: Renewal | None) -> None:
        self._service.notify(m.IndexMoved(progress, counts, renewal))

    def on_folders(self, folders: tuple[FolderInfo, ...], counts: LibraryCounts) -> None:
        self._service.notify(m.FoldersChanged(folders, counts))

    def on_health(self, health: Health) -> None:
        self._service.notify(m.PartHealth(health.part, health.state, health.crashes, health.reason))

    def on_models(self, chat_model: str, title: str, embedder: str) -> None:
        self._service.notify(m.ModelChanged(chat_model, title, embedder))

    # ---- requests ----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self._engine = Engine.open(self._paths, model=self._model, listener=self, patience_s=LOCK_PATIENCE_S)
        except AssistantError as error:
            log.warning("the engine could not open: %s", error.kind)
            self._open_failure = error
        except Exception as error:
            log.exception("the engine could not open")
            self._open_failure = AssistantError(type(error).__name__)
        finally:
            self._opened.set()

    def _hand_out(self, call: Call[m.EngineRequest]) -> None:
        pool, work = self._routes[type(call.body)]
        if isinstance(call.body, m.SearchNotes):
            self._workers.replace("search", call)
        self._workers.run(pool, call, work)

    @property
    def _ready(self) -> Engine:
        self._opened.wait()
        if self._open_failure is not None:
            raise self._open_failure
        assert self._engine is not None
        return self._engine

    def _make_routes(self) -> dict[type[Any], tuple[str, Callable[[Call[Any]], Any]]]:
        quick: dict[type[Any], Callable[[Call[Any]], Any]] = {
            m.Hello: self._hello,
            m.GetStatus: lambda _call: self._ready.status(),
            m.ListTree: self._list_tree,
            m.ListAttention: lambda call: m.TreeListed(tuple(self._ready.library.attention(call.body.limit))),
            m.ListFiles: self._list_files,
            m.ListChanges: self._list_changes,
            m.ListChunks: self._list_chunks,
            m.SearchNotes: self._search,
            m.CompleteFilter: lambda call: m.FilterCompleted(
                tuple(self._ready.filter_values(call.body.key, call.body.beginning, call.body.limit))
            ),
            m.PauseIndexing: self._act(lambda engine, body: engine.pause(body.paused)),
            m.SetFeedback: self._act(
                lambda engine, body: engine.conversations.set_feedback(
                    body.turn_id, body.feedback, body.reasons, body.text
                )
            ),
            m.ListConversations: lambda call: m.ConversationsListed(
                tuple(self._ready.conversations.list_conversations(call.body.query, call.body.limit))
            ),
            m.OpenConversation: self._open_conversation,
            m.ChooseBranch: self._choose_branch,
            m.GetTurns: lambda call: m.TurnsFound(tuple(self._ready.conversations.some_turns(call.body.turn_ids))),
            m.PinConversation: self._act(
                lambda engine, body: engine.conversations.pin_conversation(
                    body.conversation_id, is_pinned=body.is_pinned
                )
            ),
            m.SaveDraft: self._act(
                lambda engine, body: engine.conversations.save_draft(body.conversation_id, body.text)
            ),
            m.GetDraft: lambda call: m.DraftFound(
                call.body.conversation_id, self._ready.conversations.draft(call.body.conversation_id)
            ),
            m.RenameConversation: self._act(
                lambda engine, body: engine.conversations.rename_conversation(body.conversation_id, body.title)
            ),
            m.DeleteConversation: self._act(
                lambda engine, body: engine.conversations.delete_conversation(body.conversation_id)
            ),
            m.RestoreConversation: self._act(
                lambda engine, body: engine.conversations.restore_conversation(body.conversation_id)
            ),
            m.SuggestQuestions: lambda call: m.QuestionsSuggested(
                tuple(self._ready.suggest_questions(call.body.count, call.body.language))
            ),
            m.ListModels: lambda _call: self._ready.desk.listed(),
            m.GetSettings: lambda _call: self._settings(),
        }
        slow: dict[type[Any], Callable[[Call[Any]], Any]] = {
            m.AddFolder: self._add_folder,
            m.RemoveFolder: self._act(lambda engine, body: engine.remove_folder(body.folder_id)),
            m.RescanFolder: self._rescan,
            m.ForgetNote: lambda call: m.NoteForgotten(self._ready.forget_note(call.body.folder_id, call.body.note)),
            m.AnswerMassDelete: self._act(
                lambda engine, body: engine.library.answer_mass_delete(body.folder_id, body.accept)
            ),
            m.RetryFile: self._act(lambda engine, body: engine.retry(body.folder_id, body.note, body.password)),
            m.RetryFiles: lambda call: m.FilesQueued(self._ready.library.retry_all(call.body.query)),
            m.ListStored: lambda _call: self._ready.stored(),
            m.ClearData: lambda call: self._ready.clear(call.body.what),
            m.ListBackups: lambda _call: self._ready.backups(),
            m.BackUpNow: self._back_up_now,
            m.RestoreBackup: self._restore_backup,
            m.ExportConversations: lambda call: self._ready.export(
                Path(call.body.path), call.body.format, call.body.conversation_ids
            ),
            m.ExplainSearch: self._explain,
            m.SuggestFollowUps: self._suggest_follow_ups,
            m.OpenSource: self._open_source,
            m.DrawPage: self._draw_page,
            m.ReadNoteImage: lambda call: self._ready.sources.image(call.body, call.cancelled),
            reading.ResolveLinks: self._resolve_links,
            reading.FindBacklinks: self._find_backlinks,
            reading.FindRelated: self._find_related,
            **model_routes(lambda: self._ready.desk),
            **about_routes(self._paths),
            m.ChangeSettings: self._change_settings,
            m.CancelRenewal: self._act(lambda engine, _body: engine.cancel_renewal()),
            m.RestartPart: self._act(lambda engine, body: engine.restart_part(body.part)),
        }
        for kind in WRITING:
            slow[kind] = self._if_writable(slow[kind])
        return (
            {kind: (QUICK, work) for kind, work in quick.items()}
            | {kind: (SLOW, work) for kind, work in slow.items()}
            | {m.Ask: (ANSWER, self._ask), m.CompareModels: (ANSWER, compare_route(lambda: self._ready.desk))}
            | {m.PullModel: (FETCH, pull_route(lambda: self._ready.desk)), CheckForUpdate: (FETCH, update_route())}
        )

    def _if_writable(self, work: Callable[[Call[Any]], Any]) -> Callable[[Call[Any]], Any]:
        def handle(call: Call[Any]) -> Any:
            self._ready.must_be_writable()
            return work(call)

        return handle

    def _act(self, action: Callable[[Engine, Any], object]) -> Callable[[Call[Any]], m.Done]:
        """A handler that does something and has nothing to tell."""

        def handle(call: Call[Any]) -> m.Done:
            action(self._ready, call.body)
            return m.Done()

        return handle

    def _hello(self, _call: Call[m.Hello]) -> m.Welcome:
        return self._ready.welcome()

    def _search(self, call: Call[m.SearchNotes]) -> m.SearchDone:
        request = call.body
        folder_ids = (request.folder_id,) if request.folder_id else ()
        found = self._ready.search(
            request.query, request.top, folder_ids=folder_ids, cancelled=call.cancelled, unfinished=True, order=request.order
        )  # fmt: skip
        unread = self._ready.unread_named(found.understood, folder_ids, min(request.top, MOST_UNREAD))
        chats = (
            self._ready.conversations.list_conversations(request.query, CHATS_FOUND) if request.query.strip() else []
        )
        return m.SearchDone(
            found.passages, tuple(chats), found.complete, found.understood, found.found, found.dates_s, tuple(unread)
        )

    def _explain(self, call: Call[m.ExplainSearch]) -> m.SearchExplained:
        request = call.body
        explanation = self._ready.explain(
            request.query,
            request.top,
            folder_ids=(request.folder_id,) if request.folder_id else (),
            note=(request.note_folder_id, request.note) if request.note else None,
            cancelled=call.cancelled,
            unfinished=True,  # as the list that is asked about
        )
        return m.SearchExplained(explanation)

    def _ask(self, call: Call[m.Ask]) -> m.Answered | m.Failed:
        request = call.body
        turn: Turn | None = None
        try:
            for event in self._ready.ask(
                request.question,
                request.conversation_id,
                request.replace_turn,
                request.folder_ids,
                call.cancelled,
                request.after_turn,
                request.scope,
            ):
                if isinstance(event, chat.TurnEnded):
                    turn = event.turn
                else:
                    call.emit(_message(event))
        except AssistantError as error:
            return m.Failed(error_message(error), turn)
        if turn is None:
            raise BadRequestError(reason="the question was not answered")
        return m.Answered(turn)

    def _open_conversation(self, call: Call[m.OpenConversation]) -> m.ConversationOpened:
        body = call.body
        return self._page_opened(self._ready.conversations.open_page(body.conversation_id, body.limit, body.at_turn))

    def _choose_branch(self, call: Call[m.ChooseBranch]) -> m.ConversationOpened:
        return self._page_opened(self._ready.conversations.choose_branch(call.body.turn_id, call.body.limit))

    def _page_opened(self, page: TurnPage) -> m.ConversationOpened:
        draft = self._ready.conversations.draft(page.conversation.id)
        return m.ConversationOpened(page.conversation, page.turns, draft, page.above, page.below)

    def _suggest_follow_ups(self, call: Call[m.SuggestFollowUps]) -> m.QuestionsSuggested:
        questions = self._ready.suggest_follow_ups(call.body.turn_id, call.body.count, call.cancelled)
        return m.QuestionsSuggested(tuple(questions))

    def _list_files(self, call: Call[m.ListFiles]) -> m.FilesListed:
        library, request = self._ready.library, call.body
        return m.FilesListed(
            tuple(library.files(request.query, request.after, request.limit)), library.count_files(request.query)
        )

    def _list_tree(self, call: Call[m.ListTree]) -> m.TreeListed:
        body = call.body
        library = self._ready.library
        entries, total = library.tree_page(body.folder_id, body.under, body.order, body.offset, body.limit)
        return m.TreeListed(tuple(entries), total)

    def _list_changes(self, call: Call[m.ListChanges]) -> m.ChangesListed:
        changes, total = self._ready.library.changes_since(call.body.since_s, call.body.limit)
        return m.ChangesListed(tuple(changes), total)

    def _list_chunks(self, call: Call[m.ListChunks]) -> m.ChunksListed:
        request = call.body
        file, chunks = self._ready.library.chunks_of(request.folder_id, request.note, request.after, request.limit)
        return m.ChunksListed(file, tuple(chunks))

    def _back_up_now(self, _call: Call[m.BackUpNow]) -> m.BackupsListed:
        self._ready.conversations.backup()
        return self._ready.backups()

    def _restore_backup(self, call: Call[m.RestoreBackup]) -> m.BackupRestored:
        return m.BackupRestored(*self._ready.conversations.restore_backup(call.body.number))

    def _add_folder(self, call: Call[m.AddFolder]) -> m.FolderAdded:
        folder, already = self._ready.add_folder(call.body.path)
        return m.FolderAdded(folder, already)

    def _rescan(self, call: Call[m.RescanFolder]) -> m.Done:
        self._ready.library.rescan(call.body.folder_id, wait=True, cancelled=call.cancelled)
        return m.Done()

    def _open_source(self, call: Call[m.OpenSource]) -> m.SourceOpened:
        return self._ready.sources.open(call.body, call.cancelled)

    def _draw_page(self, call: Call[m.DrawPage]) -> m.PageDrawn:
        return self._ready.sources.draw(call.body, call.cancelled)

    def _resolve_links(self, call: Call[reading.ResolveLinks]) -> reading.LinksResolved:
        request = call.body
        return reading.LinksResolved(tuple(self._ready.links.resolve(request.folder_id, request.note, request.targets)))

    def _find_backlinks(self, call: Call[reading.FindBacklinks]) -> reading.BacklinksFound:
        request = call.body
        found, total = self._ready.links.backlinks(request.folder_id, request.note, request.limit, call.cancelled)
        return reading.BacklinksFound(tuple(found), total)

    def _find_related(self, call: Call[reading.FindRelated]) -> reading.RelatedFound:
        request = call.body
        return reading.RelatedFound(
            tuple(self._ready.related(request.folder_id, request.note, request.limit, call.cancelled))
        )

    def _settings(self) -> m.SettingsReport:
        store = self._ready.settings
        return m.SettingsReport(store.settings, store.problems, self._ready.shipped_prompts())

    def _change_settings(self, call: Call[m.ChangeSettings]) -> m.SettingsReport:
        self._ready.change_settings(dict(call.body.values))
        return self._settings()


def _message(event: chat.ChatEvent) -> m.EngineEvent:
    """What chat says of itself, as the window hears it."""
    match event:
        case chat.TurnStarted(conversation, turn_id):
            return m.TurnStarted(conversation, turn_id)
        case chat.PhaseChanged():
            return m.PhaseChanged(event.phase, event.done, event.total, event.passages)
        case chat.EvidenceFound(quote, passages, weak):
            return m.EvidenceFound(quote, passages, weak)
        case chat.TextAdded(text):
            return m.TextAdded(text)
        case chat.SentencesChecked(sentences):
            return m.SentencesChecked(sentences)
    raise TypeError(type(event).__name__)
