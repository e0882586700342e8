"""Notes of many megabytes are read and split within the limits that readers have by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents.limits import ReaderLimits
from assistant.documents.reading import read_document
from assistant.documents.splitting import split_document

pytestmark = pytest.mark.slow

PARAGRAPH = "The ferry leaves at nine and comes back at six. 渡轮九点出发，六点返回。**Bring** a [coat](coat.md). " * 5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lines.txt", (PARAGRAPH + "\n\n") * 20_000),
        ("one line.log", PARAGRAPH * 10_000),
        ("parsed.md", ("# Heading\n\n" + PARAGRAPH + "\n\n") * 4_000),
        ("too large to parse.md", ("# Heading\n\n" + PARAGRAPH + "\n\n") * 12_000),
        ("page.html", "<nav>menu</nav>" + f"<h2>Head</h2><p>{PARAGRAPH}</p>" * 10_000),
    ],
)
def test_a_note_of_megabytes_is_read_whole(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    document = read_document(path, limits=ReaderLimits(time_limit_s=100))
    assert document.text.count("ferry") == text.count("ferry")
    chunks = split_document(document, title="", window_tokens=512)
    assert sum(chunk.text.count("ferry") for chunk in chunks) == text.count("ferry")
    assert document.notices == ()
