"""Second stage: chunks get their vectors, the catalog first, the vector index behind it in large batches."""

from __future__ import annotations

import logging
import threading

import numpy as np

from assistant.domain.errors import (
    AssistantError,
    InternalError,
    ProcessBrokenError,
    ProcessDiedError,
    StoreUnavailableError,
)
from assistant.library.catalog import Catalog
from assistant.library.ports import PassageEmbedder, Splitter, VectorSink
from assistant.library.progress import RateMeter

log = logging.getLogger(__name__)

BATCH_CHARS = 6000
BATCH_CHUNKS = 16
"""A batch is what a waiting question has to wait for: about a second on two cores with the starter embedder."""

TELL_CHUNKS = 2000
"""Chroma re-reads its log at each write; FACTS.md: batches of about 2,000 are cheapest."""


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

    @property
    def can_embed(self) -> bool:
        return self._embedder is not None

    def work(self, cancelled: threading.Event) -> bool:
        """Embed one batch, or tell the vector index what it does not know. False if there is nothing to do.

        Raises what the embedder raises; nothing is lost then. Trouble of the vector index is kept in `index_trouble` instead, because
        search goes on without it.
        """
        if self._embed_batch(cancelled):
            if self._catalog.chunks.untold_count() >= TELL_CHUNKS:
                self._tell()
            return True
        return self._tell()

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

    def _tell(self) -> bool:
        """One batch to the vector index. True if something was told."""
        changes = self._catalog.chunks.untold(TELL_CHUNKS)
        if not changes:
            self.index_trouble = None
            return False
        upserts = [change for change in changes if change.vector is not None]
        deletes = [change.chunk_id for change in changes if change.vector is None]
        if self._index is not None:
            try:
                if deletes:
                    self._index.delete(deletes)
                if upserts:
                    ids = [change.chunk_id for change in upserts]
                    self._index.upsert(
                        ids, np.stack([change.vector for change in upserts if change.vector is not None])
                    )
            except ProcessDiedError as error:
                # It is started again by its supervisor; what it was told is told again, which changes nothing.
                self.index_trouble = error
                return False
            except (ProcessBrokenError, StoreUnavailableError) as error:
                self.index_trouble = error
                self._catalog.chunks.ready_without_index()
                return False
        self.index_trouble = None
        self._catalog.chunks.told(changes)
        return True
