"""From a question to a cited answer: passages, quotes, citations, turns and conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a note returned for a query. text is `document.text[start:end]`. score: higher is better, within [0, 1].

    note: path relative to its folder with `/`. note_path: absolute. chunk_ids: the neighbouring chunks merged into it, in order.
    keyword_rank, vector_rank: 1-based ranks of its best chunk in each leg, None if that leg did not find it. similarity: the best
    centred cosine of the question with its chunks, None when the vector leg did not run. heading_path: above its first chunk;
    headings: above any of its chunks. also_in: other notes that hold the same text. named_in: the note whose
    passage names this one, for what only the second search found.
    """

    folder_id: int
    note: str
    note_path: str
    title: str
    text: str
    start: int
    end: int
    score: float
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    chunk_ids: tuple[str, ...] = ()
    keyword_rank: int | None = None
    vector_rank: int | None = None
    coverage: float = 0.0
    similarity: float | None = None
    headings: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    named_in: str = ""


@dataclass(frozen=True, slots=True)
class InstantQuote:
    """The one or two sentences of the notes that best answer the question, before the model has written.

    text is `document.text[start:end]` of that note. marks: (start, end) offsets into `text` of the words that prove it.
    confidence within [0, 1]. passage: index into the answer's passages. lead: where in `text` the best sentence stands. second: the other
    sentence, if it does not follow the first one but stands elsewhere; it has no second of its own.
    """

    text: str
    folder_id: int
    note: str
    note_path: str
    title: str
    start: int
    end: int
    passage: int
    confidence: float
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    marks: tuple[tuple[int, int], ...] = ()
    lead: tuple[int, int] | None = None
    second: InstantQuote | None = None

    @property
    def parts(self) -> tuple[InstantQuote, ...]:
        """This and, if there is one, the second; each is shown, opened and cited by itself."""
        return (self,) if self.second is None else (self, self.second)

    @property
    def all_text(self) -> str:
        """Both sentences, a line each if they stand apart."""
        return "\n".join(part.text for part in self.parts)


class Support(StrEnum):
    QUOTED = "quoted"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    NOT_A_CLAIM = "not-a-claim"


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage plus the place in the note it came from, attached to one sentence of an answer by the application.

    number: the chip's number, from 1, one per distinct place. quote is `document.text[start:end]` of that note.
    """

    number: int
    sentence: str
    folder_id: int
    note: str
    note_path: str
    title: str
    quote: str
    start: int
    end: int
    support: Support
    heading_path: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SentenceCheck:
    """One sentence `answer.text[start:end]` and how the notes support it. citation: a chip number or None."""

    start: int
    end: int
    support: Support
    citation: int | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds, and tokens; 0 where a step did not run."""

    search_s: float = 0.0
    quote_s: float = 0.0
    load_s: float = 0.0
    prompt_s: float = 0.0
    first_token_s: float = 0.0
    write_s: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class AskScope:
    """Which notes a question is asked; without any place: all. folders: (folder_id, path of a folder in it with `/`, "" for all of it).
    notes: (folder_id, note). names: what the places are called, for people."""

    folders: tuple[tuple[int, str], ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """True if it leaves any note out."""
        return bool(self.folders or self.notes)

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """Folders, their path ending with `/` (or "" for a whole watched folder), and notes."""
        return (*((number, f"{path}/" if path else "") for number, path in self.folders), *self.notes)


@dataclass(frozen=True, slots=True)
class Answer:
    """A completion and its citations. refused: the notes do not seem to say; passages are then the nearest ones. left_out: how many sentences
    of a very small model are not in text, because the notes do not prove them. has_forgotten: the model no longer read the oldest turns of the
    conversation. has_lost_gpu: it was computed on the processor, because the GPU could not take the model. scope: the notes that were
    asked."""

    text: str = ""
    refused: bool = False
    quote: InstantQuote | None = None
    sentences: tuple[SentenceCheck, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    timings: Timings = field(default_factory=Timings)
    model: str = ""
    left_out: int = 0
    has_forgotten: bool = False
    has_lost_gpu: bool = False
    scope: AskScope = AskScope()


class TurnState(StrEnum):
    """running: being made now; cut: the process died while it was being made and the finished part was kept."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    CUT = "cut"


FEEDBACK_REASONS = ("not-in-notes", "wrong-passage", "incomplete", "unclear")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer. asked_at_s: Unix seconds. feedback: -1, 0 or 1. error: an error kind if failed.

    parent_id: the turn before it; 0 for a first one. siblings: all turns with the same one before, this one among them, oldest first;
    () where nobody asked. feedback_reasons: of FEEDBACK_REASONS. feedback_text: the person's own words.
    """

    id: int
    conversation_id: int
    question: str
    answer: Answer
    state: TurnState
    asked_at_s: float
    feedback: int = 0
    error: str = ""
    parent_id: int = 0
    siblings: tuple[int, ...] = ()
    feedback_reasons: tuple[str, ...] = ()
    feedback_text: str = ""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """A backup of the conversations and what is in it, by its own tables. number: higher is newer. kind: "" for an everyday one,
    "before-upgrade", "before-restore". newest_at_s: when its newest conversation changed, 0 without one. is_sound False: it cannot be
    read, and its counts are 0."""

    number: int
    made_at_s: float
    size_bytes: int
    conversations: int = 0
    turns: int = 0
    newest_at_s: float = 0.0
    kind: str = ""
    is_sound: bool = True


@dataclass(frozen=True, slots=True)
class Conversation:
    """A tree of turns, of which one branch is looked at. title: the first question, shortened, until the user renames it. turns: of that
    branch. found, found_turn: when it was searched for, where the words stand; "" and 0 if only in the title."""

    id: int
    title: str
    created_at_s: float
    changed_at_s: float
    turns: int = 0
    is_pinned: bool = False
    found: str = ""
    found_turn: int = 0
