"""The Debian package: dist/elephant_VERSION_ARCH.deb, from the frozen program.

Its needs are found by dpkg-shlibdeps among the libraries that the program expects of the system, so a package that is missing is a mistake of the
build and not of the user's.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from email.utils import formatdate
from pathlib import Path

import staging

MAINTAINER = "The Elephant authors <elephant@localhost>"
# What nothing is linked to and people still want: a browser and file manager to hand links to, Chinese letters, the driver's loader.
RECOMMENDS = "fonts-noto-cjk, libvulkan1, shared-mime-info, xdg-utils"
DESCRIPTION = """\
Description: ask your notes, offline, and see where each answer stands
 Elephant watches a folder of notes, searches it by words and by meaning, and
 answers questions about it with a language model on this computer. Each
 sentence of an answer leads to the passage that supports it.
 .
 Two small models are included, so it works without a network from the first
 start. Notes are only ever read, and nothing leaves the computer.
"""


def main(arguments):
    options = staging.parse(arguments)
    with tempfile.TemporaryDirectory(prefix="elephant-deb-") as scratch:
        tree = Path(scratch, "tree")
        lay_out(options.frozen, tree, options.version)
        needs = needs_of(tree, Path(scratch))
        write_control(tree, options.version, needs)
        staging.one_date(tree)
        package = options.out / f"elephant_{options.version}_{architecture()}.deb"
        squeeze = ["-Znone"] if options.quick else ["-Zxz", "-z6"]
        subprocess.run(["dpkg-deb", "--root-owner-group", *squeeze, "--build", str(tree), str(package)], check=True)
    print(package)
    return 0


def lay_out(frozen, tree, version):
    usr = tree / "usr"
    program = usr / "lib" / "elephant"
    program.parent.mkdir(parents=True)
    staging.copy_program(frozen, program)
    (usr / "bin").mkdir()
    (usr / "bin" / "elephant").symlink_to("../lib/elephant/elephant")
    share = usr / "share"
    staging.write_desktop_files(share, version)
    staging.write(share / "man" / "man1" / "elephant.1.gz", staging.squeezed(staging.filled("elephant.1", version)))
    doc = share / "doc" / "elephant"
    staging.write(doc / "copyright", (staging.HERE / "copyright").read_bytes())
    staging.write(doc / "changelog.gz", staging.squeezed(changelog(version)))
    staging.write(share / "lintian" / "overrides" / "elephant", (staging.HERE / "overrides").read_bytes())
    for folder in (path for path in tree.rglob("*") if path.is_dir() and not path.is_symlink()):
        folder.chmod(0o755)
    tree.chmod(0o755)


def changelog(version):
    """Debian's form of it; what has changed stands in the program's own."""
    date = formatdate(staging.EPOCH)
    return f"elephant ({version}) unstable; urgency=medium\n\n  * Version {version}.\n\n -- {MAINTAINER}  {date}\n"


def needs_of(tree, scratch):
    """The packages that own what the program expects of the system."""
    control = scratch / "debian" / "control"
    control.parent.mkdir()
    control.write_text(f"Source: elephant\nMaintainer: {MAINTAINER}\n\nPackage: elephant\nArchitecture: any\n", "utf-8")
    (tree / "DEBIAN").mkdir(mode=0o755)  # by this the tool knows the top of what is to be installed
    program = tree / "usr" / "lib" / "elephant"
    files = [path for path in program.rglob("*") if path.is_file() and not path.is_symlink() and is_elf(path)]
    own = sorted({str(path.parent) for path in files})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"]
    command += [f"-l{folder}" for folder in own] + [f"-e{path}" for path in files]
    told = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    found = re.search(r"shlibs:Depends=(.*)", told.stdout)
    if told.returncode or not found:
        sys.exit("The program's needs were not found: " + told.stderr.strip()[-800:])
    own_names = {path.name for path in program.rglob("*.so*")}
    return ", ".join(need for need in found[1].split(", ") if not owned(need.split()[0]) & own_names)


def owned(package):
    """The names of the libraries in an installed package. What the program brings itself need not be installed beside it."""
    listed = subprocess.run(["dpkg-query", "--listfiles", package], capture_output=True, text=True, check=True).stdout
    return {Path(line).name for line in listed.splitlines() if ".so." in line}


def is_elf(path):
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def write_control(tree, version, needs):
    size = sum(path.lstat().st_size for path in tree.rglob("*") if not path.is_dir()) // 1024
    fields = [
        "Package: elephant",
        f"Version: {version}",
        f"Architecture: {architecture()}",
        f"Maintainer: {MAINTAINER}",
        f"Installed-Size: {size}",
        f"Depends: {needs}",
        f"Recommends: {RECOMMENDS}",
        "Section: text",
        "Priority: optional",
    ]
    staging.write(tree / "DEBIAN" / "control", "\n".join(fields) + "\n" + DESCRIPTION)
    (tree / "DEBIAN").chmod(0o755)


def architecture():
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    for tool in ("dpkg-deb", "dpkg-shlibdeps"):
        if shutil.which(tool) is None:
            sys.exit(f"This needs {tool}: sudo apt install dpkg-dev")
    sys.exit(main(sys.argv[1:]))
