"""The engine process: standard streams become the link, the engine opens, requests are served until the window goes away."""

from __future__ import annotations

import argparse
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path

CLOSE_DEADLINE_S = 4.0


def main(arguments: Sequence[str]) -> int:
    """Serve one window. Ends with exit code 0 when the link closes; whatever is then still under way is cancelled."""
    from assistant.ipc.transport import take_standard_streams

    reader, writer = take_standard_streams()
    parser = argparse.ArgumentParser(prog="elephant _engine")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--model", default="")
    options = parser.parse_args(list(arguments))

    from assistant.engine.handlers import EngineService
    from assistant.engine.logs import start_log
    from assistant.engine.paths import DataPaths
    from assistant.engine.read_only import usable

    paths = usable(DataPaths(options.data_dir))
    paths.make()
    start_log(paths.log("engine"))
    service = EngineService(paths, options.model, reader, writer)
    try:
        service.run()
    finally:
        # Native threads of a library must not keep a process alive that nobody listens to any more.
        timer = threading.Timer(CLOSE_DEADLINE_S, os._exit, (0,))
        timer.daemon = True
        timer.start()
        service.close()
        logging.shutdown()
        os._exit(0)
