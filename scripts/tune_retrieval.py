"""Measures retrieval on question sets and prints what each part of it is worth.

    python scripts/tune_retrieval.py --model models/multilingual-e5-small.Q4_0.gguf --cache vectors.sqlite SETS

SETS is a folder of sets, each with `notes/` and `questions.jsonl`. Raw vectors are kept in the cache by text, so that a second run
takes seconds. The figures: hit@1 and hit@5 (a gold note is among the first notes), notes@5 (share of the gold notes there).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.documents.limits import ReaderLimits  # noqa: E402
from assistant.documents.reading import note_format, read_document  # noqa: E402
from assistant.documents.splitting import TARGET_CHARS, embedding_text, split_document  # noqa: E402
from assistant.domain.search import QueryFilter  # noqa: E402
from assistant.models.centring import shipped_centring  # noqa: E402
from assistant.models.checksums import file_sha256  # noqa: E402
from assistant.models.embedding import LlamaEmbedder  # noqa: E402
from assistant.models.llama_runtime import LlamaRuntime, physical_cores  # noqa: E402
from assistant.models.ports import FloatMatrix  # noqa: E402
from assistant.models.text_preparation import TextRole, prepare  # noqa: E402
from assistant.retrieval.exact import ExactIndex  # noqa: E402
from assistant.retrieval.fusion import FusedHit, FusionWeights, fuse  # noqa: E402
from assistant.retrieval.keyword import CatalogKeywords, KeywordIndex  # noqa: E402
from assistant.retrieval.ports import KeywordHit, RowFilter, Scope, StoredChunk  # noqa: E402

STEP_TEXTS = 32


class CachedEmbedder:
    """The embedder's file in this process, every raw vector kept on disk, centred as it is shipped."""

    def __init__(self, model: Path, cache: Path, *, centred: bool = True) -> None:
        self._model = model
        self._loaded: LlamaEmbedder | None = None
        self._db = sqlite3.connect(cache)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
        )
        self._centring = shipped_centring(file_sha256(model)) if centred else None

    def embed(self, texts: Sequence[str], role: TextRole) -> FloatMatrix:
        raw = self.raw(texts, role)
        return self._centring.apply(raw, texts, role) if self._centring is not None else raw

    def raw(self, texts: Sequence[str], role: TextRole) -> FloatMatrix:
        prepared = {hashlib.md5(text.encode()).digest(): text for text in (prepare(text, role) for text in texts)}
        missing = [key for key in prepared if not self._known(key)]
        missing.sort(key=lambda key: len(prepared[key]))
        for first in range(0, len(missing), STEP_TEXTS):
            keys = missing[first : first + STEP_TEXTS]
            rows = self._llama().embed([prepared[key] for key in keys]).astype("<f2")
            self._db.executemany("INSERT INTO vectors VALUES (?, ?)", zip(keys, map(bytes, rows), strict=True))
            self._db.commit()
            print(f"\r{first + len(keys)} of {len(missing)} texts embedded", end="", file=sys.stderr)
        if missing:
            print(file=sys.stderr)
        order = [hashlib.md5(prepare(text, role).encode()).digest() for text in texts]
        return np.stack([np.frombuffer(self._row(key), "<f2") for key in order]).astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [self._llama().count_tokens(prepare(text, TextRole.PASSAGE)) for text in texts]

    def _known(self, key: bytes) -> bool:
        return self._db.execute("SELECT 1 FROM vectors WHERE key = ?", (key,)).fetchone() is not None

    def _row(self, key: bytes) -> bytes:
        row: bytes = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()[0]
        return row

    def _llama(self) -> LlamaEmbedder:
        if self._loaded is None:
            self._loaded = LlamaEmbedder(
                LlamaRuntime(), self._model, threads=physical_cores(), keep_going=lambda _done: True
            )
        return self._loaded


@dataclass(frozen=True)
class IndexedText:
    rowid: int
    title: str
    heading_path: tuple[str, ...]
    text: str


