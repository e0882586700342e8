"""What the .deb and the tarball share: the program's files with plain permissions and one date, and the files that tell a desktop about it."""

import argparse
import gzip
import os
import shutil
import sys
import tarfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ICON = ROOT / "resources" / "icon"
SIZES = (16, 32, 48, 64, 128, 256, 512)
PROGRAM = "elephant"

sys.path.insert(0, str(ROOT))

from assistant import __version__  # noqa: E402

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "0")) or int(time.time())
DATE = time.strftime("%Y-%m-%d", time.gmtime(EPOCH))


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--frozen", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version-suffix", default="")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    options.version = __version__ + options.version_suffix
    return options


def copy_program(frozen, target):
    """The frozen folder, whoever made it with whatever mask: folders and programs 755, the rest 644; links stay links."""
    shutil.copytree(frozen / PROGRAM, target, symlinks=True)
    for path in (target, *target.rglob("*")):
        if path.is_symlink():
            continue
        path.chmod(0o755 if path.is_dir() or path == target / PROGRAM else 0o644)


def filled(name, version):
    """A file of this folder with the version and the date in it."""
    text = (HERE / name).read_text("utf-8")
    return text.replace("@VERSION@", version).replace("@DATE@", DATE)


def write(path, data, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    path.chmod(mode)


def write_desktop_files(share, version, command=PROGRAM):
    """Entry in the menu, icons, types of files, facts for software centres. command: how the program is started."""
    write(
        share / "applications" / "elephant.desktop",
        filled("elephant.desktop", version).replace("Exec=elephant ", f"Exec={command} "),
    )
    write(share / "mime" / "packages" / "elephant.xml", filled("elephant-mime.xml", version))
    write(share / "metainfo" / "elephant.metainfo.xml", filled("elephant.metainfo.xml", version))
    for size in SIZES:
        folder = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        write(folder / "elephant.png", (ICON / f"elephant-{size}.png").read_bytes())
    write(share / "icons" / "hicolor" / "scalable" / "apps" / "elephant.svg", (ICON / "elephant.svg").read_bytes())


def squeezed(text):
    """As gzip, without name and date, so that the same text gives the same bytes."""
    return gzip.compress(text.encode("utf-8"), 9, mtime=0)


def one_date(folder):
    """Every file bears the date of the source it was made from."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)


def pack(folder, target, mode):
    """A tar file with its entries in order, belonging to nobody in particular. mode: as in tarfile, "w:xz"."""

    def plain(entry):
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = EPOCH
        return entry

    with tarfile.open(target, mode) as tar:
        for path in (folder, *sorted(folder.rglob("*"))):
            tar.add(path, arcname=str(path.relative_to(folder.parent)), recursive=False, filter=plain)
