"""F40: small files that become enormous: archives, entities and images that unpack without end. Each is refused or held to the reader's
limits; the process that asked for it grows by less than 50 MB, and the next file is read."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.ipc.reader_messages import ImageRendered, PageRendered, RenderImage, RenderPage
from assistant.ipc.wire import EventLine
from tests.faults import hostile_files
from tests.faults.conftest import Fault
from tests.faults.hostile_files import IMAGE_BOMBS, PDF_BOMBS, WORD_BOMBS
from tests.faults.reader_bench import LIMITS, REFUSALS, OneReader, outcome

MOST_GROWTH_BYTES = 50_000_000
MEMORY_BYTES = 500_000_000
WIDTH_PX = 800


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[OneReader]:
    """One that has read, and reads when the bombs are through."""
    good = tmp_path / "good.md"
    good.write_text("Good words.", "utf-8")
    made = OneReader()
    assert made.reason(good) == "read"
    yield made
    assert made.reason(good) == "read"
    made.close()


@pytest.fixture
def grown() -> Iterator[None]:
    """The parent has not grown when the test is over."""
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    yield
    assert process.memory_info().rss - before < MOST_GROWTH_BYTES


def drawn(reader: OneReader, request: RenderPage | RenderImage) -> str:
    """What came of drawing. What was drawn is small."""
    answer = reader.ask(request)
    if isinstance(answer, EventLine) and isinstance(answer.body, PageRendered):
        assert answer.body.width_px * answer.body.height_px <= 40_000_000
    if isinstance(answer, EventLine) and isinstance(answer.body, ImageRendered):
        assert answer.body.width_px <= WIDTH_PX
        assert answer.body.height_px <= WIDTH_PX * 8
    return outcome(answer)


@pytest.mark.usefixtures("grown")
def test_word_files_that_unpack_without_end_are_refused(reader: OneReader, tmp_path: Path, fault: Fault) -> None:
    path = tmp_path / "bomb.docx"
    found = {}
    for name, made in WORD_BOMBS.items():
        path.write_bytes(made())
        found[name] = reader.reason(path, memory_limit_bytes=MEMORY_BYTES)
    fault.count(len(found), sum(reason in {"bomb", "damaged"} for reason in found.values()))
    assert found == {
        "many paragraphs": "bomb",
        "one large part": "bomb",
        "many large parts": "bomb",
        "many parts": "bomb",
        "lying directory": "damaged",
        "entities in entities": "damaged",
        "one entity, often": "damaged",
        "deep nesting": "bomb",
        "long text": "bomb",
    }
    assert reader.starts == 1


def test_a_word_file_reads_no_other_file(reader: OneReader, tmp_path: Path, fault: Fault) -> None:
    path = tmp_path / "reaching.docx"
    with fault.trial():
        path.write_bytes(hostile_files.reaching_word())
        assert reader.reason(path, memory_limit_bytes=MEMORY_BYTES) == "no-text", (
            "neither the file it names nor anything else stands in its place"
        )


@pytest.mark.usefixtures("grown")
def test_pdf_files_that_unpack_without_end_are_held_to_the_limits(
    reader: OneReader, tmp_path: Path, fault: Fault
) -> None:
    path = tmp_path / "bomb.pdf"
    for made in PDF_BOMBS:
        path.write_bytes(made())
        with fault.trial():
            assert reader.reason(path, memory_limit_bytes=MEMORY_BYTES) in REFUSALS | LIMITS
        with fault.trial():
            found = drawn(reader, RenderPage(str(path), 1, WIDTH_PX, memory_limit_bytes=MEMORY_BYTES))
            # PDFium ends its process where memory ends.
            assert found in {"read", f"crashed ({-signal.SIGABRT})"} | REFUSALS | LIMITS


@pytest.mark.usefixtures("grown")
def test_images_of_enormous_size_are_refused_or_drawn_small(reader: OneReader, tmp_path: Path, fault: Fault) -> None:
    for name, made in IMAGE_BOMBS.items():
        path = tmp_path / name
        path.write_bytes(made())
        with fault.trial():
            found = drawn(reader, RenderImage(str(path), WIDTH_PX, memory_limit_bytes=MEMORY_BYTES))
            is_told_by_its_size = name.startswith(("square", "vast", "upside"))
            assert found in ({"bomb"} if is_told_by_its_size else {"read", "damaged", "bomb"} | LIMITS)
    assert reader.starts == 1, "no reader was lost to an image"
