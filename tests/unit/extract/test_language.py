"""Texts in other languages are left out, unusual English ones are not."""

import pytest

from extract.language import unreadable


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("We tune a model.", True),
        ("Wir schlagen ein Modell vor.", True),
        ("Nous proposons une méthode pour la traduction automatique des textes qui repose sur un "
         "modèle entraîné avec des données annotées à la main, et nous montrons que les résultats "
         "sont meilleurs.", False),
        ("本文提出了一种新的方法,在多个数据集上取得了很好的结果。", False),
        ("Bu çalışmada, doğal dil işleme için yeni bir yöntem öneriyoruz ve büyük dil modelleri "
         "üzerinde değerlendiriyoruz; sonuçlar önceki yöntemlerden daha iyi olduğunu gösteriyor ve "
         "kodu açıkça paylaşıyoruz.", False),
        ("Ada Byron, Alan Turing, Grace Hopper, Edsger Dijkstra, Donald Knuth, Barbara Liskov, "
         "Tony Hoare, Robin Milner, Leslie Lamport, John McCarthy, Marvin Minsky, Judea Pearl, "
         "Geoffrey Hinton", True),
        ("2 + 2 = 4 …", False),
        ("α β γ δ models of the mind", True),
    ],
)  # fmt: skip
def test_what_can_be_read(text: str, readable: bool) -> None:
    assert (unreadable(text) is None) is readable
