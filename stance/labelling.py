"""Statements to predictions, by one model."""

from collections.abc import Sequence

from stance.records import Prediction, Stance, Statement
from stance.registry import Model

STATEMENT_FIELDS = tuple(Statement.__dataclass_fields__)


def label(model: Model, statements: Sequence[Statement]) -> list[Prediction]:
    """Return a prediction for each statement, in order."""
    classifier = model.classifier
    labels = [str(name) for name in classifier.classes_]
    return [
        Prediction(
            **{name: getattr(statement, name) for name in STATEMENT_FIELDS},
            stance=Stance(labels[int(row.argmax())]),
            probability=round(float(row.max()), 4),
            probabilities={name: round(float(p), 4) for name, p in zip(labels, row, strict=True)},
            needs_review=bool(review),
            evidence=evidence,
            model=model.version,
        )
        for statement, row, review, evidence in zip(
            statements,
            classifier.predict_proba(statements),
            classifier.needs_review(statements),
            classifier.explain(statements),
            strict=True,
        )
    ]
