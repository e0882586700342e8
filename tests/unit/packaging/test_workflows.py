"""The workflow files parse, call what exists with options that are known, and may do no more than they must."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging_files import ROOT, load_script

import assistant
from tools.checks import TIERS

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SYSTEMS = {"ubuntu": "linux", "windows": "win32", "macos": "darwin"}
tag = load_script("tag.py")


def content(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))
    return parsed


def steps(name: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(name of the job, job, step)"""
    for job_name, job in content(name)["jobs"].items():
        for step in job["steps"]:
            yield job_name, job, step


def system_of(job: dict[str, Any]) -> str:
    return SYSTEMS[job["runs-on"].split("-")[0]]


def build_commands() -> list[Any]:
    return [
        pytest.param(system_of(job), line.strip(), id=f"{job_name}-{number}")
        for number, (job_name, job, step) in enumerate(steps("release.yml"))
        for line in step.get("run", "").splitlines()
        if "packaging/build.py" in line
    ]


def test_there_are_the_two_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["check.yml", "release.yml"]


@pytest.mark.parametrize("name", ["check.yml", "release.yml"])
def test_jobs_are_whole(name: str) -> None:
    jobs = content(name)["jobs"]
    for job in jobs.values():
        assert job["timeout-minutes"] <= 150
        needed = job.get("needs", [])
        assert set([needed] if isinstance(needed, str) else needed) <= jobs.keys()
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step)


@pytest.mark.parametrize("name", ["check.yml", "release.yml"])
def test_actions_are_githubs_own_and_pinned_to_a_commit(name: str) -> None:
    text = (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    for use in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)
    pins = {use.split("@")[0]: use for use in used}
    assert len(pins) == len(set(used))  # the same action at the same commit everywhere


def test_a_workflow_may_only_read_but_for_the_last_step_of_a_release() -> None:
    for name in ("check.yml", "release.yml"):
        assert content(name)["permissions"] == {"contents": "read"}
        for job_name, job in content(name)["jobs"].items():
            if job_name != "publish":
                assert "permissions" not in job
    publish = content("release.yml")["jobs"]["publish"]
    assert publish["permissions"] == {"contents": "write", "id-token": "write", "attestations": "write"}
    assert not any(
        "checkout" in step.get("uses", "") for step in publish["steps"]
    )  # no code of the repository runs with them


def test_the_checkout_keeps_no_token() -> None:
    for name in ("check.yml", "release.yml"):
        for _, _, step in steps(name):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"] == {"persist-credentials": False}


def test_no_secret_and_no_text_from_outside_stands_in_a_command() -> None:
    """Both are handed over in variables: a command line is shown, and a name could hold a command."""
    for name in ("check.yml", "release.yml"):
        for _, _, step in steps(name):
            assert "${{" not in step.get("run", "")
            assert not re.search(r"echo.*(CERTIFICATE|NOTARY|TOKEN|PASSWORD)|set -x|printenv", step.get("run", ""))


def test_secrets_are_given_to_those_steps_alone_that_need_them() -> None:
    told = [
        (job_name, name)
        for job_name, job in content("release.yml")["jobs"].items()
        for name, value in job.get("env", {}).items()
        if "secrets." in str(value)
    ]
    assert told == [("macos", "HAS_CERTIFICATE")]  # a yes or no
    assert content("release.yml")["jobs"]["macos"]["env"]["HAS_CERTIFICATE"].endswith("!= '' }}")
    for _, _, step in steps("release.yml"):
        if any("secrets." in str(value) for value in step.get("env", {}).values()):
            assert step["if"] == "env.HAS_CERTIFICATE == 'true'"


@pytest.mark.parametrize("name", ["check.yml", "release.yml"])
def test_every_file_that_is_called_exists(name: str) -> None:
    called = [
        word
        for _, _, step in steps(name)
        for word in re.findall(r"(?<![\w./-])(?:packaging/[\w./-]+|\.ci/\w+|\w+\.py)", step.get("run", ""))
    ]
    assert called
    for word in called:
        assert (ROOT / word).is_file(), word


def test_the_checks_that_are_asked_for_exist() -> None:
    commands = [step["run"] for _, _, step in steps("check.yml") if "check.py" in step.get("run", "")]
    assert commands == ["python check.py --fast"]
    assert (
        "--fast"
        in subprocess.run(
            [sys.executable, str(ROOT / "check.py"), "--list"], capture_output=True, text=True, check=True
        ).stdout
    )
    assert {"unit", "gui"} <= set(TIERS)


class Environment:
    """Of the environment that a build sets up, what the build looks at before it runs anything."""

    @staticmethod
    def variables() -> dict[str, str]:
        return {}


