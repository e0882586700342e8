"""What goes into the frozen program and what stays out: the rules do what their reasons say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def contents(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    sys.modules.pop("contents", None)
    import contents as module  # type: ignore[import-not-found]

    yield module
    sys.modules.pop("contents", None)


@pytest.mark.parametrize(
    ("place", "goes_in"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/plugins/tls/qopensslbackend.dll", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("babel/locale-data/zh_Hans_CN.dat", True),
        ("babel/locale-data/fr.dat", False),
        ("resources/translations/elephant_zh_CN.qm", True),
        ("resources/translations/elephant_zh_CN.ts", False),
        ("llama_cpp/lib/cpu/libggml-cpu-haswell.so", True),
        ("llama_cpp/lib/libllama.so.0", True),
        ("llama_cpp/lib/pkgconfig/llama.pc", False),
        ("libggml-base.so.0", False),
        ("libstdc++.so.6", False),
        ("libX11.so.6", False),
        ("libxcb-cursor.so.0", True),
        ("numpy/_core/tests/data.csv", False),
    ],
)
def test_each_rule_means_what_it_says(contents: Any, place: str, goes_in: bool) -> None:
    assert (contents.reason_against(place) is None) is goes_in
    assert (contents.reason_against(place.replace("/", "\\")) is None) is goes_in


def test_every_rule_has_a_reason(contents: Any) -> None:
    assert [pattern for pattern, why in contents.UNWANTED if len(why.split()) < 3] == []


def test_a_shared_library_stays_only_if_something_needs_it(contents: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = {"module": ["libused.so.1"], "used": ["libdeep.so.2", "libc.so.6"], "deep": [], "unused": ["libdeep.so.2"]}
    monkeypatch.setattr(contents, "needed_by", lambda file: needs[file])
    entries = [
        ("package/module.so", "module", "EXTENSION"),
        ("libused.so.1", "used", "BINARY"),
        ("libdeep.so.2", "deep", "BINARY"),
        ("libunused.so.3", "unused", "BINARY"),
    ]
    assert [place for place, _file, _kind in contents.wanted(entries)] == [
        "package/module.so",
        "libused.so.1",
        "libdeep.so.2",
    ]


def test_llama_cpp_is_laid_out_by_what_loads_it(contents: Any, tmp_path: Path) -> None:
    folder = tmp_path / "llama_cpp" / "lib"
    folder.mkdir(parents=True)
    names = (
        "libllama.so.0",
        "libggml.so.0",
        "libggml-base.so.0",
        "libggml-cpu-x64.so",
        "libggml-cpu-sapphirerapids.so",
    )
    for name in (*names, "libggml-vulkan.so", "libllama-common.so.0", "libmtmd.so"):
        (folder / name).touch()
    places = {Path(file).name: place for file, place in contents.llama_libraries(tmp_path)}
    assert places == {
        "libllama.so.0": "llama_cpp/lib",
        "libggml.so.0": "llama_cpp/lib",
        "libggml-base.so.0": "llama_cpp/lib",
        "libggml-cpu-x64.so": "llama_cpp/lib/cpu",
        "libggml-vulkan.so": "llama_cpp/lib/gpu",
    }


def test_only_the_starter_models_are_carried_along(contents: Any) -> None:
    assert contents.starter_files(ROOT / "models" / "manifest.toml") == {
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        "multilingual-e5-small.Q4_0.gguf",
    }


def test_the_exporter_s_place_is_taken_by_something_that_can_only_refuse() -> None:
    code = (
        "import runpy, sys; runpy.run_path('packaging/hooks/no_exporter.py'); "
        "from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter\n"
        "try:\n    OTLPSpanExporter(endpoint='x')\nexcept RuntimeError as error:\n    print(error)\n"
        "print('grpc' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["Elephant reports to nobody, so the exporter is not part of it", "False"]


def test_the_build_says_what_a_system_cannot_make() -> None:
    build = [sys.executable, str(ROOT / "packaging" / "build.py")]
    other = "deb" if sys.platform in {"win32", "darwin"} else "windows"
    said = subprocess.run([*build, other], capture_output=True, text=True, check=False)
    assert (said.returncode, f"cannot make: {other}" in said.stderr) == (2, True)
    said = subprocess.run([*build, "nonsense"], capture_output=True, text=True, check=False)
    assert (said.returncode, "no step called nonsense" in said.stderr) == (2, True)
