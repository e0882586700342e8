"""F12: notes in every encoding people's old files have, and with byte order marks."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from assistant.documents.limits import ReaderLimits
from assistant.documents.reading import read_document
from tests.faults.conftest import Fault

WESTERN = "Größe über alles: café, naïve, señor, Ångström, façade. Das Wörterbuch enthält übliche Wörter für Elefanten."
CHINESE = "大象是陆地上最大的动物。它们记得水源在哪里，也记得去世的同伴。冬天的时候，象群会往南方走很远的路。"
TRADITIONAL = "大象是陸地上最大的動物。牠們記得水源在哪裡，也記得去世的同伴。冬天的時候，象群會往南方走很遠的路。"
JAPANESE = "象は陸上で最も大きい動物です。水のある場所をよく覚えています。冬になると南へ長い旅をします。"
KOREAN = "코끼리는 육지에서 가장 큰 동물입니다. 물이 있는 곳을 잘 기억하고 겨울이 되면 남쪽으로 긴 여행을 합니다."
RUSSIAN = "Слон — самое большое животное на суше. Он помнит, где находится вода, и зимой уходит далеко на юг."

ENCODINGS = {
    "utf-8": (b"", "utf-8", CHINESE),
    "utf-8 with mark": (codecs.BOM_UTF8, "utf-8", CHINESE + WESTERN),
    "utf-16-le with mark": (codecs.BOM_UTF16_LE, "utf-16-le", CHINESE),
    "utf-16-be with mark": (codecs.BOM_UTF16_BE, "utf-16-be", WESTERN),
    "utf-32-le with mark": (codecs.BOM_UTF32_LE, "utf-32-le", CHINESE),
    "utf-32-be with mark": (codecs.BOM_UTF32_BE, "utf-32-be", WESTERN),
    "cp1252": (b"", "cp1252", WESTERN),
    "gb18030": (b"", "gb18030", CHINESE),
    "big5": (b"", "big5", TRADITIONAL),
    "shift_jis": (b"", "shift_jis", JAPANESE),
    "euc_kr": (b"", "euc_kr", KOREAN),
    "cp1251": (b"", "cp1251", RUSSIAN),
}
SHAPES = ("{}", "# Heading\n\n{}\n", "{}\r\n{}\r\n", "One ASCII line first.\n\n{}\n\n- {}\n", "{}\n" * 40)


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_text_is_right_in_twelve_encodings(fault: Fault, tmp_path: Path, shape: int) -> None:
    wrong = []
    for name, (mark, codec, words) in ENCODINGS.items():
        path = tmp_path / "note.md"
        path.write_bytes(mark + SHAPES[shape].replace("{}", words).encode(codec))
        document = read_document(path, limits=ReaderLimits())
        if words not in document.text or "\ufeff" in document.text:
            wrong.append(name)
    fault.count(len(ENCODINGS), len(ENCODINGS) - len(wrong))
    assert wrong == []
