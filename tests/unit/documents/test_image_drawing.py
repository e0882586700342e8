"""Images of notes: drawn small and plain, refused with a reason, never enlarged, never decoded beyond a limit."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from assistant.documents import image_drawing
from assistant.documents.image_drawing import draw_image
from assistant.domain.errors import NoteMissingError, NoteUnreadableError


def save(path: Path, size: tuple[int, int], kind: str, mode: str = "RGB") -> Path:
    Image.new(mode, size, 1 if mode == "P" else "navy").save(path, kind)
    return path


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_usual_formats_become_a_png_no_wider_than_asked(tmp_path: Path, kind: str) -> None:
    drawn = draw_image(save(tmp_path / "picture", (800, 400), kind), 200)
    picture = Image.open(io.BytesIO(base64.b64decode(drawn.png)))
    assert (picture.format, picture.size) == ("PNG", (200, 100))
    assert (drawn.width_px, drawn.height_px) == (200, 100)


def test_small_image_is_not_enlarged(tmp_path: Path) -> None:
    assert draw_image(save(tmp_path / "dot.png", (3, 2), "PNG"), 900).width_px == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unsupported"),
        (b"just words", "unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "unsupported"),
    ],
)
def test_what_is_no_image_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(NoteUnreadableError) as caught:
        draw_image(tmp_path / "x.png", 100)
    assert caught.value.reason == reason


def test_truncated_image_is_damaged(tmp_path: Path) -> None:
    whole = save(tmp_path / "a.jpg", (300, 300), "JPEG").read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NoteUnreadableError) as caught:
        draw_image(tmp_path / "a.jpg", 100)
    assert caught.value.reason == "damaged"


def test_more_pixels_than_the_limit_are_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_drawing, "MOST_PIXELS", 100)
    with pytest.raises(NoteUnreadableError) as caught:
        draw_image(save(tmp_path / "big.png", (20, 20), "PNG"), 100)
    assert caught.value.reason == "bomb"


def test_missing_image(tmp_path: Path) -> None:
    with pytest.raises(NoteMissingError):
        draw_image(tmp_path / "none.png", 100)
