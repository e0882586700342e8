"""Images for the source viewer come from beside the note or not at all."""

from __future__ import annotations

import threading

import pytest

from assistant.domain.errors import BadRequestError, NoteMissingError, NoteUnreadableError
from assistant.engine.sources import Sources
from assistant.ipc.engine_messages import ReadNoteImage


class Library:
    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.error = error

    def draw_image(
        self, folder_id: int, note: str, target: str, max_width_px: int, cancelled: threading.Event | None = None
    ) -> str:
        self.asked.append(target)
        if self.error is not None:
            raise self.error
        return "png"


def image(library: Library, target: str) -> str:
    return Sources(library, lambda *_: "").image(ReadNoteImage(1, "a/b.md", target), threading.Event()).png  # type: ignore[arg-type]


def test_image_beside_the_note_is_drawn() -> None:
    library = Library()
    assert image(library, "pictures/our%20house.png") == "png"
    assert library.asked == ["pictures/our house.png"]


@pytest.mark.parametrize(
    "target",
    ["http://example.org/a.png", "HTTPS://example.org/a.png", "//host/a.png", "\\\\host\\a.png", "file:///etc/a.png",
     "data:image/png;base64,AAAA", "smb://host/a.png", " http://example.org/a.png"],
)  # fmt: skip
def test_nothing_with_a_host_or_a_scheme_is_even_looked_for(target: str) -> None:
    library = Library()
    assert image(library, target) == ""
    assert library.asked == []


@pytest.mark.parametrize(
    "error", [BadRequestError(reason="outside"), NoteMissingError(path="x"), NoteUnreadableError(reason="damaged")]
)
def test_what_cannot_be_shown_is_an_empty_picture(error: Exception) -> None:
    assert image(Library(error), "a.png") == ""
