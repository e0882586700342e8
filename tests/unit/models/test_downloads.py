"""A download can be paused, gone on with after a restart, and never trusts what it went on with; only one process reaches a network for it."""

from __future__ import annotations

import errno
import hashlib
import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from assistant.domain.addresses import is_safe_address, mirrored, why_bad_mirror
from assistant.domain.errors import Cancelled, DiskFullError, DownloadError, ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.domain.settings import settings_from
from assistant.ipc.network_wall import Gate, NetworkWall, RefusedByTheWallError
from assistant.models.checksums import Checksums
from assistant.models.fetch_process import DOOR
from assistant.models.file_download import Download, NotFetchedError, Wanted, begun_path, kept_bytes
from assistant.models.file_fetcher import CarrierFetcher, FileFetcher, Speed, partial_file
from assistant.models.manifest import Carrier, Manifest, OfferedModel
from assistant.models.package_index import Moved, has_places_of_its_own
from assistant.models.shelf import Shelf
from assistant.models.starter import FETCH_FOLDER, StarterBuilder
from tests.unit.models.gguf_samples import sample_bytes

DATA = sample_bytes(weights=200_000)  # 800 kB
SHA256 = hashlib.sha256(DATA).hexdigest()


class Hub(http.server.ThreadingHTTPServer):
    """Serves `data` with ranges. cut_after: bytes after which each connection breaks; asked: the Range of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data = DATA
        self.tag = '"one"'
        self.knows_ranges = True
        self.cut_after = 0
        self.status = 0
        self.redirect = ""
        self.asked: list[tuple[str, str]] = []
        self.arrived = threading.Event()
        self.go_on = threading.Event()
        self.waits = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away midway is what is tried here."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        hub = self.server
        hub.asked.append((self.path, self.headers.get("Range", "")))
        if hub.status or hub.redirect:
            self.send_response(302 if hub.redirect else hub.status)
            if hub.redirect:
                self.send_header("Location", hub.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = 0
        asked = self.headers.get("Range", "")
        if asked and hub.knows_ranges and self.headers.get("If-Range", hub.tag) == hub.tag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        if start >= len(hub.data) > 0:
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(hub.data) - 1}/{len(hub.data)}")
        self.send_header("Content-Length", str(len(hub.data) - start))
        self.send_header("ETag", hub.tag)
        self.end_headers()
        end = min(len(hub.data), start + hub.cut_after) if hub.cut_after else len(hub.data)
        self.wfile.write(hub.data[start:end])
        if hub.waits:
            self.wfile.flush()
            hub.arrived.set()
            hub.go_on.wait(20)
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def hub(loopback: None) -> Iterator[Hub]:
    made = Hub()
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.go_on.set()
    made.shutdown()
    made.server_close()
    thread.join()


def wanted(hub: Hub, tmp_path: Path, *addresses: str) -> Wanted:
    return Wanted(addresses or (hub.address + "/m.gguf",), str(tmp_path / "m.partial"), len(DATA), SHA256)


def download(hub: Hub, tmp_path: Path, *addresses: str) -> Path:
    Download(wanted(hub, tmp_path, *addresses), None, rest=lambda _seconds: None).run()
    return tmp_path / "m.partial"


def leave_behind(hub: Hub, tmp_path: Path, count: int) -> None:
    """What a download has left that was ended after so many bytes."""
    hub.cut_after = count
    with pytest.raises(NotFetchedError):
        Download(wanted(hub, tmp_path), None, rest=_never_again).run()
    hub.cut_after = 0
    hub.asked.clear()
    assert kept_bytes(tmp_path / "m.partial", SHA256, len(DATA)) == count


def _never_again(_seconds: float) -> None:
    raise NotFetchedError("no-network")


# ---- one file --------------------------------------------------------------------------------------------------------


def test_a_file_is_fetched_whole(hub: Hub, tmp_path: Path) -> None:
    assert download(hub, tmp_path).read_bytes() == DATA
    assert hub.asked == [("/m.gguf", "")]


def test_what_has_come_is_kept_and_gone_on_with(hub: Hub, tmp_path: Path) -> None:
    leave_behind(hub, tmp_path, 300_000)
    assert download(hub, tmp_path).read_bytes() == DATA
    assert hub.asked == [("/m.gguf", "bytes=300000-")]


def test_a_connection_that_breaks_again_and_again_gets_there_as_long_as_something_comes(
    hub: Hub, tmp_path: Path
) -> None:
    hub.cut_after = 60_000
    assert download(hub, tmp_path).read_bytes() == DATA
    assert len(hub.asked) == -(-len(DATA) // 60_000)


def test_a_beginning_that_cannot_be_opened_is_told_as_such_and_not_as_a_missing_network(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_behind(hub, tmp_path, 1000)

    open_any = Path.open

    def refuse(path: Path, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if mode == "r+b":
            raise PermissionError(errno.EACCES, "held by a virus scanner")
        return open_any(path, mode, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NotFetchedError) as caught:
        download(hub, tmp_path)
    assert caught.value.reason == "not-writable"


def test_a_file_that_changed_there_is_begun_anew(hub: Hub, tmp_path: Path) -> None:
    leave_behind(hub, tmp_path, 300_000)
    hub.tag, hub.data = '"two"', DATA[::-1]
    assert download(hub, tmp_path).read_bytes() == hub.data
    assert hub.asked == [("/m.gguf", "bytes=300000-")]


def test_a_server_without_ranges_begins_anew(hub: Hub, tmp_path: Path) -> None:
    leave_behind(hub, tmp_path, 300_000)
    hub.knows_ranges = False
    assert download(hub, tmp_path).read_bytes() == DATA


def test_bytes_without_a_note_of_where_from_are_not_gone_on_with(hub: Hub, tmp_path: Path) -> None:
    leave_behind(hub, tmp_path, 300_000)
    begun_path(tmp_path / "m.partial").write_bytes(b"{")
    assert download(hub, tmp_path).read_bytes() == DATA
    assert hub.asked == [("/m.gguf", "")]


def test_a_file_of_another_size_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.data = DATA + b"more"
    with pytest.raises(NotFetchedError) as caught:
        download(hub, tmp_path)
    assert caught.value.reason == "checksum"


@pytest.mark.parametrize(("status", "reason"), [(404, "not-found"), (403, "index"), (500, "index")])
def test_what_a_server_refuses_has_its_reason(hub: Hub, tmp_path: Path, status: int, reason: str) -> None:
    hub.status = status
    with pytest.raises(NotFetchedError) as caught:
        download(hub, tmp_path)
    assert caught.value.reason == reason


def test_a_mirror_that_lacks_the_file_is_passed_over(hub: Hub, tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9/m.gguf"
    assert download(hub, tmp_path, nobody, hub.address + "/m.gguf").read_bytes() == DATA


@pytest.mark.parametrize("address", ["http://example.org/m.gguf", "ftp://127.0.0.1/m.gguf", "file:///etc/passwd"])
def test_an_address_that_anybody_could_listen_at_is_not_asked(hub: Hub, tmp_path: Path, address: str) -> None:
    with pytest.raises(NotFetchedError) as caught:
        download(hub, tmp_path, address)
    assert caught.value.reason == "index"
    hub.redirect = address
    with pytest.raises(NotFetchedError):
        download(hub, tmp_path)


# ---- the process that fetches ----------------------------------------------------------------------------------------


def carrier(hub: Hub | None, *, package: str = "") -> Carrier:
    address = hub.address if hub else "https://hub.example"
    return Carrier(package, "1", "m.gguf", len(DATA), SHA256, "", "file", url=address + "/m.gguf")


def nothing(_done: int, _total: int) -> None:
    """A progress callback."""


def test_the_process_that_fetches_goes_on_from_where_it_was_stopped(hub: Hub, tmp_path: Path) -> None:
    """Both runs are the real door, behind its wall with a gate."""
    hub.cut_after, hub.waits = 300_000, True
    stop = threading.Event()
    seen: list[int] = []

    def moved(done: int, _total: int) -> None:
        seen.append(done)
        if done == 300_000:
            stop.set()

    with pytest.raises(Cancelled):
        FileFetcher().fetch(carrier(hub), tmp_path, moved, stop)
    hub.go_on.set()
    hub.cut_after, hub.waits = 0, False
    seen.clear()
    path = FileFetcher().fetch(carrier(hub), tmp_path, moved, threading.Event())
    assert path.read_bytes() == DATA
    assert seen[0] == 300_000
    assert seen[-1] == len(DATA)
    assert [asked for _path, asked in hub.asked] == ["", "bytes=300000-"]
    assert [file.name for file in tmp_path.iterdir()] == ["m.gguf"]


def test_the_process_that_fetches_ends_with_whoever_started_it(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after, hub.waits = 300_000, True
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", DOOR], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(wanted(hub, tmp_path)) + b"\n")
    process.stdin.flush()
    assert hub.arrived.wait(20)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(20) == 1


def test_a_mirror_takes_the_place_of_the_host(hub: Hub, tmp_path: Path) -> None:
    path = FileFetcher(lambda: hub.address + "/base/").fetch(carrier(None), tmp_path, nothing, threading.Event())
    assert path.read_bytes() == DATA
    assert hub.asked == [("/base/m.gguf", "")]


def test_a_gate_lets_through_only_what_was_named(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate()
    wall = NetworkWall(gate)
    gate.permit_name("hub.example")
    gate.permit_address(("192.0.2.1", 443))
    made = socket.socket()
    try:
        wall.judge("socket.getaddrinfo", ("hub.example", 443, 0, 1, 0))
        wall.judge("socket.connect", (made, ("192.0.2.1", 443)))
        for event, arguments in (
            ("socket.getaddrinfo", ("other.example", 443, 0, 1, 0)),
            ("socket.connect", (made, ("192.0.2.1", 80))),
            ("socket.connect", (made, ("192.0.2.2", 443))),
            ("socket.bind", (made, ("192.0.2.1", 443))),
            ("socket.sendto", (made, ("192.0.2.1", 443))),
            ("subprocess.Popen", ("curl", ["curl"], None, None)),
        ):
            with pytest.raises(RefusedByTheWallError):
                wall.judge(event, arguments)
    finally:
        made.close()
    assert "example" not in caplog.text
    assert "192.0.2" not in caplog.text


# ---- which way -------------------------------------------------------------------------------------------------------


class Way:
    def __init__(self, name: str, log: list[str], *, fails: bool = False) -> None:
        self._name, self._log, self._fails = name, log, fails

    def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        self._log.append(self._name)
        if self._fails:
            raise DownloadError(name=carrier.name, reason="no-network")
        return folder


@pytest.mark.parametrize(
    ("package", "mirror", "has_index", "fails", "ways"),
    [
        ("tiny", "", False, False, ["direct"]),
        ("tiny", "", True, False, ["pip"]),
        ("tiny", "https://mirror.example", True, False, ["direct"]),
        ("tiny", "", False, True, ["direct", "pip"]),
        ("tiny", "", True, True, ["pip", "direct"]),
        ("", "", True, True, ["direct"]),
    ],
)
def test_the_users_own_places_come_first(
    tmp_path: Path, package: str, mirror: str, has_index: bool, fails: bool, ways: list[str]
) -> None:
    log: list[str] = []
    fetcher = CarrierFetcher(
        Way("direct", log, fails=fails), Way("pip", log, fails=fails), lambda: mirror, lambda: has_index
    )
    try:
        fetcher.fetch(carrier(None, package=package), tmp_path, nothing, threading.Event())
    except DownloadError:
        assert fails
    assert log == ways


def test_what_pip_was_told_is_found_in_its_environment_and_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "NO_INDEX"):
        monkeypatch.delenv(f"PIP_{name}", raising=False)
    file = tmp_path / "pip.conf"
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setattr("assistant.models.package_index._pip_files", lambda: [file])
    assert not has_places_of_its_own()
    file.write_text("[global]\ntimeout = 60\n")
    assert not has_places_of_its_own()
    file.write_text("[global]\nindex-url = https://mirror.example/simple\n")
    assert has_places_of_its_own()
    file.unlink()
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    assert has_places_of_its_own()


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("", True),
        ("https://mirror.example", True),
        ("https://mirror.example:8443/base/", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://mirror.example", False),
        ("https://me:secret@mirror.example", False),
        ("https://mirror.example/?token=x", False),
        ("https://mirror.example/ x", False),
        ("mirror.example", False),
        ("https://", False),
        ("https://mirror.example:port", False),
        ("file:///srv", False),
    ],
)
def test_a_mirror_is_an_encrypted_place_without_secrets(address: str, is_right: bool) -> None:
    assert (why_bad_mirror(address) == "") is is_right
    settings, problems = settings_from({"model_mirror": address})
    assert settings.model_mirror == (address if is_right else "")
    assert bool(problems) is not is_right


def test_a_mirrors_path_is_that_of_the_hub() -> None:
    assert mirrored("https://hub.example/a/b.gguf", "https://m.example/x/") == "https://m.example/x/a/b.gguf"
    assert not is_safe_address("http://127.0.0.1.example.org/")


# ---- on the shelf ----------------------------------------------------------------------------------------------------


def offer(made: Carrier) -> OfferedModel:
    return OfferedModel(
        "tiny", "Tiny", ModelRole.CHAT, ("en",), "MIT", "tiny.gguf", len(DATA), SHA256, 1, "https://hub.example", made
    )


class Partly:
    """A fetcher that keeps contract with what lies in the folder, as FileFetcher does, and appends the rest of `data`."""

    def __init__(self, data: bytes, stop_at: int = 0) -> None:
        self.data, self.stop_at = data, stop_at
        self.began_at: list[int] = []

    def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        partial = partial_file(folder, carrier)
        held = partial.read_bytes() if partial.exists() else b""
        self.began_at.append(len(held))
        begun_path(partial).write_text(f'{{"sha256": "{carrier.sha256}"}}')
        partial.write_bytes(held + self.data[len(held) : self.stop_at or None])
        if self.stop_at:
            raise Cancelled
        return partial.replace(folder / carrier.wheel)


def build(folder: Path, fetcher: Partly, free: int = 10**12) -> tuple[StarterBuilder, OfferedModel]:
    builder = StarterBuilder(folder, Checksums(folder / "sums.json"), fetcher, free_bytes=lambda _folder: free)
    return builder, offer(carrier(None))


def install(folder: Path, fetcher: Partly, free: int = 10**12) -> Path:
    builder, model = build(folder, fetcher, free)
    return builder.install(model, lambda *_moved: None, threading.Event())


def left_over(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".json"}


def test_a_model_file_from_a_hub_goes_on_after_a_restart(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        install(tmp_path, Partly(DATA, stop_at=1000))
    builder, model = build(tmp_path, Partly(DATA))
    assert builder.kept_bytes(model) == 1000
    fetcher = Partly(DATA)
    assert install(tmp_path, fetcher).read_bytes() == DATA
    assert fetcher.began_at == [1000]
    assert left_over(tmp_path) == {"tiny.gguf", "tiny.LICENCE.txt"}
    assert "https://hub.example/m.gguf" in (tmp_path / "tiny.LICENCE.txt").read_text()


def test_a_download_that_waits_for_another_says_so_and_can_be_stopped(tmp_path: Path) -> None:
    began, go_on = threading.Event(), threading.Event()

    class Waiting(Partly):
        def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
            began.set()
            assert go_on.wait(20)
            return super().fetch(carrier, folder, moved, cancelled)

    model = offer(carrier(None))
    shelf = Shelf(tmp_path, manifest=Manifest((model,)), fetcher=Waiting(DATA))
    first = threading.Thread(target=shelf.pull, args=("tiny", lambda *_moved: None, threading.Event()))
    first.start()
    assert began.wait(20)
    stop, stages = threading.Event(), []

    def told(stage: str, _done: int, _total: int) -> None:
        stages.append(stage)
        stop.set()

    with pytest.raises(Cancelled):
        shelf.pull("tiny", told, stop)
    assert stages == ["waiting"]
    go_on.set()
    first.join()
    assert (tmp_path / "tiny.gguf").read_bytes() == DATA


def test_nobody_can_throw_away_what_a_running_download_writes(tmp_path: Path) -> None:
    began, go_on = threading.Event(), threading.Event()

    class Waiting(Partly):
        def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            partial_file(folder, carrier).write_bytes(self.data[:1000])
            began.set()
            assert go_on.wait(20)
            return super().fetch(carrier, folder, moved, cancelled)

    fetcher = Waiting(DATA)
    starter = replace(offer(carrier(None)), starter=True)
    shelf = Shelf(tmp_path, manifest=Manifest((starter,)), fetcher=fetcher)
    first = threading.Thread(target=shelf.pull, args=("tiny", lambda *_moved: None, threading.Event()))
    first.start()
    assert began.wait(20)
    for name in ("tiny", "starter"):
        with pytest.raises(ModelUnavailableError) as caught:
            shelf.drop(name)
        assert caught.value.fields == {"model": "Tiny", "reason": "fetching"}
    go_on.set()
    first.join()
    assert fetcher.began_at == [1000], "what had come was still there"
    shelf.drop("tiny")


def test_a_damaged_beginning_costs_a_second_fetch_and_no_error(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        install(tmp_path, Partly(b"\0" * len(DATA), stop_at=1000))
    fetcher = Partly(DATA)
    assert install(tmp_path, fetcher).read_bytes() == DATA
    assert fetcher.began_at == [1000, 0]


def test_what_is_there_already_needs_no_disk_again(tmp_path: Path) -> None:
    rest, spare = 1000, 50 * 2**20
    with pytest.raises(DiskFullError) as caught:
        install(tmp_path, Partly(DATA), free=rest + spare)
    assert caught.value.fields["needed_bytes"] == len(DATA) + spare
    with pytest.raises(Cancelled):
        install(tmp_path, Partly(DATA, stop_at=len(DATA) - rest))
    assert install(tmp_path, Partly(DATA), free=rest + spare).read_bytes() == DATA


def test_a_dropped_download_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        install(tmp_path, Partly(DATA, stop_at=1000))
    builder, model = build(tmp_path, Partly(DATA))
    builder.drop(model)
    assert left_over(tmp_path) == set()
    assert not (tmp_path / FETCH_FOLDER).exists()


def test_what_nobody_can_go_on_with_is_tidied_away_once_it_is_old(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        install(tmp_path, Partly(DATA, stop_at=1000))
    builder, model = build(tmp_path, Partly(DATA))
    attempt = tmp_path / FETCH_FOLDER / "m.gguf.part"
    old = [
        attempt / "pip-abc" / "half.whl",
        tmp_path / FETCH_FOLDER / "gone-1.whl.part" / "x",
        tmp_path / "mine.gguf.part",
    ]
    young = attempt / "pip-now" / "half.whl"
    for path in (*old, young):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    long_ago = time.time() - 4000
    for path in tmp_path.rglob("*"):
        if path != young and path != young.parent:
            os.utime(path, (long_ago, long_ago))
    builder.tidy([model])
    assert not [path for path in old if path.exists()]
    assert young.exists()
    assert builder.kept_bytes(model) == 1000


def test_speed_and_time_left_are_those_of_the_last_seconds() -> None:
    now = [0.0]
    speed = Speed(lambda: now[0])
    assert speed.at("fetching", 500, 10_000) == (0.0, None)
    now[0] = 2.0
    assert speed.at("fetching", 2500, 10_000) == (1000.0, 7.5)
    now[0] = 3.0
    assert speed.at("checking", 10, 10_000) == (0.0, None)