@pytest.mark.parametrize(("system", "line"), build_commands())
def test_the_build_understands_what_it_is_asked(system: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the words of the workflow, on the system that it runs on; nothing is built, but which scripts would be called is seen."""
    build = load_script("build.py")
    called: list[str] = []
    monkeypatch.setattr(build, "prepare", lambda script, arguments, goals: Environment())
    monkeypatch.setattr(build, "build_llama", lambda *given: None)
    monkeypatch.setattr(build, "freeze", lambda *given: called.append("freeze"))
    monkeypatch.setattr(build, "make", lambda environment, variables, script, options: called.append(script))
    monkeypatch.setattr(build, "write_reports", lambda out: None)
    monkeypatch.setattr(build.sys, "platform", system)
    words = shlex.split(line.replace("$env:SUFFIX", "~rc1").replace("$SUFFIX", ""))
    assert words[:2] == ["python", "packaging/build.py"]
    assert build.main(words[2:]) == 0
    made = {
        "linux": ["linux/make_deb.py", "linux/make_tarball.py"],
        "win32": ["windows/make.py"],
        "darwin": ["macos/make.py"],
    }
    assert called == ["freeze", *made[system]]


def test_each_system_builds_what_people_download_there() -> None:
    asked: dict[str, set[str]] = {}
    for parameters in build_commands():
        system, line = parameters.values
        asked.setdefault(str(system), set()).update(shlex.split(str(line)))
    assert {"freeze", "deb", "tarball"} <= asked["linux"]
    assert {"freeze", "windows"} <= asked["win32"]
    assert {"freeze", "macos"} <= asked["darwin"]


def test_the_build_is_told_where_releases_are_announced() -> None:
    address = content("release.yml")["env"]["ELEPHANT_RELEASES"]
    assert address == "${{ github.api_url }}/repos/${{ github.repository }}/releases/latest"


def test_a_release_is_a_draft_with_checksums_and_attested() -> None:
    publish = content("release.yml")["jobs"]["publish"]
    assert set(publish["needs"]) == {"linux", "windows", "macos"}
    commands = "\n".join(step.get("run", "") for step in publish["steps"])
    assert "sha256sum -- * > SHA256SUMS" in commands
    assert "--draft" in commands
    assert any(step.get("uses", "").startswith("actions/attest@") for step in publish["steps"])


def test_each_system_adds_its_bill_of_materials_under_a_name_of_its_own() -> None:
    found = [re.search(r"^cp (\S+) dist/(\S+)$", step.get("run", "")) for _, _, step in steps("release.yml")]
    copies = [match for match in found if match]
    assert {match[2] for match in copies} == {f"elephant-{system}.cdx.json" for system in ("linux", "windows", "macos")}
    assert {Path(match[1]).name for match in copies} == {"parts.cdx.json"}
    assert {match[1].split("/about/")[0] for match in copies} == {
        "build/frozen/elephant/_internal",
        "build/frozen/Elephant.app/Contents/Resources",  # where macos/make.py puts it
    }


def test_gathering_refuses_two_files_of_one_name_and_sums_the_rest(tmp_path: Path) -> None:
    (gather,) = [step["run"] for _, _, step in steps("release.yml") if "SHA256SUMS" in step.get("run", "")]
    for system, name in (("linux", "a.deb"), ("windows", "a.exe"), ("macos", "with space.dmg")):
        (tmp_path / "parts" / system).mkdir(parents=True)
        (tmp_path / "parts" / system / name).write_text(system, encoding="utf-8")
    if sys.platform.startswith("linux"):  # it is run there alone, with that system's mv and sha256sum
        assert subprocess.run(["bash", "-c", gather], cwd=tmp_path, check=False, capture_output=True).returncode == 0
        sums = (tmp_path / "dist" / "SHA256SUMS").read_text(encoding="utf-8")
        assert [line.split("  ")[1] for line in sums.splitlines()] == ["a.deb", "a.exe", "with space.dmg"]
        (tmp_path / "dist").rename(tmp_path / "before")
        for system in ("linux", "windows"):
            (tmp_path / "parts" / system / "bill.json").write_text(system, encoding="utf-8")
        twice = subprocess.run(["bash", "-c", gather], cwd=tmp_path, check=False, capture_output=True, text=True)
        assert twice.returncode == 1
        assert "file of the same name" in twice.stderr


# --------------------------------------------------------------------------------------------------------------- README


README = (ROOT / "packaging" / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_setting_of_the_repository() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    taken = set(re.findall(r"(?:secrets|vars)\.(\w+)", text))
    assert taken == set(re.findall(r"`((?:MACOS|WINDOWS)_\w+)`", README))


def test_the_readme_names_files_that_are_there() -> None:
    named = re.findall(r"`((?:windows|macos)/[\w./*-]+|packaging/[\w./-]+|\.github/[\w./-]+|docs/[\w./-]+)`", README)
    assert len(named) > 10
    for name in named:
        folder = ROOT / "packaging" if name.startswith(("windows/", "macos/")) else ROOT
        assert list(folder.glob(name)), name


def test_the_readme_says_what_is_unproven() -> None:
    unproven = README.partition("**Unproven**")[2]
    assert {"Windows", "macOS", "Workflows"} <= set(re.findall(r"^- (\w+):", unproven, re.MULTILINE))


# ------------------------------------------------------------------------------------------------------------------ tag


@pytest.mark.parametrize(
    ("name", "suffix"), [("v0.2.0", ""), ("v0.2.0-rc1", "~rc1"), ("v0.2.0-b2", "~b2"), ("v0.2.0-a10", "~a10")]
)
def test_a_tag_says_what_kind_of_release_it_is(name: str, suffix: str) -> None:
    assert tag.suffix_of(name, "0.2.0") == suffix


@pytest.mark.parametrize(
    "name", ["0.2.0", "v0.2.1", "v0.2.0-", "v0.2.0-rc", "v0.2.0rc1", "v0x2.0", "v0.2.0-rc1\nsuffix=evil", ""]
)
def test_a_tag_of_another_version_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(ValueError, match=r"is not v0\.2\.0, with -rc1 .*__init__\.py\.$"):
        tag.suffix_of(name, "0.2.0")


def test_the_tag_script_answers_as_github_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert tag.main([f"v{assistant.__version__}-rc3"]) == 0
    assert capsys.readouterr().out == "suffix=~rc3\n"
    assert tag.main(["v999.0"]) == 1
    assert tag.main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "v999.0 is not" in said.err
