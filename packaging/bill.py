"""Writes what a build says about itself into the folder `about` of the finished program: its bill of materials, the licences of every part,
when and from what it was made, and the checksum of every file.

    python packaging/bill.py PROGRAM [--collected FILE] [--releases ADDRESS]   all of it
    python packaging/bill.py PROGRAM --checksums                               only the checksums, after files were added or signed

PROGRAM is the frozen program's top folder. The command runs in the environment that the program was frozen from, on the same machine, with
SOURCE_DATE_EPOCH set; the same program then gets the same bytes. It fails, and says why, if a file belongs to no known part, a part states no
licence, a licence's text is missing, or a model is not the promised one.

From PyInstaller's spec file, after Analysis (optional; without it the modules are read from the executable, and a shared library of the system
is looked for by its name):

    sys.path.insert(0, "packaging"); import bill; bill.write_collected(Path("build/collected.json"), a.pure, a.binaries, a.datas)
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))
if str(ROOT / "packaging") not in sys.path:
    sys.path.insert(0, str(ROOT / "packaging"))

# ruff: noqa: E402 (the paths come first)
from bill_debian import DebianFiles
from bill_files import Installed, bundled_modules, find_owners
from bill_model import BillError, Build, BundledPart, Known
from bill_parts import PartMaker

from assistant import __version__
from assistant.domain.checksum_list import CHECKSUMS_NAME, files_below, list_text
from assistant.engine.bundled_parts import BILL_NAME, BUILD_NAME
from assistant.models.checksums import file_sha256
from assistant.models.manifest import Manifest, read_manifest

INSIDE_NAME = "inside.txt"


@dataclass(frozen=True, slots=True)
class Collected:
    """What the freezing tool took along. modules: those inside the executable. sources: for files, by their path in the bundle, where they
    were taken from."""

    modules: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)


# ---- what the lists of PyInstaller say -----------------------------------------------------------------------------------


def write_collected(file: Path, *lists: Iterable[Sequence[str]]) -> None:
    """Keep what PyInstaller's Analysis found (its `pure`, `binaries` and `datas`) for `write_about`, which runs later."""
    entries = [tuple(map(str, entry[:3])) for one in lists for entry in one]
    modules = sorted(name for name, _, kind in entries if kind.startswith("PY"))
    sources = {name.replace("\\", "/"): source for name, source, kind in entries if not kind.startswith("PY")}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"modules": modules, "sources": sources}, indent=1, sort_keys=True), "utf-8")


def read_collected(file: Path) -> Collected:
    values = json.loads(file.read_text("utf-8"))
    return Collected(frozenset(values["modules"]), values["sources"])


# ---- what is written -----------------------------------------------------------------------------------------------------


def write_about(
    program: Path,
    build: Build,
    collected: Collected | None = None,
    *,
    known: Known | None = None,
    distributions: Iterable[importlib.metadata.Distribution] | None = None,
    manifest: Manifest | None = None,
    debian: DebianFiles | None = None,
) -> tuple[BundledPart, ...]:
    """Write the folder `about` anew and return the parts. Raises BillError; the old folder is then as it was.

    collected: without it the modules are read from the executable. known, distributions, manifest, debian: for tests.
    """
    bundle = bundle_folder(program)
    program = top_folder(program)
    known = known or Known()
    manifest = manifest or read_manifest()
    debian = debian or DebianFiles(known)
    collected = collected or Collected(frozenset(bundled_modules(program)))
    owned = find_owners(
        program,
        bundle,
        collected.modules,
        collected.sources,
        installed=Installed(importlib.metadata.distributions() if distributions is None else distributions),
        debian=debian,
        known=known,
        model_files={model.file: f"model:{model.name}" for model in manifest.models},
    )
    parts = PartMaker(program, build, known, debian, owned).parts(manifest.models)
    about = bundle / "about"
    shutil.rmtree(about, ignore_errors=True)
    about.mkdir()
    folders = _write_licences(about, parts)
    from bill_cyclonedx import bill_text

    _write(about / BILL_NAME, bill_text(parts, folders, build))
    _write(about / BUILD_NAME, _build_text(build))
    write_checksums(program)
    return parts


