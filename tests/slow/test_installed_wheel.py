"""The wheel: what is in it, that it can be made from the source archive, and that an installation of it runs without a clone.

Nothing is fetched: the build tools and the libraries are those of the environment that runs the tests.
"""

from __future__ import annotations

import base64
import configparser
import email.message
import email.parser
import hashlib
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tarfile
import time
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import assistant

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = f"elephant-{assistant.__version__}"
INFO = f"{NAME}.dist-info"
SHIPPED = "assistant/_shipped"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
SUFFIX = ".exe" if os.name == "nt" else ""
START_S = 60


def build(target: str, source: Path, out: Path) -> Path:
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=120)
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def metadata(unpacked: Path) -> email.message.Message:
    return email.parser.Parser().parsestr((unpacked / INFO / "METADATA").read_text(encoding="utf-8"))


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


# ---- what is in it ---------------------------------------------------------------------------------------------------


def test_it_holds_the_program_and_what_it_needs_and_nothing_else(names: set[str]) -> None:
    code = {f"assistant/{name}" for name in files_below(ROOT / "assistant")}
    resources = {f"{SHIPPED}/resources/{name}" for name in files_below(ROOT / "resources") if not name.endswith(".ts")}
    info = {f"{INFO}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")}
    licences = {f"{INFO}/licenses/{name}" for name in ("LICENSE", "NOTICE")}
    assert names == code | resources | {f"{SHIPPED}/models/manifest.toml"} | info | licences


def test_its_record_names_every_file_with_its_checksum(unpacked: Path, names: set[str]) -> None:
    record = f"{INFO}/RECORD"
    lines = [line.rsplit(",", 2) for line in (unpacked / record).read_text(encoding="utf-8").splitlines()]
    assert {name.strip('"') for name, _, _ in lines} == names
    for name, told, size in lines:
        if name == record:
            continue
        data = (unpacked / name.strip('"')).read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        assert (told, size) == (f"sha256={digest}", str(len(data))), name


def test_its_metadata_say_what_the_project_says(unpacked: Path, metadata: email.message.Message) -> None:
    assert metadata["Name"] == "elephant"
    assert metadata["Version"] == assistant.__version__
    assert metadata["Summary"] == PROJECT["description"]
    assert metadata["License-Expression"] == "Apache-2.0"
    for name in metadata.get_all("License-File", []):
        assert (unpacked / INFO / "licenses" / name).read_text(encoding="utf-8") == (ROOT / name).read_text("utf-8")
    assert metadata["Requires-Python"] == ",".join(reversed(PROJECT["requires-python"].split(",")))
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")
    needed = metadata.get_all("Requires-Dist", [])
    assert len(needed) == len(PROJECT["dependencies"])
    for line in needed:
        assert re.fullmatch(r"[a-z0-9-]+[<>=!~.,0-9]+(; (python_version|sys_platform) [<>=]+ '[a-z0-9.]+')?", line), (
            line
        )


def test_there_is_a_script_for_the_terminal_and_one_for_the_window(unpacked: Path) -> None:
    parser = configparser.ConfigParser()
    parser.read(unpacked / INFO / "entry_points.txt", "utf-8")
    assert dict(parser["console_scripts"]) == {"elephant": "assistant.__main__:main"}
    assert dict(parser["gui_scripts"]) == {"elephant-window": "assistant.__main__:main"}


