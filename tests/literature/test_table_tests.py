"""Tests in the rows of tables. Ways of setting them are lines of reference/markup.tsv (see test_reported_tests.py)."""

from littermate.literature.table_tests import read_paper_tests
from littermate.model.paper import Paper, Sentence


def paper(*rows: str) -> Paper:
    """Return a paper of rows with cells parted by ``|``, and sentences."""
    texts = [row.replace("|", "\n") for row in rows]
    starts = [sum(len(text) + 1 for text in texts[:k]) for k in range(len(texts))]
    sentences = tuple(
        Sentence(text=text, place=(start, start + len(text))) for text, start in zip(texts, starts, strict=True)
    )
    text = "".join(text + "\n" for text in texts)
    return Paper(path="", sha256="", kind="html", title="", text=text, sentences=sentences)


def read(*rows: str) -> list[str]:
    return [test.text for test in read_paper_tests(paper(*rows)).tests]


def test_a_row_and_its_place() -> None:
    whole = paper("Effect|df|F|P", "Drug|1, 28|5.20|0.030")
    (test,) = read_paper_tests(whole).tests
    assert (test.statistic, test.df1, test.df2, test.value, test.p_reported) == ("F", 1, 28, 5.2, 0.03)
    assert whole.text[slice(*test.place)] == "5.20\n0.030"


def test_the_error_of_an_analysis_of_variance_is_the_next_below() -> None:
    rows = ("Source|SS|df|MS|F|p", "Drug|9|1|9|5.20|.030", "Error|50|28|2||", "Time|9|3|3|4.15|.009", "Error|9|84|1||")
    assert read(*rows) == ["F(1, 28) = 5.20, P = .030", "F(3, 84) = 4.15, P = .009"]


def test_with_subjects_the_error_is_not_guessed() -> None:
    assert read("Source|df|F|p", "Drug|1|5.20|.030", "Subject|28|2.1|.01", "Residual|84||") == []


def test_a_heading_over_several_columns_makes_the_row_longer() -> None:
    assert read("|Day 1", "F|df|P", "Drug|5.20|1,28|0.030") == ["F(1,28) = 5.20, P = 0.030"]


def test_a_cell_over_several_rows_makes_the_next_row_shorter() -> None:
    assert read("Area|Effect|t(28)|P", "CA1|Drug|2.20|.036", "Sex|0.51|.61") == [
        "t(28) = 2.20, P = .036",
        "t(28) = 0.51, P = .61",
    ]


def test_what_stands_whole_in_a_cell_is_read_once() -> None:
    assert read("Test|Result|P", "t test|t(28) = 2.20, P = .036|.036") == ["t(28) = 2.20, P = .036"]


def test_what_needs_its_neighbour_is_no_longer_unread() -> None:
    found = read_paper_tests(paper("Test|Result|P", "ANOVA|F(1,28) = 5.2|.03"))
    assert len(found.tests) == 1
    assert found.unread == ()


def test_a_sentence_ends_a_table() -> None:
    sentence = "Here is a sentence that is longer than any row with one cell would be."
    assert read("Test|t(28)|P", sentence, "Weight|2.20|.036") == []


def test_rows_that_are_none() -> None:
    assert read("Gene|t|P", "A|2.2|.03") == []
    assert read("Group|F|M|df|p", "Drug|12|13|1|0.03") == []
    assert read("Effect|df|F|P", "Drug|1, 28|–|–", "Sex|1, 28|5.20|high", "|") == []
