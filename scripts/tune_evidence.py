"""Measures the instant quote and abstention on question sets.

    python scripts/tune_evidence.py --model models/multilingual-e5-small.Q4_0.gguf --cache vectors.sqlite --quotes 50 SETS

For each set: how often a gold answer stands in the instant quote, how long quotes are and how often they are two sentences; and for each
caution the share of unanswerable questions held back (recall) and of answerable ones (false). --quotes 0 leaves the quotes out.
"""

from __future__ import annotations

import argparse
import re
import sys
import threading
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from tune_retrieval import CachedEmbedder, SetLibrary  # noqa: E402

from assistant.documents.splitting import TARGET_CHARS  # noqa: E402
from assistant.domain.models import EmbedderInfo  # noqa: E402
from assistant.domain.sentences import split_sentences  # noqa: E402
from assistant.models.ports import FloatMatrix  # noqa: E402
from assistant.models.text_preparation import TextRole  # noqa: E402
from assistant.retrieval.abstention import WEAK_BELOW, evidence_strength  # noqa: E402
from assistant.retrieval.evidence import QuoteFinder  # noqa: E402
from assistant.retrieval.retriever import Retriever  # noqa: E402

_TOKEN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


class AsEmbedder:
    """The cached embedder behind the port that the rooms use."""

    def __init__(self, cached: CachedEmbedder) -> None:
        self._cached = cached

    def info(self) -> EmbedderInfo:
        return EmbedderInfo("cached", "cached", 384, 512)

    def embed_passages(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        return self._cached.embed(texts, TextRole.PASSAGE)

    def embed_queries(self, texts: Sequence[str], cancelled: threading.Event | None = None) -> FloatMatrix:
        return self._cached.embed(texts, TextRole.QUERY)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._cached.count_tokens(texts)


def tokens(text: str) -> str:
    found = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(word for word in found if word not in {'a', 'an', 'the'})} "


def holds_answer(text: str, answers: Sequence[str]) -> bool:
    return any(len(tokens(answer)) > 2 and tokens(answer) in tokens(text) for answer in answers)


def judge_quotes(library: SetLibrary, retriever: Retriever, finder: QuoteFinder, most: int) -> str:
    answerable = [question for question in library.questions if question["kind"] != "unanswerable"]
    rows = []
    for question in answerable[:: max(1, len(answerable) // most)][:most]:
        found = retriever.retrieve(question["question"], top=5)
        started = time.perf_counter()
        quote = finder.best_sentences(question["question"], found.passages, days=found.understood.dates)
        seconds = time.perf_counter() - started
        if quote is None:
            rows.append((0.0, 0.0, 0.0, seconds, 0.0, 0.0))
            continue
        passage = found.passages[quote.passage]
        assert passage.text[quote.start - passage.start : quote.end - passage.start] == quote.text
        reachable = any(holds_answer(passage.text, question["answers"]) for passage in found.passages)
        hit = holds_answer(quote.all_text, question["answers"])
        right = quote.note in {relevant["note"] for relevant in question["relevant"]}
        rows.append((hit, len(split_sentences(quote.all_text)), len(quote.all_text), seconds, reachable, right))
    hit, sentences, chars, seconds, reachable, right = np.mean(np.array(rows, float), axis=0)
    return f"quote {hit:.3f} of {reachable:.3f} reachable, right note {right:.3f}, {sentences:.2f} sentences, {chars:.0f} chars, {seconds * 1e3:.0f} ms"


def judge_abstention(library: SetLibrary, retriever: Retriever) -> list[tuple[bool, float]]:
    return [
        (question["kind"] == "unanswerable", evidence_strength(retriever.retrieve(question["question"], top=5)))
        for question in library.questions
    ]


def shares(judged: Sequence[tuple[bool, float]], limit: float) -> str:
    held = [
        [strength < limit for unanswerable, strength in judged if unanswerable is wanted] for wanted in (True, False)
    ]
    recall, false = (sum(part) / max(1, len(part)) for part in held)
    return f"{recall:.2f}/{false:.3f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--quotes", type=int, default=50)
    arguments = parser.parse_args()
    cached = CachedEmbedder(arguments.model, arguments.cache)
    embedder: Any = AsEmbedder(cached)
    everything: list[tuple[bool, float]] = []
    for folder in sorted(path.parent for path in arguments.sets.glob("*/questions.jsonl")):
        library = SetLibrary(folder, cached, target_chars=TARGET_CHARS, embedded="title")
        library.embed()
        retriever = Retriever(library.keywords, library.vectors, library, embedder, library)
        if arguments.quotes:
            finder = QuoteFinder(library.keywords, embedder)
            print(f"{folder.name:18s}{judge_quotes(library, retriever, finder, arguments.quotes)}", flush=True)
        judged = judge_abstention(library, retriever)
        everything += judged
        cells = "  ".join(f"{name} {shares(judged, limit)}" for name, limit in WEAK_BELOW.items())
        print(f"{folder.name:18s}recall/false: {cells}", flush=True)
    print(
        f"{'all':18s}recall/false: "
        + "  ".join(f"{name} {shares(everything, limit)}" for name, limit in WEAK_BELOW.items())
    )
    for limit in (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7):
        print(f"below {limit:.2f}: {shares(everything, limit)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
