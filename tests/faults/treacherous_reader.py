"""A reader process whose behaviour is written in the file it is given: an order in the first line. Where the second line names a file,
each reading is noted down there, so that tests can count."""

from __future__ import annotations

import os
import queue
import threading
import time
from pathlib import Path

from assistant.domain.documents import Document, NoteFormat
from assistant.ipc.reader_messages import NoteRead, ReaderRequest, ReadNote
from assistant.ipc.service import Call, Service
from assistant.ipc.transport import take_standard_streams


def main() -> None:
    reading, writing = take_standard_streams()
    calls: queue.SimpleQueue[Call[ReaderRequest]] = queue.SimpleQueue()
    service: Service[ReaderRequest] = Service(reading, writing, ReaderRequest, calls.put)

    def serve() -> None:
        service.run()
        os._exit(0)

    threading.Thread(target=serve, daemon=True).start()
    while True:
        answer(calls.get())


def answer(call: Call[ReaderRequest]) -> None:
    assert isinstance(call.body, ReadNote)
    text = Path(call.body.path).read_text("utf-8")
    first, _, rest = text.partition("\n")
    order, _, argument = first.partition(" ")
    if log := rest.partition("\n")[0]:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write("read\n")
    if order == "crash":
        os._exit(139)
    if order == "exit":
        os._exit(int(argument))
    if order == "hang":
        time.sleep(3600)
    if order in {"once", "slow"} and not Path(argument).exists():
        Path(argument).write_text("", "utf-8")
        if order == "once":
            os._exit(139)
        time.sleep(3600)
    call.finish(NoteRead(Document(text, NoteFormat.TEXT)))


if __name__ == "__main__":
    main()
