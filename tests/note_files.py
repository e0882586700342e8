"""A folder of notes in every format we read, each with sentences planted that a question asks for; written by code, so that every
byte is known. Shared by the tests that open citations: in the engine, on drawn pages and in the window.

They hold what offsets trip over: characters beyond the first plane, accents as characters of their own, spaces that do not break,
full-width forms, markup within sentences, words divided at line ends, the same sentence twice.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx

# Written as escapes: what is invisible, or looks like something else, is easily lost in an editor.
NBSP = "\u00a0"
ACUTE = "\u0301"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@dataclass(frozen=True)
class Fact:
    """A question that the notes answer, the words of the note that answer it (white space aside), and where they stand."""

    question: str
    words: str
    notes: tuple[str, ...]
    page: int | None = None


MARKDOWN_EN = f"""---
title: Lisbon in May 🛫
tags: [travel, portugal]
---

# Lisbon 🇵🇹 {FAMILY}

Everything for the *trip*, see the [airline's page](https://example.org/flights) and [[Packing list|what to pack]]. 🧳🧳 The **morning
flight** leaves at **07:45** from [terminal 2](https://example.org/t2) of the `LIS` airport. It is called Rocinha{ACUTE} by nobody.

## The hotel

- 🛏 The room is booked until *Sunday* morning.
- Breakfast is served until eleven in the ~~cellar~~ winter garden.
  - The night porter is called Anto{ACUTE}nio Guimara{chr(0x303)}es.
1. First pay the deposit of 240{NBSP}euros.
2. Then send the passport numbers.

> The owner keeps a grey parrot named Baltasar.

| Day | Plan | Price |
| --- | ---- | ----- |
| Monday | Tram 28 up to the Graça viewpoint | 3 € |
| Tuesday | The tile museum in the old convent 🏛 | 8 € |

```python
def nights(first, last):
    return (last - first).days  # the tourist tax counts nights
```

Dinner costs nothing on Fridays. Everybody likes that.

## Coming home

The return ferry is on platform nine &mdash; bring the ***blue*** folder.[^1]

Dinner costs nothing on Fridays. Nobody knows why.

[^1]: The blue folder holds the insurance papers of the grandmother.
"""

MARKDOWN_ZH = f"""---
title: 里斯本旅行
标签: 旅行
---

# 里斯本 🌞

这次旅行由**小周**安排，详情见[航空公司](https://example.org/zh)。🧳返程的渡轮停在*九号*码头，请带上`蓝色`文件夹！

## 住宿

- 早餐供应到上午十一点，地点在**冬季花园**。
- 夜班门房名叫安东尼奥。
  1. 押金是２４０欧元，须提前支付。

| 日子 | 安排 | 价钱 |
| ---- | ---- | ---- |
| 周一 | 坐二十八路电车去恩典观景台 | ３欧元 |
| 周二 | 参观旧修道院里的瓷砖博物馆🏛 | ８欧元 |

> 房东养了一只名叫巴尔塔萨的灰鹦鹉。

ＷＩＦＩ密码是“蓝莓２０２４”。{FAMILY}客厅里的钢琴上个月刚刚调过音。
"""

TEXT_CRLF = (
    "BOILER NOTES\r\n============\r\n\r\n"
    "\t* 🔧 The pressure must stay between\r\n\t  1.2 and 1.8 bar in winter.\r\n\r\n"
    "The service engineer is called Wilhelmina Oyelaran and comes every\r\nSeptember; her number hangs in the pantry. 📞\r\n"
    "If the yellow lamp blinks twice, press the reset button for ten seconds.\r\n\r\n\r\n"
    "Name:   Vaillant ecoTEC\r\nSerial:  21-08-5531\r\n"
)

TEXT_GB18030 = (
    "药箱清单\r\n\r\n"
    "一、退烧药放在浴室柜子的最上层，\r\n有效期到明年三月。😀\r\n"
    "二、外婆对青霉素过敏，看病时一定要告诉医生！\r\n"
    "三、血压计的电池是四节七号电池，备用电池在书桌抽屉里。\r\n"
)

TEXT_LATIN = "Les clés de la cave sont accrochées derrière la porte du garage. Le vélo de Zoé a été réparé lundi.\n"

HTML_EN = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Orchard &amp; garden</title>
<style>p { color: red }</style><script>var x = "The apple press is broken.";</script></head>
<body><nav><a href="/">Home</a> <a href="/b">Menu of the site</a></nav>
<article><h1>The <em>orchard</em> &#127822;</h1>
<p>The oldest tree is a <b>Bel<i>le de</i> Boskoop</b>, planted in&nbsp;1931 by
great&#8209;grandfather Hinnerk.<script>alert("no")</script> It bears every
second&nbsp;year &mdash; if the frost allows. &#x1F41D;&#x1F41D;</p>
<table><tr><th>Row</th><th>Tree</th></tr>
<tr><td>4</td><td>Quince &lt;Champion&gt; with <a href="http://example.org">grafted</a> pears</td></tr></table>
<ul><li>Nets against the starlings go up on the <strong>twelfth</strong> of June<ul><li>the ladder is at Piet's</li></ul></li></ul>
<div><div><p>The bee&shy;keeper rents the eastern meadow for 45&thinsp;&euro; a year.</p></div></div>
<blockquote>Grease the cider press with beef tallow only.</blockquote><pre>row 1:  plums
row 2:  medlars for the jelly</pre>
<!-- The apple press was sold. --></article><footer>Copyright</footer></body></html>
"""

HTML_ZH = """<html><head><meta charset="gb2312"><title>茶室笔记</title></head><body>
<h2>茶&#23460;</h2><p>冲泡<b>龙井</b>的水温是
八十五度，<span>时间</span>是两分钟。&#128512;客人来时用<i>青</i>花盖碗。</p>
<p hidden>看不见的字。</p><table><tr><td>普洱</td><td>储藏在阁楼的陶缸里</td></tr></table></body></html>
"""

PDF_CRANE = (
    (
        "The history of the harbour crane",
        "",
        "The crane was built in 1867 by the foundry of Elspeth Marr and its ma-",
        "chinery was driven by two boilers. A crew of eleven men worked it in",
        "every weather. The chief mechanic of the crane wrote a diary in a secret",
        "shorthand that was not deci\u00adphered for eighty years.",
        "",
        "Everyone is paid on Saturday. The first load was a printing press.",
        "",
        "The last load was a brass band. Everyone is paid on Saturday.",
    ),
    (
        "In the flood of 1911 the counterweight tore loose and sank the pilot",
        "boat \U0001d4d0lbatross; nobody drowned. The in\ufb02ux of visitors made the harbour",
        "council \ufb01t a railing of well-known makers around the platform.",
        "",
        "The town bought the crane back for a single shilling, and since then",
        "the keeper of the lighthouse has been paid to oil its bearings with",
    ),
    (
        "whale oil twice a year. Children may ring its bell on the day of the",
        "regatta, which is the second Sunday in August.",
    ),
)

PDF_COLUMNS_LEFT = (
    "Wintering of the geese",
    "",
    "The geese arrive in the third week",
    "of October when the meadows are",
    "flooded. They roost on the gravel is-",
    "lands below the weir, where foxes",
    "cannot reach them. The oldest ringed",
    "goose was thirty-one years old.",
)
PDF_COLUMNS_RIGHT = (
    "The wardens count them before dawn",
    "from a tower that stands on stilts.",
    "Their highest count was 14,200 birds",
    "in the winter of 1998. A retired or-",
    "ganist from Trondheim records their",
    "voices every year in November.",
)

PDF_CHINESE = (
    (
        "候鸟观察报告",
        "",
        "每年十月的第三个星期，大雁会飞到河边的湿",
        "地过冬，它们在水坝下面的石滩上休息。最高纪录",
        "是一九九八年冬天的一万四千二百只。",
    ),
    ("观察塔建在木桩上，由退休的管风琴师林阿公看守，", "他每年十一月都来录音。𠮷野家的望远镜也借给了他。"),
)

PDF_PAGES = {"Papers/crane.pdf": PDF_CRANE, "Papers/候鸟.pdf": PDF_CHINESE}
"""Lines of the pages of those that have one column."""


def write_notes(folder: Path) -> Path:
    """The whole folder."""
    for name in NOTES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(note_bytes(name))
    return folder


def note_bytes(name: str) -> bytes:
    made = NOTES[name]
    return made() if callable(made) else made


# ---- PDF ---------------------------------------------------------------------------------------------------------------

Placed = tuple[float, float, str]
"""A line of a page: where it begins, in points from the left and from the bottom, and its text."""


def one_column(lines: Sequence[str], left: float = 60, top: float = 740) -> list[Placed]:
    return [(left, top - 18 * number, line) for number, line in enumerate(lines) if line]


def pdf_of(pages: Iterable[Sequence[Placed]]) -> bytes:
    """A PDF of any characters there are. Its font is not in it (viewers take another), but says what every code means."""
    pages = list(pages)
    codes: dict[str, int] = {}
    for page in pages:
        for _, _, line in page:
            for char in line:
                codes.setdefault(char, len(codes) + 1)
    kids = " ".join(f"{6 + 2 * index} 0 R" for index in range(len(pages)))
    widths = " ".join(f"{code} [{500 if ord(char) < 0x2E80 else 1000}]" for char, code in codes.items())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Sans /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sans /DW 1000 /W [{widths}] /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /Sans "
        "/Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>".encode(),
        _stream(_meanings(codes)),
    ]
    for index, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        shown = (f"1 0 0 1 {x:g} {y:g} Tm <{''.join(f'{codes[char]:04x}' for char in line)}> Tj" for x, y, line in page)
        objects.append(_stream("BT /F1 11 Tf\n" + "\n".join(shown) + "\nET"))
    return pdf_file(objects)


def _meanings(codes: dict[str, int]) -> str:
    lines = [f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items()]
    groups = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "\n".join(f"{len(group)} beginbfchar\n" + "\n".join(group) + "\nendbfchar" for group in groups)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Ours def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\nendcmap end end"
    )


def _stream(text: str) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text.encode("ascii"))


