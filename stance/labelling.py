"""Statements to predictions, by one model."""

from collections.abc import Sequence

from stance.records import Prediction, Stance, Statement
from stance.registry import Model

STATEMENT_FIELDS = tuple(Statement.__dataclass_fields__)


def label(model: Model, statements: Sequence[Statement]) -> list[Prediction]:
    """Return a prediction for each statement, in order."""
    assessed = model.classifier.assess(statements)
    labels = [Stance(str(name)) for name in model.classifier.classes_]
    best = assessed.probabilities.argmax(axis=1).tolist()
    return [
        Prediction(
            **{name: getattr(statement, name) for name in STATEMENT_FIELDS},
            stance=labels[column],
            probability=row[column],
            probabilities=dict(zip(labels, row, strict=True)),
            needs_review=review,
            evidence=evidence,
            model=model.version,
        )
        for statement, column, row, review, evidence in zip(
            statements,
            best,
            assessed.probabilities.round(4).tolist(),
            assessed.needs_review.tolist(),
            assessed.evidence,
            strict=True,
        )
    ]
