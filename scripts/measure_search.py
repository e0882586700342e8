"""Measures what a search costs in a large library, against the bare parts it is made of.

    python scripts/measure_search.py NOTES --chunks 10000 100000

NOTES is a folder of text notes whose sentences are shuffled into as many chunks as wanted; their vectors are random ones around a few
hundred centres, since embedding so much takes hours and a search does not ask where a vector came from. Embedding the query is left out
on both sides. Printed for each size: p50 and p95 of our search (both legs, fusion, passages, second search; finished and while typing),
of a bare Chroma query plus a bare FTS5 query over the same data, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.domain.documents import Chunk  # noqa: E402
from assistant.domain.models import EmbedderInfo  # noqa: E402
from assistant.domain.sentences import split_sentences  # noqa: E402
from assistant.engine.catalog_scopes import CatalogScopes  # noqa: E402
from assistant.library.catalog import Catalog  # noqa: E402
from assistant.library.chunk_table import ReadNote  # noqa: E402
from assistant.library.file_table import Identity  # noqa: E402
from assistant.models.ports import FloatMatrix  # noqa: E402
from assistant.retrieval.keyword import CatalogKeywords, KeywordIndex  # noqa: E402
from assistant.retrieval.retriever import LEG_TOP, Retriever  # noqa: E402
from assistant.retrieval.vector_client import VectorClient, vector_supervisor  # noqa: E402
from assistant.retrieval.vectors import GuardedVectors  # noqa: E402

DIM, CENTRES, CHUNKS_A_NOTE, CHUNK_CHARS = 384, 300, 8, 640
QUERIES = 120


class RandomEmbedder:
    """A query's vector is near a chunk's; it costs nothing."""

    def __init__(self, vectors: FloatMatrix) -> None:
        self._vectors = vectors
        self._numbers = np.random.default_rng(5)

    def info(self) -> EmbedderInfo:
        return EmbedderInfo("random", "random", DIM, 512)

    def embed_queries(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        near = self._vectors[self._numbers.integers(len(self._vectors))]
        return unit(near + self._numbers.normal(0, 0.02, (1, DIM)))

    embed_passages = embed_queries

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 3 for text in texts]


def unit(rows: FloatMatrix) -> FloatMatrix:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def fill(catalog: Catalog, sentences: Sequence[str], chunks: int) -> FloatMatrix:
    """Write so many chunks with their vectors; the vectors."""
    chooser, numbers = random.Random(3), np.random.default_rng(3)
    centres = unit(numbers.normal(size=(CENTRES, DIM)))
    vectors = unit(centres[numbers.integers(CENTRES, size=chunks)] + numbers.normal(0, 0.04, (chunks, DIM)))
    catalog.files.put_folder(1, "/notes", is_file=False)
    done = 0
    while done < chunks:
        with catalog.database.write():
            for _ in range(200):
                note = [made(chooser, sentences) for _ in range(min(CHUNKS_A_NOTE, chunks - done))]
                if not note:
                    break
                identity = Identity(1000, 10**18 + done, done)
                title = " ".join(chooser.choice(chooser.choice(sentences).split()) for _ in range(2))
                file_id = catalog.files.add(1, f"{done // 800}/{done}.md", f"{done // 800}/{done}.md", identity)
                parts = [Chunk(n, text, n * CHUNK_CHARS, n * CHUNK_CHARS + len(text)) for n, text in enumerate(note)]
                catalog.chunks.write_note(file_id, ReadNote(title, "markdown", "s", identity, b"h", parts, note))
                done += len(note)
        waiting = catalog.chunks.backlog(10**9, 5000)
        catalog.chunks.write_vectors(waiting, vectors[done - len(waiting) : done])
        print(f"\r{done:,} of {chunks:,} chunks", end="", file=sys.stderr)
    print(file=sys.stderr)
    return vectors


def made(chooser: random.Random, sentences: Sequence[str]) -> str:
    text = ""
    while len(text) < CHUNK_CHARS:
        text += chooser.choice(sentences) + " "
    return text


def timed(searches: Sequence[Callable[[], object]]) -> list[float]:
    times = []
    for search in searches:
        begun = time.perf_counter()
        search()
        times.append(time.perf_counter() - begun)
    return times


def bare(catalog: Path, queries: Sequence[str]) -> list[float]:
    job = json.dumps({"catalog": str(catalog), "queries": queries, "top": LEG_TOP})
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "_bare-search"],
        input=job + "\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [chroma + fts for chroma, fts in zip(found["chroma_s"], found["fts_s"], strict=True)]


def measure(folder: Path, sentences: Sequence[str], chunks: int) -> None:
    index = KeywordIndex()
    path = folder / f"{chunks}" / "catalog.sqlite"
    catalog = Catalog(path, index)
    vectors = fill(catalog, sentences, chunks)
    scopes = CatalogScopes(catalog)
    keywords = CatalogKeywords(index, catalog.database.read, scopes)
    supervisor = vector_supervisor(path.parent / "chroma", path.parent / "vectors.log", lambda _health: None)
    guarded = GuardedVectors(VectorClient(supervisor), catalog.chunks)
    guarded.start()
    while guarded.is_exact:
        time.sleep(0.5)
    chooser = random.Random(9)
    # Questions of the length people ask: five to nine words out of one sentence.
    queries = [
        " ".join(chooser.choice(sentences).split()[2 : chooser.randint(7, 11)]) or "words" for _ in range(QUERIES)
    ]
    retriever = Retriever(keywords, guarded, catalog.chunks, RandomEmbedder(vectors), scopes)
    timed([lambda query=query: retriever.retrieve(query) for query in queries[:10]])
    ours = timed([lambda query=query: retriever.retrieve(query) for query in queries])
    typing = timed([lambda query=query: retriever.retrieve(query, unfinished=True) for query in queries])
    supervisor.stop()
    guarded.stop()
    catalog.close()
    theirs = bare(path, queries)
    for name, times in (("search", ours), ("as you type", typing), ("bare Chroma + FTS5", theirs)):
        cells = [float(np.percentile(times, share)) for share in (50, 95)]
        ratios = [cell / float(np.percentile(theirs, share)) for cell, share in zip(cells, (50, 95), strict=True)]
        print(
            f"{chunks:9,} {name:20s} p50 {cells[0] * 1e3:7.1f} ms ({ratios[0]:.2f})   p95 {cells[1] * 1e3:7.1f} ms ({ratios[1]:.2f})",
            flush=True,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path)
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000])
    arguments = parser.parse_args()
    sentences = []
    for file in sorted(arguments.notes.rglob("*")):
        if file.suffix in {".md", ".txt"}:
            text = file.read_text("utf-8", "replace")
            sentences += [text[start:end] for start, end in split_sentences(text) if 20 < end - start < 400]
    with tempfile.TemporaryDirectory(prefix="elephant-measure-") as folder:
        for chunks in arguments.chunks:
            measure(Path(folder), sentences, chunks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
