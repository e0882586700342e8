"""What is said above a note, and instead of one that cannot be shown."""

from __future__ import annotations

from assistant.desktop.common.words import error_words, join, number, translate
from assistant.domain.errors import AssistantError
from assistant.domain.unseen import count_unseen
from assistant.ipc.engine_messages import SourceOpened

KEPT_CHARS = 600


def things_to_know(opened: SourceOpened, *, was_asked_for_words: bool) -> str:
    """Lines about the note: it is another one than was read, or it holds what nobody sees. "" if there is nothing to say."""
    said = []
    if was_asked_for_words and opened.start < 0:
        said.append(
            translate("SourcePane", "This note has changed since it was read, and these words are no longer in it.")
        )
    elif opened.moved:
        said.append(translate("SourcePane", "This note has changed since it was read. The words were found again."))
    unseen = count_unseen(opened.document.text)
    if unseen == 1:
        said.append(
            translate(
                "SourcePane", "This note holds text that is not seen on screen, in one place. No model is given it."
            )
        )
    elif unseen:
        said.append(
            translate(
                "SourcePane", "This note holds text that is not seen on screen, in {n} places. No model is given it."
            ).format(n=number(unseen))
        )
    return "\n".join(said)


def failure_text(error: AssistantError, kept: str) -> str:
    """Why a note cannot be shown, and the words of it that are kept all the same."""
    words = error_words(error)
    lines = [words.happened, join(words.still, words.todo)]
    if kept:
        lines.append(f"“{kept[:KEPT_CHARS]}”")
    return "\n\n".join(line for line in lines if line)
