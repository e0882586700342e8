"""Answers as the JSON text that is stored with a turn.

Fields added later get their defaults when an old row is read, and fields a newer version wrote are skipped, so that the answer
column needs no migration of its own.
"""

from __future__ import annotations

import msgspec

from assistant.domain.answers import Answer

_decoder = msgspec.json.Decoder(Answer)
_encoder = msgspec.json.Encoder()


def encode_answer(answer: Answer) -> str:
    # A lone surrogate (from a file name that is not UTF-8) cannot be stored as text; a question mark can.
    try:
        return _encoder.encode(answer).decode("utf-8")
    except UnicodeEncodeError:
        return _encoder.encode(_printable(msgspec.to_builtins(answer))).decode("utf-8")


def decode_answer(text: str) -> Answer:
    """Read a stored answer. One that cannot be read (a damaged row) becomes an empty answer: the question is still worth
    showing."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Answer()


def _printable(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def printable(text: str) -> str:
    """text with every lone surrogate replaced by a question mark, so that it can be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")
