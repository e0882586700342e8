"""Measures what each part of retrieval contributes, and prints the table of docs/figures.md.

    python scripts/ablation.py --model models/multilingual-e5-small.Q4_0.gguf --cache vectors.sqlite SETS [--only NAME ...]

SETS is a folder of sets, each with `notes/` and `questions.jsonl`. Every row is the whole search as the application does it, with one part
taken out or changed. Two more sets of questions are made from the same notes: "name" asks in a chatty sentence for a word that only one
note has, "script" asks the Chinese questions in the other script. Figures: hit@1, and for questions that need several notes the share of
them among the first five.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from tune_evidence import AsEmbedder  # noqa: E402
from tune_retrieval import CachedEmbedder, SetLibrary, reciprocal_ranks  # noqa: E402

from assistant.documents.splitting import TARGET_CHARS  # noqa: E402
from assistant.domain.sentences import contains_han  # noqa: E402
from assistant.retrieval.fusion import FusionWeights, LegWeights  # noqa: E402
from assistant.retrieval.retriever import Retriever  # noqa: E402

NAMES_A_SET = 60
_ENGLISH_ASKS = ("{}", "what did I write about {}?", "when was {} mentioned?", "notes on {}", "Tell me more about {}")
_CHINESE_ASKS = ("{}", "关于{}我写了什么？", "{}是什么", "我记得有个笔记提到过{}")


@dataclass(frozen=True)
class Asked:
    question: str
    gold: frozenset[str]


Patches = Sequence[Callable[[], contextlib.AbstractContextManager[Any]]]


@dataclass(frozen=True)
class Variant:
    """A part taken out. patches: what is changed while it searches. words, meaning, centred: the legs. The rest: how notes are cut."""

    name: str
    patches: Patches = ()
    words: bool = True
    meaning: bool = True
    centred: bool = True
    target_chars: int = TARGET_CHARS
    overlap_chars: int = 0
    embedded: str = "title"
    weights: FusionWeights | None = None


def patched(target: str, value: object) -> Callable[[], contextlib.AbstractContextManager[Any]]:
    return lambda: mock.patch(target, value)


def ranked_by_ranks(keyword: Any, vector: Any, dominance: float = 0.0, _weights: Any = None) -> Any:
    return reciprocal_ranks(list(keyword), list(vector), dominance)


VARIANTS = (
    Variant("as shipped"),
    Variant("words alone", meaning=False),
    Variant(
        "meaning alone", patches=(patched("assistant.retrieval.fusion.leg_weights", lambda *_: LegWeights(0.0, 1.0)),)
    ),
    Variant("reciprocal ranks", patches=(patched("assistant.retrieval.retriever.fuse", ranked_by_ranks),)),
    Variant("vectors not centred", centred=False),
    Variant("words weigh the same always", weights=FusionWeights(dominance=0.0)),
    Variant(
        "words as in a library a hundred times as large",
        patches=(patched("assistant.retrieval.keyword.MOST_POSTINGS", 40),),
    ),
    Variant(
        "what is said to us is looked for",
        patches=(
            patched("assistant.retrieval.terms._ENGLISH_LEAD", re.compile(r"(?!)")),
            patched("assistant.retrieval.terms._CHINESE_QUESTION", re.compile("什么|是谁|谁|多少|吗|呢")),
        ),
    ),
    Variant(
        "no second search",
        patches=(patched("assistant.retrieval.retriever.Retriever._second_search", lambda *_: None),),
    ),
    Variant(
        "scripts not folded",
        patches=(
            patched("assistant.retrieval.terms.to_simplified", lambda text: text),
            patched("assistant.models.text_preparation.to_simplified", lambda text: text),
        ),
    ),
    Variant(
        "irregular forms not widened",
        patches=(
            patched("assistant.retrieval.keyword.other_forms", lambda _: ()),
            patched("assistant.retrieval.keyword.bases", lambda _: ()),
        ),
    ),
    Variant("text alone embedded", embedded="text"),
    Variant("chunks of 500 characters", target_chars=500),
    Variant("chunks of 800 characters", target_chars=800),
    Variant("chunks overlap by 120", overlap_chars=120),
)


def asked_of(library: SetLibrary) -> list[Asked]:
    return [
        Asked(question["question"], frozenset(relevant["note"] for relevant in question["relevant"]))
        for question in library.questions
        if question["kind"] != "unanswerable"
    ]


def names_of(library: SetLibrary) -> list[Asked]:
    """Questions about a name, a code or a few characters that one note alone has; always the same ones."""
    chooser = random.Random(1)
    notes: dict[str, str] = {}
    for chunk in library.chunks.values():
        notes[chunk.note] = notes.get(chunk.note, "") + chunk.text.casefold()
    found: list[Asked] = []
    for note in chooser.sample(sorted(notes), len(notes)):
        text = "".join(chunk.text for chunk in library.chunks.values() if chunk.note == note)
        is_chinese = contains_han(text)
        pattern = r"[\u4e00-\u9fff]{4}" if is_chinese else r"\b(?=[A-Z0-9])[A-Za-z0-9][\w-]{3,}"
        words = sorted(set(re.findall(pattern, text)))
        chooser.shuffle(words)
        word = next((word for word in words if sum(word.casefold() in other for other in notes.values()) == 1), None)
        if word is not None:
            found.append(
                Asked(chooser.choice(_CHINESE_ASKS if is_chinese else _ENGLISH_ASKS).format(word), frozenset([note]))
            )
        if len(found) == NAMES_A_SET:
            break
    return found


def measure(library: SetLibrary, variant: Variant, asked: Sequence[Asked], embedder: Any) -> tuple[float, float]:
    """hit@1 and the share of the gold notes among the first five notes."""
    retriever = Retriever(
        library.keywords,
        library.vectors if variant.meaning else None,
        library,
        embedder if variant.meaning else None,
        library,
        weights=variant.weights,
    )
    rows = []
    for one in asked:
        notes = list(dict.fromkeys(passage.note for passage in retriever.retrieve(one.question, top=10).passages))[:5]
        rows.append((bool(notes) and notes[0] in one.gold, len(one.gold & set(notes)) / len(one.gold)))
    first, share = np.mean(np.array(rows, float), axis=0)
    return float(first), float(share)


def rows(variant: Variant, folders: Sequence[Path], model: Path, cache: Path) -> Iterator[tuple[str, float, float]]:
    from opencc import OpenCC

    to_traditional = OpenCC("s2t")
    cached = CachedEmbedder(model, cache, centred=variant.centred)
    names: list[tuple[float, int]] = []
    with contextlib.ExitStack() as stack:
        for patch in variant.patches:
            stack.enter_context(patch())
        for folder in folders:
            library = SetLibrary(
                folder,
                cached,
                target_chars=variant.target_chars,
                embedded=variant.embedded,
                overlap_chars=variant.overlap_chars,
            )
            library.embed()
            embedder = AsEmbedder(cached)
            asked = asked_of(library)
            yield folder.name, *measure(library, variant, asked, embedder)
            if all(contains_han(one.question) for one in asked):
                other = [replace(one, question=to_traditional.convert(one.question)) for one in asked]
                yield "script", *measure(library, variant, other, embedder)
            made = names_of(library)
            names.append((measure(library, variant, made, embedder)[0], len(made)))
    yield "name", sum(hit * count for hit, count in names) / sum(count for _, count in names), 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--only", nargs="+", default=[])
    arguments = parser.parse_args()
    folders = sorted(path.parent for path in arguments.sets.glob("*/questions.jsonl"))
    several = {
        folder.name
        for folder in folders
        if any(
            len(json.loads(line)["relevant"]) > 1
            for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()
        )
    }
    for number, variant in enumerate(VARIANTS):
        if arguments.only and variant.name not in arguments.only:
            continue
        found = list(rows(variant, folders, arguments.model, arguments.cache))
        if number == 0 or arguments.only:
            print("| | " + " | ".join(name for name, _, _ in found) + " |")
            print("|---" * (len(found) + 1) + "|")
        cells = [f"{hit:.3f} / {share:.3f}" if name in several else f"{hit:.3f}" for name, hit, share in found]
        print(f"| {variant.name} | " + " | ".join(cells) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
