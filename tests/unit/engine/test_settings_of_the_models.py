"""Threads, context and the graphics processor count at once, for what is loaded next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.domain.models import ModelRole, ShelfEntry
from assistant.engine.model_room import ModelRoom
from assistant.engine.paths import DataPaths
from assistant.engine.settings_store import SettingsStore
from assistant.ipc.model_messages import ModelChoice


class TwoModels:
    """A shelf with a chat model and an embedder."""

    def find(self, name: str) -> ShelfEntry | None:
        return next((self.best(role) for role in ModelRole if role.value == name), None)

    def best(self, role: ModelRole) -> ShelfEntry | None:
        if role is ModelRole.RERANKER:
            return None
        return ShelfEntry(role.value, role.value, role, ("en",), "", 1, 1, True, "")

    def choice(self, name: str, _role: ModelRole, *, threads: int = 0, context_tokens: int = 0) -> ModelChoice:
        return ModelChoice(f"/models/{name}.gguf", "", threads, context_tokens)


def test_a_change_reaches_the_models_without_another_embedder_object(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    settings = SettingsStore(paths.settings)
    shelf: Any = TwoModels()
    with ModelRoom(shelf, paths, settings, "", lambda _health: None) as room:
        embedder: Any = room.embedder
        chat: Any = room.chosen()
        assert (chat.model._choice.threads, chat.model._choice.use_gpu, embedder._choice.threads) == (0, True, 0)
        settings.change({"threads": 3, "context_tokens": 8192, "gpu": "off"})
        room.choose()
        chat = room.chosen()
        assert chat.model._choice == ModelChoice("/models/chat.gguf", "", 3, 8192, use_gpu=False)
        assert room.embedder is embedder, "the index holds on to it"
        assert embedder._choice.threads == 3
