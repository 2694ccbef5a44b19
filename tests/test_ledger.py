"""The ledger, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stance.corpus import read_annotations
from stance.jsonl import dumps
from stance.ledger import (
    ConflictError,
    Corrected,
    Ledger,
    LedgerError,
    Submission,
    accepted_annotations,
)
from stance.records import Annotation, Prediction, Source, Stance, as_json

DENIAL = Submission(text="No one crossed the river.", stance=Stance.DENY, annotator="ann")


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """Return an empty ledger."""
    ledger = Ledger(database_url)
    yield ledger
    ledger.database.close()


def prediction(text: str, *, probability: float = 0.9, needs_review: bool = False) -> Prediction:
    """Return a prediction for a text."""
    return Prediction(
        text=text,
        stance=Stance.DENY,
        probability=probability,
        probabilities={"deny": probability},
        needs_review=needs_review,
        evidence=(),
        model="m",
    )


def test_what_is_received_comes_back(ledger: Ledger) -> None:
    """Every field of a submission is in its entry."""
    sent = replace(
        DENIAL,
        id="a/1",
        question="Did they?",
        source=Source(speaker="Ana Ruiz"),
        note="“sure”",
        group="g",
        corrects=Corrected("20260101T000000Z-00000000", Stance.EVADE),
    )
    [receipt] = ledger.receive([sent])
    assert (receipt.id, receipt.state, receipt.created) == ("a/1", "received", True)
    [entry] = Ledger(str(ledger.database.url)).entries()
    assert entry.annotation == Annotation(
        id="a/1",
        text=sent.text,
        stance=Stance.DENY,
        annotator="ann",
        question="Did they?",
        source=Source(speaker="Ana Ruiz"),
        note="“sure”",
        group="g",
        origin="feedback",
    )
    assert entry.corrects == sent.corrects
    assert (entry.received, entry.decided) == (receipt.received, None)


def test_the_same_again_is_stored_once(ledger: Ledger) -> None:
    """With an id or without, sending again gives the same receipt and no second entry."""
    for sent in (DENIAL, replace(DENIAL, id="x")):
        [first] = ledger.receive([sent])
        [again] = ledger.receive([sent])
        assert (first.created, again.created) == (True, False)
        assert (first.id, first.received) == (again.id, again.received)
    assert len(list(ledger.entries())) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"stance": Stance.EVADE},
        {"text": "b"},
        {"annotator": "bob"},
        {"note": "n"},
        {"corrects": Corrected("m")},
        {"question": "q"},
    ],
    ids=str,
)
def test_an_id_has_one_content(ledger: Ledger, change: dict[str, object]) -> None:
    """Other content under an id is a conflict, and nothing of the same request is stored."""
    ledger.receive([replace(DENIAL, id="x")])
    other = replace(DENIAL, id="x", **change)  # type: ignore[arg-type]
    with pytest.raises(ConflictError) as caught:
        ledger.receive([replace(DENIAL, id="new"), other])
    assert caught.value.position == 1
    assert [entry.id for entry in ledger.entries()] == ["x"]


def test_a_request_may_repeat_itself(ledger: Ledger) -> None:
    """The same twice in a request is one entry; an id with two contents is a conflict."""
    receipts = ledger.receive([DENIAL, DENIAL])
    assert [receipt.created for receipt in receipts] == [True, False]
    with pytest.raises(ConflictError):
        ledger.receive([replace(DENIAL, id="y"), replace(DENIAL, id="y", note="n")])
    assert len(list(ledger.entries())) == 1


def test_many_at_once_keep_their_order(ledger: Ledger) -> None:
    """Receipts come in the order sent, and more than a page of entries comes back."""
    sent = [Submission(id=f"i{n * 7919 % 1201}", text="t", stance=Stance.DENY) for n in range(1201)]
    assert [receipt.id for receipt in ledger.receive(sent)] == [one.id for one in sent]
    assert {entry.id for entry in ledger.entries()} == {one.id for one in sent}
    assert len(ledger.decide("accepted")) == 1201
    assert len(accepted_annotations(ledger)) == 1201


def test_decisions(ledger: Ledger) -> None:
    """Annotations are accepted or rejected by id or all, and a decision can be changed."""
    ledger.receive([Submission(id=i, text=i, stance=Stance.DENY) for i in "abcd"])
    assert ledger.decide("rejected", ["b", "b"]) == ["b"]
    assert ledger.decide("accepted") == ["a", "c", "d"]
    assert ledger.decide("rejected", ["a"]) == ["a"]
    states = {state: [e.id for e in ledger.entries(state)] for state in ("accepted", "rejected")}  # type: ignore[arg-type]
    assert states == {"accepted": ["c", "d"], "rejected": ["a", "b"]}
    assert all(entry.decided for entry in ledger.entries())
    [again] = ledger.receive([Submission(id="a", text="a", stance=Stance.DENY)])
    assert (again.state, again.created) == ("rejected", False)


def test_an_unknown_id_decides_nothing(ledger: Ledger) -> None:
    """Where one id is not there, the others stay as they were."""
    ledger.receive([replace(DENIAL, id="a")])
    with pytest.raises(LedgerError, match="there is no annotation 'z'"):
        ledger.decide("accepted", ["a", "z"])
    assert [entry.state for entry in ledger.entries()] == ["received"]


def test_accepted_ones_are_annotations_that_training_reads(ledger: Ledger, tmp_path: Path) -> None:
    """What is accepted goes through a file to the corpus and is the same."""
    ledger.receive([DENIAL, replace(DENIAL, text="Ask the port authority.", stance=Stance.EVADE)])
    assert accepted_annotations(ledger) == []
    ledger.decide("accepted")
    accepted = [one.annotation for one in accepted_annotations(ledger)]
    assert [str(annotation.stance) for annotation in accepted] == ["deny", "evade"]
    path = tmp_path / "export.jsonl"
    path.write_text("".join(dumps(as_json(annotation)) + "\n" for annotation in accepted), "utf-8")
    assert read_annotations([str(path)]) == accepted


def test_reading_makes_no_database(tmp_path: Path) -> None:
    """Where nothing was ever sent there is nothing to read, and no file is made."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert accepted_annotations(ledger) == []
    assert list(ledger.kept()) == []
    assert list(tmp_path.iterdir()) == []


