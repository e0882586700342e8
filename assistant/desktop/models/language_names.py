"""What languages are called in the window's own language. A model file names them as its maker liked: "zh", "zho", "zh-CN" or "Chinese".

Qt knows every language, but names it in English or in the language itself only; those that models name have their names here.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale

from assistant.desktop.common.words import translate

MANY = frozenset({"multilingual", "mul", "multi"})
_CODE = 3
"""Letters of the longest code: what is longer is a name."""


def language_name(said: str) -> str:
    """What is said is shown as it is where nobody knows what it means."""
    if said.casefold() in MANY:
        return translate("Models", "many others")
    code = code_of(said)
    return _names().get(code, "") or _own_name(code) or said


def code_of(said: str) -> str:
    """The two-letter code, or the three-letter one where there is none; "" for what is no language."""
    word = said.strip().replace("_", "-").split("-")[0].casefold()
    by_name = _BY_NAME.get(word, QLocale.Language.AnyLanguage)
    language = QLocale.codeToLanguage(word) if len(word) <= _CODE else by_name
    return "" if language in _NONE else QLocale.languageToCode(language)


_NONE = frozenset({QLocale.Language.AnyLanguage, QLocale.Language.C})
_BY_NAME = {QLocale.languageToString(language).casefold(): language for language in QLocale.Language}


def _own_name(code: str) -> str:
    """As those who speak it call it; "" if Qt does not know."""
    locale = QLocale(code)
    return locale.nativeLanguageName() if code and locale.language() not in _NONE else ""


def _names() -> dict[str, str]:
    return {
        "ar": translate("Models", "Arabic"),
        "bg": translate("Models", "Bulgarian"),
        "bn": translate("Models", "Bengali"),
        "ca": translate("Models", "Catalan"),
        "cs": translate("Models", "Czech"),
        "da": translate("Models", "Danish"),
        "de": translate("Models", "German"),
        "el": translate("Models", "Greek"),
        "en": translate("Models", "English"),
        "es": translate("Models", "Spanish"),
        "et": translate("Models", "Estonian"),
        "fa": translate("Models", "Persian"),
        "fi": translate("Models", "Finnish"),
        "fr": translate("Models", "French"),
        "he": translate("Models", "Hebrew"),
        "hi": translate("Models", "Hindi"),
        "hr": translate("Models", "Croatian"),
        "hu": translate("Models", "Hungarian"),
        "id": translate("Models", "Indonesian"),
        "it": translate("Models", "Italian"),
        "ja": translate("Models", "Japanese"),
        "ko": translate("Models", "Korean"),
        "lt": translate("Models", "Lithuanian"),
        "lv": translate("Models", "Latvian"),
        "ms": translate("Models", "Malay"),
        "nl": translate("Models", "Dutch"),
        "no": translate("Models", "Norwegian"),
        "nb": translate("Models", "Norwegian"),
        "pl": translate("Models", "Polish"),
        "pt": translate("Models", "Portuguese"),
        "ro": translate("Models", "Romanian"),
        "ru": translate("Models", "Russian"),
        "sk": translate("Models", "Slovak"),
        "sl": translate("Models", "Slovenian"),
        "sr": translate("Models", "Serbian"),
        "sv": translate("Models", "Swedish"),
        "sw": translate("Models", "Swahili"),
        "ta": translate("Models", "Tamil"),
        "te": translate("Models", "Telugu"),
        "th": translate("Models", "Thai"),
        "fil": translate("Models", "Filipino"),
        "tr": translate("Models", "Turkish"),
        "uk": translate("Models", "Ukrainian"),
        "ur": translate("Models", "Urdu"),
        "vi": translate("Models", "Vietnamese"),
        "zh": translate("Models", "Chinese"),
    }
