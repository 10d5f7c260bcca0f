"""Changed golden and real files, and random text, from fixed seeds. A longer run: benchmarks/fuzz/plates.py."""

import pytest
from benchmarks.fuzz.plates import outcome, run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CELLS = st.sampled_from(
    ["", "1", "2", "3", "A", "B", "0.5", "0,5", "*0.5*", "nan", "1e300", "-1", "Well", "OD", "Conc", ">4"]
)
TABLES = st.lists(st.lists(CELLS, max_size=6), max_size=8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_changed_files_are_read_or_refused(tmp_path, seed):
    outcomes, slowest = run(60, seed, tmp_path)
    assert outcomes.total() == 60
    assert slowest < 5


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=TABLES, separator=st.sampled_from(",;\t"))
def test_random_tables_are_read_or_refused(tmp_path, table, separator):
    path = tmp_path / "random.csv"
    path.write_text("\n".join(separator.join(row) for row in table) or " ", encoding="utf-8")
    assert outcome(path, "elisa") in ("read", "refused")
