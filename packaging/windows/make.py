#!/usr/bin/env python3
"""Compile the installer for Windows: python packaging/windows/make.py [--frozen DIR] [--out DIR] [--version-suffix TEXT] [--quick] [--iscc FILE].

packaging/build.py calls it after it has frozen the program. Needed: Windows and Inno Setup 6.3 or newer. ELEPHANT_SIGNTOOL, if set, is the command that
signs one file, with $f where its name goes, as Inno Setup writes it; without it nothing is signed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from version_info import CONSOLE, WINDOW, four_numbers  # noqa: E402

from assistant import __version__  # noqa: E402

SCRIPT = HERE / "elephant.iss"
OWN_MESSAGES = HERE / "chinese-simplified.isl"
BILL = HERE.parent / "bill.py"
COMPILER = "ISCC.exe"
PLACES = ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")
"""Variables that name the folders under which Inno Setup installs itself."""


class MakeError(Exception):
    """The installer cannot be made, in a sentence."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="packaging/windows/make.py", description="Compile the installer for Windows.")
    parser.add_argument(
        "--frozen", type=Path, default=ROOT / "build" / "frozen", help="where elephant/ is (build/frozen/)"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the installer goes (dist/)")
    parser.add_argument("--version-suffix", default="", help="added to the version, as in ~rc1")
    parser.add_argument("--quick", action="store_true", help="pack fast and large, to try something out")
    parser.add_argument("--iscc", type=Path, help="the compiler of Inno Setup, if it is not where it is looked for")
    options = parser.parse_args(arguments)
    try:
        made = make(options.frozen, options.out, options.version_suffix, options.iscc, is_quick=options.quick)
    except MakeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{made}: {made.stat().st_size:,} bytes")
    return 0


def make(frozen: Path, out: Path, suffix: str, iscc: Path | None, *, is_quick: bool) -> Path:
    """The path of the installer. Raises MakeError."""
    program = frozen / "elephant"
    check_program(program)
    compiler = iscc or find_compiler(os.environ)
    if compiler is None:
        raise MakeError("Inno Setup 6 was not found. Install it, or name its ISCC.exe with --iscc.")
    missing = missing_messages(OWN_MESSAGES, compiler.parent / "Default.isl")
    if missing:
        print(f"Not translated, and so in English also in Chinese: {', '.join(missing)}", file=sys.stderr)
    out.mkdir(parents=True, exist_ok=True)
    sign_command = os.environ.get("ELEPHANT_SIGNTOOL")
    if sign_command:
        sign_program(program, sign_command)
    command = compiler_command(compiler, program, out, __version__ + suffix, sign_command)
    code = subprocess.call([*command[:-1], *(["/DQuick"] if is_quick else []), command[-1]])
    made = out / f"{installer_name(__version__ + suffix)}.exe"
    if code != 0 or not made.is_file():
        raise MakeError(f"Inno Setup could not make the installer; it ended with {code}.")
    return made


def check_program(program: Path) -> None:
    """Both programs are there."""
    for name in (WINDOW, CONSOLE):
        if not (program / name).is_file():
            raise MakeError(
                f"There is no {name} in {program}. Freeze the program first: python packaging/build.py freeze"
            )


def sign_program(program: Path, sign_command: str) -> None:
    """Both programs, before they are packed; and then the list of checksums anew, which they no longer match."""
    for name in (WINDOW, CONSOLE):
        if subprocess.call(filled(sign_command, program / name)) != 0:
            raise MakeError(f"{name} could not be signed by the command in ELEPHANT_SIGNTOOL.")
    if subprocess.call([sys.executable, str(BILL), str(program), "--checksums"]) != 0:
        raise MakeError("The checksums of the signed program could not be written.")


def filled(sign_command: str, file: Path) -> str:
    """As Inno Setup fills it: $f the file in quotation marks, $q a quotation mark, $$ a dollar sign."""
    values = {"f": f'"{file}"', "q": '"', "$": "$"}
    return re.sub(r"\$([fq$])", lambda match: values[match[1]], sign_command)


def find_compiler(variables: Mapping[str, str]) -> Path | None:
    """On PATH, or where Inno Setup installs itself; of several versions the newest."""
    found = shutil.which(COMPILER, path=variables.get("PATH"))
    if found:
        return Path(found)
    for variable in PLACES:
        folder = Path(variables[variable]) if variables.get(variable) else None
        for below in (folder, folder / "Programs") if folder else ():
            compilers = sorted(below.glob(f"Inno Setup [6-9]/{COMPILER}"), reverse=True)
            if compilers:
                return compilers[0]
    return None


def installer_name(version: str) -> str:
    return f"elephant-{re.sub(r'[^0-9A-Za-z.+-]', '-', version)}-windows-x64"


def compiler_command(compiler: Path, program: Path, out: Path, version: str, sign_command: str | None) -> list[str]:
    """The script comes last."""
    numbers = ".".join(map(str, four_numbers(__version__)))
    values = {
        "Version": version,
        "FourNumbers": numbers,
        "Frozen": str(program.resolve()),
        "LongestPath": str(longest_path(program)),
        "Output": str(out.resolve()),
        "Name": installer_name(version),
    }
    signing = ["/DSigned", f"/Selephant={sign_command}"] if sign_command else []
    return [str(compiler), "/Qp", *(f"/D{name}={value}" for name, value in values.items()), *signing, str(SCRIPT)]


def longest_path(folder: Path) -> int:
    """Characters of the longest path below a folder, as Windows counts them; 0 if it is empty."""
    paths = (str(path.relative_to(folder)) for path in folder.rglob("*"))
    return max((len(path.encode("utf-16-le")) // 2 for path in paths), default=0)


def missing_messages(ours: Path, theirs: Path) -> list[str]:
    """The messages that the compiler knows and our translation does not; none if the compiler brings no list."""
    if not theirs.is_file():
        return []
    known = messages(ours)
    return [name for name in messages(theirs) if name not in known]


def messages(path: Path) -> dict[str, str]:
    """The messages of an .isl file by their names, those for scripts included, but not the options of the language."""
    found, is_inside = {}, False
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if line.startswith("["):
            is_inside = line.strip() in {"[Messages]", "[CustomMessages]"}
        elif is_inside and "=" in line and not line.startswith(";"):
            name, _, text = line.partition("=")
            found[name.strip()] = text
    return found


if __name__ == "__main__":
    sys.exit(main())
