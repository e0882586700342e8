"""The real vector process over a source in memory."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np

from assistant.ipc.supervisor import ChildCommand, Supervisor
from assistant.ipc.vector_messages import VectorEvent
from assistant.models.ports import FloatMatrix
from assistant.retrieval.ports import HalfMatrix
from assistant.retrieval.vector_client import PATIENCE_S, VectorClient

DIM = 32


def unit_vectors(count: int, seed: int = 0, dim: int = DIM) -> FloatMatrix:
    rows = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def names(count: int, prefix: str = "c") -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


class MemorySource:
    """Implements VectorSource."""

    def __init__(self, ids: list[str] | None = None, vectors: FloatMatrix | None = None) -> None:
        self.rows: dict[str, FloatMatrix] = {}
        if ids is not None and vectors is not None:
            self.rows = dict(zip(ids, vectors, strict=True))

    def count(self) -> int:
        return len(self.rows)

    def batches(self, size: int = 4096) -> Iterator[tuple[list[str], HalfMatrix]]:
        ids = list(self.rows)
        for first in range(0, len(ids), size):
            part = ids[first : first + size]
            yield part, np.stack([self.rows[chunk_id] for chunk_id in part]).astype(np.float16)

    def vectors_of(self, chunk_ids: Collection[str]) -> tuple[list[str], HalfMatrix]:
        ids = [chunk_id for chunk_id in chunk_ids if chunk_id in self.rows]
        rows = [self.rows[chunk_id] for chunk_id in ids]
        return ids, np.stack(rows).astype(np.float16) if rows else np.zeros((0, 0), np.float16)


class VectorStack:
    """A supervised vector process on a folder and its client."""

    def __init__(self, folder: Path, query_patience_s: float = 60.0, patience_s: float = PATIENCE_S) -> None:
        self.folder = folder
        command = ChildCommand(
            (sys.executable, "-m", "assistant", "_vectors", "--folder", str(folder)), folder.parent / "vectors.log"
        )
        self.supervisor = Supervisor("vectors", command, VectorEvent, restart=False, breaker_limit=1000)
        self.client = VectorClient(self.supervisor, query_patience_s, patience_s)

    def kill(self) -> None:
        pid = self.supervisor.pid
        if pid is not None:
            os.kill(pid, 9)
        wait_until(lambda: self.supervisor.pid is None)

    def stop(self) -> None:
        self.supervisor.stop(timeout_s=30)

    def live_index(self) -> Path:
        return next(path for path in sorted(self.folder.glob("index-*"), reverse=True))


def wait_until(claim: Callable[[], bool], limit_s: float = 60.0) -> None:
    deadline = time.monotonic() + limit_s
    while not claim():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)
