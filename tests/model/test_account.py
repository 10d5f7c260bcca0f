"""An account has a name that can stand in the journal, and one of the roles."""

import pytest

from littermate.errors import UsageError
from littermate.model.account import Account


def test_a_person() -> None:
    assert Account(name="Ada L.", role="scorer").active


@pytest.mark.parametrize("name", ["", " ada", "consensus", "Program", "a" * 61, "a\nb"])
def test_names_that_mean_something_else_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="a person's name"):
        Account(name=name, role="scorer")


def test_there_is_no_other_role() -> None:
    with pytest.raises(UsageError, match="custodian, scorer, viewer"):
        Account(name="ada", role="admin")
