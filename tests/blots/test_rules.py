"""A rule set says in words what its numbers are."""

from littermate.blots.rules import BandRules, BlotRules, LaneRules, LoadingRules, rule_set


def test_words_hold_the_numbers() -> None:
    assert any("2.5 full widths" in sentence for sentence in BandRules(reach=2.5).words())
    assert any("median" in sentence for sentence in LoadingRules(scale="median").words())
    assert set(LaneRules().words()) <= set(BlotRules().words())


def test_any_change_of_a_rule_changes_the_hash() -> None:
    hashes = {
        rule_set(rules).hash
        for rules in (
            BlotRules(),
            BlotRules(bands=BandRules(strip=2.0)),
            BlotRules(lanes=LaneRules(evenness=1.0)),
            BandRules(),
        )
    }
    assert len(hashes) == 4
    assert rule_set(BlotRules()).hash == rule_set(BlotRules()).hash
