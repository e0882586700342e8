"""The scripts that sign, pack and notarise on macOS, run here with stand-ins for Apple's tools that write down what they are asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from mac_stand_in import MACOS, Mac
from packaging_files import load_script

SCRIPTS = sorted(MACOS.glob("*.sh"))
IDENTITY = "Developer ID Application: Ada Example (AB12CD34EF)"
SECRET = "key-number-that-is-nobodys-business"

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="bash scripts for macOS; Windows has no bash of its own"
)


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    made = Mac(tmp_path)
    made.make_app()
    return made


# ---------------------------------------------------------------------------------------------------------- all scripts


def test_there_are_the_four_scripts() -> None:
    assert [path.name for path in SCRIPTS] == ["keychain.sh", "make_dmg.sh", "notarise.sh", "sign.sh"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_sound_bash(path: Path) -> None:
    checked = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in text
    assert os.access(path, os.X_OK)
    assert not re.search(r"set -x|\beval\b", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_for_macos_keeps_to_its_old_bash(path: Path) -> None:
    """The bash of macOS is 3.2 and will stay so."""
    code = re.sub(r"(^|\s)#.*", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"\b(mapfile|readarray|coproc)\b|declare -[Ang]|local -n|\$\{\w+(,,|\^\^|@\w)|\|&|&>>", code)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_help_is_given_and_misuse_is_told(mac: Mac, path: Path) -> None:
    helped, bare = mac.run(path.name, "--help"), mac.run(path.name)
    assert helped.returncode == 0
    assert helped.stdout.startswith(f"usage: packaging/macos/{path.name}")
    assert (bare.returncode, bare.stdout) == (2, "")
    assert bare.stderr == helped.stdout
    for name in set(re.findall(r"ELEPHANT_(?:SIGN|NOTARY|CERTIFICATE)\w*", path.read_text(encoding="utf-8"))):
        assert name in helped.stdout


# -------------------------------------------------------------------------------------------------------------- signing


def test_what_lies_deeper_is_signed_before_what_holds_it(mac: Mac) -> None:
    mac.variables["ELEPHANT_SIGN_IDENTITY"] = IDENTITY
    done = mac.run("sign.sh", mac.app)
    assert done.returncode == 0, done.stderr
    calls = mac.calls("codesign")
    signed = [call[-1].removeprefix(str(mac.app)) for call in calls]
    assert signed[-2:] == ["", ""]  # the bundle itself, and then the look at it
    assert calls[-1][:2] == ["--verify", "--strict"]
    inner = signed[:-2]
    framework = "/Contents/Frameworks/PySide6/Qt/lib/QtCore.framework"
    assert set(inner) == {
        "/Contents/MacOS/elephant",
        "/Contents/Frameworks/Python",
        "/Contents/Frameworks/llama_cpp/lib/libllama.dylib",
        f"{framework}/Versions/A/QtCore",
        f"{framework}/Versions/A/Frameworks/Within.framework/Within",
        f"{framework}/Versions/A/Frameworks/Within.framework",
        framework,
    }
    assert inner[-2:] == [f"{framework}/Versions/A/Frameworks/Within.framework", framework]
    assert mac.calls("xattr") == [["-cr", str(mac.app)]]
    assert not any("--deep" in call for call in calls[:-1])


def test_a_name_brings_the_hardened_runtime_and_only_the_program_its_exception(mac: Mac) -> None:
    mac.variables["ELEPHANT_SIGN_IDENTITY"] = IDENTITY
    assert mac.run("sign.sh", f"{mac.app}/").returncode == 0
    *inner, bundle, _ = mac.calls("codesign")
    for call in (*inner, bundle):
        assert call[call.index("--sign") + 1] == IDENTITY
        assert call[call.index("--options") + 1] == "runtime"
        assert "--timestamp" in call
    assert bundle[bundle.index("--entitlements") + 1] == str(MACOS / "entitlements.plist")
    assert not any("--entitlements" in call for call in inner)


def test_a_signature_in_nobodys_name_has_no_hardened_runtime(mac: Mac) -> None:
    mac.variables["ELEPHANT_SIGN_IDENTITY"] = "-"
    assert mac.run("sign.sh", mac.app).returncode == 0
    for call in mac.calls("codesign")[:-1]:
        assert "--options" not in call
        assert "--timestamp=none" in call


def test_the_parts_can_be_signed_before_the_bundle(mac: Mac) -> None:
    mac.variables["ELEPHANT_SIGN_IDENTITY"] = IDENTITY
    assert mac.run("sign.sh", "--parts", mac.app).returncode == 0
    parts = mac.calls("codesign")
    assert len(parts) == 7
    assert str(mac.app) not in {call[-1] for call in parts}
    mac.calls_file.write_text("", encoding="utf-8")
    assert mac.run("sign.sh", "--bundle", mac.app).returncode == 0
    assert [call[-1] for call in mac.calls("codesign")] == [str(mac.app)] * 2
    assert mac.run("sign.sh", "--all", mac.app).returncode == 2


def test_a_refusal_ends_the_signing(mac: Mac) -> None:
    mac.variables["ELEPHANT_SIGN_IDENTITY"] = IDENTITY
    mac.tool("codesign", 'case "$*" in *libllama*) echo "errSecInternalComponent" >&2; exit 1 ;; esac')
    done = mac.run("sign.sh", mac.app)
    assert done.returncode == 1
    assert "errSecInternalComponent" in done.stderr
    assert mac.calls("codesign")[-1][-1].endswith("libllama.dylib")  # nothing was signed after it


def test_it_is_said_what_is_missing_for_signing(mac: Mac) -> None:
    without_identity = mac.run("sign.sh", mac.app)
    assert without_identity.returncode == 2
    assert "ELEPHANT_SIGN_IDENTITY is not set" in without_identity.stderr
    mac.variables["ELEPHANT_SIGN_IDENTITY"] = "-"
    without_bundle = mac.run("sign.sh", mac.folder)
    assert without_bundle.returncode == 1
    assert "packaging/build.py freeze" in without_bundle.stderr
    (mac.tools / "codesign").unlink()
    without_tool = mac.run("sign.sh", mac.app)
    assert without_tool.returncode == 1
    assert "xcode-select --install" in without_tool.stderr


# ------------------------------------------------------------------------------------------------------------ the image


def test_the_image_holds_the_bundle_and_a_link_to_applications(mac: Mac) -> None:
    mac.tool(
        "hdiutil", f'[ "$1" = create ] && cp -R "$5" "{mac.folder}/seen"; for last; do :; done; echo image > "$last"'
    )
    image = mac.folder / "out put" / "Elephant.dmg"
    done = mac.run("make_dmg.sh", mac.app, image)
    assert done.returncode == 0, done.stderr
    seen = mac.folder / "seen"
    assert sorted(path.name for path in seen.iterdir()) == ["Applications", "Elephant.app"]
    assert str((seen / "Applications").readlink()) == "/Applications"
    assert (seen / "Elephant.app" / "Contents" / "MacOS" / "elephant").is_file()
    create, verify = mac.calls("hdiutil")
    assert create[create.index("-format") + 1] == "ULMO"
    assert (verify[0], verify[-1]) == ("verify", str(image))
    assert not Path(create[create.index("-srcfolder") + 1]).exists()  # it is cleaned up
    assert mac.calls("codesign") == []


def test_the_image_is_signed_when_somebody_signs(mac: Mac) -> None:
    mac.variables["ELEPHANT_SIGN_IDENTITY"] = IDENTITY
    assert mac.run("make_dmg.sh", "--quick", mac.app, "Elephant.dmg").returncode == 0
    (create, _), (call,) = mac.calls("hdiutil"), mac.calls("codesign")
    assert create[create.index("-format") + 1] == "UDZO"
    assert call == ["--force", "--sign", IDENTITY, "--timestamp", "Elephant.dmg"]


def test_a_busy_volume_is_tried_again_and_not_for_ever(mac: Mac) -> None:
    mac.tool("hdiutil", f'[ "$(grep -c create "{mac.calls_file}")" -ge 3 ]')
    assert mac.run("make_dmg.sh", mac.app, "Elephant.dmg").returncode == 0
    assert len(mac.calls("hdiutil")) == 4  # three tries, and the look at the image
    mac.tool("hdiutil", "exit 1")
    mac.calls_file.write_text("", encoding="utf-8")
    failed = mac.run("make_dmg.sh", mac.app, "Elephant.dmg")
    assert failed.returncode == 1
    assert len(mac.calls("hdiutil")) == 5
    assert "could not be made" in failed.stderr


# ------------------------------------------------------------------------------------------------------------ notarising


@pytest.fixture
def image(mac: Mac) -> Path:
    path = mac.folder / "Elephant 1.dmg"
    path.write_bytes(b"image")
    return path


def test_an_accepted_image_is_stapled(mac: Mac, image: Path) -> None:
    mac.variables["ELEPHANT_NOTARY_PROFILE"] = "release"
    done = mac.run("notarise.sh", image)
    assert done.returncode == 0, done.stderr
    submit, staple, validate = mac.calls("xcrun")
    assert submit[:5] == ["notarytool", "submit", str(image), "--keychain-profile", "release"]
    assert "--wait" in submit
    assert [staple, validate] == [["stapler", "staple", str(image)], ["stapler", "validate", str(image)]]
    assert len(mac.calls("spctl")) == 1


def test_a_refused_image_is_not_stapled_and_the_reasons_are_fetched(mac: Mac, image: Path) -> None:
    mac.variables["ELEPHANT_NOTARY_PROFILE"] = "release"
    mac.tool("plutil", 'case "$2" in status) echo Invalid ;; id) echo 1234 ;; esac')
    done = mac.run("notarise.sh", image)
    assert done.returncode == 1
    assert "did not accept the image: Invalid" in done.stderr
    assert [call[:3] for call in mac.calls("xcrun")][1:] == [["notarytool", "log", "1234"]]


def test_no_answer_is_no_success(mac: Mac, image: Path) -> None:
    mac.variables["ELEPHANT_NOTARY_PROFILE"] = "release"
    mac.tool("xcrun", "echo network is down >&2; exit 1")
    mac.tool("plutil", "exit 1")
    done = mac.run("notarise.sh", image)
    assert done.returncode == 1
    assert "no answer" in done.stderr
    assert "network is down" in done.stderr


def test_a_key_is_given_in_three_parts_and_never_shown(mac: Mac, image: Path) -> None:
    key = mac.folder / "key.p8"
    key.write_text("secret", encoding="utf-8")
    wanted = {"ELEPHANT_NOTARY_KEY": str(key), "ELEPHANT_NOTARY_KEY_ID": SECRET, "ELEPHANT_NOTARY_ISSUER": SECRET}
    for name in wanted:
        mac.variables = {other: value for other, value in wanted.items() if other != name}
        missing = mac.run("notarise.sh", image)
        assert missing.returncode == 2
        assert f"{name} is not set" in missing.stderr
        assert SECRET not in missing.stderr + missing.stdout
    mac.variables = wanted
    done = mac.run("notarise.sh", image)
    assert done.returncode == 0
    assert SECRET not in done.stderr + done.stdout
    mac.variables = {**wanted, "ELEPHANT_NOTARY_KEY": str(mac.folder / "none.p8")}
    assert "no key file" in mac.run("notarise.sh", image).stderr


# ---------------------------------------------------------------------------------------------------------- the keychain


def test_a_certificate_is_put_into_a_keychain_and_leaves_no_file(mac: Mac) -> None:
    mac.tool("security", f'[ "$1" = import ] && cat "$2" > "{mac.folder}/imported"; exit 0')
    mac.variables = {"ELEPHANT_CERTIFICATE": "Y2VydGlmaWNhdGU=", "ELEPHANT_CERTIFICATE_PASSWORD": SECRET}
    done = mac.run("keychain.sh", mac.folder)
    assert done.returncode == 0, done.stderr
    assert (mac.folder / "imported").read_text(encoding="utf-8") == "certificate"
    assert not list(mac.folder.glob("*.p12"))
    assert SECRET not in done.stderr + done.stdout
    assert "0123456789abcdef" not in done.stderr + done.stdout
    calls = mac.calls("security")
    assert [call[0] for call in calls] == [
        *(
            "create-keychain",
            "set-keychain-settings",
            "unlock-keychain",
            "import",
            "set-key-partition-list",
            "list-keychains",
        )
    ]
    keychain = str(mac.folder / "elephant-signing.keychain-db")
    assert all(keychain in call for call in calls)
    assert calls[-1][-1] == "login.keychain-db"  # that of the machine stays in the list


def test_a_certificate_that_cannot_be_read_ends_it_and_leaves_no_file(mac: Mac) -> None:
    mac.tool("security", '[ "$1" != import ]')
    mac.variables = {"ELEPHANT_CERTIFICATE": "Y2VydGlmaWNhdGU=", "ELEPHANT_CERTIFICATE_PASSWORD": SECRET}
    assert mac.run("keychain.sh", mac.folder).returncode == 1
    assert not list(mac.folder.glob("*.p12"))
    del mac.variables["ELEPHANT_CERTIFICATE"]
    without = mac.run("keychain.sh", mac.folder)
    assert without.returncode == 2
    assert "ELEPHANT_CERTIFICATE is not set" in without.stderr


# -------------------------------------------------------------------------------------------------------------- make.py

make = load_script("macos/make.py")
ALWAYS = ["sign.sh --parts", "bill.py --checksums", "sign.sh --bundle", "make_dmg.sh"]


def names(commands: list[list[str]]) -> list[str]:
    """The script of each command, and what it is asked for."""
    return [
        " ".join([Path(command[1]).name, *(word for word in command[2:] if word.startswith("--"))])
        for command in commands
    ]


@pytest.mark.parametrize(
    ("variables", "scripts"),
    [
        ({}, ALWAYS),
        ({"ELEPHANT_NOTARY_PROFILE": "release"}, ALWAYS),  # there is nobody to notarise for
        ({"ELEPHANT_SIGN_IDENTITY": IDENTITY}, ALWAYS),
        (
            {"ELEPHANT_SIGN_IDENTITY": IDENTITY, "ELEPHANT_NOTARY_KEY": "key.p8"},
            [*ALWAYS, "notarise.sh"],
        ),
    ],
)
def test_apple_is_asked_only_about_what_bears_a_name(
    variables: dict[str, str], scripts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    commands = make.steps(Path("Elephant.app"), Path("Elephant.dmg"), make.with_identity(variables), is_quick=False)
    assert names(commands) == scripts
    assert ("will ask before they open it" in capsys.readouterr().err) == (scripts == ALWAYS)


@pytest.fixture
def bill(mac: Mac, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for what writes the checksums: it lists what it finds in the folder `about`."""
    script = mac.folder / "bill.py"
    code = "about = Path(sys.argv[1], 'Contents', 'Frameworks', 'about')\nassert sys.argv[2:] == ['--checksums']\n"
    code += (
        "found = sorted(path.name for path in about.iterdir())\n(about / 'checksums.txt').write_text(' '.join(found))\n"
    )
    script.write_text("import sys\nfrom pathlib import Path\n" + code, encoding="utf-8")
    monkeypatch.setattr(make, "BILL", script)
    about = mac.app / "Contents" / "Frameworks" / "about"
    about.mkdir()
    (about / "build.json").write_text("{}", encoding="utf-8")
    (about / "checksums.txt").write_text("of the unsigned files", encoding="utf-8")
    return script


