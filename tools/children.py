"""Child processes of the set-up: their output goes to a log, their progress to the screen."""

import re
import subprocess
import sys
import threading
import time

COMPILED = re.compile(r"\[(\d+)/(\d+)\] ")
STEP = re.compile(
    r"^\s*(Downloading|Downloaded|Installing collected packages|Installed|Prepared|Building|Built|Using cached)\b.*"
)
QUIET_S = 30


class ChildError(Exception):
    """A child ended with an error. output: the end of what it said."""

    def __init__(self, output):
        super().__init__(output)
        self.output = output


def run_logged(command, cwd, variables, log, what):
    with log.open("a", encoding="utf-8", errors="replace") as file:
        file.write("\n$ " + " ".join(str(word) for word in command) + "\n")
        child = subprocess.Popen(
            [str(word) for word in command],
            cwd=str(cwd),
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            encoding="utf-8",
            errors="replace",
        )
        tail = []
        with child, Meter(what) as meter:
            try:
                for line in child.stdout:
                    file.write(line)
                    tail.append(line)
                    del tail[:-400]
                    meter.see(line)
            except BaseException:
                child.terminate()
                raise
    if child.returncode != 0:
        raise ChildError("".join(tail))


class Meter:
    """One moving line on a terminal; elsewhere a plain line now and then, so that a log shows life."""

    def __init__(self, what):
        self._what = what
        self._text = ""
        self._started = time.monotonic()
        self._told = self._started
        self._terminal = sys.stderr.isatty()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)
        self._thread.start()

    def see(self, line):
        compiled = COMPILED.search(line)
        if compiled:
            done, total = int(compiled.group(1)), int(compiled.group(2))
            self._text = "{} of {} files, {} %".format(done, total, 100 * done // max(total, 1))
        elif STEP.match(line):
            words = line.split()
            self._text = " ".join(words[:2])[:60]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._closed.set()
        self._thread.join()
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _tick(self):
        while not self._closed.wait(1 if self._terminal else QUIET_S):
            seconds = int(time.monotonic() - self._started)
            text = "      {}, {}:{:02d}{}".format(
                self._what, seconds // 60, seconds % 60, "  " + self._text if self._text else ""
            )
            sys.stderr.write("\r\x1b[K" + text[:110] if self._terminal else text + "\n")
            sys.stderr.flush()
