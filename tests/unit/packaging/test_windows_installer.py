"""The Inno Setup script holds together, leaves the user's data alone, and is compiled with everything it asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from inno_script import Script, problems_of, read_script
from packaging_files import PACKAGING, load_script

import assistant

make = load_script("windows/make.py")
WINDOWS = PACKAGING / "windows"
TEXT = (WINDOWS / "elephant.iss").read_text(encoding="utf-8")
SCRIPT: Script = read_script(TEXT)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A frozen program, as far as the installer looks at it."""
    folder = tmp_path / "frozen" / "elephant"
    (folder / "_internal" / "笔记").mkdir(parents=True)
    for name in ("Elephant.exe", "elephant-console.exe", "_internal/笔记/大象也有笔记.md"):
        (folder / name).write_bytes(b"x")
    return folder


def given_by_make(program: Path) -> set[str]:
    command = make.compiler_command(Path("ISCC.exe"), program, program, "1.0", "signtool sign $f")
    return {word[2:].partition("=")[0] for word in command if word.startswith("/D")} | {"Quick"}


def setting(name: str) -> str:
    (value,) = SCRIPT.setup[name]
    return value


# ---------------------------------------------------------------------------------------------------------- the script


def test_the_script_holds_together(program: Path) -> None:
    assert problems_of(TEXT, WINDOWS, given_by_make(program)) == []


@pytest.mark.parametrize(
    ("found", "instead", "problem"),
    [
        ("[Tasks]", "[Task]", "unknown section"),
        ("#endif\n\n[Setup]", "\n[Setup]", "no #endif"),
        ("DefaultDirName=", "DefaultDir=", "unknown directive DefaultDir"),
        ("DefaultDirName={autopf}", "DefaultDirName={userprograms}", "unknown constant {userprograms}"),
        ("{cm:ModelFile}", "{cm:ModelFiles}", "unknown constant {cm:ModelFiles}"),
        ("{#Version}", "{#Versoin}", "{#Versoin} is defined nowhere"),
        ("zh.StillOpen=", "zh.StillRunning=", "not in every language"),
        ("允许 %2 个", "允许那么多个", "takes other values"),
        ("setup.bmp", "small.bmp", "there is no small.bmp"),
        (
            "default.isl,chinese-simplified.isl".replace("default", "Default"),
            "Default.isl,zh.isl",
            "there is no zh.isl",
        ),
        ("Tasks: desktop", "Tasks: dekstop", "there is no task dekstop"),
        ("BeforeInstall: RemoveOlder", "BeforeInstall: RemoveOld", "RemoveOld is in no line of the code"),
        ("CustomMessage('StillOpen')", "CustomMessage('Open')", "there is no message Open"),
        ("skipifsilent", "skipifsilnt", "unknown skipifsilnt"),
        ('Description: "{cm:OpenElephant}"', "Description: {cm:OpenElephant", "braces do not match"),
        ("    Stream.Free;\n  except", "    Stream.Free;\n  end;\n  except", "begin and end do not match"),
        ('Name: "{autoprograms}\\Elephant"', 'Name: "{autoprograms}\\Elephant', "unknown unreadable"),
    ],
)
def test_the_checker_finds_planted_mistakes(program: Path, found: str, instead: str, problem: str) -> None:
    assert found in TEXT
    problems = problems_of(TEXT.replace(found, instead), WINDOWS, given_by_make(program))
    assert any(problem in words for words in problems), problems


def test_it_installs_for_one_person_on_windows_10_and_later() -> None:
    assert setting("PrivilegesRequired") == "lowest"
    assert setting("PrivilegesRequiredOverridesAllowed") == "dialog commandline"
    assert setting("MinVersion") == "10.0.17763"
    assert setting("ArchitecturesAllowed") == setting("ArchitecturesInstallIn64BitMode") == "x64compatible"
    assert {entry["Root"] for entry in SCRIPT.entries["Registry"]} == {
        "HKA"
    }  # the user's part, or everyone's if chosen


