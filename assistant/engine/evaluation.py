"""`elephant evaluate`: a set of notes and questions through the whole engine, loaded once."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.answers import Answer, Passage
from assistant.domain.errors import BadRequestError
from assistant.domain.library import IndexProgress, LibraryCounts
from assistant.engine.engine import Engine
from assistant.engine.paths import Clock, DataPaths

RETRIEVED = 10


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    questions: int
    notes: int
    index_s: float
    answer_s: float


def evaluate_set(
    folder: Path,
    out: Path,
    *,
    model: str,
    retrieval_only: bool,
    limit: int,
    on_progress: Callable[[str], None],
) -> EvaluationReport:
    """Index `folder/notes` in a temporary data folder and write one JSON line a question of `folder/questions.jsonl` to `out`.

    Raises BadRequestError for a questions file that cannot be read, and whatever the engine raises.
    """
    questions = list(_questions(folder / "questions.jsonl"))[: limit or None]
    with tempfile.TemporaryDirectory(prefix="elephant-evaluate-") as data:
        engine = Engine.open(DataPaths(Path(data)), model=model, watch=False)
        try:
            clock = Clock()
            report = engine.index_folder(folder / "notes", _indexing(on_progress), threading.Event())
            index_s = clock.seconds()
            clock = Clock()
            with out.open("w", encoding="utf-8", newline="\n") as file:
                for done, question in enumerate(questions, 1):
                    file.write(json.dumps(_answer_one(engine, question, retrieval_only), ensure_ascii=False) + "\n")
                    on_progress(f"Question {done:,} of {len(questions):,}, {done / clock.seconds():.1f}/s")
            return EvaluationReport(len(questions), report.indexed, index_s, clock.seconds())
        finally:
            engine.close()


def _questions(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
            yield {"id": question["id"], "question": question["question"]}
        except (ValueError, KeyError, TypeError) as error:
            raise BadRequestError(
                reason=f"{path.name}, line {number}, is no question ({type(error).__name__})"
            ) from error


def _answer_one(engine: Engine, question: dict[str, Any], retrieval_only: bool) -> dict[str, Any]:
    if retrieval_only:
        # The questions of a set are questions, not searches.
        passages = engine.search(question["question"], RETRIEVED, exact_phrases=False).passages
        return {
            "id": question["id"],
            "retrieved": _retrieved(passages),
            "answer": "",
            "citations": [],
            "refused": False,
        }
    answer = engine.ask_once(question["question"], None, threading.Event())
    return {
        "id": question["id"],
        "retrieved": _retrieved(answer.passages),
        "answer": shown_text(answer),
        "citations": list(dict.fromkeys(citation.note for citation in answer.citations)),
        "refused": answer.refused,
    }


def shown_text(answer: Answer) -> str:
    """What the user reads: the instant quote, then the written part."""
    parts = [answer.quote.all_text if answer.quote and not answer.refused else "", answer.text]
    return "\n".join(part for part in parts if part)


def _retrieved(passages: tuple[Passage, ...]) -> list[dict[str, Any]]:
    return [
        {"note": passage.note, "text": passage.text, "score": round(passage.score, 6)}
        for passage in passages[:RETRIEVED]
    ]


def _indexing(on_progress: Callable[[str], None]) -> Callable[[IndexProgress, LibraryCounts], None]:
    def show(progress: IndexProgress, _counts: LibraryCounts) -> None:
        on_progress(f"Indexing: {progress.stage} {progress.done:,} of {progress.total:,}")

    return show