def write_checksums(program: Path) -> Path:
    """The checksum of every file of the program, in place of an older list. For the end: whatever is changed later must not be."""
    target = bundle_folder(program) / "about" / CHECKSUMS_NAME
    program = top_folder(program)
    own = target.relative_to(program).as_posix()
    try:
        text = list_text({name: file_sha256(program / name) for name in files_below(program) if name != own})
    except (ValueError, FileNotFoundError) as error:
        raise BillError(f"The files of the program cannot be listed: {error}") from error
    _write(target, text)
    return target


def bundle_folder(program: Path) -> Path:
    """Where what is bundled lies in the program: what `sys._MEIPASS` will be when it runs."""
    for inner in ("_internal", "Frameworks", "Contents/Frameworks", "."):
        folder = program / inner
        if (folder / "base_library.zip").is_file() or (folder / "resources").is_dir():
            return folder if inner != "." else program
    raise BillError(f"{program} is not the top folder of a frozen program")


def top_folder(program: Path) -> Path:
    """What the checksums are relative to, as `program_folder` of assistant/domain/resources.py will say when it runs."""
    bundle = bundle_folder(program)
    return bundle if bundle == program else bundle.parent


def _write_licences(about: Path, parts: Sequence[BundledPart]) -> dict[str, str]:
    """Returns each part's folder, relative to the bill's."""
    folders: dict[str, str] = {}
    for part in parts:
        plain = "".join(char if char.isalnum() or char in ".-_+" else "-" for char in part.name.casefold()).strip(".")
        name = plain if f"licences/{plain}" not in folders.values() else f"{plain}-{part.kind.value}"
        folder = about / "licences" / name
        folder.mkdir(parents=True)
        folders[part.key] = f"licences/{name}"
        for text in part.texts:
            (folder / text.name).write_bytes(text.data)
        if part.inside:
            _write(folder / INSIDE_NAME, _inside_text(part))
    return folders


def _inside_text(part: BundledPart) -> str:
    lines = [f"What {part.name} {part.version} has inside itself, by its own account:", ""]
    other = f"see the licence of {part.name}"
    lines += [f"{f'{one.name} {one.version}'.strip()}: {one.licence or other}" for one in part.inside]
    return "\n".join(lines) + "\n"


def _build_text(build: Build) -> str:
    values = {
        "version": build.version,
        "commit": build.commit,
        "made": datetime.fromtimestamp(build.made_at_s, UTC).date().isoformat(),
        "system": build.system,
        "python": build.python,
        "releases": build.releases,
    }
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


# ---- the command ---------------------------------------------------------------------------------------------------------


def this_build(releases: str = "") -> Build:
    """The build as this checkout, this environment and SOURCE_DATE_EPOCH say it is. Raises BillError."""
    made = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct")
    if not made.isdecimal():
        raise BillError("SOURCE_DATE_EPOCH says when the program was made, in seconds since 1970; it is not set")
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        system = f"{platform.system()} {platform.release()}"
    return Build(
        version=__version__,
        commit=_git("rev-parse", "--short=12", "HEAD"),
        made_at_s=int(made),
        system=f"{system} {platform.machine()}",
        python=platform.python_version(),
        releases=releases,
    )


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def strict_parts(parts: Iterable[BundledPart]) -> list[str]:
    """Those that may ask for more than a notice and an offer of their source: under the GPL without an exception or another choice."""
    return [
        f"{part.name} {part.version}: {part.licence}"
        for part in parts
        if "GPL" in part.licence.replace("LGPL", "") and not any(word in part.licence for word in (" OR ", " WITH "))
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bill.py", description="Write what a frozen program says about itself.")
    parser.add_argument("program", type=Path, metavar="PROGRAM", help="the frozen program's top folder")
    parser.add_argument("--collected", type=Path, metavar="FILE", help="what write_collected kept")
    parser.add_argument("--releases", default="", metavar="ADDRESS", help="where new versions are announced")
    parser.add_argument("--checksums", action="store_true", help="only write the checksums anew")
    options = parser.parse_args(arguments)
    try:
        if options.checksums:
            print(write_checksums(options.program))
            return 0
        collected = read_collected(options.collected) if options.collected else None
        parts = write_about(options.program, this_build(options.releases), collected)
    except BillError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(parts)} parts, {sum(len(part.inside) for part in parts)} more inside them")
    for line in strict_parts(parts):
        print(f"Look at this licence: {line}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
