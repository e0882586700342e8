"""The models in memory: at most two embedders, one reranker and one chat model, loaded when first needed, replaced when another is asked for.

Two embedders, because while the notes are embedded by a new one the old one goes on answering questions.

Everything that must be right before llama.cpp sees a file is checked here, in order of cost: header, memory, checksum, and whether the
file has ended the process before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.domain.errors import ModelUnavailableError
from assistant.domain.models import Backends, ChatModelInfo, EmbedderInfo, ModelRole
from assistant.ipc.model_messages import ModelChoice
from assistant.models.backends import look_at_backends
from assistant.models.centring import Centring, shipped_centring
from assistant.models.checksums import CHECKSUMS_NAME, Checksums
from assistant.models.decoding import LlamaChat
from assistant.models.embedding import LlamaEmbedder
from assistant.models.foreign_template import Render
from assistant.models.gguf_file import GgufHeader
from assistant.models.llama_runtime import LlamaRuntime, physical_cores
from assistant.models.load_record import LOAD_RECORD_NAME, LoadRecord, Rung
from assistant.models.model_check import (
    DEFAULT_CONTEXT_TOKENS,
    MOST_WINDOW_TOKENS,
    check_checksum,
    check_header,
    check_memory,
    free_memory_bytes,
)
from assistant.models.prompts import PromptWriter, choose_template
from assistant.models.rank_head import rank_head
from assistant.models.reranking import LlamaReranker
from assistant.models.text_preparation import PREPARATION_VERSION

MOST_EMBEDDERS = 2

KeepGoing = Callable[[], bool]
Model = TypeVar("Model", LlamaChat, LlamaEmbedder, LlamaReranker)


@dataclass(frozen=True, slots=True)
class ReadyEmbedder:
    choice: ModelChoice
    info: EmbedderInfo
    engine: LlamaEmbedder
    centring: Centring


@dataclass(frozen=True, slots=True)
class ReadyReranker:
    choice: ModelChoice
    engine: LlamaReranker


@dataclass(frozen=True, slots=True)
class ReadyChat:
    """load_s: what the first request after the load waited for it."""

    choice: ModelChoice
    info: ChatModelInfo
    engine: LlamaChat
    prompts: PromptWriter
    load_s: float


class LoadedModels:
    """Owns the models in memory.

    Thread: loading, unloading and computing on one thread only. `count_*` from any: they hold the lock that an unload needs.
    """

    def __init__(
        self,
        models_dir: Path,
        render: Render,
        *,
        runtime: Callable[[], LlamaRuntime] = LlamaRuntime,
        free_memory: Callable[[], int] = free_memory_bytes,
    ) -> None:
        self._checksums = Checksums(models_dir / CHECKSUMS_NAME)
        self._record = LoadRecord(models_dir / LOAD_RECORD_NAME)
        self._render = render
        self._make_runtime = runtime
        self._runtime: LlamaRuntime | None = None
        self._free_memory = free_memory
        self._lock = threading.Lock()
        self._embedders: dict[ModelChoice, ReadyEmbedder] = {}  # least recently used first
        self._reranker: ReadyReranker | None = None
        self._chat: ReadyChat | None = None
        self._described: dict[ModelChoice, EmbedderInfo] = {}

    # ---- embedder ----------------------------------------------------------------------------------------------------

    def describe_embedder(self, choice: ModelChoice, keep_going: KeepGoing) -> EmbedderInfo:
        """Without loading it. Raises ModelUnavailableError, Cancelled."""
        known = self._described.get(choice)
        if known is None:
            path = Path(choice.path)
            header = check_header(path, ModelRole.EMBEDDER)
            sha256 = check_checksum(path, choice.sha256, self._checksums, lambda _done, _total: keep_going())
            known = self._described[choice] = _embedder_info(path, header, sha256, shipped_centring(sha256))
        return known

    def embedder(self, choice: ModelChoice, keep_going: KeepGoing) -> ReadyEmbedder:
        """Raises ModelUnavailableError, Cancelled."""
        known = self._embedders.get(choice)
        if known is not None:
            with self._lock:
                self._embedders[choice] = self._embedders.pop(choice)
            return known
        info = self.describe_embedder(choice, keep_going)
        path = Path(choice.path)
        header = check_header(path, ModelRole.EMBEDDER)
        self._unload_embedders(MOST_EMBEDDERS - 1)
        try:
            check_memory(path, header, MOST_WINDOW_TOKENS, self._free_memory)
        except ModelUnavailableError:
            if not self._embedders:
                raise
            self._unload_embedders(0)  # not both at once, then
            check_memory(path, header, MOST_WINDOW_TOKENS, self._free_memory)
        sha256 = check_checksum(path, choice.sha256, self._checksums, lambda _done, _total: keep_going())

        def load(plain: bool) -> LlamaEmbedder:
            return LlamaEmbedder(
                self._started_runtime(),
                path,
                threads=choice.threads or physical_cores(),
                keep_going=lambda _fraction: keep_going(),
                plain=plain,
            )

        ready = ReadyEmbedder(choice, info, self._on_record(path, load), shipped_centring(sha256))
        with self._lock:
            self._embedders[choice] = ready
        return ready

    def count_embedder(self, choice: ModelChoice, prepared: Sequence[str]) -> list[int] | None:
        """Token counts if this model is in memory, else None."""
        counts: list[int] = []
        for text in prepared:
            with self._lock:
                ready = self._embedders.get(choice)
                if ready is None:
                    return None
                counts.append(ready.engine.count_tokens(text))
        return counts

    # ---- reranker ----------------------------------------------------------------------------------------------------

    def reranker(self, choice: ModelChoice, keep_going: KeepGoing) -> ReadyReranker:
        """Raises ModelUnavailableError, Cancelled."""
        if self._reranker is not None and self._reranker.choice == choice:
            return self._reranker
        path = Path(choice.path)
        header = check_header(path, ModelRole.RERANKER)
        head = rank_head(header)
        assert head is not None  # it is what makes a file a reranker
        self._unload_reranker()
        check_memory(path, header, MOST_WINDOW_TOKENS, self._free_memory)
        check_checksum(path, choice.sha256, self._checksums, lambda _done, _total: keep_going())

        def load(plain: bool) -> LlamaReranker:
            return LlamaReranker(
                self._started_runtime(),
                path,
                head,
                threads=choice.threads or physical_cores(),
                keep_going=lambda _fraction: keep_going(),
                plain=plain,
            )

        self._reranker = ReadyReranker(choice, self._on_record(path, load))
        return self._reranker

    # ---- chat --------------------------------------------------------------------------------------------------------

    def chat(self, choice: ModelChoice, keep_going: KeepGoing) -> tuple[ReadyChat, float]:
        """The model, and the seconds this call spent loading it. Raises ModelUnavailableError, Cancelled."""
        if self._chat is not None and self._chat.choice == choice:
            return self._chat, 0.0
        begun = time.perf_counter()
        path = Path(choice.path)
        context_tokens = choice.context_tokens or DEFAULT_CONTEXT_TOKENS
        header = check_header(path, ModelRole.CHAT)
        self.unload_chat()  # first: two chat models need not fit side by side
        check_memory(path, header, context_tokens, self._free_memory)
        check_checksum(path, choice.sha256, self._checksums, lambda _done, _total: keep_going())

        def load(plain: bool) -> LlamaChat:
            return LlamaChat(
                self._started_runtime(),
                path,
                context_tokens=context_tokens,
                threads=choice.threads or physical_cores(),
                keep_going=lambda _fraction: keep_going(),
                plain=plain,
                use_gpu=choice.use_gpu,
            )

        engine = self._on_record(path, load)
        prompts = PromptWriter(engine.model.vocabulary, choose_template(engine.model, self._render))
        info = ChatModelInfo(
            name=header.text("general.name") or path.stem,
            path=str(path),
            context_tokens=engine.context_tokens,
            backend="GPU" if engine.gpu_layers else "CPU",
            parameters=engine.model.parameters,
            family=prompts.template.family,
            has_lost_gpu=engine.has_lost_gpu,
        )
        load_s = time.perf_counter() - begun
        with self._lock:
            self._chat = ReadyChat(choice, info, engine, prompts, load_s)
        return self._chat, load_s

    def count_chat(self, choice: ModelChoice, texts: Sequence[str]) -> list[int] | None:
        """Token counts if this model is in memory, else None."""
        counts: list[int] = []
        for text in texts:
            with self._lock:
                ready = self._chat
                if ready is None or ready.choice != choice:
                    return None
                counts.append(len(ready.engine.model.vocabulary.tokens(text, special=False)))
        return counts

    def unload_chat(self) -> None:
        with self._lock:
            ready, self._chat = self._chat, None
            if ready is not None:
                ready.engine.close()

    def backends(self, *, with_gpu: bool) -> Backends:
        """What would be computed on. Raises ModelUnavailableError, reason "no-runtime"."""
        runtime = self._started_runtime()
        if with_gpu:
            runtime.look_for_gpu()
        return look_at_backends(runtime.library)

    def close(self) -> None:
        self.unload_chat()
        self._unload_embedders(0)
        self._unload_reranker()

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _unload_embedders(self, keep: int) -> None:
        """All but so many, the least recently used first."""
        with self._lock:
            for choice in list(self._embedders)[: max(0, len(self._embedders) - keep)]:
                self._embedders.pop(choice).engine.close()

    def _unload_reranker(self) -> None:
        ready, self._reranker = self._reranker, None
        if ready is not None:
            ready.engine.close()

    def _started_runtime(self) -> LlamaRuntime:
        if self._runtime is None:
            self._runtime = self._make_runtime()
        return self._runtime

    def _on_record(self, path: Path, load: Callable[[bool], Model]) -> Model:
        """Load with the attempt written down, so that the next process knows if this one does not survive it."""
        rung = self._record.begin(path)
        if rung is None:
            raise ModelUnavailableError(model=path.name, reason="crashed-before")
        try:
            return load(rung is Rung.PLAIN)
        except MemoryError as error:
            raise ModelUnavailableError(model=path.name, reason="no-memory") from error
        finally:
            self._record.end(path)


def _embedder_info(path: Path, header: GgufHeader, sha256: str, centring: Centring) -> EmbedderInfo:
    name = header.architecture
    window = min(MOST_WINDOW_TOKENS, header.number(f"{name}.context_length", MOST_WINDOW_TOKENS))
    return EmbedderInfo(
        id=f"{path.stem}-{sha256[:12]}-{centring.id}-{PREPARATION_VERSION}",
        name=header.text("general.name") or path.stem,
        dim=header.number(f"{name}.embedding_length"),
        window_tokens=window,
    )
