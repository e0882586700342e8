"""The single cases inside public collections of tests: inputs of html5lib's, examples of CommonMark's specification."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_EXAMPLE = re.compile(r"^`{20,} example\n(.*?)^\.\n", re.MULTILINE | re.DOTALL)
_ENCODING_CASE = re.compile(rb"#data\n(.*?)\n#encoding\n", re.DOTALL)


def web_pages(folder: Path) -> Iterator[bytes]:
    """Every input of the tokenizer's and the encodings' tests."""
    for path in sorted(folder.rglob("*.test")):
        for test in _tests(json.loads(path.read_text("utf-8"))):
            if isinstance(text := test.get("input"), str):
                yield text.encode("utf-8", "surrogatepass")
    for path in sorted(folder.rglob("*.dat")):
        yield from _ENCODING_CASE.findall(path.read_bytes())


def markdown_examples(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("spec.txt")):
        for text in _EXAMPLE.findall(path.read_text("utf-8")):
            yield text.replace("→", "\t").encode()


def _tests(loaded: Any) -> Iterator[dict[str, Any]]:
    for tests in loaded.values() if isinstance(loaded, dict) else ():
        yield from (test for test in tests if isinstance(test, dict))
