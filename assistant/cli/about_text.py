"""`elephant about`: which Elephant this is, what it is made of, a licence in full, and whether its files are as they were built."""

from __future__ import annotations

import threading
from dataclasses import asdict

from assistant.cli.output import Output
from assistant.domain.about import About, CheckedCopy, Part
from assistant.domain.errors import BadRequestError
from assistant.engine.paths import DataPaths

WHOLE, DAMAGED = 0, 1
MOST_NAMED = 50


def about(paths: DataPaths, output: Output) -> int:
    from assistant.engine.about import about as look

    found = look(paths)
    output.result(asdict(found), about_words(found))
    return WHOLE


def licence(paths: DataPaths, output: Output, named: str) -> int:
    """named: a part's name or key, in any case. Raises BadRequestError."""
    from assistant.engine.about import about as look
    from assistant.engine.about import licence as read

    part = next(
        (one for one in look(paths).parts if named.casefold() in {one.name.casefold(), one.key.casefold()}), None
    )
    if part is None:
        raise BadRequestError(reason=f"no part is called {named}; `elephant about` names them")
    texts = read(paths, part.key)
    values = {"name": part.name, "licence": part.licence, "texts": [asdict(one) for one in texts]}
    shown = [f"== {one.name} ==\n\n{one.text.strip()}\n" for one in texts]
    output.result(
        values,
        "\n".join(shown) if shown else f"{part.name}: {part.licence or 'no licence is stated'}; no text came with it.",
    )
    return WHOLE


def check(output: Output) -> int:
    """Returns 1 if a file is changed or missing. Raises CopyUnverifiableError."""
    from assistant.engine.copy_check import check_copy

    checked = check_copy(
        lambda done, total: output.progress(f"Checking {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"), threading.Event()
    )
    output.result({"whole": checked.is_whole, **asdict(checked)}, check_words(checked))
    return WHOLE if checked.is_whole else DAMAGED


def about_words(found: About) -> str:
    built = [f"built {found.made}" if found.made else "", f"from {found.commit}" if found.commit else ""]
    lines = [
        " ".join(word for word in (f"Elephant {found.version}", *built) if word),
        f"{found.licence}. A desktop assistant for your own notes; nothing leaves this machine.",
        f"{found.system}; Python {found.python}, Qt {found.qt or '-'}, llama.cpp {found.llama or '-'}",
    ]
    if found.built_on:
        lines.append(f"Built on {found.built_on}")
    lines += ["", f"{len(found.parts):,} parts:", *map(_part_line, found.parts), ""]
    if found.bill:
        lines += [f"Bill of materials: {found.bill}", f"SHA-256 of it: {found.bill_sha256}"]
    else:
        lines.append("No bill of materials came with this copy; the parts are those that are installed.")
    if found.has_checksums:
        lines.append("`elephant about --check` compares every file with the build.")
    return "\n".join(lines)


def _part_line(part: Part) -> str:
    inside = f", with {part.inside:,} parts of its own" if part.inside else ""
    return (
        f"  {f'{part.name} {part.version}'.strip()}  {part.licence or 'licence not stated'} ({part.kind.value}{inside})"
    )


def check_words(checked: CheckedCopy) -> str:
    if checked.is_whole:
        lines = [f"Every file of this copy is as it was built ({checked.right:,} looked at)."]
    else:
        lines = [
            f"This copy is not as it was built. Changed: {len(checked.changed):,}; missing: {len(checked.missing):,}; as they were: "
            f"{checked.right:,}. Get Elephant again; your notes and chats are kept apart from it."
        ]
    for word, names in (
        ("Changed", checked.changed),
        ("Missing", checked.missing),
        ("Not of the build", checked.extra),
    ):
        lines += [f"{word}: {name}" for name in names[:MOST_NAMED]]
        if len(names) > MOST_NAMED:
            lines.append(f"{word}: and {len(names) - MOST_NAMED:,} more")
    return "\n".join(lines)
