"""What runs without being installed: dist/elephant-VERSION-linux-ARCH.tar.xz, one folder with the program, from the frozen program."""

import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import staging
from make_deb import is_elf


def main(arguments):
    options = staging.parse(arguments)
    name = f"elephant-{options.version}"
    with tempfile.TemporaryDirectory(prefix="elephant-tar-") as scratch:
        top = Path(scratch, name)
        staging.copy_program(options.frozen, top)
        staging.write_desktop_files(top / "share", options.version)
        readme = staging.filled("README.txt", options.version).replace("@GLIBC@", least_glibc(top))
        staging.write(top / "README.txt", readme)
        staging.write(top / "add-to-menu.sh", (staging.HERE / "add-to-menu.sh").read_bytes(), 0o755)
        for folder in (path for path in (top, *top.rglob("*")) if path.is_dir() and not path.is_symlink()):
            folder.chmod(0o755)
        subprocess.run(
            [sys.executable, str(staging.ROOT / "packaging" / "bill.py"), str(top), "--checksums"], check=True
        )
        plain = Path(scratch, name + ".tar")
        staging.pack(top, plain, "w")
        target = options.out / f"{name}-linux-{platform.machine()}.tar{'' if options.quick else '.xz'}"
        if options.quick:
            shutil.move(plain, target)
        else:
            with target.open("wb") as out:
                subprocess.run(["xz", "-6", "--threads=0", "--stdout", str(plain)], stdout=out, check=True)
    print(target)
    return 0


def least_glibc(top):
    """The oldest C library that has every function the program's own files ask for: "2.35"."""
    newest = (2, 17)
    for path in top.rglob("*"):
        if path.is_file() and not path.is_symlink() and is_elf(path):
            told = subprocess.run(["objdump", "-T", str(path)], capture_output=True, text=True, check=False).stdout
            found = (tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_(2\.\d+)", told))
            newest = max([newest, *found])
    return ".".join(map(str, newest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
