"""A Debian system in a folder: what a package needs and nothing more; no Python, no source of ours, no network. Needs root."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

import psutil

from tools.llama import cache_folder

USER, HOME = "ann", "home/ann"
ID = 1000
SUITE = "bookworm"
# For the tests, not for Elephant: `gio launch` starts a program through its entry in the menu.
EXTRA = ("libglib2.0-bin",)


def needs_of(package: Path) -> list[str]:
    """The names of the packages that a package depends on."""
    told = subprocess.run(
        ["dpkg-deb", "-f", str(package), "Depends"], capture_output=True, text=True, check=True
    ).stdout
    return [re.split(r"[ |(]", need.strip())[0] for need in told.split(",")]


def root_archive(package: Path) -> Path:
    """The system as a tar file, made once for each set of needs and kept in the user's cache."""
    wanted = sorted({*needs_of(package), *EXTRA})
    name = hashlib.sha256(" ".join([SUITE, *wanted]).encode()).hexdigest()[:16]
    folder = cache_folder()
    assert folder is not None
    archive = folder / "roots" / f"{name}.tar"
    if not archive.is_file():
        archive.parent.mkdir(parents=True, exist_ok=True)
        unfinished = archive.with_suffix(".new.tar")
        command = ["mmdebstrap", "--quiet", "--variant=essential", f"--include={','.join(wanted)}"]
        command += ["--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/locale/*"]
        # The mirror that this machine is set up for, else Debian's own.
        own = Path("/etc/apt/sources.list.d/debian.sources")
        sources = own.read_text("utf-8") if own.is_file() else None
        command += [SUITE, str(unfinished), *(["-"] if sources else [])]
        subprocess.run(command, input=sources, text=True, check=True, timeout=600)
        unfinished.replace(archive)
    return archive


class CleanRoot:
    """One such system. Everything started in it runs without a network, as a user of its own, in a process namespace that ends with it."""

    def __init__(self, archive: Path, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o755)
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="fully_trusted")  # devices, too
        self.home = folder / HOME
        self.home.mkdir(parents=True)
        os.chown(self.home, ID, ID)
        with (folder / "etc" / "passwd").open("a", encoding="utf-8") as users:
            users.write(f"{USER}:x:{ID}:{ID}::/{HOME}:/bin/sh\n")
        # Fonts are a matter of taste and of megabytes: those of this machine are lent to it.
        shutil.copytree("/usr/share/fonts", folder / "usr/share/fonts", symlinks=True, dirs_exist_ok=True)
        (folder / "tmp" / ".X11-unix").mkdir(mode=0o1777, exist_ok=True)
        self._started: list[subprocess.Popen[bytes]] = []

    def close(self) -> None:
        """End everything that was started: the first process of a namespace takes all others with it. `unshare` would kill it when it is
        killed itself, but setting the user takes that order away."""
        for process in self._started:
            if process.poll() is None:
                for first in psutil.Process(process.pid).children():
                    first.kill()
                process.wait(60)

    def run_as_root(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Raises CalledProcessError. What it said is kept with it."""
        inside = ["chroot", str(self.folder), *command]
        return subprocess.run(
            ["unshare", "--net", *inside],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
            env=_environment("/root"),
        )

    def run(self, *command: str, check: bool = True, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._as_user(command, ""),
            capture_output=True,
            text=True,
            check=check,
            timeout=timeout,
            env=_environment(f"/{HOME}"),
        )

    def start(self, *command: str, display: str) -> subprocess.Popen[bytes]:
        with (self.folder / "tmp" / "started.log").open("ab") as log:
            process = subprocess.Popen(
                self._as_user(command, display), stdout=log, stderr=subprocess.STDOUT, env=_environment(f"/{HOME}")
            )
        self._started.append(process)
        return process

    def has_ended(self, patience_s: float) -> bool:
        """Whether what was started last ends, with everything that it has started in turn."""
        try:
            self._started[-1].wait(patience_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def said(self) -> str:
        return (self.folder / "tmp" / "started.log").read_text("utf-8", "replace")

    def has(self, command: str) -> bool:
        return self.run("sh", "-c", f"command -v {command}", check=False).returncode == 0

    def _as_user(self, command: Sequence[str], display: str) -> list[str]:
        words = shlex.join([*([f"DISPLAY={display}"] if display else []), "LANG=C.UTF-8", f"HOME=/{HOME}"])
        inside = f"cd /{HOME}; exec setpriv --reuid={ID} --regid={ID} --clear-groups env {words} {shlex.join(command)}"
        top = shlex.quote(str(self.folder))
        # What is mounted here is seen by nobody else and gone with the last process: nothing is left that a clean-up could follow.
        mounts = [f"mount -t proc proc {top}/proc"]
        if display:
            mounts.append(f"mount --bind /tmp/.X11-unix {top}/tmp/.X11-unix")
        script = " && ".join([*mounts, f"exec chroot {top} sh -c {shlex.quote(inside)}"])
        return ["unshare", "--net", "--pid", "--mount", "--fork", "sh", "-c", script]


def _environment(home: str) -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "TERM": "dumb", "DEBIAN_FRONTEND": "noninteractive"}


def is_possible() -> str:
    """What is lacking for such a system, in words; "" if nothing is."""
    if os.geteuid() != 0:
        return "this makes a system in a folder, which needs root"
    lacking = [
        tool for tool in ("mmdebstrap", "unshare", "dpkg-deb", "lintian", "xdotool") if shutil.which(tool) is None
    ]
    return f"this needs {', '.join(lacking)}" if lacking else ""
