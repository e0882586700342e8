"""The vector process as its parent sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.domain.errors import Cancelled, StoreUnavailableError
from assistant.ipc.supervisor import HANG_AFTER_S, Health, Supervisor, own_command
from assistant.ipc.vector_messages import (
    AddToRebuild,
    BeginRebuild,
    CheckVectors,
    DeleteVectors,
    FinishRebuild,
    GetVectorState,
    ListVectorIds,
    ProbeVectors,
    QueryVectors,
    UpsertVectors,
    VectorEvent,
    VectorsChecked,
    VectorState,
)
from assistant.models.ports import FloatMatrix
from assistant.retrieval.exact import check_vectors
from assistant.retrieval.ports import HalfMatrix, LateAnswerError
from assistant.retrieval.vector_codec import encode_vectors

QUERY_PATIENCE_S = 1.0
"""A query takes milliseconds; behind a batch that is being written up to a second. Whoever asks has exact search meanwhile."""

PATIENCE_S = 120.0
"""Everything else. The longest are to wait for a predecessor, 20 s, and to write 2,000 vectors on a busy machine, some 10 s."""

_LINE_ROWS = 2000


def vector_supervisor(folder: Path, log_path: Path, on_health: Callable[[Health], None] | None = None) -> Supervisor:
    """The supervisor of a vector process that keeps its index in `folder`."""
    command = own_command("_vectors", "--folder", str(folder), log_path=log_path)
    return Supervisor("vectors", command, VectorEvent, on_health=on_health, hang_after_s=HANG_AFTER_S)


class VectorClient:
    """Implements VectorIndex by the vector process. Thread: any.

    Every method raises ProcessDiedError (may be tried again), ProcessBrokenError, or StoreUnavailableError: the index is doubtful,
    its folder cannot be used, or it did not answer in time. A process that does not answer is ended, except to a query.
    """

    def __init__(
        self, supervisor: Supervisor, query_patience_s: float = QUERY_PATIENCE_S, patience_s: float = PATIENCE_S
    ) -> None:
        self._supervisor = supervisor
        self._patience_s = patience_s
        self._query_patience_s = query_patience_s

    def state(self) -> VectorState:
        """What the index says of itself. Waits until it is open."""
        return self._state(GetVectorState())

    def probe(
        self, chunk_ids: Sequence[str], vectors: HalfMatrix, count: int = -1, *, more: bool = False
    ) -> VectorState:
        """Let it check itself against up to some thousand vectors that are known to be right. more: others follow."""
        return self._state(ProbeVectors(tuple(chunk_ids), encode_vectors(vectors), count, more))

    def check(self, chunk_ids: Sequence[str], vectors: HalfMatrix) -> tuple[int, int]:
        """How many of these it holds as they are here, and how many of them it does not find by their own vectors."""
        checked: VectorsChecked = self._ask(CheckVectors(tuple(chunk_ids), encode_vectors(vectors)))
        return checked.looked_up, checked.missed

    def upsert(self, chunk_ids: Sequence[str], vectors: FloatMatrix) -> None:
        """Raises BadRequestError for a vector that is not finite; nothing is written then."""
        check_vectors(vectors)
        for ids, rows in _lines(chunk_ids, vectors):
            self._ask(UpsertVectors(tuple(ids), encode_vectors(rows)))

    def delete(self, chunk_ids: Iterable[str]) -> None:
        ids = list(chunk_ids)
        for first in range(0, len(ids), _LINE_ROWS):
            self._ask(DeleteVectors(tuple(ids[first : first + _LINE_ROWS])))

    def query(self, vector: FloatMatrix, top: int) -> list[tuple[str, float]]:
        check_vectors(vector)
        try:
            hits = self._wait_for(QueryVectors(encode_vectors(vector), top), self._query_patience_s)
        except Cancelled as error:
            raise LateAnswerError(store="vectors", reason="no answer in time") from error
        return list(zip(hits.ids, hits.similarities, strict=True))

    def count(self) -> int:
        return self.state().count

    def ids(self) -> set[str]:
        return set(self._ask(ListVectorIds()).ids)

    def begin_rebuild(self) -> None:
        """Start a new index beside the one in use; `add_to_rebuild` fills it, `finish_rebuild` switches to it."""
        self._ask(BeginRebuild())

    def add_to_rebuild(self, chunk_ids: Sequence[str], vectors: HalfMatrix) -> None:
        for ids, rows in _lines(chunk_ids, vectors):
            self._ask(AddToRebuild(tuple(ids), encode_vectors(rows)))

    def finish_rebuild(self, count: int) -> VectorState:
        return self._state(FinishRebuild(count))

    def restart(self) -> None:
        """End the process; the next call starts a fresh one. A damaged index leaves Chroma's own state in it broken as well."""
        self._supervisor.kill()

    def _state(self, body: Any) -> VectorState:
        state: VectorState = self._ask(body)
        return state

    def _ask(self, body: Any) -> Any:
        try:
            return self._wait_for(body, self._patience_s)
        except Cancelled as error:
            # Chroma waits for its own lock for up to 1,000 s; a fresh process finds it free.
            self._supervisor.kill()
            raise StoreUnavailableError(store="vectors", reason="no answer in time") from error

    def _wait_for(self, body: Any, patience_s: float) -> Any:
        """Raises Cancelled when it has taken that long."""
        pending = self._supervisor.call(body)
        late = threading.Event()
        alarm = threading.Timer(patience_s, late.set)
        alarm.daemon = True
        alarm.start()
        try:
            return pending.result(late, patience_s=0.0)
        finally:
            alarm.cancel()


def _lines(chunk_ids: Sequence[str], vectors: FloatMatrix | HalfMatrix) -> Iterator[tuple[Sequence[str], Any]]:
    assert len(chunk_ids) == len(vectors)
    for first in range(0, len(chunk_ids), _LINE_ROWS):
        last = first + _LINE_ROWS
        yield chunk_ids[first:last], np.asarray(vectors[first:last])
