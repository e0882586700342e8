"""Files made to hurt whoever reads them, written by code."""

from __future__ import annotations

import io
import itertools
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable

import docx
from note_files import pdf_file, saved

# ---- PDF -----------------------------------------------------------------------------------------------------------------


def cyclic_pdf() -> bytes:
    """A page tree whose child is its own parent, many times over."""
    kids = b"2 0 R " * 50
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 50 /Kids ["
        + kids
        + b"] >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n0\n%%EOF"
    )


def recursive_form_pdf() -> bytes:
    """A form that draws itself."""
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\n"
        b"endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 5 0 R /Resources 6 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 6 0 R /Length 6 >>\nstream\n/F Do \nendstream\n"
        b"endobj\n5 0 obj\n<< /Length 6 >>\nstream\n/F Do \nendstream\nendobj\n"
        b"6 0 obj\n<< /XObject << /F 4 0 R >> >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 7 >>\nstartxref\n0\n%%EOF"
    )


def _page_pdf(content: bytes, *more: bytes, box: bytes = b"0 0 100 100", resources: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (box, resources)
    return pdf_file(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page, content, *more]
    )


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def inflating_pdf() -> bytes:
    """A page of a few hundred KB that unpacks to 140 MB of drawing orders."""
    return _page_pdf(_stream(_squeezed(b"0 0 m 1 1 l S\n" * 1000, 10_000), b"/Filter /FlateDecode"))


