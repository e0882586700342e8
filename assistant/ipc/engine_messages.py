"""What the window (or any other client) and the engine say to each other.

A request is one struct; the engine answers with any number of events carrying the request's id, the last of which ends it (see
`ipc.service`). Events with request id 0 are notices: nobody asked, everybody connected hears them.
"""

from __future__ import annotations

import msgspec

from assistant.domain.answers import (
    Answer,
    AskScope,
    BackupSummary,
    Conversation,
    InstantQuote,
    Passage,
    SentenceCheck,
    Turn,
)
from assistant.domain.changes import NoteChange
from assistant.domain.documents import Document
from assistant.domain.library import (
    FileInfo,
    FileQuery,
    FolderInfo,
    IndexedChunk,
    IndexProgress,
    LibraryCounts,
    ReasonCount,
    Renewal,
    TreeEntry,
)
from assistant.domain.models import ShelfEntry
from assistant.domain.order import ResultOrder, TreeOrder
from assistant.domain.search import SearchExplanation, Understood
from assistant.domain.settings import SettingProblem, Settings
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


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """Base of every message: the struct's name is its tag on the wire."""


# ---- requests ------------------------------------------------------------------------------------------------------------


class Hello(_Tagged, frozen=True):
    """First request. Ends with Welcome."""


class GetStatus(_Tagged, frozen=True):
    """Ends with StatusReport."""


class AddFolder(_Tagged, frozen=True):
    """path: a folder, or a single file. Ends with FolderAdded. Errors: FolderUnavailableError."""

    path: str


class RemoveFolder(_Tagged, frozen=True):
    """Forget a folder and its index; the notes themselves are not touched. Ends with Done."""

    folder_id: int


class RescanFolder(_Tagged, frozen=True):
    """Compare folder and index now. folder_id 0: all. Ends with Done when the comparison has ended."""

    folder_id: int = 0


class AnswerMassDelete(_Tagged, frozen=True):
    """Many notes vanished at once: remove them from the index (accept) or keep them and look again later. Ends with Done."""

    folder_id: int
    accept: bool


class PauseIndexing(_Tagged, frozen=True):
    paused: bool


class ForgetNote(_Tagged, frozen=True):
    """Leave no word of a note in the data folder: index, answers that used it, backups. It is not read again before RetryFile asks for
    it. Ends with NoteForgotten. Errors: BadRequestError."""

    folder_id: int
    note: str


class RetryFile(_Tagged, frozen=True):
    """Read a failed or skipped file again. password: for a locked PDF, kept in memory for this run only. Ends with Done."""

    folder_id: int
    note: str
    password: str = ""


class ListTree(_Tagged, frozen=True):
    """Children of a folder (under: sub-folder path with `/`, "" for the root), so many from a place on; limit 0: all. Ends with TreeListed."""

    folder_id: int
    under: str = ""
    order: TreeOrder = TreeOrder.NAME
    offset: int = 0
    limit: int = 0


class ListAttention(_Tagged, frozen=True):
    """Failed files, then those skipped for a reason the user can act on. Ends with TreeListed."""

    limit: int = 500


class ListFiles(_Tagged, frozen=True):
    """A page of the files that a query wants, those with the same reason beside each other. after: reason, folder and note of the last one
    of the page before. Ends with FilesListed."""

    query: FileQuery = FileQuery()
    after: tuple[str, int, str] | None = None
    limit: int = 200


class ListChanges(_Tagged, frozen=True):
    """What became of notes from a moment on (Unix seconds), the latest first. Ends with ChangesListed."""

    since_s: float
    limit: int = 500


class RetryFiles(_Tagged, frozen=True):
    """Read every failed or skipped file that a query wants again. Ends with FilesQueued."""

    query: FileQuery = FileQuery()


class ListChunks(_Tagged, frozen=True):
    """A page of a note's chunks as they are indexed. after: the ordinal of the last one of the page before. Ends with ChunksListed.
    Errors: BadRequestError."""

    folder_id: int
    note: str
    after: int = -1
    limit: int = 100


class SearchNotes(_Tagged, frozen=True):
    """Search as you type: a newer SearchNotes cancels an older one. Ends with SearchDone."""

    query: str
    top: int = 20
    folder_id: int = 0
    order: ResultOrder = ResultOrder.BEST


