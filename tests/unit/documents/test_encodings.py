"""Bytes of a text file become the text that was written, whoever wrote it."""

from __future__ import annotations

import pytest

from assistant.documents.encodings import decode_text
from assistant.domain.errors import NoteUnreadableError

SIMPLIFIED = (
    "今天去超市买了牛奶和面包，然后回家做饭。",
    "会议纪要：项目下周三上线，由张伟负责测试；预算不超过三万元。",
    "# Notes 笔记\n\nWe met Li Wei about the 预算, then went home. It was a long and tiring day for all.",
)
TRADITIONAL = (
    "今天去超市買了牛奶和麵包，然後回家做飯。",
    "會議紀要：專案下週三上線，由張偉負責測試；預算不超過三萬元。",
)
JAPANESE = (
    "今日はスーパーで牛乳とパンを買って、料理をしました。",
    "会議の議事録：プロジェクトは来週の水曜日に公開されます。",
)
KOREAN = ("오늘 슈퍼에서 우유와 빵을 사서 집에 가서 요리했다.", "회의록: 프로젝트는 다음 주 수요일에 공개됩니다.")
WESTERN = (
    "Aujourd'hui, j'ai acheté du lait et du pain à l'épicerie, puis je suis rentré chez moi préparer le dîner.",
    "Réunion: le projet démarre mercredi; Müller est chargé des tests à Köln.",
    "El niño comió una manzana en la montaña. ¿Qué pasó después? Mañana será otro día.",
)
RUSSIAN = ("Сегодня я купил молоко и хлеб, потом пошёл домой готовить ужин.", "Протокол: проект стартует в среду.")


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("utf-8", SIMPLIFIED + WESTERN + KOREAN),
        ("utf-8-sig", SIMPLIFIED + JAPANESE),
        ("utf-16", SIMPLIFIED + WESTERN),
        ("utf-16-le", SIMPLIFIED + WESTERN + JAPANESE + KOREAN + RUSSIAN),
        ("utf-16-be", SIMPLIFIED + WESTERN + TRADITIONAL),
        ("utf-32", SIMPLIFIED),
        ("gb18030", SIMPLIFIED),
        ("big5", TRADITIONAL),
        ("shift_jis", JAPANESE),
        ("euc_jp", JAPANESE),
        ("euc_kr", KOREAN),
        ("cp1252", WESTERN),
        ("latin-1", WESTERN),
        ("cp1251", RUSSIAN),
    ],
)
def test_common_encodings_are_recognised_even_in_one_line(encoding: str, texts: tuple[str, ...]) -> None:
    wrong = [text for text in texts if decode_text(text.encode(encoding))[0] != text]
    assert wrong == []


def test_the_detected_encoding_is_named() -> None:
    assert decode_text("今天下雨，我们没出门。".encode("gb18030"))[1] == "gb18030"
    assert decode_text(b"plain")[1] == "utf-8"
    assert decode_text(b"\xff\xfeh\x00i\x00")[1] == "utf-16-le"


def test_an_encoding_the_file_names_is_believed_only_if_it_fits() -> None:
    text = "Grüße aus Köln und ein schönes Wochenende."
    assert decode_text(text.encode("cp1252"), declared="cp1252") == (text, "cp1252")
    assert decode_text(text.encode(), declared="ascii") == (text, "utf-8")
    assert decode_text(text.encode(), declared="no-such-encoding") == (text, "utf-8")


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x7fELF\x02\x01\x01\x00" + b"\x00\x01\x02" * 300])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(NoteUnreadableError) as caught:
        decode_text(data)
    assert caught.value.reason == "not-text"


def test_a_few_broken_bytes_do_not_cost_the_note() -> None:
    text, encoding = decode_text(b"The long and winding road goes on. " * 20 + b"\xff\xfe\x81 end")
    assert text.startswith("The long and winding road")
    assert encoding


@pytest.mark.parametrize(
    "data",
    [
        "The key 钥匙\n".encode() * 9 + b"\0" * 4096,
        b"\0" * 100 + "The key 钥匙\n".encode() * 9,
        "The key 钥匙\n".encode() * 9 + b"\0" * 70_000 + "The key 钥匙\n".encode(),
        "The key\0 钥匙\n".encode() * 9,
        b"The k\0ey\0\n" * 9,
    ],
)
def test_zero_bytes_in_utf8_are_left_out(data: bytes) -> None:
    text, encoding = decode_text(data)
    assert text.encode() == data.replace(b"\0", b"")
    assert encoding == "utf-8 (damaged)"
