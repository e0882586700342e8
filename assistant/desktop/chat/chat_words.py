"""What the chat says about an answer: phases, counts, times, places. Errors are worded in `words`."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.desktop.common.words import count_passages, number, translate
from assistant.domain.answers import Answer, Citation, Support, Timings
from assistant.ipc.engine_messages import PhaseChanged


def page_word() -> str:
    return translate("Chat", "page {n}")


def phase_text(phase: PhaseChanged) -> str:
    """What is happening, for the line in the input."""
    if phase.phase == "reading":
        if phase.passages:
            return translate("Chat", "Reading {passages}").format(passages=count_passages(phase.passages))
        return translate("Chat", "Reading your notes")
    return {
        "searching": translate("Chat", "Searching your notes"),
        "loading": translate("Chat", "Loading the model"),
        "writing": translate("Chat", "Writing"),
        "checking": translate("Chat", "Checking against your notes"),
    }.get(phase.phase, "")


def seconds(value_s: float) -> str:
    if value_s < 0.05:
        return translate("Chat", "under 0.1 s")
    return translate("Chat", "{n} s").format(n=f"{value_s:.1f}" if value_s < 10 else number(round(value_s)))


def speed(timings: Timings) -> str:
    if timings.write_s <= 0 or timings.completion_tokens < 2:
        return ""
    return translate("Chat", "{n} tokens/s").format(n=number(round(timings.completion_tokens / timings.write_s)))


def summary_line(answer: Answer) -> str:
    """ "6 passages · first word 0.4 s · 118 tokens/s" """
    parts = [count_passages(len(answer.passages)) if answer.passages else ""]
    if answer.timings.first_token_s > 0:
        parts.append(translate("Chat", "first word {time}").format(time=seconds(answer.timings.first_token_s)))
    parts.append(speed(answer.timings))
    return " · ".join(part for part in parts if part)


def _count_tokens(value: int) -> str:
    if value == 1:
        return translate("Chat", "1 token")
    return translate("Chat", "{n} tokens").format(n=number(value))


def step_lines(answer: Answer) -> list[tuple[str, str]]:
    """Each step of an answer and how long it took, in the order they ran."""
    times = answer.timings
    prompt = _count_tokens(times.prompt_tokens)
    if times.cached_tokens:
        prompt = translate("Chat", "{n} tokens, {kept} of them remembered").format(
            n=number(times.prompt_tokens), kept=number(times.cached_tokens)
        )
    written = " · ".join(part for part in (_count_tokens(times.completion_tokens), speed(times)) if part)
    steps = [
        (translate("Chat", "Searching your notes"), times.search_s, ""),
        (translate("Chat", "Choosing the quote"), times.quote_s, ""),
        (translate("Chat", "Loading the model"), times.load_s, ""),
        (translate("Chat", "Reading the passages"), times.prompt_s, prompt if times.prompt_tokens else ""),
        (translate("Chat", "First word"), times.first_token_s, ""),
        (translate("Chat", "Writing"), times.write_s, written if times.completion_tokens else ""),
    ]
    lines = [
        (name, " · ".join(part for part in (seconds(took_s), note) if part))
        for name, took_s, note in steps
        if took_s > 0
    ]
    if answer.model:
        on_cpu = translate("Chat", "on the processor: the graphics card has no room for it")
        lines.append(
            (translate("Chat", "Written by"), f"{answer.model} · {on_cpu}" if answer.has_lost_gpu else answer.model)
        )
    if answer.has_forgotten:
        too_long = translate("Chat", "the oldest are no longer read: the model cannot hold them all")
        lines.append((translate("Chat", "Earlier questions"), too_long))
    return lines


def unsupported_line(answer: Answer) -> str:
    """One plain sentence that says how many sentences the notes do not support, shown or left out; "" if none."""
    count = sum(1 for check in answer.sentences if check.support is Support.UNSUPPORTED)
    if count == 1:
        return translate("Chat", "One sentence is not in your notes.")
    if count:
        return translate("Chat", "{n} sentences are not in your notes.").format(n=number(count))
    if answer.left_out == 1:
        return translate("Chat", "The model wrote a sentence that your notes do not prove; it is left out.")
    if answer.left_out:
        text = translate("Chat", "The model wrote {n} sentences that your notes do not prove; they are left out.")
        return text.format(n=number(answer.left_out))
    return ""


def refusal_line(has_passages: bool) -> str:
    if has_passages:
        return translate("Chat", "Your notes do not seem to say. These come closest:")
    return translate("Chat", "Your notes do not seem to say.")


def citation_lines(citations: Sequence[Citation]) -> list[str]:
    """Where each citation stands: file and page, and as much more as tells it from the others.

    The folder where another note has the same name, the heading where the same page is cited twice.
    """
    names = {citation.note: citation.note.rsplit("/", 1)[-1] for citation in citations}
    lines = [_place(citation, twin=list(names.values()).count(names[citation.note]) > 1) for citation in citations]
    return [
        f"{line} · {citation.heading_path[-1]}" if citation.heading_path and lines.count(line) > 1 else line
        for line, citation in zip(lines, citations, strict=True)
    ]


def _place(citation: Citation, *, twin: bool) -> str:
    """twin: another note of the same name is cited too."""
    parts = citation.note.split("/")
    text = " › ".join(parts) if twin else parts[-1]
    if citation.page is not None:
        text += " · " + page_word().format(n=citation.page)
    return text
