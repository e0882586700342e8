"""Every setting, declared once: default, range, unit and one line of help beside each field.

Only `engine/settings_store.py` knows how they are stored. Rooms receive plain values, never this object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from assistant.domain.addresses import why_bad_mirror


def _setting(
    default: Any,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    why_bad: Callable[[str], str] = lambda _value: "",
    is_template: bool = False,
) -> Any:
    metadata = {
        "help": help, "low": low, "high": high, "choices": choices, "why_bad": why_bad, "is_template": is_template
    }  # fmt: skip
    return field(default=default, metadata=metadata)


SETTINGS_VERSION = 1

TEMPLATE_MARKS = ("<notes>", "</notes>")
"""What every system prompt must name: between these the passages stand, and a model that is not told so may take them for orders."""

LONGEST_TEMPLATE_CHARS = 2000
"""About a third of the smallest useful context, in the language whose characters take most tokens."""


@dataclass(frozen=True, slots=True)
class Settings:
    version: int = _setting(SETTINGS_VERSION, "Version of this file's layout.", low=1)
    language: str = _setting("system", "Language of the window.", choices=("system", "en", "zh"))
    theme: str = _setting("system", "Light or dark.", choices=("system", "light", "dark"))
    font_scale: float = _setting(1.0, "Size of all text, as a factor.", low=0.7, high=2.5)
    density: str = _setting("comfortable", "How close rows stand.", choices=("comfortable", "compact"))
    motion: str = _setting(
        "system", "Whether things glide to their place or are there at once.", choices=("system", "none")
    )
    when_closed: str = _setting(
        "quit",
        "What closing the window does where there is a tray: end Elephant, or keep it running.",
        choices=("quit", "stay"),
    )
    notify: bool = _setting(True, "Say that long work has ended while the window is not in front.")
    quick_ask_keys: str = _setting(
        "", "Key that brings up the quick question from every program, as in Ctrl+Alt+Space; empty: none."
    )
    shortcuts: tuple[str, ...] = _setting(
        (),
        "Keys of the window's commands that are not the shipped ones, as in new-chat=Ctrl+T; without a key: new-chat=.",
    )
    chat_model: str = _setting("", "Name on the shelf, or path of a GGUF file; empty: the best that is there.")
    embedder: str = _setting("", "Name on the shelf; empty: the starter embedder.")
    model_mirror: str = _setting(
        "", "Base address of a mirror to fetch models from; empty: where the shelf says.", why_bad=why_bad_mirror
    )
    threads: int = _setting(0, "Threads for the models; 0: all physical cores.", low=0, high=256)
    context_tokens: int = _setting(4096, "Context of the chat model, in tokens.", low=512, high=131072)
    gpu: str = _setting("auto", "Whether the chat model may use a graphics processor.", choices=("auto", "off"))
    answer_tokens: int = _setting(400, "Longest answer, in tokens.", low=16, high=8192)
    temperature: float = _setting(
        0.0, "How freely the model chooses its words; 0: always the likeliest.", low=0.0, high=1.5
    )
    system_prompt_en: str = _setting(
        "", "What the model is told for English questions; empty: the shipped text.", is_template=True
    )
    system_prompt_zh: str = _setting(
        "", "What the model is told for Chinese questions; empty: the shipped text.", is_template=True
    )
    passages: int = _setting(6, "Passages given to the model for one answer.", low=1, high=30)
    caution: str = _setting(
        "balanced",
        "How weak the evidence must be before an answer is held back.",
        choices=("bold", "balanced", "careful"),
    )
    ignore_patterns: tuple[str, ...] = _setting((), "Files and folders to leave out, as in .gitignore.")
    largest_note_mb: int = _setting(50, "Larger files are skipped, in megabytes.", low=1, high=2000)
    reader_time_limit_s: int = _setting(30, "Longest time to read one file, in seconds.", low=1, high=600)
    reader_memory_mb: int = _setting(1500, "Most memory to read one file, in megabytes.", low=200, high=16000)
    rescan_minutes: int = _setting(
        10, "A full comparison of folders and index this often, in minutes.", low=1, high=1440
    )


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """A stored value that could not be used; the default was taken instead."""

    name: str
    value: str
    reason: str


def settings_from(values: dict[str, Any]) -> tuple[Settings, list[SettingProblem]]:
    """Build Settings from stored values. A bad value falls back to its default and is reported; unknown keys are ignored here."""
    good: dict[str, Any] = {}
    problems: list[SettingProblem] = []
    for spec in fields(Settings):
        if spec.name not in values:
            continue
        value = values[spec.name]
        reason = _why_bad(value, spec.default, spec.metadata)
        if reason:
            problems.append(SettingProblem(spec.name, repr(value), reason))
        elif isinstance(spec.default, tuple):
            good[spec.name] = tuple(value)
        elif isinstance(spec.default, float):
            good[spec.name] = float(value)
        else:
            good[spec.name] = value
    return Settings(**good), problems


def missing_marks(template: str) -> tuple[str, ...]:
    """The marks that a system prompt has to name and does not; none for an empty one, which stands for the shipped text."""
    return tuple(mark for mark in TEMPLATE_MARKS if mark not in template) if template else ()


def _why_bad(value: Any, default: Any, metadata: Any) -> str:
    if isinstance(default, tuple):
        ok = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
        return "" if ok else "not a list of texts"
    if isinstance(default, float):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return "not a number"
    elif type(value) is not type(default):
        return f"not a {type(default).__name__}"
    if metadata["is_template"] and missing_marks(value):
        return "lacks " + " and ".join(missing_marks(value))
    if metadata["is_template"] and len(value) > LONGEST_TEMPLATE_CHARS:
        return f"longer than {LONGEST_TEMPLATE_CHARS} characters"
    if metadata["choices"] and value not in metadata["choices"]:
        return "not one of " + ", ".join(metadata["choices"])
    if metadata["low"] is not None and value < metadata["low"]:
        return f"below {metadata['low']}"
    if metadata["high"] is not None and value > metadata["high"]:
        return f"above {metadata['high']}"
    return str(metadata["why_bad"](value)) if isinstance(value, str) else ""
