"""What is asked and said when another model is put to use, on whichever page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.words import error_words, join, translate
from assistant.domain.errors import AssistantError


def embedder_question(parent: QWidget, title: str) -> Question:
    """Another model for finding by meaning costs long work: it is asked for first."""
    return Question(
        parent,
        translate("ModelsPage", "Find by {title} from now on?").format(title=title),
        translate(
            "ModelsPage",
            "Every note is read once more for it, which takes as long as the first time. Until that is done, search goes on "
            "as before, and you can change your mind.",
        ),
        translate("ModelsPage", "Use it"),
    )


def writes_now_words(title: str) -> str:
    return translate("ModelsPage", "{title} writes your answers now.").format(title=title)


def not_used_words(error: AssistantError) -> str:
    """Why the model that was wanted cannot be used, and what holds instead."""
    words = error_words(error)
    return join(words.happened, translate("ModelsPage", "The one in use stays in use."), words.todo)
