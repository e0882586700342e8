"""What each headless command does. Every function takes the context and the parsed options, and says its result; one that can find
something wrong returns the exit code."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import about_text, chats, words
from assistant.cli.explaining import explanation_text, explanation_values, filter_text, passage_values
from assistant.cli.notes import forgotten_line, note_of, path_of
from assistant.cli.output import Output
from assistant.cli.status import files_wanted, note_text, note_values, status_text, status_values
from assistant.domain.answers import Answer, Passage, Support
from assistant.domain.errors import BadRequestError, DataFolderBusyError, FolderUnavailableError
from assistant.domain.library import FileInfo, IndexProgress, LibraryCounts
from assistant.domain.releases import ReleaseNews, ReleaseState, is_release_address, release_address
from assistant.engine.paths import DataPaths

if TYPE_CHECKING:
    from assistant.engine.engine import Engine
    from assistant.retrieval.retriever import Retrieved

NO_LIMIT = -1
BENCHMARKS = ("stream", "index", "search", "rescan", "start", "heartbeat", "memory", "churn")


@dataclass(frozen=True, slots=True)
class Context:
    paths: DataPaths
    model: str
    output: Output


def index(context: Context, options: argparse.Namespace) -> None:
    folder = Path(options.folder).expanduser().absolute()
    if not folder.exists():
        raise FolderUnavailableError(path=str(folder), reason="it does not exist")
    with _engine(context, index=True) as engine:
        report = engine.index_folder(folder, _progress_to(context.output), threading.Event())
    values: dict[str, Any] = {
        "files": report.files,
        "indexed": report.indexed,
        "skipped": report.skipped,
        "failed": _files_with_reasons(report.failed),
        "left_out": _files_with_reasons(report.left_out),
        "chunks": report.chunks,
        "seconds": round(report.seconds, 3),
    }
    lines = [f"{report.indexed:,} of {report.files:,} notes ready, {report.chunks:,} passages, {report.seconds:.1f} s."]
    if report.skipped:
        lines.append(f"{report.skipped:,} files left out.")
    lines += [f"Left out: {file['note']}: {file['reason']}." for file in values["left_out"]]
    lines += [f"Not read: {file['note']}: {file['reason']}." for file in values["failed"]]
    if not report.meaning:
        lines.append(
            "Words only: the embedder cannot be used, so search by meaning is off. `elephant doctor` says why."
        )
    context.output.result(values, "\n".join(lines))


def search(context: Context, options: argparse.Namespace) -> None:
    if options.explain or options.note:
        with _engine(context, only_looks=True) as engine:
            note = note_of(engine.library, options.note) if options.note else None
            explained = engine.explain(options.query, options.top, note=note)
        context.output.result(explanation_values(explained), explanation_text(explained))
        return
    with _engine(context, only_looks=True) as engine:
        found = engine.search(options.query, options.top)
    rows = [passage_values(passage) for passage in found.passages]
    context.output.result({"results": rows}, "\n\n".join([*remarks(found), *map(_shown, found.passages)]))


def ask(context: Context, options: argparse.Namespace) -> None:
    output = context.output
    with _engine(context, only_looks=True) as engine:
        answer = engine.ask_once(options.question, _AskPrinter(output), threading.Event())
    citations = [
        {
            "sentence": citation.sentence,
            "note": citation.note,
            "quote": citation.quote,
            "page": citation.page,
            "start": citation.start,
            "end": citation.end,
        }
        for citation in answer.citations
    ]
    timings = {name: round(value, 4) for name, value in asdict(answer.timings).items()}
    sentences = [{"start": check.start, "end": check.end, "support": check.support.value} for check in answer.sentences]
    values = {
        "answer": answer.text,
        "refused": answer.refused,
        "citations": citations,
        "sentences": sentences,
        "left_out": answer.left_out,
        "timings": timings,
    }
    output.result(values, sources(answer))


def status(context: Context, options: argparse.Namespace) -> None:
    with _engine(context, only_looks=True) as engine:
        if options.note:
            folder_id, note = note_of(engine.library, options.note)
            file, chunks = engine.library.chunks_of(folder_id, note, limit=NO_LIMIT)
            context.output.result(note_values(file, chunks), note_text(file, chunks))
            return
        report = engine.status()
        query = files_wanted(failed=options.failed, everything=options.all)
        files = engine.library.files(query, limit=options.limit) if query else []
        wanted = engine.library.count_files(query) if query else 0
    context.output.result(status_values(report, files), status_text(report, files, wanted))


def forget(context: Context, options: argparse.Namespace) -> None:
    if not options.yes:
        raise BadRequestError(reason="answers that used a note go with it and cannot be had back; say so with --yes")
    with _engine(context) as engine:
        found = list(dict.fromkeys(note_of(engine.library, named) for named in options.notes))
        for folder_id, note in found:
            if engine.library.file(folder_id, note) is None:
                raise BadRequestError(reason=f"no note is called {note}; nothing was forgotten")
        paths = [path_of(engine.library, folder_id, note) for folder_id, note in found]
        answers = sum(engine.forget_note(folder_id, note) for folder_id, note in found)
    context.output.result({"notes": [note for _, note in found], "answers": answers}, forgotten_line(paths, answers))


def conversations(context: Context, options: argparse.Namespace) -> None:
    chats.run(context.paths, context.output, options)


def models(context: Context, options: argparse.Namespace) -> None:
    from assistant.engine.shelves import open_shelf

    paths = context.paths
    paths.make()
    shelf = open_shelf(paths)
    output = context.output

    def moved(stage: str, done: int, total: int) -> None:
        share = f" {done / total:.0%} of {total / 1e6:,.0f} MB" if total else ""
        output.progress(f"{stage}{share}")

    if options.action == "pull":
        shelf.pull(options.name, moved, threading.Event())
    elif options.action == "add":
        shelf.add(Path(options.name).expanduser().absolute())
    elif options.action == "remove":
        shelf.remove(options.name)
    entries = shelf.entries()
    rows = [
        f"{'●' if entry.installed else '○'} {entry.name}  {entry.role.value}, {'/'.join(entry.languages)}, "
        f"{entry.size_bytes / 1e6:,.0f} MB, {entry.licence}"
        for entry in entries
    ]
    output.result({"models": [_plain(asdict(entry)) for entry in entries]}, "\n".join(rows))


def evaluate(context: Context, options: argparse.Namespace) -> None:
    from assistant.engine.evaluation import evaluate_set

    folder = Path(options.set).expanduser().absolute()
    if not (folder / "questions.jsonl").is_file() or not (folder / "notes").is_dir():
        raise BadRequestError(reason=f"{folder} has no questions.jsonl beside a notes folder")
    report = evaluate_set(
        folder,
        Path(options.out).expanduser().absolute(),
        model=context.model,
        retrieval_only=options.retrieval_only,
        limit=options.limit,
        on_progress=context.output.progress,
    )
    text = (
        f"{report.questions:,} questions over {report.notes:,} notes: index {report.index_s:.1f} s, "
        f"questions {report.answer_s:.1f} s. Written to {options.out}"
    )
    context.output.result(asdict(report), text)


def benchmark(context: Context, options: argparse.Namespace) -> None:
    from assistant.engine.benchmark import run_benchmarks

    if options.name and options.name not in BENCHMARKS:
        raise BadRequestError(reason=f"no benchmark is called {options.name}; there are " + ", ".join(BENCHMARKS))
    names = (options.name,) if options.name else BENCHMARKS
    results = run_benchmarks(names, context.paths, context.output.progress)
    lines = [f"{name:10} {result.line}" for name, result in results.items()]
    context.output.result({name: result.values for name, result in results.items()}, "\n".join(lines))


def doctor(context: Context, _options: argparse.Namespace) -> None:
    from assistant.engine.doctor import examine

    findings = examine(context.paths)
    lines = [f"{'ok  ' if finding.fine else 'FAIL'} {finding.name}: {finding.text}" for finding in findings]
    context.output.result({"findings": [asdict(finding) for finding in findings]}, "\n".join(lines))


def about(context: Context, options: argparse.Namespace) -> int:
    """Needs neither the engine nor the lock of the data folder, so it answers beside an open window."""
    if options.check:
        return about_text.check(context.output)
    if options.licence:
        return about_text.licence(context.paths, context.output, options.licence)
    return about_text.about(context.paths, context.output)


def check_update(context: Context, _options: argparse.Namespace) -> None:
    from assistant.engine.releases import ReleaseCheck

    address = release_address()
    if is_release_address(address):
        context.output.progress(f"Asking {address}", now=True)
    news = ReleaseCheck(lambda: address).ask(threading.Event())
    values = {
        "state": news.state.value,
        "version": news.own,
        "announced": news.version,
        "page": news.page,
        "notes": news.notes,
        "address": address,
    }
    context.output.result(values, update_text(news))


# ---- inside ---------------------------------------------------------------------------------------------------------------


@contextmanager
def _engine(context: Context, *, index: bool = False, only_looks: bool = False) -> Iterator[Engine]:
    """only_looks: a copy will do while the window is open on the same data folder. Raises as Engine.open."""
    from assistant.engine.engine import Engine
    from assistant.engine.logs import start_log
    from assistant.engine.read_only import snapshot, usable

    paths = usable(context.paths)
    if paths.is_read_only:
        context.output.progress(
            "The data folder cannot be written: what is there is searched, and nothing is kept.", now=True
        )
    paths.make()
    start_log(paths.log("headless"))
    try:
        engine = Engine.open(paths, model=context.model, watch=False, index=index)
    except DataFolderBusyError:
        if not only_looks:
            raise
        context.output.progress("Elephant is open on this data folder: this is how it stands now.", now=True)
        engine = Engine.open(snapshot(paths), model=context.model, watch=False, index=False)
    try:
        yield engine
    finally:
        engine.close()


def _files_with_reasons(files: Iterable[FileInfo]) -> list[dict[str, str]]:
    return [{"note": file.note, "reason": words.reason(file.reason, file.reason_detail)} for file in files]


def _progress_to(output: Output) -> Any:
    def show(progress: IndexProgress, _counts: LibraryCounts) -> None:
        left = "" if progress.left_s is None else f", about {_duration(progress.left_s)} left"
        rate = f", {progress.rate_per_s:,.0f}/s" if progress.rate_per_s else ""
        word = {"reading": "Reading words", "embedding": "Reading meaning", "scanning": "Looking at files"}.get(
            progress.stage
        )
        if word:
            output.progress(f"{word} · {progress.done:,} of {progress.total:,}{rate}{left}")

    return show


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def remarks(found: Retrieved) -> list[str]:
    """What somebody who looks at the results would wonder about."""
    understood = found.understood
    lines = [
        f"No passage holds “{phrase}” just so; these come closest."
        for phrase in understood.phrases
        if found.passages and not any(_flat(phrase) in _flat(passage.text) for passage in found.passages)
    ]
    if not found.passages:
        limits = " ".join(map(filter_text, understood.filters))
        lines.append(f"Nothing found with {limits}." if limits else "Nothing found.")
    return lines


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _shown(passage: Passage) -> str:
    place = f", page {passage.page}" if passage.page else ""
    return f"{passage.note}{place}  ({passage.score:.2f})\n{passage.text}"


class _AskPrinter:
    """Streams an answer to the terminal: first what the notes say, then what the model writes."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def on_phase(self, phase: str) -> None:
        self._output.progress(f"{phase.capitalize()}…")

    def on_quote(self, text: str, place: str) -> None:
        self._output.piece(f"In your notes: “{text}”\n  {place}\n\n")

    def on_text(self, text: str) -> None:
        self._output.piece(text)


def sources(answer: Answer) -> str:
    places = {citation.number: citation for citation in answer.citations}
    lines = [
        f"[{number}] {citation.note}{f', page {citation.page}' if citation.page else ''}: “{citation.quote}”"
        for number, citation in sorted(places.items())
    ]
    lines += [
        f"Not in your notes: “{answer.text[check.start : check.end]}”"
        for check in answer.sentences
        if check.support is Support.UNSUPPORTED
    ]
    if answer.left_out:
        lines.append(f"Left out, because your notes do not prove it: {answer.left_out} sentence(s) of the model.")
    if answer.refused:
        lines = ["Your notes do not seem to say. These come closest:", *(f"- {p.note}" for p in answer.passages[:5])]
    return "\n" + "\n".join(lines)


def update_text(news: ReleaseNews) -> str:
    match news.state:
        case ReleaseState.NEWER:
            told = f"Version {news.version} is there; this is {news.own}.\n{news.page}"
            return f"{told}\n\n{news.notes}" if news.notes else told
        case ReleaseState.SAME:
            return f"This is the newest version ({news.own})."
        case ReleaseState.OLDER:
            return f"This build ({news.own}) is newer than the version that is announced ({news.version})."


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "value", value) for name, value in values.items()}
