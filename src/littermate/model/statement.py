"""Statement: what only the authors of a study can say of it, for the ARRIVE 2.0 checklist.

Much of it is written after the results are known, so it stands apart from the protocol, whose hash is sealed with the
groups: in arrive.toml, one key a statement. Items are those of Percie du Sert et al. 2020, *PLoS Biol* 18:e3000410.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["STATEMENTS", "Statement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement: its key in arrive.toml, the item of the checklist it answers, and what it is asked to say."""

    key: str
    item: str
    asks: str


STATEMENTS = (
    Statement(key="sample_size", item="2b", asks="how the number of animals was decided: effect, power, alpha"),
    Statement(key="confounders", item="4b", asks="how order of work and place of cages were kept from mattering"),
    Statement(key="blinding", item="5", asks="who knew the groups when allocating, treating, testing, analysing"),
    Statement(key="provenance", item="8b", asks="supplier, health and immune status, genotype, earlier procedures"),
    Statement(key="place", item="9c", asks="where each procedure was done; how long animals were used to it"),
    Statement(key="abstract", item="11", asks="aim, species, strain and sex, methods, main findings, conclusion"),
    Statement(key="background", item="12a", asks="what was known, and why this experiment"),
    Statement(key="model_relevance", item="12b", asks="why this species and model answer the question; for humans too"),
    Statement(key="hypotheses", item="13", asks="the hypotheses that are tested"),
    Statement(key="ethics", item="14", asks="committee and number of the licence, or why none was needed"),
    Statement(key="husbandry", item="15", asks="housing, enrichment, light, temperature, food and water"),
    Statement(key="care", item="16a", asks="what was done against pain, suffering and distress"),
    Statement(key="adverse_events", item="16b", asks="what harm was expected, and what came unexpected; none, if none"),
    Statement(key="humane_endpoints", item="16c", asks="at which signs an animal is taken out; how often one looked"),
    Statement(key="interpretation", item="17a", asks="what the results mean for the question and for what was known"),
    Statement(key="limitations", item="17b", asks="sources of bias, limits of the model, imprecision"),
    Statement(key="generalisability", item="18", asks="whether it holds for other species or conditions; humans"),
    Statement(key="registration", item="19", asks="where the protocol was registered beforehand, or that it was not"),
    Statement(key="data_access", item="20", asks="whether and where the data can be had"),
    Statement(key="interests", item="21a", asks="competing interests, or that there are none"),
    Statement(key="funding", item="21b", asks="funders, and their part in design, analysis and reporting"),
)
"""All of them, in the order of the checklist."""
