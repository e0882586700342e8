"""Computes the embedder's means by language and role, which `assistant/models/centring.py` subtracts from every vector.

    python scripts/compute_means.py --model models/multilingual-e5-small.Q4_0.gguf SET...

A SET is a folder with `notes/` (text files) and `questions.jsonl` (one JSON object a line with "question"). Passages are cut from the
notes, queries are the questions; each counts to the language its own words are in. The result is written to
assistant/models/data/embedder_means.json. The choice of texts is seeded, so the same sets give the same means.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.domain.sentences import text_language  # noqa: E402
from assistant.models.centring import MEANS_FILE, means_text  # noqa: E402
from assistant.models.checksums import file_sha256  # noqa: E402
from assistant.models.embedding import LlamaEmbedder  # noqa: E402
from assistant.models.llama_runtime import LlamaRuntime, physical_cores  # noqa: E402
from assistant.models.text_preparation import TextRole, prepare  # noqa: E402

PASSAGE_CHARS = {"en": 700, "zh": 350}
STEP_TEXTS = 32


def passages(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".md", ".txt"}:
            text = path.read_text("utf-8", "replace")
            size = PASSAGE_CHARS[text_language(text)]
            yield from (text[start : start + size] for start in range(0, len(text), size) if text[start:].strip())


def questions(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)["question"]


def mean_of(embedder: LlamaEmbedder, texts: list[str], role: TextRole) -> np.ndarray:
    total = np.zeros(embedder.dim, dtype=np.float64)
    for start in range(0, len(texts), STEP_TEXTS):
        total += embedder.embed([prepare(text, role) for text in texts[start : start + STEP_TEXTS]]).sum(axis=0)
        print(f"\r{role.value}: {min(start + STEP_TEXTS, len(texts))} of {len(texts)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return (total / len(texts)).astype(np.float32)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--most", type=int, default=1500, help="texts of each language and role")
    parser.add_argument("--out", type=Path, default=ROOT / "assistant" / "models" / "data" / MEANS_FILE)
    arguments = parser.parse_args()
    found: dict[tuple[str, TextRole], list[str]] = {}
    for folder in arguments.sets:
        for text in passages(folder / "notes"):
            found.setdefault((text_language(text), TextRole.PASSAGE), []).append(text)
        for text in questions(folder / "questions.jsonl"):
            found.setdefault((text_language(text), TextRole.QUERY), []).append(text)
    embedder = LlamaEmbedder(
        LlamaRuntime(), arguments.model, threads=physical_cores(), keep_going=lambda _fraction: True
    )
    means, counts = {}, {}
    for key in sorted(found):
        texts = sorted(set(found[key]))
        random.Random(0).shuffle(texts)
        texts = texts[: arguments.most]
        counts[f"{key[0]}.{key[1].value}"] = len(texts)
        means[key] = mean_of(embedder, texts, key[1])
    arguments.out.write_text(means_text(arguments.model.stem, file_sha256(arguments.model), means, counts), "utf-8")
    embedder.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
