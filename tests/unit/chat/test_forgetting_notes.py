"""A forgotten note leaves no word in the conversations, nor in their backups."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.chat import forgetting
from assistant.chat.conversations import ConversationStore
from assistant.chat.forgetting import ForgottenNote
from assistant.documents.splitting import split_document
from assistant.domain.answers import Answer, AskScope, Citation, InstantQuote, Passage, Support, TurnState
from assistant.domain.documents import Document, NoteFormat
from assistant.domain.errors import StoreUnavailableError
from tests.unit.chat.chat_fakes import open_store

SECRET = "xylophone-7431"
INSTEAD = "It is forgotten."


def passage(note: str, text: str) -> Passage:
    return Passage(1, note, f"/notes/{note}", note, text, 0, len(text), 1.0)


def answer_from(note: str, text: str) -> Answer:
    quote = InstantQuote(text, 1, note, f"/notes/{note}", note, 0, len(text), 0, 0.9)
    citation = Citation(1, text, 1, note, f"/notes/{note}", note, text, 0, len(text), Support.QUOTED)
    return Answer(text=f"They say {text}", quote=quote, citations=(citation,), passages=(passage(note, text),))


def ask(store: ConversationStore, question: str, answer: Answer) -> int:
    return ask_in(store, 0, question, answer)


def ask_in(store: ConversationStore, conversation_id: int, question: str, answer: Answer) -> int:
    _, turn = store.start_turn(question, conversation_id)
    store.finish_turn(turn.id, answer, TurnState.DONE)
    return turn.id


def forget(store: ConversationStore, note: str, *texts: str) -> int:
    return store.forget_note(ForgottenNote(1, note, frozenset(texts)), lambda _question: INSTEAD)


def bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_word_of_it_is_left_in_the_file_its_log_and_its_backups(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    secret = ask(store, "What is the code?", answer_from("secret.md", f"The code is {SECRET}."))
    other = ask(store, "And the weather?", answer_from("weather.md", "It rains."))
    store.backup()
    ask(store, "The code again?", answer_from("secret.md", f"As said, {SECRET}."))
    store.backup()
    assert bytes_below(tmp_path).count(SECRET.encode()) > 0
    assert forget(store, "secret.md") == 2
    assert bytes_below(tmp_path).count(SECRET.encode()) == 0
    assert store.turn(secret).answer == Answer(text=INSTEAD)
    assert store.turn(secret).question == "What is the code?"
    assert store.turn(other).answer.text == "They say It rains."
    assert store.list_conversations(SECRET) == []
    assert [found.title for found in store.list_conversations("weather")] == ["And the weather?"]
    newest, oldest = store.backups()
    assert (newest.conversations, oldest.conversations) == (3, 2)
    store.restore_backup(oldest.number)
    assert store.turn(other).answer.text == "They say It rains."
    assert store.turn(secret).answer.text == INSTEAD


def test_an_answer_that_asked_only_this_note_goes_as_well(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    asked = AskScope(notes=((1, "secret.md"),), names=(SECRET,))
    turn = ask(store, "Anything?", Answer(text="Nothing.", refused=True, scope=asked))
    assert forget(store, "secret.md") == 1
    assert store.turn(turn).answer == Answer(text=INSTEAD)
    assert bytes_below(tmp_path).count(SECRET.encode()) == 0


def test_an_answer_from_before_it_was_renamed_goes_as_well(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    old = ask(store, "What is the code?", answer_from("old name.md", f"Before. The code is {SECRET}. After."))
    assert forget(store, "new name.md", f"The code is {SECRET}.") == 1
    assert store.turn(old).answer == Answer(text=INSTEAD)
    assert forget(store, "new name.md", "", " ") == 0


def test_every_chunk_of_a_renamed_note_is_known_again(tmp_path: Path) -> None:
    """As splitter and retriever make them: a chunk ends with the white space before the next one, a passage does not."""
    text = "\n\n".join(f"# Part {number}\n\n" + f"Sentence {number} of it is long enough. " * 30 for number in range(5))
    chunks = split_document(Document(text, NoteFormat.MARKDOWN), title="Parts", window_tokens=500)
    assert len(chunks) >= 5
    assert chunks[0].text != chunks[0].text.rstrip()
    store = open_store(tmp_path)
    turns = [ask(store, "What?", answer_from("old name.md", chunk.text.rstrip())) for chunk in chunks]
    assert forget(store, "new name.md", *[chunk.text for chunk in chunks]) == len(turns)


def test_what_a_model_wrote_after_having_read_the_answer_goes_as_well(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    before = ask_in(store, 0, "Hello!", Answer(text="Hello.", model="small"))
    conversation = store.turn(before).conversation_id
    told = ask_in(store, conversation, "What is the code?", answer_from("secret.md", f"The code is {SECRET}."))
    later = ask_in(store, conversation, "Say that in German.", Answer(text=f"Der Code ist {SECRET}.", model="small"))
    elsewhere = ask(store, "And the weather?", replace(answer_from("weather.md", "It rains."), model="small"))
    _, running = store.start_turn("And in French?", conversation)
    assert forget(store, "secret.md") == 3
    store.finish_turn(running.id, Answer(text=f"Le code est {SECRET}.", model="small"), TurnState.DONE)
    assert [store.turn(one).answer.text for one in (told, later, running.id)] == [INSTEAD] * 3
    assert store.turn(before).answer.text == "Hello."
    assert store.turn(elsewhere).answer.text == "They say It rains."
    assert bytes_below(tmp_path).count(SECRET.encode()) == 0


def test_what_a_kill_left_of_a_backup_goes(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ask(store, "What is the code?", answer_from("secret.md", f"The code is {SECRET}."))
    left = store.backup().path.with_name("conversations-000009-20260101T000000Z.part")
    for name in (left, left.with_name(left.name + "-journal"), tmp_path / "conversations.restoring"):
        name.write_text(SECRET, "utf-8")
    assert forget(store, "secret.md") == 1
    assert bytes_below(tmp_path).count(SECRET.encode()) == 0
    left.write_text(SECRET, "utf-8")
    store.backup()
    assert not left.exists()


def test_backups_keep_their_dates_and_one_that_cannot_be_changed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    turn = ask(store, "What is the code?", answer_from("secret.md", f"The code is {SECRET}."))
    infos = [store.backup(), store.backup()]
    for days, info in enumerate(infos):
        os.utime(info.path, (1_700_000_000 + days, 1_700_000_000 + days))
    real = forgetting.rename_patiently

    def rename(source: Path, target: Path) -> None:
        if target == infos[1].path:
            raise PermissionError(13, "held by another program")
        real(source, target)

    monkeypatch.setattr(forgetting, "rename_patiently", rename)
    with pytest.raises(StoreUnavailableError):
        forget(store, "secret.md")
    assert store.turn(turn).answer.text == INSTEAD
    assert SECRET.encode() not in infos[0].path.read_bytes()
    monkeypatch.undo()
    assert forget(store, "secret.md") == 0, "the answer is gone already"
    assert bytes_below(tmp_path).count(SECRET.encode()) == 0
    assert [backup.made_at_s for backup in store.backups()] == [1_700_000_001, 1_700_000_000]


def test_what_was_moved_aside_as_damaged_goes_and_so_does_a_broken_backup(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    ask(store, "What is the code?", answer_from("secret.md", f"The code is {SECRET}."))
    info = store.backup()
    store.close()
    info.path.write_bytes(info.path.read_bytes()[:3000])
    (database,) = tmp_path.rglob("conversations.sqlite")
    (database.with_name("conversations.damaged-1.sqlite")).write_text(SECRET, "utf-8")
    store = open_store(tmp_path)
    assert forget(store, "secret.md") == 1
    assert bytes_below(tmp_path).count(SECRET.encode()) == 0
    assert not info.path.exists()


def test_an_answer_that_is_being_made_meanwhile_is_not_kept_either(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    _, turn = store.start_turn("What is the code?")
    answer = answer_from("secret.md", f"The code is {SECRET}.")
    store.save_partial(turn.id, answer)
    assert forget(store, "secret.md") == 1
    store.save_partial(turn.id, answer)
    store.finish_turn(turn.id, answer, TurnState.DONE)
    assert store.turn(turn.id).answer == Answer(text=INSTEAD)
    assert bytes_below(tmp_path).count(SECRET.encode()) == 0
    store.remember_note(1, "secret.md")
    again = ask(store, "And now?", answer)
    assert store.turn(again).answer == answer
