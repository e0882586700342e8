"""The model process: `python -m assistant _model --models-dir DIR`. Nothing but this process loads llama.cpp.

Its other door, `--render-template`, renders a model file's own chat template in a process that may die (`foreign_template`).
"""

from __future__ import annotations

import argparse
import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from assistant.ipc.model_messages import ModelRequest
from assistant.ipc.private_log import log_to_standard_error
from assistant.ipc.service import Service
from assistant.ipc.supervisor import own_command
from assistant.ipc.transport import take_standard_streams
from assistant.models.foreign_template import ChildRenderer, render_from_standard_input
from assistant.models.loaded_models import LoadedModels
from assistant.models.model_worker import ModelWorker

DOOR = "_model"
_RENDER = "--render-template"


def main(argv: Sequence[str]) -> int:
    """Serve until the parent closes the link."""
    parser = argparse.ArgumentParser(prog=DOOR, allow_abbrev=False)
    parser.add_argument("--models-dir", type=Path)
    parser.add_argument(_RENDER, action="store_true")
    arguments = parser.parse_args(argv)
    if arguments.render_template:
        return render_from_standard_input()
    if arguments.models_dir is None:
        parser.error("--models-dir is needed")
    return _serve(arguments.models_dir)


def _serve(models_dir: Path) -> int:
    reader, writer = take_standard_streams()
    log_to_standard_error(logging.INFO)
    worker = ModelWorker(LoadedModels(models_dir, ChildRenderer(own_command(DOOR, _RENDER).argv)))
    service: Service[ModelRequest] = Service(reader, writer, ModelRequest, worker.handle)
    computing = threading.Thread(target=worker.run, name="llama")
    computing.start()
    service.run()
    worker.close()
    computing.join()
    return 0
