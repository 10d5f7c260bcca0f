"""The Recommended Set of ARRIVE 2.0, items 11 to 21: mostly the authors' words, beside what the record knows."""

from __future__ import annotations

from littermate.report.arrive_item import ArriveItem, author_item, item, stated
from littermate.report.blinding import arguments_of, entries_about
from littermate.report.content import ReportContent
from littermate.report.methods import methods_sections
from littermate.report.wording import moment, sentence

__all__ = ["recommended_set"]


def recommended_set(content: ReportContent) -> tuple[ArriveItem, ...]:
    """Fill in the items 11 to 21."""
    return (
        author_item(content, "11", "Abstract", "aim, animals, methods, findings, conclusion", "abstract"),
        author_item(content, "12a", "Background", "what was known, and why this experiment", "background"),
        author_item(content, "12b", "Background", "why this species and model; relevance for humans", "relevance"),
        _objectives(content),
        author_item(content, "14", "Ethical statement", "committee and licence", "ethic", "licen", "approval"),
        _housing(content),
        author_item(
            content, "16a", "Animal care", "against pain and distress", "care", "analges", "anaesth", "welfare"
        ),
        _adverse_events(content),
        author_item(content, "16c", "Animal care", "humane endpoints and monitoring", "humane", "endpoint", "monitor"),
        author_item(content, "17a", "Interpretation", "what the results mean for the question", "interpretation"),
        _limitations(content),
        author_item(content, "18", "Generalisability", "other species and conditions; humans", "generalis", "translat"),
        _registration(content),
        _data_access(content),
        author_item(content, "21a", "Interests", "competing interests, or none", "interests", "conflict"),
        author_item(content, "21b", "Interests", "funders and their part in the study", "fund"),
    )


def _objectives(content: ReportContent) -> ArriveItem:
    hypotheses = stated(content, "13", "hypothes")
    answer = " ".join(filter(None, (content.protocol.question, hypotheses)))
    lacks = "" if hypotheses else "hypotheses to be written by the authors (arrive.toml: hypotheses)"
    asks = "question, and the hypotheses that are tested"
    return item("13", "Objectives", asks, answer, missing="the question is not stated", lacks=lacks, where="Title")


def _housing(content: ReportContent) -> ArriveItem:
    texts = {section.heading: " ".join(section.sentences) for section in methods_sections(content)}
    answer = " ".join(filter(None, (texts.get("Housing", ""), stated(content, "15"))))
    lacks = "" if "enrich" in answer.lower() else "whether there was enrichment is not on record"
    missing = "housing and husbandry are not on record (arrive.toml: husbandry)"
    asks = "housing, enrichment, light, food, water"
    return item("15", "Housing and husbandry", asks, answer, missing=missing, lacks=lacks, where="Methods: Housing")


def _adverse_events(content: ReportContent) -> ArriveItem:
    reasons = dict.fromkeys(one.because for one in content.exclusions)
    record = f"Animals were left out because: {'; '.join(reasons)}." if reasons else ""
    asks = "expected and unexpected harm"
    return author_item(content, "16b", "Animal care", asks, "adverse", record=record, where="Animals")


def _limitations(content: ReportContent) -> ArriveItem:
    found = [sentence(one.message) for one in content.findings if one.importance in ("critical", "warning")]
    record = f"The program's checks found: {' '.join(dict.fromkeys(found))}" if found else ""
    where = "What a reader must know"
    asks = "sources of bias, limits of the model, imprecision"
    return author_item(content, "17b", "Interpretation", asks, "limitation", record=record, where=where)


def _registration(content: ReportContent) -> ArriveItem:
    texts = []
    for entry in entries_about(content, "allocate"):
        if sealed := arguments_of(entry).get("protocol_sha256"):
            when = f"on {moment(entry.at)}, before any animal was allocated"
            known = f"study.toml with SHA-256 {sealed} (journal entry {entry.number})"
            texts.append(f"The protocol was fixed {when}: {known}.")
    asks = "whether there was a protocol beforehand, and where"
    words = ("registration", "registered")
    return author_item(content, "19", "Protocol registration", asks, *words, record=" ".join(texts), where="Journal")


def _data_access(content: ReportContent) -> ArriveItem:
    record = "Every value, with the SHA-256 of its file, is in tables/measurements.csv; the analyses in analysis.json."
    asks = "whether and where the data can be had"
    words = ("data access", "data availab")
    return author_item(
        content, "20", "Data access", asks, *words, record=record if content.measurements else "", where="Methods: Data"
    )
