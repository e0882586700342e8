"""Reads an Inno Setup script as far as it can be checked without Windows: sections, parameters, constants, messages, files, code names.

It knows what our script uses and takes everything else for a mistake. The compiler itself has the last word (packaging/README.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ENTRY_SECTIONS = {
    "Languages": {"Name", "MessagesFile"},
    "Tasks": {"Name", "Description", "Flags"},
    "Files": {"Source", "DestDir", "Excludes", "Flags", "BeforeInstall"},
    "Icons": {"Name", "Filename", "Tasks"},
    "Registry": {"Root", "Subkey", "ValueType", "ValueName", "ValueData", "Flags", "Tasks"},
    "Run": {"Filename", "Description", "Flags"},
}
VALUE_SECTIONS = {"Setup", "Messages", "CustomMessages"}
FLAGS = {
    "Tasks": {"unchecked"},
    "Files": {"ignoreversion", "recursesubdirs", "createallsubdirs"},
    "Registry": {"uninsdeletekey", "uninsdeletevalue", "uninsdeletekeyifempty"},
    "Run": {"nowait", "postinstall", "skipifsilent"},
}
DIRECTIVES = {
    *("AppId", "AppName", "AppVersion", "AppVerName", "AppPublisher", "AppCopyright", "VersionInfoVersion"),
    *("VersionInfoDescription", "UninstallDisplayName", "UninstallDisplayIcon", "MinVersion", "ArchitecturesAllowed"),
    *("ArchitecturesInstallIn64BitMode", "PrivilegesRequired", "PrivilegesRequiredOverridesAllowed", "DefaultDirName"),
    *("DisableProgramGroupPage", "ChangesAssociations", "SetupMutex", "CloseApplications", "CloseApplicationsFilter"),
    *("RestartApplications", "ShowLanguageDialog", "WizardStyle", "SetupIconFile", "WizardSmallImageFile"),
    *("WizardImageFile", "Compression", "SolidCompression", "LZMAUseSeparateProcess", "OutputDir"),
    *("OutputBaseFilename", "SignTool", "SignedUninstaller"),
}
FILE_DIRECTIVES = ("SetupIconFile", "WizardSmallImageFile", "WizardImageFile")
CONSTANTS = {"app", "autopf", "autoprograms", "autodesktop", "localappdata"}
BLOCKS = re.compile(r"\b(begin|try|case|end)\b", re.IGNORECASE)


@dataclass
class Script:
    """What was read. setup: directives and all values given to each. problems: what could not be read, in words."""

    setup: dict[str, list[str]] = field(default_factory=dict)
    entries: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    messages: dict[str, dict[str, str]] = field(default_factory=dict)
    """By section, then by name with its language, as in en.Name."""
    defines: set[str] = field(default_factory=set)
    code: str = ""
    problems: list[str] = field(default_factory=list)


def read_script(text: str) -> Script:
    script, section, depth = Script(), "", 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if section == "Code" and not bare.startswith("#"):
            script.code += line + "\n"
        elif bare.startswith("#"):
            depth += _directive_step(bare, script, number)
            if depth < 0:
                script.problems.append(f"line {number}: #endif without #if")
        elif re.fullmatch(r"\[\w+\]", bare):
            section = bare[1:-1]
            if section not in {*ENTRY_SECTIONS, *VALUE_SECTIONS, "Code"}:
                script.problems.append(f"line {number}: unknown section {bare}")
        elif bare and not bare.startswith(";"):
            _read_line(script, section, bare, number)
    if depth > 0:
        script.problems.append("an #if has no #endif")
    return script


def _directive_step(line: str, script: Script, number: int) -> int:
    word = line[1:].split()[0]
    if word == "define":
        script.defines.add(line.split()[1])
    elif word not in {"if", "ifdef", "ifndef", "else", "endif", "error"}:
        script.problems.append(f"line {number}: unknown directive #{word}")
    return {"if": 1, "ifdef": 1, "ifndef": 1, "endif": -1}.get(word, 0)


def _read_line(script: Script, section: str, line: str, number: int) -> None:
    if section in VALUE_SECTIONS:
        name, equals, value = line.partition("=")
        if not equals:
            script.problems.append(f"line {number}: not NAME=VALUE")
        elif section == "Setup":
            script.setup.setdefault(name, []).append(value)
            if name not in DIRECTIVES:
                script.problems.append(f"line {number}: unknown directive {name}")
        else:
            script.messages.setdefault(section, {})[name] = value
    elif section in ENTRY_SECTIONS:
        entry = _read_entry(line)
        script.entries.setdefault(section, []).append(entry)
        unknown = entry.keys() - ENTRY_SECTIONS[section]
        unknown |= set(entry.get("Flags", "").split()) - FLAGS.get(section, set())
        if unknown:
            script.problems.append(f"line {number}: unknown {', '.join(sorted(unknown))}")
    else:
        script.problems.append(f"line {number}: outside of any section")


def _read_entry(line: str) -> dict[str, str]:
    """Name: value; Name: "value with "" for a quote"."""
    found: dict[str, str] = {}
    place = 0
    pattern = re.compile(r'\s*(\w+):\s*(?:"((?:[^"]|"")*)"|([^;"]*?))\s*(?:;|$)')
    while place < len(line):
        match = pattern.match(line, place)
        if match is None or match[1] in found:
            return {"unreadable: " + line: ""}
        found[match[1]] = match[2].replace('""', '"') if match[2] is not None else match[3]
        place = match.end()
    return found


def problems_of(text: str, folder: Path, given: set[str]) -> list[str]:
    """Everything that is wrong with a script. folder: where it lies. given: the names that the command line defines."""
    script = read_script(text)
    return [
        *script.problems,
        *_constant_problems(script, text, given),
        *_message_problems(script),
        *_file_problems(script, folder),
        *_code_problems(script),
    ]


def _values(script: Script) -> Iterator[str]:
    for values in script.setup.values():
        yield from values
    for entries in script.entries.values():
        for entry in entries:
            yield from entry.values()
    yield from re.findall(r"ExpandConstant\('([^']*)'\)", script.code)


def _constant_problems(script: Script, text: str, given: set[str]) -> Iterator[str]:
    known = script.defines | given
    for name in re.findall(r"\{#(\w+)\}", text):
        if name not in known:
            yield f"{{#{name}}} is defined nowhere"
    for word in re.findall(r"^#if.*?\b(Signed|Quick|Version|Frozen)\b", text, re.MULTILINE):
        if word not in given:
            yield f"{word} is asked about and given by nobody"
    for value in _values(script):
        plain = re.sub(r"\{#\w+\}", "", value.replace("{{", ""))
        for name in re.findall(r"\{([^{}]*)\}", plain):
            custom = {key.partition(".")[2] for key in script.messages.get("CustomMessages", {})}
            if name not in CONSTANTS and not (name.startswith("cm:") and name[3:] in custom):
                yield f"unknown constant {{{name}}}"
        if script.setup.get("AppId") != [value] and plain.count("{") != plain.count("}"):
            yield f"braces do not match in {value}"


def _message_problems(script: Script) -> Iterator[str]:
    languages = {entry["Name"] for entry in script.entries.get("Languages", [])}
    for section, messages in script.messages.items():
        names = {key.partition(".")[2] for key in messages}
        for key in messages:
            if key.partition(".")[0] not in languages:
                yield f"{section}: {key} is for no language of ours"
        for name in names:
            texts = [messages.get(f"{language}.{name}", "") for language in sorted(languages)]
            if not all(texts):
                yield f"{section}: {name} is not in every language"
            elif len({tuple(sorted(set(re.findall(r"%\d", text)))) for text in texts}) > 1:
                yield f"{section}: {name} takes other values in another language"


def _file_problems(script: Script, folder: Path) -> Iterator[str]:
    named = [value for name in FILE_DIRECTIVES for value in script.setup.get(name, [])]
    for entry in script.entries.get("Languages", []):
        named += [name for name in entry["MessagesFile"].split(",") if not name.startswith("compiler:")]
    for name in named:
        if not (folder / name).is_file():
            yield f"there is no {name}"
    for entry in script.entries.get("Files", []):
        if not entry["Source"].startswith("{#Frozen}\\"):
            yield f"{entry['Source']} does not come from the frozen program"


def _code_problems(script: Script) -> Iterator[str]:
    code = re.sub(r"//.*|'[^'\n]*'", "", script.code)
    made = {name.lower() for name in re.findall(r"^(?:function|procedure)\s+(\w+)", code, re.MULTILINE)}
    tasks = {entry["Name"] for entry in script.entries.get("Tasks", [])}
    for entries in script.entries.values():
        for entry in entries:
            for parameter in ("Check", "BeforeInstall", "AfterInstall"):
                if parameter in entry and entry[parameter].lower() not in made:
                    yield f"{entry[parameter]} is in no line of the code"
            if entry.get("Tasks", next(iter(tasks), "")) not in tasks | {""}:
                yield f"there is no task {entry['Tasks']}"
    custom = {key.partition(".")[2] for key in script.messages.get("CustomMessages", {})}
    for name in re.findall(r"CustomMessage\('(\w+)'\)", script.code):
        if name not in custom:
            yield f"there is no message {name}"
    depth = 0
    for word in BLOCKS.findall(code):
        depth += -1 if word.lower() == "end" else 1
    if depth:
        yield "begin and end do not match in the code"
