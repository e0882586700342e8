"""The packages under test, built as a release is (only packed less tightly), and systems to install them on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from driven_screen import ROOT, wait_for, windows
from package.clean_root import CleanRoot, is_possible, root_archive


@dataclass(frozen=True, slots=True)
class Packages:
    """frozen: the folder with the program. deb, tarball: this build. earlier: one that an upgrade starts from."""

    frozen: Path
    deb: Path
    tarball: Path
    earlier: Path


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """Built now, or those that ELEPHANT_PACKAGES names: a folder that packaging/build.py has filled."""
    lacking = is_possible()
    if lacking and not os.environ.get("CI"):
        pytest.skip(lacking)
    assert not lacking, lacking
    given = os.environ.get("ELEPHANT_PACKAGES")
    out = Path(given) if given else tmp_path_factory.mktemp("packages")
    build = [sys.executable, str(ROOT / "packaging" / "build.py"), "--quick", "--out", str(out)]
    if not given:
        subprocess.run(build, cwd=ROOT, check=True, timeout=2400)
    earlier = tmp_path_factory.mktemp("earlier")
    # An earlier version with a file that this one does not have, which an upgrade has to take away.
    script = ROOT / "packaging" / "linux" / "make_deb.py"
    frozen = ROOT / "build" / "frozen"
    leftover = frozen / "elephant" / "_internal" / "of-an-earlier-version.txt"
    leftover.write_text("gone after an upgrade", "utf-8")
    try:
        suffix = ["--version-suffix", "~earlier", "--quick"]
        command = [sys.executable, str(script), "--frozen", str(frozen), "--out", str(earlier), *suffix]
        subprocess.run(command, cwd=ROOT, check=True, timeout=600)
    finally:
        leftover.unlink()
    (deb,), (tarball,), (before,) = out.glob("*.deb"), out.glob("*.tar*"), earlier.glob("*.deb")
    return Packages(frozen, deb, tarball, before)


@pytest.fixture(scope="session")
def archive(packages: Packages) -> Path:
    return root_archive(packages.deb)


@pytest.fixture
def system(archive: Path, tmp_path: Path) -> Iterator[CleanRoot]:
    wait_for(lambda: not windows(), "no program of a test before is left", 20)
    made = CleanRoot(archive, tmp_path / "system")
    yield made
    made.close()
