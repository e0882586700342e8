"""A Document becomes chunks: the slices that are embedded, searched and cited.

Chunks follow what the author made (a heading and what stands below it, paragraphs, rows, lines of code) and are cut only
where that is too long, at sentences first. Sizes are measured in characters, with Chinese ones counted for more, because that is
cheap and stable; only whether a chunk fits the embedder's window is asked of the embedder itself.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain.documents import Block, BlockKind, Chunk, Document
from assistant.domain.sentences import split_sentences

SPLITTER_VERSION = "3"
"""Part of an index generation's name: change it whenever the same note would be cut differently or embedded with other words."""

TARGET_CHARS = 640
"""Measured from 400 to 1,200 on the development sets: docs/decisions/0301. Between 500 and 800 little changes."""

# A Chinese character says about as much as 2.3 Latin ones: 280 of them fill a chunk of 640.
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_WIDE_EXTRA = 1.3
_TINY_SHARE = 0.2
_LEAD_SHARE = 0.4  # front matter up to this share of a chunk stands with the text below it
_MERGE_SHARE = 1.3
_HEADING_CHARS = 160
# Prefix, start and end marks that an embedder adds to a text.
_TOKEN_RESERVE = 8

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Tokens of each text as the embedder would take it, prefix and marks included."""


def character_bound(texts: Sequence[str]) -> list[int]:
    """A TokenCounter that needs no model and never counts too few: every token covers at least one character."""
    return [_bound(text) for text in texts]


def embedding_text(title: str, chunk: Chunk) -> str:
    """What is embedded for a chunk: where it stands, then its text. Headings that the chunk itself begins with come once."""
    place: list[str] = []
    for part in (title, *chunk.heading_path):
        words = " ".join(part[: _HEADING_CHARS * 2].split())[:_HEADING_CHARS]
        if words and words not in place and not chunk.text.startswith(words):
            place.append(words)
    # Of a deep path the note's title and the nearest headings say most.
    shown = place if len(place) <= 3 else [place[0], *place[-2:]]
    # Stripped, so that a paragraph added below does not make an unchanged chunk be embedded again.
    text = chunk.text.strip()
    return f"{' › '.join(shown)}\n{text}" if shown else text


def split_document(
    document: Document,
    *,
    title: str,
    window_tokens: int,
    count_tokens: TokenCounter = character_bound,
    target_chars: int = TARGET_CHARS,
    overlap_chars: int = 0,
) -> list[Chunk]:
    """Cut a document into chunks, in order. The same input always gives the same chunks; an empty document gives none.

    Every character that is not white space is in a chunk, and without overlap in exactly one; the white space after a chunk belongs
    to it, so neighbours touch. Each chunk, with the words that
    `embedding_text` puts before it, fits `window_tokens` as counted by `count_tokens`.

    Args:
        title: the note's title, or its file name where it has none.
        target_chars: wanted size in Latin characters; Chinese ones count 2.3 times.
        overlap_chars: how much of the end of a chunk the next one repeats at most. 0: neighbours are joined when a question
            is asked, which costs no storage.
    """
    text = document.text
    drafts: list[_Draft] = []
    for section in _sections(document, target_chars):
        drafts.extend(_packed(text, section, target_chars, overlap_chars))
    fitted = _touching(text, _fit(document, drafts, title, window_tokens, count_tokens))
    return [_chunk(document, ordinal, draft) for ordinal, draft in enumerate(fitted)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that is not cut again while packing, with its weight in Latin characters."""

    start: int
    end: int
    weight: float
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class _Draft:
    """A chunk to be. heading_path is complete already."""

    start: int
    end: int
    heading_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """Headings that follow one another, front matter before them, and the blocks below the last of them; all on one page, so that
    whatever is quoted from a chunk stands on the page that the chunk names."""

    blocks: list[Block]
    heading_path: tuple[str, ...]


def _weight(text: str) -> float:
    return len(text) + (_WIDE_EXTRA * len(_WIDE.findall(text)) if not text.isascii() else 0.0)


def _bound(text: str) -> int:
    return len(text if text.isascii() else unicodedata.normalize("NFKC", text)) + _TOKEN_RESERVE


def _sections(document: Document, target: float) -> Iterator[_Section]:
    blocks: list[Block] = []
    has_body = False
    for block in _covering_blocks(document):
        turns_page = bool(blocks) and block.page != blocks[-1].page
        if turns_page or (block.kind is BlockKind.HEADING and has_body):
            yield _section(document, blocks)
            blocks, has_body = [], False
        blocks.append(block)
        has_body = has_body or not _is_lead(document.text, block, target)
    if blocks:
        yield _section(document, blocks)


