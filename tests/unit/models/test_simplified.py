"""Both Chinese scripts are one to a search."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.models.simplified import to_simplified
from assistant.models.text_preparation import TextRole, prepare


def test_traditional_becomes_simplified_and_the_rest_stays() -> None:
    assert to_simplified("臺灣的發展與頭髮 100%") == "台湾的发展与头发 100%"
    assert to_simplified("东西和日本語のテスト") == "东西和日本语のテスト"


@given(st.text())
def test_no_character_comes_or_goes(text: str) -> None:
    assert len(to_simplified(text)) == len(text)
    assert to_simplified(to_simplified(text)) == to_simplified(text)


def test_both_scripts_are_embedded_alike() -> None:
    assert prepare("圖書館開門嗎", TextRole.QUERY) == prepare("图书馆开门吗", TextRole.QUERY)
