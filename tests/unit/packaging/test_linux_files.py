"""What the Linux packages tell a desktop, and that the same files give the same package."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from assistant.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[3]
LINUX = ROOT / "packaging" / "linux"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="packages of Linux")


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(LINUX))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    sys.modules.pop("staging", None)
    import staging as module  # type: ignore[import-not-found]

    yield module
    sys.modules.pop("staging", None)


def test_the_menu_entry_names_the_program_its_types_and_both_languages(staging: Any, tmp_path: Path) -> None:
    staging.write_desktop_files(tmp_path, "1.2.3")
    parser = configparser.RawConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(tmp_path / "applications" / "elephant.desktop", "utf-8")
    entry = parser["Desktop Entry"]
    assert (entry["Exec"], entry["Icon"], entry["Type"]) == ("elephant %F", "elephant", "Application")
    assert set(entry["MimeType"].strip(";").split(";")) == {"inode/directory", "application/x-gguf"}
    for key in ("Comment", "GenericName", "Keywords"):
        assert re.search(r"[一-鿿]", entry[f"{key}[zh_CN]"])


def test_a_model_file_is_known_by_its_name_and_by_its_first_bytes() -> None:
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    (kind,) = ET.parse(LINUX / "elephant-mime.xml").getroot().findall("m:mime-type", space)
    assert kind.get("type") == "application/x-gguf"
    assert kind.find("m:glob", space).get("pattern") == "*.gguf"  # type: ignore[union-attr]
    assert kind.find("m:magic/m:match", space).get("value") == "GGUF"  # type: ignore[union-attr]


def test_every_size_of_the_icon_goes_where_desktops_look(staging: Any, tmp_path: Path) -> None:
    staging.write_desktop_files(tmp_path, "1.2.3")
    icons = {path.parent.parent.name for path in (tmp_path / "icons" / "hicolor").rglob("elephant.*")}
    assert icons == {f"{size}x{size}" for size in staging.SIZES} | {"scalable"}


def test_the_version_stands_in_every_file_that_tells_it(staging: Any) -> None:
    for name in ("elephant.1", "elephant.metainfo.xml"):
        text = staging.filled(name, "9.8.7")
        assert "9.8.7" in text
        assert "@" not in re.sub(r"\S+@\S+\.\S+", "", text)


def test_the_man_page_knows_every_command() -> None:
    page = (LINUX / "elephant.1").read_text("utf-8").replace("\\-", "-")
    commands = page.partition(".SH COMMANDS")[2].partition(".SH OPTIONS")[0]
    missing = [name for name in COMMANDS if not re.search(rf"(?:^|[\s\"]){re.escape(name)}\b", commands)]
    assert missing == []


def test_the_program_gets_plain_permissions_and_keeps_its_links(staging: Any, tmp_path: Path) -> None:
    program = tmp_path / "frozen" / "elephant"
    (program / "_internal").mkdir(parents=True, mode=0o700)
    for name, mode in (("elephant", 0o700), ("_internal/lib.so.0", 0o711), ("_internal/secret.txt", 0o600)):
        (program / name).write_text(name, "utf-8")
        (program / name).chmod(mode)
    (program / "_internal" / "lib.so").symlink_to("lib.so.0")
    staging.copy_program(tmp_path / "frozen", tmp_path / "copy")
    modes = {
        path.relative_to(tmp_path / "copy").as_posix(): path.lstat().st_mode & 0o777
        for path in (tmp_path / "copy").rglob("*")
        if not path.is_symlink()
    }
    assert modes == {"elephant": 0o755, "_internal": 0o755, "_internal/lib.so.0": 0o644, "_internal/secret.txt": 0o644}
    assert (tmp_path / "copy" / "_internal" / "lib.so").readlink() == Path("lib.so.0")


def test_the_same_files_give_the_same_archive_whenever_they_were_made(staging: Any, tmp_path: Path) -> None:
    archives = []
    for number in (1, 2):
        folder = tmp_path / str(number) / "top"
        folder.mkdir(parents=True)
        for name in ("b", "a") if number == 1 else ("a", "b"):
            (folder / name).write_text(name, "utf-8")
            os.utime(folder / name, (number, number))
        staging.pack(folder, tmp_path / f"{number}.tar", "w")
        archives.append((tmp_path / f"{number}.tar").read_bytes())
    assert archives[0] == archives[1]
    with tarfile.open(tmp_path / "1.tar") as tar:
        assert {(entry.mtime, entry.uid, entry.uname) for entry in tar} == {(1700000000, 0, "root")}
        assert tar.getnames() == ["top", "top/a", "top/b"]


def run_menu_script(folder: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [str(folder / "add-to-menu.sh"), *words], capture_output=True, text=True, env=environment, check=False
    )


@pytest.mark.parametrize("name", ["elephant-1.2.3", "My Apps & more", "it's 100% `mine` \\ $HOME"])
def test_the_archive_s_menu_script_quotes_any_path(staging: Any, tmp_path: Path, name: str) -> None:
    folder, home = tmp_path / name, tmp_path / "home"
    staging.write_desktop_files(folder / "share", "1.2.3")
    staging.write(folder / "add-to-menu.sh", (LINUX / "add-to-menu.sh").read_bytes(), 0o755)
    assert run_menu_script(folder, home).returncode == 0
    (line,) = re.findall(
        r"^Exec=(.*)$", (home / ".local/share/applications/elephant.desktop").read_text("utf-8"), re.MULTILINE
    )
    quoted = line.removesuffix(" %F").removeprefix('"').removesuffix('"').replace("%%", "%")
    for _level in ("any value", "inside quotation marks"):
        quoted = re.sub(r"\\(.)", r"\1", quoted)
    assert quoted == str(folder / "elephant")
    assert run_menu_script(folder, home, "--remove").returncode == 0
    assert [path for path in (home / ".local/share").rglob("elephant*") if path.is_file()] == []
    assert run_menu_script(folder, home, "--what").returncode == 2
