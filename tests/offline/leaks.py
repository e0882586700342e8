"""Leaks planted on purpose: a harness that does not see each of them is blind, and its zero means nothing.

Run inside the namespace (`live_network.run_inside`): `-m offline.leaks FOLDER`. Prints what was seen as JSON. Each leak asks for a name or an address of
its own, so all can run at once and still be told apart.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from offline.live_network import LiveNetwork, bare_environment, fake_browser

from tools.checks import virtual_screen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Leak:
    """code: run by Python in a bare environment. trace: what must be seen of it. needs: a module without which it cannot be planted."""

    name: str
    code: str
    trace: str
    needs: str = ""


LEAKS = (
    Leak("onnxruntime's telemetry", "import onnxruntime, time; time.sleep(100)", "data.microsoft.com", "onnxruntime"),
    Leak(
        "Chroma's default embedding function",
        "from chromadb.utils.embedding_functions import DefaultEmbeddingFunction as F; F()(['x'])",
        "chroma-onnx-models",
        "chromadb",
    ),
    # RapidOCR is no dependency of ours. What its first use does is this: fetch a file by the standard library.
    Leak(
        "a reader that fetches its model (standing in for RapidOCR)",
        "import urllib.request; urllib.request.urlopen('http://ocr-models.invalid/det.onnx')",
        "ocr-models.invalid",
    ),
    Leak(
        "a look-up on the model hub",
        "from huggingface_hub import hf_hub_download; hf_hub_download('planted/leak', 'model.gguf')",
        "huggingface.co",
        "huggingface_hub",
    ),
    Leak(
        "a picture fetched by Qt",
        "from PySide6.QtCore import *; from PySide6.QtNetwork import *\n"
        "app = QCoreApplication([]); QTimer.singleShot(20000, app.quit); manager = QNetworkAccessManager()\n"
        "reply = manager.get(QNetworkRequest(QUrl('http://picture.invalid/pixel.png'))); reply.finished.connect(app.quit); app.exec()",
        "picture.invalid",
        "PySide6.QtNetwork",
    ),
    Leak(
        "an address handed to the browser",
        "from PySide6.QtWidgets import QApplication; from PySide6.QtGui import QDesktopServices; from PySide6.QtCore import QUrl\n"
        "app = QApplication([]); QDesktopServices.openUrl(QUrl('http://browser.invalid/?q=words'))",
        "browser.invalid",
    ),
    Leak(
        "a thread in the background that looks a name up (standing in for LanguageTool)",
        "import socket, threading; t = threading.Thread(target=socket.gethostbyname, args=('spelling.invalid',)); t.start(); t.join()",
        "spelling.invalid",
    ),
    Leak(
        "one datagram to an address",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'words', ('198.51.100.7', 9999))",
        "udp 198.51.100.7:9999",
    ),
    Leak(
        "native code in a process of ours, behind the wall",
        "import importlib, runpy, sys, types, ctypes\n"
        "room = types.SimpleNamespace(main=lambda _: bool(ctypes.CDLL(None).gethostbyname(b'native.invalid')))\n"
        "importlib.import_module = lambda name: room\n"
        "sys.argv = ['elephant', '_model']; runpy.run_module('assistant', run_name='__main__')",
        "native.invalid",
    ),
)


def plantable() -> tuple[Leak, ...]:
    return tuple(leak for leak in LEAKS if not leak.needs or _is_there(leak.needs))


def _is_there(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def main(folder: Path) -> int:
    network = LiveNetwork(folder / "network")
    network.start()
    browser = fake_browser(folder / "bin")
    wanted = {leak.name: leak.trace for leak in plantable()}
    with virtual_screen("-noreset", folder=folder) as display:
        started = []
        for number, leak in enumerate(plantable()):
            variables = bare_environment(folder / f"home-{number}", DISPLAY=display, QT_QPA_PLATFORM="xcb")
            variables["PATH"] = f"{browser}:{variables['PATH']}"
            if (
                leak.needs != "onnxruntime"
            ):  # Chroma brings it along, and each leak is to be the only one in its process
                variables["ORT_DISABLE_TELEMETRY"] = "1"
            with (folder / f"leak-{number}.log").open("wb") as log:
                started.append(
                    subprocess.Popen([sys.executable, "-c", leak.code], cwd=ROOT, env=variables, stdout=log, stderr=log)
                )
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and not all(_is_seen(network, trace) for trace in wanted.values()):
            time.sleep(0.2)
        for process in started:
            process.kill()
            process.wait()
    caught = {name: _is_seen(network, trace) for name, trace in wanted.items()}
    with socket.create_server(("127.0.0.1", 0)):  # and one that is called, not calling
        time.sleep(2.0)
    print(json.dumps({"caught": caught, **network.report()}))
    return 0


def _is_seen(network: LiveNetwork, trace: str) -> bool:
    return any(trace in item.what for item in network.seen())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
