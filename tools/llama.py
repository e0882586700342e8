"""llama.cpp for this machine: how it is compiled, and where the result is kept so that it is compiled once.

Neither pip's nor uv's own cache will do for that: they file a wheel under the name of its source, whatever it was compiled for.
"""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tools.machine import SetupError, compiler_hint, find_compiler

# ggml picks AMX while it is compiled and asks nobody when it runs. Some virtual machines announce AMX and trap on it, and then the
# first decode ends the process. Said explicitly, these win over -march=native in gcc and clang, wherever they stand.
NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
# Without the picture models, which are a quarter of the files to compile and which nothing of ours calls.
BUILD_OPTIONS = "-DLLAVA_BUILD=OFF"
# What of the environment shapes a build, besides everything that CMake and scikit-build call theirs.
SHAPING = ("CC", "CXX", "CPPFLAGS", "LDFLAGS", "CUDACXX", "CUDAFLAGS", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET")
SHAPING_PREFIXES = ("CMAKE_", "SKBUILD_", "PIP_CONFIG_SETTINGS")
HARMLESS = ("CMAKE_BUILD_PARALLEL_LEVEL", "CMAKE_COLOR_DIAGNOSTICS")
FLAG_VARIABLES = ("CFLAGS", "CXXFLAGS")
WHEELS = "llama_cpp_python-*.whl"


def wanted_flags():
    """What this kind of machine is compiled with. A compiler too old to know a flag knows no AMX either."""
    return NO_AMX if platform.machine().lower() in ("x86_64", "amd64") else ()


def accepted_flags():
    """The wanted flags if the compilers take them, else none."""
    flags = wanted_flags()
    found = find_compiler()
    if not flags or found is None or Path(found).stem.lower() in ("cl", "vswhere"):
        return ()
    c = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    accepted = c and accepts(c, "c", flags) and accepts(os.environ.get("CXX") or found, "c++", flags)
    return flags if accepted else ()


def accepts(compiler, language, flags):
    """Whether an empty file compiles. CC may hold several words, as in "ccache gcc"."""
    words = [compiler] if Path(compiler).exists() else shlex.split(compiler)
    try:
        code = subprocess.call(
            [*words, "-x", language, "-fsyntax-only", *flags, "-"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return code == 0


def with_flags(variables, flags):
    """The environment for the build; the user's own flags stay in front, and the user's own options win."""
    changed = dict(variables)
    changed["CMAKE_ARGS"] = " ".join([BUILD_OPTIONS, *variables.get("CMAKE_ARGS", "").split()])
    for name in FLAG_VARIABLES if flags else ():
        changed[name] = " ".join([*variables.get(name, "").split(), *flags])
    return changed


def build(python, lock, scratch, run, variables):
    """Compile the locked source with the locked tools of the environment; the path of the wheel.

    run: takes a command and its environment. A wheel from anywhere else cannot come in: no cache is read, and the lock
    holds the hash of the source alone.
    """
    if find_compiler() is None:
        raise SetupError("No C++ compiler was found. " + compiler_hint())
    entry = scratch / "llama.txt"
    entry.write_text(lock, encoding="utf-8")
    command = [
        str(python),
        "-m",
        "pip",
        "wheel",
        "-v",
        "--disable-pip-version-check",
        "--progress-bar=off",
        "--no-input",
    ]
    command += [
        "--no-cache-dir",
        "--no-deps",
        "--require-hashes",
        "--no-binary=llama-cpp-python",
        "--no-build-isolation",
    ]
    run([*command, "-r", str(entry), "-w", str(scratch)], with_flags(variables, accepted_flags()))
    wheels = list(scratch.glob(WHEELS))
    if len(wheels) != 1:
        raise SetupError("llama.cpp was built, but its wheel is not where it should be.")
    return wheels[0]


def wheel_key(lock, variables):
    """Names what a build is good for: another lock, compiler setting, system or processor has another key."""
    chosen = sorted(
        "{}={}".format(name, value)
        for name, value in variables.items()
        if name in SHAPING + FLAG_VARIABLES or (name.startswith(SHAPING_PREFIXES) and name not in HARMLESS)
    )
    machine = [sys.platform, *platform.libc_ver(), platform.machine(), processor()]
    text = "\0".join([lock, *wanted_flags(), BUILD_OPTIONS, *machine, *chosen])
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:20]


def processor():
    """What the processor can do, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(("flags", "Features"))), "")


def cache_folder():
    """Where this user's programs keep what can be made again; None without a home."""
    chosen = os.environ.get("ELEPHANT_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser().resolve()
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "elephant"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "elephant"
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else home / ".cache") / "elephant"


class KeptWheel:
    """The place of one build in the user's cache. folder: None if there is no such place."""

    def __init__(self, folder):
        self.folder = folder

    def find(self):
        """The wheel, if it is there and still what was put there; else None."""
        try:
            for wheel in sorted(self.folder.glob(WHEELS)) if self.folder else ():
                if checksum_file(wheel).read_text(encoding="utf-8").split()[:1] == [sha256_of(wheel)]:
                    return wheel
        except (OSError, UnicodeError):
            pass
        return None

    def keep(self, wheel):
        """Put a copy there. A cache that cannot be written only costs the next build its time."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            kept = self.folder / wheel.name
            unfinished = self.folder / "{}.{}.new".format(wheel.name, os.getpid())
            shutil.copyfile(str(wheel), str(unfinished))
            unfinished.replace(kept)
            checksum_file(kept).write_text("{}  {}\n".format(sha256_of(wheel), kept.name), encoding="utf-8")
        except OSError:
            pass


def kept_wheel(lock, variables):
    folder = cache_folder()
    return KeptWheel(folder and folder / "wheels" / wheel_key(lock, variables))


def checksum_file(wheel):
    return wheel.with_name(wheel.name + ".sha256")


def sha256_of(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
