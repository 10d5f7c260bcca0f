"""Single: one file in, one result out, without a study.

These are the very compositions that `Study` uses, so that a number from one file and the same number in a study
cannot differ. Everything here is blind: it can reach no animal, no group and no store.
"""
