"""Why a search went as it did, in words: for people first, with the figures behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale

from assistant.desktop.common.words import (
    count_passages,
    file_state,
    is_chinese,
    join,
    number,
    reason_sentence,
    translate,
)
from assistant.desktop.search.filter_words import filter_label, understood_label
from assistant.domain.library import FileState
from assistant.domain.search import ExplainedPassage, LegView, NoteExplanation, QueryWord, SearchExplanation, Verdict

MOST_FORMS = 3
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """headline: where the note stands, in one sentence. detail: what it stands there for; may be empty."""

    headline: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    rank: str
    name: str
    words: str
    meaning: str
    counted: str


# ---- one note --------------------------------------------------------------------------------------------------------


def verdict_words(found: SearchExplanation) -> VerdictWords:
    note = found.note
    assert note is not None
    wording = {
        Verdict.FOUND: _found,
        Verdict.UNKNOWN_NOTE: _unknown,
        Verdict.NOT_READ: _not_read,
        Verdict.FILTERED: _filtered,
        Verdict.NO_MEANING_YET: _no_meaning_yet,
        Verdict.OUTRANKED: _outranked,
    }[note.verdict]
    return wording(note, found)


def _found(note: NoteExplanation, found: SearchExplanation) -> VerdictWords:
    return VerdictWords(_result(note.rank or 0, found), join(_places(note, found), _partly(note)))


def _result(rank: int, found: SearchExplanation) -> str:
    if rank > len(found.passages):
        return translate("Why", "It is result {n}, below those shown.").format(n=number(rank))
    return translate("Why", "It is result {n}.").format(n=number(rank))


def _unknown(_note: NoteExplanation, _found: SearchExplanation) -> VerdictWords:
    return VerdictWords(
        translate("Why", "This note is not in the library."),
        translate("Why", "It may have been moved or deleted. If it lies in a folder of its own, add that folder."),
    )


def _not_read(note: NoteExplanation, _found: SearchExplanation) -> VerdictWords:
    state = note.file.state if note.file is not None else FileState.QUEUED
    headline = {
        FileState.FAILED: translate("Why", "It could not be read."),
        FileState.SKIPPED: translate("Why", "It was left out."),
        FileState.READY: translate("Why", "It holds no text."),
        FileState.KEYWORD_READY: translate("Why", "It holds no text."),
    }.get(state, translate("Why", "It has not been read yet."))
    if note.file is None or state is FileState.QUEUED:
        return VerdictWords(headline, translate("Why", "It is waiting to be read; then it can be found."))
    if state in {FileState.READY, FileState.KEYWORD_READY}:
        return VerdictWords(headline, reason_sentence(note.file.reason))
    return VerdictWords(headline, file_state(note.file))


def _filtered(note: NoteExplanation, _found: SearchExplanation) -> VerdictWords:
    filters = note.failed_filters
    one = translate("Why", "A filter keeps it out.")
    headline = one if len(filters) <= 1 else translate("Why", "Filters keep it out.")
    return VerdictWords(headline, " · ".join(filter_label(found) for found in filters))


def _no_meaning_yet(note: NoteExplanation, _found: SearchExplanation) -> VerdictWords:
    headline = translate("Why", "Its meaning has not been read yet.")
    if note.held or note.keyword.rank is not None:
        detail = translate("Why", "Its words alone do not bring it up. Once its meaning has been read, it may come.")
    else:
        detail = translate("Why", "It has none of the words. Once its meaning has been read, it may come.")
    return VerdictWords(headline, detail)


def _outranked(note: NoteExplanation, found: SearchExplanation) -> VerdictWords:
    headline = _result(note.rank, found) if note.rank else translate("Why", "Other notes fit better.")
    return VerdictWords(headline, join(_places(note, found), _partly(note)))


def _places(note: NoteExplanation, found: SearchExplanation) -> str:
    """Where the note's best passage stands among all, by words and by meaning."""
    if not found.understood.words.strip():
        return ""  # nothing was compared
    text = _meaning_place(note, found)
    if found.words:
        text = translate("Why", "{words}, and {meaning}").format(words=_words_place(note, found), meaning=text)
    return translate("Why", "{clause}.").format(clause=text[:1].upper() + text[1:])


