"""RuleSet: the words and numbers by which something was counted, and their hash.

Every measurement carries the hash of its rule set, so that two numbers can be seen to be the same kind of number.
Rules are small frozen dataclasses kept by the workshop that uses them; `RuleSet.of` turns one into words and a hash.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import Any

__all__ = ["RuleSet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A named rule set: `parameters` as sorted (name, value) pairs, and `words` for people."""

    name: str
    parameters: tuple[tuple[str, Any], ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, name: str, rules: Any, words: tuple[str, ...]) -> RuleSet:
        """Make a rule set of a dataclass instance whose fields are plain values."""
        return cls(name=name, parameters=tuple(sorted(dataclasses.asdict(rules).items())), words=words)

    @property
    def hash(self) -> str:
        """The first 16 hex digits of the SHA-256 of name, parameters and words.

        Examples
        --------
        >>> RuleSet(name="x", parameters=(("gap_s", 0.5),), words=()).hash
        '200292f2b0407ebc'
        """
        text = json.dumps([self.name, self.parameters, self.words], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
