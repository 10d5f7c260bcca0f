"""Every key of a TOML text is found on its line."""

from littermate.store.toml_lines import line_of, toml_lines

TEXT = '''# a comment
a = 1

b = """
[not a table]
x = 2
"""
c = [  # over lines
  1,

  2,
]
[t]            # header
d.e = 1
f = { g = 2 }
[[t.u]]
h = 1
[t.u.v]
i = 1
[[t.u]]
"h h" = 1
'''


def test_lines() -> None:
    lines = toml_lines(TEXT)
    assert lines == {
        ("a",): 2,
        ("b",): 4,
        ("c",): 8,
        ("t",): 13,
        ("t", "d"): 14,
        ("t", "d", "e"): 14,
        ("t", "f"): 15,
        ("t", "f", "g"): 15,
        ("t", "u", 0): 16,
        ("t", "u", 0, "h"): 17,
        ("t", "u", 0, "v"): 18,
        ("t", "u", 0, "v", "i"): 19,
        ("t", "u", 1): 20,
        ("t", "u", 1, "h h"): 21,
    }


def test_what_is_not_there_is_at_what_would_hold_it() -> None:
    lines = toml_lines(TEXT)
    assert line_of(("t", "u", 1, "missing"), lines) == 20
    assert line_of(("missing",), lines) == 1