def test_an_older_version_is_known_again() -> None:
    assert setting("AppId") == "{{AA572341-C5CE-4B48-81DF-0E9E954CAC6E}"  # changing it would install a second Elephant
    assert setting("CloseApplications") == "force"
    assert "*.exe" in setting("CloseApplicationsFilter")


def test_uninstalling_leaves_what_is_the_users() -> None:
    assert "UninstallDelete" not in SCRIPT.entries
    assert re.findall(r"DelTree\(ExpandConstant\('([^']*)'\)", SCRIPT.code) == [r"{app}\_internal"]
    assert not re.search(r"\b(DeleteFile|RemoveDir|RegDelete\w*)\b", SCRIPT.code)
    for language, words in (("en", ("notes", "chats", "settings", "models")), ("zh", ("笔记", "对话", "设置", "模型"))):
        for name in ("ConfirmUninstall", "UninstalledAll"):
            assert all(word in SCRIPT.messages["Messages"][f"{language}.{name}"] for word in words)


def test_the_program_may_not_be_put_among_the_users_data() -> None:
    assert r"{localappdata}\Elephant" in SCRIPT.code  # where platformdirs puts the data folder


def test_a_model_file_and_a_folder_are_handed_over_whole() -> None:
    commands = {
        entry["Subkey"]: entry["ValueData"]
        for entry in SCRIPT.entries["Registry"]
        if entry["Subkey"].endswith("command")
    }
    assert set(commands.values()) == {'"{app}\\{#Program}" "%1"'}  # quoted: a path has spaces
    assert r"Software\Classes\Directory\shell\Elephant\command" in commands
    assert r"Software\Classes\Elephant.gguf\shell\open\command" in commands


def test_nothing_takes_over_what_opens_model_files() -> None:
    for entry in SCRIPT.entries["Registry"]:
        if entry["Subkey"].startswith(r"Software\Classes\.gguf"):
            assert entry["ValueType"] == "none" or entry["ValueName"] == "Elephant.gguf"
            assert "uninsdeletekey" not in entry["Flags"].split()


def test_the_programs_are_named_as_the_spec_names_them() -> None:
    assert f'#define Program "{make.WINDOW}"' in TEXT


# ------------------------------------------------------------------------------------------------------------- Chinese


def test_chinese_has_a_text_wherever_it_needs_one() -> None:
    messages = make.messages(WINDOWS / "chinese-simplified.isl")
    empty = {name for name, text in messages.items() if not text}
    assert empty == {"HelpTextNote", "AboutSetupNote", "TranslatorNote", "BeveledLabel"}  # empty in English too
    assert len(messages) > 250
    for name, text in messages.items():
        assert not text.endswith(("。。", ".")), name
        assert "您" not in text, name  # the window says 你
    assert {key.partition(".")[2] for key in SCRIPT.messages["Messages"]} <= messages.keys()


