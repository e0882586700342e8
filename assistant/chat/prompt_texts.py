"""The texts of resources/prompts: what the model is told, and the few sentences the application says by itself in a chat."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.resources import resource


@dataclass(frozen=True, slots=True)
class AnswerTexts:
    system: str
    notes_open: str
    notes_close: str
    seen_before: str
    question_open: str
    question_close: str


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

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or resource("prompts")
        self._texts = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}

    def texts(self, language: str) -> PromptTexts:
        return self._texts.get(language) or self._texts["en"]


def _read(path: Path) -> PromptTexts:
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    answer = {name: text.lstrip("\n") if name == "system" else text for name, text in values["answer"].items()}
    return PromptTexts(
        AnswerTexts(**answer), SmallTexts(**values["small"]), dict(values["small_talk"]), values["forgotten"]["answer"]
    )
