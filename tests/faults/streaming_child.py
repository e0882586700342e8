"""Streams answers that are to be killed. Reads a data folder a line, and for each one streams an answer in a process of its own.

Time is told by the tokens, `TOKENS_A_SECOND` of them a second, so that a second of text is the same on every machine. Before each
token a line says how many characters have been shown so far.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import assistant.chat.answering as answering
from assistant.chat.events import TextAdded
from assistant.retrieval.ports import Scope
from tests.unit.chat.chat_fakes import ScriptedModel, make_answerer, make_passage, open_store

TOKENS_A_SECOND = 20
QUESTION = "Will this survive? 大象"


def token(number: int) -> str:
    return f"Word {number} follows. "


class TextClock:
    """Stands in for the module `time`."""

    now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s

    def time(self) -> float:
        return 1_800_000_000.0 + self.now_s


def stream(folder: Path) -> None:
    clock = TextClock()
    answering.time = clock  # type: ignore[assignment]

    def script() -> Iterator[str]:
        for number in range(4000):
            clock.now_s += 1 / TOKENS_A_SECOND
            yield token(number)

    model = ScriptedModel()
    model.script = script()  # type: ignore[assignment]
    store = open_store(folder)
    answerer = make_answerer(store, passages=[make_passage("Some note.")], model=model)
    print(os.getpid(), flush=True)
    shown = 0
    for event in answerer.answer(QUESTION, 0, Scope(), threading.Event()):
        if isinstance(event, TextAdded):
            shown += len(event.text)
        print(shown, flush=True)


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            stream(Path(line.rstrip("\n")))
            os._exit(0)
        os.waitpid(child, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