def test_what_the_program_says_of_itself_lies_among_the_data_and_is_written_after_signing(
    mac: Mac, bill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{mac.tools}:{os.environ['PATH']}")
    monkeypatch.delenv("ELEPHANT_SIGN_IDENTITY", raising=False)
    mac.tool("hdiutil", 'for last; do :; done; echo image > "$last"')
    for _ in range(2):  # a second image of the same frozen program finds it settled
        assert make.main(["--frozen", str(mac.app.parent), "--out", str(mac.folder / "out")]) == 0
        about = mac.app / "Contents" / "Frameworks" / "about"
        assert str(about.readlink()) == "../Resources/about"
        assert not (mac.app / "Contents" / "Resources" / "about").is_symlink()
        assert (about / "checksums.txt").read_text(encoding="utf-8") == "build.json"  # not of its own older self


def test_a_step_that_fails_ends_the_making(
    mac: Mac, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", f"{mac.tools}:{os.environ['PATH']}")
    monkeypatch.delenv("ELEPHANT_SIGN_IDENTITY", raising=False)
    mac.tool("codesign", "exit 1")
    assert make.main(["--frozen", str(mac.app.parent), "--out", str(mac.folder)]) == 1
    assert "sign.sh ended with 1" in capsys.readouterr().err
    assert mac.calls("hdiutil") == []


def test_the_image_is_named_after_the_version_and_the_processor(
    mac: Mac, bill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{mac.tools}:{os.environ['PATH']}")
    monkeypatch.setenv("ELEPHANT_DMG_WAIT", "0")
    monkeypatch.delenv("ELEPHANT_SIGN_IDENTITY", raising=False)
    mac.tool("hdiutil", 'for last; do :; done; echo image > "$last"')
    assert (
        make.main(["--frozen", str(mac.app.parent), "--out", str(mac.folder / "out"), "--version-suffix", "~rc1"]) == 0
    )
    (made,) = (mac.folder / "out").iterdir()
    assert re.fullmatch(r"elephant-[\d.]+-rc1-macos-\w+\.dmg", made.name)
