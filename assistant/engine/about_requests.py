"""The requests of the About page. None waits for the engine to open: they are answered also where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.engine.about import about, licence
from assistant.engine.copy_check import check_copy
from assistant.engine.paths import DataPaths
from assistant.ipc import about_messages as m
from assistant.ipc.service import Call

Handler = Callable[[Call[Any]], Any]


def about_routes(paths: DataPaths) -> dict[type[Any], Handler]:
    """All take their time."""

    def check(call: Call[m.CheckCopy]) -> m.CopyChecked:
        checked = check_copy(lambda done, total: call.emit(m.CopyCheckMoved(done, total)), call.cancelled)
        return m.CopyChecked(checked)

    return {
        m.GetAbout: lambda _call: m.AboutReport(about(paths)),
        m.ReadLicence: lambda call: m.LicenceRead(call.body.key, licence(paths, call.body.key)),
        m.CheckCopy: check,
    }
