"""Which stemmer a collection gets."""

import pytest

from lorewright.knowledge.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The cat is on the roof and it will not come down.", "English"),
        ("Der Antrag ist mit der Leitung zu klären und nicht ohne das Formular.", "German"),
        ("Les voyages ne sont pas payés dans une filiale du groupe.", "French"),
        ("La factura no se paga en el mes, como dice la ley para los demás.", "Spanish"),
        ("Заявление не принимается, если оно не подписано, как и в прошлом году.", "Russian"),
        ("南朝時期從420年東晉開始", "English"),
        ("", "English"),
    ],
)
def test_the_commonest_words_tell(text: str, language: str) -> None:
    assert language_of([text]) == language
