"""Which settings there are, by section: plain names, one line of help each, and the words in both languages that find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from PySide6.QtWidgets import QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import join, translate
from assistant.desktop.settings.folders_box import FoldersBox
from assistant.desktop.settings.key_row import GlobalKeyRow
from assistant.desktop.settings.model_row import ModelRow
from assistant.desktop.settings.setting_row import SettingRow
from assistant.desktop.settings.settings_controls import (
    ChoiceControl,
    DecimalControl,
    NumberControl,
    PatternsControl,
    TemplateControl,
)
from assistant.domain.models import ModelRole
from assistant.domain.settings import Settings

RANGES = {spec.name: spec.metadata for spec in fields(Settings)}

Rows = list[SettingRow]


class SettingRows:
    """Makes the rows. Owns nothing: the page that shows them does."""

    def __init__(self, client: EngineClient, theme: Theme) -> None:
        self._theme = theme
        self.folders = FoldersBox(client)
        self.model_choices = (
            ModelRow(
                client,
                theme,
                ModelRole.CHAT,
                "use_chat_model",
                (
                    translate("SettingsPage", "Writes answers"),
                    translate("SettingsPage", "Another one is loaded first; if that fails, the one in use stays."),
                    "chat model llm answers switch 模型 大模型 回答 切换",
                ),
            ),
            ModelRow(
                client,
                theme,
                ModelRole.EMBEDDER,
                "use_embedder",
                (
                    translate("SettingsPage", "Finds by meaning"),
                    translate(
                        "SettingsPage",
                        "Another one has to read every note once more. Search goes on as before until that is done.",
                    ),
                    "embedder embedding meaning model switch 嵌入 含义 模型 切换",
                ),
            ),
        )
        self.models = make_button(translate("SettingsPage", "Models…"))
        self.privacy = make_button(translate("SettingsPage", "Privacy…"))
        self.about = make_button(translate("SettingsPage", "About…"))
        self.global_key = GlobalKeyRow(
            theme,
            "quick_ask_keys",
            (
                translate("SettingsPage", "Key for a quick question"),
                translate("SettingsPage", "Brings the small window for one question up from every program."),
                "global shortcut hotkey key quick question ask anywhere 全局 快捷键 热键 按键 快速提问",
            ),
        )

    def sections(self) -> list[tuple[str, Callable[[], Rows]]]:
        return [
            (translate("SettingsPage", "Folders"), self.folder_rows),
            (translate("SettingsPage", "Answers"), self.answer_rows),
            (translate("SettingsPage", "Models and hardware"), self.model_rows),
            (translate("SettingsPage", "Appearance"), self.look_rows),
            (translate("SettingsPage", "System"), self.system_rows),
            (translate("SettingsPage", "Privacy"), self.privacy_rows),
            (translate("SettingsPage", "Advanced"), self.advanced_rows),
        ]

    def folder_rows(self) -> Rows:
        return [
            self._row(
                "folders",
                translate("SettingsPage", "Your folders"),
                translate("SettingsPage", "Elephant reads the notes in them and never changes one."),
                "folders add remove library notes path 文件夹 添加 移除 资料库 笔记 路径 目录",
                self.folders,
                is_wide=True,
            ),
            self._row(
                "ignore_patterns",
                translate("SettingsPage", "Leave out"),
                translate(
                    "SettingsPage",
                    "Files and folders that are not read, one pattern a line, written as in .gitignore. The folders are compared again "
                    "at once: notes that are left out leave the index, others are read.",
                ),
                "leave out ignore patterns exclude skip gitignore 忽略 排除 跳过 规则 模式",
                PatternsControl(self._theme),
                is_wide=True,
            ),
        ]

    def answer_rows(self) -> Rows:
        return [
            self._row(
                "caution",
                translate("SettingsPage", "Caution"),
                translate(
                    "SettingsPage",
                    "How weak the evidence may be before an answer is held back and the nearest passages are shown instead.",
                ),
                "caution strict evidence refuse careful bold balanced 谨慎 严格 依据 证据 拒绝 大胆",
                ChoiceControl(
                    self._theme,
                    (
                        (translate("SettingsPage", "Bold"), "bold"),
                        (translate("SettingsPage", "Balanced"), "balanced"),
                        (translate("SettingsPage", "Careful"), "careful"),
                    ),
                ),
            ),
            self._number(
                "answer_tokens",
                translate("SettingsPage", "Longest answer"),
                translate(
                    "SettingsPage", "In tokens: about three quarters of an English word each, or one Chinese character."
                ),
                "length longest answer tokens short long limit 长度 最长 回答 词元 字数",
                step=50,
            ),
            self._row(
                "temperature",
                translate("SettingsPage", "Temperature"),
                translate(
                    "SettingsPage",
                    "How freely the model chooses its words. At 0 it always takes the likeliest ones, which keeps it closest to your notes.",
                ),
                "temperature creativity random sampling chance 温度 随机 创造 采样 自由",
                DecimalControl(self._theme, *self._range("temperature"), 0.1),
            ),
            self._number(
                "passages",
                translate("SettingsPage", "Passages for an answer"),
                translate("SettingsPage", "More give the model more to read and take longer."),
                "passages sources context chunks evidence 段落 来源 原文 数量",
            ),
            self._template("en", translate("SettingsPage", "What the model is told, for English questions")),
            self._template("zh", translate("SettingsPage", "What the model is told, for Chinese questions")),
        ]

    def model_rows(self) -> Rows:
        return [
            *self.model_choices,
            self._row(
                "models",
                translate("SettingsPage", "All models"),
                translate("SettingsPage", "Get, add, compare and remove models on their own page."),
                "models chat embedder reranker gguf download llm 模型 下载 嵌入 重排 大模型",
                self.models,
            ),
            self._number(
                "threads",
                translate("SettingsPage", "Processor cores"),
                translate(
                    "SettingsPage", "How many the models may use at once. A model is loaded again for its next use."
                ),
                "threads cpu cores processor speed hardware 线程 处理器 核心 速度 硬件",
                automatic=translate("SettingsPage", "all"),
            ),
            self._row(
                "gpu",
                translate("SettingsPage", "Graphics processor"),
                translate(
                    "SettingsPage",
                    "Where there is one, as much of the chat model as fits goes there. Turn it off if answers come out garbled or the "
                    "screen stutters.",
                ),
                "gpu graphics cuda metal vulkan layers vram hardware 显卡 图形 显存 层 硬件",
                ChoiceControl(
                    self._theme,
                    (
                        (translate("SettingsPage", "Where there is one"), "auto"),
                        (translate("SettingsPage", "Not used"), "off"),
                    ),
                ),
            ),
            self._number(
                "context_tokens",
                translate("SettingsPage", "Context"),
                translate(
                    "SettingsPage",
                    "How many tokens the chat model can keep in mind: passages, conversation and answer together. More needs more memory.",
                ),
                "context window memory tokens ram 上下文 窗口 内存 词元",
                step=1024,
            ),
        ]

    def look_rows(self) -> Rows:
        as_system = translate("SettingsPage", "As the system")
        return [
            self._choice(
                "language",
                translate("SettingsPage", "Language"),
                translate("SettingsPage", "Of the window. You can ask in English and Chinese in either."),
                "language english chinese translation 语言 英文 英语 中文 汉语 翻译",
                ((as_system, "system"), ("English", "en"), ("简体中文", "zh")),
            ),
            self._choice(
                "theme",
                translate("SettingsPage", "Theme"),
                "",
                "theme appearance dark light night mode colour color 主题 外观 深色 浅色 夜间 颜色",
                (
                    (as_system, "system"),
                    (translate("SettingsPage", "Light"), "light"),
                    (translate("SettingsPage", "Dark"), "dark"),
                ),
            ),
            self._choice(
                "font_scale",
                translate("SettingsPage", "Text size"),
                "",
                "text font size scale zoom larger smaller 字号 字体 大小 缩放 放大",
                (
                    (translate("SettingsPage", "Small"), 0.9),
                    (translate("SettingsPage", "Normal"), 1.0),
                    (translate("SettingsPage", "Large"), 1.15),
                    (translate("SettingsPage", "Larger"), 1.35),
                    (translate("SettingsPage", "Largest"), 1.6),
                    (translate("SettingsPage", "Twice as large"), 2.0),
                ),
            ),
            self._choice(
                "density",
                translate("SettingsPage", "Density"),
                translate("SettingsPage", "How close rows and lines stand."),
                "density compact comfortable spacing rows 密度 紧凑 宽松 间距 行距",
                (
                    (translate("SettingsPage", "Comfortable"), "comfortable"),
                    (translate("SettingsPage", "Compact"), "compact"),
                ),
            ),
            self._choice(
                "motion",
                translate("SettingsPage", "Movement"),
                translate("SettingsPage", "Whether panes glide to their place or are there at once."),
                "motion animation reduce movement accessibility 动画 动态 减少 无障碍",
                ((as_system, "system"), (translate("SettingsPage", "None"), "none")),
            ),
        ]

    def system_rows(self) -> Rows:
        return [
            self._choice(
                "when_closed",
                translate("SettingsPage", "When the window is closed"),
                translate("SettingsPage", "Where the system has a tray, Elephant can keep running there."),
                "close quit tray background running minimise icon 关闭 退出 托盘 后台 运行 图标",
                (
                    (translate("SettingsPage", "Quit Elephant"), "quit"),
                    (translate("SettingsPage", "Keep running in the tray"), "stay"),
                ),
            ),
            self._choice(
                "notify",
                translate("SettingsPage", "Messages"),
                translate(
                    "SettingsPage",
                    "When long work has ended and the window is not in front. They hold no word of your notes.",
                ),
                "messages notifications alerts notify 消息 通知 提醒 提示",
                ((translate("SettingsPage", "Show them"), True), (translate("SettingsPage", "None"), False)),
            ),
            self.global_key,
            self._row(
                "about",
                translate("SettingsPage", "About Elephant"),
                translate("SettingsPage", "Its version, what it is made of, and the licences of every part."),
                "about version licence license parts build update 关于 版本 许可 许可证 组成 更新",
                self.about,
            ),
        ]

    def privacy_rows(self) -> Rows:
        return [
            self._row(
                "privacy",
                translate("SettingsPage", "What is kept, and where"),
                translate("SettingsPage", "Nothing leaves this machine. See what is stored, and clear it."),
                "privacy data network stored delete clear backups logs 隐私 数据 网络 存储 删除 清除 备份 日志",
                self.privacy,
            )
        ]

    def advanced_rows(self) -> Rows:
        again = translate("SettingsPage", "The folders are compared again at once.")
        return [
            self._number(
                "largest_note_mb",
                translate("SettingsPage", "Largest file"),
                join(translate("SettingsPage", "Larger files are left out."), again),
                "largest file size limit big megabytes 最大 文件 大小 上限",
                unit=translate("SettingsPage", " MB"),
            ),
            self._number(
                "reader_time_limit_s",
                translate("SettingsPage", "Time for one file"),
                join(translate("SettingsPage", "Reading a file stops after this long."), again),
                "time limit reader seconds slow 时间 上限 读取 秒",
                unit=translate("SettingsPage", " s"),
            ),
            self._number(
                "reader_memory_mb",
                translate("SettingsPage", "Memory for one file"),
                join(translate("SettingsPage", "Reading a file stops when it needs more."), again),
                "memory limit reader ram 内存 上限 读取",
                unit=translate("SettingsPage", " MB"),
                step=100,
            ),
            self._number(
                "rescan_minutes",
                translate("SettingsPage", "Compare everything every"),
                translate(
                    "SettingsPage", "Changes are noticed as they happen; this finds what the system did not tell of."
                ),
                "rescan compare interval minutes watch 重新 扫描 比较 间隔 分钟",
                unit=translate("SettingsPage", " min"),
            ),
        ]

    # ---- kinds of rows ---------------------------------------------------------------------------------------------------

    def _row(
        self, key: str, name: str, hint: str, words: str, control: QWidget, *, is_wide: bool = False
    ) -> SettingRow:
        return SettingRow(self._theme, key, (name, hint, words), control, is_wide=is_wide)

    def _choice(
        self, key: str, name: str, hint: str, words: str, choices: tuple[tuple[str, object], ...]
    ) -> SettingRow:
        return self._row(key, name, hint, words, ChoiceControl(self._theme, choices))

    def _number(
        self, key: str, name: str, hint: str, words: str, *, unit: str = "", step: int = 1, automatic: str = ""
    ) -> SettingRow:
        low, high = self._range(key)
        control = NumberControl(self._theme, int(low), int(high), unit, step)
        control.setSpecialValueText(automatic)
        return self._row(key, name, hint, words, control)

    def _template(self, language: str, name: str) -> SettingRow:
        hint = translate(
            "SettingsPage",
            "The system prompt, as plain text. It counts from the next question on. Very small models get a short text of their own.",
        )
        words = "system prompt template instruction persona style 系统提示词 提示词 模板 指令 语气 风格"
        return self._row(f"system_prompt_{language}", name, hint, words, TemplateControl(self._theme), is_wide=True)

    def _range(self, key: str) -> tuple[float, float]:
        return RANGES[key]["low"], RANGES[key]["high"]