def _words_place(note: NoteExplanation, found: SearchExplanation) -> str:
    rank = note.keyword.rank
    if rank is not None:
        among = number(max(rank, found.keyword_found))
        return translate("Why", "its words are {place} of {n}").format(place=_place(rank), n=among)
    if note.held:
        return translate("Why", "it has only some of the words")
    return translate("Why", "it has none of the words")


def _meaning_place(note: NoteExplanation, found: SearchExplanation) -> str:
    rank = note.vector.rank
    if rank is not None:
        among = number(max(rank, found.vector_found))
        return translate("Why", "its meaning is {place} of {n}").format(place=_place(rank), n=among)
    if found.missing:
        return translate("Why", "meaning was not searched")
    return translate("Why", "its meaning is not among the nearest")


def _partly(note: NoteExplanation) -> str:
    if note.file is None or note.file.state is not FileState.READY or not note.file.reason:
        return ""
    return reason_sentence(note.file.reason)


def note_facts(note: NoteExplanation) -> tuple[Fact, ...]:
    """Which words of the query the note holds and lacks. Of a note that was not read nobody knows."""
    if note.verdict in {Verdict.UNKNOWN_NOTE, Verdict.NOT_READ}:
        return ()
    facts = []
    if note.held:
        facts.append(Fact(translate("Why", "Has"), _listed(note.held)))
    if note.lacking:
        facts.append(Fact(translate("Why", "Lacks"), _listed(note.lacking)))
    return tuple(facts)


# ---- the search ------------------------------------------------------------------------------------------------------


def search_facts(found: SearchExplanation) -> tuple[Fact, ...]:
    facts = []
    if found.words:
        facts.append(Fact(translate("Why", "Words"), _listed([_word(word) for word in found.words])))
    if found.understood.phrases:
        exact = _listed([translate("Why", "“{words}”").format(words=phrase) for phrase in found.understood.phrases])
        facts.append(Fact(translate("Why", "Exactly"), exact))
    limits = understood_label(found.understood)
    facts.append(Fact(translate("Why", "Filters and dates"), limits or translate("Why", "none")))
    facts.append(Fact(translate("Why", "Meaning"), meaning_words(found)))
    counted = _weights(found)
    if counted:
        facts.append(Fact(translate("Why", "Counted"), counted))
    if found.reranker:
        facts.append(Fact(translate("Why", "Sorted again by"), found.reranker))
    facts.append(Fact(translate("Why", "Searched"), count_passages(found.chunks)))
    return tuple(facts)


def meaning_words(found: SearchExplanation) -> str:
    """Whether meaning was searched, and why not."""
    if not found.words and not found.understood.words.strip() and found.understood.filters:
        return translate("Why", "not searched, as there are only filters; the newest notes come first")
    if not found.missing:
        if found.exact:
            return translate("Why", "searched, by exact search")
        return translate("Why", "searched")
    return {
        "switched-off": translate("Why", "not searched: it is switched off"),
        "model-unavailable": translate("Why", "not searched: there is no model that reads meaning"),
        "process-died": translate("Why", "not searched: a part had just stopped"),
        "process-broken": translate("Why", "not searched: a part has stopped; the line at the bottom says which"),
        "store-unavailable": translate("Why", "not searched: its index cannot be used just now"),
    }.get(found.missing, translate("Why", "not searched this time"))


def _weights(found: SearchExplanation) -> str:
    if found.missing or not found.words:
        return ""
    shares = _shares((found.keyword_weight, found.vector_weight))
    if shares is None:
        return ""
    words, meaning = (f"{number(share)}%" for share in shares)
    return translate("Why", "words {words}, meaning {meaning}").format(words=words, meaning=meaning)


def _word(word: QueryWord) -> str:
    where = translate("Why", "in {passages}").format(passages=count_passages(word.chunks))
    if not word.chunks:
        where = translate("Why", "nowhere")
    forms = [form for form in word.forms if form != word.word][:MOST_FORMS]
    if forms:
        where += translate("Why", ", also {forms}").format(forms=_listed(forms))
    return translate("Why", "{word} ({where})").format(word=word.word, where=where)


# ---- the results -----------------------------------------------------------------------------------------------------


