"""One way to write what identifies a paper; titles that are one and titles that say nothing."""

import pytest

from graph.identifiers import paper_id, title_key


@pytest.mark.parametrize(
    ("written", "identifier", "version"),
    [
        ("2405.15738", "2405.15738", None),
        ("2405.15738V2", "2405.15738", "v2"),
        ("arXiv:2405.15738v1", "2405.15738", "v1"),
        ("https://arxiv.org/pdf/2405.15738v3.pdf", "2405.15738", "v3"),
        ("10.48550/arXiv.2405.15738", "2405.15738", None),
        ("math.GT/0309136", "math/0309136", None),
        ("https://doi.org/10.1145/ABC.12", "10.1145/abc.12", None),
        ("doi: 10.1145/ABC.12", "10.1145/abc.12", None),
        ("10.18653/v1/2020.acl-main.5", "2020.acl-main.5", None),
        ("10.18653/v1/P19-1001", "P19-1001", None),
        (" p 1 ", "p 1", None),
        ("model v2", "model v2", None),
        ("", "", None),
    ],
)
def test_an_identifier_is_written_in_one_way(
    written: str, identifier: str, version: str | None
) -> None:
    assert paper_id(written) == (identifier, version)
    assert paper_id(identifier)[0] == identifier


def test_a_title_is_one_however_it_is_set() -> None:
    key = title_key("Drawing an Image in One Step: ½ of the Work")
    assert key is not None
    assert -(2**63) <= key < 2**63
    for other in (
        "drawing an image in one step - ½ of the work.",
        "DRAWING AN IMAGE\n  IN ONE-STEP: 1⁄2 OF THE WORK",
    ):
        assert title_key(other) == key
    assert title_key("Drawing an Image in Two Steps: ½ of the Work") != key
    assert title_key("图像生成 的 一步 扩散 模型 研究 与 应用 综述 报告") is not None


@pytest.mark.parametrize(
    "title",
    [
        *("", "Introduction", "Erratum", "A study", "Segment Anything", "One by one"),
        *("Preface to the Special Issue on Drawing", "Erratum to: Drawing an image in one step"),
        *("Comments on the drawing of images", "Guest Editorial: Drawing in Many Ways"),
    ],
)
def test_titles_that_name_no_single_paper_have_no_key(title: str) -> None:
    assert title_key(title) is None
