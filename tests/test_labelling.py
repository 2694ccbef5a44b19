"""Statements to predictions."""

import pytest

from stance.labelling import label
from stance.records import Source, Statement
from stance.registry import Model


def test_a_prediction_is_the_statement_and_more(model: Model) -> None:
    """A prediction keeps the statement's fields and names the model."""
    statement = Statement(text="They are there.", id="x", source=Source(speaker="Kim"))
    [prediction] = label(model, [statement])
    assert (prediction.text, prediction.id, prediction.source) == (
        "They are there.",
        "x",
        statement.source,
    )
    assert prediction.model == model.version
    assert prediction.probabilities[prediction.stance] == prediction.probability
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=0.001)


def test_the_order_is_kept(model: Model) -> None:
    """Predictions come in the order of the statements."""
    texts = [f"statement {n}" for n in range(50)]
    assert [p.text for p in label(model, [Statement(text=t) for t in texts])] == texts


def test_a_batch_is_labelled_as_its_statements_are_alone(model: Model) -> None:
    """What else is in a batch changes nothing."""
    statements = [Statement(text=t) for t in ("They are there.", "It is a lie.", "Ask them.")]
    assert label(model, statements) == [label(model, [s])[0] for s in statements]