def _is_lead(text: str, block: Block, target: float) -> bool:
    """Whether a block says little without what stands below it: a heading, or a few lines of front matter."""
    if block.kind is BlockKind.FRONT_MATTER:
        return _weight(text[block.start : block.end]) <= target * _LEAD_SHARE
    return block.kind is BlockKind.HEADING


def _section(document: Document, blocks: list[Block]) -> _Section:
    path = blocks[0].heading_path
    for block in blocks:
        if block.kind is BlockKind.FRONT_MATTER:
            continue
        if block.kind is not BlockKind.HEADING:
            break
        path = (*block.heading_path, " ".join(document.text[block.start : block.end].split())[:300])
    return _Section(blocks, path)


def _covering_blocks(document: Document) -> Iterator[Block]:
    """The document's blocks, and a paragraph for any text that a reader left outside of them."""
    position = 0
    path: tuple[str, ...] = ()
    for block in document.blocks:
        yield from _gap(document.text, position, block.start, path)
        if block.end > block.start:
            yield block
            path = block.heading_path
        position = max(position, block.end)
    yield from _gap(document.text, position, len(document.text), path)


def _gap(text: str, start: int, end: int, path: tuple[str, ...]) -> Iterator[Block]:
    if start < end and not text[start:end].isspace():
        yield Block(BlockKind.PARAGRAPH, start, end, path)


def _packed(text: str, section: _Section, target: float, overlap: float) -> list[_Draft]:
    """Fill chunks with pieces up to the target; a tiny rest goes to the chunk before it."""
    pieces = [piece for block in section.blocks for piece in _pieces(text, block, target)]
    runs: list[list[_Piece]] = []
    current: list[_Piece] = []
    weight = 0.0
    for piece in pieces:
        only_leads = all(earlier.is_lead for earlier in current)
        # A title line alone would say nothing: it goes with the paragraph below, even if that is a full chunk already.
        limit = target * _MERGE_SHARE if weight <= target * _TINY_SHARE else target
        if current and not only_leads and weight + piece.weight > limit:
            runs.append(current)
            current = _repeated(current, overlap)
            weight = sum(earlier.weight for earlier in current)
        current.append(piece)
        weight += piece.weight
    if current:
        runs.append(current)
    _merge_tiny_end(runs, target)
    return [_Draft(run[0].start, run[-1].end, section.heading_path) for run in runs]


def _repeated(run: list[_Piece], overlap: float) -> list[_Piece]:
    """The last pieces of a chunk that the next one begins with."""
    kept: list[_Piece] = []
    weight = 0.0
    for piece in reversed(run[1:]):
        weight += piece.weight
        if piece.is_lead or weight > overlap:
            break
        kept.insert(0, piece)
    return kept


def _merge_tiny_end(runs: list[list[_Piece]], target: float) -> None:
    if len(runs) < 2:
        return
    last = sum(piece.weight for piece in runs[-1])
    before = sum(piece.weight for piece in runs[-2])
    if last <= target * _TINY_SHARE and last + before <= target * _MERGE_SHARE:
        tail = runs.pop()
        runs[-1] = [*runs[-1], *(piece for piece in tail if piece.start >= runs[-1][-1].end)]


def _pieces(text: str, block: Block, target: float) -> Iterator[_Piece]:
    """A block as one piece if it is small enough, else its rows, lines or sentences."""
    start, end = _trimmed(text, block.start, block.end)
    if start == end:
        return
    weight = _weight(text[start:end])
    is_lead = _is_lead(text, block, target)
    if weight <= target or block.kind is BlockKind.TABLE_ROW:
        yield _Piece(start, end, weight, is_lead)
        return
    if block.kind is BlockKind.CODE:
        ranges = _lines(text, start, end)
    else:
        ranges = ((start + first, start + last) for first, last in split_sentences(text[start:end]))
    for first, last in ranges:
        yield from _short_pieces(text, first, last, target, is_lead)


def _short_pieces(text: str, start: int, end: int, target: float, is_lead: bool) -> Iterator[_Piece]:
    """A sentence or line, cut at white space or commas where it alone is longer than a chunk may be."""
    weight = _weight(text[start:end])
    if weight <= target * _MERGE_SHARE:
        yield _Piece(start, end, weight, is_lead)
        return
    # Cut by characters, not by weight: one pass, and Chinese text weighs the same everywhere.
    step = max(1, int(target * (end - start) / weight))
    while start < end:
        cut = end if end - start <= step else _cut_before(text, start, start + step)
        first, last = _trimmed(text, start, cut)
        if first < last:
            yield _Piece(first, last, _weight(text[first:last]), is_lead)
        start = cut


