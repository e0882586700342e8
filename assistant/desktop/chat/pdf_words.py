"""Chinese in a PDF stays Chinese when it is searched or copied.

WORKAROUND(Qt 6, QPdfEngine): where a font draws an ideograph and a radical with the same sign, the PDF tells the radical, which stands first
in Unicode: 飞 is found as ⻜. The tables that say what the signs mean are put right after the drawing, until Qt prefers the ideograph.
"""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

_PAIRS = "⻄西⻁虎⻘青⻝食⻣骨⻤鬼⺠民⻅见⻆角⻉贝⻋车⻓长⻔门⻙韦⻚页⻛风⻜飞⻢马⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻈讠⻐钅⻠饣⺰纟⻂衤⺭礻"
"""Radicals that Unicode gives no plain form, each before the ideograph that looks the same."""

_SUPPLEMENT = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_SIGNS = re.compile(rb"\[[^\]]*\]|^<[0-9A-F]{4}> <[0-9A-F]{4}> (<[0-9A-F]{4}>)", re.MULTILINE)
_SIGN = re.compile(rb"<(2E[89A-F][0-9A-F]|2F[0-9A-D][0-9A-F])>")


def with_ideographs(pdf: bytes) -> bytes:
    """The same PDF, its text told in ideographs."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    seen: dict[int, StreamObject] = {}
    changed = False
    for page in writer.pages:
        resources: Any = page["/Resources"]
        fonts = resources.get_object().get("/Font", DictionaryObject()).get_object()
        for font in fonts.values():
            table = font.get_object().get("/ToUnicode")
            stream = table.get_object() if table is not None else None
            if isinstance(stream, StreamObject) and id(stream) not in seen:
                seen[id(stream)] = stream  # pages share their fonts
                told = stream.get_data()
                right = _SIGNS.sub(_righted, told)
                if right != told:
                    stream.set_data(right)
                    changed = True
    if not changed:
        return pdf
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _righted(found: re.Match[bytes]) -> bytes:
    whole = found[0]
    if whole.startswith(b"["):
        return _SIGN.sub(_ideograph, whole)
    return whole[: -len(found[1])] + _SIGN.sub(_ideograph, found[1])


def _ideograph(found: re.Match[bytes]) -> bytes:
    radical = chr(int(found[1], 16))
    plain = unicodedata.normalize("NFKC", radical)
    plain = _SUPPLEMENT.get(radical, radical) if plain == radical else plain
    return f"<{ord(plain):04X}>".encode() if len(plain) == 1 else found[0]
