"""The answer that is being made, and for which conversation."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.desktop.chat.chat_turn import TurnView
from assistant.domain.answers import Turn
from assistant.ipc.engine_messages import Ask


@dataclass(slots=True)
class LiveAnswer:
    """request_id: 0 while the question waits for an engine that is just starting. turn_id: 0 until the engine has stored the question.
    partial: what was written of it before it failed."""

    view: TurnView
    conversation_id: int
    body: Ask
    request_id: int = 0
    turn_id: int = 0
    partial: Turn | None = None

    @property
    def is_begun(self) -> bool:
        """Whether the engine has stored the question, or written of its answer."""
        return bool(self.turn_id or self.partial is not None or self.view.answer.markdown)
