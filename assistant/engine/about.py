"""Which Elephant this is: the build's own account where one was made, else what is installed for this Python."""

from __future__ import annotations

import platform
from pathlib import Path

from assistant import __version__
from assistant.domain.about import About, LicenceText
from assistant.domain.errors import BadRequestError
from assistant.domain.resources import about_folder, is_checkout, program_folder
from assistant.engine.bundled_parts import BuildFacts, BundledParts
from assistant.engine.copy_check import checksums_file
from assistant.engine.installed_parts import LICENCE, InstalledParts, llama_version, version_of
from assistant.engine.paths import DataPaths
from assistant.models.checksums import file_sha256

SHORT_COMMIT = 12
QT, LLAMA = "Qt", "llama.cpp"
"""What a build calls them."""


def about(paths: DataPaths) -> About:
    """Everything that the page shows. Takes a moment: it looks at every library that is installed, or reads the whole bill."""
    built = _built()
    facts = built.facts() if built else BuildFacts(commit=checkout_commit())
    parts = built.parts() if built else InstalledParts(paths).parts()
    versions = {part.name: part.version for part in parts}
    bill = built.bill if built and built.bill.is_file() else None
    program = program_folder()
    return About(
        version=facts.version or __version__,
        commit=facts.commit,
        made=facts.made,
        built_on=facts.system,
        system=system_name(),
        python=platform.python_version(),
        qt=versions.get(QT) or version_of("PySide6-Essentials"),
        llama=versions.get(LLAMA) or llama_version(),
        releases=facts.releases,
        licence=LICENCE,
        parts=parts,
        program=str(program) if program else "",
        bill=str(bill) if bill else "",
        bill_sha256=file_sha256(bill) if bill else "",
        has_checksums=checksums_file() is not None,
        is_built=built is not None,
    )


def licence(paths: DataPaths, key: str) -> tuple[LicenceText, ...]:
    """A part's licence in full. Raises BadRequestError if there is no such part."""
    built = _built()
    texts = built.licence(key) if built else InstalledParts(paths).licence(key)
    if texts is None:
        raise BadRequestError(reason="no part of Elephant is called that")
    return texts


def system_name() -> str:
    """This machine's system, as people know it, and the kind of its processor."""
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        system = ""
    if platform.system() == "Darwin":
        system = f"macOS {platform.mac_ver()[0]}"
    return f"{system or f'{platform.system()} {platform.release()}'} {platform.machine()}".strip()


def checkout_commit(top: Path | None = None) -> str:
    """The commit that a checkout stands on, read from git's own files; "" where nothing says. It says nothing of changes since."""
    if top is None:
        if not is_checkout():
            return ""
        top = Path(__file__).resolve().parents[2]
    try:
        git = _git_folder(top / ".git")
        head = (git / "HEAD").read_text("utf-8").strip()
        commit = _resolve(git, head.removeprefix("ref:").strip()) if head.startswith("ref:") else head
    except (OSError, UnicodeDecodeError):
        return ""
    return commit[:SHORT_COMMIT] if len(commit) >= SHORT_COMMIT and commit.isalnum() else ""


def _git_folder(git: Path) -> Path:
    """In a second working tree .git is a file that names the folder."""
    if git.is_dir():
        return git
    return (git.parent / git.read_text("utf-8").strip().removeprefix("gitdir:").strip()).resolve()


def _resolve(git: Path, name: str) -> str:
    shared = git / "commondir"
    common = (git / shared.read_text("utf-8").strip()).resolve() if shared.is_file() else git
    for folder in (git, common):
        if (folder / name).is_file():
            return (folder / name).read_text("utf-8").strip()
    for line in (common / "packed-refs").read_text("utf-8").splitlines():
        commit, _, known = line.partition(" ")
        if known == name:
            return commit
    return ""


def _built() -> BundledParts | None:
    folder = about_folder()
    return BundledParts(folder) if folder and folder.is_dir() else None
