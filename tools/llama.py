"""llama.cpp for this machine: how it is compiled, and where the result is kept so that it is compiled once.

Neither pip's nor uv's own cache will do for that: they file a wheel under the name of its source, whatever it was compiled for.
"""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tools.machine import SetupError, compiler_hint, find_compiler

# ggml picks AMX while it is compiled and asks nobody when it runs. Some virtual machines announce AMX and trap on it, and then the
# first decode ends the process. Said explicitly, these win over -march=native in gcc and clang, wherever they stand.
NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
# Without the picture models, which are a quarter of the files to compile and which nothing of ours calls.
BUILD_OPTIONS = "-DLLAVA_BUILD=OFF"
# A build that is shipped: for every processor of this kind, the best kernels chosen when it runs; and in the package's own folder, where
# llama.cpp's own rules for installing would put the loadable ones elsewhere (docs/decisions/0900-frozen-program.md).
PORTABLE_OPTIONS = (
    BUILD_OPTIONS,
    "-DGGML_NATIVE=OFF",
    "-DGGML_BACKEND_DL=ON",
    "-DGGML_CPU_ALL_VARIANTS=ON",
    "-DCMAKE_INSTALL_BINDIR=llama_cpp/lib",
    "-DCMAKE_INSTALL_LIBDIR=llama_cpp/lib",
)
# Apple's processors are few and alike, and Metal is part of the system: nothing to choose when it runs.
APPLE_OPTIONS = (BUILD_OPTIONS, "-DGGML_NATIVE=OFF", "-DGGML_CPU_ARM_ARCH=armv8.4-a+dotprod+fp16")
VULKAN_OPTION = "-DGGML_VULKAN=ON"
# What llama.cpp's Vulkan part is written against: headers of 1.3.272 and later have the extension, Debian 12's do not.
VULKAN_PROBE = "#include <vulkan/vulkan_core.h>\n#ifndef VK_EXT_layer_settings\n#error too old\n#endif\n"
# What of the environment shapes a build, besides everything that CMake and scikit-build call theirs.
SHAPING = ("CC", "CXX", "CPPFLAGS", "LDFLAGS", "CUDACXX", "CUDAFLAGS", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET")
SHAPING_PREFIXES = ("CMAKE_", "SKBUILD_", "PIP_CONFIG_SETTINGS")
HARMLESS = ("CMAKE_BUILD_PARALLEL_LEVEL", "CMAKE_COLOR_DIAGNOSTICS")
FLAG_VARIABLES = ("CFLAGS", "CXXFLAGS")
WHEELS = "llama_cpp_python-*.whl"


def wanted_flags():
    """What this kind of machine is compiled with. A compiler too old to know a flag knows no AMX either."""
    return NO_AMX if platform.machine().lower() in ("x86_64", "amd64") else ()


def accepted_flags():
    """The wanted flags if the compilers take them, else none."""
    flags = wanted_flags()
    found = find_compiler()
    if not flags or found is None or Path(found).stem.lower() in ("cl", "vswhere"):
        return ()
    c = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    accepted = c and accepts(c, "c", flags) and accepts(os.environ.get("CXX") or found, "c++", flags)
    return flags if accepted else ()


def accepts(compiler, language, flags, text=""):
    """Whether a file with this text compiles. CC may hold several words, as in "ccache gcc"."""
    words = [compiler] if Path(compiler).exists() else shlex.split(compiler)
    try:
        command = [*words, "-x", language, "-fsyntax-only", *flags, "-"]
        done = subprocess.run(command, input=text.encode("utf-8"), capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def with_flags(variables, flags):
    """The environment for the build; the user's own flags stay in front, and the user's own options win."""
    changed = dict(variables)
    changed["CMAKE_ARGS"] = " ".join([BUILD_OPTIONS, *variables.get("CMAKE_ARGS", "").split()])
    for name in FLAG_VARIABLES if flags else ():
        changed[name] = " ".join([*variables.get(name, "").split(), *flags])
    return changed


def build(python, lock, scratch, run, variables):
    """Compile the locked source with the locked tools of the environment; the path of the wheel.

    run: takes a command and its environment. A wheel from anywhere else cannot come in: no cache is read, and the lock
    holds the hash of the source alone.
    """
    if find_compiler() is None:
        raise SetupError("No C++ compiler was found. " + compiler_hint())
    entry = scratch / "llama.txt"
    entry.write_text(lock, encoding="utf-8")
    command = [
        str(python),
        "-m",
        "pip",
        "wheel",
        "-v",
        "--disable-pip-version-check",
        "--progress-bar=off",
        "--no-input",
    ]
    command += [
        "--no-cache-dir",
        "--no-deps",
        "--require-hashes",
        "--no-binary=llama-cpp-python",
        "--no-build-isolation",
    ]
    run([*command, "-r", str(entry), "-w", str(scratch)], with_flags(variables, accepted_flags()))
    return the_wheel(scratch)


def portable_options():
    """With Vulkan where what it is built with is at hand."""
    if sys.platform == "darwin":
        return APPLE_OPTIONS
    return PORTABLE_OPTIONS + ((VULKAN_OPTION,) if has_vulkan_tools() else ())


def has_vulkan_tools():
    """Whether there are a shader compiler and headers that are new enough; VULKAN_SDK may name where, as CMake understands it."""
    found, sdk = find_compiler(), os.environ.get("VULKAN_SDK")
    if not shutil.which("glslc") or found is None:
        return False
    if os.name == "nt":
        return bool(sdk)  # the SDK's headers are as new as its compiler
    include = ("-I" + str(Path(sdk, "include")),) if sdk else ()
    return accepts(os.environ.get("CXX") or found, "c++", include, VULKAN_PROBE)


def build_portable(python, lock, scratch, run, variables):
    """Compile the locked source for any processor of this kind; the path of the wheel. Takes two to three times as long as `build`.

    The source is unpacked first, so that the folders that end up in messages of the library can be given names of their own: the same
    source then gives the same library wherever it is built.
    """
    if find_compiler() is None:
        raise SetupError("No C++ compiler was found. " + compiler_hint())
    entry = scratch / "llama.txt"
    entry.write_text(lock, encoding="utf-8")
    pip = [str(python), "-m", "pip"]
    quiet = ["--disable-pip-version-check", "--progress-bar=off", "--no-input", "--no-cache-dir", "--no-deps"]
    locked = ["--require-hashes", "--no-binary=llama-cpp-python", "--no-build-isolation"]
    run([*pip, "download", *quiet, *locked, "-r", str(entry), "-d", str(scratch)], dict(variables))
    source = unpacked(next(scratch.glob("llama_cpp_python-*.tar.gz")), scratch)
    changed = dict(variables, SKBUILD_BUILD_DIR=str(scratch / "build"))
    changed["CMAKE_ARGS"] = " ".join([*portable_options(), *variables.get("CMAKE_ARGS", "").split()])
    if os.name != "nt":
        names = [
            "-ffile-prefix-map={}=llama.cpp".format(source),
            "-ffile-prefix-map={}=build".format(scratch / "build"),
        ]
        for name in FLAG_VARIABLES:
            changed[name] = " ".join([*variables.get(name, "").split(), *names])
        changed["LDFLAGS"] = " ".join(
            [*variables.get("LDFLAGS", "").split(), "-s" if sys.platform == "linux" else ""]
        ).strip()
    run([*pip, "wheel", "-v", *quiet, "--no-build-isolation", str(source), "-w", str(scratch)], changed)
    return the_wheel(scratch)


def unpacked(archive, folder):
    """The one folder at the top of a source archive."""
    with tarfile.open(str(archive)) as tar:
        tar.extractall(str(folder), filter="data")
        return folder / tar.getnames()[0].split("/")[0]


def the_wheel(folder):
    wheels = list(folder.glob(WHEELS))
    if len(wheels) != 1:
        raise SetupError("llama.cpp was built, but its wheel is not where it should be.")
    return wheels[0]


def wheel_key(lock, variables, portable=False):
    """Names what a build is good for: another lock, compiler setting, system or, unless it is portable, processor has another key."""
    chosen = sorted(
        "{}={}".format(name, value)
        for name, value in variables.items()
        if name in SHAPING + FLAG_VARIABLES or (name.startswith(SHAPING_PREFIXES) and name not in HARMLESS)
    )
    machine = [sys.platform, *platform.libc_ver(), platform.machine(), *([] if portable else [processor()])]
    how = portable_options() if portable else (*wanted_flags(), BUILD_OPTIONS)
    text = "\0".join([lock, *how, *machine, *chosen])
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:20]


def processor():
    """What the processor can do, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(("flags", "Features"))), "")


def cache_folder():
    """Where this user's programs keep what can be made again; None without a home."""
    chosen = os.environ.get("ELEPHANT_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser().resolve()
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "elephant"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "elephant"
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else home / ".cache") / "elephant"


class KeptWheel:
    """The place of one build in the user's cache. folder: None if there is no such place."""

    def __init__(self, folder):
        self.folder = folder

    def find(self):
        """The wheel, if it is there and still what was put there; else None."""
        try:
            for wheel in sorted(self.folder.glob(WHEELS)) if self.folder else ():
                if checksum_file(wheel).read_text(encoding="utf-8").split()[:1] == [sha256_of(wheel)]:
                    return wheel
        except (OSError, UnicodeError):
            pass
        return None

    def keep(self, wheel):
        """Put a copy there. A cache that cannot be written only costs the next build its time."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            kept = self.folder / wheel.name
            unfinished = self.folder / "{}.{}.new".format(wheel.name, os.getpid())
            shutil.copyfile(str(wheel), str(unfinished))
            unfinished.replace(kept)
            checksum_file(kept).write_text("{}  {}\n".format(sha256_of(wheel), kept.name), encoding="utf-8")
        except OSError:
            pass


def kept_wheel(lock, variables, portable=False):
    folder = cache_folder()
    return KeptWheel(folder and folder / "wheels" / wheel_key(lock, variables, portable))


def checksum_file(wheel):
    return wheel.with_name(wheel.name + ".sha256")


def sha256_of(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
