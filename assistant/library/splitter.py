"""The splitter of the documents room in the shape the indexer uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.documents.splitting import SPLITTER_VERSION, TARGET_CHARS, embedding_text, split_document
from assistant.domain.documents import Chunk, Document


class DocumentSplitter:
    """Implements ports.Splitter. Stateless; thread: any."""

    version = SPLITTER_VERSION

    def __init__(self, target_chars: int = TARGET_CHARS) -> None:
        self._target_chars = target_chars

    def split(
        self, document: Document, *, title: str, window_tokens: int, count_tokens: Callable[[Sequence[str]], list[int]]
    ) -> list[Chunk]:
        return split_document(
            document,
            title=title,
            window_tokens=window_tokens,
            count_tokens=count_tokens,
            target_chars=self._target_chars,
        )

    def embedding_text(self, title: str, chunk: Chunk) -> str:
        return embedding_text(title, chunk)
