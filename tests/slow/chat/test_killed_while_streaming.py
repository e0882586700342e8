"""kill -9 of a process that streams an answer: the question and the part that was on screen are still there."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from assistant.chat.backups import is_sound
from assistant.chat.conversations import ConversationStore
from assistant.domain.answers import TurnState

STREAMER = textwrap.dedent(
    """
    import sys, threading
    from pathlib import Path
    import assistant.chat.answering as answering
    from assistant.chat.events import TextAdded
    from assistant.retrieval.ports import Scope
    from tests.unit.chat.chat_fakes import ScriptedModel, make_answerer, make_passage, open_store

    answering._SAVE_EVERY_S = 0.0
    store = open_store(Path(sys.argv[1]))
    model = ScriptedModel(f"Word {n} follows. " for n in range(100_000))
    answerer = make_answerer(store, passages=[make_passage("Some note.")], model=model)
    print("asked", flush=True)
    seen = 0
    for event in answerer.answer("Will this survive? 大象", 0, Scope(), threading.Event()):
        seen += isinstance(event, TextAdded)
        print(seen, flush=True)
    """
)


@pytest.mark.slow
@pytest.mark.parametrize("after_lines", [2, 5, 9, 14, 23])
def test_killed_process_loses_neither_question_nor_partial(tmp_path: Path, after_lines: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STREAMER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(after_lines)]
    process.kill()
    process.wait()
    process.stdout.close()

    store = ConversationStore(tmp_path / "conversations.sqlite", tmp_path / "backups")
    assert store.report.moved_aside is None
    [conversation] = store.list_conversations()
    [turn] = store.open_conversation(conversation.id)[1]
    assert turn.question == "Will this survive? 大象"
    assert turn.state is TurnState.CUT
    # Each printed count but the last was followed by a save before the next line could be printed.
    saved_words = turn.answer.text.count("follows")
    assert saved_words >= int(acknowledged[-1]) - 1
    store.close()
    assert is_sound(tmp_path / "conversations.sqlite")
