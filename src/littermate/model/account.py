"""Account: a person of the study as the web app knows them, and what their role lets them do.

Roles, each with what the ones after it may do: a ``"custodian"`` sets the study up, gives out work, locks and unblinds;
a ``"scorer"`` scores clips under opaque codes; a ``"viewer"`` sees how far the work is. No role sees a group before the
study is unblinded.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import UsageError

__all__ = ["ROLES", "Account"]

ROLES = ("custodian", "scorer", "viewer")
_RESERVED = ("", "consensus", "program", "method")
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may sign in.

    Parameters
    ----------
    name
        As it stands in the journal and beside every score.
    role
        One of `ROLES`.
    password_hash
        Argon2 hash; empty where the account has no password and cannot sign in with one.
    active
        Whether the person may still sign in; the record of what they did stays.

    Raises
    ------
    UsageError
        If the name is empty, reserved or too long, or there is no such role.
    """

    name: str
    role: str
    password_hash: str = ""
    active: bool = True

    def __post_init__(self) -> None:
        name = self.name.strip()
        if name != self.name or name.casefold() in _RESERVED or len(name) > _LONGEST or not name.isprintable():
            raise UsageError(
                expected=f"a person's name of 1 to {_LONGEST} characters", found=repr(self.name), do="give another name"
            )
        if self.role not in ROLES:
            raise UsageError(expected=f"one of the roles {', '.join(ROLES)}", found=repr(self.role), do="choose one")
