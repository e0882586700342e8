"""Every command that the parser knows is led to it, and everything else to the window."""

from __future__ import annotations

import argparse

import pytest

from assistant import __main__ as doors
from assistant.cli import build_parser


def test_every_command_of_the_parser_is_taken_for_one() -> None:
    (commands,) = (one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))
    assert set(commands.choices) == doors.COMMANDS


@pytest.mark.parametrize(
    ("given", "is_headless"),
    [
        ((), False),
        (("notes",), False),
        (("--data-dir", "status"), False),
        (("--data-dir", "x", "status"), True),
        (("--help",), True),
        (("forget", "--yes", "a.md"), True),
    ],
)
def test_only_a_command_or_a_question_for_help_does_without_the_window(
    given: tuple[str, ...], *, is_headless: bool
) -> None:
    assert doors._is_headless(given) is is_headless


def test_the_help_says_how_the_window_is_opened() -> None:
    told = build_parser().format_help()
    assert "elephant [PATH ...]" in told
    assert "--quick-ask" in told
