"""Licences are named by their SPDX identifier where a library's own words allow that, and otherwise in those words."""

from __future__ import annotations

import pytest

from assistant.domain.licences import is_licence_file, licence_file_name, stated_licence

THREE = "Neither the name of the copyright holder nor the names of its contributors"


@pytest.mark.parametrize(
    ("expression", "licence", "classifiers", "text", "found"),
    [
        ("MIT-CMU", "", (), "", "MIT-CMU"),
        ("Apache-2.0 OR  BSD-3-Clause", "MIT", (), "", "Apache-2.0 OR BSD-3-Clause"),
        ("", "Apache License, Version 2.0", (), "", "Apache-2.0"),
        ("", "MPL-2.0 AND MIT", (), "", "MPL-2.0 AND MIT"),
        ("", "MIT License\n\nCopyright (c) somebody\n" + "words " * 200, ("License :: OSI Approved :: MIT License",), "", "MIT"),
        ("", "UNKNOWN", ("License :: OSI Approved :: ISC License (ISCL)",), "", "ISC"),
        ("", "", ("License :: OSI Approved :: BSD License",), THREE, "BSD-3-Clause"),
        ("", "BSD", (), "Redistributions of source code must retain", "BSD-2-Clause"),
        ("", "BSD-3-Clause, Apache-2.0, dependency licenses", (), THREE, "BSD-3-Clause, Apache-2.0, dependency licenses"),
        ("", "Freeware", (), "", "Freeware"),
        ("", "", ("License :: Other/Proprietary License",), "", "Other/Proprietary License"),
        ("", "", ("Programming Language :: Python",), "", ""),
    ],
)  # fmt: skip
def test_what_a_library_states(
    expression: str, licence: str, classifiers: tuple[str, ...], text: str, found: str
) -> None:
    assert stated_licence(expression, licence, classifiers, text) == found


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("x-1.0.dist-info/licenses/LICENSE", "LICENSE"),
        ("x-1.0.dist-info/licenses/vendor/http/LICENSE-MIT", "vendor-http-LICENSE-MIT"),
        ("x-1.0.dist-info/licenses/BUILD/zlib.txt", "BUILD-zlib.txt"),
        ("x-1.0.dist-info/COPYING.txt", "COPYING.txt"),
        ("x/ThirdPartyNotices.txt", "x-ThirdPartyNotices.txt"),
    ],
)
def test_files_that_state_a_licence_lie_beside_each_other_under_names_of_their_own(path: str, name: str) -> None:
    assert is_licence_file(path)
    assert licence_file_name(path) == name


@pytest.mark.parametrize(
    "path",
    ["x/licence.py", "x/deep/er/LICENSE", "x-1.0.dist-info/METADATA", "../../share/LICENSE", "x/notice_board.so"],
)
def test_code_and_files_deep_inside_state_none(path: str) -> None:
    assert not is_licence_file(path)