def nested_filters_pdf() -> bytes:
    """The same, packed twice over."""
    once = _squeezed(bytes(100_000), 1_500)
    return _page_pdf(_stream(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]"))


def endless_pdf() -> bytes:
    """A million pages, all of them the same object."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>"
    kids = b"3 0 R " * 1_000_000
    pages = b"<< /Type /Pages /Count 1000000 /Kids [" + kids + b"] >>"
    return pdf_file([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, _stream(b"BT (word) Tj ET")])


def chained_pdf() -> bytes:
    """Objects that refer to one another in a ring, where a length, a font and a content should be."""
    return _page_pdf(
        b"<< /Length 5 0 R >>\nstream\nBT ET\nendstream",
        b"6 0 R",
        b"5 0 R",
        b"<< /Type /Font /Subtype /Type0 /DescendantFonts [7 0 R] /ToUnicode 7 0 R >>",
        resources=b"/Font << /F1 7 0 R >>",
    )


def vast_page_pdf() -> bytes:
    return _page_pdf(_stream(b"0 0 m 1 1 l S"), box=b"0 0 2000000000 2000000000")


def vast_image_pdf() -> bytes:
    """A page that shows an image of 40,000 by 40,000 pixels."""
    image = _stream(
        zlib.compress(bytes(1_000_000)),
        b"/Type /XObject /Subtype /Image /Width 40000 /Height 40000 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode",
    )
    return _page_pdf(_stream(b"100 0 0 100 0 0 cm /I Do"), image, resources=b"/XObject << /I 5 0 R >>")


def _squeezed(block: bytes, times: int) -> bytes:
    """So many copies of a block, deflated without ever being held at once."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(block) for _ in range(times)) + packer.flush()


PDF_BOMBS = (inflating_pdf, nested_filters_pdf, vast_page_pdf, vast_image_pdf)

# ---- Word ----------------------------------------------------------------------------------------------------------------

_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PLAIN = saved(docx.Document())


def _word(body: bytes | None = None, parts: Iterable[tuple[str, bytes]] = (), kind: bytes = b"") -> bytes:
    """A Word file with this in its body, `kind` (a document type) before it, and these parts more."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_PLAIN)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml" and body is not None:
                content = _XML + kind + b"<w:document " + _W + b"><w:body>" + body + b"</w:body></w:document>"
            new.writestr(name, content)
        for name, content in parts:
            new.writestr(name, content)
    return out.getvalue()


def _paragraph(text: bytes) -> bytes:
    return b"<w:p><w:r><w:t>" + text + b"</w:t></w:r></w:p>"


def many_paragraphs_word() -> bytes:
    return _word(b"<w:p/>" * 2_000_000)


def one_large_part_word() -> bytes:
    return _word(parts=[("word/media/image1.bmp", bytes(70_000_000))])


def many_large_parts_word() -> bytes:
    """600 MB by its directory, in parts that are all small enough and packed no better than usual."""
    noise = random.Random(40).randbytes(700_000)
    data = bytearray(_word(parts=[(f"word/media/{number}.bin", noise) for number in range(10)]))
    for entry in re.finditer(rb"PK\x01\x02.{42}word/media/", bytes(data), re.DOTALL):
        struct.pack_into("<I", data, entry.start() + 24, 60_000_000)
    return bytes(data)


def many_parts_word() -> bytes:
    return _word(parts=[(f"word/media/{number}.xml", b"") for number in range(20_000)])


def lying_word() -> bytes:
    """The directory says that the body has 600 bytes; 200 MB come out of it."""
    honest = _word(b"<w:p/>" * 100_000)
    with zipfile.ZipFile(io.BytesIO(honest)) as package:
        info = package.getinfo("word/document.xml")
    return honest.replace(
        struct.pack("<II", info.compress_size, info.file_size), struct.pack("<II", info.compress_size, 600)
    )


def laughing_word() -> bytes:
    """Entities that hold entities: ten billion words."""
    names = [b"a%d" % number for number in range(11)]
    entities = [b'<!ENTITY a0 "ha">'] + [
        b'<!ENTITY %s "%s">' % (name, b"&%s;" % before * 10) for before, name in itertools.pairwise(names)
    ]
    return _word(_paragraph(b"&a10;"), kind=b"<!DOCTYPE w [" + b"".join(entities) + b"]>")


def repeating_word() -> bytes:
    """One long entity, mentioned often: 100 KB become gigabytes."""
    kind = b'<!DOCTYPE w [<!ENTITY a "' + b"ha " * 30_000 + b'">]>'
    return _word(_paragraph(b"&a;" * 30_000), kind=kind)


def reaching_word() -> bytes:
    """An entity that names a file of this machine."""
    return _word(_paragraph(b"&a; words"), kind=b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>')


def deep_word() -> bytes:
    return _word(b"<w:tbl><w:tr><w:tc>" * 70_000 + _paragraph(b"words") + b"</w:tc></w:tr></w:tbl>" * 70_000)


def long_text_word() -> bytes:
    """One run of 60 MB."""
    return _word(_paragraph((b"ha" * 30 + bytes(range(97, 123))) * 700_000))


WORD_BOMBS: dict[str, Callable[[], bytes]] = {
    "many paragraphs": many_paragraphs_word,
    "one large part": one_large_part_word,
    "many large parts": many_large_parts_word,
    "many parts": many_parts_word,
    "lying directory": lying_word,
    "entities in entities": laughing_word,
    "one entity, often": repeating_word,
    "deep nesting": deep_word,
    "long text": long_text_word,
}


# ---- images --------------------------------------------------------------------------------------------------------------


def _png(width: int, height: int, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    middle = b"".join(part(kind, body) for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + middle + part(b"IDAT", rows) + part(b"IEND", b"")


def square_png() -> bytes:
    return _png(30_000, 30_000, zlib.compress(bytes(1_000_000)))


def thin_png() -> bytes:
    """Few enough pixels, but one side of four million."""
    return _png(4_000_000, 14, _squeezed(bytes(4_000_001), 14))


def wordy_png() -> bytes:
    """A small image with a comment of 70 MB."""
    return _png(8, 8, zlib.compress(bytes(72)), (b"zTXt", b"Comment\0\0" + _squeezed(bytes(100_000), 700)))


def profiled_png() -> bytes:
    """A small image with a colour profile of 70 MB."""
    return _png(8, 8, zlib.compress(bytes(72)), (b"iCCP", b"p\0\0" + _squeezed(bytes(100_000), 700)))


def empty_png() -> bytes:
    """All of the header, nothing of the pixels."""
    return _png(7_000, 7_000, b"")


def gif_of(width: int, height: int, frames: int = 1) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"


def bmp_of(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header


def jpeg_of(width: int, height: int) -> bytes:
    """A frame header without a scan."""
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00\xff\xd9"


def webp_of(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes(20)
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


IMAGE_BOMBS: dict[str, Callable[[], bytes]] = {
    "square.png": square_png,
    "thin.png": thin_png,
    "wordy.png": wordy_png,
    "profiled.png": profiled_png,
    "empty.png": empty_png,
    "vast.gif": lambda: gif_of(65_535, 65_535),
    "frames.gif": lambda: gif_of(7_000, 7_000, 2_000),
    "vast.bmp": lambda: bmp_of(2**31 - 1, 2**31 - 1),
    "upside down.bmp": lambda: bmp_of(30_000, -(2**31)),
    "vast.jpg": lambda: jpeg_of(65_500, 65_500),
    "vast.webp": lambda: webp_of(16_383, 16_383),
}


# ---- text that looks harmless ----------------------------------------------------------------------------------------------

HOSTILE_TEXTS: dict[str, Callable[[], bytes]] = {
    "deep.html": lambda: b"<div>" * 100_000 + b"words" + b"</div>" * 100_000,
    "deep.xhtml": lambda: b"<table><tr><td>" * 30_000 + b"words",
    "unfinished.html": lambda: b"<a" * 200_000 + b" words",
    "entities.html": lambda: b"&" * 500_000 + b"words",
    "attributes.html": lambda: b"<p " + b"a=b " * 200_000 + b">words",
    "declared.html": lambda: b'<meta charset="' + b"x" * 100_000 + b'">words',
    "comments.html": lambda: b"<!--" * 100_000 + b"--> words",
    "deep.md": lambda: b"> " * 50_000 + b"words\n\nend",
    "brackets.md": lambda: b"words " + b"[" * 300_000,
    "links.md": lambda: b"words " + b"[a](" * 50_000,
    "stars.md": lambda: b"words " + b"*a **b " * 50_000,
    "ticks.md": lambda: b"words " + b"".join(b"`" * number for number in range(1, 900)),
    "table.md": lambda: b"words\n\n" + b"|a" * 5_000 + b"|\n" + b"|-" * 5_000 + b"|\n" + b"|b|\n" * 2_000,
    "anchors.md": lambda: b"---\na: &a [x]\n" + b"".join(b"%s: [*a, *a]\n" % b"b" for _ in range(5)) + b"---\nwords",
    "laughing.md": lambda: (
        b"---\na0: &a0 [ha]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 12))
        + b"---\nwords"
    ),
    "deep yaml.md": lambda: b"---\na: " + b"[" * 60_000 + b"\n---\nwords",
    "line.txt": lambda: b"words " * 200_000,
    "word.txt": lambda: b"w" * 1_000_000,
    "empty lines.txt": lambda: b"\n" * 2_000_000 + b"words",
    "deep.json": lambda: b"[" * 500_000 + b'"words"',
    "deep.xml": lambda: b"<a>" * 200_000 + b"words",
}
