"""The vector process: `python -m assistant _vectors --folder DIR`. Chroma, and nothing else.

Chroma's binding holds the interpreter lock for the whole of every write and can end its process on a torn index, so it has a
process of its own. What it holds is a copy of the catalog's vectors; when in doubt it says so and the parent rebuilds it.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.domain.errors import AssistantError, InternalError, StoreUnavailableError
from assistant.ipc.private_log import log_to_standard_error
from assistant.ipc.service import Call, Service
from assistant.ipc.transport import take_standard_streams
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
    VectorHits,
    VectorIds,
    VectorRequest,
    VectorsChecked,
    VectorsDone,
    VectorState,
)
from assistant.retrieval.vector_codec import decode_vectors
from assistant.retrieval.vector_keeper import VectorKeeper

DOOR = "_vectors"

log = logging.getLogger(__name__)


def main(argv: Sequence[str]) -> int:
    """Serve until the parent closes the link. Exit code 1: the folder cannot be used."""
    parser = argparse.ArgumentParser(prog=DOOR, allow_abbrev=False)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args(argv)
    reader, writer = take_standard_streams()
    log_to_standard_error(logging.INFO)
    worker = VectorWorker(VectorKeeper(arguments.folder))
    service: Service[VectorRequest] = Service(reader, writer, VectorRequest, worker.take)
    working = threading.Thread(target=worker.run, name="chroma")
    working.start()
    service.run()
    worker.stop()
    working.join()
    return 0


class VectorWorker:
    """Does one request after another on one thread, queries before writes. `take` and `stop` from any thread."""

    def __init__(self, keeper: VectorKeeper) -> None:
        self._keeper = keeper
        self._queue: queue.PriorityQueue[tuple[int, int, Call[VectorRequest] | None]] = queue.PriorityQueue()
        self._order = itertools.count()

    def take(self, call: Call[VectorRequest]) -> None:
        self._queue.put((0 if isinstance(call.body, QueryVectors) else 1, next(self._order), call))

    def stop(self) -> None:
        """After the request that is under way; what waits is dropped, nobody is there to hear of it."""
        self._queue.put((-1, next(self._order), None))

    def run(self) -> None:
        try:
            while True:
                _, _, call = self._queue.get()
                if call is None:
                    return
                self._do(call)
        finally:
            self._keeper.close()

    def _do(self, call: Call[VectorRequest]) -> None:
        if call.cancelled.is_set() and isinstance(call.body, QueryVectors):
            call.finish(VectorHits((), ()))
            return
        try:
            call.finish(self._answer(call.body))
        except AssistantError as error:
            call.fail(error)
        except OSError as error:
            call.fail(StoreUnavailableError(type(error).__name__, store="vectors", reason=error.strerror or "disk"))
        except Exception as error:  # the worker boundary: one bad request must not end the process
            log.exception("%s failed", type(call.body).__name__)
            call.fail(InternalError(type(error).__name__, where="vectors"))

    def _answer(self, body: Any) -> VectorState | VectorsChecked | VectorsDone | VectorHits | VectorIds:
        keeper = self._keeper
        match body:
            case GetVectorState():
                return keeper.state()
            case ProbeVectors(ids, vectors, count, more):
                return keeper.probe(ids, decode_vectors(vectors, len(ids)) if ids else None, count, more=more)
            case CheckVectors(ids, vectors):
                return VectorsChecked(*keeper.check(ids, decode_vectors(vectors, len(ids))))
            case UpsertVectors(ids, vectors):
                keeper.upsert(ids, decode_vectors(vectors, len(ids)))
            case DeleteVectors(ids):
                keeper.delete(ids)
            case QueryVectors(vector, top):
                hits = keeper.query(decode_vectors(vector, 1)[0], top)
                return VectorHits(tuple(chunk_id for chunk_id, _ in hits), tuple(similarity for _, similarity in hits))
            case ListVectorIds():
                return VectorIds(tuple(keeper.ids()))
            case BeginRebuild():
                keeper.begin_rebuild()
            case AddToRebuild(ids, vectors):
                keeper.add_to_rebuild(ids, decode_vectors(vectors, len(ids)))
            case FinishRebuild(count):
                return keeper.finish_rebuild(count)
        return VectorsDone()
