"""Write the two sample notes that no text editor makes: the Word file and the PDF.

    python scripts/make_sample_notes.py

The facts in them agree with the Markdown notes beside them and with resources/sample-questions.json.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import docx
import pypdf
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from pypdf.generic import StreamObject
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

NOTES = Path(__file__).resolve().parent.parent / "resources" / "sample-notes"

ROOF_COLUMNS = ("Firm", "Price", "Scaffolding", "Start", "Warranty")
ROOF_QUOTES = (
    ("Dachdeckerei Brandt", "8,940 €", "included", "in ten weeks", "5 years"),
    ("Nordlicht Dach GmbH", "9,380 €", "included", "20 April 2026", "10 years"),
    ("Ole Hinrichs", "7,650 €", "1,450 € extra", "11 May 2026", "5 years"),
)
ROOF_TEXT = (
    ("Where it leaks", None),
    (
        "Water comes in above the small bedroom after rain from the west. Herr Brandt lifted six tiles on 9 February: the battens "
        "are rotten over about four square metres, and the lead around the chimney is torn. The rafters are dry.",
        None,
    ),
    ("The three quotes", "table"),
    (
        "All prices include tax, new battens, new tiles where needed and new lead around the chimney. Only Nordlicht also "
        "replaces the gutter on the west side; with Brandt that would cost 620 € more.",
        None,
    ),
    ("Decision", None),
    (
        "We chose Nordlicht Dach on 27 February 2026. With the gutter counted, it is the cheapest of the three that carry their own "
        "scaffolding, it starts first, and the warranty is twice as long. A deposit of 20 %, 1,876 €, was paid on 3 March.",
        None,
    ),
    ("Still to do", "list"),
)
ROOF_TASKS = (
    "Ask the neighbours at number 14 whether the scaffolding may stand in their drive.",
    "Empty the small bedroom before 20 April.",
    "Send the invoice to the tax adviser: craftsmen's wages can be deducted.",
)

PAGE_BREAK = '<p style="page-break-before: always"></p>'
BOOKING = (
    """
<h2>Electronic ticket</h2><p>Passengers: Mira Lindqvist, Jonas Lindqvist<br>Booking code: <b>QX7R2M</b></p>
<h3>Outbound flight</h3>
<table cellpadding="6" border="1" cellspacing="0"><tr><td>Flight</td><td>TP 573</td></tr><tr><td>Date</td><td>Thursday 14 May 2026</td></tr>
<tr><td>From</td><td>Hamburg, Terminal 1, 06:25</td></tr><tr><td>To</td><td>Lisbon, Terminal 1, 09:00</td></tr>
<tr><td>Seats</td><td>14A and 14B</td></tr><tr><td>Baggage</td><td>one bag of 23 kg together, one cabin bag each</td></tr></table>
<p>Check-in opens 36 hours before departure. The gate closes 20 minutes before departure. Please be at the baggage desk no later than
05:25.</p>
""",
    """
<h2>Electronic ticket</h2><p>Passengers: Mira Lindqvist, Jonas Lindqvist<br>Booking code: <b>QX7R2M</b></p>
<h3>Return flight</h3>
<table cellpadding="6" border="1" cellspacing="0"><tr><td>Flight</td><td>TP 568</td></tr><tr><td>Date</td><td>Tuesday 19 May 2026</td></tr>
<tr><td>From</td><td>Lisbon, Terminal 1, 17:40</td></tr><tr><td>To</td><td>Hamburg, Terminal 1, 22:05</td></tr>
<tr><td>Seats</td><td>21E and 21F</td></tr><tr><td>Baggage</td><td>one bag of 23 kg together, one cabin bag each</td></tr></table>
<p>Total for both flights and both passengers: 412.00 euros, paid by card on 16 February 2026. Name changes cost 75 euros. The ticket
cannot be refunded; taxes are paid back on request.</p>
""",
    """
