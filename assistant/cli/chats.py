"""`elephant conversations`: list, export, back up and put back what was asked and answered."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.cli.output import Output
from assistant.domain.answers import BackupSummary
from assistant.domain.errors import BadRequestError
from assistant.engine.paths import DataPaths

KINDS = {"before-upgrade": ", made before an upgrade", "before-restore": ", made before another one was put back"}


def run(paths: DataPaths, output: Output, options: argparse.Namespace) -> None:
    """Raises DataFolderBusyError while the window is open on the same data folder."""
    action = {"list": _list, "export": _export, "backups": _backups, "backup": _back_up, "restore": _restore}
    action[options.action](paths, output, options)


def _list(paths: DataPaths, output: Output, options: argparse.Namespace) -> None:
    from assistant.engine.chats import NO_LIMIT, open_conversations

    with open_conversations(paths) as store:
        found = store.list_conversations(limit=options.limit or NO_LIMIT)
    lines = [f"{one.id:>5}  {_moment(one.changed_at_s)}  {_count(one.turns, 'question')}  {one.title}" for one in found]
    output.result({"conversations": [asdict(one) for one in found]}, "\n".join(lines) or "There are none yet.")


def _export(paths: DataPaths, output: Output, options: argparse.Namespace) -> None:
    from assistant.engine.chats import Export, open_conversations

    if bool(options.ids) == options.all:
        raise BadRequestError(reason="say which conversations: their numbers from `conversations list`, or --all")
    with open_conversations(paths) as store:
        export = Export(store, options.ids)
        if not options.out:
            # Already what was asked for, also with --json: one JSON object would only wrap another.
            output.raw(export.text(options.format))
            return
        target = Path(options.out).expanduser().absolute()
        export.write(target, options.format)
    values: dict[str, Any] = {"path": str(target), "conversations": export.conversations, "turns": export.turns}
    line = f"{_count(export.conversations, 'conversation')} with {_count(export.turns, 'question')} written to {target}"
    output.result(values, line)


def _backups(paths: DataPaths, output: Output, _options: argparse.Namespace) -> None:
    from assistant.engine.chats import open_conversations

    with open_conversations(paths) as store:
        _say_backups(output, store.backups(), *store.counts())


def _back_up(paths: DataPaths, output: Output, _options: argparse.Namespace) -> None:
    from assistant.engine.chats import open_conversations

    with open_conversations(paths) as store:
        store.backup()
        _say_backups(output, store.backups(), *store.counts())


def _restore(paths: DataPaths, output: Output, options: argparse.Namespace) -> None:
    from assistant.engine.chats import open_conversations

    with open_conversations(paths) as store:
        restored, undo = store.restore_backup(options.number)
    text = (
        f"Put back {_described(restored)}\n"
        f"What was there until now is {_described(undo)}\n"
        f"`elephant conversations restore {undo.number}` brings that back."
    )
    output.result({"restored": asdict(restored), "undo": asdict(undo)}, text)


def _say_backups(output: Output, backups: list[BackupSummary], conversations: int, turns: int) -> None:
    lines = [f"Now: {_count(conversations, 'conversation')} with {_count(turns, 'question')}."]
    lines += [_described(one) for one in backups]
    values = {"conversations": conversations, "turns": turns, "backups": [asdict(one) for one in backups]}
    output.result(values, "\n".join(lines))


def _described(one: BackupSummary) -> str:
    inside = f"{_count(one.conversations, 'conversation')} with {_count(one.turns, 'question')}"
    return f"backup {one.number} of {_moment(one.made_at_s)}: {inside if one.is_sound else 'damaged'}{KINDS.get(one.kind, '')}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _moment(at_s: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s))
