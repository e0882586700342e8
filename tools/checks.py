"""What CI runs, and what everyone can run: one list of tiers, cheapest first.

A tier that fails does not stop the next ones, so that one run shows everything that is wrong.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree as ET

from tools import llama
from tools.bootstrap import ROOT, prepare, say
from tools.machine import SetupError, qt_hint

SOURCES = ["assistant", "tests", "tools", "scripts", "packaging", "start.py", "check.py"]
TIERS = ("format", "lint", "types", "layering", "unit", "gui", "slow", "faults", "offline", "e2e", "package")
FAST = ("format", "lint", "types", "layering", "unit", "gui")
NEEDS_MODELS = {"slow", "faults", "offline", "e2e", "package"}
ON_A_SCREEN = {"e2e", "package"}
# The unit tier runs without Qt, which proves that nothing under it needs a window.
PYTEST = {
    "unit": ["tests/unit", "-p", "no:pytest-qt", "-m", "not slow"],
    "gui": ["tests/gui", "-m", "not slow"],
    "slow": ["tests", "-m", "slow and not faults and not offline and not e2e"],
    "faults": ["tests/faults"],
    "offline": ["tests/offline", "-p", "no:randomly", "-rA", "-o", "faulthandler_timeout=0"],
    "e2e": ["tests/e2e"],
    "package": ["tests/package"],
}
# Two files at a time: most tests wait for processes and threads. Not where something is counted on the whole machine, or on one screen.
# A worker that dies ends the run: with files handed out whole, a new worker was seen to wait for ever.
BESIDE_EACH_OTHER = ("-n", "2", "--dist", "loadfile", "--max-worker-restart", "0")
ALONE = ("offline", "e2e", "package")
USAGE = "usage: check.py [--fast] [--full] [--list] [{}] [-- pytest options]".format("] [".join(TIERS))


def check(arguments):
    """Run the named tiers, all of them by default. Exit code 0 if everything passed, 1 if not, 2 for misuse."""
    arguments, options = split_at(arguments, "--")
    if {"-h", "--help", "--list"} & set(arguments):
        print(USAGE)
        return 0
    tiers = FAST if "--fast" in arguments else TIERS
    if "--full" in arguments:
        os.environ["ELEPHANT_FAULTS"] = "full"  # every fault as often as docs/reliability.md says, which takes hours
    named = [argument for argument in arguments if argument not in {"--fast", "--full"}]
    if set(named) - set(TIERS):
        print(USAGE, file=sys.stderr)
        return 2
    tiers = [tier for tier in TIERS if tier in (named or tiers)]
    environment = prepare(
        "check.py", sys.argv[1:], ("app", "packaging", "dev", *(("starter",) if NEEDS_MODELS & set(tiers) else ()))
    )
    if environment is None:
        return 1
    try:
        return Run(environment, options).all(tiers)
    except SetupError as error:
        say(str(error))
        return 1


class Run:
    """One run of some tiers: what passed, how long it took, and how many tests that were."""

    def __init__(self, environment, options):
        self._environment = environment
        self._options = options
        self._counts = {"passed": 0, "failed": 0, "skipped": 0}

    def all(self, tiers):
        results = []
        for tier in tiers:
            say("", "== {} ".format(tier).ljust(100, "="))
            began = time.monotonic()
            passed = self._pytest(tier) if tier in PYTEST else self._tool(tier)
            results.append((tier, passed, time.monotonic() - began))
        say(
            "",
            *("{:<9} {:<7} {:7.1f} s".format(tier, "passed" if ok else "FAILED", took) for tier, ok, took in results),
        )
        failed = [tier for tier, ok, _ in results if not ok]
        if failed:
            say("Not passed: " + ", ".join(failed))
        if set(tiers) & set(PYTEST):
            print("{passed} passed, {failed} failed, {skipped} skipped".format(**self._counts), flush=True)
        return 1 if failed else 0

    def _tool(self, tier):
        present = [name for name in SOURCES if (ROOT / name).exists()]
        command = {
            "format": ["-m", "ruff", "format", "--check", *present],
            "lint": ["-m", "ruff", "check", *present],
            "types": ["-m", "mypy"],
            "layering": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        }[tier]
        return self._python(command, {}) == 0

    def _pytest(self, tier):
        folder = ROOT / PYTEST[tier][0]
        if not any(folder.rglob("test_*.py")):
            say("There are no tests in " + PYTEST[tier][0])
            return False
        with tempfile.TemporaryDirectory() as scratch, screen_for(tier) as variables:
            report = Path(scratch, "report.xml")
            spread = () if tier in ALONE or os.environ.get("ELEPHANT_FAULTS") else BESIDE_EACH_OTHER
            command = ["-m", "pytest", *PYTEST[tier], *spread, "-q", "--junitxml", str(report), *self._options]
            code = self._python(command, variables)
            self._count(report)
        return code == 0

    def _count(self, report):
        if not report.exists():
            self._counts["failed"] += 1  # pytest itself went down: never count that as nothing having failed
            return
        suite = ET.parse(str(report)).getroot().find("testsuite")
        total, failed, skipped = (int(suite.get(name)) for name in ("tests", "failures", "skipped"))
        failed += int(suite.get("errors"))
        self._counts["failed"] += failed
        self._counts["skipped"] += skipped
        self._counts["passed"] += max(0, total - failed - skipped)

    def _python(self, arguments, variables):
        command = [str(self._environment.python), *arguments]
        return subprocess.call(command, cwd=str(ROOT), env=dict(self._environment.variables(), **variables))


@contextlib.contextmanager
def screen_for(tier):
    """Variables that give a tier its screen: none for unit tests, a drawn-nowhere one for gui, a virtual one for e2e."""
    if tier == "unit":
        yield {"ELEPHANT_WITHOUT_QT": "1"}
    elif tier not in ON_A_SCREEN or not sys.platform.startswith("linux"):
        yield {} if tier in ON_A_SCREEN else {"QT_QPA_PLATFORM": "offscreen"}
    else:
        # Packages are built with what the set-up keeps; a test's own home has no cache.
        with virtual_screen() as display:
            yield {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "ELEPHANT_CACHE_DIR": str(llama.cache_folder() or "")}


@contextlib.contextmanager
def virtual_screen(*options, folder=None):
    """Start Xvfb on a free display, on a Unix socket only, for as long as the block runs. folder: where it runs."""
    program = shutil.which("Xvfb")
    if program is None:
        raise SetupError("This needs Xvfb: sudo apt install xvfb xdotool fonts-noto-cjk. " + qt_hint())
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", *options],
        pass_fds=[writing],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise SetupError("Xvfb could not be started.")
        yield ":" + number
    finally:
        server.terminate()
        server.wait()


def split_at(arguments, mark):
    if mark not in arguments:
        return list(arguments), []
    place = arguments.index(mark)
    return arguments[:place], arguments[place + 1 :]
