"""What a whole tree of processes asked of the system, from strace's log: addresses it wanted, files it made, programs it started."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

_MAKING = (
    "creat",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "mknod",
    "mknodat",
)
_FLUSHING = ("fsync", "fdatasync", "syncfs", "sync", "msync")
_CALLS = ",".join(("network", "open", "openat", "execve", *_MAKING, *_FLUSHING))
_NETWORK = re.compile(r"sa_family=(AF_\w+)(?:, (?:sun_path=(@?\"[^\"]*\")|[^}]*))?")
_PATHS = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>")
_REACHING = ("connect", "sendto", "sendmsg", "sendmmsg", "bind", "listen")
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")


@dataclass(slots=True)
class Calls:
    """internet: calls to an address of another family than Unix's. sockets: internet sockets that were only made. unix: the paths
    connected to. made: files and folders created, renamed to or linked. programs: what was started. held_up: what the first thread of
    the program that was started waited for until the disk had it."""

    internet: set[str] = field(default_factory=set)
    sockets: int = 0
    unix: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)
    held_up: set[str] = field(default_factory=set)
    _first: str = ""

    def begin(self) -> None:
        """Another log, whose first line is of the program that was started."""
        self._first = ""

    def add(self, line: str) -> None:
        match = _LINE.match(line)
        if match is None:
            return
        thread, name, rest = match.groups()
        self._first = self._first or thread
        if name in _FLUSHING and thread == self._first:
            self.held_up.add(f"{name} {rest}")
        if name in _REACHING:
            self._reach(name, rest)
        elif name == "socket":
            self.sockets += "AF_INET" in rest
        elif name == "execve":
            self._note(self.programs, _PATHS.search(rest), rest)
        elif name in _MAKING or (name in {"open", "openat"} and "O_CREAT" in rest):
            paths = list(_PATHS.finditer(rest))
            if paths:
                self._note(self.made, paths[-1], rest)

    def _reach(self, name: str, rest: str) -> None:
        for family, path in _NETWORK.findall(rest):
            if family == "AF_UNIX":
                self.unix.add(path.strip('"') if path else "unnamed")
            elif family not in {"AF_NETLINK", "AF_UNSPEC"}:
                self.internet.add(f"{name} {family}")
        if name == "listen":
            self.internet.add("listen")

    @staticmethod
    def _note(where: set[str], match: re.Match[str] | None, rest: str) -> None:
        if match is None or rest.endswith("ENOENT (No such file or directory)"):
            return
        path = (
            match[1]
            .encode("latin-1", "replace")
            .decode("unicode_escape", "replace")
            .encode("latin-1", "replace")
            .decode("utf-8", "replace")
        )
        folder = list(_FOLDER.findall(rest[: match.start()]))
        where.add(path if path.startswith("/") else os.path.normpath(f"{folder[-1] if folder else '?'}/{path}"))


def can_trace() -> bool:
    program = shutil.which("strace")
    return (
        program is not None
        and subprocess.run([program, "-f", "--seccomp-bpf", "true"], capture_output=True).returncode == 0
    )


def traced(log: Path) -> list[str]:
    """What to put before a command so that it and all its children are traced into a file."""
    return [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-y",
        "-s",
        "4096",
        "-e",
        f"trace={_CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(log),
    ]


def read_calls(*logs: Path) -> Calls:
    calls = Calls()
    for log in logs:
        calls.begin()
        with log.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                calls.add(line.rstrip("\n"))
    return calls
