"""A question and a text as the one row of tokens that a reranker was trained to read.

Encoders read begin, question, end, separator, text, end, as far as their vocabulary has these. A chat model trained to judge brings a
template with two places in it. Question and text are strangers' words in both: control tokens written in them stay plain text.
Source of the order: llama.cpp's server, its /rerank request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

QUERY, DOCUMENT = "{query}", "{document}"
_PLACES = re.compile(r"(\{query\}|\{document\})")
TEMPLATE_KEY = "tokenizer.chat_template.rerank"


class Words(Protocol):
    """What is needed of `llama_runtime.Vocabulary`."""

    @property
    def adds_eos(self) -> bool: ...

    @property
    def adds_sep(self) -> bool: ...

    @property
    def eos(self) -> int: ...

    @property
    def sep(self) -> int: ...

    def tokens(self, text: str, *, special: bool, wrap: bool = False) -> list[int]: ...

    def piece(self, token: int) -> bytes: ...

    def is_control(self, token: int) -> bool: ...


class ModelText(Protocol):
    """What is needed of `llama_runtime.LlamaModel`."""

    @property
    def vocabulary(self) -> Words: ...

    def metadata(self, key: str) -> str: ...


class PairFormat(Protocol):
    def pairs(self, query: str, texts: Sequence[str]) -> list[list[int]]:
        """One row of tokens for each text. None is longer than the window: the text is cut to fit, the question at half of it."""
        ...


def pair_format(model: ModelText, window: int) -> PairFormat:
    """The template that the file brings, if it has both places and leaves them room; else the marks of the vocabulary."""
    template = model.metadata(TEMPLATE_KEY)
    if template.count(DOCUMENT) == 1 and QUERY in template:
        templated = TemplatePairs(model.vocabulary, template, window)
        if templated.own_tokens <= window // 4:
            return templated
    return MarkedPairs(model, window)


class MarkedPairs:
    """Question and text between the vocabulary's own marks."""

    def __init__(self, model: ModelText, window: int) -> None:
        words = self._words = model.vocabulary
        self._window = window
        # What stands around a single text is what stands around a pair; asked of the vocabulary itself, since its flags do not say all.
        plain, wrapped = (words.tokens("a", special=False, wrap=wrap) for wrap in (False, True))
        at = next((i for i in range(len(wrapped)) if wrapped[i : i + len(plain)] == plain), len(wrapped))
        self._begin, self._end = wrapped[:at], wrapped[at + len(plain) :]
        end_mark = words.eos if words.eos >= 0 else words.sep
        between = [end_mark] if words.adds_eos else []
        if words.adds_sep or _names_separator_only(model):
            between.append(words.sep)
        self._between = [token for token in between if token >= 0]

    def pairs(self, query: str, texts: Sequence[str]) -> list[list[int]]:
        room = max(1, self._window // 2 - len(self._begin) - len(self._between))
        head = [*self._begin, *self._words.tokens(query, special=False)[:room], *self._between]
        room = self._window - len(head) - len(self._end)
        return [[*head, *self._words.tokens(text, special=False)[:room], *self._end] for text in texts]


def _names_separator_only(model: ModelText) -> bool:
    """A file from before files said whether to write their separator, when llama.cpp always did."""
    return bool(model.metadata("tokenizer.ggml.seperator_token_id")) and not model.metadata(
        "tokenizer.ggml.add_sep_token"
    )


class TemplatePairs:
    """Question and text in the places of a template."""

    def __init__(self, words: Words, template: str, window: int) -> None:
        self._words = words
        self._window = window
        self._parts = _parts(words, template)
        at = next(i for i, part in enumerate(self._parts) if isinstance(part, str) and DOCUMENT in part)
        document_part = self._parts[at]
        assert isinstance(document_part, str)
        self._before, self._after = self._parts[:at], self._parts[at + 1 :]
        self._lead, _place, self._rest = document_part.partition(DOCUMENT)
        self.own_tokens = len(self._filled(self._parts, ""))

    def pairs(self, query: str, texts: Sequence[str]) -> list[list[int]]:
        query = self._cut(query, self._window // 2 - self.own_tokens)
        before, lead = self._filled(self._before, query), self._lead.replace(QUERY, query)
        after = [*self._filled([self._rest], query), *self._filled(self._after, query)]
        room = self._window - len(before) - len(after)
        # Lead and text in one go: a space before a word belongs to the word's token.
        return [[*before, *self._words.tokens(lead + text, special=False)[:room], *after] for text in texts]

    def _filled(self, parts: Sequence[str | int], query: str) -> list[int]:
        tokens: list[int] = []
        for part in parts:
            if isinstance(part, int):
                tokens.append(part)
            elif part:
                tokens += self._words.tokens(part.replace(DOCUMENT, "").replace(QUERY, query), special=False)
        return tokens

    def _cut(self, text: str, most_tokens: int) -> str:
        tokens = self._words.tokens(text, special=False)
        if len(tokens) <= most_tokens:
            return text
        return b"".join(self._words.piece(token) for token in tokens[:most_tokens]).decode("utf-8", "ignore")


def _parts(words: Words, template: str) -> list[str | int]:
    """The template's control tokens, and the plain stretches between them."""
    parts: list[str | int] = []
    stretch = b""
    for token in words.tokens(template, special=True):
        if words.is_control(token):
            parts += [stretch.decode("utf-8", "ignore"), token]
            stretch = b""
        else:
            stretch += words.piece(token)
    return [part for part in [*parts, stretch.decode("utf-8", "ignore")] if part != ""]
