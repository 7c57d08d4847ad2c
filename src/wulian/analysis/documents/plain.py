"""Plain text and web pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from wulian.analysis.documents.assembly import Gathering, ends_sentence, starts_anew
from wulian.analysis.documents.detection import decode
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Document, Page, Paragraph, UnreadableDocument

_LINE = re.compile(r"[^\r\n\f]*(?:\r\n|[\r\n\f])?")
_SHORTEST_WRAP = 20
_FULL = 0.85
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "hr",
        "title",
        "body",
        "blockquote",
        "pre",
    ]
)
_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg"})
_DEEPEST = 2_000


def read_text(data: bytes, limits: Limits) -> Document:
    """Return a text file, one paragraph a line; offsets are those of the file's own text. Raises UnreadableDocument."""
    text = decode(data)
    if len(text) > limits.characters:
        raise UnreadableDocument("size", f"文字过多，超过{limits.characters:,}字，请拆分后再上传")
    gathering = Gathering(limits)
    lines = [(found.start(), found.group()) for found in _LINE.finditer(text) if found.group()]
    widest = max((len(line.strip()) for _start, line in lines), default=0)
    page, before = 1, ""
    for start, line in lines:
        clean = line.strip()
        if clean:
            lead = len(line) - len(line.lstrip())
            wrapped = _is_wrapped(before, clean, widest)
            gathering.add(Paragraph(page, 0, clean, continues=wrapped), start=start + lead)
        before = clean
        page += line.endswith("\f")
        if page > limits.pages:
            raise UnreadableDocument("pages", f"页数超过{limits.pages}页，请拆分后再上传")
    return Document("text", gathering.pages(), source_text=text)


def _is_wrapped(before: str, line: str, widest: int) -> bool:
    """A full line without an end goes on in the next one, unless that begins an item."""
    full = len(before) >= max(_SHORTEST_WRAP, widest * _FULL) and widest <= 4 * _SHORTEST_WRAP
    return full and not ends_sentence(before) and not starts_anew(line)


def read_html(data: bytes, limits: Limits) -> Document:
    """Return the visible text of a web page; rows of tables are one paragraph each. Raises UnreadableDocument."""
    declared = re.search(rb"""charset\s*=\s*["']?([\w-]+)""", data[:4096])
    text = ""
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode(
                "gb18030" if declared[1].lower() in (b"gbk", b"gb2312") else declared[1].decode()
            )
        except (UnicodeDecodeError, LookupError):
            text = ""
    parser = _Page(limits)
    parser.feed(text or decode(data))
    parser.close()
    parser.flush()
    if not parser.gathering.paragraphs:
        raise UnreadableDocument("no_text", "网页中没有文字")
    return Document("html", (Page(1, tuple(parser.gathering.paragraphs)),))


class _Page(HTMLParser):
    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.gathering = Gathering(limits)
        self.pieces: list[str] = []
        self.hidden = 0
        self.cells = 0
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST * 100:
            raise UnreadableDocument("bomb", "网页的标签过多，已拒绝读取")
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in ("td", "th"):
            if self.cells:
                self.pieces.append("\t")
            self.cells += 1
        elif tag in _BLOCKS:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "tr":
            self.flush()
            self.cells = 0
        elif tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        """Paragraphs within a cell stay in their row."""
        if self.cells and tag not in ("tr", "table"):
            self.pieces.append("\n")
        else:
            self.cells = 0
            self.flush()

    def flush(self) -> None:
        text = re.sub(r" *\n[ \n]*", "\n", "".join(self.pieces)).strip(" \n")
        self.pieces = []
        if text.strip():
            kind = "table" if "\t" in text else "body"
            self.gathering.add(Paragraph(1, 0, text, kind))  # type: ignore[arg-type]
