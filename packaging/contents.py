"""What goes into the frozen program and what stays out, each with its reason. Used by elephant.spec, and by the tests that hold it to its word."""

import fnmatch
import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

from PyInstaller.depend.bindepend import get_imports
from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

from assistant.models.manifest import read_manifest

EXCLUDED_MODULES = [
    # Chroma's embedding functions, which need them, are never called: Elephant embeds by llama.cpp. onnxruntime would report to its maker.
    "onnxruntime",
    "tokenizers",
    "huggingface_hub",
    "hf_xet",
    # Chroma's server, its clients over the network and its reports: never imported, or only named (hooks/no_exporter.py).
    "grpc",
    "opentelemetry.exporter",
    "kubernetes",
    "uvicorn",
    "fastapi",
    "starlette",
    "posthog",
    "bcrypt",
    "chromadb.server",
    "chromadb.cli",
    "chromadb.test",
    # llama-cpp-python's own server, and what only its high-level classes want.
    "llama_cpp.server",
    # What jsonschema checks with where it happens to be installed, as it is beside the tools for packaging.
    "arrow",
    "fqdn",
    "isoduration",
    "jsonpointer",
    "lark",
    "rfc3339_validator",
    "rfc3986_validator",
    "rfc3987_syntax",
    "uri_template",
    "webcolors",
    # For people who develop; PyInstaller finds them because some library offers them a hand.
    "IPython",
    "pytest",
    "hypothesis",
    "mypy",
    "_pytest",
    "setuptools",
    "pkg_resources",
    "readline",
    "rlcompleter",
    "pdb",
    "mmh3",
    "defusedxml",
    "uvloop",
    "dateparser_cli",
    "dateparser.search",
    "pip",
    "tkinter",
    "matplotlib",
    "pandas",
    "scipy",
    "numpy.f2py",
    "numpy.testing",
    "numpy.tests",
    "lib2to3",
    "pydoc_data",
    "PIL.ImageQt",
    "PIL.ImageTk",
    # Qt that the window does not use.
    "PySide6.QtNetwork",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtPrintSupport",
    "PySide6.QtDesigner",
    "PySide6.QtHelp",
    "PySide6.QtUiTools",
    "PySide6.QtXml",
    "PySide6.QtConcurrent",
]