def test_kept_statements_are_counted(ledger: Ledger) -> None:
    """The same words are one row, with a count and the latest prediction."""
    ledger.keep([prediction("a"), prediction("a"), prediction("b")])
    ledger.keep([prediction("a", probability=0.3, needs_review=True)])
    rows = [(k.prediction.text, k.count, k.prediction.probability) for k in ledger.kept()]
    assert rows == [("a", 3, 0.3), ("b", 1, 0.9)]
    ledger.keep([])


def test_kept_statements_are_bounded(ledger: Ledger) -> None:
    """Above the limit the sure ones go first, and of these the oldest."""
    ledger.keep([prediction("unsure", needs_review=True)])
    for text in ("old", "middle", "new"):
        ledger.keep([prediction(text)], most=3)
    assert {k.prediction.text for k in ledger.kept()} == {"unsure", "middle", "new"}


def test_what_is_annotated_is_kept_no_more(ledger: Ledger) -> None:
    """An annotation of a kept statement takes it off the list."""
    ledger.keep([prediction(DENIAL.text), prediction("b")])
    ledger.receive([DENIAL])
    assert [k.prediction.text for k in ledger.kept()] == ["b"]


def test_the_least_certain_come_first(ledger: Ledger) -> None:
    """Those for review come before the others, each by their probability, so many as wanted."""
    assert (ledger.least_certain(5), ledger.count_kept()) == ([], 0)
    ledger.keep([prediction("sure"), prediction("less", probability=0.5)])
    review = [prediction(f"r{n}", probability=n / 10, needs_review=True) for n in (7, 4)]
    ledger.keep(review)
    order = [one.prediction.text for one in ledger.least_certain(3)]
    assert order == ["r4", "r7", "less"]
    assert ledger.count_kept() == 4


def test_an_annotation_is_taken_back(ledger: Ledger) -> None:
    """What is taken back is rejected; what was decided on, or is not there, stays as it is."""
    ledger.receive([replace(DENIAL, id="a"), replace(DENIAL, id="b")])
    assert ledger.withdraw("a").text == DENIAL.text
    ledger.decide("accepted", ["b"])
    for one in ("a", "b", "z"):
        with pytest.raises(LedgerError, match="no undecided annotation"):
            ledger.withdraw(one)
    assert [(e.id, e.state) for e in ledger.entries()] == [("a", "rejected"), ("b", "accepted")]
