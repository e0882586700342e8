"""The texts of resources/prompts: what the model is told, and the few sentences the application says by itself in a chat."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.domain.resources import resource


@dataclass(frozen=True, slots=True)
class AnswerTexts:
    """is_own: system is the user's, not ours."""

    system: str
    notes_open: str
    notes_close: str
    seen_before: str
    question_open: str
    question_close: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class SmallTexts:
    system: str
    question_open: str
    text_open: str
    close: str


@dataclass(frozen=True, slots=True)
class PromptTexts:
    """small_talk: an answer for each topic of routing. forgotten: in place of an answer from a note that is forgotten."""

    answer: AnswerTexts
    small: SmallTexts
    small_talk: dict[str, str]
    forgotten: str


class PromptLibrary:
    """Prompt texts by language, read once. A language without texts gets the English ones."""

    def __init__(self, folder: Path | None = None, own: Callable[[], Mapping[str, str]] = dict) -> None:
        """own: the user's own system texts by language, asked for each time; "" or none for the shipped one. They are checked where they
        are stored."""
        folder = folder or resource("prompts")
        self._texts = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
        self._own = own

    def texts(self, language: str) -> PromptTexts:
        language = language if language in self._texts else "en"
        texts = self._texts[language]
        own = self._own().get(language, "")
        return replace(texts, answer=replace(texts.answer, system=own, is_own=True)) if own else texts

    def shipped(self) -> dict[str, str]:
        """The system text of each language as it comes with Elephant."""
        return {language: texts.answer.system for language, texts in self._texts.items()}


def _read(path: Path) -> PromptTexts:
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    answer = {name: text.lstrip("\n") if name == "system" else text for name, text in values["answer"].items()}
    return PromptTexts(
        AnswerTexts(**answer), SmallTexts(**values["small"]), dict(values["small_talk"]), values["forgotten"]["answer"]
    )
