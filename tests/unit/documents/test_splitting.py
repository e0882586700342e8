"""Chunks: whole, exact, along the note's own structure, and never longer than the embedder's window."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.limits import ReaderLimits
from assistant.documents.markdown import read_markdown
from assistant.documents.plain_text import read_plain_text
from assistant.documents.splitting import character_bound, embedding_text, split_document
from assistant.domain.documents import Block, BlockKind, Chunk, Document, NoteFormat, Page

PARAGRAPH = "The quick brown fox jumps over the lazy dog near the river bank. " * 6


def markdown(text: str) -> Document:
    return read_markdown(text.encode(), ReaderLimits())


def split(document: Document, **options: object) -> list[Chunk]:
    given_options: dict[str, object] = {"title": "", "window_tokens": 512, "count_tokens": words_as_tokens} | options
    return split_document(document, **given_options)  # type: ignore[arg-type]


def words_as_tokens(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


def assert_covered(document: Document, chunks: list[Chunk]) -> None:
    position = 0
    for chunk in chunks:
        assert chunk.start >= position
        assert document.text[position : chunk.start].strip() == ""
        assert document.text[chunk.start : chunk.end] == chunk.text
        position = chunk.end
    assert document.text[position:].strip() == ""
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))


def test_a_heading_begins_a_chunk_and_stays_with_its_first_paragraph() -> None:
    document = markdown(f"# Top\n\n{PARAGRAPH}\n\n## Below\n\n{PARAGRAPH * 2}\n\n{PARAGRAPH}")
    chunks = split(document)
    assert chunks[0].text.startswith("Top\n\nThe quick")
    assert [chunk.heading_path for chunk in chunks] == [("Top",), ("Top", "Below"), ("Top", "Below")]
    assert chunks[1].text.startswith("Below\n\nThe quick")
    assert_covered(document, chunks)


def test_front_matter_stands_with_the_text_below_it() -> None:
    document = markdown(
        f"---\ntags: travel, 旅行\nauthor: Mira\n---\n# Lisbon\n\n{PARAGRAPH}\n\n## Where\n\n{PARAGRAPH}"
    )
    chunks = split(document)
    assert chunks[0].text.startswith("tags: travel, 旅行\nauthor: Mira\n\nLisbon\n\nThe quick")
    assert [chunk.heading_path for chunk in chunks] == [("Lisbon",), ("Lisbon", "Where")]
    assert_covered(document, chunks)


def test_long_front_matter_is_a_chunk_of_its_own() -> None:
    lines = "\n".join(f"person{i}: somebody with a name" for i in range(30))
    document = markdown(f"---\n{lines}\n---\n# Lisbon\n\n{PARAGRAPH}")
    chunks = split(document)
    assert chunks[0].text.startswith("person0: somebody")
    assert "Lisbon" not in chunks[0].text
    assert chunks[-1].heading_path == ("Lisbon",)
    assert_covered(document, chunks)


def test_headings_without_text_between_go_together() -> None:
    chunks = split(markdown("# A\n\n## B\n\nword"))
    assert [chunk.text for chunk in chunks] == ["A\n\nB\n\nword"]
    assert chunks[0].heading_path == ("A", "B")


def test_a_tiny_rest_is_merged_into_the_chunk_before() -> None:
    document = read_plain_text(f"{PARAGRAPH}\n\n{PARAGRAPH}\n\nThe end.".encode(), ReaderLimits())
    chunks = split(document, target_chars=800)
    assert len(chunks) == 1
    assert chunks[0].text.endswith("The end.")


def test_a_title_line_is_never_a_chunk_of_its_own() -> None:
    document = read_plain_text(f"Title\n\n{PARAGRAPH * 2}".encode(), ReaderLimits())
    assert [chunk.text[:11] for chunk in split(document, target_chars=800)] == ["Title\n\nThe "]


def test_long_paragraphs_are_cut_between_sentences() -> None:
    document = read_plain_text((PARAGRAPH * 10).encode(), ReaderLimits())
    chunks = split(document)
    assert len(chunks) > 3
    assert all(chunk.text.startswith("The quick") and chunk.text.rstrip().endswith("bank.") for chunk in chunks)
    assert all(len(chunk.text) <= 900 for chunk in chunks)


def test_chinese_chunks_hold_about_as_much_meaning_in_fewer_characters() -> None:
    document = read_plain_text(("今天下雨，我们没有出门，只在家里看书。" * 200).encode(), ReaderLimits())
    sizes = [len(chunk.text) for chunk in split(document)]
    assert 250 <= max(sizes) <= 400
    assert all(chunk.text.endswith("。") for chunk in split(document))


def test_rows_of_a_table_stay_whole() -> None:
    rows = "\n".join(f"| name {number} | {'value ' * 20}|" for number in range(30))
    document = markdown(f"| A | B |\n|---|---|\n{rows}")
    for chunk in split(document):
        assert all(" | " in line for line in chunk.text.rstrip().split("\n"))


def test_code_is_cut_between_lines_only() -> None:
    code = "\n".join(f"    value_{number} = compute(number={number})" for number in range(100))
    document = markdown(f"```python\n{code}\n```")
    chunks = split(document)
    assert "".join(chunk.text for chunk in chunks) == code
    assert all(chunk.text.endswith("\n") for chunk in chunks[:-1])


def test_no_chunk_runs_over_two_pages() -> None:
    """What is quoted from a chunk stands on the page that it names."""
    text = "One. Two.\n\nThree.\n\nFour."
    blocks = (
        Block(BlockKind.PARAGRAPH, 0, 9, page=1),
        Block(BlockKind.PARAGRAPH, 11, 17, page=2),
        Block(BlockKind.PARAGRAPH, 19, 24, page=2),
    )
    pages = (Page(1, 0, 9), Page(2, 11, 24))
    chunks = split_document(Document(text, NoteFormat.PDF, blocks=blocks, pages=pages), title="", window_tokens=1000)
    assert [(chunk.text, chunk.page) for chunk in chunks] == [("One. Two.\n\n", 1), ("Three.\n\nFour.", 2)]


def test_the_page_is_the_one_a_chunk_starts_on() -> None:
    document = Document("first\n\nsecond", NoteFormat.PDF, pages=(Page(1, 0, 5), Page(2, 5, 5), Page(3, 7, 13)))
    chunks = split(document, target_chars=5)
    assert [(chunk.text, chunk.page) for chunk in chunks] == [("first\n\n", 1), ("second", 3)]


def test_neighbours_touch_so_that_they_can_be_joined() -> None:
    document = markdown(f"# One\n\n{PARAGRAPH * 5}\n\n## Two\n\n{PARAGRAPH * 5}\n\nEnd.")
    chunks = split(document)
    assert len(chunks) > 2
    assert all(before.end == after.start for before, after in itertools.pairwise(chunks))
    assert "".join(chunk.text for chunk in chunks) == document.text


def test_white_space_after_a_chunk_does_not_change_what_is_embedded() -> None:
    alone, followed = split(markdown("Some words.")), split(markdown("Some words.\n\n# Next\n\nMore words."))
    assert embedding_text("T", alone[0]) == embedding_text("T", followed[0])


def test_text_outside_of_blocks_is_not_lost() -> None:
    document = Document("some text that no block covers", NoteFormat.TEXT)
    assert [chunk.text for chunk in split(document)] == [document.text]


def test_an_empty_document_has_no_chunks() -> None:
    assert split(Document("", NoteFormat.TEXT)) == []
    assert split(Document(" \n ", NoteFormat.TEXT)) == []


def test_short_chunks_are_never_sent_to_the_counter() -> None:
    asked: list[str] = []

    def counter(texts: Sequence[str]) -> list[int]:
        asked.extend(texts)
        return words_as_tokens(texts)

    split(markdown("# A\n\nshort"), count_tokens=counter)
    assert asked == []


def test_what_does_not_fit_the_window_is_cut_in_a_few_rounds() -> None:
    rounds = 0

    def one_token_a_letter(texts: Sequence[str]) -> list[int]:
        nonlocal rounds
        rounds += 1
        return character_bound(texts)

    document = read_plain_text((PARAGRAPH * 20).encode(), ReaderLimits())
    chunks = split(document, window_tokens=100, count_tokens=one_token_a_letter)
    assert all(character_bound([chunk.text])[0] <= 100 for chunk in chunks)
    assert rounds <= 6
    assert_covered(document, chunks)


def test_overlap_repeats_whole_sentences_of_the_chunk_before() -> None:
    document = read_plain_text((PARAGRAPH * 6).encode(), ReaderLimits())
    chunks = split(document, overlap_chars=150)
    for before, after in pairwise(chunks):
        assert 0 < before.end - after.start <= 150
        assert after.text.startswith("The quick")


def test_the_embedded_text_names_title_and_headings_once() -> None:
    chunk = split(markdown("# Trip\n\n## Hotels\n\nWe stayed at the Ritz."))[0]
    assert embedding_text("Trip", chunk) == "Hotels\nTrip\n\nHotels\n\nWe stayed at the Ritz."
    plain = Chunk(0, "We stayed.", 0, 10, ("A", "B", "C", "D"))
    assert embedding_text("Trip", plain) == "Trip › C › D\nWe stayed."


def test_a_huge_heading_does_not_fill_the_window() -> None:
    document = markdown(f"# {'very ' * 500}long\n\n{PARAGRAPH}")
    chunks = split(document, title="t" * 5000, count_tokens=character_bound)
    assert all(character_bound([embedding_text("t" * 5000, chunk)])[0] <= 512 for chunk in chunks)
    assert_covered(document, chunks)


LINES = st.lists(
    st.sampled_from(
        [
            "# Heading",
            "## 标题二",
            "plain words go here and go on for a while, as they do.",
            "中文的句子在这里。还有一句！",
            "- item",
            "1. first",
            "| a | b |",
            "|---|---|",
            "> quote",
            "```",
            "    code()",
            "",
            "---",
            "x" * 700,
            "字" * 500,
            "[[Link|shown]] #tag **bold**",
            "<div>html</div>",
            "\u3000\u00a0",
        ]
    )
    | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40),
    max_size=30,
)


@settings(max_examples=30, deadline=None)
@given(LINES, st.sampled_from([40, 64, 512]), st.sampled_from([30, 200, 800]))
def test_chunks_cover_the_note_exactly_and_fit(lines: list[str], window: int, target: int) -> None:
    text = "\n".join(lines)
    # The words make sure that there is something to read, whatever the lines are.
    document = markdown(f"words\n\n{text}")
    assert_document_is_sound(document)
    limits = {"window_tokens": window, "target_chars": target, "count_tokens": character_bound}
    chunks = split(document, **limits)
    assert_covered(document, chunks)
    assert chunks == split(document, **limits)
    for chunk in chunks:
        if len(chunk.text) > 1 and not chunk.heading_path:
            assert character_bound([chunk.text.rstrip()])[0] <= window  # what is embedded


def assert_document_is_sound(document: Document) -> None:
    document.text.encode("utf-8")
    assert "\x00" not in document.text
    position = 0
    for block in document.blocks:
        assert position <= block.start <= block.end <= len(document.text)
        assert document.text[position : block.start].strip() == ""
        position = block.end
    for span in document.spans:
        assert 0 <= span.start <= span.end <= len(document.text)


@pytest.mark.parametrize("unit", ["a", "字", "a ", "。", "\u0301", "x\n", "😀"])
def test_one_endless_line_is_split_all_the_same(unit: str) -> None:
    document = read_plain_text((unit * 20_000).encode(), ReaderLimits())
    chunks = split(document, count_tokens=character_bound)
    assert_covered(document, chunks)
    assert max(character_bound([chunk.text])[0] for chunk in chunks) <= 512
