"""What a document is made of: its data, and the blocks of text that both renderers print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _printable(text: str) -> str:
    """Neither Word nor PDF can hold control characters; what a browser sends as the end of a line is one character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := next((c for c in text if ord(c) < 32 and c not in "\n\t"), None):
        raise ValueError(_("the character U+%(code)s cannot be printed") % {"code": f"{ord(found):04X}"})
    return text


Text = Annotated[str, Field(min_length=1, max_length=8000), AfterValidator(_printable)]
Words = Annotated[str, Field(max_length=8000), AfterValidator(_printable)]
Lines = Annotated[list[Text], Field(min_length=1)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Layout = Literal["letter", "form"]


@dataclass(frozen=True)
class Block:
    """A piece of the body: a heading, a paragraph, or rows of label and value."""

    kind: Literal["heading", "paragraph", "flush", "rows"]
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()


def heading(text: str) -> Block:
    """A heading such as 一、违法事实."""
    return Block("heading", text)


def paragraph(text: str) -> Block:
    """A paragraph indented by two characters."""
    return Block("paragraph", text)


def paragraphs(lines: Sequence[str]) -> list[Block]:
    """One indented paragraph a line."""
    return [paragraph(line) for line in lines]


def addressee(name: str) -> Block:
    """The line that says to whom the document speaks."""
    return Block("flush", f"{name}：")


def rows(*pairs: tuple[str, str]) -> Block:
    """Rows of label and value; a value that does not apply is shown as 无, never as a blank."""
    return Block("rows", rows=tuple((label, value or "无") for label, value in pairs))


class Content(BaseModel):
    """The data of one template. Every field without a default must be given: a document never has a blank."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    version: ClassVar[str] = "1"
    layout: ClassVar[Layout] = "letter"
    officers_needed: ClassVar[int] = 0

    def blocks(self) -> list[Block]:
        """Return the body in reading order."""
        raise NotImplementedError

    def missing(self) -> list[str]:
        """Name the optional fields that the given ones make necessary."""
        return []

    def closing(self) -> list[Block]:
        """Return what follows the seal: notes and copies."""
        return []


class Party(BaseModel):
    """当事人: a unit or a person (REFERENCE E.4 header)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    name: Text = Field(title="当事人名称（姓名）")
    identifier: Text = Field(title="统一社会信用代码或证件号码")
    address: Text = Field(title="住所（地址）")
    representative: Words = Field("", title="法定代表人（负责人）")
    contact: Words = Field("", title="联系方式")
    is_person: bool = Field(False, title="自然人")

    def lines(self) -> list[str]:
        """Return the header lines of a decision."""
        first = "当事人（姓名）" if self.is_person else "当事人"
        code = "身份证件号码" if self.is_person else "统一社会信用代码"
        found = [f"{first}：{self.name}", f"{code}：{self.identifier}", f"住所：{self.address}"]
        if self.representative:
            found.append(f"法定代表人（负责人）：{self.representative}")
        if self.contact:
            found.append(f"联系方式：{self.contact}")
        return found


def party_blocks(party: Party) -> list[Block]:
    """The header lines of a party as paragraphs."""
    return paragraphs(party.lines())


def numbered(items: Sequence[str]) -> list[Block]:
    """Paragraphs numbered 1. 2. 3."""
    return [paragraph(f"{n}．{item}") for n, item in enumerate(items, 1)]
