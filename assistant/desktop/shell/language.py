"""The language of the window: which one, and its catalogues."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

CHINESE = "zh"
CATALOGUE = "elephant_zh_CN"


class Language:
    """Owns the translators that are installed."""

    def __init__(self, app: QCoreApplication, translations_dir: Path) -> None:
        self._app = app
        self._dir = translations_dir
        self._translators: list[QTranslator] = []
        self.current = ""

    def choose(self, setting: str) -> bool:
        """setting: system, en or zh. True if the language is another one now; windows made before then must be made again."""
        wanted = _system_language() if setting == "system" else setting
        if wanted == self.current:
            return False
        for translator in self._translators:
            self._app.removeTranslator(translator)
        self._translators.clear()
        if wanted == CHINESE:
            QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
            self._load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._load(CATALOGUE, str(self._dir))
        else:
            system = QLocale.system()
            english = system.language() == QLocale.Language.English
            QLocale.setDefault(system if english else QLocale(QLocale.Language.English))
        self.current = wanted
        return True

    def _load(self, name: str, folder: str) -> None:
        translator = QTranslator()
        if translator.load(name, folder):
            self._app.installTranslator(translator)
            self._translators.append(translator)


def _system_language() -> str:
    languages = QLocale.system().uiLanguages()
    return CHINESE if languages and languages[0].lower().startswith("zh") else "en"
