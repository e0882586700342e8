"""A conversation to the tokens of a prompt, in a form that no text of the user's can bend."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain.models import PromptMessage
from assistant.models.foreign_template import Render, derive_template
from assistant.models.llama_runtime import LlamaModel, Vocabulary
from assistant.models.templates import PLAIN, ChatTemplate, known_template, write_prompt


class PromptWriter:
    """Writes prompts for one loaded model."""

    def __init__(self, vocabulary: Vocabulary, template: ChatTemplate) -> None:
        self._vocabulary = vocabulary
        self.template = template

    def tokens(self, messages: Sequence[PromptMessage]) -> list[int]:
        """Template words and trusted parts with control tokens enabled, everything else as plain text."""
        tokens = [self._vocabulary.bos] if self._vocabulary.adds_bos else []
        for part in write_prompt(self.template, messages):
            tokens += self._vocabulary.tokens(part.text, special=part.trusted)
        return tokens


def choose_template(model: LlamaModel, render: Render) -> ChatTemplate:
    """The family's own words, else what the file's template was found to write, else plain text."""
    vocabulary = model.vocabulary
    source = model.metadata("tokenizer.chat_template")

    def is_control(text: str) -> bool:
        tokens = vocabulary.tokens(text, special=True)
        return len(tokens) == 1 and vocabulary.is_control(tokens[0])

    def without_controls(text: str) -> str:
        tokens = vocabulary.tokens(text, special=True)
        return b"".join(vocabulary.piece(token) for token in tokens if not vocabulary.is_control(token)).decode(
            "utf-8", "replace"
        )

    known = known_template(source, is_control)
    if known is not None:
        return known
    bos = "" if vocabulary.adds_bos else vocabulary.text_of(vocabulary.bos) if vocabulary.bos >= 0 else ""
    eos = vocabulary.text_of(vocabulary.eos) if vocabulary.eos >= 0 else ""
    return derive_template(source, bos, eos, render, without_controls) or PLAIN
