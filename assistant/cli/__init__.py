"""Headless commands: results on standard output, progress on standard error, one line for a failure."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from assistant import __version__
from assistant.cli import commands, words
from assistant.cli.output import Output
from assistant.domain.errors import AssistantError, Cancelled
from assistant.engine.paths import DataPaths

_FILTER = re.compile(r"[-−－](?:\w+[:：]|[#＃])")
"""A query that begins with an excluding filter."""

DONE, FAILED, MISUSE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns 0; 1 after a failure said in one line; argparse itself ends with 2 on misuse."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = build_parser().parse_args(read_arguments(arguments))
    output = Output(as_json=options.json)
    context = commands.Context(DataPaths.find(options.data_dir), options.model or "", output)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code: int | None = options.run(context, options)
    except Cancelled:
        return INTERRUPTED
    except KeyboardInterrupt:
        output.failure("Stopped. What was finished is kept.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone (`elephant search x | head`): nobody is left to tell. Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except AssistantError as error:
        output.failure(words.error_line(error), error)
        return FAILED
    return DONE if code is None else code


def read_arguments(arguments: Sequence[str]) -> list[str]:
    """As typed, but for a space that keeps argparse from taking a query for an option."""
    return [f" {one}" if _FILTER.match(one) else one for one in arguments]


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="elephant",
        description="Ask your notes; get answers with the exact passage, on this machine.",
        epilog=(
            "Without a command the window opens: `elephant [PATH ...]` opens it and in it the folders, notes and model files that are "
            "given, and `elephant --quick-ask` brings up the small window for one question."
        ),
    )
    parser.add_argument("--version", action="version", version=f"elephant {__version__}")
    _add_globals(parser, default=None)
    commands_of = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        sub = commands_of.add_parser(name, help=help_text, description=help_text)
        _add_globals(sub, default=argparse.SUPPRESS)
        sub.set_defaults(run=getattr(commands, name.replace("-", "_")))
        return sub

    index = command("index", "Index a folder until everything in it is ready.")
    index.add_argument("folder", metavar="FOLDER")
    search = command("search", "Find passages, by words and by meaning.")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("--top", type=_positive, default=10, metavar="N", help="how many passages (10)")
    search.add_argument("--explain", action="store_true", help="say why each passage was found")
    search.add_argument(
        "--note", metavar="NOTE", default="", help="explain the place of this note, also if it was not found"
    )
    ask = command("ask", "Answer a question from the notes, with citations.")
    ask.add_argument("question", metavar="QUESTION")
    status = command("status", "Show what is indexed, what was not read and why, and how the parts are.")
    status.add_argument(
        "note", nargs="?", default="", metavar="NOTE", help="only this note, with its passages as indexed"
    )
    status.add_argument("--failed", action="store_true", help="name the files that could not be read")
    status.add_argument("--all", action="store_true", help="name those that are left out, too")
    status.add_argument("--limit", type=_positive, default=50, metavar="N", help="how many files to name (50)")
    forget = command(
        "forget", "Leave no word of notes in the index, in answers and in their backups; the files are not touched."
    )
    forget.add_argument("notes", nargs="+", metavar="NOTE")
    forget.add_argument("--yes", action="store_true", help="needed, because it cannot be undone")
    _add_conversations(command("conversations", "List, export, back up and put back what was asked and answered."))
    models = command("models", "The shelf of models.")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, argument, help_text in (
        ("list", "", "show the shelf"),
        ("pull", "NAME", "fetch a model of the shelf; `starter` for the starter set"),
        ("add", "FILE", "put a GGUF file of yours on the shelf"),
        ("remove", "NAME", "take a model off the shelf"),
    ):
        action = actions.add_parser(name, help=help_text, description=help_text)
        _add_globals(action, default=argparse.SUPPRESS)
        if argument:
            action.add_argument("name", metavar=argument)
    evaluate = command("evaluate", "Index SET/notes in a temporary data folder and answer SET/questions.jsonl.")
    evaluate.add_argument("set", metavar="SET")
    evaluate.add_argument("--out", required=True, metavar="FILE", help="one JSON line a question is written here")
    evaluate.add_argument("--retrieval-only", action="store_true", help="no answers, only what was found")
    evaluate.add_argument("--limit", type=_positive, default=0, metavar="N", help="only the first N questions")
    benchmark = command("benchmark", "Measure this machine against the bare libraries.")
    benchmark.add_argument(
        "name", nargs="?", default="", metavar="NAME", help="one of: " + ", ".join(commands.BENCHMARKS)
    )
    command("doctor", "Say what is installed, what works, and what to do about what does not.")
    about = command("about", "Say which Elephant this is, what it is made of and under which licences.")
    shown = about.add_mutually_exclusive_group()
    shown.add_argument("--check", action="store_true", help="compare every file of this copy with the build")
    shown.add_argument("--licence", metavar="PART", default="", help="print the licence of one part in full")
    command(
        "check-update",
        "Ask whether there is a newer version. Nothing is sent but the request for one page, nothing is installed, and nothing asks by itself.",
    )
    return parser


def _add_conversations(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, help_text: str) -> argparse.ArgumentParser:
        sub = actions.add_parser(name, help=help_text, description=help_text)
        _add_globals(sub, default=argparse.SUPPRESS)
        return sub

    every = action("list", "show the conversations, newest first")
    every.add_argument("--limit", type=_positive, default=0, metavar="N", help="only the newest N")
    export = action("export", "write conversations as Markdown or JSON, with the note, quote and page of each citation")
    export.add_argument("ids", nargs="*", type=_positive, metavar="ID", help="number of a conversation in the list")
    export.add_argument("--all", action="store_true", help="all of them")
    export.add_argument("--format", choices=("md", "json"), default="md", help="Markdown (md) or JSON (json)")
    export.add_argument("--out", default="", metavar="FILE", help="into this file instead of to standard output")
    action("backups", "show the backups and what is in them")
    action("backup", "make a backup now")
    restore = action("restore", "put a backup back; what is there now is backed up first")
    restore.add_argument("number", type=_positive, metavar="NUMBER", help="number of a backup")


def _add_globals(parser: argparse.ArgumentParser, *, default: object) -> None:
    """The options that may stand before or after the command. A sub-parser must not overwrite what stood before."""
    parser.add_argument("--data-dir", default=default, metavar="DIR", help="keep and look for everything here")
    parser.add_argument("--model", default=default, metavar="NAME|PATH", help="chat model to use")
    quiet_default = False if default is None else default
    parser.add_argument("--json", action="store_true", default=quiet_default, help="print one JSON object")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
