"""Which mentions are one entity, and its name."""

import numpy as np

from extract.components.entities import Mention
from extract.components.grouping import choose_name, group


def mentions(text: str, *names: str) -> list[Mention]:
    """A mention at every occurrence of the names, longest first."""
    taken: list[tuple[int, int]] = []
    for name in sorted(names, key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
            start = text.find(name, end)
    types = np.ones(6, np.float32) / 6
    return [Mention(a, b, 0, 0, 0.9, types) for a, b in sorted(taken)]


def grouped(text: str, *names: str, abbreviations: tuple[tuple[str, str], ...] = ()) -> list[set]:
    found = mentions(text, *names)
    return [
        {text[found[x].start : found[x].end] for x in members}
        for members in group(text, found, abbreviations)
    ]


def test_case_plural_and_hyphens_do_not_make_another_entity() -> None:
    text = "Diffusion Transformers beat a diffusion transformer and a Diffusion-Transformer."
    names = ("Diffusion Transformer", "diffusion transformer", "Diffusion-Transformer")
    assert len(grouped(text, *names)) == 1


def test_another_size_or_version_is_another_entity() -> None:
    text = "We tune Falcon-7B and Falcon-40B, not Falcon."
    assert len(grouped(text, "Falcon-7B", "Falcon-40B", "Falcon")) == 3


def test_a_name_and_its_short_form_in_brackets() -> None:
    text = "We use low-rank tuning (LoRT) here, and LoRT again."
    assert grouped(text, "low-rank tuning", "LoRT") == [{"low-rank tuning", "LoRT"}]


def test_initials_used_without_a_definition() -> None:
    text = "In reinforcement learning, RL for short, rewards are rare."
    assert grouped(text, "reinforcement learning", "RL") == [{"reinforcement learning", "RL"}]


def test_a_list_in_brackets_is_not_one_entity() -> None:
    text = "On vision tests (Alpha, Beta) and on Gamma (tested twice)."
    assert len(grouped(text, "Alpha", "Beta", "Gamma")) == 3


def test_definitions_of_the_paper() -> None:
    text = "Fast Tree Walk is new. FasTW is quick."
    assert len(grouped(text, "Fast Tree Walk", "FasTW")) == 2
    pair = (("FasTW", "Fast Tree Walk"),)
    assert len(grouped(text, "Fast Tree Walk", "FasTW", abbreviations=pair)) == 1


def test_the_name_is_the_form_the_paper_goes_on_with() -> None:
    assert choose_name(["Long Walk Search", "LWS", "LWS"]) == "LWS"
    assert choose_name(["LWS", "Long Walk Search"]) == "Long Walk Search"
