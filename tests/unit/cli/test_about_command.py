"""`elephant about`: the same as the page, as text and as JSON; the check says by its exit code whether the copy is whole."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.domain import resources
from assistant.domain.checksum_list import list_text
from assistant.engine.paths import DataPaths, OwnerLock


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A frozen program with a list of checksums."""
    top = tmp_path / "Elephant"
    about = top / "_internal" / "about"
    about.mkdir(parents=True)
    (top / "elephant").write_bytes(b"program")
    (about / "checksums.txt").write_text(list_text({"elephant": hashlib.sha256(b"program").hexdigest()}), "utf-8")
    monkeypatch.setattr(resources.sys, "_MEIPASS", str(top / "_internal"), raising=False)
    monkeypatch.setattr(resources.sys, "executable", str(top / "elephant"))
    return top


def test_it_tells_of_parts_and_licences_beside_an_open_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    paths = DataPaths(data)
    paths.make()
    lock = OwnerLock(paths)
    lock.take(0)
    try:
        assert main(["about", "--data-dir", str(data)]) == 0
    finally:
        lock.release()
    shown = capsys.readouterr().out
    assert shown.startswith("Elephant ")
    assert "Jinja2 3" in shown
    assert "No bill of materials came with this copy" in shown


def test_as_json_it_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["is_built"] is False
    assert {"name", "version", "licence", "kind", "home", "has_text"} <= set(values["parts"][0])


def test_a_part_s_licence_is_printed_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "--licence", "JINJA2"]) == 0
    assert "Redistribution and use" in capsys.readouterr().out
    assert main(["about", "--licence", "no such part"]) == 1
    assert "no part is called no such part" in capsys.readouterr().err


def test_a_copy_without_checksums_says_why_it_cannot_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "--check"]) == 1
    assert "no checksums came with it" in capsys.readouterr().err


def test_a_whole_copy_is_confirmed_and_a_changed_one_is_not(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "--check"]) == 0
    assert "Every file of this copy is as it was built (1 looked at)" in capsys.readouterr().out
    (built / "elephant").write_bytes(b"another")
    (built / "more").write_bytes(b"x")
    assert main(["about", "--check"]) == 1
    shown = capsys.readouterr().out
    assert "Changed: elephant" in shown
    assert "Not of the build: more" in shown
    assert main(["about", "--check", "--json"]) == 1
    values = json.loads(capsys.readouterr().out)
    assert (values["whole"], values["changed"], values["extra"]) == (False, ["elephant"], ["more"])


def test_a_tampered_list_is_refused(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built / "_internal" / "about" / "checksums.txt").write_text(f"{'0' * 64}  ../../outside\n", "utf-8")
    assert main(["about", "--check"]) == 1
    assert "damaged or was tampered with" in capsys.readouterr().err


def test_only_one_thing_is_asked_at_a_time() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["about", "--check", "--licence", "x"])
    assert ended.value.code == 2
