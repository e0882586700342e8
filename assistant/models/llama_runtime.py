"""The low-level door to llama.cpp: loading a model file, its vocabulary, and the flag that stops a running computation.

Only this file, `packed_encoder`, `decoding` and `sampling` use llama_cpp, and all of them import it when first used, because the
import loads native libraries. Everything here belongs to the one thread that loaded it; a second thread ends the process.
"""

from __future__ import annotations

import codecs
import ctypes
import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from assistant.domain.errors import Cancelled, ModelUnavailableError
from assistant.models.backends import load_gpu, load_processor, no_devices

_KEPT_LOG_LINES = 40


def llama_library() -> Any:
    """The llama_cpp module. Its functions are ctypes wrappers without useful types, hence Any.

    Raises:
        ModelUnavailableError: reason "no-runtime".
    """
    # llama.cpp's threads meet after every small computation and by default wait there by spinning, which on a busy machine burns the
    # very cores the others need. Sleeping at once costs a quarter of the speed on an idle one; a short spin keeps both (measured:
    # docs/decisions/0200). Read when the library is loaded, hence here; the first is GCC's, the second for other compilers.
    os.environ.setdefault("GOMP_SPINCOUNT", "5000")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # When it ends its process it would first start a debugger, where one is installed, and write the whole stack: seconds lost.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    try:
        import llama_cpp
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelUnavailableError(str(error), model="llama.cpp", reason="no-runtime") from error
    return llama_cpp


class LibraryLog:
    """Keeps llama.cpp's last warnings and errors, which name the cause of a failed load, and silences the rest.

    Thread: llama.cpp calls it from its own threads too.
    """

    def __init__(self, library: Any) -> None:
        self._lines: deque[str] = deque(maxlen=_KEPT_LOG_LINES)
        self._callback = library.llama_log_callback(self._hear)  # must live as long as the library may call it
        self._level = 0
        library.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _hear(self, level: int, text: bytes, _data: object) -> None:
        if level != 5:  # 5 continues the line before
            self._level = level
        if self._level in (3, 4):
            self._lines.append(text.decode("utf-8", "replace").strip())

    def take(self) -> str:
        """What was said since the last call, on one line."""
        said = " | ".join(line for line in self._lines if line)
        self._lines.clear()
        return said[:500]


def physical_cores() -> int:
    """Cores to compute on: the physical ones, but never more than this process may use."""
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    allowed = psutil.Process().cpu_affinity() if hasattr(psutil.Process, "cpu_affinity") else None
    return max(1, min(cores, len(allowed)) if allowed else cores)


class AbortFlag:
    """Stops a running llama.cpp computation between two nodes of its graph, from any thread.

    llama.cpp asks a C function once per node whether to go on. A Python function would take the interpreter lock each time, so the C
    library's own `strlen` is handed in instead: it looks at our one byte and returns 0 (go on) while that byte is 0 and 1 (stop)
    otherwise. Only the CPU and Metal backends ask; elsewhere the decoding loop's small steps must do.
    """

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(2)  # the second byte stays 0 and ends the text
        c_library = ctypes.CDLL("msvcrt") if sys.platform == "win32" else ctypes.CDLL(None)
        self._strlen_address = ctypes.cast(c_library.strlen, ctypes.c_void_p).value
        self._callback: Any = None

    def attach(self, library: Any, context: Any) -> None:
        self._callback = library.ggml_abort_callback(self._strlen_address)
        library.llama_set_abort_callback(context, self._callback, ctypes.addressof(self._byte))

    def set(self) -> None:
        self._byte[0] = b"\x01"

    def clear(self) -> None:
        self._byte[0] = b"\x00"

    @property
    def is_set(self) -> bool:
        return bool(self._byte[0] != b"\x00")


