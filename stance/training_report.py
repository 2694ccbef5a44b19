"""The training report: how good a model is, and what to do about it, as one HTML page."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stance.evaluation import Bin, Scores
from stance.extras import MissingExtraError, pyplot
from stance.pages import pieces, write_page
from stance.records import Annotation
from stance.training import HeldOut
from stance.trials import Size, agreement, learning_curve, worst_errors

_BLUE, _RED = "#0b4f8a", "#a3210f"


def write_training_report(
    path: Path,
    trial: HeldOut,
    *,
    how: str,
    train_on: Sequence[Annotation],
    annotated: Sequence[Annotation],
) -> None:
    """Write the page of a trial; `how` tells in a sentence how the predictions were made.

    The learning curve and the explanations are trained on `train_on`, at most six trainings;
    agreement is that of `annotated`. There are pictures where matplotlib is installed.
    """
    scores, bins = trial.scores(), trial.reliability()
    errors = worst_errors(trial, train_on=train_on)
    curve = learning_curve(train_on)
    agreements, differences = agreement(annotated)
    values = {
        "how": how,
        "scores": scores,
        "bins": bins,
        "errors": errors,
        "curve": curve,
        "agreements": agreements,
        "differences": differences,
        "pictures": _pictures(scores, bins, curve),
    }
    filters = {"pieces": lambda one: pieces(one.annotation.text, one.evidence)}
    write_page("evaluation.html", values, path, filters=filters)


def _pictures(scores: Scores, bins: Sequence[Bin], curve: Sequence[Size]) -> dict[str, str]:
    """Return the pictures as PNG in Base64 by name; none without matplotlib."""
    try:
        plots = pyplot()
    except MissingExtraError:
        return {}
    return {
        "confusion": _png(plots, _confusion(plots, scores)),
        "reliability": _png(plots, _reliability(plots, bins)),
        "curve": _png(plots, _curve(plots, curve)) if curve else "",
    }


def _confusion(plots: Any, scores: Scores) -> Any:
    """Draw the confusion matrix, shaded by the share of the told label."""
    figure, axes = plots.subplots(figsize=(5, 4.2), layout="constrained")
    shares = [[cell / (sum(row) or 1) for cell in row] for row in scores.confusion]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for i, row in enumerate(scores.confusion):
        for j, cell in enumerate(row):
            colour = "white" if shares[i][j] > 0.5 else "black"
            axes.text(j, i, str(cell), ha="center", va="center", color=colour)
    places = range(len(scores.labels))
    axes.set_xticks(places, scores.labels)
    axes.set_yticks(places, scores.labels)
    axes.set_xlabel("labelled by the model")
    axes.set_ylabel("told by people")
    return figure


def _reliability(plots: Any, bins: Sequence[Bin]) -> Any:
    """Draw how often predictions are right against how sure they are, with their number below."""
    figure, (upper, lower) = plots.subplots(
        2, figsize=(5, 5), sharex=True, height_ratios=(3, 1), layout="constrained"
    )
    upper.plot([0, 1], [0, 1], "--", color="#505a66", label="as it should be")
    sure, right = [b.probability for b in bins], [b.right for b in bins]
    upper.plot(sure, right, "o-", color=_BLUE, label="as it is")
    upper.set_ylabel("share right")
    upper.set_ylim(0, 1.03)
    upper.legend(frameon=False)
    lower.bar([b.low for b in bins], [b.count for b in bins], width=0.09, align="edge", color=_BLUE)
    lower.set_ylabel("statements")
    lower.set_xlabel("probability of the label")
    lower.set_xlim(0, 1.02)
    return figure


def _curve(plots: Any, curve: Sequence[Size]) -> Any:
    """Draw macro-F1 with its interval, and accuracy, against the statements trained on."""
    figure, axes = plots.subplots(figsize=(6, 3.8), layout="constrained")
    sizes = [size.statements for size in curve]
    f1 = [size.scores.macro_f1 for size in curve]
    low, high = zip(*(size.scores.interval for size in curve), strict=True)
    axes.fill_between(sizes, low, high, color=_BLUE, alpha=0.2, label="95% of macro-F1")
    axes.plot(sizes, f1, "o-", color=_BLUE, label="macro-F1")
    axes.plot(sizes, [s.scores.accuracy for s in curve], "x--", color=_RED, label="accuracy")
    axes.set_xlabel("statements trained on")
    axes.set_ylim(min(0.5, *low), 1)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, loc="lower right")
    return figure


def _png(plots: Any, figure: Any) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    plots.close(figure)
    return base64.b64encode(buffer.getvalue()).decode()
