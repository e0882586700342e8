"""A model file's own chat template, tried out once, in a process that may die: what it writes between messages becomes our data.

The template is a program by a stranger. It can loop for ever, fill the memory, or slip in text that the user never wrote. So it is
rendered for one small made-up conversation in a sandbox in a throw-away process with a time limit; the messages' texts are
recognised by marks, and what stands between them may hold control tokens, names of roles and punctuation, nothing else.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence

from assistant.models.templates import ANSWER, ASSISTANT, BEGIN, NEEDED_JOINS, SYSTEM, USER, ChatTemplate

RENDER_TIME_LIMIT_S = 10.0
"""Includes the start of a Python process, 1.5 s on a busy machine; rendering itself takes milliseconds."""

_MEMORY_LIMIT_BYTES = 1 << 30
_LONGEST_TEMPLATE = 100_000
_LONGEST_JOIN = 200
_ROLE_WORDS = frozenset(
    "system user assistant model human gpt bot ai inst sys message content role question answer instruction input output "
    "response context im start end of turn header id begin text s".split()
)
_WORD = re.compile(r"[^\W_]+")
_CONVERSATIONS = (
    (SYSTEM, USER, ASSISTANT, USER),
    (USER, ASSISTANT, USER),
)


Render = Callable[[str, str, str, Sequence[Sequence[str]]], Sequence[str | None]]
"""Template, begin token, end token and conversations (as roles) to what the template writes for each; None: it refused."""


def derive_template(
    source: str, bos: str, eos: str, render: Render, without_controls: Callable[[str], str]
) -> ChatTemplate | None:
    """The template's words between messages, or None if it cannot be trusted or tried.

    without_controls: a text without the vocabulary's control tokens.
    """
    if not source or len(source) > _LONGEST_TEMPLATE:
        return None
    joins: dict[tuple[str, str], str] = {}
    for roles, rendered in zip(_CONVERSATIONS, render(source, bos, eos, _CONVERSATIONS), strict=False):
        if rendered is not None:
            joins |= _joins_of(rendered, roles)
    if not all(pair in joins for pair in NEEDED_JOINS):
        return None
    if not all(_is_harmless(words, without_controls) for words in joins.values()):
        return None
    if joins[USER, ANSWER].rstrip().endswith("<think>"):
        joins[USER, ANSWER] += (
            "\n</think>\n\n"  # it would think aloud for minutes, and its answer would not tell where that ends
        )
    return ChatTemplate("own", joins)


def _mark(place: int) -> str:
    return f"zqx{place}xqz"


def _joins_of(rendered: str, roles: Sequence[str]) -> dict[tuple[str, str], str]:
    """Cut at the marks, which must all be there, once and in order."""
    joins: dict[tuple[str, str], str] = {}
    rest, before = rendered, BEGIN
    for place, role in enumerate(roles):
        words, mark, rest = rest.partition(_mark(place))
        if not mark or "zqx" in words:
            return {}
        joins[before, role] = words
        before = role
    if "zqx" in rest:
        return {}
    joins[before, ANSWER] = rest
    return joins


def _is_harmless(words: str, without_controls: Callable[[str], str]) -> bool:
    left = without_controls(words)
    return len(words) <= _LONGEST_JOIN and all(word.lower() in _ROLE_WORDS for word in _WORD.findall(left))


class ChildRenderer:
    """Render, in a throw-away process. command: starts this program's rendering door."""

    def __init__(self, command: Sequence[str], time_limit_s: float = RENDER_TIME_LIMIT_S) -> None:
        self._command = tuple(command)
        self._time_limit_s = time_limit_s

    def __call__(self, source: str, bos: str, eos: str, conversations: Sequence[Sequence[str]]) -> Sequence[str | None]:
        task = json.dumps({"source": source, "bos": bos, "eos": eos, "conversations": conversations})
        try:
            done = subprocess.run(
                self._command,
                input=task.encode("utf-8", "replace"),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._time_limit_s,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            rendered: list[str | None] = json.loads(done.stdout)
        except (OSError, subprocess.TimeoutExpired, ValueError):
            return ()
        return rendered


def render_from_standard_input() -> int:
    """The rendering process: read the task, render, write the result."""
    _limit_memory()
    task = json.loads(sys.stdin.buffer.read())
    rendered = render_here(task["source"], task["bos"], task["eos"], task["conversations"])
    sys.stdout.buffer.write(json.dumps(rendered).encode())
    return 0


def render_here(source: str, bos: str, eos: str, conversations: Sequence[Sequence[str]]) -> list[str | None]:
    """Render in this process, which the template may then hang or fill."""
    return [_render_one(source, bos, eos, roles) for roles in conversations]


def _render_one(source: str, bos: str, eos: str, roles: Sequence[str]) -> str | None:
    try:
        return _render(source, bos, eos, roles)[:_LONGEST_TEMPLATE]
    except Exception:  # noqa: BLE001 (a foreign program: whatever it raises, it is unusable)
        return None


def _render(source: str, bos: str, eos: str, roles: Sequence[str]) -> str:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(message: str) -> None:
        raise ValueError(message)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    return environment.from_string(source).render(
        messages=[{"role": role, "content": _mark(place)} for place, role in enumerate(roles)],
        add_generation_prompt=True,
        bos_token=bos,
        eos_token=eos,
        raise_exception=refuse,
        strftime_now=lambda _format: "",
        enable_thinking=False,
        tools=None,
        documents=None,
    )


def _limit_memory() -> None:
    if sys.platform == "win32":
        return  # the time limit must do there
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT_BYTES, _MEMORY_LIMIT_BYTES))