class ExplainSearch(_Tagged, frozen=True):
    """The same search, with the reason for every place. note: also say where this note of note_folder_id stands, and why it may be missing.
    Ends with SearchExplained."""

    query: str
    top: int = 20
    folder_id: int = 0
    note_folder_id: int = 0
    note: str = ""


class CompleteFilter(_Tagged, frozen=True):
    """What a filter's value may be, for the search box. key: "folder", "type", "tag" or "title"; beginning: what is typed so far of the value.
    Ends with FilterCompleted."""

    key: str
    beginning: str = ""
    limit: int = 8


class Ask(_Tagged, frozen=True):
    """Answer a question. conversation_id 0 starts a conversation. replace_turn: regenerate or edit-and-resend that turn, as a branch beside
    it. after_turn: the turn before this one; 0 for the last of the branch that is looked at. scope: ask only these notes.

    Events: TurnStarted, PhaseChanged*, EvidenceFound, TextAdded*, SentencesChecked*. Ends with Answered (also when the user
    stopped it: turn.state is then "stopped") or Failed; after a Failed the partial answer is in Failed.turn.
    """

    question: str
    conversation_id: int = 0
    replace_turn: int = 0
    folder_ids: tuple[int, ...] = ()
    after_turn: int = 0
    scope: AskScope = AskScope()


class SetFeedback(_Tagged, frozen=True):
    """reasons: of FEEDBACK_REASONS. text: the person's own words. Ends with Done."""

    turn_id: int
    feedback: int
    reasons: tuple[str, ...] = ()
    text: str = ""


class SuggestFollowUps(_Tagged, frozen=True):
    """What to ask next after a turn, made from the notes that were found for it. Ends with QuestionsSuggested."""

    turn_id: int
    count: int = 3


class ListConversations(_Tagged, frozen=True):
    """query: words to look for in titles, questions and answers. Ends with ConversationsListed, pinned ones first, then newest first."""

    query: str = ""
    limit: int = 500


class OpenConversation(_Tagged, frozen=True):
    """The branch that was looked at last. limit: so many turns at most, the last ones, or those from at_turn on; 0 for all. at_turn 0, or
    not in that branch: the last ones. Ends with ConversationOpened."""

    conversation_id: int
    limit: int = 0
    at_turn: int = 0


class ChooseBranch(_Tagged, frozen=True):
    """Look at the branch that goes through a turn, now and when its conversation is opened again. limit: so many turns at most, from that
    one on, or the last ones if those are among them; 0 for all. Ends with ConversationOpened."""

    turn_id: int
    limit: int = 0


class GetTurns(_Tagged, frozen=True):
    """Turns by their ids, as ConversationOpened tells them. Ends with TurnsFound."""

    turn_ids: tuple[int, ...]


class PinConversation(_Tagged, frozen=True):
    conversation_id: int
    is_pinned: bool


class SaveDraft(_Tagged, frozen=True):
    """Keep what is typed and not sent; "" forgets it. conversation_id 0: in a chat that has not begun. Ends with Done."""

    conversation_id: int
    text: str


class GetDraft(_Tagged, frozen=True):
    """Ends with DraftFound."""

    conversation_id: int = 0


class RenameConversation(_Tagged, frozen=True):
    conversation_id: int
    title: str


class DeleteConversation(_Tagged, frozen=True):
    """Ends with Done. Can be undone with RestoreConversation for ten minutes at least, also by an engine that was restarted meanwhile."""

    conversation_id: int


class RestoreConversation(_Tagged, frozen=True):
    conversation_id: int


class ListBackups(_Tagged, frozen=True):
    """Ends with BackupsListed."""


class BackUpNow(_Tagged, frozen=True):
    """Back the conversations up, also if nothing has changed. Ends with BackupsListed. Errors: StoreUnavailableError, DiskFullError."""


class RestoreBackup(_Tagged, frozen=True):
    """Put a backup of the conversations in the place of those of now, which are backed up first. Ends with BackupRestored.

    Errors: BadRequestError (no such backup; reason "answering" while an answer is being made), StoreUnavailableError (store "backup": it
    is damaged). Nothing is changed then."""

    number: int


