"""Languages are named in the window's own language, however a model file names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from assistant.desktop.models.language_names import code_of, language_name
from assistant.desktop.models.model_words import languages_words, terms_line
from assistant.desktop.shell.language import Language
from assistant.domain.models import ModelRole, ShelfEntry

TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"
MINE = ShelfEntry("mine", "Mine", ModelRole.CHAT, (), "MIT", 1, 1, True, "", "/opt/mine.gguf", is_user=True)


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    language = Language(qapp, TRANSLATIONS)
    language.choose("zh")
    yield
    language.choose("en")
    QLocale.setDefault(QLocale(QLocale.Language.English))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zho", "zh"),
        ("Chinese", "zh"),
        ("POLISH", "pl"),
        ("pt_BR", "pt"),
        ("yue", "yue"),
    ],
)
def test_a_language_is_known_by_any_of_its_names(said: str, code: str):
    assert code_of(said) == code


@pytest.mark.parametrize("said", ["", "C", "python", "qqq", "klingon-x"])
def test_what_is_no_language_is_shown_as_it_is_said(said: str):
    assert code_of(said) == ""
    assert language_name(said) == said


def test_a_chinese_window_says_no_language_in_english(chinese: None):
    said = ("en", "English", "Polish", "pl", "vi", "th", "pt-BR", "zho", "multilingual")
    assert [
        language_name(one) for one in said
    ] == "英语 英语 波兰语 波兰语 越南语 泰语 葡萄牙语 中文 其他多种语言".split()
    assert terms_line(replace(MINE, languages=("eng", "zho", "fra"))) == "英语、中文、法语 · 许可证 MIT"


def test_a_language_without_a_name_here_is_called_as_its_speakers_call_it():
    assert language_name("ka") == "ქართული"


def test_of_many_languages_the_first_are_named_and_the_others_counted():
    codes = ["zho", "eng", "fra", "spa", "por", "deu", "ita"]
    assert languages_words(codes[:6]).count(",") == 5
    assert languages_words(codes) == "Chinese, English, French, Spanish, Portuguese and 2 more"


def test_a_language_said_twice_is_named_once():
    assert languages_words(["en", "eng"]) == "English"
