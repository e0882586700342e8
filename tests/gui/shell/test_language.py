"""English and Chinese are equals: the catalogue is whole, keeps every placeholder, and is switched while the window runs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from assistant.desktop.common.words import count_notes, error_words, health_line, moment
from assistant.domain.errors import ProcessDiedError

TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"


def messages() -> list[tuple[str, str]]:
    root = ET.parse(TRANSLATIONS / "elephant_zh_CN.ts").getroot()
    return [(m.findtext("source") or "", m.findtext("translation") or "") for m in root.iter("message")]


def test_every_text_is_translated():
    assert [source for source, translation in messages() if not translation] == []


def test_every_placeholder_survives_translation():
    lost = [s for s, t in messages() if sorted(re.findall(r"\{\w*\}", s)) != sorted(re.findall(r"\{\w*\}", t))]
    assert lost == []


def test_no_text_shouts():
    assert [text for pair in messages() for text in pair if "!" in text or "！" in text] == []


def test_the_compiled_catalogue_speaks_chinese(chinese):
    assert count_notes(5_310) == "5,310 篇笔记"
    assert health_line("model", "restarted") == "模型意外停止。笔记和对话都安全，已重新启动。"
    assert error_words(ProcessDiedError(process="model")).as_text() == "模型意外停止。笔记和对话都安全。已重新启动。"
    assert moment(0.0).endswith("日")


def test_english_comes_back(qapp, chinese):
    assert chinese.choose("en")
    assert count_notes(2) == "2 notes"
    assert not chinese.choose("en")