class ListStored(_Tagged, frozen=True):
    """What is kept where. Ends with StoredReport."""


class ClearData(_Tagged, frozen=True):
    """Take something away for good. what: "chats" (with backups), "index" (it is made anew from the notes), or "everything": those, the list
    of folders, the settings and the logs. Models stay, and notes are never touched. Ends with Cleared.

    Errors: BadRequestError (reason "answering" while an answer is being made; nothing is changed then), StoreUnavailableError."""

    what: str


class ExportConversations(_Tagged, frozen=True):
    """Write conversations into a file of the user's choice, which is replaced if it is there. conversation_ids () for all; format: "md" or
    "json". Ends with Exported. Errors: BadRequestError, DiskFullError, StoreUnavailableError (store "export")."""

    path: str
    format: str
    conversation_ids: tuple[int, ...] = ()


class OpenSource(_Tagged, frozen=True):
    """Read a note for the source viewer, with the place to mark. Ends with SourceOpened. Errors: NoteMissingError,
    NoteUnreadableError, BadRequestError (not in a watched folder).

    around: what stood before and after the quote, as far as the window knows: a note that has changed may hold its words twice."""

    folder_id: int
    note: str
    quote: str = ""
    start: int = 0
    end: int = 0
    around: tuple[str, str] = ("", "")


class DrawPage(_Tagged, frozen=True):
    """A PDF page as a picture with the quoted words' rectangles. page from 1. Ends with PageDrawn.

    quote, around: what of the quoted words stands on this page, and what stands before and after it there (`part_on_page`). with_text: also
    the page's characters and where each stands.
    """

    folder_id: int
    note: str
    page: int
    width_px: int
    quote: str = ""
    around: tuple[str, str] = ("", "")
    with_text: bool = False


class ReadNoteImage(_Tagged, frozen=True):
    """An image that a note shows, if it lies inside the note's own folder root. Ends with NoteImageRead."""

    folder_id: int
    note: str
    target: str
    max_width_px: int = 1600


class SuggestQuestions(_Tagged, frozen=True):
    """Questions made from the notes, for an empty chat. Ends with QuestionsSuggested."""

    count: int = 4
    language: str = "en"


class ListModels(_Tagged, frozen=True):
    """Ends with ModelsListed."""


class PullModel(_Tagged, frozen=True):
    """Fetch a model of the shelf ("starter" for the starter set). Beside CheckForUpdate the only request that uses the network. Events: PullProgress.
    Ends with ModelsListed. Errors: DownloadError, DiskFullError. What has come when it is stopped or fails is gone on with by the next one."""

    name: str


class DropPull(_Tagged, frozen=True):
    """Throw away what an interrupted PullModel has left. Ends with ModelsListed. Errors: BadRequestError; ModelUnavailableError, reason
    "fetching", while a PullModel of it is under way."""

    name: str


class InspectModel(_Tagged, frozen=True):
    """What a GGUF file of the user's is, before it is added. Events: PullProgress, where it has to be read through. Ends with ModelInspected.
    Errors: ModelUnavailableError."""

    path: str


class AddModel(_Tagged, frozen=True):
    """Put a GGUF file of the user's on the shelf, where it lies or as a copy in the models folder. Events: PullProgress while copying.
    Ends with ModelsListed. Errors: ModelUnavailableError, DiskFullError."""

    path: str
    copy: bool = False


class RemoveModel(_Tagged, frozen=True):
    """Take a model off the shelf, also one in use. Its file is deleted if it lies in the models folder. Ends with ModelsListed. Errors:
    BadRequestError, ModelUnavailableError (the file cannot be deleted)."""

    name: str


class UseModel(_Tagged, frozen=True):
    """Choose the chat model or, by the name of an embedder, that. It is loaded once; ends with Done when it is the chosen one (for another
    embedder an index is then built beside the one in use). Errors: ModelUnavailableError; the one in use then stays in use."""

    name: str


class CompareModels(_Tagged, frozen=True):
    """Answer one question by each of these chat models in turn, from the same evidence. Nothing is stored, and the model in use stays in use.

    Events: ModelTried, for each model its phases, the evidence, its text as it comes, and the answer. Ends with Done.
    Errors: BadRequestError, and what keeps the evidence from being found."""

    question: str
    models: tuple[str, ...]
    folder_ids: tuple[int, ...] = ()