class Vocabulary:
    """Text to tokens and back. The table of pieces is filled as pieces are first needed."""

    def __init__(self, library: Any, model: Any) -> None:
        self._library = library
        self._vocab = library.llama_model_get_vocab(model)
        self.size = int(library.llama_vocab_n_tokens(self._vocab))
        self.adds_bos = bool(library.llama_vocab_get_add_bos(self._vocab))
        self.adds_eos = bool(library.llama_vocab_get_add_eos(self._vocab))
        self.adds_sep = bool(library.llama_vocab_get_add_sep(self._vocab))
        self.bos = int(library.llama_vocab_bos(self._vocab))
        self.eos = int(library.llama_vocab_eos(self._vocab))
        self.sep = int(library.llama_vocab_sep(self._vocab))
        self._pieces: dict[int, bytes] = {}
        self._buffer = ctypes.create_string_buffer(256)

    @property
    def handle(self) -> Any:
        return self._vocab

    def tokens(self, text: str, *, special: bool, wrap: bool = False) -> list[int]:
        """Tokens of a text. special: control tokens written in the text become control tokens; only for text of our own.
        wrap: add the model's own begin and end tokens. A lone surrogate is replaced, as llama.cpp reads UTF-8."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 16
        while True:
            found = (self._library.llama_token * room)()
            count = self._library.llama_tokenize(self._vocab, data, len(data), found, room, wrap, special)
            if count >= 0:
                return list(found[:count])
            if room >= -count:
                raise ModelUnavailableError("llama.cpp cannot tokenise a text", model="", reason="tokenizer")
            room = -count

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; a control token stands for none. Possibly a part of a character."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._render(token, special=False)
        return known

    def text_of(self, token: int) -> str:
        """A token as written in templates: control tokens by their names."""
        return self._render(token, special=True).decode("utf-8", "replace")

    def _render(self, token: int, *, special: bool) -> bytes:
        while True:
            count = self._library.llama_token_to_piece(self._vocab, token, self._buffer, len(self._buffer), 0, special)
            if count >= 0:
                return bytes(self._buffer.raw[:count])
            self._buffer = ctypes.create_string_buffer(-count)

    def is_end(self, token: int) -> bool:
        return bool(self._library.llama_vocab_is_eog(self._vocab, token))

    def is_control(self, token: int) -> bool:
        return bool(self._library.llama_vocab_is_control(self._vocab, token))


class LlamaModel:
    """A loaded model file. Owns the native model; close() it on the thread that made it, after its contexts."""

    def __init__(self, library: Any, handle: Any, path: Path) -> None:
        self._library = library
        self._handle = handle
        self.path = path
        self.vocabulary = Vocabulary(library, handle)
        self.parameters = int(library.llama_model_n_params(handle))
        self.trained_context = int(library.llama_model_n_ctx_train(handle))
        self.dim = int(library.llama_model_n_embd_out(handle))

    @property
    def handle(self) -> Any:
        return self._handle

    @property
    def library(self) -> Any:
        return self._library

    def metadata(self, key: str) -> str:
        """A text value of the file's header, "" if it has none."""
        room = 1024
        while True:
            buffer = ctypes.create_string_buffer(room)
            length = self._library.llama_model_meta_val_str(self._handle, key.encode(), buffer, room)
            if length < 0:
                return ""
            if length < room:
                return buffer.value.decode("utf-8", "replace")
            room = length + 1

    def close(self) -> None:
        if self._handle is not None:
            self._library.llama_model_free(self._handle)
            self._handle = None

    def __enter__(self) -> LlamaModel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class LlamaRuntime:
    """llama.cpp, started once in this process."""

    def __init__(self) -> None:
        self.library = llama_library()
        self.log = LibraryLog(self.library)
        self.library.llama_backend_init()
        load_processor(self.library)

    def look_for_gpu(self) -> None:
        """Load what a GPU needs, where that is no part of the build. Not before it is wanted: a driver is somebody else's code."""
        load_gpu(self.library)

    @property
    def offers_gpu(self) -> bool:
        return bool(self.library.llama_supports_gpu_offload())

    def load(
        self, path: Path, *, gpu_layers: int, keep_going: Callable[[float], bool], plain: bool = False
    ) -> LlamaModel:
        """Load a model file. keep_going hears the fraction loaded and stops the load by returning False.

        plain: without the weight layouts made for this processor. Slower; the way out when those crash (`load_record`).

        Raises:
            Cancelled: keep_going said so.
            ModelUnavailableError: reason "load-failed" with llama.cpp's own words as detail.
        """
        stopped = False

        def hear(fraction: float, _data: object) -> bool:
            nonlocal stopped
            stopped = stopped or not keep_going(fraction)
            return not stopped

        params = self.library.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        none = no_devices()
        if not gpu_layers:  # else llama.cpp hands large steps to a GPU that is loaded, whatever the number of layers
            params.devices = ctypes.cast(none, ctypes.c_void_p)
        params.use_extra_bufts = not plain
        callback = self.library.llama_progress_callback(hear)
        params.progress_callback = callback
        self.log.take()
        handle = self.library.llama_model_load_from_file(str(path).encode("utf-8"), params)
        if not handle:
            if stopped:
                raise Cancelled
            raise ModelUnavailableError(self.log.take(), model=path.name, reason="load-failed")
        return LlamaModel(self.library, handle, path)

    def new_context(self, model: LlamaModel, **wanted: int | bool) -> Any:
        """A context with llama.cpp's defaults but for the values given by their names there.

        Raises:
            ModelUnavailableError: reason "no-memory"; llama.cpp does not say more than that it could not.
        """
        params = self.library.llama_context_default_params()
        for name, value in wanted.items():
            setattr(params, name, value)
        self.log.take()
        context = self.library.llama_init_from_model(model.handle, params)
        if not context:
            raise ModelUnavailableError(self.log.take(), model=model.path.name, reason="no-memory")
        return context


class Batch:
    """A native batch of up to `capacity` tokens. Owns memory: close() it."""

    def __init__(self, library: Any, capacity: int) -> None:
        self._library = library
        self._batch = library.llama_batch_init(capacity, 0, 1)
        self._is_open = True

    @property
    def native(self) -> Any:
        return self._batch

    def fill(self, tokens: Sequence[int], first_position: int, *, logits_last: bool) -> None:
        """One stretch of sequence 0."""
        batch = self._batch
        count = len(tokens)
        batch.n_tokens = count
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = first_position + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = 0
        if logits_last and count:
            batch.logits[count - 1] = 1

    def fill_sequences(self, sequences: Sequence[Sequence[int]]) -> None:
        """Several texts side by side, each a sequence of its own, every token an output."""
        batch = self._batch
        at = 0
        for number, tokens in enumerate(sequences):
            for position, token in enumerate(tokens):
                batch.token[at] = token
                batch.pos[at] = position
                batch.n_seq_id[at] = 1
                batch.seq_id[at][0] = number
                batch.logits[at] = 1
                at += 1
        batch.n_tokens = at

    def close(self) -> None:
        if self._is_open:
            self._library.llama_batch_free(self._batch)
            self._is_open = False


def utf8_stream() -> codecs.IncrementalDecoder:
    """A decoder that holds back the bytes of an unfinished character."""
    return codecs.getincrementaldecoder("utf-8")("replace")
