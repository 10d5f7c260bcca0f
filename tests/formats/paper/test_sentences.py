"""Where sentences end, and where a full stop ends none."""

import pytest

from littermate.formats.paper.sentences import sentence_places


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mice got 15 mg/kg i.p. ketamine.", "It helped."],
        ["Ketamine was given i.p.", "The mice swam."],
        ["As shown by Porsolt et al. (1977), it fell.", "See Fig. 2 and Figs. 3 to 5."],
        ["It helped, P = .03, F(1,30) = 5.2.", "Then it did not (P = 0.41)."],
        ["It was 0. 031 or P < . 05 in places.", "No. 5 was left out."],
        ["It differed (t(14) = 2.3, P = 0.04. Two-tailed.), and more.", "So."],
        ["Was it so?", "It was!", "“Yes.”", "32 mice lived."],
        ["J. A. Smith and St. John found 5 vs. 6 e.g. here.", "And more."],
        ["It was seen before.^12,13", "It was seen before.12", "Again (P < 0.05).^3", "End."],
        ["Diets (Harlan Inc. Madison) were fed.", "Diet A. was not."],
    ],
)
def test_sentences(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:stop] for start, stop in sentence_places(text)] == sentences
