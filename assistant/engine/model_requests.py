"""The window's requests about models, and what of the desk answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.chat import events as chat
from assistant.chat.trials import Tried
from assistant.engine.model_desk import ModelDesk
from assistant.ipc import engine_messages as m
from assistant.ipc.service import Call
from assistant.ipc.wire import error_message

Handler = Callable[[Call[Any]], Any]


def model_routes(desk: Callable[[], ModelDesk]) -> dict[type[Any], Handler]:
    """Those that take their time. desk: waits until the engine is open."""

    def use(call: Call[m.UseModel]) -> m.Done:
        desk().use(call.body.name, call.cancelled)
        return m.Done()

    return {
        m.DropPull: lambda call: desk().drop(call.body.name),
        m.InspectModel: lambda call: desk().inspect(call.body.path, call.emit, call.cancelled),
        m.AddModel: lambda call: desk().add(call.body.path, call.body.copy, call.emit, call.cancelled),
        m.RemoveModel: lambda call: desk().remove(call.body.name),
        m.UseModel: use,
    }


def pull_route(desk: Callable[[], ModelDesk]) -> Handler:
    return lambda call: desk().pull(call.body.name, call.emit, call.cancelled)


def compare_route(desk: Callable[[], ModelDesk]) -> Handler:
    def compare(call: Call[m.CompareModels]) -> m.Done:
        body = call.body
        for place, event in desk().compare(body.question, body.models, body.folder_ids, call.cancelled):
            told = _told(place, event)
            if told is not None:
                call.emit(told)
        return m.Done()

    return compare


def _told(place: int, event: chat.ChatEvent | Tried) -> m.ModelTried | None:
    match event:
        case Tried(answer, error):
            return m.ModelTried(place, answer=answer, error=None if error is None else error_message(error))
        case chat.PhaseChanged():
            return m.ModelTried(place, phase=m.PhaseChanged(event.phase, event.done, event.total, event.passages))
        case chat.EvidenceFound(quote, passages, weak):
            return m.ModelTried(place, evidence=m.EvidenceFound(quote, passages, weak))
        case chat.TextAdded(text):
            return m.ModelTried(place, text=text)
    return None  # checks come with the answer
