"""The shape of every line on every link, and errors on their way across it.

One line is one JSON object: `{"id": 7, "body": {...}}` from parent to child, `{"id": 7, "last": true, "body": {...}}` back. The
body's union of structs belongs to the link; `cancel` and `ping` are understood by every child.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from assistant.domain.errors import AssistantError, error_class

Body = TypeVar("Body")

MAX_LINE_BYTES = 256 * 1024 * 1024
"""A longer line is garbage, not a message: the largest real one is a drawn page or a whole note of the size limit."""


class RequestLine(msgspec.Struct, Generic[Body], frozen=True, omit_defaults=True):
    """From parent to child. Exactly one of body, cancel (an id to cancel) and ping is set."""

    id: int
    body: Body | None = None
    cancel: bool = False
    ping: bool = False


class ErrorMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: str
    detail: str = ""
    fields: dict[str, str | int | float | bool] = {}


class EventLine(msgspec.Struct, Generic[Body], frozen=True, omit_defaults=True):
    """From child to parent. id 0: a notice. error ends the request as a failure."""

    id: int
    body: Body | None = None
    last: bool = False
    error: ErrorMessage | None = None


def error_message(error: BaseException) -> ErrorMessage:
    """Any exception as a message; one that is not ours becomes kind "internal" with its type's name only (its text may hold
    words of a note)."""
    if isinstance(error, AssistantError):
        return ErrorMessage(kind=error.kind, detail=error.detail, fields=dict(error.fields))
    return ErrorMessage(kind="internal", detail=type(error).__name__)


def error_from(message: ErrorMessage) -> AssistantError:
    return error_class(message.kind)(message.detail, **message.fields)
