#!/usr/bin/env python3
"""Measures what a reader is shown: how many sentences that the notes do not support stand there without being marked so.

    scripts/label_answers.py run SET [--questions N] [--start SHARE] [--model NAME|PATH] --out FILE
    scripts/label_answers.py again FILE --out FILE
    scripts/label_answers.py show FILE [FILE ...] --labels LABELS
    scripts/label_answers.py score FILE [FILE ...] --labels LABELS

`run` asks the whole engine N questions spread evenly over a set (a folder with notes/ and questions.jsonl; --start 0.5
takes those halfway between) and writes one line for
every sentence that is shown: those of the instant quote and those of the written part, with the grade it was given and the place it
cites. FILE holds texts of the set and is not kept with the code.

`again` grades the written sentences of a FILE anew, with this tree's rules for a very small model, without asking the engine.

`show` prints the sentences that still need a label. A sentence that is a slice of its note is supported by definition; every other one
is read by hand and compared with the cited place or, where none is cited, with all that was found:

    true     the place says it
    partly   the place says some of it, and nothing of it is against the place
    false    the place does not say it: a wrong year, another subject, a swapped role
    nothing  not a claim: a greeting, a question, "I do not know", a fragment that claims nothing

LABELS is a table of key and label; a key is a hash of the question's id, the sentence and the place, so that no text is copied and a
label cannot outlive what it was given to. `score` counts: *slipped* are sentences labelled false that stand there unmarked, *partly
slipped* the same for partly, *overmarked* those labelled true that are marked as unsupported.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from assistant.chat.citations import CitationChecker
from assistant.domain.answers import Answer, Passage, Support
from assistant.domain.sentences import split_sentences
from assistant.engine.engine import Engine
from assistant.engine.paths import DataPaths

LABELS = ("true", "partly", "false", "nothing")
Line = dict[str, Any]


def run(folder: Path, count: int, start: float, model: str, out: Path) -> None:
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    chosen = [rows[int((number + start) * len(rows) / count)] for number in range(min(count, len(rows)))]
    with tempfile.TemporaryDirectory(prefix="elephant-labels-") as data:
        engine = Engine.open(DataPaths(Path(data)), model=model, watch=False)
        try:
            engine.index_folder(folder / "notes", lambda *_: None, threading.Event())
            with out.open("w", encoding="utf-8", newline="\n") as file:
                for number, row in enumerate(chosen, 1):
                    answer = engine.ask_once(row["question"], None, threading.Event())
                    for line in shown_sentences(folder.name, row, answer):
                        file.write(json.dumps(line, ensure_ascii=False) + "\n")
                    file.flush()
                    print(f"{folder.name}: {number} of {len(chosen)}", flush=True)
        finally:
            engine.close()


def shown_sentences(name: str, row: Line, answer: Answer) -> Iterator[Line]:
    about = {
        "set": name,
        "id": row["id"],
        "question": row["question"],
        "gold": row["relevant"],
        "answers": row["answers"],
    }
    quotes = [answer.quote, answer.quote.second] if answer.quote and not answer.refused else []
    for quote in filter(None, quotes):
        for start, end in split_sentences(quote.text):
            place = {"note": quote.note, "quote": quote.text, "grade": Support.QUOTED.value}
            yield _keyed(about | {"part": "quote", "sentence": quote.text[start:end]} | place, is_slice=True)
    places = {citation.number: citation for citation in answer.citations}
    for check in answer.sentences:
        sentence = answer.text[check.start : check.end]
        citation = places.get(check.citation or 0)
        place = {"note": citation.note, "quote": citation.quote} if citation else {"note": "", "quote": ""}
        line = about | {"part": "written", "sentence": sentence, "grade": check.support.value} | place
        line |= {
            "found": [asdict(passage) for passage in answer.passages],
            "quoted": asdict(answer.quote) if answer.quote else None,
        }
        yield _keyed(line, is_slice=sentence in place["quote"])


def again(lines: Iterable[Line], out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            graded = _graded(line) if line["part"] == "written" else line
            file.write(json.dumps(graded, ensure_ascii=False) + "\n")


def _graded(line: Line) -> Line:
    passages = [msgspec.convert(passage, Passage) for passage in line["found"]]
    checked = CitationChecker(line["question"], passages, held_to_words=True).check_all(line["sentence"])
    grades = [check.support for check in checked.sentences]
    # A line is one sentence of the whole answer; by itself it may be split once more.
    grade = Support.UNSUPPORTED if Support.UNSUPPORTED in grades else max(grades, key=list(Support).index)
    cited = checked.citations[0] if checked.citations and grade != Support.UNSUPPORTED else None
    place = {"note": cited.note, "quote": cited.quote} if cited else {"note": "", "quote": ""}
    return _keyed(line | {"grade": grade.value} | place, is_slice=line["sentence"] in place["quote"])


def _keyed(line: Line, *, is_slice: bool) -> Line:
    text = "\0".join((line["id"], line["sentence"], line["quote"]))
    return line | {"key": hashlib.sha256(text.encode()).hexdigest()[:16], "is_slice": is_slice}


def read_labels(path: Path) -> dict[str, str]:
    """Lines of `key label`; "#" begins a remark."""
    if not path.exists():
        return {}
    rows = [line.partition("#")[0].split() for line in path.read_text("utf-8").splitlines()]
    labels = {row[0]: row[1] for row in rows if row}
    unknown = set(labels.values()) - set(LABELS)
    if unknown:
        raise SystemExit(f"no such label: {', '.join(sorted(unknown))}")
    return labels


def show(lines: Iterable[Line], labels: dict[str, str]) -> None:
    for line in lines:
        if line["is_slice"] or line["key"] in labels:
            continue
        print(
            f"{line['key']} {line['set']} {line['grade']}\n  asked    {line['question']}\n  sentence {line['sentence']}"
        )
        print(f"  cited    {line['note']}: {line['quote']}" if line["note"] else "  cited    nothing")
        for gold in line["gold"]:
            print(f"  gold     {gold['note']}: {gold['quote']}")
        print(f"  answers  {line['answers']}")


def score(lines: Sequence[Line], labels: dict[str, str]) -> None:
    names = list(dict.fromkeys(line["set"] for line in lines))
    print("set                shown written slipped partly overmarked unlabelled  slipped/shown slipped/written")
    for name in [*names, "all"]:
        _print_figures(name, [line for line in lines if name in (line["set"], "all")], labels)


def _print_figures(name: str, lines: Sequence[Line], labels: dict[str, str]) -> None:
    counts: Counter[str] = Counter()
    for line in lines:
        label = "true" if line["is_slice"] else labels.get(line["key"], "unlabelled")
        is_marked = line["grade"] == Support.UNSUPPORTED
        counts["written"] += line["part"] == "written"
        counts["slipped"] += label == "false" and not is_marked
        counts["partly"] += label == "partly" and not is_marked
        counts["overmarked"] += label == "true" and is_marked
        counts["unlabelled"] += label == "unlabelled"
    shown, written = max(1, len(lines)), max(1, counts["written"])
    print(
        f"{name:18s} {len(lines):5d} {counts['written']:7d} {counts['slipped']:7d} {counts['partly']:6d} {counts['overmarked']:10d} "
        f"{counts['unlabelled']:10d} {counts['slipped'] / shown:14.3f} {counts['slipped'] / written:15.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run")
    running.add_argument("set", type=Path)
    running.add_argument("--questions", type=int, default=50)
    running.add_argument("--start", type=float, default=0.0)
    running.add_argument("--model", default="")
    running.add_argument("--out", type=Path, required=True)
    grading = commands.add_parser("again")
    grading.add_argument("files", nargs="+", type=Path)
    grading.add_argument("--out", type=Path, required=True)
    for name in ("show", "score"):
        command = commands.add_parser(name)
        command.add_argument("files", nargs="+", type=Path)
        command.add_argument("--labels", type=Path, required=True)
    args = parser.parse_args()
    if args.command == "run":
        run(args.set, args.questions, args.start, args.model, args.out)
        return
    lines = [json.loads(line) for file in args.files for line in file.read_text("utf-8").splitlines()]
    if args.command == "again":
        again(lines, args.out)
        return
    (show if args.command == "show" else score)(lines, read_labels(args.labels))


if __name__ == "__main__":
    main()
