"""The throw-away process that reads one file at a time, so that no file can harm more than itself.

It limits itself in memory and time; its parent also limits it from outside, in case a library holds the interpreter. Reading
happens on the main thread, because only there can a single slow step be interrupted and what was read until then be kept.
"""

from __future__ import annotations

import errno
import logging
import os
import queue
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.documents.limits import ReaderLimits
from assistant.documents.reading import read_document
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import AssistantError, BadRequestError, NoteUnreadableError
from assistant.ipc.private_log import log_to_standard_error
from assistant.ipc.reader_messages import (
    EXIT_OUT_OF_MEMORY,
    EXIT_TIMED_OUT,
    ImageRendered,
    NoteRead,
    PageRendered,
    ReaderRequest,
    ReadNote,
    RenderImage,
    RenderPage,
)
from assistant.ipc.service import Call, Service
from assistant.ipc.transport import take_standard_streams

log = logging.getLogger(__name__)

_RECURSION_LIMIT = 3000


def main(argv: Sequence[str]) -> int:
    """Serve requests until the parent closes the link. argv: nothing yet."""
    if argv:
        print("the reader process takes no arguments", file=sys.stderr)  # noqa: T201 (before there is a wire)
        return 2
    reading, writing = take_standard_streams()
    log_to_standard_error(logging.WARNING)
    for library in ("pypdf", "trafilatura", "charset_normalizer", "htmldate", "justext"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    sys.setrecursionlimit(_RECURSION_LIMIT)
    calls: queue.SimpleQueue[Call[ReaderRequest] | None] = queue.SimpleQueue()
    service: Service[ReaderRequest] = Service(reading, writing, ReaderRequest, calls.put)

    def serve() -> None:
        service.run()
        calls.put(None)

    threading.Thread(target=serve, name="link", daemon=True).start()
    while (call := calls.get()) is not None:
        _answer(call)
    return 0


def _answer(call: Call[ReaderRequest]) -> None:
    body = call.body
    try:
        with _watchdog(body.time_limit_s):
            limit_memory(body.memory_limit_bytes)
            answer = _done(body)
    except AssistantError as error:
        call.fail(error)
    except MemoryError:
        os._exit(EXIT_OUT_OF_MEMORY)
    except RecursionError:
        call.fail(NoteUnreadableError(reason=ReasonCode.BOMB.value, path=body.path))
    except Exception as error:  # noqa: BLE001 (the worker boundary: a library failed on this file, the next one may be fine)
        if _is_out_of_memory(error):
            os._exit(EXIT_OUT_OF_MEMORY)
        # No traceback: a library's message may hold words of the note, and logs never do.
        log.warning("reading failed: %s in %s", type(error).__name__, _where(error))
        call.fail(NoteUnreadableError(type(error).__name__, reason=ReasonCode.DAMAGED.value, path=body.path))
    else:
        call.finish(answer)


def _done(request: ReaderRequest) -> NoteRead | PageRendered | ImageRendered:
    match request:
        case ReadNote():
            return _read(request)
        case RenderPage():
            return _draw(request)
        case RenderImage():
            return _draw_image(request)


def _draw_image(request: RenderImage) -> ImageRendered:
    from assistant.documents.image_drawing import draw_image

    if not 16 <= request.max_width_px <= 8000:
        raise BadRequestError(reason="width out of range")
    return draw_image(Path(request.path), request.max_width_px)


def _read(request: ReadNote) -> NoteRead:
    limits = ReaderLimits(max_bytes=request.max_bytes, time_limit_s=request.time_limit_s)
    return NoteRead(read_document(Path(request.path), limits=limits, password=request.password))


def _draw(request: RenderPage) -> PageRendered:
    from assistant.documents.page_drawing import draw_page

    if request.page < 1 or not 16 <= request.width_px <= 8000:
        raise BadRequestError(reason="page or width out of range")
    return draw_page(
        Path(request.path),
        request.page,
        width_px=request.width_px,
        quote=request.quote,
        around=request.around,
        password=request.password,
        with_text=request.with_text,
    )


@contextmanager
def _watchdog(time_limit_s: float) -> Iterator[None]:
    """End the whole process when the time is over: no step inside a library can be trusted to come back."""
    timer = threading.Timer(time_limit_s, os._exit, (EXIT_TIMED_OUT,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def limit_memory(limit_bytes: int) -> None:
    """Cap the address space, where the system can (POSIX; elsewhere the parent watches). 0: leave it as it is."""
    if limit_bytes <= 0 or sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError) as error:
        # macOS refuses limits below what is mapped already.
        log.warning("no memory limit: %s", error)


def _is_out_of_memory(error: Exception) -> bool:
    """A library that cannot be mapped says so in an ImportError's text only."""
    if isinstance(error, ImportError):
        return any(sign in str(error) for sign in (os.strerror(errno.ENOMEM), "failed to map segment"))
    return getattr(error, "errno", None) == errno.ENOMEM


def _where(error: BaseException) -> str:
    """Module and line of the innermost frame."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