# (pattern of the place in the bundle, why it stays out). `*` also stands for `/`.
UNWANTED = [
    ("PySide6/*plugins/tls/*", "the window opens no connection"),
    ("PySide6/*plugins/networkinformation/*", "the window opens no connection"),
    ("PySide6/*plugins/sqldrivers/*", "the window opens no database"),
    ("PySide6/*plugins/egldeviceintegrations/*", "for devices without a desktop"),
    ("PySide6/*plugins/generic/*", "for devices without a desktop"),
    ("PySide6/*plugins/platforms/libqeglfs*", "for devices without a desktop"),
    ("PySide6/*plugins/platforms/libqlinuxfb*", "for devices without a desktop"),
    ("PySide6/*plugins/platforms/libqvkkhrdisplay*", "for devices without a desktop"),
    ("PySide6/*plugins/platforms/libqminimalegl*", "for devices without a desktop"),
    ("PySide6/*plugins/platforms/libqminimal.*", "for tests of Qt; ours use offscreen"),
    ("PySide6/*plugins/platforms/libqvnc*", "it listens on the network"),
    ("PySide6/*plugins/platforminputcontexts/libqtvirtualkeyboard*", "needs Qt Quick, which is left out"),
    ("PySide6/*plugins/qmltooling/*", "for Qt Quick"),
    ("PySide6/*plugins/printsupport/*", "nothing is printed by Qt"),
    ("PySide6/*plugins/imageformats/*qpdf*", "PDF pages are drawn by PDFium, in a process of its own"),
    ("PySide6/*plugins/imageformats/*qtga*", "no note shows such a picture"),
    ("PySide6/*plugins/imageformats/*qwbmp*", "no note shows such a picture"),
    ("PySide6/*plugins/imageformats/*qicns*", "no note shows such a picture"),
    ("PySide6/*plugins/imageformats/*qtiff*", "no note shows such a picture"),
    ("PySide6/*plugins/wayland-graphics-integration-server/*", "for writing a desktop"),
    ("PySide6/*qml/*", "for Qt Quick"),
    ("*Qt6Qml*", "for Qt Quick"),
    ("*Qt6Quick*", "for Qt Quick"),
    ("*Qt6VirtualKeyboard*", "for Qt Quick"),
    ("*Qt6Sql*", "the window opens no database"),
    ("*Qt6Pdf*", "PDF pages are drawn by PDFium, in a process of its own"),
    ("*Qt6EglFSDeviceIntegration*", "for devices without a desktop"),
    ("*Qt6EglFsKmsSupport*", "for devices without a desktop"),
    ("*Qt6WaylandCompositor*", "for writing a desktop"),
    ("*Qt6WaylandEglCompositorHwIntegration*", "for writing a desktop"),
    ("PySide6/*translations/qt_help_*", "words of programs of Qt's own"),
    ("babel/locale-data/*", "country names in 700 languages; see KEPT"),
    ("llama_cpp/lib/*", "laid out anew by llama_libraries"),
    (
        "libggml*",
        "lies in llama_cpp/lib, and must not be there twice: each copy would know of other processors' kernels",
    ),
    ("libllama*", "lies in llama_cpp/lib"),
    ("resources/translations/*.ts", "the compiled form beside it is what is read"),
    ("opencc/clib/bin/*", "programs for the command line"),
    ("opencc/clib/include/*", "for compiling against it"),
    ("opencc/clib/lib*/*", "for compiling against it; the module carries it inside"),
    ("*.dist-info/RECORD", "has checksums of scripts with paths of the machine that builds"),
    ("*.pyi", "for type checkers"),
    ("*/tests/*", "tests of libraries"),
    # A desktop's own library has to talk to that desktop's own files: an older or newer one beside it is how bundled programs break.
    (
        "libstdc++.so*",
        "graphics drivers are loaded into the same process and may need a newer one; every desktop has it",
    ),
    ("libgcc_s.so*", "goes with libstdc++"),
    ("libX11*", "belongs to the desktop"),
    ("libgtk-3.so*", "belongs to the desktop"),
    ("libgdk-3.so*", "belongs to the desktop"),
    ("PySide6/*plugins/platformthemes/libqgtk3*", "needs the desktop's GTK; its file dialog comes by the portal"),
    ("libwayland-*", "belongs to the desktop"),
    ("libfontconfig.so*", "reads the system's own configuration, whose format it must know"),
    ("libfreetype.so*", "goes with fontconfig"),
    ("libdbus-1.so*", "talks to the system's own service"),
    ("libvulkan.so*", "goes with the graphics driver"),
    ("libxkbcommon*", "reads the system's own keyboard files"),
    ("libglib-2.0.so*", "shared with the desktop's theme and input plug-ins"),
    ("libgthread-2.0.so*", "shared with the desktop's theme and input plug-ins"),
    ("libgobject-2.0.so*", "shared with the desktop's theme and input plug-ins"),
    ("libgio-2.0.so*", "shared with the desktop's theme and input plug-ins"),
    ("libgmodule-2.0.so*", "shared with the desktop's theme and input plug-ins"),
]
# Stay although a pattern above says no.
KEPT = [
    "babel/locale-data/root.dat",
    "babel/locale-data/en.dat",
    "babel/locale-data/en_US.dat",
    "babel/locale-data/zh.dat",
    "babel/locale-data/zh_Hans*.dat",
    "babel/locale-data/zh_Hant*.dat",
    "PySide6/*translations/qtbase_zh_*",
    "PySide6/*translations/qt_zh_*",
    "llama_cpp/lib/libggml*",
    "llama_cpp/lib/libllama*",
]
# The window speaks English, which is in the code, and Chinese.
OTHER_LANGUAGES = "PySide6/*translations/*"

# llama.cpp's kernels for AMX: some virtual machines announce AMX and end whoever uses it (docs/decisions/0003). Next best is chosen instead.
UNSAFE_KERNELS = ("sapphirerapids",)
# Of the library's own parts nothing but these is used; `common` and `mtmd` are for its command-line programs.
LLAMA_PARTS = ("llama", "ggml", "ggml-base")


