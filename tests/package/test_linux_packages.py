"""The Debian package and the tarball as a person meets them: on a system without Python, without our source and without a network.

Launched from the menu's entry, a folder is dropped on the window, a question is asked, and everything is there again after a restart and after
an upgrade. Removing the program leaves what is the user's. Screenshots are kept in tests/output/ for people to look at.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from driven_screen import (
    OUTPUT,
    ROOT,
    answers,
    ask,
    count,
    focus,
    key,
    mouse,
    ready_notes,
    screenshot,
    type_text,
    wait_for,
    windows,
)
from package.clean_root import HOME, ID, CleanRoot
from package.conftest import Packages

NOTES = ROOT / "resources" / "sample-notes"
QUESTION = "When does our flight to Lisbon leave?"
SECOND_QUESTION = "How long does the bread bake?"
DATA = f"{HOME}/.local/share/Elephant"
# A package of the tests is packed fast, which a release is not.
LINTIAN = [
    "lintian",
    "--fail-on",
    "error",
    "--suppress-tags",
    "uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball",
]
ENTRY = "/usr/share/applications/elephant.desktop"

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux packages"),
    pytest.mark.timeout(1800),
]


def put_notes(system: CleanRoot) -> Path:
    """Ann's notes in her home; where they are inside."""
    target = system.home / "Notes"
    shutil.copytree(NOTES, target)
    for path in (target, *target.rglob("*")):
        os.chown(path, ID, ID)
    return Path("/", HOME, "Notes")


def install(system: CleanRoot, package: Path) -> None:
    shutil.copy(package, system.folder / "tmp" / "elephant.deb")
    system.run_as_root("dpkg", "--install", "/tmp/elephant.deb")


def launch(system: CleanRoot) -> None:
    """As a desktop does when somebody chooses Elephant in the menu."""
    # `gio launch` ends once the program is started, and with the first process of a namespace all others end.
    running = "ls -l /proc/[0-9]*/exe 2>/dev/null | grep -q /elephant"
    system.start("sh", "-c", f"gio launch {ENTRY}; while {running}; do sleep 0.2; done", display=os.environ["DISPLAY"])
    wait_for(lambda: bool(windows()), lambda: "a window is shown: " + system.said()[-2000:])
    focus()


