"""`elephant search --explain`: an explanation in words and figures for a terminal, and as plain values for --json."""

from __future__ import annotations

from typing import Any

from assistant.cli import words
from assistant.domain.answers import Passage
from assistant.domain.search import (
    ExplainedPassage,
    FilterKey,
    LegView,
    NoteExplanation,
    QueryFilter,
    SearchExplanation,
    Verdict,
)


def explanation_values(explained: SearchExplanation) -> dict[str, Any]:
    """For --json."""
    understood = explained.understood
    return {
        "query": {
            "words": [
                {"word": one.word, "weight": round(one.weight, 3), "chunks": one.chunks, "forms": list(one.forms)}
                for one in explained.words
            ],
            "phrases": list(understood.phrases),
            "filters": [filter_text(one) for one in understood.filters],
            "dates": [[days.first.isoformat(), days.last.isoformat()] for days in understood.dates],
        },
        "legs": {
            "keyword": {"found": explained.keyword_found, "weight": round(explained.keyword_weight, 3)},
            "vector": {
                "searched": explained.vector_found,
                "weight": round(explained.vector_weight, 3),
                "missing": explained.missing,
                "exact": explained.exact,
            },
            "reranker": explained.reranker,
        },
        "chunks": explained.chunks,
        "results": [_explained_values(one) for one in explained.passages],
        "note": _note_values(explained.note) if explained.note else None,
    }


def explanation_text(explained: SearchExplanation) -> str:
    """For a person."""
    lines = [*_query_lines(explained), ""]
    for place, one in enumerate(explained.passages, 1):
        passage = one.passage
        page = f", page {passage.page}" if passage.page else ""
        lines.append(f"{place:3}. {passage.score:.3f}  {passage.note}{page}")
        lines.append(
            f"     {_leg('words', one.keyword)} gave {one.keyword_part:.3f}; {_leg('meaning', one.vector)} gave {one.vector_part:.3f}"
        )
        if one.date_part:
            lines.append(f"     the days asked for gave {one.date_part:.3f}")
        if one.reranked is not None:
            lines.append(f"     the reranker gave {one.reranked:.3f}, which decides")
        if passage.named_in:
            lines.append(f"     put here because {passage.named_in} names it")
        if passage.also_in:
            lines.append(f"     the same text is in {', '.join(passage.also_in)}")
    if not explained.passages:
        lines.append("Nothing found.")
    if explained.note is not None:
        lines += ["", *_note_lines(explained.note, explained)]
    return "\n".join(lines)


def _query_lines(explained: SearchExplanation) -> list[str]:
    understood = explained.understood
    shown = [
        f"{one.word}{' or ' + ', '.join(one.forms) if one.forms else ''} (weight {one.weight:.1f}, in {one.chunks:,})"
        for one in explained.words
    ]
    lines = [f"Words looked for: {'; '.join(shown) or 'none'}"]
    if understood.phrases:
        lines.append("In these very words: " + "; ".join(f"“{phrase}”" for phrase in understood.phrases))
    if understood.filters:
        lines.append("Only: " + "; ".join(map(filter_text, understood.filters)))
    if understood.dates:
        lines.append("Days: " + "; ".join(f"{days.first} to {days.last}" for days in understood.dates))
    lines.append(
        f"Words found {explained.keyword_found:,} of {explained.chunks:,} passages and count {explained.keyword_weight:.0%}."
    )
    if explained.missing:
        lines.append(f"Meaning was not searched ({explained.missing}).")
    else:
        how = ", compared one by one" if explained.exact else ""
        lines.append(
            f"Meaning was compared with {explained.vector_found:,} passages{how} and counts {explained.vector_weight:.0%}."
        )
    if explained.reranker:
        lines.append(f"The first passages were put in order by {explained.reranker}.")
    return lines


def _note_lines(note: NoteExplanation, explained: SearchExplanation) -> list[str]:
    lines = [f"{note.note}: {_verdict(note, explained)}"]
    if note.file is not None and note.file.chunks and note.verdict is not Verdict.FILTERED:
        lines.append(
            f"  words: {_view(note.keyword, explained.keyword_found)}; {note.coverage:.0%} of the question's words by weight"
        )
        lines.append(f"  meaning: {_view(note.vector, explained.vector_found)}")
        lines.append(f"  holds: {', '.join(note.held) or 'none of the words'}")
        if note.lacking:
            lines.append(f"  lacks: {', '.join(note.lacking)}")
    return lines


def _verdict(note: NoteExplanation, explained: SearchExplanation) -> str:
    file = note.file
    match note.verdict:
        case Verdict.FOUND:
            return f"it is result {note.rank}."
        case Verdict.UNKNOWN_NOTE:
            return "no such note is in the library. Paths are relative to the added folder."
        case Verdict.NOT_READ:
            why = words.reason(file.reason) if file is not None and file.reason else "it waits to be read"
            return f"it cannot be found, because it has not been read: {why}."
        case Verdict.FILTERED:
            return f"it is kept out by {'; '.join(map(filter_text, note.failed_filters))}."
        case Verdict.NO_MEANING_YET:
            assert file is not None
            return f"only its words can be found so far: the meaning of {file.embedded:,} of its {file.chunks:,} passages is read."
        case Verdict.OUTRANKED:
            if note.rank:
                return f"it would be result {note.rank}; {note.rank - 1} passages fit better."
            return f"it is not among the first results; {len(explained.passages)} passages or more fit better."


def _view(view: LegView, of: int) -> str:
    if view.score is None:
        return "not found"
    place = f"place {view.rank:,} of {of:,}" if view.rank else f"far down among {of:,}"
    return f"{place} (score {view.score:.3f})"


def _leg(name: str, view: LegView) -> str:
    return f"{name} #{view.rank}" if view.rank else f"{name} (not found)"


def filter_text(one: QueryFilter) -> str:
    days = f" ({one.days.first} to {one.days.last})" if one.days and one.key is FilterKey.DATE else ""
    if one.days and one.key is not FilterKey.DATE:
        days = f" ({one.days.first})"
    return f"{'-' if one.excludes else ''}{one.key}:{one.value}{days}"


def passage_values(passage: Passage) -> dict[str, Any]:
    """A result as --json prints it."""
    return {
        "note": passage.note,
        "text": passage.text,
        "score": round(passage.score, 6),
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
    }


def _explained_values(one: ExplainedPassage) -> dict[str, Any]:
    passage = one.passage
    return passage_values(passage) | {
        "also_in": list(passage.also_in),
        "named_in": passage.named_in,
        "keyword": {"rank": one.keyword.rank, "score": one.keyword.score, "part": round(one.keyword_part, 6)},
        "vector": {"rank": one.vector.rank, "score": one.vector.score, "part": round(one.vector_part, 6)},
        "date_part": round(one.date_part, 6),
        "reranked": one.reranked,
    }


def _note_values(note: NoteExplanation) -> dict[str, Any]:
    return {
        "note": note.note,
        "verdict": str(note.verdict),
        "state": str(note.file.state) if note.file else None,
        "reason": words.reason(note.file.reason) if note.file and note.file.reason else "",
        "rank": note.rank,
        "keyword": {"rank": note.keyword.rank, "score": note.keyword.score},
        "vector": {"rank": note.vector.rank, "score": note.vector.score},
        "coverage": round(note.coverage, 4),
        "held": list(note.held),
        "lacking": list(note.lacking),
        "failed_filters": [filter_text(one) for one in note.failed_filters],
    }
