"""llama.cpp is compiled without AMX, kept, and compiled anew when the kept build is not for this machine or not whole."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from pathlib import Path

import pytest

from tools import bootstrap, llama
from tools.bootstrap import Environment
from tools.llama import NO_AMX, KeptWheel
from tools.machine import SetupError

WHEEL = "llama_cpp_python-0.3.36-py3-none-any.whl"


@pytest.fixture(autouse=True)
def machine_of_the_test(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CC", "CXX", "CFLAGS", "CXXFLAGS", "CMAKE_ARGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ELEPHANT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(llama, "processor", lambda: "fpu sse2 avx2")


class Builder:
    """Stands in for the children of a set-up: notes each command, and lets a build leave a wheel of its own."""

    def __init__(self) -> None:
        self.builds: list[list[str]] = []
        self.build_flags: list[str | None] = []
        self.installed: list[bytes] = []
        self.install_options: list[list[str]] = []
        self.succeeds = True

    def __call__(
        self,
        _environment: Environment,
        command: list[str],
        _what: str,
        hint: str = "",
        variables: dict[str, str] | None = None,
    ) -> None:
        if "wheel" in command:
            self.builds.append(command)
            self.build_flags.append((variables or {}).get("CXXFLAGS"))
            if not self.succeeds:
                raise SetupError("It stopped while building llama.cpp.")
            Path(command[command.index("-w") + 1], WHEEL).write_bytes(b"build %d" % len(self.builds))
        else:
            self.installed.append(Path(command[-1]).read_bytes())
            self.install_options.append(command[:-1])


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> Builder:
    made = Builder()
    monkeypatch.setattr(bootstrap, "attempt", made)
    monkeypatch.setattr(llama, "find_compiler", lambda: "g++")
    monkeypatch.setattr(llama, "accepts", lambda _compiler, _language, _flags: True)
    return made


def new_environment(folder: Path, uv: str | None = None) -> Environment:
    folder.mkdir()
    return Environment(folder, uv=uv)


def test_a_second_environment_gets_the_build_of_the_first(builder: Builder, tmp_path: Path) -> None:
    for name in ("one", "two"):
        bootstrap.build_llama(new_environment(tmp_path / name), "")
    assert len(builder.builds) == 1
    assert builder.installed == [b"build 1", b"build 1"]


def test_a_build_leaves_nothing_else_behind(builder: Builder, tmp_path: Path) -> None:
    environment = new_environment(tmp_path / "one")
    bootstrap.build_llama(environment, "")
    assert list(environment.folder.iterdir()) == []
    assert sorted(path.name for path in (tmp_path / "cache").rglob("*.*")) == [WHEEL, WHEEL + ".sha256"]


@pytest.mark.parametrize("damage", ["wheel", "checksum", "no checksum", "no wheel"])
def test_a_damaged_build_is_made_again(builder: Builder, tmp_path: Path, damage: str) -> None:
    bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    wheel = next((tmp_path / "cache").rglob("*.whl"))
    checksum = wheel.with_name(wheel.name + ".sha256")
    if damage == "wheel":
        wheel.write_bytes(b"buil")
    elif damage == "checksum":
        checksum.write_bytes(b"\xff\xfe")
    else:
        (wheel if damage == "no wheel" else checksum).unlink()
    for name in ("two", "three"):
        bootstrap.build_llama(new_environment(tmp_path / name), "")
    assert builder.installed == [b"build 1", b"build 2", b"build 2"]


def test_another_processor_gets_its_own_build_and_the_first_stays(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    with monkeypatch.context() as patch:
        patch.setattr(llama, "processor", lambda: "fpu sse2")
        bootstrap.build_llama(new_environment(tmp_path / "two"), "")
    bootstrap.build_llama(new_environment(tmp_path / "three"), "")
    assert builder.installed == [b"build 1", b"build 2", b"build 1"]


def test_a_build_that_fails_is_not_kept(builder: Builder, tmp_path: Path) -> None:
    builder.succeeds = False
    with pytest.raises(SetupError):
        bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    assert not list((tmp_path / "cache").rglob("*.whl"))
    assert builder.installed == []


def test_a_cache_that_cannot_be_written_does_not_stop_the_set_up(builder: Builder, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    assert builder.installed == [b"build 1"]


def test_without_a_home_the_build_is_installed_all_the_same(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama, "cache_folder", lambda: None)
    bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    assert builder.installed == [b"build 1"]


@pytest.mark.parametrize("uv", [None, "uv"])
def test_no_other_cache_and_no_foreign_wheel_is_used(builder: Builder, tmp_path: Path, uv: str | None) -> None:
    environment = new_environment(tmp_path / "one", uv=uv)
    bootstrap.build_llama(environment, "")
    assert builder.builds[0][:4] == [str(environment.python), "-m", "pip", "wheel"]
    assert {"--no-cache-dir", "--require-hashes", "--no-deps", "--no-build-isolation"} <= set(builder.builds[0])
    assert "--no-binary=llama-cpp-python" in builder.builds[0]
    options = set(builder.install_options[0])
    assert {"--no-index", "--no-deps", "--force-reinstall", "--no-cache" if uv else "--no-cache-dir"} <= options


def test_a_kept_build_needs_no_compiler(builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    monkeypatch.setattr(llama, "find_compiler", lambda: None)
    bootstrap.build_llama(new_environment(tmp_path / "two"), "")
    assert builder.installed == [b"build 1", b"build 1"]


def test_a_missing_compiler_is_said_before_the_build(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama, "find_compiler", lambda: None)
    with pytest.raises(SetupError, match=r"No C\+\+ compiler was found"):
        bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    assert builder.builds == []


def test_the_build_is_told_to_leave_amx_out_after_the_users_own_flags(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXXFLAGS", "-O3  -g")
    bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    assert builder.build_flags == ["-O3 -g -mno-amx-tile -mno-amx-int8 -mno-amx-bf16"]


def test_a_compiler_that_does_not_know_the_flags_is_left_alone(
    builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama, "accepts", lambda _compiler, language, _flags: language == "c")
    bootstrap.build_llama(new_environment(tmp_path / "one"), "")
    assert builder.build_flags == [None]


@pytest.mark.parametrize("found", ["/vs/vswhere.exe", "/vs/cl.exe"])
def test_microsofts_compiler_is_left_alone(builder: Builder, monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    monkeypatch.setattr(llama, "find_compiler", lambda: found)
    assert llama.accepted_flags() == ()


@pytest.mark.parametrize(
    ("processor", "flags"), [("x86_64", NO_AMX), ("AMD64", NO_AMX), ("arm64", ()), ("aarch64", ())]
)
def test_only_processors_that_can_have_amx_are_compiled_without_it(
    builder: Builder, monkeypatch: pytest.MonkeyPatch, processor: str, flags: tuple[str, ...]
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: processor)
    assert llama.accepted_flags() == flags


def test_environments_that_were_built_with_amx_are_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def digest() -> str:
        return next(digest for name, digest, _act in bootstrap.steps_for(()) if name == "llama.cpp")

    without = digest()
    monkeypatch.setattr(llama, "NO_AMX", ())
    assert digest() != without


def test_a_compiler_is_asked_with_an_empty_file(tmp_path: Path) -> None:
    fake = tmp_path / "compiler.py"
    fake.write_text(
        "import sys\nsys.exit(sys.stdin.read() != '' or '-mno-amx-tile' in sys.argv and 'old' in sys.argv)\n",
        encoding="utf-8",
    )
    words = f"{Path(sys.executable).as_posix()} {fake.as_posix()}"
    assert llama.accepts(words, "c++", NO_AMX)
    assert not llama.accepts(words + " old", "c++", NO_AMX)
    assert not llama.accepts(str(tmp_path / "missing"), "c++", NO_AMX)


def test_what_shapes_a_build_is_in_its_key_and_nothing_else() -> None:
    key = llama.wheel_key("lock", {"PATH": "/bin"})
    assert llama.wheel_key("lock", {"PATH": "/usr/bin", "CMAKE_BUILD_PARALLEL_LEVEL": "2"}) == key
    others = {
        llama.wheel_key("another lock", {}),
        llama.wheel_key("lock", {"CFLAGS": "-O1"}),
        llama.wheel_key("lock", {"CXXFLAGS": "-O1"}),
        llama.wheel_key("lock", {"CXX": "clang++"}),
        llama.wheel_key("lock", {"CMAKE_ARGS": "-DGGML_VULKAN=ON"}),
        llama.wheel_key("lock", {"SKBUILD_CMAKE_ARGS": "-DGGML_VULKAN=ON"}),
    }
    assert len(others | {key}) == 7


def test_the_checksum_file_is_one_that_sha256sum_can_check(tmp_path: Path) -> None:
    wheel = tmp_path / WHEEL
    wheel.write_bytes(b"built")
    kept = KeptWheel(tmp_path / "kept")
    kept.keep(wheel)
    found = kept.find()
    assert found == tmp_path / "kept" / WHEEL
    said = found.with_name(WHEEL + ".sha256").read_text(encoding="utf-8")
    assert said == f"{hashlib.sha256(b'built').hexdigest()}  {WHEEL}\n"


@pytest.mark.skipif(os.name == "nt", reason="folders of Linux and macOS")
def test_builds_are_kept_where_the_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert llama.cache_folder() == (tmp_path / "cache").resolve()
    monkeypatch.delenv("ELEPHANT_CACHE_DIR")
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/ada")
    assert llama.cache_folder() == Path("/var/ada/elephant")
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert llama.cache_folder() == Path("/home/ada/.cache/elephant")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert llama.cache_folder() == Path("/home/ada/Library/Caches/elephant")


@pytest.mark.skipif(os.name != "nt", reason="folder of Windows")
def test_builds_are_kept_in_local_application_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ELEPHANT_CACHE_DIR")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert llama.cache_folder() == tmp_path / "elephant"


def test_picture_models_are_not_built_unless_the_user_says_so() -> None:
    assert llama.with_flags({}, ())["CMAKE_ARGS"] == "-DLLAVA_BUILD=OFF"
    own = llama.with_flags({"CMAKE_ARGS": "-DGGML_CUDA=ON -DLLAVA_BUILD=ON"}, ())
    assert own["CMAKE_ARGS"].split() == ["-DLLAVA_BUILD=OFF", "-DGGML_CUDA=ON", "-DLLAVA_BUILD=ON"]  # the last one wins