class CancelRenewal(_Tagged, frozen=True):
    """Keep the embedder in use: the index that is being built for another is given up. Ends with Done. Errors: BadRequestError."""


class RestartPart(_Tagged, frozen=True):
    """Start a part again whose breaker is open: "model" or "vectors". Ends with Done."""

    part: str


class GetSettings(_Tagged, frozen=True):
    """Ends with SettingsReport."""


class ChangeSettings(_Tagged, frozen=True):
    """values: field name to new value. Ends with SettingsReport. Errors: BadRequestError (nothing is changed then)."""

    values: dict[str, str | int | float | bool | list[str]]


EngineRequest = (
    Hello | GetStatus | AddFolder | RemoveFolder | RescanFolder | AnswerMassDelete | PauseIndexing | ForgetNote | RetryFile | ListTree
    | ListAttention | SearchNotes | ExplainSearch | CompleteFilter | Ask | SetFeedback | ListConversations | OpenConversation | RenameConversation
    | DeleteConversation | RestoreConversation | OpenSource | DrawPage | ReadNoteImage | ResolveLinks | FindBacklinks | FindRelated | SuggestQuestions | ListModels | PullModel
    | AddModel | RemoveModel | UseModel | CancelRenewal | RestartPart | GetSettings | ChangeSettings | ListFiles | ListChanges | RetryFiles | ListChunks
    | DropPull | InspectModel | CompareModels | ListBackups | BackUpNow | RestoreBackup | ExportConversations | ChooseBranch
    | PinConversation | SaveDraft | GetDraft | SuggestFollowUps | ListStored | ClearData | GetTurns
    | GetAbout | ReadLicence | CheckCopy | CheckForUpdate
)  # fmt: skip


# ---- events that end a request -------------------------------------------------------------------------------------------


class Done(_Tagged, frozen=True):
    pass


class Failed(_Tagged, frozen=True):
    """turn: the question with the part of its answer that was finished, when an Ask failed."""

    error: ErrorMessage
    turn: Turn | None = None


class PartHealth(_Tagged, frozen=True):
    """Health of a part ("engine", "model", "vectors", "reader"). state: starting, running, restarting, stopped, broken.

    Also a notice whenever it changes. reason: a short cause for the details ("exit code -9").
    """

    part: str
    state: str
    crashes: int = 0
    reason: str = ""


class StatusReport(_Tagged, frozen=True):
    """embedder, chat_model, reranker: "" if there is none. exact_search: Chroma is away and exact search answers. sizes_bytes: each part of
    the data folder; index_bytes: what its index consists of. reasons: why files are not read. troubles: what keeps indexing from going on
    now."""

    folders: tuple[FolderInfo, ...]
    counts: LibraryCounts
    progress: IndexProgress
    chat_model: str
    chat_model_title: str
    embedder: str
    parts: tuple[PartHealth, ...]
    sizes_bytes: dict[str, int]
    exact_search: bool = False
    last_scan_s: float = 0.0
    renewal: Renewal | None = None
    reranker: str = ""
    index_bytes: dict[str, int] = {}
    reasons: tuple[ReasonCount, ...] = ()
    troubles: tuple[ErrorMessage, ...] = ()


class Welcome(_Tagged, frozen=True):
    """restored_from_backup: "" if the conversations were sound; else the name of the backup that has taken their place, or "empty" if
    there was none. restored: what is in that backup."""

    version: str
    data_dir: str
    status: StatusReport
    settings: Settings
    setting_problems: tuple[SettingProblem, ...] = ()
    restored_from_backup: str = ""
    restored: BackupSummary | None = None
    read_only: bool = False


class FolderAdded(_Tagged, frozen=True):
    """already: it (or a folder above it) was already in the library."""

    folder: FolderInfo
    already: bool = False


class NoteForgotten(_Tagged, frozen=True):
    """answers: how many used the note and are gone with it."""

    answers: int


class TreeListed(_Tagged, frozen=True):
    """total: how many there are in all, of which these may be a part; 0 for a list that is no folder's."""

    entries: tuple[TreeEntry, ...]
    total: int = 0


