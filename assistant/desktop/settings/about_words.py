"""Which Elephant this is, its parts and the check of its files, in words."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, Qt

from assistant.desktop.common.words import join, number, translate
from assistant.domain.about import About, CheckedCopy, LicenceText, Part, PartKind

MOST_NAMED = 20
"""So many files are named at most: whoever has more of them needs no list, but another copy."""


def version_line(about: About) -> str:
    return translate("About", "Version {version}").format(version=about.version)


def build_line(about: About) -> str:
    """When and from what this copy was made; how it came here, where it was not built."""
    if not about.is_built:
        if about.commit:
            return translate("About", "Runs from its source, at commit {commit}").format(commit=about.commit)
        return translate("About", "Installed as a Python package")
    made = QDate.fromString(about.made, Qt.DateFormat.ISODate)
    if not made.isValid():
        return translate("About", "Built from commit {commit}").format(commit=about.commit) if about.commit else ""
    day = QLocale().toString(made, translate("words", "d MMM yyyy"))
    if not about.commit:
        return translate("About", "Built on {day}").format(day=day)
    return translate("About", "Built on {day} from commit {commit}").format(day=day, commit=about.commit)


def system_line(about: About) -> str:
    versions = (("Python", about.python), ("Qt", about.qt), ("llama.cpp", about.llama))
    return " · ".join([about.system, *(f"{name} {version}" for name, version in versions if version)])


def details(about: About) -> str:
    """What is copied for a report of a fault: always in English, since whoever reads it may not know the window's language."""
    built = [f"built {about.made}" if about.made else "", f"commit {about.commit}" if about.commit else ""]
    lines = [
        ", ".join(word for word in (f"Elephant {about.version}", *built) if word),
        ", ".join([about.system, f"Python {about.python}", f"Qt {about.qt or '-'}", f"llama.cpp {about.llama or '-'}"]),
    ]
    if about.built_on:
        lines.append(f"Built on {about.built_on}")
    return "\n".join(lines)


def kind_word(kind: PartKind) -> str:
    return {
        PartKind.PROGRAM: translate("About", "Program"),
        PartKind.LIBRARY: translate("About", "Library"),
        PartKind.MODEL: translate("About", "Model"),
        PartKind.SYSTEM: translate("About", "System library"),
    }[kind]


def part_name(part: Part) -> str:
    return f"{part.name} {part.version}".strip()


def licence_word(part: Part) -> str:
    return part.licence or translate("About", "licence not stated")


def inside_word(part: Part) -> str:
    """ "" for a part that says nothing of its inside."""
    if not part.inside:
        return ""
    if part.inside == 1:
        return translate("About", "one part of its own")
    return translate("About", "{n} parts of its own").format(n=number(part.inside))


def count_line(shown: int, total: int) -> str:
    if shown == total == 1:
        return translate("About", "1 part")
    if shown == total:
        return translate("About", "{n} parts").format(n=number(total))
    return translate("About", "{n} of {m} parts").format(n=number(shown), m=number(total))


def licence_text(texts: tuple[LicenceText, ...]) -> str:
    """All files of a licence as one text; their names only where there are several."""
    if len(texts) == 1:
        return texts[0].text.strip("\n")
    return "\n\n\n".join(f"──── {one.name} ────\n\n{one.text.strip()}" for one in texts)


def checked_words(checked: CheckedCopy) -> str:
    if checked.is_whole:
        right = translate("About", "All {n} files are as they were built.").format(n=number(checked.right))
        return join(right, _extra_words(len(checked.extra)))
    return join(
        translate("About", "This copy is not as it was built."),
        translate("About", "Changed: {changed}. Missing: {missing}. As they were: {right}.").format(
            changed=number(len(checked.changed)), missing=number(len(checked.missing)), right=number(checked.right)
        ),
        translate("About", "Get Elephant again from where you had it. Your notes and chats are kept apart from it."),
    )


def _extra_words(extra: int) -> str:
    if not extra:
        return ""
    if extra == 1:
        return translate("About", "One file lies beside them that was not built with them.")
    return translate("About", "{n} files lie beside them that were not built with them.").format(n=number(extra))


def checked_names(checked: CheckedCopy) -> str:
    """The files by name, one a line; "" where there is nothing to name."""
    groups = (
        (translate("About", "Changed"), checked.changed),
        (translate("About", "Missing"), checked.missing),
        (translate("About", "Not of the build"), checked.extra),
    )
    lines = [f"{word}: {name}" for word, names in groups for name in names]
    if len(lines) > MOST_NAMED:
        more = translate("About", "and {n} more").format(n=number(len(lines) - MOST_NAMED))
        lines = [*lines[:MOST_NAMED], more]
    return "\n".join(lines)


def why_unchecked(about: About) -> str:
    """Why this copy cannot be compared with its build."""
    if about.is_built:
        return translate("About", "No checksums came with this copy, so its files cannot be checked.")
    return translate(
        "About",
        "This Elephant was not built into a program: it runs from files that you or Python put here, so there is no build to compare "
        "them with.",
    )
