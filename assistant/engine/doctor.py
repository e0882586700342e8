"""`elephant doctor`: what is installed, what works, and what to do about what does not."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.domain.errors import AssistantError
from assistant.domain.models import Backends, PromptMessage, PromptPart, Sampling
from assistant.engine.paths import DataPaths

LEAST_FREE_BYTES = 500_000_000
INOTIFY_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
FEW_WATCHES = 16_384
_REPAIR = "install Elephant again" if getattr(sys, "frozen", False) else "run the set-up again"


@dataclass(frozen=True, slots=True)
class Finding:
    """text: what was found, and if it is not fine, what to do."""

    name: str
    fine: bool
    text: str


def examine(paths: DataPaths) -> list[Finding]:
    """Look at everything, cheapest first. A check that fails is a finding, never an exception."""
    found = [_python(), _pyside(), _sqlite(), _disk(paths), *_watches()]
    shelf = "`elephant models list` shows the shelf; `elephant models pull starter` repairs it"
    found.append(
        _try(
            "llama.cpp",
            lambda: _computing(paths),
            f"without it there are no answers and only words are searched; {_REPAIR}",
        )
    )
    found.append(_try("search by meaning", lambda: _embedder(paths), shelf))
    found += _reranking(paths)
    found.append(_try("chat model", lambda: _chat(paths), shelf))
    found.append(_try("vector store", _vectors, f"search by meaning works without it, only slower; {_REPAIR}"))
    return found


def _try(name: str, check: Callable[[], str], advice: str) -> Finding:
    try:
        return Finding(name, True, check())
    except AssistantError as error:
        return Finding(name, False, f"{error}; {advice}")


def _python() -> Finding:
    fine = (3, 11) <= sys.version_info[:2] <= (3, 13)
    advice = "" if fine else "; Elephant is tested on 3.11 to 3.13, please use one of those"
    return Finding("python", fine, f"{platform.python_version()} on {platform.system()} {platform.machine()}{advice}")


def _pyside() -> Finding:
    try:
        version = importlib.metadata.version("PySide6-Essentials")
    except importlib.metadata.PackageNotFoundError:
        return Finding("window", False, f"PySide6-Essentials is not installed; {_REPAIR}")
    broken = sys.version_info[:2] == (3, 11) and version.startswith("6.12.")
    advice = "; this pair aborts after some minutes, use PySide6 6.11 on Python 3.11" if broken else ""
    return Finding("window", not broken, f"PySide6 {version}{advice}")


def _sqlite() -> Finding:
    try:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.OperationalError:
        return Finding(
            "keyword search", False, f"SQLite {sqlite3.sqlite_version} has no FTS5; use a Python built with it"
        )
    return Finding("keyword search", True, f"SQLite {sqlite3.sqlite_version} with FTS5")


def _disk(paths: DataPaths) -> Finding:
    try:
        paths.make()
        with tempfile.TemporaryFile(dir=paths.root):
            pass
        free = shutil.disk_usage(paths.root).free
    except OSError as error:
        return Finding(
            "data folder", False, f"{paths.root} cannot be written ({error.strerror}); choose another with --data-dir"
        )
    text = f"{paths.root}, {free / 1e9:,.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("data folder", False, text + "; indexing stops below 0.5 GB, please make room")
    return Finding("data folder", True, text)


def _watches() -> Iterator[Finding]:
    """Linux only: how many folders may be watched for changes."""
    try:
        limit = int(INOTIFY_WATCHES.read_text())
    except (OSError, ValueError):
        return
    text = f"up to {limit:,} folders can be watched for changes"
    if limit < FEW_WATCHES:
        text += (
            "; beyond that Elephant looks about every minute instead. Raise fs.inotify.max_user_watches to avoid that"
        )
    yield Finding("watching", limit >= FEW_WATCHES, text)


def _computing(paths: DataPaths) -> str:
    from assistant.engine.model_room import ModelRoom

    with ModelRoom.standalone(paths) as models:
        return backend_words(models.backends())


def backend_words(backends: Backends) -> str:
    """Which backend runs, and of how many."""
    features = (
        ", ".join(one for one in backends.features if not one.startswith(("SSE", "SSSE"))) or "no special features"
    )
    if backends.at_hand:
        kernels = (
            f"the {backends.processor or 'best'} kernels of {backends.at_hand}, chosen for this processor ({features})"
        )
    else:
        kernels = f"kernels built for this machine ({features})"
    if backends.gpus:
        return f"answers on the GPU ({', '.join(backends.gpus)}) where a model fits; on the processor {kernels}"
    return f"on the processor, with {kernels}; no GPU that this build can use was found"


def _embedder(paths: DataPaths) -> str:
    from assistant.engine.model_room import ModelRoom

    with ModelRoom.standalone(paths) as models:
        embedder = models.embedder
        if embedder is None:
            return "no embedder is installed, so only words are searched; `elephant models pull starter` gets one"
        near, far = embedder.embed_passages(["The flight leaves at eight.", "Bake the bread for an hour."])
        query = embedder.embed_queries(["When do we fly?"])[0]
        if not float(near @ query) > float(far @ query):
            raise AssistantError("the embedder confuses two plain sentences")
        info = embedder.info()
        return f"{info.name}, {info.dim} dimensions, answers sensibly"


def _reranking(paths: DataPaths) -> Iterator[Finding]:
    """Nothing where there is no reranker: none is needed."""
    from assistant.engine.model_room import ModelRoom

    with ModelRoom.standalone(paths) as models:
        reranker = models.reranker
        if reranker is None:
            return

        def check() -> str:
            near, far = reranker.scores(
                "When do we fly?", ["The flight leaves at eight.", "Bake the bread for an hour."]
            )
            if not near > far:
                raise AssistantError("it puts the wrong one of two plain sentences first")
            return f"{reranker.name}, puts the right one of two sentences first"

        yield _try("reranker", check, f"search works without it: `elephant models remove {reranker.name}`")


def _chat(paths: DataPaths) -> str:
    import threading

    from assistant.engine.model_room import ModelRoom

    with ModelRoom.standalone(paths) as models:
        choice = models.chosen()
        if choice is None:
            return "no chat model is installed; search and quotes work without; `elephant models pull starter` gets one"
        question = [PromptMessage("user", (PromptPart("Say hello."),))]
        text = "".join(
            item
            for item in choice.model.stream(question, Sampling(max_tokens=8), threading.Event())
            if isinstance(item, str)
        )
        info = choice.model.info()
        backend = f"{info.backend} (the GPU has no room for it)" if info.has_lost_gpu else info.backend
        return f"{info.name} on {backend}, {'writes' if text.strip() else 'writes nothing'}"


def _vectors() -> str:
    from assistant.retrieval.vector_client import VectorClient, vector_supervisor

    with tempfile.TemporaryDirectory(prefix="elephant-doctor-", ignore_cleanup_errors=True) as folder:
        supervisor = vector_supervisor(Path(folder) / "chroma", Path(folder) / "log")
        try:
            client = VectorClient(supervisor, query_patience_s=30.0)
            client.state()
            rows = np.eye(2, 384, dtype=np.float32)
            client.upsert(["one", "two"], rows)
            if [found for found, _ in client.query(rows[1], 1)] != ["two"]:
                raise AssistantError("Chroma does not find what it was given")
        finally:
            supervisor.stop()
    return f"chromadb {importlib.metadata.version('chromadb')}, finds what it is given"
