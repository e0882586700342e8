"""Guards around every test: no home of a real person, no network, no warning that nobody looked at; and the starter models."""

from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
TIERS = ("slow", "faults", "offline", "gui", "e2e", "package")

# Set before anything of ours or of Qt is imported, and inherited by every child process a test starts.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_ENABLE_HIGHDPI_SCALING"] = "0"
if os.environ.get("ELEPHANT_WITHOUT_QT"):
    sys.modules["PySide6"] = None  # type: ignore[assignment]

settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test's folder is its tier: tests/slow/... is marked slow, and so on. In gui tests a warning of Qt is a failure."""
    for item in items:
        tier = item.path.relative_to(ROOT / "tests").parts[0]
        if tier in TIERS:
            item.add_marker(tier)
        if tier == "gui":
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))


# ------------------------------------------------------------------------------------------------------------- folders

HOMES = {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "home/roaming",
    "LOCALAPPDATA": "home/local",
    "XDG_CONFIG_HOME": "home/config",
    "XDG_CACHE_HOME": "home/cache",
    "XDG_DATA_HOME": "home/data",
    "XDG_STATE_HOME": "home/state",
    "XDG_RUNTIME_DIR": "home/run",
    "ELEPHANT_DATA_DIR": "elephant-data",
}


@pytest.fixture(autouse=True, scope="session")
def _homes_of_the_session() -> Iterator[None]:
    """For what is made once in a session, such as the QApplication and its settings."""
    with tempfile.TemporaryDirectory(prefix="elephant-tests-", ignore_cleanup_errors=True) as folder:
        before = {name: os.environ.get(name) for name in HOMES}
        os.environ.update(_make_homes(Path(folder)))
        yield
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@pytest.fixture(autouse=True)
def _own_homes(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a home, a configuration, a cache and a data folder of its own, empty at its start."""
    for name, value in _make_homes(tmp_path_factory.mktemp("homes")).items():
        monkeypatch.setenv(name, value)


def _make_homes(folder: Path) -> dict[str, str]:
    homes = {name: folder / part for name, part in HOMES.items()}
    for name, path in homes.items():
        if name in {"HOME", "XDG_RUNTIME_DIR"}:  # making the others is the business of whoever writes there
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {name: str(path) for name, path in homes.items()}


# ------------------------------------------------------------------------------------------------------------- network

_SOCKET_EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}
_LOOKUP_EVENTS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_network = {"refused": False, "loopback": False}


class NetworkUsedError(AssertionError):
    """A test, or what it called, wanted to reach another machine."""


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LOOKUP_EVENTS:
        _judge(event, arguments[0])
    elif event in _SOCKET_EVENTS and isinstance(arguments[1], tuple):  # a path, or nothing, is not a network address
        _judge(event, arguments[1][0])


def _judge(event: str, host: object) -> None:
    if not _network["refused"]:
        return
    is_loopback = str(host) in {"127.0.0.1", "::1", "localhost", "None", ""}
    if not (
        is_loopback and (_network["loopback"] or sys.platform == "win32")
    ):  # Windows builds its pipes from loopback sockets
        raise NetworkUsedError(f"{event} to {host!r}: tests reach no network")


# An audit hook sees every socket of this process, whoever made it. It cannot be removed, so a switch turns it on and off.
sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    _network["refused"] = True
    yield
    _network["refused"] = False


@pytest.fixture
def loopback() -> Iterator[None]:
    """Allow sockets of this machine to itself, for a test that plays a server."""
    _network["loopback"] = True
    yield
    _network["loopback"] = False


# ---------------------------------------------------------------------------------------------------------------- logs


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] == "assistant":
            said = f"{record.levelname} {record.name}: {record.getMessage()}"
            if record.exc_info:
                said += "\n" + "".join(traceback.format_exception(*record.exc_info))
            self.messages.append(said)


@pytest.fixture(autouse=True)
def _no_unexpected_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in our own log fails the test, unless the test looks at the log itself, through `caplog`."""
    handler = _Warnings()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if handler.messages and "caplog" not in request.fixturenames:
        pytest.fail("unexpected in the log:\n" + "\n".join(handler.messages), pytrace=False)


# ----------------------------------------------------------------------------------------------------------- leftovers

LEAVE_S = 5.0


@pytest.fixture(autouse=True)
def _no_thread_left_alive(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a gui test no thread is running that was not there before. (Windows: tests/gui/conftest.py.)"""
    if request.node.get_closest_marker("gui") is None:
        yield
        return
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + LEAVE_S
    threads = [thread for thread in threading.enumerate() if thread not in before]
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [repr(thread) for thread in threads if thread.is_alive()]
    if left:
        pytest.fail("left behind: " + ", ".join(left), pytrace=False)


# ------------------------------------------------------------------------------------------------------------- garbage

COLLECT_EVERY = 20
_uncollected = 0


def _has_window(item: pytest.Item | None) -> bool:
    return "qapp" in getattr(item, "fixturenames", ())


def pytest_collection_finish() -> None:
    gc.freeze()  # modules and collected tests stay; looking through them at each collection takes longer than many a test


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """As in the application (assistant/desktop/common/garbage.py): a widget is never deleted by another thread, of its own test or a later one."""
    global _uncollected
    if not _has_window(item):
        return (yield)
    gc.disable()
    result = yield
    _uncollected += 1
    if _uncollected >= COLLECT_EVERY or not _has_window(nextitem):
        gc.collect()
        _uncollected = 0
    if not _has_window(nextitem):
        gc.enable()
    return result


@pytest.fixture(autouse=True)
def _no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Outside its own loop Qt does not delete what asked for it, and Python would take the window apart in no order: that crashes."""
    yield
    if not _has_window(request.node):
        return
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# -------------------------------------------------------------------------------------------------------------- models


# As the run was started: a test that comes first may have set another folder for what it tries.
MODELS_DIR = Path(os.environ.get("ELEPHANT_MODELS_DIR") or ROOT / "models")


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder with the two starter models: ELEPHANT_MODELS_DIR, or models/ in the checkout."""
    folder = MODELS_DIR
    found = sorted(path.name for path in folder.glob("*.gguf")) if folder.is_dir() else []
    if len(found) < 2:
        pytest.fail(
            f"The starter models are not in {folder} (found: {found or 'nothing'}). Get them with: python3 start.py --setup-only",
            pytrace=False,
        )
    return folder
