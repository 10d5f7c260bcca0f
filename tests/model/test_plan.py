"""A plan refuses words that no analysis knows."""

import pytest

from littermate.errors import UsageError
from littermate.model.plan import Plan


@pytest.mark.parametrize("words", [{"compare": "all"}, {"scale": "ln"}, {"outliers": "eye"}])
def test_unknown_words_are_refused_and_the_known_ones_named(words: dict[str, str]) -> None:
    (name,) = words
    with pytest.raises(UsageError, match=f"{name}: .*or nothing"):
        Plan(outcome="y", factors=("a",), **words)
