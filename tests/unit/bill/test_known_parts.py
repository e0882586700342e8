"""The table of what parts do not say about themselves names only texts that are there, and licences that SPDX knows or plain words."""

from __future__ import annotations

import tomllib

from bill_model import LICENCES, Known
from cyclonedx.spdx import is_expression, is_supported_id

PLAIN_WORDS = {"public domain", "Microsoft Visual C++ redistributable, as its own licence terms allow"}


def entries():
    tables = tomllib.loads((LICENCES / "known.toml").read_text("utf-8"))
    return [(f"{table}.{name}", entry) for table, found in tables.items() for name, entry in found.items()]


def test_every_text_that_is_named_is_there() -> None:
    named = {text for _, entry in entries() for text in entry.get("texts", [])}
    assert named
    assert [name for name in sorted(named) if not (LICENCES / name).is_file()] == []


def test_what_qt_has_inside_names_its_holders_and_licences() -> None:
    known = Known()
    inside = known.inside(known.part("qt"))
    assert {"PCRE2", "FreeType", "zlib"} <= {one["name"] for one in inside}
    assert [one["name"] for one in inside if not one["holders"]] == []
    assert [one["name"] for one in inside if not is_expression(one["licence"])] == []
    assert known.inside(known.part("python")) == []


def test_every_licence_is_an_expression_or_one_of_the_few_plain_words() -> None:
    stated = {name: entry["licence"] for name, entry in entries() if "licence" in entry}
    odd = [
        n for n, one in stated.items() if not (is_supported_id(one) or is_expression(one)) and one not in PLAIN_WORDS
    ]
    assert odd == []


def test_patterns_name_the_packages_of_several_releases() -> None:
    known = Known()
    assert known.debian("libgfortran5")["licence"] == known.debian("libgfortran4")["licence"]
    assert known.file("API-MS-Win-crt-heap-l1-1-0.dll")["part"] == "Microsoft Universal C runtime"
    assert known.debian("nobody-knows-this") == {}