def test_messages_that_a_newer_inno_setup_adds_are_told(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.isl", tmp_path / "Default.isl"
    ours.write_text("[LangOptions]\nLanguageID=$0804\n[Messages]\nButtonOK=确定\n", encoding="utf-8")
    theirs.write_text(
        "\ufeff[LangOptions]\nRightToLeft=no\n[Messages]\n; a remark=\nButtonOK=OK\nButtonNew=New\n", "utf-8"
    )
    assert make.missing_messages(ours, theirs) == ["ButtonNew"]
    assert make.missing_messages(ours, tmp_path / "none.isl") == []


# ------------------------------------------------------------------------------------------------------------- make.py


def test_the_compiler_is_given_the_version_and_the_longest_path(program: Path, tmp_path: Path) -> None:
    command = make.compiler_command(Path("ISCC.exe"), program, tmp_path / "out", assistant.__version__ + "~rc1", None)
    assert f"/DVersion={assistant.__version__}~rc1" in command
    assert f"/DLongestPath={len('_internal/笔记/大象也有笔记.md')}" in command
    assert (
        f"/DName=elephant-{assistant.__version__}-rc1-windows-x64" in command
    )  # no sign that a file name may not have
    assert any(re.fullmatch(r"/DFourNumbers=\d+\.\d+\.\d+\.\d+", word) for word in command)
    assert not any("elephant=" in word or word == "/DSigned" for word in command)


def test_it_is_signed_only_where_a_command_for_that_is_given(program: Path) -> None:
    command = make.compiler_command(Path("ISCC.exe"), program, program, "1.0", "signtool sign /fd sha256 $f")
    assert command[-3:-1] == ["/DSigned", "/Selephant=signtool sign /fd sha256 $f"]


def test_the_programs_are_signed_before_they_are_packed_and_their_checksums_written_anew(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str | list[str]] = []

    def call(command: str | list[str]) -> int:
        ran.append(command)
        return 0

    monkeypatch.setattr(make.subprocess, "call", call)
    monkeypatch.setenv("ELEPHANT_SIGNTOOL", "signtool sign /n $qAda Example$q $f")
    with pytest.raises(make.MakeError):  # the compiler has made nothing
        make.make(program.parent, tmp_path / "out", "", Path("ISCC.exe"), is_quick=False)
    assert ran[:2] == [
        f'signtool sign /n "Ada Example" "{program / name}"' for name in ("Elephant.exe", "elephant-console.exe")
    ]
    assert ran[2][1:] == [str(PACKAGING / "bill.py"), str(program), "--checksums"]
    assert ran[3][0] == "ISCC.exe"


def test_a_program_that_cannot_be_signed_is_not_packed(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make.subprocess, "call", lambda command: 1)
    monkeypatch.setenv("ELEPHANT_SIGNTOOL", "signtool sign $f")
    with pytest.raises(make.MakeError, match=r"Elephant\.exe could not be signed"):
        make.make(program.parent, tmp_path / "out", "", Path("ISCC.exe"), is_quick=False)


def test_without_a_frozen_program_it_is_said_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make.main(["--frozen", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert "packaging/build.py freeze" in capsys.readouterr().err


def test_without_inno_setup_it_is_said_what_to_install(
    program: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PATH", *make.PLACES):
        monkeypatch.delenv(name, raising=False)
    assert make.main(["--frozen", str(program.parent), "--out", str(program.parent)]) == 1
    assert "Inno Setup" in capsys.readouterr().err


def test_the_newest_installed_compiler_is_found(tmp_path: Path) -> None:
    for name in ("Inno Setup 6", "Inno Setup 7", "Inno Setup 5"):
        (tmp_path / "Programs" / name).mkdir(parents=True)
        (tmp_path / "Programs" / name / "ISCC.exe").touch()
    assert make.find_compiler({"LOCALAPPDATA": str(tmp_path)}) == tmp_path / "Programs" / "Inno Setup 7" / "ISCC.exe"
    assert make.find_compiler({}) is None


def test_a_compiler_that_fails_is_no_success(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make.subprocess, "call", lambda command: 2)
    with pytest.raises(make.MakeError, match="ended with 2"):
        make.make(program.parent, tmp_path / "out", "", Path("ISCC.exe"), is_quick=False)


def test_the_installer_is_where_it_is_said_to_be(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def compile_script(command: list[str]) -> int:
        ran.append(command)
        values = dict(word[2:].split("=", 1) for word in command if word.startswith("/D") and "=" in word)
        Path(values["Output"], values["Name"] + ".exe").write_bytes(b"installer")
        return 0

    monkeypatch.setattr(make.subprocess, "call", compile_script)
    made = make.make(program.parent, tmp_path / "out", "", Path("ISCC.exe"), is_quick=True)
    assert made.read_bytes() == b"installer"
    assert ran[0][-2:] == ["/DQuick", str(WINDOWS / "elephant.iss")]