def pdf_file(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the first of them its catalog."""
    out = b"%PDF-1.5\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + head + table + tail


# ---- Word --------------------------------------------------------------------------------------------------------------


def _word_en() -> bytes:
    document = docx.Document()
    document.add_heading("The lease 🏠", 1)
    paragraph = document.add_paragraph("The tenant pays ")
    paragraph.add_run("910 euros").bold = True
    paragraph.add_run(f" on the third working{NBSP}day")
    paragraph.add_run(" of the month").italic = True
    paragraph.add_run(". The caretaker is Mr. Ve\u0301rtesi. 🔑🔑 Keys cost extra.")
    document.add_heading("Repairs", 2)
    for line in (
        "Small repairs up to 75 euros are the tenant's.",
        "The landlady mends the roof, the gutters and the lift.",
    ):
        document.add_paragraph(line, style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Thing", "Where it is"
    for thing, place in (("Main stopcock 🚰", "behind the coal cellar door"), ("Fuse box", "on the second landing")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = thing, place
    document.add_paragraph("Pets are welcome, except for peacocks.", style="Quote")
    return saved(document)


def _word_zh() -> bytes:
    document = docx.Document()
    document.add_heading("租约", 1)
    paragraph = document.add_paragraph("房客每月")
    paragraph.add_run("第三个工作日").bold = True
    paragraph.add_run("支付房租九百一十元。管理员是老李。🔑🔑")
    table = document.add_table(rows=2, cols=2)
    for row, (thing, place) in zip(table.rows, (("物品", "位置"), ("总水阀", "煤窖门后面")), strict=True):
        row.cells[0].text, row.cells[1].text = thing, place
    document.add_paragraph("除了孔雀以外，欢迎养宠物。")
    return saved(document)


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


# ---- all of them -------------------------------------------------------------------------------------------------------

NOTES: dict[str, bytes | Callable[[], bytes]] = {
    "Travel/Lisbon.md": MARKDOWN_EN.encode(),
    "Travel/Lisbon again.md": b"# Menus\n\nThe soup is cold. Dinner costs nothing on Fridays. Bring an umbrella.\n",
    "旅行/里斯本.md": MARKDOWN_ZH.encode(),
    "Home/boiler.txt": TEXT_CRLF.encode(),
    "Home/cave.txt": TEXT_LATIN.encode("cp1252"),
    "家/药箱.txt": TEXT_GB18030.encode("gb18030"),
    "Web/orchard.html": HTML_EN.encode(),
    "Web/茶室.html": HTML_ZH.encode("gb18030"),
    "Office/lease.docx": _word_en,
    "Office/租约.docx": _word_zh,
    "Papers/crane.pdf": lambda: pdf_of(one_column(lines) for lines in PDF_CRANE),
    "Papers/geese.pdf": lambda: pdf_of([[*one_column(PDF_COLUMNS_LEFT), *one_column(PDF_COLUMNS_RIGHT, left=320)]]),
    "Papers/候鸟.pdf": lambda: pdf_of(one_column(lines) for lines in PDF_CHINESE),
}  # fmt: skip

L, Z = ("Travel/Lisbon.md",), ("旅行/里斯本.md",)
FACTS = (
    Fact("When does the morning flight leave?", "leaves at 07:45", L),
    Fact("Until when is breakfast served in Lisbon?", "Breakfast is served until eleven", L),
    Fact("What is the night porter called?", "Guimara\u0303es", L),
    Fact("How much is the deposit for the hotel?", "240 euros", L),
    Fact("What is the name of the grey parrot?", "Baltasar", L),
    Fact("On which day do we visit the tile museum?", "The tile museum in the old convent 🏛", L),
    Fact("What counts nights for the tourist tax?", "(last - first).days", L),
    Fact("What costs nothing on Fridays?", "Dinner costs nothing on Fridays.", (*L, "Travel/Lisbon again.md")),
    Fact("On which platform is the return ferry?", "platform nine", L),
    Fact("What does the blue folder hold?", "insurance papers of the grandmother", L),
    Fact("返程的渡轮停在几号码头？", "九号码头", Z),
    Fact("早餐供应到几点？", "上午十一点", Z),
    Fact("押金是多少？", "２４０欧元", Z),
    Fact("周二参观什么？", "瓷砖博物馆", Z),
    Fact("灰鹦鹉叫什么名字？", "巴尔塔萨", Z),
    Fact("WIFI密码是什么？", "蓝莓２０２４", Z),
    Fact("What must the boiler pressure be in winter?", "1.2 and 1.8 bar", ("Home/boiler.txt",)),
    Fact("Who is the service engineer of the boiler?", "Wilhelmina Oyelaran", ("Home/boiler.txt",)),
    Fact("Où sont les clés de la cave ?", "derrière la porte du garage", ("Home/cave.txt",)),
    Fact("外婆对什么过敏？", "青霉素", ("家/药箱.txt",)),
    Fact("血压计用什么电池？", "四节七号电池", ("家/药箱.txt",)),
    Fact("Who planted the oldest tree of the orchard?", "Hinnerk", ("Web/orchard.html",)),
    Fact("When do the nets against the starlings go up?", "twelfth of June", ("Web/orchard.html",)),
    Fact("What does the beekeeper pay for the eastern meadow?", "45 € a year", ("Web/orchard.html",)),
    Fact("What is the cider press greased with?", "beef tallow", ("Web/orchard.html",)),
    Fact("龙井的水温是多少度？", "八十五度", ("Web/茶室.html",)),
    Fact("What does the tenant pay?", "910 euros", ("Office/lease.docx",)),
    Fact("Where is the main stopcock?", "behind the coal cellar door", ("Office/lease.docx",)),
    Fact("Which pets are not welcome?", "peacocks", ("Office/lease.docx",)),
    Fact("房客什么时候支付房租？", "第三个工作日", ("Office/租约.docx",)),
    Fact("Who built the harbour crane?", "Elspeth Marr", ("Papers/crane.pdf",), 1),
    Fact(
        "What was the secret shorthand in the mechanic's diary?",
        "not deciphered for eighty years",
        ("Papers/crane.pdf",),
        1,
    ),
    Fact("What sank the pilot boat in the flood of 1911?", "counterweight", ("Papers/crane.pdf",), 2),
    Fact("What did the influx of visitors make the council fit?", "railing", ("Papers/crane.pdf",), 2),
    Fact("When may children ring the bell of the crane?", "regatta", ("Papers/crane.pdf",), 3),
    Fact("Where do the geese roost?", "islands below the weir", ("Papers/geese.pdf",), 1),
    Fact("Who records the voices of the geese?", "organist from Trondheim", ("Papers/geese.pdf",), 1),
    Fact("大雁在哪里休息？", "石滩上", ("Papers/候鸟.pdf",), 1),
    Fact("谁看守观察塔？", "林阿公", ("Papers/候鸟.pdf",), 2),
)
