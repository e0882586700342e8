"""What keeps the engine's parts from working, as errors again, for who reads a report outside of the wire."""

from __future__ import annotations

from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import StatusReport
from assistant.ipc.wire import error_from


def troubles_of(report: StatusReport) -> list[AssistantError]:
    return [error_from(trouble) for trouble in report.troubles]
