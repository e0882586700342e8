"""How a model's card names its languages."""

from __future__ import annotations

import pytest

from assistant.desktop.models.model_words import language_name, languages_words


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("zh", "Chinese"),
        ("zho", "Chinese"),
        ("pt-BR", "Portuguese"),
        ("zh_CN", "Chinese"),
        ("EN", "English"),
        ("xx", "xx"),
    ],
)
def test_a_language_is_named_whichever_code_the_file_uses(code, name):
    assert language_name(code) == name


def test_a_language_seldom_met_has_its_own_name():
    assert language_name("sw") == "Kiswahili"


def test_in_a_chinese_window_languages_have_chinese_names(chinese):
    assert languages_words(["eng", "zho", "fra"]) == "英语、中文、法语"


def test_of_many_languages_the_first_are_named_and_the_others_counted():
    codes = ["zho", "eng", "fra", "spa", "por", "deu", "ita"]
    assert languages_words(codes[:6]).count(",") == 5
    assert languages_words(codes) == "Chinese, English, French, Spanish, Portuguese and 2 more"


def test_a_language_said_twice_is_named_once():
    assert languages_words(["en", "eng"]) == "English"
