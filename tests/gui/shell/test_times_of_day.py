"""Times are told as the system's own clock shows them."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QLocale

from assistant.desktop.common import words
from assistant.desktop.common.words import is_12_hours


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute)  # noqa: DTZ001 (the clock on the user's wall is meant)


@pytest.mark.parametrize(
    ("name", "is_12"),
    [("en_US", True), ("en_AU", True), ("en_GB", False), ("de_DE", False), ("zh_CN", False), ("C", False)],
)
def test_the_systems_clock_is_read_from_its_locale(name: str, is_12: bool):
    assert is_12_hours(QLocale(name)) is is_12


def test_a_day_of_twelve_hours_is_told_with_its_half(monkeypatch):
    monkeypatch.setattr(words, "is_12_hours", lambda _locale: True)
    assert [words.time_of_day(then) for then in (at(9, 5), at(15, 40), at(0, 30))] == ["9:05 AM", "3:40 PM", "12:30 AM"]
    assert words.moment(at(15, 40).timestamp(), at(16)) == "3:40 PM"
    assert words.when(at(15, 40).timestamp(), at(16)) == "today at 3:40 PM"


def test_a_chinese_window_has_24_hours(monkeypatch, chinese):
    monkeypatch.setattr(words, "is_12_hours", lambda _locale: True)
    assert words.time_of_day(at(15, 40)) == "15:40"