def result_rows(found: SearchExplanation) -> tuple[ResultRow, ...]:
    return tuple(_row(place, entry) for place, entry in enumerate(found.passages, start=1))


def _row(place: int, entry: ExplainedPassage) -> ResultRow:
    name = entry.passage.note.rsplit("/", 1)[-1] or entry.passage.title
    if entry.passage.page is not None:
        name += " · " + translate("Why", "page {n}").format(n=number(entry.passage.page))
    elif entry.passage.heading_path:
        name += " · " + entry.passage.heading_path[-1]
    return ResultRow(
        rank=number(place),
        name=name,
        words=_leg(entry.keyword, digits=1),
        meaning=_leg(entry.vector, digits=2),
        counted=_counted(entry),
    )


def _leg(leg: LegView, digits: int) -> str:
    if leg.rank is None:
        return NOTHING
    if leg.score is None:
        return _place_alone(leg.rank)
    return f"{_place_alone(leg.rank)} · {QLocale().toString(leg.score, 'f', digits)}"


def _counted(entry: ExplainedPassage) -> str:
    """What the place was given for, in hundredths of the whole."""
    parts = (
        (entry.keyword_part, translate("Why", "words {share}")),
        (entry.vector_part, translate("Why", "meaning {share}")),
        (entry.date_part, translate("Why", "date {share}")),
    )
    shares = _shares([max(0.0, part) for part, _form in parts])
    shown = []
    if shares is not None:
        shown = [
            form.format(share=f"{number(share)}%") for share, (_part, form) in zip(shares, parts, strict=True) if share
        ]
    if entry.reranked is not None:
        score = QLocale().toString(entry.reranked, "f", 2)
        shown.append(translate("Why", "sorted again {score}").format(score=score))
    return " · ".join(shown) or NOTHING


# ---- as text ---------------------------------------------------------------------------------------------------------


def as_text(query: str, found: SearchExplanation) -> str:
    """Everything the panel shows, for the clipboard."""
    lines = [_label(translate("Why", "Search"), query)]
    if found.note is not None:
        verdict = verdict_words(found)
        lines += ["", _label(translate("Why", "Note"), found.note.note), join(verdict.headline, verdict.detail)]
        lines += [_label(fact.label, fact.text) for fact in note_facts(found.note)]
    lines += ["", *(_label(fact.label, fact.text) for fact in search_facts(found))]
    if found.passages:
        heads = headings()
        lines += ["", translate("Why", "Results")]
        for row, entry in zip(result_rows(found), found.passages, strict=True):
            figures = (f"{heads[2]} {row.words}", f"{heads[3]} {row.meaning}", f"{heads[4]} {row.counted}")
            lines.append(f"{row.rank}. {entry.passage.note} | {' | '.join(figures)}")
    return "\n".join(lines) + "\n"


def headings() -> tuple[str, str, str, str, str]:
    """Of the table of results."""
    return (
        translate("Why", "Place"),
        translate("Why", "Note"),
        translate("Why", "Words"),
        translate("Why", "Meaning"),
        translate("Why", "What counted"),
    )


def _label(label: str, text: str) -> str:
    return translate("Why", "{label}: {text}").format(label=label, text=text)


# ---- small things ----------------------------------------------------------------------------------------------------


def _place(rank: int) -> str:
    """A place within a sentence: "41st". Where a language puts a word before the number, its sentence has it."""
    return number(rank) if is_chinese() else number(rank) + _ordinal_ending(rank)


def _place_alone(rank: int) -> str:
    return translate("Why", "{place}").format(place=_place(rank))


def _ordinal_ending(value: int) -> str:
    if value % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def _shares(parts: Sequence[float]) -> list[int] | None:
    """Parts as whole hundredths of their sum, which add up to a hundred; None if there is nothing to share."""
    total = sum(parts)
    if total <= 0:
        return None
    whole = [int(100 * part / total) for part in parts]
    rest = sorted(range(len(parts)), key=lambda n: whole[n] - 100 * parts[n] / total)
    for place in rest[: 100 - sum(whole)]:
        whole[place] += 1
    return whole


def _listed(words: Sequence[str]) -> str:
    return translate("Why", ", ").join(words)
