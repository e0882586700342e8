"""Which files somebody wants to look at, as a condition on the catalog's table of files."""

from __future__ import annotations

import re

from assistant.domain.documents import ReasonCode
from assistant.domain.library import FileQuery, FileState

ACTIONABLE = (
    ReasonCode.TOO_LARGE,
    ReasonCode.NO_TEXT,
    ReasonCode.ENCRYPTED,
    ReasonCode.NOT_TEXT,
    ReasonCode.NAME_TOO_LONG,
    ReasonCode.NO_PERMISSION,
)
"""Reasons for skipping about which a person can do something: a limit, a rule, a missing text layer."""

NEEDS_ATTENTION = f"(state = '{FileState.FAILED}' OR (state = '{FileState.SKIPPED}' AND reason IN ({{marks}})))".format(
    marks=",".join(f"'{reason}'" for reason in ACTIONABLE)
)


def escaped_for_like(text: str) -> str:
    r"""For a LIKE with ESCAPE '\': nothing in the text has a meaning of its own."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def wanted(query: FileQuery) -> tuple[str, list[object]]:
    """The condition for a query, with its values."""
    where, values = ["1"], list[object]()
    if query.states:
        where.append(f"state IN ({','.join('?' * len(query.states))})")
        values += query.states
    if query.attention:
        where.append(NEEDS_ATTENTION)
    if query.reason:
        where.append("reason = ?")
        values.append(query.reason)
    if query.folder_id:
        where.append("folder_id = ?")
        values.append(query.folder_id)
    if query.name.strip():
        where.append("(note LIKE ? ESCAPE '\\' OR sounds_like(?, note))")
        values += (f"%{escaped_for_like(query.name.strip())}%", query.name.strip())
    return " AND ".join(where), values
