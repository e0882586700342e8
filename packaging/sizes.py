"""How large the frozen program is, by part: python packaging/sizes.py PROGRAM. The largest first, what is below a megabyte in one line."""

import sys
from collections import Counter
from pathlib import Path

# (what a path below the bundle begins with, the part it belongs to). The first that fits counts.
PARTS = (
    ("models", "the two starter models"),
    ("PySide6/Qt/lib/libicu", "Qt: letters and dates of all languages (ICU)"),
    ("PySide6", "Qt and PySide6: Core, Gui, Widgets, Svg and the platforms' plug-ins"),
    ("shiboken6", "Qt and PySide6: Core, Gui, Widgets, Svg and the platforms' plug-ins"),
    ("chromadb", "Chroma"),
    ("llama_cpp/lib/cpu", "llama.cpp: kernels for 13 kinds of processors"),
    ("llama_cpp/lib/gpu", "llama.cpp: Vulkan"),
    ("llama_cpp", "llama.cpp"),
    ("numpy", "NumPy with OpenBLAS"),
    ("pillow.libs", "Pillow with its decoders"),
    ("PIL", "Pillow with its decoders"),
    ("cryptography", "cryptography: locked PDF and Word files"),
    ("pypdfium2_raw", "PDFium"),
    ("lxml", "lxml: Word files and web pages"),
    ("opencc", "OpenCC: traditional and simplified characters"),
    ("justext", "words of web pages (jusText)"),
    ("python3", "Python"),
    ("libpython", "Python"),
    ("base_library", "Python"),
    ("libcrypto", "OpenSSL"),
    ("libssl", "OpenSSL"),
    ("resources", "our pictures, styles, translations and sample notes"),
    ("about", "bill of materials, licences, checksums"),
)
CODE = "the code of Elephant and of the libraries, in the executable"
REST = "everything else"
SMALL = 1_000_000


def sizes(program):
    """Bytes by part, links not counted."""
    found = Counter()
    for path in program.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        place = path.relative_to(program).as_posix()
        inside = place.removeprefix("_internal/")
        part = CODE if inside == place else next((part for start, part in PARTS if inside.startswith(start)), REST)
        found[part] += path.stat().st_size
    for part, size in list(found.items()):
        if size < SMALL and part != REST:
            found[REST] += found.pop(part)
    return found


def report(program):
    found = sizes(program)
    lines = [f"{size / 1e6:7.1f} MB  {part}" for part, size in found.most_common()]
    return "\n".join([*lines, f"{sum(found.values()) / 1e6:7.1f} MB  in all", ""])


if __name__ == "__main__":
    sys.stdout.write(report(Path(sys.argv[1])))
