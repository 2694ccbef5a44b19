"""Taking fresh annotations in."""

import pytest

from stance.additions import Additions, ConflictError, take_in
from stance.corpus import Corpus, CorpusError, Located
from stance.records import Annotation, Claim, Stance

CORPUS = Corpus(
    Claim("c", "They came.", {}),
    (
        Annotation(text="They came.", stance=Stance.CONFIRM),
        Annotation(text="Ask them.", question="Did they come?", stance=Stance.EVADE),
    ),
    ("data.jsonl:1", "data.jsonl:2"),
)


def located(place: str, text: str, stance: str, question: str | None = None) -> Located:
    """Return an annotation and its place."""
    return Located(place, Annotation(text=text, question=question, stance=Stance(stance)))


def labels(additions: Additions) -> list[tuple[str, str]]:
    """Return what would be trained on beside the corpus."""
    return [(a.text, str(a.stance)) for a in additions.annotations]


def test_fresh_joins_what_was_added_before() -> None:
    """Earlier additions stay, new ones come behind them."""
    earlier = [located("added.jsonl:1", "Nobody came.", "deny")]
    additions = take_in(CORPUS, earlier, [located("f:1", "We cannot say.", "evade")])
    assert labels(additions) == [("Nobody came.", "deny"), ("We cannot say.", "evade")]
    assert (additions.fresh, additions.duplicates) == (1, 0)


@pytest.mark.parametrize(
    "text", ["They came.", "they  came", "“They came,”", "THEY CAME."], ids=repr
)
def test_duplicates_are_merged(text: str) -> None:
    """The same words with the same label, however written, are taken in once."""
    additions = take_in(CORPUS, [], [located("f:1", text, "confirm")])
    assert additions == Additions(duplicates=1, warnings=additions.warnings)


def test_another_question_is_another_statement() -> None:
    """The same words after another question contradict nothing."""
    additions = take_in(CORPUS, [], [located("f:1", "Ask them.", "unrelated", "Is lunch good?")])
    assert additions.fresh == 1


@pytest.mark.parametrize("quoted", ["They came.", "“they came”"])
def test_conflicts_are_refused_with_both_places(quoted: str) -> None:
    """Contradicting the corpus is an error that names both lines and the remedy."""
    with pytest.raises(ConflictError, match="--prefer new or --prefer old") as caught:
        take_in(CORPUS, [], [located("f:3", quoted, "deny")])
    [conflict] = caught.value.conflicts
    assert str(conflict).startswith("f:3: says deny, data.jsonl:1 says confirm: ")


@pytest.mark.parametrize(
    ("prefer", "wanted"), [("new", [("Nobody.", "confirm")]), ("old", [("Nobody.", "deny")])]
)
def test_a_preference_settles_conflicts(prefer: str, wanted: list[tuple[str, str]]) -> None:
    """New or old wins over what was added earlier; the conflict is still told."""
    earlier = [located("added.jsonl:1", "Nobody.", "deny")]
    fresh = [located("f:1", "nobody", "confirm")]
    additions = take_in(CORPUS, earlier, fresh, prefer=prefer)  # type: ignore[arg-type]
    assert [
        (text.capitalize().rstrip(".") + ".", stance) for text, stance in labels(additions)
    ] == (wanted)
    assert len(additions.conflicts) == 1
    assert additions.fresh == (prefer == "new")


def test_fresh_annotations_may_not_contradict_each_other() -> None:
    """Two fresh labels of the same words are a conflict; the later one is the new one."""
    fresh = [located("f:1", "Nobody.", "deny"), located("g:1", "Nobody.", "confirm")]
    with pytest.raises(ConflictError, match="g:1: says confirm, f:1 says deny"):
        take_in(CORPUS, [], fresh)
    assert labels(take_in(CORPUS, [], fresh, prefer="new")) == [("Nobody.", "confirm")]
    assert labels(take_in(CORPUS, [], fresh, prefer="old")) == [("Nobody.", "deny")]


def test_what_breaks_the_guide_is_refused() -> None:
    """Every error is told with its place; a warning is kept."""
    bad = Located("f:2", Annotation(text='"No."', kind="direct", stance=Stance.DENY))
    with pytest.raises(CorpusError, match="f:2: /text: a direct quotation stands without"):
        take_in(CORPUS, [], [bad])
    odd = Located("f:3", Annotation(text="No.", stance=Stance.DENY), ("stanse",))
    assert [str(w) for w in take_in(CORPUS, [], [odd]).warnings] == [
        "f:3: key 'stanse' is not known and ignored"
    ]
