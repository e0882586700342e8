"""F40: small files that become enormous: archives, entities and images that unpack without end. Each is refused or held to the reader's
limits; the process that asked for it grows by less than 50 MB, and the next file is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.domain.errors import NoteUnreadableError
from assistant.library.reader_pool import PoolLimits, ReaderPool
from tests.faults import hostile_files
from tests.faults.conftest import Fault
from tests.faults.hostile_files import IMAGE_BOMBS, PDF_BOMBS, WORD_BOMBS
from tests.faults.reader_bench import LIMITS, REFUSALS, ROOT

MOST_GROWTH_BYTES = 50_000_000
WIDTH_PX = 800


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ReaderPool]:
    """Warm: what a first reading costs the parent is not the fault's."""
    monkeypatch.chdir(ROOT)
    made = ReaderPool(limits=PoolLimits(time_limit_s=10.0, memory_bytes=600_000_000))
    good = tmp_path / "good.md"
    good.write_text("Good words.", "utf-8")
    made.read(good)
    yield made
    assert made.read(good).text == "Good words."
    made.close()


@pytest.fixture
def grown() -> Iterator[None]:
    """The parent has not grown when the test is over."""
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    yield
    assert process.memory_info().rss - before < MOST_GROWTH_BYTES


def reason_of(pool: ReaderPool, path: Path, draws: bool = False) -> str:
    """Why a file is refused; "" if it is not."""
    try:
        if not draws:
            pool.read(path)
        elif path.suffix == ".pdf":
            drawn = pool.draw_page(path, 1, width_px=WIDTH_PX)
            assert drawn.width_px * drawn.height_px <= 40_000_000
        else:
            picture = pool.draw_image(path, WIDTH_PX)
            assert picture.width_px <= WIDTH_PX
            assert picture.height_px <= WIDTH_PX * 8
    except NoteUnreadableError as error:
        return error.reason
    return ""


@pytest.mark.usefixtures("grown")
def test_word_files_that_unpack_without_end_are_refused(pool: ReaderPool, tmp_path: Path, fault: Fault) -> None:
    path = tmp_path / "bomb.docx"
    found = {}
    for name, made in WORD_BOMBS.items():
        path.write_bytes(made())
        found[name] = reason_of(pool, path)
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


def test_a_word_file_reads_no_other_file(pool: ReaderPool, tmp_path: Path, fault: Fault) -> None:
    path = tmp_path / "reaching.docx"
    with fault.trial():
        path.write_bytes(hostile_files.reaching_word())
        assert reason_of(pool, path) == "no-text", "neither the file it names nor anything else stands in its place"


@pytest.mark.usefixtures("grown")
def test_pdf_files_that_unpack_without_end_are_held_to_the_limits(
    pool: ReaderPool, tmp_path: Path, fault: Fault
) -> None:
    path = tmp_path / "bomb.pdf"
    for made in PDF_BOMBS:
        path.write_bytes(made())
        with fault.trial():
            assert reason_of(pool, path) in REFUSALS | LIMITS
        with fault.trial():
            # PDFium ends its process where memory ends.
            assert reason_of(pool, path, draws=True) in {"", "reader-crashed"} | REFUSALS | LIMITS


@pytest.mark.usefixtures("grown")
def test_images_of_enormous_size_are_refused_or_drawn_small(pool: ReaderPool, tmp_path: Path, fault: Fault) -> None:
    for name, made in IMAGE_BOMBS.items():
        path = tmp_path / name
        path.write_bytes(made())
        with fault.trial():
            wanted = {"bomb"} if name.startswith(("square", "vast", "upside")) else {"", "damaged", "bomb"} | LIMITS
            assert reason_of(pool, path, draws=True) in wanted
