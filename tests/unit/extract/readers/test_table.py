"""CSV and TSV."""

import pytest


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_rows_by_their_headers(reading, separator: str) -> None:
    header = separator.join(["ID", "Title", "Abstract", "year"])
    row = separator.join(["x1", '"A ""quoted"" title"', f'"Two{separator}\nlines"', "2024"])
    (paper,), errors = reading(f"\ufeff\n{header}\r\n{row}\r\n")
    assert not errors
    assert paper.to_record() == {
        "id": "x1", "title": 'A "quoted" title', "abstract": f"Two{separator}\nlines",
        "published_at": "2024-01-01",
    }  # fmt: skip


def test_bad_rows_are_named_by_their_lines(reading) -> None:
    content = b'title,abstract\na,b\na,b,c\n,\n\n"x\ny",z\n\xff,d\n"never closed,e\nf,g\n'
    papers, errors = reading(content)
    assert [p.title for p in papers] == ["a", "x\ny"]
    assert [e.position for e in errors] == ["line 3", "line 4", "line 8", "lines 9-10"]
