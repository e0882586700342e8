"""How a conversation is written for a model: which of the template's words stand between its messages.

A model file carries its template as a program in Jinja. Programs from strangers are not run while answering: known families have
their words here, as data, and an unknown template is tried out once in a process of its own (`foreign_template`), which yields the
same kind of data. Only these words, and parts marked trusted, are tokenised with control tokens enabled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain.models import PromptMessage, PromptPart

BEGIN, SYSTEM, USER, ASSISTANT, ANSWER = "begin", "system", "user", "assistant", "answer"
"""Roles, and the two ends: what stands before the first message, and what invites the model to write."""

NEEDED_JOINS = ((BEGIN, USER), (USER, ASSISTANT), (ASSISTANT, USER), (USER, ANSWER))


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """joins: the words between a message of one role and the next. A template without (begin, system) has no system role: the
    system message is then put before the first question. stop: texts that end an answer, for templates without an end token."""

    family: str
    joins: dict[tuple[str, str], str]
    stop: tuple[str, ...] = ()

    @property
    def has_system(self) -> bool:
        return (BEGIN, SYSTEM) in self.joins


@dataclass(frozen=True, slots=True)
class _Family:
    """marks: control tokens that a model of this family has, all of them; clue: words its own template holds."""

    marks: tuple[str, ...]
    clue: str
    template: ChatTemplate


def _turns(
    family: str,
    opening: dict[str, str],
    closing: dict[str, str],
    *,
    answer: str = "",
    begin: str = "",
    has_system: bool = True,
) -> ChatTemplate:
    """A template whose every message has the same words before and after it, whoever its neighbours are."""
    joins: dict[tuple[str, str], str] = {}
    starts = (SYSTEM, USER) if has_system else (USER,)
    for role in starts:
        joins[BEGIN, role] = begin + opening[role]
    for before, after in ((SYSTEM, USER), (USER, ASSISTANT), (ASSISTANT, USER)):
        if before != SYSTEM or has_system:
            joins[before, after] = closing[before] + opening[after]
    joins[USER, ANSWER] = closing[USER] + (answer or opening[ASSISTANT])
    return ChatTemplate(family, joins)


def _same(before: str, after: str, names: dict[str, str] | None = None) -> tuple[dict[str, str], dict[str, str]]:
    names = names or {role: role for role in (SYSTEM, USER, ASSISTANT)}
    return {role: before.format(name) for role, name in names.items()}, dict.fromkeys(names, after)


_CHATML = _same("<|im_start|>{}\n", "<|im_end|>\n")
_PHI4 = _same("<|im_start|>{}<|im_sep|>", "<|im_end|>")
_PHI3 = _same("<|{}|>\n", "<|end|>\n")
_LLAMA3 = _same("<|start_header_id|>{}<|end_header_id|>\n\n", "<|eot_id|>")
_GEMMA = _same("<start_of_turn>{}\n", "<end_of_turn>\n", {USER: "user", ASSISTANT: "model"})
_MISTRAL7 = (
    {SYSTEM: "[SYSTEM_PROMPT]", USER: "[INST]", ASSISTANT: ""},
    {SYSTEM: "[/SYSTEM_PROMPT]", USER: "[/INST]", ASSISTANT: "</s>"},
)
_MISTRAL = ({USER: "[INST] ", ASSISTANT: " "}, {USER: " [/INST]", ASSISTANT: "</s>"})

# Order matters: a more particular family stands before the one it grew from.
_FAMILIES = (
    _Family(("<|im_start|>", "<|im_sep|>", "<|im_end|>"), "<|im_sep|>", _turns("phi4", *_PHI4)),
    _Family(
        ("<|im_start|>", "<|im_end|>"),
        "enable_thinking",
        # Qwen 3 would think aloud for minutes; the empty thought is how its own template says not to.
        _turns("qwen3", *_CHATML, answer="<|im_start|>assistant\n<think>\n\n</think>\n\n"),
    ),
    _Family(("<|im_start|>", "<|im_end|>"), "<|im_start|>", _turns("chatml", *_CHATML)),
    _Family(
        ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"), "<|start_header_id|>", _turns("llama3", *_LLAMA3)
    ),
    _Family(("<start_of_turn>", "<end_of_turn>"), "<start_of_turn>", _turns("gemma", *_GEMMA, has_system=False)),
    _Family(("[SYSTEM_PROMPT]", "[INST]", "[/INST]"), "[SYSTEM_PROMPT]", _turns("mistral-v7", *_MISTRAL7)),
    _Family(("[INST]", "[/INST]"), "[INST]", _turns("mistral", *_MISTRAL, has_system=False)),
    _Family(("<|user|>", "<|assistant|>", "<|end|>"), "<|end|>", _turns("phi3", *_PHI3)),
)

PLAIN = ChatTemplate(
    "plain",
    {
        (BEGIN, SYSTEM): "",
        (BEGIN, USER): "Question: ",
        (SYSTEM, USER): "\n\nQuestion: ",
        (USER, ASSISTANT): "\n\nAnswer: ",
        (ASSISTANT, USER): "\n\nQuestion: ",
        (USER, ANSWER): "\n\nAnswer:",
    },
    stop=("\nQuestion:",),
)


def known_template(source: str, is_control: Callable[[str], bool]) -> ChatTemplate | None:
    """Our own template for the family that a model's template belongs to, or None.

    is_control: whether a text is one control token of the model's vocabulary. A file that claims a family whose tokens it lacks
    gets None.
    """
    for family in _FAMILIES:
        if family.clue in source and all(is_control(mark) for mark in family.marks):
            return family.template
    return None


def family_by_name(name: str) -> ChatTemplate:
    """For tests and for documentation. Raises KeyError."""
    return {family.template.family: family.template for family in _FAMILIES}[name]


def write_prompt(template: ChatTemplate, messages: Sequence[PromptMessage]) -> list[PromptPart]:
    """The whole prompt in order, trusted words and plain content apart, neighbours of one kind joined.

    Messages of one role in a row become one. The last message must be the user's, or the assistant's begun answer.
    """
    parts: list[PromptPart] = []
    before = BEGIN
    for role, content in _alternating(messages, template.has_system):
        if role != before:
            parts.append(PromptPart(_join(template, before, role), trusted=True))
        parts.extend(content)
        before = role
    if before != ASSISTANT:
        parts.append(PromptPart(_join(template, before, ANSWER), trusted=True))
    return _merged(parts)


def _join(template: ChatTemplate, before: str, after: str) -> str:
    try:
        return template.joins[before, after]
    except KeyError:
        raise ValueError(f"a prompt cannot go from {before} to {after}") from None


_BLANK_LINE = PromptPart("\n\n", trusted=True)


def _alternating(messages: Sequence[PromptMessage], has_system: bool) -> list[tuple[str, list[PromptPart]]]:
    """Roles and contents with no role twice in a row; without a system role its text goes before the user's."""
    result: list[tuple[str, list[PromptPart]]] = []
    for message in messages:
        role = message.role if has_system or message.role != SYSTEM else USER
        if result and result[-1][0] == role:
            result[-1][1].extend((_BLANK_LINE, *message.parts))
        else:
            result.append((role, list(message.parts)))
    return result


def _merged(parts: Sequence[PromptPart]) -> list[PromptPart]:
    merged: list[PromptPart] = []
    for part in parts:
        if not part.text:
            continue
        if merged and merged[-1].trusted == part.trusted:
            merged[-1] = PromptPart(merged[-1].text + part.text, part.trusted)
        else:
            merged.append(part)
    return merged
