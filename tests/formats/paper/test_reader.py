"""A paper's content says what it is; what is no paper is refused in words."""

import io
import zipfile
from pathlib import Path

import pytest

from littermate.errors import PaperError
from littermate.formats.paper import read_paper

SENTENCE = "Ketamine helped – χ²(1) = 4.1, P = 0.043."
READ = "Ketamine helped – χ2(1) = 4.1, P = 0.043."


def written(folder: Path, data: bytes | str, name: str = "paper.dat") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (SENTENCE, "txt"),
        (f"<!doctype html><p>{SENTENCE}", "html"),
        (f"<p>{SENTENCE}</p>", "html"),
        (f"<?xml version='1.0'?><html><body><p>{SENTENCE}</p></body></html>", "html"),
        (f"<article><body><p>{SENTENCE}</p></body></article>", "jats"),
        (f"<?xml version='1.0'?><TEI><text><p>{SENTENCE}</p></text></TEI>", "xml"),
    ],
)
def test_the_content_decides_and_not_the_name(tmp_path: Path, data: str, kind: str) -> None:
    paper = read_paper(written(tmp_path, data, "paper.pdf"))
    assert (paper.kind, paper.text) == (kind, READ + "\n")
    assert paper.text[slice(*paper.sentences[0].place)] == paper.sentences[0].text == READ


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_told_by_its_bytes(tmp_path: Path, encoding: str) -> None:
    assert read_paper(written(tmp_path, SENTENCE.encode(encoding))).text == READ + "\n"


@pytest.mark.parametrize(
    "data",
    [
        "5 µg – so".encode("cp1252"),
        b"<html><meta charset='ISO-8859-1'><p>" + "5 µg – so".encode("cp1252"),
        b"<?xml version='1.0' encoding='windows-1252'?><article><p>" + "5 µg – so".encode("cp1252") + b"</p></article>",
    ],
)
def test_windows_1252(tmp_path: Path, data: bytes) -> None:
    assert read_paper(written(tmp_path, data)).text == "5 µg – so\n"


def docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:t>text</w:t>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (b" \n\t ", "no text in the txt file"),
        (b"<html><script>alert(1)</script></html>", "no text in the html file"),
        (docx(), "a ZIP file"),
        (b"{\\rtf1 text}", "an RTF file"),
        (bytes(range(256)) * 8, "bytes that are no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "bytes that are no text"),
    ],
)
def test_what_is_no_paper_is_refused(tmp_path: Path, data: bytes, found: str) -> None:
    path = written(tmp_path, data)
    with pytest.raises(PaperError, match=found) as refused:
        read_paper(path)
    assert refused.value.complaints[0].where == str(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="no such file"):
        read_paper(tmp_path / "none.pdf")


@pytest.mark.parametrize(
    ("data", "title"),
    [
        ("Zinc and stress\n\nMethods\n\nMice swam.\n", "Zinc and stress"),
        ("Methods\n\nMice swam.\n", ""),
        ("<html><title>Zinc and stress</title><h1>Results</h1><p>Mice swam.</p></html>", "Zinc and stress"),
        ("<html><title>Journal</title><h1>Zinc and stress</h1><p>Mice swam.</p></html>", "Zinc and stress"),
    ],
)
def test_the_name_of_a_section_is_no_title(tmp_path: Path, data: str, title: str) -> None:
    assert read_paper(written(tmp_path, data)).title == title
