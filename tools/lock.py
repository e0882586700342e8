"""Write requirements/*.txt from pyproject.toml: exact versions with hashes for Linux, macOS and Windows, Python 3.11 to 3.13.

    python3 tools/lock.py            keep the versions that still fit
    python3 tools/lock.py --upgrade  take the newest

Needs `uv` on PATH. The result names neither a registry nor a path of this machine, so it can be installed from any mirror.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    "uv pip compile --quiet --universal --python-version=3.11 --generate-hashes --no-emit-index-url --no-emit-find-links"
).split()
# dev and build are resolved under app's versions, so that one environment can hold all of them.
LOCKS = (
    ("app", ["pyproject.toml"]),
    ("build", ["--group=pyproject.toml:build", "--constraints=requirements/app.txt"]),
    (
        "packaging",
        [
            "--group=pyproject.toml:packaging",
            "--constraints=requirements/app.txt",
            "--constraints=requirements/build.txt",
        ],
    ),
    (
        "dev",
        [
            "--group=pyproject.toml:dev",
            "--constraints=requirements/app.txt",
            "--constraints=requirements/build.txt",
            "--constraints=requirements/packaging.txt",
        ],
    ),
)


def main(arguments):
    # Files of a private mirror would end up among the hashes, and nobody else could install them.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    for name, sources in LOCKS:
        target = f"requirements/{name}.txt"
        note = "--custom-compile-command=python3 tools/lock.py"
        subprocess.run([*COMPILE, note, *sources, *arguments, "-o", target], cwd=ROOT, env=environment, check=True)
        print(target)


if __name__ == "__main__":
    main(sys.argv[1:])
