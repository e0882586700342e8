"""Before a zero means anything: each leak that is planted on purpose must be seen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from offline.leaks import LEAKS, plantable
from offline.live_network import NoLiveNetworkError, run_inside
from offline.system_calls import can_trace, read_calls, traced

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces are a matter of Linux"),
    pytest.mark.timeout(300),
]


def test_every_planted_leak_is_caught(tmp_path: Path) -> None:
    try:
        done = run_inside("offline.leaks", tmp_path, 240)
    except NoLiveNetworkError as error:
        pytest.skip(f"NOT PROVEN HERE: this system refuses a network of our own ({error})")
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    caught = told["caught"]
    print(
        f"\n{sum(caught.values())}/{len(caught)} planted leaks caught; {len(LEAKS) - len(caught)} could not be planted here"
    )
    assert caught == dict.fromkeys((leak.name for leak in plantable()), True), told["seen"]
    assert len(caught) >= 7
    assert told["listening"], "a server that waits for connections is seen too"


@pytest.mark.skipif(not can_trace(), reason="there is no strace here")
def test_system_calls_that_reach_out_or_write_elsewhere_are_read(tmp_path: Path) -> None:
    code = (
        f"import os, socket, subprocess; os.chdir({str(tmp_path)!r}); s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.connect(('127.0.0.1', 9)); s.sendto(b'x', ('127.0.0.1', 9)) if False else None\n"
        "open('written é.txt', 'w').close(); os.rename('written é.txt', 'renamed'); os.mkdir('made'); subprocess.run(['true'])\n"
        "u = socket.socket(socket.AF_UNIX); u.connect_ex('/run/strange.sock'); socket.socket(socket.AF_INET6).close()\n"
        "t = socket.socket(); t.bind(('127.0.0.1', 0)); t.listen()\n"
    )
    log = tmp_path / "trace.log"
    subprocess.run([*traced(log), sys.executable, "-c", code], check=True, timeout=60)
    calls = read_calls(log)
    assert calls.internet >= {"connect AF_INET", "bind AF_INET", "listen"}
    assert calls.sockets >= 2
    assert "/run/strange.sock" in calls.unix
    # A bare name is told as such: no path of ours is one, so it counts as written elsewhere.
    assert {str(tmp_path / "written é.txt"), "?/renamed", "?/made"} <= calls.made
    assert any(path.endswith("/true") for path in calls.programs)
