"""Reads CSV, TSV and other delimited text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gb_desktop.text import tr
from gb_desktop.workbook.encodings import check_encoding, errors_for, propose_encoding
from gb_desktop.workbook.model import Plain, ReadOptions, SheetFacts, WorkbookError
from gb_desktop.workbook.source import MOST_COLUMNS, MOST_ROWS, Signs, Table

DELIMITERS = ",;\t|"
_LOOK_BYTES = 1 << 20
_END = "\x1dend\x1d"  # a last record of our own: when it doesn't come back alone, a quote was never closed
_LONGEST_FIELD = 16 << 20

csv.field_size_limit(_LONGEST_FIELD)


class DelimitedBook:
    """A text file as a workbook with one sheet, named after the file."""

    run: str | None = None

    def __init__(self, path: Path, options: ReadOptions, *, whole: bool) -> None:
        self._path = path
        chosen = options.encoding
        limit = None if whole else _LOOK_BYTES
        self.encoding = check_encoding(path.name, chosen) if chosen else propose_encoding(path, limit)
        sample = self._sample()
        separator = _separator_line(sample)
        self._skip = 1 if separator else 0
        self.delimiter = (
            _check_delimiter(path.name, options.delimiter) or separator or find_delimiter(sample, path.suffix)
        )
        self.format = "tsv" if self.delimiter == "\t" else "csv"
        self.sheets: tuple[SheetFacts, ...] = (SheetFacts(path.stem or path.name),)

    def table(self, sheet: str) -> Table:
        """The whole file, read once before for its width and its faults."""
        width = last = 0
        for record in self._records():
            last += 1
            if len(record) > width:
                width = len(record)
        return self._checked(Table(sheet, width, lambda: self._padded(width), Signs(), last))

    def head(self, sheet: str, rows: int) -> Table:
        """The first `rows` records."""
        first = []
        for record in self._records():
            first.append(record)
            if len(first) >= rows:
                break
        width = max(map(len, first), default=0)
        padded = [record + [""] * (width - len(record)) for record in first]
        return self._checked(Table(sheet, width, lambda: iter(padded), Signs()))

    def _checked(self, table: Table) -> Table:
        if table.width > MOST_COLUMNS or (table.last_row or 0) > MOST_ROWS:
            sentence = tr(
                "{name} has more rows or columns than an Excel sheet can hold: split it into several files.",
                name=self._path.name,
            )
            raise WorkbookError(sentence, "too-large")
        return table

    def _padded(self, width: int) -> Iterator[Sequence[Plain]]:
        blank = [""] * width
        for record in self._records():
            yield record + blank[len(record) :]

    def _records(self) -> Iterator[list[str]]:
        with _decoding(self._path, self.encoding) as text:
            reader = csv.reader(_with_end(text), delimiter=self.delimiter)
            line = 0
            record: list[str] | None = None
            for number, following in enumerate(reader):
                if record is not None and number > self._skip:
                    yield record
                record, started, line = following, line, reader.line_num
            if record != [_END]:
                raise self._unclosed(started + 1)

    def _unclosed(self, line: int) -> WorkbookError:
        sentence = tr(
            'A quotation mark (") opened in line {line} of {name} is never closed: close or remove it.',
            line=line,
            name=self._path.name,
        )
        return WorkbookError(sentence, "damaged")

    def _sample(self) -> str:
        with _decoding(self._path, self.encoding) as text:
            return text.read(_LOOK_BYTES // 8)


def _with_end(text: io.TextIOBase) -> Iterator[str]:
    yield from text
    yield _END


@contextmanager
def _decoding(path: Path, encoding: str) -> Iterator[io.TextIOBase]:
    """The file as text; its faults become sentences."""
    try:
        with path.open("r", encoding=encoding, errors=errors_for(encoding), newline="") as text:
            yield text
    except UnicodeError as error:
        sentence = tr(
            "{name} is not {encoding} text: choose another encoding, or save it in Excel as CSV UTF-8.",
            name=path.name,
            encoding=encoding,
        )
        raise WorkbookError(sentence, "encoding") from error
    except csv.Error as error:
        sentence = tr("{name} holds a field that is too long to be a cell: look for a missing quote.", name=path.name)
        raise WorkbookError(sentence, "damaged") from error
    except OSError as error:
        sentence = tr("{name} can't be read any more: copy it to this computer first.", name=path.name)
        raise WorkbookError(sentence, "vanished") from error


def _separator_line(sample: str) -> str:
    """The delimiter of Excel's own first line `sep=;`, which is no row, or ""."""
    line = sample.split("\n", 1)[0].rstrip("\r")
    return line[4] if len(line) == 5 and line.lower().startswith("sep=") else ""


def _check_delimiter(name: str, delimiter: str | None) -> str:
    if not delimiter:
        return ""
    delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter.lower(), delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        sentence = tr("The delimiter of {name} must be one character, such as a comma or a semicolon.", name=name)
        raise WorkbookError(sentence, "encoding")
    return delimiter


def find_delimiter(sample: str, ending: str = ".csv") -> str:
    """The delimiter of `, ; tab |` that cuts most records into the same number of fields, as the first one.

    Where none does, the one that the file's ending stands for.
    """
    usual = "\t" if ending.lower() in (".tsv", ".tab") else ","
    return max(usual + DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    records = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(record):
                records.append(len(record))
            if len(records) >= 200:
                break
    except csv.Error:
        return 0.0, 0
    if len(records) > 1 and len(records) < 200:
        records.pop()  # the sample may end in its middle
    if not records:
        return 0.0, 0
    width, count = Counter(records).most_common(1)[0]
    if width < 2:
        return 0.0, 0
    share = count / len(records) + (0.5 if records[0] == width else 0.0)
    return share, width
