"""What an answer says of itself while it is being made. The engine turns these into messages."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.answers import Conversation, InstantQuote, Passage, SentenceCheck, Turn


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The question is stored: from here on it survives anything."""

    conversation: Conversation
    turn_id: int


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """phase: searching, loading, reading, writing, checking. done, total: tokens of the prompt while reading; passages: how many
    are read. forgotten_turns: how many of the oldest turns no longer fit the model's context."""

    phase: str
    done: int = 0
    total: int = 0
    passages: int = 0
    forgotten_turns: int = 0


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """Before the model's first word. weak: the answer will be a refusal with the nearest passages."""

    quote: InstantQuote | None
    passages: tuple[Passage, ...]
    weak: bool = False


@dataclass(frozen=True, slots=True)
class TextAdded:
    text: str


@dataclass(frozen=True, slots=True)
class SentencesChecked:
    """Checks of the sentences finished so far, replacing earlier ones."""

    sentences: tuple[SentenceCheck, ...]


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The stored turn, always the last event. Its state is done or stopped; or failed, and then the error is raised next."""

    turn: Turn


ChatEvent = TurnStarted | PhaseChanged | EvidenceFound | TextAdded | SentencesChecked | TurnEnded