def _cut_before(text: str, start: int, limit: int) -> int:
    """The best place to cut text[start:limit] short: after a blank, else after a comma or the like, else at the limit."""
    earliest = start + (limit - start) // 2
    for marks in ("\n", " \t\u3000", "，、；：,;:)）】」』》/|"):
        cut = max(text.rfind(mark, earliest, limit) for mark in marks) + 1
        if cut > earliest:
            return cut
    while limit > earliest and limit < len(text) and unicodedata.combining(text[limit]):
        limit -= 1
    return limit


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline
        if text[start:stop].strip():
            yield start, stop
        start = stop + 1


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blank lines before and white space after; the indentation of a first line stays."""
    while end > start and text[end - 1].isspace():
        end -= 1
    line_start = start if start == 0 or text[start - 1] == "\n" else -1
    while start < end and text[start].isspace():
        start += 1
        if text[start - 1] == "\n":
            line_start = start
    return (line_start if line_start >= 0 and start < end else start), end


def _fit(
    document: Document, drafts: list[_Draft], title: str, window_tokens: int, count_tokens: TokenCounter
) -> list[_Draft]:
    """Halve what does not fit the window, until all fits. One batch of counting a round, few rounds."""
    settled: list[_Draft] = []
    waiting = drafts
    while waiting:
        doubtful: list[_Draft] = []
        texts: list[str] = []
        for draft in waiting:
            shown = embedding_text(title, _chunk(document, 0, draft))
            if _bound(shown) <= window_tokens or draft.end - draft.start <= 1:
                settled.append(draft)
            else:
                doubtful.append(draft)
                texts.append(shown)
        waiting = []
        counts = count_tokens(texts) if texts else []
        for draft, tokens in zip(doubtful, counts, strict=True):
            if tokens <= window_tokens:
                settled.append(draft)
            else:
                waiting.extend(_parts(document.text, draft, tokens, window_tokens))
    return sorted(settled, key=lambda draft: (draft.start, draft.end))


def _parts(text: str, draft: _Draft, tokens: int, window_tokens: int) -> Iterator[_Draft]:
    """A draft that needs `tokens`, in about as many parts as the window asks for."""
    parts = max(2, -(-tokens // max(1, window_tokens - _TOKEN_RESERVE)))
    start = draft.start
    while start < draft.end:
        # Even shares of what is left: cutting earlier, at a sentence, must not leave a scrap at the end.
        step = -(-(draft.end - start) // parts)
        cut = draft.end if parts <= 1 else _sentence_cut(text, start, start + step)
        cut = min(max(cut, start + 1), draft.end)
        parts -= 1
        first, last = _trimmed(text, start, cut)
        if first < last:
            yield _Draft(first, last, draft.heading_path)
        start = cut


def _sentence_cut(text: str, start: int, limit: int) -> int:
    """As _cut_before, but at the end of a sentence if one lies in the second half."""
    ends = [start + last for _, last in split_sentences(text[start : limit + 1])[:-1]]
    later = [end for end in ends if end > start + (limit - start) // 2]
    return later[-1] if later else _cut_before(text, start, limit)


def _touching(text: str, drafts: Sequence[_Draft]) -> list[_Draft]:
    """Each chunk with the white space that follows it, so that neighbours touch and can be joined to one exact slice."""
    ends = [
        after.start if text[draft.end : after.start].isspace() else draft.end
        for draft, after in itertools.pairwise(drafts)
    ]
    return (
        [replace(draft, end=end) for draft, end in zip(drafts, [*ends, drafts[-1].end], strict=True)] if drafts else []
    )


def _chunk(document: Document, ordinal: int, draft: _Draft) -> Chunk:
    return Chunk(
        ordinal=ordinal,
        text=document.text[draft.start : draft.end],
        start=draft.start,
        end=draft.end,
        heading_path=draft.heading_path,
        page=_page_at(document, draft.start),
    )


def _page_at(document: Document, offset: int) -> int | None:
    if not document.pages:
        return None
    index = bisect_right(document.pages, offset, key=lambda page: page.start) - 1
    # Pages without text lie where the next page starts; the last one that starts here holds the text.
    return document.pages[max(index, 0)].number
