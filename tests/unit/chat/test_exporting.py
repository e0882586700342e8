"""Conversations as Markdown and JSON, with the note, the quote and the page of every citation."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.chat.conversations import ConversationStore
from assistant.domain import whole_files
from assistant.domain.answers import Answer, Citation, SentenceCheck, Support, TurnState
from assistant.domain.errors import BadRequestError, StoreUnavailableError
from assistant.engine.chats import Export
from tests.unit.chat.chat_fakes import make_passage, open_store, quote_of

PASSAGE = make_passage("大象记得一切。Elephants never forget.", note="动物/大象.md", page=3)
ANSWER = Answer(
    text="大象记得一切。They also fly.",
    quote=quote_of(PASSAGE, "大象记得一切。"),
    sentences=(SentenceCheck(0, 7, Support.QUOTED, 1), SentenceCheck(7, 21, Support.UNSUPPORTED)),
    citations=(
        Citation(
            1,
            "大象记得一切。",
            1,
            "动物/大象.md",
            "/n/动物/大象.md",
            "大象",
            "大象记得一切。",
            0,
            7,
            Support.QUOTED,
            (),
            3,
        ),
    ),
    passages=(PASSAGE,),
    model="m",
)


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    made = open_store(tmp_path)
    _, first = made.start_turn("大象记得什么？")
    made.finish_turn(first.id, ANSWER, TurnState.DONE)
    _, second = made.start_turn("Stopped\nquestion", 0)
    made.finish_turn(second.id, Answer(text="Half"), TurnState.STOPPED)
    return made


def test_markdown_holds_question_answer_quote_and_sources(store: ConversationStore) -> None:
    text = Export(store, [1]).text("md")
    assert text.startswith("# 大象记得什么？\n")
    assert "> 大象记得一切。\n>\n> — 动物/大象.md" in text
    assert "大象记得一切。They also fly." in text
    assert "1. 动物/大象.md, page 3: “大象记得一切。”" in text
    assert "Stopped" not in text


def test_json_holds_every_citation_and_what_is_not_in_the_notes(store: ConversationStore) -> None:
    values = json.loads(Export(store).text("json"))
    newest, oldest = values["conversations"]
    assert newest["turns"][0]["question"] == "Stopped\nquestion"
    assert newest["turns"][0]["state"] == "stopped"
    [citation] = oldest["turns"][0]["citations"]
    assert (citation["note"], citation["quote"], citation["page"]) == ("动物/大象.md", "大象记得一切。", 3)
    assert oldest["turns"][0]["unsupported"] == ["They also fly."]


def test_no_conversations_are_an_empty_but_valid_file(tmp_path: Path) -> None:
    export = Export(open_store(tmp_path))
    assert json.loads(export.text("json"))["conversations"] == []
    assert Export(open_store(tmp_path / "other")).text("md") == ""


def test_a_file_is_written_whole_and_counted(store: ConversationStore, tmp_path: Path) -> None:
    target = tmp_path / "out" / "chats.md"
    target.parent.mkdir()
    target.write_text("older", "utf-8")
    export = Export(store)
    export.write(target, "md")
    assert (export.conversations, export.turns) == (2, 2)
    assert target.read_text("utf-8").count("\n---\n") == 1
    assert "*(stopped)*" in target.read_text("utf-8")
    assert [path.name for path in target.parent.iterdir()] == ["chats.md"]


def test_what_cannot_be_written_leaves_what_was_there(store: ConversationStore, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError) as refused:
        Export(store).write(tmp_path / "nowhere" / "chats.md", "md")
    assert refused.value.fields["store"] == "export"
    with pytest.raises(BadRequestError):
        Export(store, [99])
    with pytest.raises(BadRequestError):
        Export(store).write(tmp_path / "chats.docx", "docx")
    assert not (tmp_path / "chats.docx").exists()


def test_a_file_that_something_holds_for_a_moment_is_replaced_all_the_same(
    store: ConversationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, refused, replace = tmp_path / "chats.md", [], Path.replace

    def held(source: Path, to: Any) -> Path:
        if len(refused) < 3:
            refused.append(to)
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace(source, to)

    target.write_text("an export of yesterday", "utf-8")
    monkeypatch.setattr(whole_files, "_REST_S", 0.0)
    monkeypatch.setattr(Path, "replace", held)
    Export(store, [1]).write(target, "md")
    assert target.read_text("utf-8") == Export(store, [1]).text("md")
    assert len(refused) == 3
