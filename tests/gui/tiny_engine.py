"""A child process that speaks the wire like the engine and knows next to nothing: for tests of the real link."""

from __future__ import annotations

import json
import os
import sys

STATUS = {
    "type": "StatusReport",
    "folders": [],
    "counts": {},
    "progress": {"stage": "idle", "done": 0, "total": 0},
    "chat_model": "",
    "chat_model_title": "",
    "embedder": "",
    "parts": [],
    "sizes_bytes": {},
}


def say(request_id: int, body: dict[str, object], last: bool = True) -> None:
    sys.stdout.write(json.dumps({"id": request_id, "last": last, "body": body}) + "\n")
    sys.stdout.flush()


def main() -> None:
    if "--crash" in sys.argv:
        os._exit(3)
    for line in sys.stdin:
        message = json.loads(line)
        body = message.get("body")
        if message.get("cancel"):
            say(message["id"], {"type": "Done"})
        elif body is None:
            continue
        elif body["type"] == "Hello":
            say(0, {"type": "PartHealth", "part": "model", "state": "running"}, last=False)
            say(message["id"], {"type": "Welcome", "version": "1", "data_dir": "/d", "status": STATUS, "settings": {}})
        elif body["type"] == "GetStatus":
            say(message["id"], STATUS)
        elif body["type"] == "RetryFile":
            error = {"kind": "note-missing", "fields": {"path": body["note"]}}
            sys.stdout.write(json.dumps({"id": message["id"], "last": True, "error": error}) + "\n")
            sys.stdout.flush()
        elif body["type"] == "RescanFolder":
            os._exit(9)
        # Ask is left unanswered until it is cancelled.


if __name__ == "__main__":
    main()