@contextmanager
def dropped(folder: Path) -> Iterator[None]:
    """Drag a folder out of another program's window onto Elephant's. The other program is there until the block ends."""
    command = [sys.executable, str(Path(__file__).with_name("drag_source.py")), "1470", "930", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as source:
        assert source.stdout is not None
        assert source.stdout.readline().strip() == "ready"
        mouse("mousemove", "1500", "950", "mousedown", "1")
        for x, y in ((1490, 940), (1400, 850), (900, 500), (700, 420), (690, 410), (680, 405)):
            mouse("mousemove", "--sync", str(x), str(y))
            time.sleep(0.15)  # a hand is not faster, and the protocol answers each move
        screenshot("package-2-dragging")
        mouse("mouseup", "1")
        assert source.stdout.readline().strip() == "dropped"
        yield
        source.terminate()


def cited(data: Path) -> int:
    """Answers that name the note in which the flight stands."""
    return count(data, "conversations.sqlite", "SELECT count(*) FROM turns WHERE answer LIKE '%Lisbon trip.md%'")


def leave(system: CleanRoot) -> None:
    focus()
    key("ctrl+q")
    assert system.has_ended(60.0), f"the program did not end, see {screenshot('not-ended').name}"
    assert not windows()


def kept(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def test_from_the_menu_to_a_cited_answer_through_an_upgrade_and_out_again(
    packages: Packages, system: CleanRoot
) -> None:
    data = system.folder / DATA
    install(system, packages.earlier)
    assert not system.has("python3")
    assert (system.folder / "usr/lib/elephant/_internal/of-an-earlier-version.txt").is_file()
    notes = put_notes(system)
    before = kept(system.home / "Notes")

    launch(system)
    time.sleep(3.0)  # for the picture only
    screenshot("package-1-first-run")
    with dropped(notes):
        wait_for(lambda: ready_notes(data) == len(before), "every note is ready", 240)
    ask(QUESTION, data)
    time.sleep(1.5)  # for the picture only: the last words are being drawn
    screenshot("package-3-answered")
    assert cited(data) == 1
    leave(system)

    launch(system)
    time.sleep(3.0)  # for the picture only
    screenshot("package-4-again")
    assert (ready_notes(data), answers(data)) == (len(before), 1)
    leave(system)

    install(system, packages.deb)
    assert not (system.folder / "usr/lib/elephant/_internal/of-an-earlier-version.txt").exists()
    launch(system)  # and the question is typed at once
    ask(SECOND_QUESTION, data)
    time.sleep(1.5)  # for the picture only
    screenshot("package-5-upgraded")
    assert ready_notes(data) == len(before)
    key("ctrl+k")
    type_text("about elephant")
    key("Return")
    time.sleep(2.0)  # for the picture only
    screenshot("package-6-about")
    leave(system)
    assert "Traceback" not in system.said()

    mine = kept(system.folder / DATA)
    system.run_as_root("dpkg", "--purge", "elephant")
    left = [path for path in (system.folder / "usr").rglob("*elephant*") if "doc-base" not in path.parts]
    assert left == []
    assert kept(system.folder / DATA) == mine
    assert kept(system.home / "Notes") == before


def test_the_tarball_runs_where_it_is_unpacked(packages: Packages, system: CleanRoot) -> None:
    apps = system.home / "My Apps & more"
    with tarfile.open(packages.tarball) as tar:
        tar.extractall(apps, filter="data")
    subprocess.run(["chown", "-R", f"{ID}:{ID}", str(apps)], check=True)
    (top,) = apps.iterdir()
    program = str(Path("/", HOME, apps.name, top.name, "elephant"))
    notes = put_notes(system)

    said = system.run(program, "doctor").stdout
    assert not [line for line in said.splitlines() if not line.startswith("ok")], said
    assert "kernels of " in said
    assert "Every file of this copy is as it was built" in system.run(program, "about", "--check").stdout
    assert json.loads(system.run(program, "index", str(notes), "--json").stdout)["failed"] == []
    answer = json.loads(system.run(program, "ask", QUESTION, "--json").stdout)
    assert answer["citations"][0]["note"].startswith("Travel/")
    assert not answer["refused"]

    system.start(program, display=os.environ["DISPLAY"])
    wait_for(lambda: bool(windows()), lambda: "a window is shown: " + system.said()[-2000:])
    focus()
    time.sleep(2.0)  # for the picture only
    screenshot("package-7-tarball")
    leave(system)


def test_the_tarball_puts_itself_into_the_menu_and_out_again(packages: Packages, system: CleanRoot) -> None:
    apps = system.home / "My Apps & more"
    with tarfile.open(packages.tarball) as tar:
        tar.extractall(apps, filter="data")
    subprocess.run(["chown", "-R", f"{ID}:{ID}", str(apps)], check=True)
    (top,) = apps.iterdir()
    script = str(Path("/", HOME, apps.name, top.name, "add-to-menu.sh"))
    system.run(script)
    entry = system.home / ".local/share/applications/elephant.desktop"
    assert f'Exec="/{HOME}/{apps.name}/{top.name}/elephant" %F' in entry.read_text("utf-8")
    system.start(
        "sh",
        "-c",
        f"gio launch '/{HOME}/.local/share/applications/elephant.desktop'; sleep 60",
        display=os.environ["DISPLAY"],
    )
    wait_for(lambda: bool(windows()), lambda: "a window is shown: " + system.said()[-2000:])
    system.run(script, "--remove")
    assert not list((system.home / ".local/share").rglob("elephant.*"))


def test_the_package_is_as_debian_wants_it(packages: Packages) -> None:
    told = subprocess.run([*LINTIAN, str(packages.deb)], capture_output=True, text=True, timeout=600)
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "lintian.txt").write_text(told.stdout, "utf-8")
    assert told.returncode == 0, "\n".join(line for line in told.stdout.splitlines() if line.startswith("E:"))


def test_the_frozen_program_reads_notes_as_the_source_does(packages: Packages, tmp_path: Path) -> None:
    """What a library looks for beside its code and does not find shows here: a page that is read otherwise."""
    shutil.copytree(ROOT / "tests" / "data", tmp_path / "notes" / "data", ignore=shutil.ignore_patterns("folders"))
    shutil.copytree(NOTES, tmp_path / "notes" / "samples")
    found = {}
    for name, command in (
        ("source", [sys.executable, "-m", "assistant"]),
        ("frozen", [str(packages.frozen / "elephant" / "elephant")]),
    ):
        data = tmp_path / name
        index = [*command, "--data-dir", str(data), "index", str(tmp_path / "notes"), "--json"]
        subprocess.run(index, cwd=ROOT, check=True, capture_output=True, timeout=600)
        found[name] = _passages(data)
    assert found["frozen"] == found["source"]
    assert len(found["source"]) > 50


def _passages(data: Path) -> list[tuple[str, str]]:
    import sqlite3

    (catalog,) = data.glob("index/*/catalog.sqlite")
    with sqlite3.connect(f"file:{catalog}?mode=ro", uri=True) as connection:
        sql = "SELECT files.note, chunks.text FROM chunks JOIN files ON files.id = chunks.file_id ORDER BY 1, chunks.ordinal"
        return list(connection.execute(sql))
