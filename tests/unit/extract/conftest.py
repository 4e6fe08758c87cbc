"""What the extractor's tests share."""

import pytest
from spacy.vocab import Vocab


@pytest.fixture(scope="session")
def en_vocab() -> Vocab:
    return Vocab()
