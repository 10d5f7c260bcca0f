import pytest

from littermate.errors import ProtocolError
from littermate.model.statement import STATEMENTS
from littermate.store.statements_file import blank_statements, read_statements


def test_a_blank_file_asks_for_every_statement_and_says_nothing(tmp_path):
    path = tmp_path / "arrive.toml"
    path.write_text(blank_statements(), encoding="utf-8")
    assert all(f'\n{one.key} = ""' in path.read_text(encoding="utf-8") for one in STATEMENTS)
    assert read_statements(path) == read_statements(tmp_path / "none.toml") == ()


def test_what_is_written_comes_in_the_order_of_the_checklist(tmp_path):
    path = tmp_path / "arrive.toml"
    path.write_text('funding = "none"\nethics = """\nLicence\n 12/34"""\n', encoding="utf-8")
    assert read_statements(path) == (("ethics", "Licence 12/34"), ("funding", "none"))


def test_all_faults_are_told_at_once_with_their_lines(tmp_path):
    path = tmp_path / "arrive.toml"
    path.write_text('ethics = "x"\nfundng = "a"\ninterests = [1]\n', encoding="utf-8")
    with pytest.raises(ProtocolError) as fault:
        read_statements(path)
    assert [one.where for one in fault.value.complaints] == ["arrive.toml, line 2", "arrive.toml, line 3"]
    assert fault.value.complaints[0].do == "did you mean 'funding'?"


@pytest.mark.parametrize("data", [b"ethics = unquoted\n", b'ethics = "\xff"\n'])
def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path, data):
    path = tmp_path / "arrive.toml"
    path.write_bytes(data)
    with pytest.raises(ProtocolError, match=r"arrive\.toml, line 1"):
        read_statements(path)
