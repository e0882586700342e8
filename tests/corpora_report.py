"""Put every file under a folder through the readers, and the folder through the whole application, and count what came of it.

    python tests/corpora_report.py FOLDER [--list] [--whole]

Prints a table in Markdown: files of each kind that were read, refused for a reason, that crashed their reader or met its limits. --whole
also has a real engine index the folder and an offscreen window show every note of it. For public
collections of hostile files, which are not part of this project. Exit code 1 if a reader crashed or anything was harmed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from assistant.documents.reading import SUPPORTED_SUFFIXES  # noqa: E402 (after the path is set)
from assistant.ipc.reader_messages import PageRendered, ReaderRequest, ReadNote, RenderImage, RenderPage  # noqa: E402
from assistant.ipc.wire import EventLine  # noqa: E402
from tests.corpora_cases import markdown_examples, web_pages  # noqa: E402
from tests.faults.reader_bench import LIMITS, MEMORY_LIMIT_BYTES, OneReader, outcome  # noqa: E402

MOST_PAGES = 40
IMAGES = frozenset(
    ".png .jpg .jpeg .gif .webp .bmp .tif .tiff .sgi .j2k .fli .ico .icns .pcx .psd .dds .blp .eps .bin".split()
)
KINDS = {".docx": "Word", ".pdf": "PDF", ".html": "saved pages", ".md": "Markdown"}


class Counts:
    """What came of each kind, and what took longest."""

    def __init__(self) -> None:
        self.by_kind: dict[str, Counter[str]] = defaultdict(Counter)
        self.slowest: list[tuple[float, str]] = []

    def add(self, kind: str, name: str, found: str, seconds: float, shows: bool) -> None:
        self.by_kind[kind][found] += 1
        self.slowest.append((seconds, name))
        if shows and found != "read":
            print(f"{found:>16}  {kind}: {name}")

    def table(self) -> Iterator[str]:
        yield "| kind | tried | read or drawn | refused with a reason | reader crashed | out of time or memory |"
        yield "|---|---:|---:|---|---:|---:|"
        for kind, found in sorted(self.by_kind.items()):
            crashed = sum(count for reason, count in found.items() if reason.startswith("crashed"))
            limited = sum(found[reason] for reason in LIMITS)
            refused = {
                reason: count
                for reason, count in found.most_common()
                if reason != "read" and reason not in LIMITS and not reason.startswith("crashed")
            }
            words = ", ".join(f"{count} {reason}" for reason, count in refused.items())
            total = f"{sum(refused.values())}{f' ({words})' if words else ''}"
            yield f"| {kind} | {sum(found.values())} | {found['read']} | {total} | {crashed} | {limited} |"

    @property
    def crashed(self) -> bool:
        return any(reason.startswith("crashed") for found in self.by_kind.values() for reason in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", help="also name each file that was not read")
    parser.add_argument("--whole", action="store_true", help="also index the folder and show every note of it")
    options = parser.parse_args()
    folder = options.folder.resolve()
    counts = Counts()
    reader = OneReader(time_limit_s=30.0)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for kind, request in _requests(path):
            _count(counts, reader, kind, request, str(path.relative_to(folder)), options.list)
        if path.suffix.lower() == ".pdf":
            _draw_pages(counts, reader, path, options.list)
    _read_cases(counts, reader, "html5lib cases", web_pages(folder), ".html", options.list)
    _read_cases(counts, reader, "CommonMark examples", markdown_examples(folder), ".md", options.list)
    reader.close()
    print("\n".join(counts.table()))
    for seconds, name in sorted(counts.slowest, reverse=True)[:5]:
        print(f"{seconds:8.2f} s  {name}")
    harmed = False
    if options.whole:
        from tests.corpora_window import show_everything

        harmed = show_everything(folder)
    return int(counts.crashed or harmed)


def _requests(path: Path) -> Iterator[tuple[str, ReaderRequest]]:
    limits = {"time_limit_s": 30.0, "memory_limit_bytes": MEMORY_LIMIT_BYTES}
    suffix = path.suffix.lower()
    if suffix in SUPPORTED_SUFFIXES:
        yield KINDS.get(suffix, "text of all kinds"), ReadNote(str(path), **limits)  # type: ignore[arg-type]
    if suffix in IMAGES or ("images" in path.parts and path.name != "LICENSE"):
        yield "images", RenderImage(str(path), 1200, **limits)  # type: ignore[arg-type]


def _draw_pages(counts: Counts, reader: OneReader, path: Path, shows: bool) -> None:
    page, last = 1, 1
    while page <= min(last, MOST_PAGES):
        request = RenderPage(str(path), page, 800, memory_limit_bytes=MEMORY_LIMIT_BYTES)
        answer = _count(counts, reader, "pages of PDF, drawn", request, f"{path.name} page {page}", shows)
        if isinstance(answer, EventLine) and isinstance(answer.body, PageRendered):
            last = answer.body.page_count
        page += 1


def _read_cases(counts: Counts, reader: OneReader, kind: str, cases: Iterable[bytes], suffix: str, shows: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="elephant-") as folder:
        path = Path(folder, f"case{suffix}")
        for number, data in enumerate(cases):
            path.write_bytes(data)
            _count(counts, reader, kind, ReadNote(str(path)), f"{kind} {number}: {data[:60]!r}", shows)


def _count(counts: Counts, reader: OneReader, kind: str, request: ReaderRequest, name: str, shows: bool) -> object:
    started = time.monotonic()
    answer = reader.ask(request)
    counts.add(kind, name, outcome(answer), time.monotonic() - started, shows)
    return answer


if __name__ == "__main__":
    sys.exit(main())