<h2>Hotel voucher</h2><p>Casa das Janelas<br>Rua da Esperança 88, 1200-658 Lisboa<br>Reservation: <b>CJ-20915</b></p>
<p>Double room on the third floor with a view of the courtyard, breakfast included.</p>
<p>Arrival: Thursday 14 May 2026, from 15:00. Departure: Tuesday 19 May 2026, until 11:00.</p>
<p>Five nights at 109 euros: 545 euros. The city tax of 4 euros a person and night is paid in cash on arrival, 40 euros in all.</p>
<p>There is no lift. Bags can be left with us from 10:00 on the day of arrival and until 16:00 on the day of departure.</p>
""",
    """
<h2>Conditions</h2>
<h3>If you cancel the room</h3>
<p>Free of charge until 7 May 2026, 18:00 local time. After that, the first night is charged. If you do not arrive, the whole stay is
charged.</p>
<h3>If the flight is late</h3>
<p>Write to Dona Graça before 22:00. She leaves the key in the box beside the door; the code is sent by message.</p>
<h3>Travel insurance</h3>
<p>Policy 88-304-117 covers both travellers from 14 to 20 May 2026: medical treatment, return transport, and baggage up to 1,500 euros.
Emergency telephone, day and night: +49 40 555 0199. There is an excess of 100 euros for baggage, none for treatment.</p>
""",
)


def write_roof_quotes(target: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = "Roof repair quotes"
    document.core_properties.author = "Jonas Lindqvist"
    document.core_properties.created = dt.datetime(2026, 3, 3, 20, 15)  # noqa: DTZ001 (the format has no time zone)
    document.add_heading("Roof repair quotes", 0)
    for text, extra in ROOF_TEXT:
        is_heading = len(text) < 40
        document.add_heading(text, 1) if is_heading else document.add_paragraph(text)
        if extra == "table":
            _add_quotes(document)
        if extra == "list":
            for task in ROOF_TASKS:
                document.add_paragraph(task, style="List Bullet")
    document.save(str(target))


def _add_quotes(document: docx.document.Document) -> None:
    table = document.add_table(rows=1, cols=len(ROOF_COLUMNS), style="Light Grid Accent 1")
    for cell, title in zip(table.rows[0].cells, ROOF_COLUMNS, strict=True):
        cell.text = title
    for quote in ROOF_QUOTES:
        cells = table.add_row().cells
        for cell, value in zip(cells, quote, strict=True):
            cell.text = value
        cells[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def write_booking(target: Path) -> None:
    writer = QPdfWriter(str(target))
    writer.setTitle("Lisbon booking")
    writer.setCreator("Elephant sample notes")
    writer.setResolution(96)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20), QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    font = QFont("DejaVu Sans", 10)
    font.setFeature(QFont.Tag("liga"), 0)  # else "flight" is written down with one glyph for f and l
    document.setDefaultFont(font)
    document.setHtml(PAGE_BREAK.join(BOOKING))
    document.setPageSize(writer.pageLayout().paintRectPixels(writer.resolution()).size().toSizeF())
    document.print_(writer)
    del writer
    _name_spaces_spaces(target)


_GLYPH_LIST = re.compile(rb"\[[^\]]*\]")


def _name_spaces_spaces(target: Path) -> None:
    """Qt gives space and tab the same glyph and writes down that it means a tab; readers then find tabs between the words."""
    file = pypdf.PdfWriter(clone_from=str(target))
    for thing in file._objects:  # no public way to walk the objects
        if isinstance(thing, StreamObject) and b"begincmap" in thing.get_data():
            thing.set_data(_GLYPH_LIST.sub(lambda found: found[0].replace(b"<0009>", b"<0020>"), thing.get_data()))
    file.write(str(target))


def main() -> int:
    app = QGuiApplication(sys.argv)
    write_roof_quotes(NOTES / "Household" / "Roof repair quotes.docx")
    write_booking(NOTES / "Travel" / "Lisbon booking.pdf")
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