class SetLibrary:
    """A set's notes as chunks, in a keyword index and as vectors. Implements ChunkStore and Scopes."""

    def __init__(
        self, folder: Path, embedder: CachedEmbedder, *, target_chars: int, embedded: str, overlap_chars: int = 0
    ) -> None:
        """embedded: what is embedded of a chunk: "text", "headings" (and text) or "title" (the note's own, if it
        has one; headings and text)."""
        self.name = folder.name
        self._embedder = embedder
        self._overlap_chars = overlap_chars
        self.questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
        self.chunks: dict[int, StoredChunk] = {}
        self.meanings: list[str] = []
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.index = KeywordIndex()
        self.index.create(self.connection)
        self.keywords = CatalogKeywords(self.index, self.read, self)
        self.vectors = ExactIndex()
        for file_id, path in enumerate(sorted((folder / "notes").rglob("*"))):
            if path.is_file() and note_format(path) is not None:
                self._add(file_id, path, path.relative_to(folder / "notes").as_posix(), target_chars, embedded)
        self.by_id = {chunk.chunk_id: chunk for chunk in self.chunks.values()}

    def _add(self, file_id: int, path: Path, note: str, target_chars: int, embedded: str) -> None:
        document = read_document(path, limits=ReaderLimits())
        title = document.title or path.stem
        chunks = split_document(
            document,
            title=title,
            window_tokens=512,
            count_tokens=self._embedder.count_tokens,
            target_chars=target_chars,
            overlap_chars=self._overlap_chars,
        )
        for chunk in chunks:
            rowid = len(self.chunks) + 1
            stored = StoredChunk(
                rowid, f"{rowid}", file_id, 1, note, str(path), title, chunk.ordinal, chunk.text, chunk.start, chunk.end,
                chunk.heading_path, chunk.page,
            )  # fmt: skip
            self.chunks[rowid] = stored
            if embedded == "text":
                self.meanings.append(chunk.text)
            else:
                self.meanings.append(embedding_text(document.title if embedded == "title" else "", chunk))
            self.index.add(self.connection, [IndexedText(rowid, title, chunk.heading_path, chunk.text)])

    def embed(self) -> None:
        embedder = self._embedder
        rows = embedder.embed(self.meanings, TextRole.PASSAGE)
        self.vectors.upsert([chunk.chunk_id for chunk in self.chunks.values()], rows)
        self.query_vectors = embedder.embed([question["question"] for question in self.questions], TextRole.QUERY)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        yield self.connection

    def rows_within(self, scope: Scope) -> RowFilter:
        rows = [chunk.rowid for chunk in self.chunks.values() if self._is_inside(chunk, scope)]
        return RowFilter(f"VALUES {','.join(f'({row})' for row in rows) or '(-1)'}")

    def chunk_ids_within(self, scope: Scope) -> list[str]:
        return [chunk.chunk_id for chunk in self.chunks.values() if self._is_inside(chunk, scope)]

    def newest_within(self, scope: Scope, limit: int) -> list[str]:
        return []  # no question of a set is nothing but filters

    def failed_filters(self, filters: tuple[QueryFilter, ...], folder_id: int, note: str) -> tuple[QueryFilter, ...]:
        return ()

    def _is_inside(self, chunk: StoredChunk, scope: Scope) -> bool:
        return not scope.notes or (chunk.folder_id, chunk.note) in scope.notes

    def version(self) -> int:
        return len(self.chunks)

    def titles(self) -> Iterator[tuple[int, str, str]]:
        yield from {
            (chunk.folder_id, chunk.note): (chunk.folder_id, chunk.note, chunk.title) for chunk in self.chunks.values()
        }.values()

    def chunk_count(self) -> int:
        return len(self.chunks)

    def count(self) -> int:
        return self.vectors.count()

    def chunks_by_rowid(self, rowids: Sequence[int]) -> dict[int, StoredChunk]:
        return {rowid: self.chunks[rowid] for rowid in rowids}

    def chunks_by_id(self, chunk_ids: Sequence[str]) -> dict[str, StoredChunk]:
        return {chunk_id: self.by_id[chunk_id] for chunk_id in chunk_ids}


KeywordList = list[tuple[str, KeywordHit]]
VectorList = list[tuple[str, float]]
Ranker = Callable[[KeywordList, VectorList, float], list[FusedHit]]


