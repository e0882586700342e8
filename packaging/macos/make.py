#!/usr/bin/env python3
"""Make the disk image for macOS: python3 packaging/macos/make.py [--frozen DIR] [--out DIR] [--version-suffix TEXT] [--quick].

packaging/build.py calls it after it has frozen the program. It signs what is in the bundle (sign.sh), writes the list of checksums anew, signs the
bundle, puts it on an image (make_dmg.sh) and, where that is set up, has Apple notarise it (notarise.sh). Without ELEPHANT_SIGN_IDENTITY the signature
names nobody, and Apple is not asked.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from assistant import __version__  # noqa: E402

BILL = HERE.parent / "bill.py"
NOBODY = "-"
NOTARY = ("ELEPHANT_NOTARY_PROFILE", "ELEPHANT_NOTARY_KEY")
"""Either says that Apple is to be asked."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="packaging/macos/make.py", description="Make the disk image for macOS.")
    parser.add_argument(
        "--frozen", type=Path, default=ROOT / "build" / "frozen", help="where Elephant.app is (build/frozen/)"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the image goes (dist/)")
    parser.add_argument("--version-suffix", default="", help="added to the version, as in ~rc1")
    parser.add_argument("--quick", action="store_true", help="pack fast and large, to try something out")
    options = parser.parse_args(arguments)
    image = options.out / f"{image_name(__version__ + options.version_suffix)}.dmg"
    variables = with_identity(os.environ)
    app = options.frozen / "Elephant.app"
    settle_about(app)
    for command in steps(app, image, variables, is_quick=options.quick):
        code = subprocess.call(command, env=variables)
        if code != 0:
            print(f"{Path(command[1]).name} ended with {code}, so there is no image to hand out.", file=sys.stderr)
            return 1
    print(f"{image}: {image.stat().st_size:,} bytes")
    return 0


def with_identity(variables: Mapping[str, str]) -> dict[str, str]:
    return {**variables, "ELEPHANT_SIGN_IDENTITY": variables.get("ELEPHANT_SIGN_IDENTITY") or NOBODY}


def settle_about(app: Path) -> None:
    """Put the folder `about` among the data, with a link where the program looks for it: macOS seals no data that lies among code. The list
    of checksums goes, since its own place and every signed file are other ones now."""
    written, place = app / "Contents" / "Frameworks" / "about", app / "Contents" / "Resources" / "about"
    if written.is_dir() and not written.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(exist_ok=True)
        written.rename(place)
        written.symlink_to(Path("..", "Resources", "about"))
    (place / "checksums.txt").unlink(missing_ok=True)


def steps(app: Path, image: Path, variables: Mapping[str, str], *, is_quick: bool) -> list[list[str]]:
    """The commands, in their order. Apple is asked about nothing that names nobody: it would refuse it."""
    commands = [
        ["bash", str(HERE / "sign.sh"), "--parts", str(app)],
        [sys.executable, str(BILL), str(app), "--checksums"],
        ["bash", str(HERE / "sign.sh"), "--bundle", str(app)],
        ["bash", str(HERE / "make_dmg.sh"), *(["--quick"] if is_quick else []), str(app), str(image)],
    ]
    if variables["ELEPHANT_SIGN_IDENTITY"] == NOBODY:
        print("Signed in nobody's name: other Macs will ask before they open it (packaging/README.md)", file=sys.stderr)
    elif any(variables.get(name) for name in NOTARY):
        commands.append(["bash", str(HERE / "notarise.sh"), str(image)])
    else:
        print("Not notarised: other Macs will ask before they open it (packaging/README.md)", file=sys.stderr)
    return commands


def image_name(version: str) -> str:
    return f"elephant-{re.sub(r'[^0-9A-Za-z.+-]', '-', version)}-macos-{platform.machine().lower()}"


if __name__ == "__main__":
    sys.exit(main())
