"""`elephant benchmark`: what Elephant costs on top of the libraries it is built on, each figure a ratio within one run.

A ratio compares two runs on the same machine within a minute of each other, so it can be compared between machines; the seconds
beside it cannot.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from assistant.documents.reading import READER_VERSION, SUPPORTED_SUFFIXES
from assistant.domain.errors import InternalError, ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.domain.resources import resource
from assistant.engine.engine import Engine
from assistant.engine.index_room import DocumentSplitter
from assistant.engine.paths import Clock, DataPaths
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import Supervisor, own_command
from assistant.library.catalog import Catalog
from assistant.library.generation import catalog_path
from assistant.library.library import Collaborators, Library, LibraryOptions
from assistant.library.reader_pool import ReaderPool
from assistant.models.shelf import Shelf
from assistant.retrieval.churn_benchmark import measure_churn
from assistant.retrieval.keyword import KeywordIndex


@dataclass(frozen=True, slots=True)
class Size:
    """rounds: a figure is the one with the middle ratio of so many, ours and the bare library taking turns. copies: of the sample
    notes in each round's folder, each made different. questions: of the sample questions. walked: notes in the folder that is compared
    again. churn_chunks: vectors of which a part is replaced."""

    rounds: int = 3
    copies: int = 4
    questions: int = 100
    churn_chunks: int = 20_000
    walked: int = 20_000


LEG_TOP = 50
CHURN_SHARE = 0.3
PATIENCE_S = 300.0
_FEWEST_TOKENS = 3


@dataclass(frozen=True, slots=True)
class Result:
    """values: for --json. line: for people, the ratio first."""

    values: dict[str, Any]
    line: str


def run_benchmarks(
    names: Sequence[str], paths: DataPaths, on_progress: Callable[[str], None], size: Size = Size()
) -> dict[str, Result]:
    """Run the named benchmarks in temporary data folders. Raises ModelUnavailableError if the starter models are not there."""
    with tempfile.TemporaryDirectory(prefix="elephant-benchmark-", ignore_cleanup_errors=True) as folder:
        bench = _Bench(Path(folder), Shelf(paths.models), on_progress, size)
        return {name: getattr(bench, name)() for name in names}


@dataclass(frozen=True, slots=True)
class _Indexed:
    """data: the data folder. texts: what was embedded, one a chunk."""

    data: Path
    catalog: Path
    texts: list[str]
    chunks: int
    seconds: float


class _Bench:
    """Each public method is one benchmark. The indexed folder is made once and shared."""

    def __init__(self, folder: Path, shelf: Shelf, on_progress: Callable[[str], None], size: Size) -> None:
        self._folder = folder
        self._say = on_progress
        self._size = size
        self._chat = shelf.choice("", ModelRole.CHAT).path
        self._embedder = shelf.choice("", ModelRole.EMBEDDER).path
        self._questions = _questions()[: size.questions]
        self._indexed: dict[int, _Indexed] = {}
        self._heart: tuple[dict[str, Any], int] | None = None

    # ---- benchmarks --------------------------------------------------------------------------------------------------

    def stream(self) -> Result:
        """Tokens per second as the window sees them arrive, over a bare decoding loop with prompts and answers of the same size."""
        with _engine_process(self._index(1).data) as engine:

            def one(number: int) -> tuple[float, float]:
                self._say(f"stream: asking ({number})")
                ours, runs = self._ask_all(engine)
                self._say(f"stream: the bare loop ({number})")
                bare = _measure("_bare-models", {"chat": self._chat, "runs": runs})
                return ours, bare["decode_tokens"] / bare["decode_s"]

            ours, theirs = self._rounds(one)
        return _ratio(ours, theirs, "tokens/s seen by the window", "bare decoding", aim=0.9, more_is_better=True)

    def _ask_all(self, engine: Supervisor) -> tuple[float, list[list[int]]]:
        """Tokens a second over all questions, and [prompt tokens, written tokens] of each answer.

        Timed from the word that the first token has come to the word that the last one has: the text of a very small model itself arrives by
        the sentence, and some of it never.
        """
        runs, tokens, seconds = [], 0.0, 0.0
        for question in self._questions:
            phases: dict[str, float] = {}
            turn = None
            for event in engine.call(m.Ask(question)).events():
                if isinstance(event, m.PhaseChanged):
                    phases.setdefault(event.phase, time.perf_counter())
                elif isinstance(event, m.Answered):
                    turn = event.turn
            if turn is None or not phases.keys() >= {"writing", "checking"}:
                continue
            timings = turn.answer.timings
            if timings.completion_tokens < _FEWEST_TOKENS:
                continue
            tokens += timings.completion_tokens - 1
            seconds += phases["checking"] - phases["writing"]
            runs.append([max(1, timings.prompt_tokens), timings.completion_tokens])
        if not runs:
            raise InternalError("no question was answered with more than two tokens", where="benchmark stream")
        return tokens / seconds, runs

    def index(self) -> Result:
        """Chunks per second from files on disk to ready, over the bare embedder on the same texts."""

        def one(number: int) -> tuple[float, float]:
            indexed = self._index(number)
            self._say(f"index: the bare embedder ({number})")
            bare = _measure("_bare-models", {"embedder": self._embedder, "texts": indexed.texts})
            return indexed.chunks / indexed.seconds, bare["embed_texts"] / bare["embed_s"]

        ours, theirs = self._rounds(one)
        return _ratio(ours, theirs, "chunks/s end to end", "bare embedder", aim=0.8, more_is_better=True)

    def search(self) -> Result:
        """p95 of hybrid search over p95 of bare Chroma plus bare FTS5 plus embedding the query."""
        indexed = self._index(1)
        queries = self._questions * 8
        job = {"catalog": str(indexed.catalog), "queries": queries, "top": LEG_TOP}
        engine = Engine.open(DataPaths(indexed.data), watch=False)
        try:
            engine.library.wait_until_idle(PATIENCE_S)
            _wait_for(lambda: not engine.status().exact_search)
            engine.search(queries[0], 10)

            def one(number: int) -> tuple[float, float]:
                self._say(f"search: asking ({number})")
                ours_s = []
                for query in queries:
                    clock = Clock()
                    engine.search(query, 10)
                    ours_s.append(clock.seconds())
                self._say(f"search: bare Chroma, bare FTS5, bare embedder ({number})")
                bare = _measure("_bare-search", job)
                bare |= _measure("_bare-models", {"embedder": self._embedder, "queries": queries})
                theirs = sum(_p95(bare[name]) for name in ("chroma_s", "fts_s", "query_s"))
                return _p95(ours_s) * 1000, theirs * 1000

            ours, theirs = self._rounds(one)
        finally:
            engine.close()
        return _ratio(ours, theirs, "ms hybrid p95", "the three bare p95 together", aim=2.0)

    def rescan(self) -> Result:
        """Comparing a folder in which nothing has changed, over a bare walk that asks for each entry's times."""
        self._say(f"rescan: making {self._size.walked:,} notes")
        notes = _many_notes(self._folder / "walked", self._size.walked)
        data = self._folder / "rescan"
        data.mkdir()
        catalog = Catalog(data / "catalog.sqlite", KeywordIndex())
        options = LibraryOptions(SUPPORTED_SUFFIXES, READER_VERSION, watch=False)
        library = Library(data, catalog, Collaborators(ReaderPool(), DocumentSplitter()), options)
        library.pause(True)  # what is in the notes does not matter here
        library.start()
        try:
            library.add_folder(str(notes))
            for number in range(2):  # the first finds everything, the second that nothing has changed
                self._say(f"rescan: comparing ({number + 1})")
                library.rescan(wait=True)

            def one(number: int) -> tuple[float, float]:
                self._say(f"rescan: comparing and walking ({number})")
                library.rescan(wait=True)
                clock = Clock()
                _walk(notes)
                return library.last_scan_s * 1000, clock.seconds() * 1000

            ours, theirs = self._rounds(one)
        finally:
            library.close()
        return _ratio(ours, theirs, "ms to compare an unchanged folder", "a bare walk", aim=1.5)

    def start(self) -> Result:
        """From starting the process to a window that can be used, over the same for an empty window."""
        self._say("start")
        data = self._folder / "start"
        _window("start", "--data-dir", str(data))  # the first start creates files and fills the file cache
        _window("empty")

        def one(_number: int) -> tuple[float, float]:
            return _window("start", "--data-dir", str(data)) * 1000, _window("empty") * 1000

        ours, theirs = self._rounds(one)
        return _ratio(ours, theirs, "ms to a usable window", "an empty window", aim=2.0)

    def heartbeat(self) -> Result:
        """How late a 5 ms timer of the window fires while a folder is indexed and a question is answered."""
        delays, _ = self._heartbeat_once()
        values = {"p50_ms": delays["p50_ms"], "p99_ms": delays["p99_ms"], "max_ms": delays["max_ms"], "aim_ms": 33.0}
        line = f"p99 {delays['p99_ms']:.1f} ms late (p50 {delays['p50_ms']:.1f}, max {delays['max_ms']:.1f}; aim 33)"
        return Result(values, line)

    def churn(self) -> Result:
        """Recall of the ten nearest after three in ten vectors were replaced, over exact search; beside it that of Chroma left alone."""
        self._say(f"churn: replacing {CHURN_SHARE:.0%} of {self._size.churn_chunks:,} vectors, twice")
        found = measure_churn(self._folder / "churn", self._size.churn_chunks, CHURN_SHARE)
        rebuilt = "rebuilt on the way" if found.is_rebuilt else "not rebuilt"
        line = (
            f"{found.recall_guarded:.3f} of exact search's ten nearest after {found.replaced:,} of {found.chunks:,} vectors were "
            f"replaced, {rebuilt} (left alone: {found.recall_alone:.3f}; aim >= 0.97)"
        )
        return Result({**asdict(found), "aim": 0.97}, line)

    def memory(self) -> Result:
        """Memory of all our processes after indexing and answering, over the bare window, models and Chroma."""
        _, ours = self._heartbeat_once()
        indexed = self._index(1)
        self._say("memory: the bare libraries")
        with _held("_bench-window", "empty") as window:
            theirs = _memory_bytes(window.pid)
        models = {"chat": self._chat, "embedder": self._embedder, "texts": indexed.texts, "queries": []}
        for door, job in (
            ("_bare-models", models),
            ("_bare-search", {"catalog": str(indexed.catalog), "queries": ["one"], "top": 5}),
        ):
            with _held(door, job=job) as process:
                theirs += _memory_bytes(process.pid)
        return _ratio(ours / 1e6, theirs / 1e6, "MB in all processes", "bare window, models and Chroma", aim=1.5)

    # ---- shared work -------------------------------------------------------------------------------------------------

    def _rounds(self, one: Callable[[int], tuple[float, float]]) -> tuple[float, float]:
        """(ours, bare) of the round with the middle ratio."""
        pairs = sorted((one(number + 1) for number in range(self._size.rounds)), key=lambda pair: pair[0] / pair[1])
        return pairs[len(pairs) // 2]

    def _index(self, number: int) -> _Indexed:
        """The numbered folder of notes, made once, indexed with a warm model into a new data folder."""
        if number in self._indexed:
            return self._indexed[number]
        notes, data = self._make_notes(f"notes-{number}"), self._folder / f"data-{number}"
        engine = Engine.open(DataPaths(data), watch=False)
        try:
            embedder = engine.models.embedder
            if embedder is None:
                raise ModelUnavailableError(model="embedder", reason="missing")
            embedder.embed_queries(["warm-up"])
            report = engine.index_folder(
                notes, lambda progress, _: self._say(f"index: {progress.done} of {progress.total}"), threading.Event()
            )
            texts = engine.embedded_texts()
            catalog = next(iter(sorted((data / "index").glob("*/" + catalog_path(Path()).name))))
        finally:
            engine.close()
        self._indexed[number] = _Indexed(data, catalog, texts, report.chunks, report.seconds)
        return self._indexed[number]

    def _make_notes(self, name: str) -> Path:
        """Copies of the sample notes, each with words of its own, so that no vector is taken from another copy."""
        notes = self._folder / name
        source = resource("sample-notes")
        for copy in range(self._size.copies):
            target = notes / f"{copy:02}"
            shutil.copytree(source, target)
            for path in target.rglob("*"):
                if path.suffix == ".md":
                    text = path.read_text("utf-8")
                    path.write_text(text.replace("\n\n", f"\n\nEntry {copy} of {name}. "), "utf-8")
                elif path.is_file() and copy:
                    path.unlink()
        return notes

    def _heartbeat_once(self) -> tuple[dict[str, Any], int]:
        if self._heart is None:
            self._say("heartbeat: a window that indexes and answers")
            notes, data = self._make_notes("heartbeat-notes"), self._folder / "heartbeat"
            arguments = ["--data-dir", str(data), "--folder", str(notes), "--question", self._questions[0]]
            with _held("_bench-window", "heartbeat", *arguments) as window:
                assert window.values is not None
                self._heart = (window.values, _memory_bytes(window.pid))
            if not (self._heart[0]["answered"] and self._heart[0]["indexed"]):
                raise InternalError("the window did not index and answer in time", where="benchmark heartbeat")
        return self._heart


def _many_notes(folder: Path, count: int) -> Path:
    """So many notes of 3 KB, a hundred in each sub-folder."""
    body = b"The elephants remember where the water is.\n" * 70
    for number in range(count):
        path = folder / f"{number // 2000:02}" / f"{number // 100:04}" / f"note {number}.md"
        if not number % 100:
            path.parent.mkdir(parents=True)
        path.write_bytes(body)
    return folder


def _walk(root: Path) -> None:
    waiting = [str(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                entry.stat(follow_symlinks=False)


# ---- processes ------------------------------------------------------------------------------------------------------------


@dataclass
class _Held:
    """A process of ours that has printed its values and waits."""

    pid: int
    values: dict[str, Any] | None
    seconds: float


@contextmanager
def _held(door: str, *arguments: str, job: dict[str, Any] | None = None) -> Iterator[_Held]:
    environment = dict(os.environ)
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):  # a user's second start finds compiled modules, so must ours
        environment.setdefault("PYTHONPYCACHEPREFIX", tempfile.gettempdir() + "/elephant-benchmark-modules")
    if sys.platform.startswith("linux") and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    begun = time.perf_counter()
    process = subprocess.Popen(
        own_command(door, *arguments).argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env=environment,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if job is not None:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise InternalError(f"{door} ended with {process.wait()}", where="benchmark")
        yield _Held(process.pid, json.loads(line), time.perf_counter() - begun)
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _measure(door: str, job: dict[str, Any]) -> dict[str, Any]:
    with _held(door, job=job) as held:
        assert held.values is not None
        return held.values


def _window(*arguments: str) -> float:
    with _held("_bench-window", *arguments) as held:
        return held.seconds


@contextmanager
def _engine_process(data: Path) -> Iterator[Supervisor]:
    engine = Supervisor(
        "engine", own_command("_engine", "--data-dir", str(data), log_path=data / "engine.out"), m.EngineEvent
    )
    try:
        engine.call(m.Hello()).result()
        _wait_for(lambda: engine.call(m.GetStatus()).result().progress.stage == "idle")
        for _ in range(2):  # loads the models; the second fills what the first left cold
            engine.call(m.Ask("When does the market open?")).result()
        yield engine
    finally:
        engine.stop()


def _memory_bytes(pid: int) -> int:
    """Memory of a process and all below it; what several share is divided among them where the system can tell."""
    root = psutil.Process(pid)
    total = 0
    for process in (root, *root.children(recursive=True)):
        try:
            info = process.memory_full_info()
        except psutil.Error:
            continue
        total += int(getattr(info, "pss", 0) or info.uss)
    return total


def _wait_for(claim: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not claim():
        if time.monotonic() > end:
            raise InternalError("it did not become ready in time", where="benchmark")
        time.sleep(0.1)


# ---- figures --------------------------------------------------------------------------------------------------------------


def _questions() -> list[str]:
    entries = json.loads(resource("sample-questions.json").read_text("utf-8"))
    entries = entries["questions"] if isinstance(entries, dict) else entries
    return [entry["question"] for entry in entries]


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))]


def _ratio(ours: float, theirs: float, unit: str, against: str, *, aim: float, more_is_better: bool = False) -> Result:
    ratio = ours / theirs
    values = {"ratio": round(ratio, 3), "ours": round(ours, 3), "bare": round(theirs, 3), "unit": unit, "aim": aim}
    sign = "≥" if more_is_better else "≤"
    return Result(values, f"{ratio:.2f} of {against} ({ours:,.1f} against {theirs:,.1f} {unit}; aim {sign} {aim:g})")