def datas(root):
    """(file or folder, place in the bundle). The models lie beside their manifest, where the shelf looks for them."""
    models = root / "models"
    found = [(str(root / "resources"), "resources"), (str(models / "manifest.toml"), "models")]
    starters = starter_files(models / "manifest.toml")
    for model in sorted(models.glob("*.gguf")):
        if model.name in starters:
            found += [(str(model), "models")]
            found += [(str(one), "models") for one in sorted(models.glob(model.stem + ".LICENCE*"))]
    found += collect_data_files("assistant", includes=["**/*.json"])
    # Words and names by which an article is told from what stands around it.
    for name in ("justext", "tld", "trafilatura"):
        found += collect_data_files(name)
    # Chroma lists this folder when it is imported; it lies beside the package, not in it.
    found += [(str(Path(importlib.metadata.distribution("chromadb").locate_file("schemas"))), "schemas")]
    # The bill of what is in the bundle names every distribution by what it says of itself; two are also asked for their version.
    for name in ("PySide6-Essentials", "chromadb"):
        found += copy_metadata(name)
    return found


def starter_files(manifest):
    return {model.file for model in read_manifest(Path(manifest)).starter()}


def hidden_imports():
    """What is only named in texts: our doors, and the classes that Chroma's settings name."""
    ours = collect_submodules("assistant")
    chroma = ["chromadb.api.rust", "chromadb.telemetry.product.posthog"]
    return [*ours, *chroma]


def llama_libraries(built):
    """(file, place in the bundle) of llama.cpp: the library at its place, the processors' kernels and the GPUs' parts each in a folder."""
    folder = Path(built, "llama_cpp", "lib")
    found = []
    for file in sorted(folder.iterdir()):
        name = file.name.removeprefix("lib").split(".")[0]
        if name in LLAMA_PARTS:
            place = "llama_cpp/lib"
        elif name.startswith("ggml-cpu-"):
            place = "llama_cpp/lib/cpu"
        elif name.startswith("ggml-") and ".so." not in file.name:
            place = "llama_cpp/lib/gpu"
        else:
            continue
        if name.removeprefix("ggml-cpu-") not in UNSAFE_KERNELS:
            found.append((str(file), place))
    if not found:
        raise FileNotFoundError(f"there is no llama.cpp in {folder}")
    return found


def wanted(entries):
    """Of PyInstaller's entries (place, file, kind) those that go in, without the shared libraries that nothing of them needs any more."""
    chosen = [entry for entry in entries if reason_against(entry[0]) is None]
    by_name = {Path(place).name: (place, file) for place, file, _kind in chosen}
    reached, waiting = set(), [(place, file) for place, file, _kind in chosen if not is_only_needed(place)]
    while waiting:
        place, file = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += [by_name[name] for name in needed_by(file) if name in by_name]
    return [entry for entry in chosen if entry[0] in reached or stands_for(entry, reached)]


def is_only_needed(place):
    """Whether a file is a shared library that is there for others: of the system, or of Qt."""
    folder, _, name = str(place).rpartition("/")
    is_library = ".so" in name and name.startswith("lib") and not name.startswith("libpython")
    return is_library and folder in {"", "PySide6/Qt/lib"}


def needed_by(file):
    """The names of the libraries that a file itself names. (PyInstaller's own list also holds what those need in turn, on this system.)"""
    if not sys.platform.startswith("linux"):
        return [Path(name).name for name, _path in get_imports(str(file))]
    if ".so" not in Path(file).name:
        return []
    told = subprocess.run(["readelf", "--dynamic", str(file)], capture_output=True, text=True, check=False).stdout
    return re.findall(r"\(NEEDED\)[^\[]*\[([^\]]+)\]", told)


def stands_for(entry, reached):
    """Whether a link leads to something that stays. Of a link, PyInstaller's second field is where it leads, from where it lies."""
    place, target, kind = entry
    return kind == "SYMLINK" and str(Path(place).parent / target).removeprefix("./") in reached


def reason_against(place):
    """Why a file stays out; None if it goes in. place: in the bundle, with / or \\."""
    place = str(place).replace("\\", "/")
    if any(fnmatch.fnmatchcase(place, pattern) for pattern in KEPT) or is_of_llama(place):
        return None
    if fnmatch.fnmatchcase(place, OTHER_LANGUAGES):
        return "a language the window does not speak"
    return next((why for pattern, why in UNWANTED if fnmatch.fnmatchcase(place, pattern)), None)


def is_of_llama(place):
    return place.startswith(("llama_cpp/lib/cpu/", "llama_cpp/lib/gpu/"))
