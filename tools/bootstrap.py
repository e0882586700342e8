"""From a clone to a working environment, with nothing but Python, git and a C++ compiler.

Standard library only, and written so that an old Python can at least read it and say which one is needed. Every step leaves a
stamp; a run that was interrupted goes on with the first step that has none, and a run with nothing to do takes no time.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import llama
from tools.children import ChildError, run_logged
from tools.machine import (
    SUPPORTED,
    SetupError,
    explain,
    find_supported_python,
    find_uv,
    missing_qt_libraries,
    qt_hint,
    refuse_unsupported_system,
)

ROOT = Path(__file__).resolve().parent.parent
IS_WINDOWS = os.name == "nt"
NEEDED_BYTES = 4 * 1024**3
LAYOUT = 1
# Set by a shell profile, these would make an installer work somewhere else, or a Python load something else.
MISLEADING = {
    "PYTHONHOME",
    "PYTHONPATH",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "UV_SYSTEM_PYTHON",
}


class Environment:
    """The virtual environment: where it is, what has been done in it, and how to run its Python."""

    def __init__(self, folder, uv=None):
        self.folder = Path(folder)
        self.bin = self.folder / ("Scripts" if IS_WINDOWS else "bin")
        self.python = self.bin / ("python.exe" if IS_WINDOWS else "python")
        self.log = self.folder / "elephant-setup.log"
        self.uv = uv
        self._stamp = self.folder / "elephant-setup.json"

    def done(self):
        """What the stamp says has been done, step by step; empty if the environment must be made anew."""
        try:
            stamp = json.loads(self._stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        # A checkout that was moved, or a Python that was removed, leaves an environment that looks whole and is not.
        same = (
            stamp.get("layout") == LAYOUT and stamp.get("root") == str(ROOT) and stamp.get("folder") == str(self.folder)
        )
        return stamp["steps"] if same and self.python.exists() else {}

    def note(self, step, digest):
        steps = self.done()
        steps[step] = digest
        stamp = {"layout": LAYOUT, "root": str(ROOT), "folder": str(self.folder), "steps": steps}
        unfinished = self._stamp.with_suffix(".new")
        unfinished.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        unfinished.replace(self._stamp)

    def variables(self):
        """The environment for children: this environment's programs first, and no other environment's leftovers."""
        variables = {name: value for name, value in os.environ.items() if name not in MISLEADING}
        variables["VIRTUAL_ENV"] = str(self.folder)
        variables["PATH"] = str(self.bin) + os.pathsep + variables.get("PATH", "")
        variables["PYTHONUTF8"] = "1"
        return variables


def environment_folder():
    chosen = os.environ.get("ELEPHANT_VENV")
    return Path(chosen).expanduser().resolve() if chosen else ROOT / ".venv"


def start(arguments):
    """Set up and become the application. `--setup-only` stops before opening it."""
    setup_only = "--setup-only" in arguments
    arguments = [argument for argument in arguments if argument != "--setup-only"]
    environment = prepare("start.py", sys.argv[1:], ("app", "starter"))
    if environment is None:
        return 1
    if setup_only:
        say("Ready. Open Elephant with: python3 start.py")
        return 0
    # -P: a file of the user's folder named like one of our modules must not be imported instead of it.
    command = [str(environment.python), "-P", "-m", "assistant", *arguments]
    if not IS_WINDOWS:
        os.execve(command[0], command, environment.variables())
    return subprocess.call(command, env=environment.variables())


def prepare(script, arguments, goals):
    """Bring the environment up to `goals` ("app", "packaging", "dev", "starter"); None after a failure that has been told."""
    use_supported_python(script, arguments)
    environment = Environment(environment_folder(), uv=find_uv())
    try:
        if pending(environment, goals):
            with alone(environment):
                set_up(environment, goals)
    except SetupError as error:
        say("", "Elephant could not be set up.", str(error))
        if environment.log.exists():
            say("Everything that was tried is in " + shown(environment.log))
        return None
    except KeyboardInterrupt:
        say("", "Stopped. Run the same command again to go on from here.")
        return None
    return environment


def use_supported_python(script, arguments):
    """Go on in a supported Python if this one is not: re-run the script with one from PATH."""
    if sys.version_info[:2] in SUPPORTED and sys.implementation.name == "cpython":
        return
    found = find_supported_python()
    if found is None:
        sys.exit(
            "Elephant needs Python 3.11, 3.12 or 3.13, and none of them was found; this is Python {}.{}. "
            "Install one from your system's packages or from python.org, then run the same command again.".format(
                *sys.version_info[:2]
            )
        )
    say("This is Python {}.{}; going on with {}".format(*sys.version_info[:2], found))
    sys.exit(subprocess.call([found, str(ROOT / script), *arguments]))


# ---------------------------------------------------------------------------------------------------------------- steps


def steps_for(goals):
    """(name, digest of what shapes it, what to do) in order. A changed digest means: do it again."""
    libraries, llama_lock = split_lock(ROOT / "requirements" / "app.txt", "llama-cpp-python")
    steps = [
        ("environment", "{}.{}".format(*sys.version_info[:2]), create_environment),
        ("build", digest_of("requirements/build.txt"), install_build_tools),
        ("libraries", digest_of_text(libraries), install_libraries),
        ("llama.cpp", digest_of_text(llama_lock + " ".join(llama.wanted_flags())), build_llama),
        ("project", digest_of("pyproject.toml"), install_elephant),
        ("window", digest_of_text(libraries), check_window),
    ]
    if "packaging" in goals:
        steps.append(("packaging", digest_of("requirements/packaging.txt"), install_packaging_tools))
    if "dev" in goals:
        steps.append(("dev", digest_of("requirements/dev.txt"), install_dev_tools))
    if "starter" in goals:
        steps.append(("starter", starter_digest(), fetch_starter_models))
    return steps


def pending(environment, goals):
    done = environment.done()
    return [step for step in steps_for(goals) if done.get(step[0]) != step[1]]


def set_up(environment, goals):
    """Do what is not done. A new environment forgets what was done in the old one, so the list is made step by step."""
    refuse_unsupported_system()
    enough_space(environment.folder)
    total = len(pending(environment, goals))
    number = 0
    while True:
        left = pending(environment, goals)
        if not left:
            return
        number += 1
        name, digest, act = left[0]
        total = max(total, number + len(left) - 1)
        act(environment, "[{}/{}] ".format(number, total))
        environment.note(name, digest_now(goals, name, digest))


def digest_now(goals, name, before):
    """The digest after the step: fetching models changes which models are there."""
    return next((digest for step, digest, _ in steps_for(goals) if step == name), before)


def create_environment(environment, prefix):
    say(prefix + "Creating the environment in " + shown(environment.folder))
    empty(environment.folder)
    if environment.uv:
        command = [
            environment.uv,
            "venv",
            "--quiet",
            "--seed",  # with pip, so that a later run without uv can go on
            "--allow-existing",
            "--python",
            sys.executable,
            str(environment.folder),
        ]
    else:
        command = [sys.executable, "-m", "venv", str(environment.folder)]
    attempt(environment, command, "making the environment", "venv")


def install_build_tools(environment, prefix):
    say(prefix + "Installing build tools")
    install(environment, ["-r", "requirements/build.txt"])


def install_libraries(environment, prefix):
    say(prefix + "Installing libraries (about 180 MB to fetch)")
    libraries, _ = split_lock(ROOT / "requirements" / "app.txt", "llama-cpp-python")
    with scratch_file(environment, "libraries.txt", libraries) as path:
        install(environment, ["--only-binary", ":all:", "-r", str(path)])


def build_llama(environment, prefix):
    """llama.cpp is published as source: compiled for the processor of this machine, then kept for its next environment."""
    _, llama_lock = split_lock(ROOT / "requirements" / "app.txt", "llama-cpp-python")
    variables = environment.variables()
    kept = llama.kept_wheel(llama_lock, variables)
    wheel = kept.find()
    if wheel is not None:
        say(prefix + "Installing llama.cpp as it was built for this machine before")
        install_wheel(environment, wheel)
        return
    say(prefix + "Building llama.cpp for this machine, once (about 8 minutes on two cores)")

    def run(command, changed):
        attempt(environment, command, "building llama.cpp", variables=changed)

    with tempfile.TemporaryDirectory(prefix="llama-", dir=str(environment.folder)) as scratch:
        wheel = llama.build(environment.python, llama_lock, Path(scratch), run, variables)
        kept.keep(wheel)
        install_wheel(environment, wheel)


def install_wheel(environment, wheel):
    """Install this very file: no index and no cache is asked, and an older build of the same version gives way."""
    no_cache = "--no-cache" if environment.uv else "--no-cache-dir"
    install(environment, [no_cache, "--no-index", "--no-deps", "--force-reinstall", str(wheel)], hashes=False)


def install_elephant(environment, prefix):
    say(prefix + "Installing Elephant itself")
    install(environment, ["--no-deps", "--no-build-isolation", "-e", str(ROOT)], hashes=False)


def install_packaging_tools(environment, prefix):
    say(prefix + "Installing tools for packaging")
    install(environment, ["--only-binary", ":all:", "-r", "requirements/packaging.txt"])


def install_dev_tools(environment, prefix):
    say(prefix + "Installing tools for development")
    install(environment, ["--only-binary", ":all:", "-r", "requirements/dev.txt"])


def check_window(environment, prefix):
    say(prefix + "Checking that a window can be opened")
    missing = missing_qt_libraries(environment)
    if missing:
        raise SetupError("The system lacks a library that the window needs: " + missing + ". " + qt_hint())


def fetch_starter_models(environment, prefix):
    say(prefix + "Getting the starter models (about 180 MB to fetch)")
    command = [str(environment.python), "-P", "-m", "assistant", "models", "pull", "starter"]
    code = subprocess.call(command, cwd=str(ROOT), env=environment.variables())
    if code != 0:
        raise SetupError("The starter models could not be obtained. Run the same command again to go on from here.")


def install(environment, arguments, what="installing", hashes=True):
    if environment.uv:
        command = [environment.uv, "pip", "install", "--python", str(environment.python)]
    else:
        command = [str(environment.python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off"]
        command += ["--no-input"]
    attempt(environment, [*command, *(["--require-hashes"] if hashes else []), *arguments], what)


def attempt(environment, command, what, hint="", variables=None):
    """Run a child with its output in the log and its progress on the screen; turn its failure into a sentence."""
    try:
        run_logged(command, cwd=ROOT, variables=variables or environment.variables(), log=environment.log, what=what)
    except ChildError as error:
        raise SetupError(explain(error.output, what, hint)) from None


# -------------------------------------------------------------------------------------------------------------- helpers


def digest_of(name):
    return digest_of_text((ROOT / name).read_text(encoding="utf-8"))


def digest_of_text(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def starter_digest():
    """Whether there is any model. Which ones is the user's choice: a starter model that was removed is not fetched again unasked."""
    folder = Path(os.environ.get("ELEPHANT_MODELS_DIR") or ROOT / "models")
    return "present" if any(folder.glob("*.gguf")) else "missing"


