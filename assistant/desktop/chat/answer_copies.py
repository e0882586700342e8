"""An answer to take elsewhere: as Markdown with its sources, as plain text, as a note of its own."""

from __future__ import annotations

from assistant.desktop.chat.chat_words import citation_lines
from assistant.desktop.common.words import translate
from assistant.desktop.markdown.plain_text import plain_text
from assistant.domain.answers import Answer


def markdown_copy(answer: Answer, source: str = "") -> str:
    """Its Markdown with [1] behind the sentences, then the list of sources with their quotes. source: what is written so far, where nothing
    is stored yet."""
    text = answer.text or source
    for check in sorted(answer.sentences, key=lambda item: item.end, reverse=True):
        if check.citation is not None and check.end <= len(text):
            text = f"{text[: check.end].rstrip()} [{check.citation}]{text[check.end :]}"
    lines = [
        f"- [{item.number}] {place}: “{' '.join(item.quote.split())}”"
        for item, place in zip(answer.citations, citation_lines(answer.citations), strict=True)
    ]
    if not text and answer.quote is not None:
        text = "\n\n".join(f"“{quote.text}”" for quote in answer.quote.parts)
    if lines:
        text += "\n\n" + translate("Chat", "Sources:") + "\n\n" + "\n".join(lines)
    return text


def plain_copy(answer: Answer, source: str = "") -> str:
    """The same without the marks of Markdown."""
    return plain_text(markdown_copy(answer, source))


def note_copy(question: str, answer: Answer) -> str:
    """A note of a question and its answer; the question is its title."""
    title = " ".join(question.split())
    return f"# {title}\n\n{markdown_copy(answer)}\n"
