"""The About page is answered over the wire also where the engine cannot open, and a check is stopped by the page."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assistant.domain import resources
from assistant.domain.checksum_list import list_text
from assistant.domain.errors import DataFolderBusyError
from assistant.engine import copy_check, handlers
from assistant.engine.paths import DataPaths
from assistant.ipc import engine_messages as m
from assistant.ipc.wire import EventLine, RequestLine


class Window:
    """Talks to an engine service as the window would, over pipes."""

    def __init__(self, data: Path) -> None:
        self._to_engine, requests = os.pipe()
        events, self._from_engine = os.pipe()
        self._writer, self._reader = os.fdopen(requests, "wb"), os.fdopen(events, "rb")
        self._decoder = msgspec.json.Decoder(EventLine[m.EngineEvent])
        reader, writer = os.fdopen(self._to_engine, "rb"), os.fdopen(self._from_engine, "wb")
        self._service = handlers.EngineService(DataPaths(data), "", reader, writer)
        self._thread = threading.Thread(target=self._service.run)
        self._thread.start()
        self._streams = (reader, writer)

    def send(self, request_id: int, body: Any = None, *, cancel: bool = False) -> None:
        line = RequestLine(id=request_id, body=body, cancel=cancel)
        self._writer.write(msgspec.json.encode(line) + b"\n")
        self._writer.flush()

    def events(self, request_id: int) -> Iterator[EventLine[Any]]:
        for line in self._reader:
            event = self._decoder.decode(line)
            if event.id == request_id:
                yield event
                if event.last:
                    return

    def last(self, request_id: int) -> EventLine[Any]:
        return list(self.events(request_id))[-1]

    def close(self) -> None:
        self._writer.close()
        self._thread.join(5)
        self._service.close()
        self._reader.close()
        for stream in self._streams:
            stream.close()


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Window]:
    """On a data folder that another Elephant holds."""

    def busy(*_arguments: Any, **_named: Any) -> None:
        raise DataFolderBusyError(path="somewhere")

    monkeypatch.setattr(handlers.Engine, "open", busy)
    made = Window(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = tmp_path / "Elephant"
    (top / "_internal" / "about").mkdir(parents=True)
    files = {f"file-{number}": os.urandom(100) for number in range(5)}
    for name, data in files.items():
        (top / name).write_bytes(data)
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    (top / "_internal" / "about" / "checksums.txt").write_text(list_text(sums), "utf-8")
    monkeypatch.setattr(resources.sys, "_MEIPASS", str(top / "_internal"), raising=False)
    monkeypatch.setattr(resources.sys, "executable", str(top / "file-0"))
    return top


def test_which_elephant_this_is_is_told_although_the_data_folder_is_in_use(window: Window) -> None:
    window.send(1, m.GetStatus())
    event = window.last(1)
    assert event.error is not None
    assert event.error.kind == "data-folder-busy"
    window.send(2, m.GetAbout())
    told = window.last(2).body.about
    assert told.version
    assert any(part.name == "msgspec" and part.has_text for part in told.parts)
    window.send(3, m.ReadLicence("msgspec"))
    assert "Redistribution" in window.last(3).body.texts[0].text
    window.send(4, m.ReadLicence("../../etc/passwd"))
    event = window.last(4)
    assert event.error is not None
    assert event.error.kind == "bad-request"


def test_a_check_tells_how_far_it_is_and_what_it_found(window: Window, built: Path) -> None:
    (built / "file-3").write_bytes(b"changed")
    window.send(1, m.CheckCopy())
    *moved, last = window.events(1)
    assert moved
    assert all(isinstance(event.body, m.CopyCheckMoved) for event in moved)
    assert last.body.checked.changed == ("file-3",)
    assert last.body.checked.right == 4


def test_a_check_ends_when_the_page_asks_to_stop(window: Window, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()
    real = copy_check.file_sha256

    def slow(file: Path, keep_going: Any) -> str:
        reached.set()
        assert go_on.wait(5)
        return real(file, keep_going)

    monkeypatch.setattr(copy_check, "file_sha256", slow)
    window.send(1, m.CheckCopy())
    assert reached.wait(5)
    window.send(1, cancel=True)
    window.send(2, m.ReadLicence("nobody"))  # answered only when the request to stop has been read
    assert window.last(2).error is not None
    go_on.set()
    event = window.last(1)
    assert event.error is not None
    assert event.error.kind == "cancelled"
