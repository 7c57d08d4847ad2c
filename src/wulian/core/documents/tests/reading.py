"""Reading issued files back, as a recipient would."""

import io
import shutil
import subprocess

import pytest
from docx import Document

from wulian.core.documents import storage

try:
    import pypdf
except ImportError:  # not every machine has it; poppler does the same
    pypdf = None


def word_text(document):
    """All text of the Word file, tables included."""
    file = Document(io.BytesIO(storage.read(document.docx_path)))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def pdf_text(document):
    """All text of the PDF on one line without spaces."""
    data = storage.read(document.pdf_path)
    if pypdf is not None:
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    elif shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
        ).stdout.decode()
    else:
        pytest.skip("neither pypdf nor pdftotext is here to read the PDF")
    return "".join(text.split())