def split_lock(path, name):
    """(everything else, the entry of `name`) of a lock file, both as text."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines(True):
        if line[0] not in " #":
            entries.append("")
        if entries:
            entries[-1] += line
    wanted = [entry for entry in entries if entry.startswith(name + "==")]
    return "".join(entry for entry in entries if entry not in wanted), "".join(wanted)


@contextlib.contextmanager
def scratch_file(environment, name, text):
    path = environment.folder / name
    path.write_text(text, encoding="utf-8")
    try:
        yield path
    finally:
        path.unlink()


@contextlib.contextmanager
def alone(environment):
    """Hold the folder for this set-up: two at once would install into each other."""
    refuse_foreign(environment.folder)
    try:
        environment.folder.mkdir(parents=True, exist_ok=True)
        handle = (environment.folder / "elephant-setup.lock").open("a+b")
    except OSError as error:
        raise SetupError("The environment's folder cannot be written: {}.".format(error)) from None
    with handle:
        if not lock(handle, wait=False):
            say("Another set-up is at work in the same folder; waiting for it.")
            lock(handle, wait=True)
        yield


def lock(handle, wait):
    try:
        if IS_WINDOWS:
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def refuse_foreign(folder):
    """Raise if there is something in the folder that no set-up put there."""
    names = {child.name for child in folder.iterdir()} if folder.is_dir() else set()
    if names and not any(
        name in ("pyvenv.cfg", "bin", "Scripts") or name.startswith("elephant-setup.") for name in names
    ):
        raise SetupError("{} is not an environment, so it was left alone. Choose another ELEPHANT_VENV.".format(folder))


def empty(folder):
    """Remove a half-made or outdated environment; keep the log and the lock, which this set-up holds."""
    children = [child for child in folder.iterdir() if not child.name.startswith("elephant-setup.")]
    for child in [*children, folder / "elephant-setup.json"]:
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(str(child))
        elif child.exists() or child.is_symlink():
            child.unlink()


def enough_space(folder):
    free = shutil.disk_usage(str(folder)).free
    if free < NEEDED_BYTES:
        raise SetupError(
            "There are {:.1f} GB free on the disk of {}, and the set-up needs {:.0f} GB. Make room, or set ELEPHANT_VENV "
            "to a folder on another disk.".format(free / 1024**3, folder, NEEDED_BYTES / 1024**3)
        )


def shown(path):
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def say(*lines):
    for line in lines:
        print(line, file=sys.stderr, flush=True)