@dataclass
class Legs:
    """What both legs answer to every answerable question of a set; the same for every way of fusing them."""

    gold: list[set[str]]
    keyword: list[KeywordList]
    vector: list[VectorList]
    dominance: list[float]
    notes: dict[str, str]


def run_legs(library: SetLibrary, top: int = 50) -> Legs:
    gold: list[set[str]] = []
    keyword: list[KeywordList] = []
    vector: list[VectorList] = []
    dominance: list[float] = []
    for question, row in zip(library.questions, library.query_vectors, strict=True):
        if question["kind"] == "unanswerable":
            continue
        gold.append({relevant["note"] for relevant in question["relevant"]})
        found = library.index.search(library.connection, question["question"], top)
        keyword.append([(library.chunks[hit.rowid].chunk_id, hit) for hit in found.hits])
        dominance.append(found.dominance)
        vector.append(library.vectors.query(row, top))
    return Legs(gold, keyword, vector, dominance, {chunk_id: chunk.note for chunk_id, chunk in library.by_id.items()})


def measure(legs: Legs, ranker: Ranker) -> tuple[float, float, float]:
    """hit@1, hit@5, notes@5."""
    rows = []
    for gold, keyword, vector, dominance in zip(legs.gold, legs.keyword, legs.vector, legs.dominance, strict=True):
        ranked = list(dict.fromkeys(legs.notes[hit.chunk_id] for hit in ranker(keyword, vector, dominance)))[:5]
        found = [note in gold for note in ranked]
        rows.append((any(found[:1]), any(found), sum(found) / len(gold)))
    one, five, notes = np.mean(np.array(rows, dtype=float), axis=0)
    return float(one), float(five), float(notes)


def reciprocal_ranks(keyword: KeywordList, vector: VectorList, _dominance: float, k: int = 60) -> list[FusedHit]:
    """Plain reciprocal rank fusion, for comparison."""
    scores: dict[str, float] = {}
    for ranking in ([chunk_id for chunk_id, _ in keyword], [chunk_id for chunk_id, _ in vector]):
        for rank, chunk_id in enumerate(ranking, 1):
            scores[chunk_id] = scores.get(chunk_id, 0.0) + 1.0 / (k + rank)
    ranked = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))
    return [FusedHit(chunk_id, scores[chunk_id], None, None, 0.0, None) for chunk_id in ranked]


def rankers() -> dict[str, Ranker]:
    weights = FusionWeights()
    return {
        "words alone": lambda keyword, _, dominance: fuse(keyword, [], dominance, weights),
        "meaning alone": lambda _, vector, dominance: fuse([], vector, dominance, weights),
        "reciprocal ranks": reciprocal_ranks,
        "fused": lambda keyword, vector, dominance: fuse(keyword, vector, dominance, weights),
        **{
            f"words {value}, dominance {more}": lambda keyword, vector, dominance, value=value, more=more: fuse(  # type: ignore[misc]
                keyword, vector, dominance, replace(weights, keyword=value, dominance=more)
            )
            for value in (0.3, 0.4, 0.5, 0.7)
            for more in (0.0, 1.5)
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--target-chars", type=int, default=TARGET_CHARS)
    parser.add_argument("--embedded", choices=("text", "headings", "title"), default="title")
    arguments = parser.parse_args()
    embedder = CachedEmbedder(arguments.model, arguments.cache)
    table: dict[str, list[tuple[float, float, float]]] = {name: [] for name in rankers()}
    folders = sorted(path.parent for path in arguments.sets.glob("*/questions.jsonl"))
    for folder in folders:
        library = SetLibrary(folder, embedder, target_chars=arguments.target_chars, embedded=arguments.embedded)
        library.embed()
        legs = run_legs(library)
        for name, ranker in rankers().items():
            table[name].append(measure(legs, ranker))
    print(f"{'':26s}" + "".join(f"{folder.name:>22s}" for folder in folders))
    for name, cells in table.items():
        print(f"{name:26s}" + "".join(f"{one:8.3f}{five:7.3f}{notes:7.3f}" for one, five, notes in cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())
