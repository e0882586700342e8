"""One of something is never called several, in any sentence that counts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fake_engine import FLIGHT, file_entry, sample_answer

from assistant.desktop.chat.chat_words import step_lines, unsupported_line
from assistant.desktop.chat.scope_words import scope_label
from assistant.desktop.common import words
from assistant.desktop.library.library_words import count_files, file_facts
from assistant.desktop.shell.drop_overlay import Drop, drop_words
from assistant.domain.answers import AskScope, SentenceCheck, Support, Timings
from assistant.domain.library import IndexProgress, LibraryCounts, Renewal

ONE_OF_SEVERAL = re.compile(
    r"\b1 (?:\w+ )?(?:notes|passages|questions|chats|files|tokens|sentences|folders|need)\b|one \w+s\b"
)
ONE = LibraryCounts(notes=1, queued=1, chunks=1)


def sentences() -> list[str]:
    file = file_entry("a.md").file
    assert file is not None
    answer = replace(sample_answer(), timings=Timings(write_s=1, prompt_tokens=1, completion_tokens=1))
    lonely = replace(answer, sentences=(SentenceCheck(0, 3, Support.UNSUPPORTED),))
    return [
        words.count_notes(1),
        words.count_passages(1),
        words.count_attention(1),
        words.count_questions(1),
        words.count_chats(1),
        words.chats_and_questions(1, 1),
        words.library_line(ONE),
        *(words.progress_line(IndexProgress(stage, 0, 1), ONE) for stage in ("scanning", "reading", "embedding")),
        words.renewal_line(Renewal("bge", IndexProgress("reading", 0, 1), "e5")),
        count_files(1),
        file_facts(replace(file, chunks=1, embedded=1)),
        file_facts(replace(file, chunks=1, embedded=0)),
        unsupported_line(lonely),
        unsupported_line(replace(answer, sentences=(), left_out=1)),
        *(f"{name}: {what}" for name, what in step_lines(answer)),
        *drop_words(Drop(notes=(FLIGHT.note_path,))),
        *drop_words(Drop(models=("/home/ada/a.gguf",))),
        scope_label(AskScope(folders=((1, "Travel"),))),
        scope_label(AskScope(notes=((1, "a.md"),))),
    ]


def test_one_is_one():
    said = sentences()
    assert [sentence for sentence in said if ONE_OF_SEVERAL.search(sentence)] == []
    assert all(said)


@pytest.mark.parametrize("wrong", ["1 notes", "0 of 1 notes", "1 tokens", "1 need attention"])
def test_a_wrong_plural_would_be_found(wrong):
    assert ONE_OF_SEVERAL.search(wrong)


def test_of_several_model_files_none_is_named_alone():
    title, hint = drop_words(Drop(models=("/home/ada/a.gguf", "/home/ada/b.gguf")))
    assert title == "Put 2 model files on the shelf"
    assert hint.startswith("Each")
