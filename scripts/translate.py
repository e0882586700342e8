"""Brings the Chinese catalogue up to date: collects every text of the window, then compiles what is translated.

python scripts/translate.py            update resources/translations/elephant_zh_CN.ts and compile it
python scripts/translate.py --check    say what is not translated; exit code 1 if there is anything
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "resources" / "translations" / "elephant_zh_CN.ts"


def tool(name: str) -> str:
    """Path of a Qt tool beside this Python."""
    return str(Path(sysconfig.get_path("scripts"), name + (".exe" if sys.platform == "win32" else "")))


def untranslated() -> list[str]:
    root = ET.parse(CATALOGUE).getroot()
    found = []
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") == "unfinished" or not translation.text:
                found.append(f"{context.findtext('name')}: {message.findtext('source')}")
    return found


def main() -> int:
    if "--check" not in sys.argv:
        sources = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "assistant" / "desktop").rglob("*.py"))]
        update = [tool("pyside6-lupdate"), *sources, "-no-obsolete", "-locations", "none", "-target-language", "zh_CN"]
        subprocess.run([*update, "-ts", str(CATALOGUE)], cwd=ROOT, check=True)
        compiled = str(CATALOGUE.with_suffix(".qm"))
        subprocess.run([tool("pyside6-lrelease"), str(CATALOGUE), "-qm", compiled], cwd=ROOT, check=True)
    missing = untranslated()
    for text in missing:
        print(text)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
