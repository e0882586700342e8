"""The bare Chroma and the bare FTS5 that `elephant benchmark` measures hybrid search against.

`python -m assistant _bare-search` reads one JSON object from standard input, measures, writes one, and waits for the end of its
input, so that its memory can be looked at meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence

import numpy as np

from assistant.retrieval.terms import words

_BATCH = 1000


def main(_arguments: Sequence[str]) -> int:
    """Input: catalog (path of a catalog.sqlite), queries, top, dim. Output: chroma_s and fts_s, one a query."""
    job = json.loads(sys.stdin.readline())
    connection = sqlite3.connect(f"file:{job['catalog']}?mode=ro", uri=True)
    rows = connection.execute("SELECT chunk, vector FROM vectors").fetchall()
    with tempfile.TemporaryDirectory(prefix="elephant-bare-", ignore_cleanup_errors=True) as folder:
        chroma_s = _chroma(folder, rows, len(job["queries"]), job["top"])
        print(json.dumps({"chroma_s": chroma_s, "fts_s": _fts(connection, job["queries"], job["top"])}), flush=True)  # noqa: T201
        sys.stdin.read()
    return 0


def _chroma(folder: str, rows: Sequence[tuple[int, bytes]], queries: int, top: int) -> list[float]:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
    collection = client.create_collection("bare", embedding_function=None, configuration={"hnsw": {"space": "cosine"}})
    vectors = np.stack([np.frombuffer(blob, np.float16) for _, blob in rows]).astype(np.float32)
    for at in range(0, len(rows), _BATCH):
        ids = [str(row) for row, _ in rows[at : at + _BATCH]]
        collection.add(ids=ids, embeddings=vectors[at : at + _BATCH])
    generator = np.random.default_rng(7)
    times = []
    for place in generator.integers(len(rows), size=queries):
        probe = vectors[place] + np.asarray(generator.normal(0, 0.02, vectors.shape[1]), np.float32)
        begun = time.perf_counter()
        collection.query(query_embeddings=[probe], n_results=min(top, len(rows)), include=["distances"])
        times.append(time.perf_counter() - begun)
    return times


def _fts(connection: sqlite3.Connection, queries: Sequence[str], top: int) -> list[float]:
    """The same words as one OR query, ranked by FTS5's own bm25()."""
    times = []
    for query in queries:
        terms = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(query)))
        begun = time.perf_counter()
        connection.execute(
            "SELECT rowid FROM keyword WHERE keyword MATCH ? ORDER BY rank LIMIT ?", (terms or '"x"', top)
        ).fetchall()
        times.append(time.perf_counter() - begun)
    return times
