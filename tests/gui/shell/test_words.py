"""Everything that can happen has words, and they follow the rules of our language."""

# ruff: noqa: DTZ001 (the clock on the wall is meant)

from __future__ import annotations

from datetime import datetime
from string import ascii_letters

import pytest

from assistant.cli.words import DOWNLOAD_REASONS, MODEL_REASONS
from assistant.desktop.common import words
from assistant.domain import errors
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileInfo, FileState, IndexProgress, LibraryCounts


def all_kinds(root: type[AssistantError] = AssistantError) -> list[type[AssistantError]]:
    return [root] + [kind for sub in root.__subclasses__() for kind in all_kinds(sub)]


@pytest.mark.parametrize("kind", [k for k in all_kinds() if k.__module__ == errors.__name__], ids=lambda k: k.kind)
def test_every_kind_of_error_has_its_own_words(kind: type[AssistantError]):
    assert kind.kind in words._WORDINGS
    said = words.error_words(kind())
    assert said.happened
    assert "!" not in said.as_text()
    assert "{" not in said.as_text()


def test_errors_that_stop_work_say_what_still_works_and_what_to_do():
    for error in (
        errors.ModelUnavailableError(model="x", reason="damaged"),
        errors.DiskFullError(path="/", needed_bytes=5_000_000_000, free_bytes=1_000_000_000),
        errors.ProcessBrokenError(process="model", crashes=3),
        errors.StoreUnavailableError(store="conversations", reason="damaged"),
    ):
        said = words.error_words(error)
        assert said.still
        assert said.todo


def test_memory_is_named_when_a_model_does_not_fit():
    said = words.error_words(
        errors.ModelUnavailableError(model="big", reason="memory", needed_bytes=8_000_000_000, free_bytes=2_000_000_000)
    )
    assert "8.0 GB" in said.happened
    assert "2.0 GB" in said.happened


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("wrong-role", "Elephant has no use for this kind of model."),
        ("not-gguf", "This is no GGUF file."),
        ("no-memory", "Close other programs, or choose a smaller model."),
        ("unsupported-version", "Look for another file, or a newer Elephant."),
        ("no-runtime", "Run the set-up of Elephant again."),
        ("damaged", "The file is damaged. Search and the quotes from your notes still work. Get it again."),
    ],
)
def test_a_model_that_cannot_be_used_says_why(reason: str, said: str):
    text = words.error_words(errors.ModelUnavailableError(model="mmproj.gguf", reason=reason)).as_text()
    assert text.startswith("“mmproj.gguf” cannot be used. ")
    assert said in text
    assert ("Get it again." in text) == (reason == "damaged"), "not where another copy would be the same"


def test_every_reason_of_the_command_line_has_words_in_the_window():
    for reason in MODEL_REASONS:
        assert words.model_reason(reason), reason
    unknown = words._download_reason("from-a-later-version")
    for reason in DOWNLOAD_REASONS:
        assert words._download_reason(reason) != unknown or reason == "no-network", reason


def test_without_a_model_it_is_said_that_there_is_none():
    for model in ("", "chat"):
        said = words.error_words(errors.ModelUnavailableError(model=model, reason="missing"))
        assert said.happened == "There is no model to write answers yet."


@pytest.mark.parametrize("reason", ["no-pip", "not-writable", "checksum", "damaged", "not-found", "index"])
def test_the_connection_is_blamed_only_for_what_it_does(reason: str):
    said = words.error_words(errors.DownloadError(name="smollm2", reason=reason))
    assert "connection" not in said.todo
    assert "smollm2" in said.happened
    assert "connection" in words.error_words(errors.DownloadError(name="smollm2", reason="no-network")).todo


def test_an_unknown_kind_gets_the_words_of_an_unexpected_one():
    class NewError(AssistantError):
        kind = "from-a-later-version"

    assert words.error_words(NewError()) == words.error_words(errors.InternalError())


@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_reason_has_a_word_and_a_sentence(code: ReasonCode):
    assert words.reason_word(code) != words.reason_word("something new")
    assert words.reason_sentence(code).endswith(".")


def test_a_file_that_is_too_large_is_told_with_the_limit():
    file = FileInfo(1, 1, "huge.log", FileState.SKIPPED, ReasonCode.TOO_LARGE, "50000000", size_bytes=10**9)
    assert words.file_state(file) == (
        "This file is larger than the limit of 50 MB. You can raise the limit in the settings."
    )


def test_a_file_without_a_reason_has_none_in_words():
    assert words.reason_word("") == ""
    assert words.file_state(FileInfo(1, 1, "a.md", FileState.READY)) == "Ready"


@pytest.mark.parametrize(
    ("left_s", "said"),
    [
        (None, ""),
        (float("nan"), ""),
        (-1.0, ""),
        (20.0, "less than a minute left"),
        (170.0, "about 3 min left"),
        (7300.0, "about 2 h left"),
    ],
)
def test_time_left_is_rounded_and_honest(left_s: float | None, said: str):
    assert words.time_left(left_s) == said


def test_progress_is_told_in_notes():
    progress = IndexProgress("embedding", 25_540, 41_208, 130.0, 190.0)
    counts = LibraryCounts(notes=5_722, keyword_ready=2_020, ready=3_290)
    assert words.progress_line(progress, counts) == "Reading meaning · 3,290 of 5,310 notes"
    assert words.progress_hint(progress) == "About 3 min left · words are searchable now"


def test_one_is_not_a_plural():
    assert words.count_notes(1) == "1 note"
    assert words.count_notes(1_200) == "1,200 notes"
    assert words.count_attention(1) == "1 needs attention"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (datetime(2026, 11, 22, 9, 5), "09:05"),
        (datetime(2026, 11, 21, 23, 0), "yesterday"),
        (datetime(2026, 11, 17, 8, 0), "Tue"),
        (datetime(2026, 9, 3, 8, 0), "3 Sep"),
        (datetime(2025, 9, 3, 8, 0), "3 Sep 2025"),
    ],
)
def test_a_moment_is_as_short_as_its_distance_allows(then: datetime, said: str):
    assert words.moment(then.timestamp(), datetime(2026, 11, 22, 12, 0)) == said


def test_search_by_meaning_has_one_name_in_chinese(chinese):
    names = {
        words.translate("LibraryPage", "Search by meaning"),
        words.translate("ModelsPage", "Finding by meaning"),
    }
    assert names == {"按内容搜索"}


@pytest.mark.parametrize("reason", [*MODEL_REASONS, "from-a-later-version"])
def test_a_models_trouble_is_said_in_chinese_throughout(chinese, reason: str):
    text = words.error_words(errors.ModelUnavailableError(model="模型", reason=reason)).as_text()
    assert not set(text.replace("GGUF", "").replace("Elephant", "")) & set(ascii_letters), text


@pytest.mark.parametrize("reason", [*DOWNLOAD_REASONS, "from-a-later-version"])
def test_a_failed_download_is_said_in_chinese_throughout(chinese, reason: str):
    text = words.error_words(errors.DownloadError(name="模型", reason=reason)).as_text()
    for name in ("Elephant", "Python", "pip"):
        text = text.replace(name, "")
    assert not set(text) & set(ascii_letters), text
