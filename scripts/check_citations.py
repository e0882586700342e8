#!/usr/bin/env python3
"""Measures how well the citation check tells supported sentences from unsupported ones, on question sets with gold quotes.

    scripts/check_citations.py SET [SET ...] [--limit N] [--show KIND] [--embedder GGUF] [--held-to-words]

A SET is a folder with notes/ and questions.jsonl (id, question, answers, relevant: [{note, quote}], kind). For every question a
small labelled sample is made, always against the same passages: the stretch of the gold note around the quote and four others that
share most words with the question.

    gold        the gold quote itself                                       must be supported by the gold place
    statement   the question with its asking words replaced by the answer   must be supported by the gold place
    swapped     the same with the answer to another question                must not be supported
    number      the statement with its numbers changed                      must not be supported
    confused    the statement with another name or number of the gold passage must not be supported
    elsewhere   the statement, without the gold passage                     must not be supported
    wrong-note  the statement, with passages of other notes that share most of its words, the answer included where one has it
                                                                            must not be supported

Precision is over all sentences that were given support: its share that is labelled supported and whose quote overlaps the gold
quote. Recall is over all that are labelled supported.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import math
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.chat.citations import CitationChecker
from assistant.chat.numbers import all_numbers
from assistant.chat.terms import fold, is_stop_word, terms_of
from assistant.domain.answers import Passage, Support
from assistant.domain.sentences import contains_han, split_sentences
from assistant.ipc.model_messages import ModelChoice
from assistant.models.client import EmbedderClient, model_supervisor
from assistant.models.ports import Embedder

CHUNK_CHARS = 700
NEGATIVE = ("swapped", "number", "confused", "elsewhere", "wrong-note")
EN_ASKING = re.compile(
    r"^(?:who|whom|whose \w+|when|where|how (?:many|much|long|old|far)|(?:in |at |on |from |to |by |for )?(?:what|which)(?: \w+)?)\b",
    re.IGNORECASE,
)
ZH_ASKING = re.compile(r"什么时候|哪一?[个年位些]|什么|谁|多少|几[个年月]|哪里|何时|何地|何人|哪")


@dataclass(frozen=True)
class Sample:
    kind: str
    sentence: str
    question: str
    passages: tuple[Passage, ...]
    gold: str | None


class Notes:
    def __init__(self, folder: Path) -> None:
        self.chunks: list[Passage] = []
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            text = path.read_text(encoding="utf-8", errors="replace")
            self.chunks.extend(_chunks(text, path.relative_to(folder).as_posix()))
        self.terms = [frozenset(terms_of(chunk.text)) for chunk in self.chunks]
        counts = collections.Counter(term for terms in self.terms for term in terms)
        self.weights = {term: math.log(1 + len(self.terms) / n) for term, n in counts.items()}

    def nearest(self, question: str, note: str, quote: str) -> tuple[Passage | None, list[Passage]]:
        asked = {term for term in terms_of(question) if not is_stop_word(term)}
        scores = [sum(self.weights[t] for t in asked & terms) for terms in self.terms]
        order = sorted(range(len(scores)), key=lambda i: -scores[i])
        head = quote.strip()[:40]
        gold = next((c for c in self.chunks if c.note == note and head in c.text), None)
        others = [self.chunks[i] for i in order if gold is None or self.chunks[i] is not gold][:4]
        return gold, others

    def of_other_notes(self, said: str, answers: Sequence[str], note: str, quote: str) -> tuple[Passage, ...]:
        """The four passages of other notes nearest to a statement, first those that hold the answer. One that tells the same as the gold
        quote, or nearly, is no wrong place."""
        words = {term for term in terms_of(said) if not is_stop_word(term)}
        gold = {term for term in terms_of(quote) if not is_stop_word(term)}
        scored = [
            (_holds_any([chunk], answers), sum(self.weights.get(t, 0.0) for t in words & terms), -index)
            for index, (chunk, terms) in enumerate(zip(self.chunks, self.terms, strict=True))
            if chunk.note != note and words & terms
        ]
        near = [self.chunks[-index] for _, _, index in sorted(scored, reverse=True)[:12]]
        return tuple(chunk for chunk in near if not _tells(chunk.text, gold))[:4]


def _tells(text: str, gold: set[str]) -> bool:
    sentences = (set(terms_of(text[start:end])) for start, end in split_sentences(text))
    return any(len(gold & sentence) >= 0.6 * len(gold) for sentence in sentences)


def _chunks(text: str, note: str) -> Iterator[Passage]:
    title = note.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    start = end = -1
    for first, last in split_sentences(text):
        if start >= 0 and last - start > CHUNK_CHARS:
            yield Passage(1, note, note, title, text[start:end], start, end, 1.0)
            start = -1
        start = first if start < 0 else start
        end = last
    if start >= 0:
        yield Passage(1, note, note, title, text[start:end], start, end, 1.0)


def statement(question: str, answer: str) -> str | None:
    """The question turned into a sentence that gives the answer, where a simple replacement can do that."""
    text = question.strip().rstrip("?？ ")
    if contains_han(text):
        made, count = ZH_ASKING.subn(lambda _: answer.strip("。 "), text, count=1)
        return f"{made}。" if count else None
    if not EN_ASKING.match(text) or re.match(
        r"(?:how|when|where|(?:\w+ )?(?:what|which)(?: \w+)? (?:did|does|do))\b", text, re.IGNORECASE
    ):
        return None
    made = EN_ASKING.sub(lambda _: answer[:1].upper() + answer[1:], text, count=1)
    return f"{made}."


def change_numbers(sentence: str) -> str | None:
    changed, count = re.subn(r"\d+", lambda m: str(int(m[0]) + 3), sentence)
    return changed if count else None


def confusable(answer: str, quote: str, question: str, passage: str) -> str | None:
    """A name or number of the passage that looks like the answer and stands neither in the gold quote nor in the question."""
    if re.fullmatch(r"[\d,. ]+(?:年|人|%|percent)?", answer):
        pattern = r"\d[\d,.]*\d|\d"
    elif contains_han(answer):
        pattern = r"《[^》]{1,20}》"
    else:
        pattern = r"[A-Z][a-z]+(?: [A-Z][a-z]+)*"
        if not re.fullmatch(pattern, answer):
            return None
    known = fold(quote + " " + question)
    found = [
        m[0] for m in re.finditer(pattern, passage) if fold(m[0]) not in known and not is_stop_word(m[0].split()[0])
    ]
    return random.Random(len(passage)).choice(found) if found else None


def build(folder: Path, limit: int) -> list[Sample]:
    notes = Notes(folder / "notes")
    questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [q for q in questions if q["answers"] and len(q["relevant"]) == 1]
    random.Random(5).shuffle(questions)
    samples: list[Sample] = []
    for number, q in enumerate(questions[:limit]):
        quote = q["relevant"][0]["quote"]
        gold, others = notes.nearest(q["question"], q["relevant"][0]["note"], quote)
        if gold is None:
            continue
        passages = (*others[:2], gold, *others[2:])
        samples.append(Sample("gold", quote, q["question"], passages, quote))
        said = statement(q["question"], q["answers"][0])
        if said is None:
            continue
        samples.append(Sample("statement", said, q["question"], passages, quote))
        samples.append(Sample("elsewhere", said, q["question"], tuple(others), None))
        wrong_notes = notes.of_other_notes(said, q["answers"], q["relevant"][0]["note"], quote)
        if wrong_notes:
            samples.append(Sample("wrong-note", said, q["question"], wrong_notes, None))
        wrong = _other_answer(q, questions, number, passages)
        made = statement(q["question"], wrong) if wrong else None
        if made:
            samples.append(Sample("swapped", made, q["question"], passages, None))
        mixed = confusable(q["answers"][0], quote, q["question"], gold.text)
        made = statement(q["question"], mixed) if mixed else None
        if made:
            samples.append(Sample("confused", made, q["question"], passages, None))
        moved = change_numbers(said)
        if moved and all_numbers(moved) - all_numbers(" ".join(p.text for p in passages)):
            samples.append(Sample("number", moved, q["question"], passages, None))
    # "elsewhere" is only unsupported if no other passage happens to hold the answer.
    answers = {q["question"]: q["answers"] for q in questions}
    return [s for s in samples if s.kind != "elsewhere" or not _holds_any(s.passages, answers[s.question])]


def _other_answer(q: dict, questions: Sequence[dict], number: int, passages: Sequence[Passage]) -> str | None:
    """An answer of the same look that does not stand in the passages."""
    has_number = any(char.isdigit() for char in q["answers"][0])
    han = contains_han(q["answers"][0])
    for step in range(1, len(questions)):
        answer = questions[(number + step) % len(questions)]["answers"][0]
        alike = any(c.isdigit() for c in answer) == has_number and contains_han(answer) == han
        if alike and len(answer) < 40 and not _holds_any(passages, [answer]):
            return answer
    return None


def _holds_any(passages: Sequence[Passage], answers: Sequence[str]) -> bool:
    text = fold(" ".join(passage.text for passage in passages))
    return any(fold(answer) in text for answer in answers)


def judge(sample: Sample, embedder: Embedder | None, *, held_to_words: bool) -> tuple[bool, bool]:
    """(was given support, by a place that overlaps the gold quote)."""
    checker = CitationChecker(sample.question, sample.passages, embedder, held_to_words=held_to_words)
    checked = checker.check_all(sample.sentence)
    supported = [c for c in checked.sentences if c.support in {Support.QUOTED, Support.SUPPORTED}]
    claims = [c for c in checked.sentences if c.support is not Support.NOT_A_CLAIM]
    if not claims or len(supported) < len(claims):
        return False, False
    gold = set(terms_of(sample.gold or ""))
    right = any(
        len(gold & set(terms_of(c.quote))) >= 0.5 * min(len(gold), len(set(terms_of(c.quote))))
        for c in checked.citations
    )
    return True, bool(gold) and right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=150)
    parser.add_argument("--show", default="")
    parser.add_argument("--embedder", type=Path)
    parser.add_argument(
        "--held-to-words", action="store_true", help="judge as the sentences of a very small model are judged"
    )
    args = parser.parse_args()
    with _embedder(args.embedder) as embedder:
        measure(args.sets, args.limit, args.show, embedder, held_to_words=args.held_to_words)


@contextlib.contextmanager
def _embedder(path: Path | None) -> Iterator[Embedder | None]:
    if path is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        supervisor = model_supervisor(Path(folder))
        try:
            yield EmbedderClient(supervisor, ModelChoice(str(path.resolve())))
        finally:
            supervisor.stop()


def measure(sets: Sequence[Path], limit: int, show: str, embedder: Embedder | None, *, held_to_words: bool) -> None:
    totals: collections.Counter[str] = collections.Counter()
    for folder in sets:
        figures: dict[str, list[tuple[bool, bool]]] = collections.defaultdict(list)
        for sample in build(folder, limit):
            result = judge(sample, embedder, held_to_words=held_to_words)
            figures[sample.kind].append(result)
            if sample.kind == show and (result[1] if sample.gold is not None else result[0]) is not (
                sample.gold is not None
            ):
                print(f"  {sample.sentence!r}\n    asked {sample.question!r}\n    gold  {sample.gold!r}")
        positive = figures["gold"] + figures["statement"]
        negative = [row for kind in NEGATIVE for row in figures[kind]]
        right, given = sum(r for _, r in positive), sum(s for s, _ in positive + negative)
        totals.update(right=right, given=given, positive=len(positive))
        print(f"{folder.name}: precision {right / max(1, given):.3f} recall {right / max(1, len(positive)):.3f}")
        for kind in ("gold", "statement", *NEGATIVE):
            rows = figures[kind]
            if rows:
                print(
                    f"  {kind:10s} n={len(rows):4d} supported {sum(s for s, _ in rows) / len(rows):.3f} right place {sum(r for _, r in rows) / len(rows):.3f}"
                )
    print(
        f"all: precision {totals['right'] / max(1, totals['given']):.3f} recall {totals['right'] / max(1, totals['positive']):.3f}"
    )


if __name__ == "__main__":
    main()
