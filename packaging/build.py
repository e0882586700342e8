#!/usr/bin/env python3
"""Freeze Elephant and make what people download: python3 packaging/build.py [freeze deb tarball | windows | macos | all] [--out DIR].

Everything it needs it sets up itself, as start.py does. Without a name it makes all that this system can make. Steps that are given build on
those before them; `freeze` alone leaves the program in build/frozen/. The result is the same for the same commit and the same tools.

    python3 packaging/build.py                   everything for this system, in dist/
    python3 packaging/build.py freeze            only the program, for a look: build/frozen/elephant/elephant
    python3 packaging/build.py deb --version-suffix '~rc1'
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Elephant is built with Python 3.11, 3.12 or 3.13; this is Python %d.%d." % sys.version_info[:2])

import argparse
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "packaging"
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(HERE))

import sizes  # noqa: E402

from tools import llama  # noqa: E402
from tools.bootstrap import attempt, prepare, say, split_lock  # noqa: E402
from tools.machine import SetupError  # noqa: E402

BUILD = ROOT / "build"
LLAMA = BUILD / "llama"
FROZEN = BUILD / "frozen"
STEPS = {
    "linux": ("freeze", "deb", "tarball"),
    "win32": ("freeze", "windows"),
    "darwin": ("freeze", "macos"),
}
KNOWN_STEPS = {step for steps in STEPS.values() for step in steps} | {"all"}
SCRIPTS = {
    "deb": "linux/make_deb.py",
    "tarball": "linux/make_tarball.py",
    "windows": "windows/make.py",
    "macos": "macos/make.py",
}
GOALS = ("app", "packaging", "starter")


def main(arguments):
    """Exit code 0 if everything asked for was made, 1 if not, with one sentence why, 2 for misuse."""
    system = "linux" if sys.platform.startswith("linux") else sys.platform
    parser = argparse.ArgumentParser(prog="packaging/build.py", description=__doc__.splitlines()[0])
    parser.add_argument(
        "steps",
        nargs="*",
        help="freeze, deb, tarball, windows, macos or all, which is everything that this system can make",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the result goes (dist/)")
    parser.add_argument("--version-suffix", default="", help="added to the packages' version, as in ~rc1")
    parser.add_argument("--quick", action="store_true", help="pack fast and large, to try something out")
    options = parser.parse_args(arguments)
    unknown = set(options.steps) - KNOWN_STEPS
    if unknown:
        parser.error("there is no step called " + ", ".join(sorted(unknown)))
    possible = STEPS.get(system, ("freeze",))
    steps = possible if not options.steps or "all" in options.steps else ("freeze", *options.steps)
    impossible = [step for step in steps if step not in possible]
    if impossible:
        say("This system cannot make: " + ", ".join(impossible))
        return 2
    environment = prepare("packaging/build.py", arguments, GOALS)
    if environment is None:
        return 1
    variables = dict(environment.variables(), **reproducible(), ELEPHANT_BUILD_LLAMA=str(LLAMA))
    try:
        build_llama(environment)
        freeze(environment, variables)
        for step in dict.fromkeys(step for step in steps if step != "freeze"):
            make(environment, variables, SCRIPTS[step], options)
        write_reports(options.out.resolve())
    except SetupError as error:
        say("", "Elephant could not be packed.", str(error))
        return 1
    except subprocess.CalledProcessError as error:
        say("", "Elephant could not be packed: {} ended with {}.".format(Path(error.cmd[1]).name, error.returncode))
        return 1
    return 0


def reproducible():
    """What makes two builds alike: one date for all files, the commit's, and no random order."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        git = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        found = subprocess.run(git, capture_output=True, text=True, check=False)
        epoch = found.stdout.strip() or str(int((ROOT / "CHANGELOG.md").stat().st_mtime))
    return {"SOURCE_DATE_EPOCH": epoch, "PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def build_llama(environment):
    """llama.cpp for every processor of this kind, unpacked in build/llama/; kept for the next build as start.py keeps its own."""
    _, lock = split_lock(ROOT / "requirements" / "app.txt", "llama-cpp-python")
    variables = environment.variables()
    kept = llama.kept_wheel(lock, variables, portable=True)
    wheel = kept.find()
    if wheel is None:
        if llama.VULKAN_OPTION not in llama.portable_options() and sys.platform != "darwin":
            say(
                "No Vulkan tools here, or too old ones, so this build computes on the processor only (packaging/README.md)"
            )
        say("Building llama.cpp for any processor, once (about 10 minutes on two cores)")

        def run(command, changed):
            attempt(environment, command, "building llama.cpp", variables=changed)

        with tempfile.TemporaryDirectory(prefix="llama-", dir=str(environment.folder)) as scratch:
            built = llama.build_portable(environment.python, lock, Path(scratch), run, variables)
            kept.keep(built)
            unpack(built)
        return
    unpack(wheel)


def unpack(wheel):
    shutil.rmtree(LLAMA, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(LLAMA)
    link_again(LLAMA / "llama_cpp" / "lib")


def link_again(folder):
    """A wheel holds no links, so each library is there under three names, as three files, which would be loaded as three libraries."""
    for plain in folder.glob("*.so"):
        longer = sorted(folder.glob(plain.name + ".*"), key=lambda path: len(path.name))
        if longer:
            for other in (plain, *longer[1:]):
                other.unlink()
            plain.symlink_to(longer[0].name)


def freeze(environment, variables):
    """The program with everything it needs, in build/frozen/, with the bill of what is in it."""
    say("Freezing the program")
    shutil.rmtree(FROZEN, ignore_errors=True)
    folders = ["--distpath", str(FROZEN), "--workpath", str(BUILD / "work")]
    command = [str(environment.python), "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", *folders]
    subprocess.run([*command, str(HERE / "elephant.spec")], cwd=ROOT, env=variables, check=True)
    if sys.platform.startswith("linux"):
        strip(FROZEN / "elephant" / "_internal")
    say("Writing down what is in it")
    program = FROZEN / ("Elephant.app" if sys.platform == "darwin" else "elephant")
    bill = [str(environment.python), str(HERE / "bill.py"), str(program), "--collected", str(BUILD / "collected.json")]
    subprocess.run([*bill, "--releases", os.environ.get("ELEPHANT_RELEASES", "")], cwd=ROOT, env=variables, check=True)


def write_reports(out):
    """Beside the packages: what the program is made of, how large each part is, and the checksum of each file that people download."""
    program = next(path for path in (FROZEN / "Elephant.app", FROZEN / "elephant") if path.is_dir())
    bill = next(program.rglob("parts.cdx.json"))
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(
        bill, out / "elephant-{}.cdx.json".format({"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux"))
    )
    (out / "sizes.txt").write_text(sizes.report(program), encoding="utf-8")
    sums = out / "SHA256SUMS"
    files = [path for path in sorted(out.iterdir()) if path.is_file() and path != sums]
    lines = ["{}  {}\n".format(llama.sha256_of(path), path.name) for path in files]
    sums.write_text("".join(lines), encoding="utf-8")


def strip(folder):
    """Throw away what is only for debuggers, in Python's and the system's own libraries. Those of wheels stay as they were published: many
    were linked anew afterwards, and no longer load when they are stripped (seen with numpy's)."""
    found = (*folder.glob("*.so*"), *folder.glob("python*/lib-dynload/*.so"))
    libraries = [str(path) for path in found if path.is_file() and not path.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)


def make(environment, variables, script, options):
    command = [
        str(environment.python),
        str(HERE / script),
        "--frozen",
        str(FROZEN),
        "--out",
        str(options.out.resolve()),
    ]
    command += ["--version-suffix", options.version_suffix, *(["--quick"] if options.quick else [])]
    subprocess.run(command, cwd=ROOT, env=variables, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
