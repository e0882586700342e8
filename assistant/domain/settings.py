"""Every setting, declared once: default, range, unit and one line of help beside each field.

Only `engine/settings_store.py` knows how they are stored. Rooms receive plain values, never this object.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def _setting(
    default: Any, help: str, *, low: float | None = None, high: float | None = None, choices: tuple[str, ...] = ()
) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high, "choices": choices})


SETTINGS_VERSION = 1


@dataclass(frozen=True, slots=True)
class Settings:
    version: int = _setting(SETTINGS_VERSION, "Version of this file's layout.", low=1)
    language: str = _setting("system", "Language of the window.", choices=("system", "en", "zh"))
    theme: str = _setting("system", "Light or dark.", choices=("system", "light", "dark"))
    font_scale: float = _setting(1.0, "Size of all text, as a factor.", low=0.7, high=2.5)
    when_closed: str = _setting(
        "quit",
        "What closing the window does where there is a tray: end Elephant, or keep it running.",
        choices=("quit", "stay"),
    )
    notify: bool = _setting(True, "Say that long work has ended while the window is not in front.")
    chat_model: str = _setting("", "Name on the shelf, or path of a GGUF file; empty: the best that is there.")
    embedder: str = _setting("", "Name on the shelf; empty: the starter embedder.")
    threads: int = _setting(0, "Threads for the models; 0: all physical cores.", low=0, high=256)
    context_tokens: int = _setting(4096, "Context of the chat model, in tokens.", low=512, high=131072)
    answer_tokens: int = _setting(400, "Longest answer, in tokens.", low=16, high=8192)
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


def _why_bad(value: Any, default: Any, metadata: Any) -> str:
    if isinstance(default, tuple):
        ok = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
        return "" if ok else "not a list of texts"
    if isinstance(default, float):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return "not a number"
    elif type(value) is not type(default):
        return f"not a {type(default).__name__}"
    if metadata["choices"] and value not in metadata["choices"]:
        return "not one of " + ", ".join(metadata["choices"])
    if metadata["low"] is not None and value < metadata["low"]:
        return f"below {metadata['low']}"
    if metadata["high"] is not None and value > metadata["high"]:
        return f"above {metadata['high']}"
    return ""
