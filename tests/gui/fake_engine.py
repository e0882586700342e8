"""A scripted engine that keeps the contract of the link: it answers from plain data, at once or step by step.

Answers are posted to the client, never called into a pane, so a test waits for a signal just as with the real engine. A request
whose type is in `held` is not answered until the test calls `answer`, `fail` or `die`.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer

from assistant.chat.pages import cut_page
from assistant.desktop.client.engine_client import LinkListener
from assistant.domain.about import About, CheckedCopy, LicenceText, Part, PartKind
from assistant.domain.answers import (
    Answer,
    BackupSummary,
    Citation,
    Conversation,
    InstantQuote,
    Passage,
    SentenceCheck,
    Support,
    Timings,
    Turn,
    TurnState,
)
from assistant.domain.changes import ChangeKind, NoteChange
from assistant.domain.documents import Block, BlockKind, Document, NoteFormat
from assistant.domain.errors import AssistantError, BadRequestError, NoteMissingError, ProcessDiedError
from assistant.domain.library import (
    FileInfo,
    FileQuery,
    FileState,
    FolderInfo,
    FolderState,
    IndexedChunk,
    IndexProgress,
    LibraryCounts,
    ReasonCount,
    Renewal,
    ScanReport,
    TreeEntry,
)
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.domain.reading import Backlink, LinkPlace, RelatedNote
from assistant.domain.releases import ReleaseNews, ReleaseState
from assistant.domain.search import (
    ExplainedPassage,
    FilterKey,
    LegView,
    NoteExplanation,
    QueryFilter,
    QueryWord,
    SearchExplanation,
    Understood,
    Verdict,
)
from assistant.domain.settings import Settings
from assistant.ipc import engine_messages as m
from assistant.ipc.about_messages import (
    AboutReport,
    CheckCopy,
    CopyChecked,
    CopyCheckMoved,
    GetAbout,
    LicenceRead,
    ReadLicence,
)
from assistant.ipc.release_messages import CheckForUpdate, UpdateChecked
from assistant.ipc.source_messages import (
    BacklinksFound,
    FindBacklinks,
    FindRelated,
    LinksResolved,
    RelatedFound,
    ResolveLinks,
)
from assistant.ipc.wire import ErrorMessage

NOW_S = 1_790_000_000.0
IDLE = IndexProgress("idle", 0, 0)


def file_entry(path: str, state: FileState = FileState.READY, reason: str = "", folder_id: int = 1) -> TreeEntry:
    """A file of the library tree, as ListTree returns it."""
    info = FileInfo(
        file_id=abs(hash(path)) % 100_000,
        folder_id=folder_id,
        note=path,
        state=state,
        reason=reason,
        size_bytes=4_000,
        chunks=4,
    )
    return TreeEntry(name=path.rsplit("/", 1)[-1], path=path, file=info)


def folder_entry(path: str, notes: int, attention: int = 0) -> TreeEntry:
    return TreeEntry(name=path.rsplit("/", 1)[-1], path=path, notes=notes, attention=attention)


TEXT = (
    "Outbound\nPassengers should arrive two hours early. The outbound flight leaves on 3 June at 07:45 from terminal 2; "
    "check-in closes 45 minutes before. Cabin bags up to 8 kg are included in the fare.\n"
    "Hotel\nCasa do Bairro, Beco do Caldeira 1. Four nights, two rooms, paid in full."
)
QUOTE = "The outbound flight leaves on 3 June at 07:45 from terminal 2; check-in closes 45 minutes before."
HOTEL = "Casa do Bairro, Beco do Caldeira 1. Four nights, two rooms, paid in full."


def passage(text: str, note: str = "Travel/Tickets and hotel.pdf", start: int = 0, **other: Any) -> Passage:
    return Passage(
        folder_id=1,
        note=note,
        note_path=f"/home/ada/My notes/{note}",
        title=note.rsplit("/", 1)[-1],
        text=text,
        start=start,
        end=start + len(text),
        score=0.9,
        **other,
    )


FLIGHT = passage(QUOTE, start=TEXT.index(QUOTE), heading_path=("Outbound",), page=2)
STAY = passage(HOTEL, start=TEXT.index(HOTEL), heading_path=("Hotel",), page=2)
QUOTE_FOUND = InstantQuote(
    text=QUOTE,
    folder_id=1,
    note=FLIGHT.note,
    note_path=FLIGHT.note_path,
    title=FLIGHT.title,
    start=FLIGHT.start,
    end=FLIGHT.end,
    passage=0,
    confidence=0.8,
    heading_path=("Outbound",),
    page=2,
    marks=((30, 45),),
)
SENTENCES = (
    "Your flight to Lisbon leaves on 3 June at 07:45 from terminal 2.",
    " The hotel is Casa do Bairro, Beco do Caldeira 1, booked for four nights.",
    " Breakfast is served until eleven.",
)


def citation(number: int, sentence: str, source: Passage, support: Support = Support.SUPPORTED) -> Citation:
    return Citation(
        number=number,
        sentence=sentence.strip(),
        folder_id=source.folder_id,
        note=source.note,
        note_path=source.note_path,
        title=source.title,
        quote=source.text,
        start=source.start,
        end=source.end,
        support=support,
        heading_path=source.heading_path,
        page=source.page,
    )


def sample_answer() -> Answer:
    """Two supported sentences, each with a citation, and one that is not in the notes."""
    text = "".join(SENTENCES)
    first, second = len(SENTENCES[0]), len(SENTENCES[0]) + len(SENTENCES[1])
    return Answer(
        text=text,
        quote=QUOTE_FOUND,
        sentences=(
            SentenceCheck(0, first, Support.SUPPORTED, 1),
            SentenceCheck(first + 1, second, Support.SUPPORTED, 2),
            SentenceCheck(second + 1, len(text), Support.UNSUPPORTED),
        ),
        citations=(citation(1, SENTENCES[0], FLIGHT), citation(2, SENTENCES[1], STAY)),
        passages=(FLIGHT, STAY),
        timings=Timings(search_s=0.05, first_token_s=0.4, write_s=1.1, prompt_tokens=812, completion_tokens=64),
        model="SmolLM2 135M",
    )


def sample_explanation() -> SearchExplanation:
    """A search for "flight lisbon" in a folder, with the two passages of the sample answer."""
    work = QueryFilter(FilterKey.FOLDER, "Travel", 0, 13)
    return SearchExplanation(
        understood=Understood("flight lisbon", (work,)),
        words=(QueryWord("flight", 2.1, 34, ("flights",)), QueryWord("lisbon", 3.4, 12)),
        chunks=41_208,
        keyword_found=120,
        vector_found=2_300,
        keyword_weight=0.55,
        vector_weight=0.45,
        missing="",
        exact=False,
        reranker="",
        passages=(
            ExplainedPassage(FLIGHT, LegView(1, 12.34), LegView(2, 0.61), 0.51, 0.37),
            ExplainedPassage(STAY, LegView(None), LegView(1, 0.72), 0.0, 0.44, 0.06),
        ),
    )


def explained_note(note: str, found: SearchExplanation) -> NoteExplanation:
    file = file_entry(note).file
    for rank, entry in enumerate(found.passages, start=1):
        if entry.passage.note == note:
            return NoteExplanation(
                note, Verdict.FOUND, file, rank, entry.keyword, entry.vector, 0.7, ("flight",), ("lisbon",), (), QUOTE
            )
    return NoteExplanation(
        note, Verdict.OUTRANKED, file, None, LegView(41, 2.0), LegView(88, 0.2), 0.4, ("lisbon",), ("flight",)
    )


def default_tree() -> dict[tuple[int, str], tuple[TreeEntry, ...]]:
    return {
        (1, ""): (
            folder_entry("Travel", 3),
            folder_entry("会议", 1),
            folder_entry("House", 2),
            folder_entry("Scans", 1, attention=1),
            file_entry("Reading list.md"),
        ),
        (1, "Travel"): (
            file_entry("Travel/Lisbon 2026.md"),
            file_entry("Travel/Tickets and hotel.pdf"),
            file_entry("Travel/Packing.md", FileState.KEYWORD_READY),
        ),
        (1, "会议"): (file_entry("会议/三月预算讨论.md"),),
        (1, "House"): (
            file_entry("House/Azulejo history.html", FileState.KEYWORD_READY),
            file_entry("House/Roof quotes.docx", FileState.QUEUED),
        ),
        (1, "Scans"): (file_entry("Scans/Contract.pdf", FileState.FAILED, "encrypted"),),
        (2, ""): (file_entry("Attention is all you need.pdf", folder_id=2),),
    }


def default_changes() -> tuple[NoteChange, ...]:
    """Made a few seconds ago, but for one of the day before yesterday."""
    now_s = time.time()
    entries = (
        ("Reading list.md", ChangeKind.CHANGED, ""),
        ("会议/三月预算讨论.md", ChangeKind.ADDED, ""),
        ("Travel/Packing.md", ChangeKind.RENAMED, "Travel/List.md"),
        ("House/Old roof.docx", ChangeKind.REMOVED, ""),
    )
    return tuple(
        NoteChange(
            now_s - place if place < len(entries) - 1 else now_s - 2 * 86400,
            1,
            note,
            kind,
            was,
            file_entry(note).file if kind is not ChangeKind.REMOVED else None,
        )
        for place, (note, kind, was) in enumerate(entries)
    )


DEFAULT_FOLDERS = (
    FolderInfo(
        1,
        "/home/ada/My notes",
        "My notes",
        FolderState.WATCHING,
        notes=5_310,
        ready=5_300,
        attention=2,
        counts=LibraryCounts(5_310, 0, 8, 5_300, 38, 2, 39_000, 38_960),
        last_scan=ScanReport(NOW_S - 240, 0.42),
        last_change=ScanReport(NOW_S - 5_400, 0.08, is_whole=False, added=3, removed=1),
    ),
    FolderInfo(
        2,
        "/home/ada/Papers",
        "Papers",
        FolderState.POLLING,
        notes=412,
        ready=412,
        attention=0,
        counts=LibraryCounts(412, 0, 2, 410, 0, 0, 2_208, 2_208),
        last_scan=ScanReport(NOW_S - 90, 1.8),
        why_polling="network",
    ),
)
DEFAULT_COUNTS = LibraryCounts(
    notes=5_722, keyword_ready=10, ready=5_710, skipped=38, failed=2, chunks=41_208, embedded=41_208
)
DEFAULT_BACKUPS = (
    BackupSummary(12, NOW_S - 3_000, 300_000, 3, 7, NOW_S - 3_600),
    BackupSummary(11, NOW_S - 80_000, 280_000, 2, 5, NOW_S - 86_500),
    BackupSummary(10, NOW_S - 400_000, 200_000, 1, 4, NOW_S - 590_000, "before-upgrade"),
    BackupSummary(9, NOW_S - 500_000, 4_096, is_sound=False),
)
DEFAULT_CONVERSATIONS = (
    Conversation(3, "When do we fly to Lisbon?", NOW_S - 600, NOW_S - 300, turns=2),
    Conversation(2, "三月的预算是多少？", NOW_S - 90_000, NOW_S - 86_500, turns=1),
    Conversation(1, "What did the roofer say about the chimney?", NOW_S - 600_000, NOW_S - 590_000, turns=4),
)
DEFAULT_MODELS = (
    ShelfEntry(
        name="smollm2-135m",
        title="SmolLM2 135M",
        role=ModelRole.CHAT,
        languages=("en",),
        licence="Apache-2.0",
        size_bytes=98_362_432,
        memory_bytes=260_000_000,
        installed=True,
        source="package index",
        is_starter=True,
        maker="Hugging Face",
        quantisation="Q4_1",
        parameters=134_515_008,
        note="Very small. It answers quickly and in English; the quotes from your notes are often the better answer.",
    ),
    ShelfEntry(
        name="qwen3-4b",
        title="Qwen3 4B Instruct",
        role=ModelRole.CHAT,
        languages=("en", "zh"),
        licence="Apache-2.0",
        size_bytes=2_497_280_000,
        memory_bytes=4_200_000_000,
        installed=False,
        source="add the file yourself",
    ),
    ShelfEntry(
        name="multilingual-e5-small",
        title="Multilingual E5 small",
        role=ModelRole.EMBEDDER,
        languages=("en", "zh", "and 90 more"),
        licence="MIT",
        size_bytes=73_600_000,
        memory_bytes=120_000_000,
        installed=True,
        source="package index",
        is_starter=True,
    ),
)


class FakeLink:
    """Stands for the engine process. Change its attributes before or between requests; `sent` keeps every request.

    pace_ms: 0 answers an Ask in one burst; more sends one event every so many milliseconds, so that it can be stopped.
    """

    def __init__(self) -> None:
        self.folders: tuple[FolderInfo, ...] = DEFAULT_FOLDERS
        self.counts: LibraryCounts = DEFAULT_COUNTS
        self.progress: IndexProgress = IDLE
        self.tree = default_tree()
        self.memory = (6_000_000_000, 8_000_000_000)
        self.added = ""
        self.attention: tuple[TreeEntry, ...] = (
            file_entry("Scans/Contract.pdf", FileState.FAILED, "encrypted"),
            file_entry("Scans/Old fax.pdf", FileState.FAILED, "no-text"),
        )
        self.reasons: tuple[ReasonCount, ...] = (
            ReasonCount(FileState.FAILED, "encrypted", 1, True),
            ReasonCount(FileState.FAILED, "no-text", 1, True),
            ReasonCount(FileState.SKIPPED, "unsupported", 38),
        )
        self.troubles: tuple[ErrorMessage, ...] = ()
        self.renewal: Renewal | None = None
        self.restored: BackupSummary | None = None
        self.restored_name = ""
        self.chunks: tuple[IndexedChunk, ...] = sample_chunks()
        self.backups: tuple[BackupSummary, ...] = DEFAULT_BACKUPS
        self.conversations: tuple[Conversation, ...] = DEFAULT_CONVERSATIONS
        self.deleted: dict[int, Conversation] = {}
        self.turns: dict[int, tuple[Turn, ...]] = {}
        self.branches: dict[int, tuple[Turn, ...]] = {}
        self.drafts: dict[int, str] = {}
        self.follow_ups: tuple[str, ...] = ()
        self.found_chats: tuple[Conversation, ...] = ()
        self.models: tuple[ShelfEntry, ...] = DEFAULT_MODELS
        self.chat_model = "smollm2-135m"
        self.chat_model_title = "SmolLM2 135M"
        self.embedder = "multilingual-e5-small"
        self.reranker = ""
        self.parts: tuple[m.PartHealth, ...] = ()
        self.exact_search = False
        self.settings = Settings(language="en")
        self.prompts = {
            "en": "Passages stand between <notes> and </notes>. Answer from them.",
            "zh": "段落放在 <notes> 和 </notes> 之间。只根据它们回答。",
        }
        self.stored: tuple[m.StoredPart, ...] = tuple(
            m.StoredPart(name, f"/home/ada/.local/share/elephant/{path}", size_bytes)
            for name, path, size_bytes in (
                ("conversations", "conversations.sqlite", 1_200_000),
                ("backups", "backups", 8_400_000),
                ("index", "index", 212_000_000),
                ("settings", "", 900),
                ("models", "models", 172_000_000),
                ("logs", "logs", 90_000),
            )
        )
        self.about: About = sample_about()
        self.licences: dict[str, tuple[LicenceText, ...]] = {
            "numpy": (LicenceText("LICENSE.txt", "Do as you like.\n" * 40),)
        }
        self.checked = CheckedCopy(right=2_431)
        self.passages: tuple[Passage, ...] = (FLIGHT, STAY)
        self.search_complete = True
        self.changes: tuple[NoteChange, ...] = default_changes()
        self.found_words: tuple[str, ...] = ()
        self.dates_s: tuple[float, ...] = ()
        self.unread: tuple[FileInfo, ...] = ()
        self.understood: dict[str, Understood] = {}
        self.filter_values: dict[str, tuple[str, ...]] = {
            "folder": ("Travel", "House", "My notes", "会议"),
            "type": ("md", "pdf", "docx", "html", "txt"),
            "tag": ("travel", "big plans", "draft", "旅行"),
            "title": ("Tickets and hotel", "Travel budget", "里斯本行程", 'A "quoted" title'),
        }
        self.explanation: SearchExplanation = sample_explanation()
        self.answer_made: Answer = sample_answer()
        self.weak = False
        self.documents: dict[str, Document] = {}
        self.release = ReleaseNews(ReleaseState.SAME, "1.0", "1.0")
        self.png = ""
        self.page_text = ""
        self.page_boxes: tuple[tuple[int, int, int, int], ...] = ()
        self.link_places: dict[str, LinkPlace] = {}
        self.backlinks: dict[str, tuple[Backlink, ...]] = {}
        self.related: dict[str, tuple[RelatedNote, ...]] = {}
        self.questions = (
            "When does the flight to Lisbon leave?",
            "What did the roofer quote?",
            "三月的预算是多少？",
            "Which papers mention attention?",
        )
        self.data_dir = "/home/ada/.local/share/elephant"
        self.pace_ms = 0
        self.held: set[type] = set()
        self.errors: dict[type, AssistantError] = {}
        self.sent: list[tuple[int, Any]] = []
        self.cancelled: list[int] = []
        self.restarts = 0
        self.is_closed = False
        self._ids = itertools.count(1)
        self._listener: LinkListener | None = None
        self._running: dict[int, _Stepper] = {}

    # ---- the link ----------------------------------------------------------------------------------------------------

    def start(self, listener: LinkListener) -> None:
        self._listener = listener
        listener.on_health(m.PartHealth("engine", "running"))

    def send(self, body: Any) -> int:
        request_id = next(self._ids)
        self.sent.append((request_id, body))
        if type(body) in self.errors:
            self.fail(request_id, self.errors[type(body)])
        elif type(body) not in self.held:
            self._handle(request_id, body)
        return request_id

    def answer_held(self) -> None:
        """Answer what is held, and hold nothing more."""
        held, self.held = self.held, set()
        for request_id, body in list(self.sent):
            if type(body) in held:
                self._handle(request_id, body)

    def cancel(self, request_id: int) -> None:
        self.cancelled.append(request_id)
        stepper = self._running.pop(request_id, None)
        if stepper is not None:
            stepper.stop()
            self.answer(request_id, m.Answered(stepper.stopped_turn()))

    def restart(self) -> None:
        self.restarts += 1
        self.come_back()

    def close(self) -> None:
        self.is_closed = True
        for stepper in self._running.values():
            stepper.stop()

    # ---- what a test says --------------------------------------------------------------------------------------------

    @property
    def listener(self) -> LinkListener:
        assert self._listener is not None, "not started"
        return self._listener

    def sent_of(self, kind: type) -> list[Any]:
        """Every request of a type, in order."""
        return [body for _, body in self.sent if isinstance(body, kind)]

    def last_id(self, kind: type) -> int:
        return [request_id for request_id, body in self.sent if isinstance(body, kind)][-1]

    def answer(self, request_id: int, body: Any, last: bool = True) -> None:
        self.listener.on_event(request_id, body, last)

    def fail(self, request_id: int, error: AssistantError) -> None:
        self.listener.on_failure(request_id, error)

    def notice(self, body: Any) -> None:
        self.listener.on_event(0, body, False)

    def move_index(self, progress: IndexProgress, counts: LibraryCounts | None = None) -> None:
        self.progress, self.counts = progress, counts or self.counts
        self.notice(m.IndexMoved(self.progress, self.counts))

    def change_folders(self, folders: tuple[FolderInfo, ...], counts: LibraryCounts | None = None) -> None:
        self.folders, self.counts = folders, counts or self.counts
        self.notice(m.FoldersChanged(self.folders, self.counts))

    def health(self, part: str, state: str, crashes: int = 0, reason: str = "") -> None:
        self.listener.on_health(m.PartHealth(part, state, crashes, reason))

    def die(self, state: str = "restarting", crashes: int = 1) -> None:
        """The engine is gone: whatever was under way fails, as with the real link."""
        for stepper in self._running.values():
            stepper.stop()
        under_way, self._running = list(self._running), {}
        self.health("engine", state, crashes, "exit code -9")
        for request_id in under_way:
            self.fail(request_id, ProcessDiedError(process="engine", exit_code=-9))

    def come_back(self) -> None:
        self.health("engine", "running")

    # ---- answers -----------------------------------------------------------------------------------------------------

    def status(self) -> m.StatusReport:
        return m.StatusReport(
            folders=self.folders,
            counts=self.counts,
            progress=self.progress,
            chat_model=self.chat_model,
            chat_model_title=self.chat_model_title,
            embedder=self.embedder,
            parts=self.parts,
            sizes_bytes={
                "conversations": 1_200_000,
                "index": 212_000_000,
                "models": 172_000_000,
                "backups": 8_400_000,
                "logs": 90_000,
            },
            exact_search=self.exact_search,
            last_scan_s=NOW_S,
            renewal=self.renewal,
            reranker=self.reranker,
            index_bytes={"catalog": 148_000_000, "vectors": 64_000_000},
            reasons=self.reasons,
            troubles=self.troubles,
        )

    def _handle(self, request_id: int, body: Any) -> None:
        handler: Callable[[int, Any], None] | None = getattr(self, f"_on_{type(body).__name__}", None)
        if handler is not None:
            handler(request_id, body)
        else:
            self.answer(request_id, m.Done())

    def _on_Hello(self, request_id: int, _body: m.Hello) -> None:
        self.answer(
            request_id,
            m.Welcome(
                "0.1.0",
                self.data_dir,
                self.status(),
                self.settings,
                restored_from_backup=self.restored_name,
                restored=self.restored,
            ),
        )

    def _on_GetStatus(self, request_id: int, _body: m.GetStatus) -> None:
        self.answer(request_id, self.status())

    def _on_AddFolder(self, request_id: int, body: m.AddFolder) -> None:
        known = next((folder for folder in self.folders if folder.path == body.path), None)
        folder = known or FolderInfo(
            max((f.id for f in self.folders), default=0) + 1,
            body.path,
            body.path.rstrip("/").rsplit("/", 1)[-1],
            FolderState.SCANNING,
            0,
            0,
            0,
        )
        self.answer(request_id, m.FolderAdded(folder, already=known is not None))
        if known is None:
            self.change_folders((*self.folders, folder))

    def _on_ForgetNote(self, request_id: int, _body: m.ForgetNote) -> None:
        self.answer(request_id, m.NoteForgotten(answers=2))

    def _on_RemoveFolder(self, request_id: int, body: m.RemoveFolder) -> None:
        self.answer(request_id, m.Done())
        self.change_folders(tuple(folder for folder in self.folders if folder.id != body.folder_id))

    def _on_PauseIndexing(self, request_id: int, body: m.PauseIndexing) -> None:
        self.answer(request_id, m.Done())
        self.move_index(replace(self.progress, paused=body.paused))

    def _on_ListTree(self, request_id: int, body: m.ListTree) -> None:
        entries = self.tree.get((body.folder_id, body.under), ())
        end = body.offset + body.limit if body.limit else len(entries)
        self.answer(request_id, m.TreeListed(entries[body.offset : end], len(entries)))

    def _on_ListAttention(self, request_id: int, _body: m.ListAttention) -> None:
        self.answer(request_id, m.TreeListed(self.attention))

    def all_files(self) -> list[FileInfo]:
        """Every file of the tree and of those that need attention, in the order of ListFiles."""
        entries = [entry for listed in self.tree.values() for entry in listed if entry.file is not None]
        known = {entry.path: entry.file for entry in (*entries, *self.attention) if entry.file is not None}
        return sorted(known.values(), key=_file_key)

    def _on_ListFiles(self, request_id: int, body: m.ListFiles) -> None:
        wanted = [file for file in self.all_files() if _is_wanted(file, body.query)]
        rest = [file for file in wanted if body.after is None or _file_key(file) > tuple(body.after)]
        self.answer(request_id, m.FilesListed(tuple(rest[: body.limit]), len(wanted)))

    def _on_ListChanges(self, request_id: int, body: m.ListChanges) -> None:
        news = tuple(change for change in self.changes if change.at_s >= body.since_s)
        self.answer(request_id, m.ChangesListed(news[: body.limit], len(news)))

    def _on_RetryFiles(self, request_id: int, body: m.RetryFiles) -> None:
        bad = {FileState.FAILED, FileState.SKIPPED}
        wanted = [f for f in self.all_files() if f.state in bad and _is_wanted(f, body.query)]
        self.answer(request_id, m.FilesQueued(len(wanted)))

    def _on_ListChunks(self, request_id: int, body: m.ListChunks) -> None:
        file = next((file for file in self.all_files() if file.note == body.note), None)
        if file is None:
            self.fail(request_id, BadRequestError(reason="no such note"))
            return
        chunks = self.chunks if file.state in {FileState.READY, FileState.KEYWORD_READY} else ()
        file = replace(file, chunks=len(chunks), embedded=sum(chunk.has_vector for chunk in chunks))
        rest = tuple(chunk for chunk in chunks if chunk.ordinal > body.after)
        self.answer(request_id, m.ChunksListed(file, rest[: body.limit]))

    def _backups_listed(self) -> m.BackupsListed:
        turns = sum(conversation.turns for conversation in self.conversations)
        return m.BackupsListed(self.backups, len(self.conversations), turns)

    def _backed_up(self, kind: str) -> BackupSummary:
        listed = self._backups_listed()
        number = max((backup.number for backup in self.backups), default=0) + 1
        made = BackupSummary(number, NOW_S, 300_000, listed.conversations, listed.turns, NOW_S - 300, kind)
        self.backups = (made, *self.backups)
        return made

    def _on_ListBackups(self, request_id: int, _body: m.ListBackups) -> None:
        self.answer(request_id, self._backups_listed())

    def _on_BackUpNow(self, request_id: int, _body: m.BackUpNow) -> None:
        self._backed_up("")
        self.answer(request_id, self._backups_listed())

    def _on_RestoreBackup(self, request_id: int, body: m.RestoreBackup) -> None:
        backup = next(backup for backup in self.backups if backup.number == body.number)
        undo = self._backed_up("before-restore")
        self.conversations = self.conversations[: backup.conversations]
        self.answer(request_id, m.BackupRestored(backup, undo))

    def _on_ExportConversations(self, request_id: int, body: m.ExportConversations) -> None:
        chosen = [c for c in self.conversations if not body.conversation_ids or c.id in body.conversation_ids]
        self.answer(request_id, m.Exported(body.path, len(chosen), sum(c.turns for c in chosen)))

    def _on_SearchNotes(self, request_id: int, body: m.SearchNotes) -> None:
        understood = self.understood.get(body.query, Understood(words=body.query))
        found, dates_s, unread = self.found_words, self.dates_s, self.unread
        self.answer(
            request_id,
            m.SearchDone(self.passages, self.found_chats, self.search_complete, understood, found, dates_s, unread),
        )

    def _on_CompleteFilter(self, request_id: int, body: m.CompleteFilter) -> None:
        known = self.filter_values.get(body.key, ())
        values = [value for value in known if value.casefold().startswith(body.beginning.casefold())]
        self.answer(request_id, m.FilterCompleted(tuple(values[: body.limit])))

    def _on_ExplainSearch(self, request_id: int, body: m.ExplainSearch) -> None:
        """The same explanation for every query; a note of its passages has the place it has there."""
        found = self.explanation
        if body.note and (found.note is None or found.note.note != body.note):
            found = replace(found, note=explained_note(body.note, found))
        self.answer(request_id, m.SearchExplained(found if body.note else replace(found, note=None)))

    def _on_ListConversations(self, request_id: int, body: m.ListConversations) -> None:
        found = tuple(c for c in self.conversations if body.query.casefold() in c.title.casefold())
        self.answer(request_id, m.ConversationsListed(found[: body.limit]))

    def _on_OpenConversation(self, request_id: int, body: m.OpenConversation) -> None:
        for conversation in self.conversations:
            if conversation.id == body.conversation_id:
                turns = self.turns.get(conversation.id, ())
                self.answer(request_id, self._opened(conversation, turns, body.limit, body.at_turn))
                return
        self.fail(request_id, BadRequestError(reason="no such conversation"))

    def _on_ChooseBranch(self, request_id: int, body: m.ChooseBranch) -> None:
        """The branch through a turn, as a test has put it into `branches`."""
        turns = self.branches[body.turn_id]
        conversation = next(c for c in self.conversations if c.id == turns[0].conversation_id)
        self.turns[conversation.id] = turns
        self.answer(request_id, self._opened(conversation, turns, body.limit, body.turn_id))

    def _opened(
        self, conversation: Conversation, turns: Sequence[Turn], limit: int, at_turn: int
    ) -> m.ConversationOpened:
        ids = [turn.id for turn in turns]
        above, shown, below = cut_page(ids, limit, at_turn)
        page = tuple(turns[len(above) : len(above) + len(shown)])
        return m.ConversationOpened(
            conversation, page, self.drafts.get(conversation.id, ""), tuple(above), tuple(below)
        )

    def _on_GetTurns(self, request_id: int, body: m.GetTurns) -> None:
        known = {turn.id: turn for turns in (*self.turns.values(), *self.branches.values()) for turn in turns}
        self.answer(request_id, m.TurnsFound(tuple(known[one] for one in body.turn_ids if one in known)))

    def _on_PinConversation(self, request_id: int, body: m.PinConversation) -> None:
        changed = (
            replace(c, is_pinned=body.is_pinned) if c.id == body.conversation_id else c for c in self.conversations
        )
        self.conversations = tuple(sorted(changed, key=lambda c: (not c.is_pinned, -c.changed_at_s)))
        self.answer(request_id, m.Done())

    def _on_SaveDraft(self, request_id: int, body: m.SaveDraft) -> None:
        self.drafts[body.conversation_id] = body.text
        self.answer(request_id, m.Done())

    def _on_GetDraft(self, request_id: int, body: m.GetDraft) -> None:
        self.answer(request_id, m.DraftFound(body.conversation_id, self.drafts.get(body.conversation_id, "")))

    def _on_SuggestFollowUps(self, request_id: int, body: m.SuggestFollowUps) -> None:
        self.answer(request_id, m.QuestionsSuggested(self.follow_ups[: body.count]))

    def _on_RenameConversation(self, request_id: int, body: m.RenameConversation) -> None:
        self.conversations = tuple(
            replace(c, title=body.title) if c.id == body.conversation_id else c for c in self.conversations
        )
        self.answer(request_id, m.Done())

    def _on_DeleteConversation(self, request_id: int, body: m.DeleteConversation) -> None:
        self.deleted |= {c.id: c for c in self.conversations if c.id == body.conversation_id}
        self.conversations = tuple(c for c in self.conversations if c.id != body.conversation_id)
        self.answer(request_id, m.Done())

    def _on_RestoreConversation(self, request_id: int, body: m.RestoreConversation) -> None:
        back = self.deleted.pop(body.conversation_id)
        self.conversations = tuple(sorted((*self.conversations, back), key=lambda c: -c.changed_at_s))
        self.answer(request_id, m.Done())

    def _on_SuggestQuestions(self, request_id: int, body: m.SuggestQuestions) -> None:
        self.answer(request_id, m.QuestionsSuggested(self.questions[: body.count]))

    def _on_ListModels(self, request_id: int, _body: m.ListModels) -> None:
        self.answer(request_id, self._shelf())

    def _on_PullModel(self, request_id: int, body: m.PullModel) -> None:
        self.answer(request_id, m.PullProgress("fetching", 40_000_000, 98_362_432), last=False)
        wanted = [e for e in self.models if e.name == body.name or (body.name == "starter" and e.is_starter)]
        self.models = tuple(replace(e, installed=True) if e in wanted else e for e in self.models)
        self.answer(request_id, self._shelf())

    def _on_AddModel(self, request_id: int, body: m.AddModel) -> None:
        name = body.path.rsplit("/", 1)[-1].removesuffix(".gguf")
        entry = ShelfEntry(
            name, name, ModelRole.CHAT, (), "", 1_000_000_000, 1_500_000_000, True, body.path, is_user=True
        )
        self.models = (*self.models, entry)
        self.added = name
        self.answer(request_id, self._shelf())
        self.added = ""

    def _on_InspectModel(self, request_id: int, body: m.InspectModel) -> None:
        name = body.path.rsplit("/", 1)[-1].removesuffix(".gguf")
        known = next((entry.name for entry in self.models if entry.name == name), "")
        entry = ShelfEntry(
            name, name, ModelRole.CHAT, (), "", 1_000_000_000, 1_500_000_000, True, "", body.path, is_user=True,
            is_elsewhere=True, quantisation="Q4_K_M", parameters=1_700_000_000,
        )  # fmt: skip
        self.answer(request_id, m.ModelInspected(entry, known, 50_000_000_000, *self.memory))

    def _on_DropPull(self, request_id: int, body: m.DropPull) -> None:
        self.models = tuple(replace(e, partial_bytes=0) if body.name in {e.name, "starter"} else e for e in self.models)
        self.answer(request_id, self._shelf())

    def _on_CompareModels(self, request_id: int, body: m.CompareModels) -> None:
        for place in range(len(body.models)):
            for phase in ("searching", "loading", "writing"):
                self.answer(request_id, m.ModelTried(place, phase=m.PhaseChanged(phase)), last=False)
            for piece in _pieces(self.answer_made.text):
                self.answer(request_id, m.ModelTried(place, text=piece), last=False)
            self.answer(request_id, m.ModelTried(place, answer=self.answer_made), last=False)
        self.answer(request_id, m.Done())

    def _on_RemoveModel(self, request_id: int, body: m.RemoveModel) -> None:
        self.models = tuple(e for e in self.models if e.name != body.name)
        self.answer(request_id, self._shelf())

    def _on_UseModel(self, request_id: int, body: m.UseModel) -> None:
        if any(entry.name == body.name and entry.role is ModelRole.EMBEDDER for entry in self.models):
            self.embedder = body.name
            self.answer(request_id, m.Done())
            return
        self.chat_model = body.name
        self.chat_model_title = next((e.title for e in self.models if e.name == body.name), body.name)
        self.answer(request_id, m.Done())
        self.notice(m.ModelChanged(self.chat_model, self.chat_model_title, self.embedder))

    def _on_GetSettings(self, request_id: int, _body: m.GetSettings) -> None:
        self.answer(request_id, m.SettingsReport(self.settings, (), self.prompts))

    def _on_ListStored(self, request_id: int, _body: m.ListStored) -> None:
        self.answer(request_id, m.StoredReport(self.stored))

    def _on_GetAbout(self, request_id: int, _body: GetAbout) -> None:
        self.answer(request_id, AboutReport(self.about))

    def _on_ReadLicence(self, request_id: int, body: ReadLicence) -> None:
        self.answer(request_id, LicenceRead(body.key, self.licences.get(body.key, ())))

    def _on_CheckCopy(self, request_id: int, _body: CheckCopy) -> None:
        self.answer(request_id, CopyCheckMoved(200_000_000, 400_000_000), last=False)
        self.answer(request_id, CopyChecked(self.checked))

    def _on_ClearData(self, request_id: int, body: m.ClearData) -> None:
        chats = self._backups_listed() if body.what != "index" else m.BackupsListed((), 0, 0)
        if body.what != "index":
            self.conversations, self.backups = (), ()
            self.drafts.clear()
        self.answer(request_id, m.Cleared(body.what, chats.conversations, chats.turns, len(chats.backups)))
        if body.what == "everything":
            self.settings = Settings()
            self.change_folders((), LibraryCounts())

    def _on_CheckForUpdate(self, request_id: int, _body: CheckForUpdate) -> None:
        self.answer(request_id, UpdateChecked(self.release))

    def _on_ChangeSettings(self, request_id: int, body: m.ChangeSettings) -> None:
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.values.items()}
        self.settings = replace(self.settings, **values)
        self.answer(request_id, m.SettingsReport(self.settings, (), self.prompts))

    def _on_OpenSource(self, request_id: int, body: m.OpenSource) -> None:
        document = self.documents.get(body.note, sample_document())
        if body.note.startswith("missing"):
            self.fail(request_id, NoteMissingError(path=body.note))
            return
        start = document.text.find(body.quote) if body.quote else -1
        end = start + len(body.quote) if start >= 0 else -1
        self.answer(
            request_id,
            m.SourceOpened(
                body.folder_id, body.note, f"/home/ada/My notes/{body.note}", document.title, document, start, end
            ),
        )

    def _on_DrawPage(self, request_id: int, body: m.DrawPage) -> None:
        rects = ((40.0, 60.0, 80.0, 12.0),) if body.quote else ()
        self.answer(
            request_id,
            m.PageDrawn(
                self.png, body.width_px, body.width_px * 4 // 3, body.page, 4, rects, self.page_text, self.page_boxes
            ),
        )

    def _on_ReadNoteImage(self, request_id: int, _body: m.ReadNoteImage) -> None:
        self.answer(request_id, m.NoteImageRead(self.png))

    def _on_ResolveLinks(self, request_id: int, body: ResolveLinks) -> None:
        places = (self.link_places.get(target, LinkPlace(target)) for target in body.targets)
        self.answer(request_id, LinksResolved(tuple(places)))

    def _on_FindBacklinks(self, request_id: int, body: FindBacklinks) -> None:
        found = self.backlinks.get(body.note, ())
        self.answer(request_id, BacklinksFound(found[: body.limit], len(found)))

    def _on_FindRelated(self, request_id: int, body: FindRelated) -> None:
        self.answer(request_id, RelatedFound(self.related.get(body.note, ())[: body.limit]))

    def _on_Ask(self, request_id: int, body: m.Ask) -> None:
        stepper = _Stepper(self, request_id, body)
        if self.pace_ms == 0:
            stepper.run_to_end()
        else:
            self._running[request_id] = stepper
            stepper.run_paced(self.pace_ms)

    def ended(self, request_id: int) -> None:
        self._running.pop(request_id, None)

    def _shelf(self) -> m.ModelsListed:
        free, total = self.memory
        return m.ModelsListed(
            self.models, self.chat_model, self.embedder, self.reranker, free, total, 50_000_000_000,
            mirror=self.settings.model_mirror, added=self.added,
        )  # fmt: skip


class _Stepper:
    """The events of one Ask, all at once or one by one."""

    def __init__(self, link: FakeLink, request_id: int, body: m.Ask) -> None:
        self._link = link
        self._request_id = request_id
        self._question = body.question
        self._scope = body.scope
        self._conversation = Conversation(
            body.conversation_id or 100 + request_id, body.question[:60], NOW_S, NOW_S, turns=1
        )
        self._turn_id = 1000 + request_id
        self._siblings = (body.replace_turn, self._turn_id) if body.replace_turn else (self._turn_id,)
        self._text = ""
        self._events = self._script()
        self._timer: QTimer | None = None

    def run_to_end(self) -> None:
        for body, last in self._events:
            self._link.answer(self._request_id, body, last)

    def run_paced(self, pace_ms: int) -> None:
        self._timer = QTimer()
        self._timer.setInterval(pace_ms)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def stopped_turn(self) -> Turn:
        answer = replace(self._link.answer_made, text=self._text, sentences=(), citations=())
        return self._turn(answer, TurnState.STOPPED)

    def _step(self) -> None:
        body, last = next(self._events)
        self._link.answer(self._request_id, body, last)
        if last:
            self.stop()
            self._link.ended(self._request_id)

    def _turn(self, answer: Answer, state: TurnState) -> Turn:
        asked = replace(answer, scope=self._scope)
        return Turn(self._turn_id, self._conversation.id, self._question, asked, state, NOW_S, siblings=self._siblings)

    def _script(self) -> Iterator[tuple[Any, bool]]:
        answer = self._link.answer_made
        yield m.TurnStarted(self._conversation, self._turn_id), False
        yield m.PhaseChanged("searching"), False
        yield m.EvidenceFound(answer.quote, answer.passages, weak=self._link.weak), False
        if not answer.refused:
            for done in (0, 400, 812):
                yield m.PhaseChanged("reading", done, 812, len(answer.passages)), False
            yield m.PhaseChanged("writing"), False
            for piece in _pieces(answer.text):
                self._text += piece
                yield m.TextAdded(piece), False
            yield m.PhaseChanged("checking"), False
            yield m.SentencesChecked(answer.sentences), False
        yield m.Answered(self._turn(answer, TurnState.DONE)), True


def _pieces(text: str, size: int = 6) -> Sequence[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def sample_about() -> About:
    """A copy that was built, with parts of every kind."""
    library, system = PartKind.LIBRARY, PartKind.SYSTEM
    parts = (
        Part("elephant", "Elephant", "0.1.0", PartKind.PROGRAM, "Apache-2.0", has_text=True),
        Part("chromadb", "chromadb", "1.5.9", library, "Apache-2.0", "https://github.com/chroma-core/chroma", True, 764),
        Part("jinja2", "Jinja2", "3.1.6", library, "BSD-3-Clause", "https://github.com/pallets/jinja/", True),
        Part("llama.cpp", "llama.cpp", "0.5.0", library, "MIT", "https://github.com/ggml-org/llama.cpp", True, 1),
        Part("numpy", "numpy", "2.4.6", library, "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", "https://numpy.org", True, 3),
        Part("python", "Python", "3.11.7", library, "PSF-2.0", "https://www.python.org/", True),
        Part("qt", "Qt", "6.11.3", library, "LGPL-3.0-only", "https://www.qt.io/", True, 1),
        Part("model:e5", "multilingual-e5-small", "Q4_0", PartKind.MODEL, "MIT", "https://huggingface.co/intfloat/multilingual-e5-small", True),
        Part("deb:libssl3", "libssl3", "3.0.19-1~deb12u2", system, "Apache-2.0", "https://www.openssl.org/", True),
        Part("deb:libodd", "libodd1", "1.0", system, "", "", False),
    )  # fmt: skip
    return About(
        version="0.1.0",
        commit="9c0f79b48cd4",
        made="2026-11-24",
        built_on="Debian GNU/Linux 12 (bookworm) x86_64",
        system="Ubuntu 26.04 LTS x86_64",
        python="3.11.7",
        qt="6.11.3",
        llama="0.5.0",
        licence="Apache-2.0",
        parts=parts,
        program="/opt/elephant",
        bill="/opt/elephant/_internal/about/parts.cdx.json",
        bill_sha256="69af238d85370d063f343760b1728ec03bce0f0ef3d238709fdf1df22e58c815",
        has_checksums=True,
        is_built=True,
    )


def sample_chunks() -> tuple[IndexedChunk, ...]:
    """TEXT as two chunks; the meaning of the second is not read yet."""
    middle = TEXT.index("Hotel")
    return (
        IndexedChunk(0, TEXT[:middle], 0, middle, ("Outbound",), 2, has_vector=True),
        IndexedChunk(1, TEXT[middle:], middle, len(TEXT), ("Hotel",), 2),
    )


def _file_key(file: FileInfo) -> tuple[str, int, str]:
    return file.reason, file.folder_id, file.note


def _is_wanted(file: FileInfo, query: FileQuery) -> bool:
    return (
        (not query.states or file.state in query.states)
        and (not query.attention or file.state is FileState.FAILED)
        and (not query.reason or file.reason == query.reason)
        and query.name.casefold() in file.note.casefold()
        and query.folder_id in {0, file.folder_id}
    )


def sample_document() -> Document:
    """TEXT as a note of two headed sections."""
    blocks = []
    start = 0
    heading = ""
    for line in TEXT.split("\n"):
        end = start + len(line)
        if line in {"Outbound", "Hotel"}:
            blocks.append(Block(BlockKind.HEADING, start, end, level=2))
            heading = line
        else:
            blocks.append(Block(BlockKind.PARAGRAPH, start, end, (heading,)))
        start = end + 1
    return Document(TEXT, NoteFormat.MARKDOWN, title="Tickets and hotel", blocks=tuple(blocks))
