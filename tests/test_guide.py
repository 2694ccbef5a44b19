"""The guide's mechanical rules."""

from typing import Any

import pytest

from stance.corpus import Corpus, Located
from stance.guide import LONGEST, check
from stance.records import Annotation, Quoted, Source, Span, Stance


def found(unknown: tuple[str, ...] = (), **fields: Any) -> list[tuple[bool, str]]:
    """Return what the rules say of an annotation: error or not, and the message's field."""
    annotation = Annotation(**{"text": "No one came.", "stance": Stance.DENY, **fields})
    findings = check(Located("f.jsonl:7", annotation, unknown))
    assert all(str(finding).startswith("f.jsonl:7: ") for finding in findings)
    return [(finding.error, finding.message.split(": ")[0]) for finding in findings]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "direct", "text": "“No one came.”"}, "/text"),
        ({"kind": "direct", "text": '"No one came."'}, "/text"),
        ({"kind": "direct", "text": "«No one came.»"}, "/text"),
        ({"text": "x" * (LONGEST + 1)}, "/text"),
        ({"question": "x" * (LONGEST + 1)}, "/question"),
        ({"spans": (Span(0, 3),)}, "/spans"),
        ({"article": "a", "spans": (Span(3, 3),)}, "/spans"),
        ({"article": "a", "spans": (Span(5, 9), Span(0, 3))}, "/spans"),
        ({"article": "a", "spans": (Span(0, 5), Span(4, 9))}, "/spans"),
        ({"cue": Quoted("said", 4, 9)}, "/cue"),
        ({"source": Source(mention=Quoted("Kim", 0, 2))}, "/source/mention"),
    ],
)
def test_errors(fields: dict[str, Any], field: str) -> None:
    """What contradicts itself or the guide is an error at its field."""
    assert (True, field) in found(**fields)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "“No one came.”"}, "/text"),
        ({"kind": "mixed"}, "/kind"),
        ({"kind": "indirect", "text": "calling it “a lie”"}, "/kind"),
        ({"context": "Something else altogether was said."}, "/context"),
        ({"unknown": ("stanse",)}, "key 'stanse' is not known and ignored"),
    ],
)
def test_warnings(fields: dict[str, Any], field: str) -> None:
    """What is seldom right is told, but trained on."""
    assert found(**fields) == [(False, field)]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "direct", "text": "“Lies” and “inventions”"},
        {"kind": "mixed", "text": "calling it “a lie”"},
        {"kind": "direct", "context": "“No one came,” he said."},
        {
            "text": "No one came to us, not one of them",
            "context": "'No one came to us,' he said. 'Not one of them.'",
        },
        {"article": "a", "spans": (Span(0, 5), Span(7, 9)), "cue": Quoted("said", 5, 9)},
    ],
)
def test_what_is_right_is_not_complained_of(fields: dict[str, Any]) -> None:
    """Good annotations pass without a word."""
    assert found(**fields) == []


def test_the_rules_suit_the_shipped_data(shipped: Corpus) -> None:
    """Of the annotations that people made by the guide, few are complained of."""
    findings = [finding for one in shipped.located() for finding in check(one)]
    assert sum(finding.error for finding in findings) < len(shipped.annotations) / 500
    assert len(findings) < len(shipped.annotations) / 50
