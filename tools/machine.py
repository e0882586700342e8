"""What the machine offers: a Python, a compiler, Qt's system libraries; and plain words for what it lacks."""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

SUPPORTED = ((3, 11), (3, 12), (3, 13))
# The oldest systems for which every locked library is published: PySide6 decides on Linux, onnxruntime on macOS.
GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}
MACOS = (14, 0)
# What Qt's platform plug-ins link against and minimal systems leave out, by Debian's names.
QT_PACKAGES = (
    "libegl1 libgl1 libopengl0 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
)
QT_PROBE = """
import ctypes, sys
from pathlib import Path
try:
    from PySide6 import QtCore, QtGui, QtWidgets
    if sys.platform == "linux":
        ctypes.CDLL(str(Path(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath), "platforms", "libqxcb.so")))
except (ImportError, OSError) as error:
    sys.exit(str(error).split(":")[0])
"""


class SetupError(Exception):
    """The machine lacks something. The text is a sentence for a person."""


def refuse_unsupported_system():
    """Raise if the locked libraries are not published for this system, instead of failing in the middle of a download."""
    machine = platform.machine().lower()
    if sys.platform.startswith("linux"):
        name, version = platform.libc_ver()
        needed = GLIBC.get(machine)
        if needed is None or name != "glibc" or numbers(version) < needed:
            shown = "{} {}".format(name or "another C library", version).strip()
            raise SetupError(
                "Elephant needs Linux with glibc 2.34 or newer on x86-64 (Debian 12, Ubuntu 22.04, Fedora 35), or 2.39 on "
                "64-bit ARM. This is {} on {}.".format(shown, machine)
            )
    elif sys.platform == "darwin":
        version = platform.mac_ver()[0]
        if machine != "arm64" or numbers(version) < MACOS:
            raise SetupError(
                "Elephant needs macOS 14 or newer on Apple silicon. This is macOS {} on {}.".format(version, machine)
            )


def numbers(version):
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def find_supported_python():
    """Path of a Python that will do, newest first; None if there is none."""
    names = ["python{}.{}".format(*version) for version in reversed(SUPPORTED)] + ["python3", "python"]
    candidates = [[path] for path in map(shutil.which, names) if path]
    if os.name == "nt" and shutil.which("py"):
        candidates += [["py", "-{}.{}".format(*version)] for version in reversed(SUPPORTED)]
    for candidate in candidates:
        found = version_of(candidate)
        if found and found[0] in SUPPORTED:
            return found[1]
    return None


def version_of(command):
    """((major, minor), executable), or None if the command does not run: a shim may stand for nothing."""
    probe = "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)"
    try:
        output = subprocess.run(
            [*command, "-c", probe], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20, check=True
        ).stdout.decode("utf-8", "replace")
        major, minor, executable = output.strip().split(" ", 2)
        return (int(major), int(minor)), executable
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def find_uv():
    """uv, if it is there and starts; a shim may stand for nothing."""
    path = shutil.which("uv")
    try:
        found = path and subprocess.call([path, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        found = False
    return path if found else None


def find_compiler():
    """A C++ compiler that starts, or None."""
    if os.name == "nt":
        programs = os.environ.get("ProgramFiles(x86)", "")
        vswhere = Path(programs, "Microsoft Visual Studio", "Installer", "vswhere.exe")
        if programs and vswhere.exists():
            component = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"
            query = [str(vswhere), "-products", "*", "-requires", component, "-property", "installationPath"]
            if subprocess.run(query, stdout=subprocess.PIPE, check=False).stdout.strip():
                return str(vswhere)
        return shutil.which("cl") or shutil.which("clang++") or shutil.which("g++")
    if sys.platform == "darwin" and subprocess.call(
        ["xcode-select", "-p"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ):
        return None  # /usr/bin/c++ is then a stub that opens an installer
    for name in (os.environ.get("CXX"), "c++", "g++", "clang++"):
        path = shutil.which(name.split()[0]) if name else None
        if path and subprocess.call([path, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def compiler_hint():
    if os.name == "nt":
        return 'Install the "Desktop development with C++" tools of Visual Studio Build Tools, then run the same command again.'
    if sys.platform == "darwin":
        return "Install one with: xcode-select --install"
    if shutil.which("apt-get"):
        return "Install one with: sudo apt install g++"
    if shutil.which("dnf"):
        return "Install one with: sudo dnf install gcc-c++"
    return "Install g++ or clang++ with your system's package manager, then run the same command again."


def missing_qt_libraries(environment):
    """Name of a system library that Qt cannot find, or "" if all is well."""
    result = subprocess.run(
        [str(environment.python), "-c", QT_PROBE], env=environment.variables(), stderr=subprocess.PIPE, check=False
    )
    return result.stderr.decode("utf-8", "replace").strip().splitlines()[-1] if result.returncode else ""


def qt_hint():
    if shutil.which("apt-get"):
        return "Install it with: sudo apt install " + QT_PACKAGES
    return "Install the libraries that Qt 6 needs with your system's package manager, then run the same command again."


def explain(output, what, hint=""):
    """A child's last words as a sentence."""
    for pattern, sentence in CAUSES:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence
    if hint == "venv" and "ensurepip" in output:
        version = "{}.{}".format(*sys.version_info[:2])
        return "This Python comes without venv. Install it with: sudo apt install python{}-venv".format(version)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return "It stopped while {}. The last words were: {}".format(what, lines[-1] if lines else "none")


CAUSES = (
    (
        r"no space left on device|errno 28|not enough space on the disk",
        "The disk is full. Make room, then run the same command again.",
    ),
    (
        r"do not match the hashes|hash mismatch|hashes.*mismatch",
        "A download did not match its recorded checksum, so it was not used. Run the same command again; if it happens again, "
        "something between here and the package index changes files.",
    ),
    (
        r"name resolution|getaddrinfo|nodename nor servname|network is unreachable|newconnectionerror|connection refused|"
        r"dns error|failed to fetch|connecttimeout|read timed out|max retries exceeded|proxyerror|error sending request",
        "The package index could not be reached. Check the network, then run the same command again: it goes on from here.",
    ),
    (
        r"no cmake_cxx_compiler could be found|cmake_cxx_compiler not set|compiler .* is not able to compile",
        "The C++ compiler does not work. " + compiler_hint(),
    ),
    (
        r"permission denied|errno 13",
        "A folder cannot be written. Check who owns it; do not run this command as another user.",
    ),
)