class FilesListed(_Tagged, frozen=True):
    """total: how many files the query wants in all."""

    files: tuple[FileInfo, ...]
    total: int


class ChangesListed(_Tagged, frozen=True):
    """total: of how many notes there is news in all."""

    changes: tuple[NoteChange, ...]
    total: int


class FilesQueued(_Tagged, frozen=True):
    files: int


class ChunksListed(_Tagged, frozen=True):
    file: FileInfo
    chunks: tuple[IndexedChunk, ...]


class SearchDone(_Tagged, frozen=True):
    """complete: both legs answered; else words only (the vector leg is not ready). found: the words of titles and passages that count as what
    was typed, in lower case. dates_s: of each passage's note. unread: notes without a text as yet whose name fits."""

    passages: tuple[Passage, ...]
    conversations: tuple[Conversation, ...] = ()
    complete: bool = True
    understood: Understood = Understood()
    found: tuple[str, ...] = ()
    dates_s: tuple[float, ...] = ()
    unread: tuple[FileInfo, ...] = ()


class SearchExplained(_Tagged, frozen=True):
    explanation: SearchExplanation


class FilterCompleted(_Tagged, frozen=True):
    """values: most used first."""

    values: tuple[str, ...]


class Answered(_Tagged, frozen=True):
    turn: Turn


class ConversationsListed(_Tagged, frozen=True):
    conversations: tuple[Conversation, ...]


class ConversationOpened(_Tagged, frozen=True):
    """turns: of one branch, or a page of them. draft: what is typed there and not sent. above, below: the ids of that branch's turns before
    and behind the page, first to last."""

    conversation: Conversation
    turns: tuple[Turn, ...]
    draft: str = ""
    above: tuple[int, ...] = ()
    below: tuple[int, ...] = ()


class TurnsFound(_Tagged, frozen=True):
    """In the order they were asked for; one that is gone is left out."""

    turns: tuple[Turn, ...]


class DraftFound(_Tagged, frozen=True):
    conversation_id: int
    text: str


class BackupsListed(_Tagged, frozen=True):
    """backups: newest first. conversations, turns: how many there are now."""

    backups: tuple[BackupSummary, ...]
    conversations: int
    turns: int


class BackupRestored(_Tagged, frozen=True):
    """undo: the backup of what was there until now."""

    restored: BackupSummary
    undo: BackupSummary


class StoredPart(msgspec.Struct, frozen=True):
    """name: conversations, backups, index, settings, models or logs. path: its file or folder."""

    name: str
    path: str
    size_bytes: int


class StoredReport(_Tagged, frozen=True):
    parts: tuple[StoredPart, ...]


class Cleared(_Tagged, frozen=True):
    """what: as asked. chats, turns, backups: how many of each are gone."""

    what: str
    chats: int = 0
    turns: int = 0
    backups: int = 0


class Exported(_Tagged, frozen=True):
    path: str
    conversations: int
    turns: int


class SourceOpened(_Tagged, frozen=True):
    """The note as it is now. start, end: where the quote stands in it now (-1, -1 if it is gone). moved: the note has changed
    since it was indexed and the quote was found at another place, or not at all."""

    folder_id: int
    note: str
    note_path: str
    title: str
    document: Document
    start: int
    end: int
    page: int | None = None
    moved: bool = False


class PageDrawn(_Tagged, frozen=True):
    """png: base64. rects: (x, y, width, height) in pixels of this picture, around the quoted words. text, boxes: the page's characters, if
    they were wanted, and a rectangle for each, all zeros where it has none."""

    png: str
    width_px: int
    height_px: int
    page: int
    page_count: int
    rects: tuple[tuple[float, float, float, float], ...] = ()
    text: str = ""
    boxes: tuple[tuple[int, int, int, int], ...] = ()


class NoteImageRead(_Tagged, frozen=True):
    """png: base64, or "" if there is no such image or it may not be shown."""

    png: str


class QuestionsSuggested(_Tagged, frozen=True):
    questions: tuple[str, ...]


