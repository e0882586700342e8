"""Read every file under a folder in reader processes and count what came of it.

    python tests/corpora_report.py FOLDER [--list]

Prints one line for each kind of file: read, refused by reason, crashed, timed out. For public collections of hostile files,
which are not part of this project.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.documents.reading import SUPPORTED_SUFFIXES  # noqa: E402 (after the path is set)
from assistant.ipc.reader_messages import READER_EXIT_REASONS  # noqa: E402


class Reader:
    """A reader process that is started anew when a file has ended it."""

    def __init__(self, time_limit_s: float) -> None:
        self._time_limit_s = time_limit_s
        self._process: subprocess.Popen[bytes] | None = None

    def outcome(self, path: Path) -> str:
        if self._process is None:
            command = [sys.executable, "-m", "assistant", "_reader"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        body = {
            "type": "ReadNote",
            "path": str(path),
            "time_limit_s": self._time_limit_s,
            "memory_limit_bytes": 1_500_000_000,
        }
        process.stdin.write(json.dumps({"id": 1, "body": body}).encode() + b"\n")
        process.stdin.flush()
        fuse = threading.Timer(self._time_limit_s + 5, process.kill)
        fuse.start()
        line = process.stdout.readline()
        fuse.cancel()
        if not line:
            self._process = None
            code = process.wait()
            return str(READER_EXIT_REASONS.get(code, f"crashed ({code})"))
        error = json.loads(line).get("error")
        return "read" if error is None else str(error["fields"].get("reason", error["kind"]))

    def close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", help="also name each file that was not read")
    parser.add_argument("--time-limit", type=float, default=30.0)
    options = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: list[tuple[float, str]] = []
    reader = Reader(options.time_limit)
    for path in sorted(options.folder.resolve().rglob("*")):
        if path.suffix.lower() not in SUPPORTED_SUFFIXES or not path.is_file():
            continue
        started = time.monotonic()
        outcome = reader.outcome(path)
        slowest.append((time.monotonic() - started, path.name))
        counts[path.suffix.lower()][outcome] += 1
        if options.list and outcome != "read":
            print(f"{outcome:>16}  {path.relative_to(options.folder.resolve())}")
    reader.close()
    for suffix, found in sorted(counts.items()):
        print(
            f"{suffix:8} {sum(found.values()):5} files: " + ", ".join(f"{n} {name}" for name, n in found.most_common())
        )
    for seconds, name in sorted(slowest, reverse=True)[:5]:
        print(f"{seconds:8.2f} s  {name}")
    return int(any("crashed" in name for found in counts.values() for name in found))


if __name__ == "__main__":
    sys.exit(main())
