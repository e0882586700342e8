"""Second stage: chunks get their vectors, the catalog first, the vector index behind it in large batches."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np

from assistant.domain.errors import AssistantError, Cancelled, InternalError
from assistant.library.catalog import Catalog
from assistant.library.chunk_table import Untold
from assistant.library.ports import PassageEmbedder, Splitter, VectorSink
from assistant.library.progress import RateMeter

BATCH_CHARS = 6000
BATCH_CHUNKS = 16
"""A batch is what a waiting question has to wait for: about a second on two cores with the starter embedder."""

TELL_CHUNKS = 2000
"""Chroma re-reads its log at each write; FACTS.md: batches of about 2,000 are cheapest."""

FIRST_TELL_CHUNKS = 32
TELL_GROWTH = 0.25
"""What the vector index has not been told, search by meaning does not find. While the index is small it is told more often, each time a
quarter of what it knows: the first notes of a large folder are found by meaning within seconds, and the cost stays in proportion."""

_TELL_AGAIN_S = (0.5, 1.0, 2.0, 5.0, 15.0)


class MeaningStage:
    """Thread: `work` from one thread at a time."""

    def __init__(
        self,
        catalog: Catalog,
        embedder: PassageEmbedder | None,
        splitter: Splitter,
        index: VectorSink | None,
        *,
        batch_chars: int = BATCH_CHARS,
        batch_chunks: int = BATCH_CHUNKS,
    ) -> None:
        """embedder None: words only. index None: exact search over the catalog's vectors is all there is."""
        self._catalog = catalog
        self._embedder = embedder
        self._splitter = splitter
        self._index = index
        self._batch_chars = batch_chars
        self._batch_chunks = batch_chunks
        self.meter = RateMeter()
        self.index_trouble: AssistantError | None = None
        self._tell_again_at = 0.0
        self._refusals = 0
        self._told: int | None = None  # chunks the vector index knows; None: to be counted

    @property
    def can_embed(self) -> bool:
        return self._embedder is not None

    def work(self, cancelled: threading.Event) -> bool:
        """Embed one batch, or tell the vector index what it does not know. False if there is nothing to do, or nobody to tell it to
        at the moment (`next_try_s` says until when).

        Raises what the embedder raises; nothing is lost then. Trouble of the vector index is kept in `index_trouble` instead, because
        search and embedding go on without it.
        """
        if self._embed_batch(cancelled):
            if self._is_worth_telling():
                self._tell()
            return True
        return self._tell()

    def try_index_now(self) -> None:
        """The vector index may be there again."""
        self._tell_again_at = 0.0

    def next_try_s(self) -> float | None:
        """Seconds until the vector index is to be told again what it refused; None if it refused nothing."""
        if self.index_trouble is None:
            return None
        return max(0.01, self._tell_again_at - time.monotonic())

    def _embed_batch(self, cancelled: threading.Event) -> bool:
        if self._embedder is None:
            return False
        batch = self._catalog.chunks.backlog(self._batch_chars, self._batch_chunks)
        if not batch:
            return False
        texts = [self._splitter.embedding_text(item.own_title, item.chunk) for item in batch]
        vectors = self._embedder.embed_passages(texts, cancelled)
        if vectors.shape[0] != len(batch) or not np.isfinite(vectors).all():
            raise InternalError(where="embedder")
        self.meter.add(self._catalog.chunks.write_vectors(batch, vectors))
        return True

    def _is_worth_telling(self) -> bool:
        untold = self._catalog.chunks.untold_count()
        if self._told is None:
            self._told = max(0, self._catalog.chunks.count() - untold)
        return untold >= min(TELL_CHUNKS, max(FIRST_TELL_CHUNKS, TELL_GROWTH * self._told))

    def _tell(self) -> bool:
        """One batch to the vector index. True if something was told."""
        if self.index_trouble is not None and time.monotonic() < self._tell_again_at:
            return False
        changes = self._catalog.chunks.untold(TELL_CHUNKS)
        if not changes:
            self.index_trouble = None
            return False
        try:
            self._pass_on(changes)
        except Cancelled:
            raise
        except AssistantError as error:
            # Being started, rebuilt or broken: exact search over our vectors answers meanwhile, so what has its vectors is ready. It
            # is told everything again, which changes nothing where it knew already.
            self._tell_again_at = time.monotonic() + _TELL_AGAIN_S[min(self._refusals, len(_TELL_AGAIN_S) - 1)]
            self._refusals += 1
            self.index_trouble = error
            self._catalog.chunks.ready_without_index()
            return False
        self.index_trouble = None
        self._refusals = 0
        self._catalog.chunks.told(changes)
        self._told = None
        return True

    def _pass_on(self, changes: Sequence[Untold]) -> None:
        if self._index is None:
            return
        if deletes := [change.chunk_id for change in changes if change.vector is None]:
            self._index.delete(deletes)
        upserts = [(change.chunk_id, change.vector) for change in changes if change.vector is not None]
        if upserts:
            self._index.upsert([chunk_id for chunk_id, _ in upserts], np.stack([vector for _, vector in upserts]))