class ModelsListed(_Tagged, frozen=True):
    """memory: what the system can give now, and what it has in all; disk_free_bytes: for the models folder. 0: nobody can tell. mirror: the
    setting of that name. added: the name of the model that AddModel has put there; known_as: under which it was there already."""

    entries: tuple[ShelfEntry, ...]
    chat_model: str
    embedder: str
    reranker: str = ""
    memory_free_bytes: int = 0
    memory_total_bytes: int = 0
    disk_free_bytes: int = 0
    mirror: str = ""
    added: str = ""
    known_as: str = ""


class ModelInspected(_Tagged, frozen=True):
    """known_as: the name under which the shelf has the same file, or its bytes, already."""

    entry: ShelfEntry
    known_as: str = ""
    disk_free_bytes: int = 0
    memory_free_bytes: int = 0
    memory_total_bytes: int = 0


class SettingsReport(_Tagged, frozen=True):
    """prompts: the shipped system prompt of each language."""

    settings: Settings
    problems: tuple[SettingProblem, ...] = ()
    prompts: dict[str, str] = {}


# ---- events on the way ---------------------------------------------------------------------------------------------------


class TurnStarted(_Tagged, frozen=True):
    """The question is stored: from here on it survives anything."""

    conversation: Conversation
    turn_id: int


class PhaseChanged(_Tagged, frozen=True):
    """phase: searching, loading, reading, writing, checking. done, total: tokens of the prompt while reading; passages: how many
    are read."""

    phase: str
    done: int = 0
    total: int = 0
    passages: int = 0


class EvidenceFound(_Tagged, frozen=True):
    """Before the model's first word. weak: the answer will be a refusal with the nearest passages."""

    quote: InstantQuote | None
    passages: tuple[Passage, ...]
    weak: bool = False


class TextAdded(_Tagged, frozen=True):
    text: str


class SentencesChecked(_Tagged, frozen=True):
    """Checks of the sentences finished so far, replacing earlier ones; citations of the chips among them come with Answered."""

    sentences: tuple[SentenceCheck, ...]


class PullProgress(_Tagged, frozen=True):
    """stage: waiting (for another download), fetching, checking, building, copying. speed_bytes_s 0.0, left_s None: nobody can tell yet."""

    stage: str
    done_bytes: int
    total_bytes: int
    speed_bytes_s: float = 0.0
    left_s: float | None = None


class ModelTried(_Tagged, frozen=True):
    """What is new in one column of a comparison: exactly one of the rest. place: of the model in CompareModels. answer: it has ended, with
    error if something kept it from writing."""

    place: int
    phase: PhaseChanged | None = None
    evidence: EvidenceFound | None = None
    text: str = ""
    answer: Answer | None = None
    error: ErrorMessage | None = None


# ---- notices (request id 0) ----------------------------------------------------------------------------------------------


class IndexMoved(_Tagged, frozen=True):
    """At most four a second while indexing, and one when it has ended. renewal: an index that is being built beside the one in use."""

    progress: IndexProgress
    counts: LibraryCounts
    renewal: Renewal | None = None


class FoldersChanged(_Tagged, frozen=True):
    """A folder came, went or changed state, or files in it changed: ask for the tree again where it is open."""

    folders: tuple[FolderInfo, ...]
    counts: LibraryCounts


class ModelChanged(_Tagged, frozen=True):
    chat_model: str
    title: str
    embedder: str


EngineEvent = (
    Done | Failed | PartHealth | StatusReport | Welcome | FolderAdded | NoteForgotten | TreeListed | SearchDone | SearchExplained | FilterCompleted | Answered | ConversationsListed
    | ConversationOpened | SourceOpened | PageDrawn | NoteImageRead | LinksResolved | BacklinksFound | RelatedFound | QuestionsSuggested | ModelsListed | SettingsReport | TurnStarted
    | PhaseChanged | EvidenceFound | TextAdded | SentencesChecked | PullProgress | IndexMoved | FoldersChanged | ModelChanged | FilesListed
    | ModelInspected | ModelTried | FilesQueued | ChangesListed | ChunksListed | BackupsListed | BackupRestored | Exported | DraftFound
    | StoredReport | Cleared | TurnsFound | AboutReport | LicenceRead | CopyCheckMoved | CopyChecked | UpdateChecked
)  # fmt: skip