def test_the_source_archive_becomes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    again = build("wheel", tmp_path / NAME, tmp_path / "again")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_every_resource_is_found_where_there_is_no_clone(unpacked: Path) -> None:
    """With the standard library alone, as the first lines of the program find it."""
    code = f"""
import sys
sys.path.insert(0, {str(unpacked)!r})
from assistant.domain import resources
assert resources.__file__.startswith({str(unpacked)!r}), resources.__file__
assert not resources.is_checkout()
print(resources.resources_folder())
print(resources.shelf_folder())
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd="/", capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    resources, shelf = map(Path, done.stdout.splitlines())
    wanted = {name for name in files_below(ROOT / "resources") if not name.endswith(".ts")}
    assert files_below(resources) == wanted
    for name in wanted:
        assert (resources / name).read_bytes() == (ROOT / "resources" / name).read_bytes(), name
    assert (shelf / "manifest.toml").read_bytes() == (ROOT / "models" / "manifest.toml").read_bytes()


# ---- installed -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripts of a new environment with the wheel in it. The libraries are lent by a .pth file: a folder that is named in one
    does not have its own .pth files read, so the clone, which the tests' environment points at, stays out."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    python = folder / SCRIPTS / f"python{SUFFIX}"
    where = [str(python), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(where, check=True, capture_output=True, text=True, timeout=60).stdout.strip())
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "lent.pth").write_text("".join(f"{path}\n" for path in sorted(lent)), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--isolated", "--python", str(python), "install", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--no-deps", "--no-index", "--no-cache-dir", str(wheel)], check=True, capture_output=True, timeout=120
    )
    return folder / SCRIPTS


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """A person's: no word of a clone, and a shelf that is empty."""
    for name in ("PYTHONPATH", "ELEPHANT_MODELS_DIR"):
        monkeypatch.delenv(name, raising=False)
    return {**os.environ, "ELEPHANT_DATA_DIR": str(tmp_path / "data"), "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    """A folder of notes with files that Python would load instead of its own modules, of libraries and of ours."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "Boiler.md").write_text("# Boiler\n\nIt was serviced on 2 October.\n", encoding="utf-8")
    for name in ("assistant", "msgspec", "psutil", "tempfile", "pypdf", "chromadb", "PySide6"):
        (folder / name).mkdir()
        for file in ("__init__.py", "__main__.py"):
            (folder / name / file).write_text(f"open({str(tmp_path / 'trapped')!r}, 'a').write({name!r})\n", "utf-8")
    return folder


def run(scripts: Path, variables: dict[str, str], folder: Path, *arguments: str) -> str:
    command = [str(scripts / f"elephant{SUFFIX}"), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, encoding="utf-8", timeout=START_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("script", ["elephant", "elephant-window"])
def test_both_scripts_start(scripts: Path, variables: dict[str, str], script: str) -> None:
    command = [str(scripts / f"{script}{SUFFIX}"), "--version"]
    done = subprocess.run(command, cwd="/", env=variables, capture_output=True, text=True, timeout=START_S)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"elephant {assistant.__version__}\n", "")


def test_in_a_folder_of_notes_nothing_of_them_is_loaded_as_a_program(
    scripts: Path, variables: dict[str, str], traps: Path, tmp_path: Path
) -> None:
    told = run(scripts, variables, traps, "index", ".", "--json")
    assert '"failed": []' in told
    assert "Boiler.md" in run(scripts, variables, traps, "search", "boiler")
    assert "vector store: chromadb" in run(scripts, variables, traps, "doctor")
    assert not (tmp_path / "trapped").exists()


def test_the_shelf_is_the_wheels_and_the_models_lie_with_the_data(
    scripts: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    assert "smollm2-135m-instruct" in run(scripts, variables, tmp_path, "models", "list")
    told = run(scripts, variables, tmp_path, "doctor")
    assert told.count("`elephant models pull starter` gets one") == 2
    assert str(tmp_path / "data") in told


@pytest.mark.skipif(os.name == "nt", reason="a window on Windows is not ended by a signal")
def test_the_window_opens_and_ends(scripts: Path, variables: dict[str, str], traps: Path, tmp_path: Path) -> None:
    command = [str(scripts / "elephant-window")]
    with (tmp_path / "said").open("wb") as said:
        window = subprocess.Popen(command, cwd=traps, env=variables, stdout=said, stderr=said)
        try:
            stored = tmp_path / "data" / "conversations.sqlite"  # the engine's work, once the window is there
            deadline = time.monotonic() + START_S
            while not stored.exists() and window.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            assert stored.exists()
            window.send_signal(signal.SIGTERM)
            code = window.wait(START_S)
            assert code == 0, (tmp_path / "data" / "logs" / "window-crashes.log").read_text("utf-8")
        finally:
            window.kill()
            window.wait()
    assert (tmp_path / "said").read_text(encoding="utf-8") == ""
    assert not (tmp_path / "trapped").exists()
