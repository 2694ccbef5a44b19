"""The manifest of a model version, as its page shows it; what an old one lacks is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

_GROUPS = (("stance", "Labels"), ("origin", "Where from"), ("kind", "Kind of quotation"))
_SCORES = ("macro_f1", "accuracy", "calibration_error")
_PERCENT = ("reviewed", "accuracy_unreviewed")
_WORDS = {
    "authored": "written for it",
    "seed": "real articles",
    "feedback": "readers’ corrections",
    "import": "imported",
}
_PLOT = 300  # units that a probability of 1 takes in the reliability diagram
_LARGEST = 9  # radius of a point, in such units


def of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page tells of a version."""
    scores = manifest.get("scores", {}).get("grouped_cross_validation", {})
    data = manifest.get("data", {})
    return {
        "version": manifest.get("version"),
        "trained": str(manifest.get("trained", "unknown"))
        .replace("T", " ")
        .replace("+00:00", " UTC"),
        "parent": manifest.get("parent"),
        "statements": data.get("statements", "unknown"),
        "scores": _scores(scores),
        "rows": _rows(scores, manifest.get("thresholds", {})),
        "confusion": _confusion(scores),
        "reliability": _reliability(manifest.get("scores", {}).get("reliability") or []),
        "counts": [
            {"name": name, "rows": _shares(data[key])} for key, name in _GROUPS if data.get(key)
        ],
        "gate": _gate(manifest.get("gate") or {}),
        "limits": manifest.get("limits") or [],
        "made": [*manifest.get("libraries", {}).items(), *manifest.get("parameters", {}).items()],
    }


def _scores(scores: Mapping[str, Any]) -> dict[str, Any]:
    if not scores:
        return {}
    told = {name: _figure(scores.get(name)) for name in _SCORES}
    told |= {name: _percent(scores.get(name)) for name in _PERCENT}
    low, high = scores.get("interval") or (None, None)
    more = {"statements": scores.get("statements"), "labels": scores.get("labels", [])}
    return {**told, **more, "low": _figure(low), "high": _figure(high)}


def _figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) else "unknown"


def _percent(value: object) -> str:
    return f"{value:.0%}" if isinstance(value, int | float) else "an unknown share"


def _rows(scores: Mapping[str, Any], thresholds: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {"label": label, **values, "threshold": _threshold(thresholds.get(label))}
        for label, values in scores.get("per_label", {}).items()
    ]


def _threshold(value: float | None) -> str:
    # One that no probability reaches marks all of its label for review.
    return "never" if value is not None and value > 1 else _figure(value)


def _confusion(scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for label, counts in zip(scores.get("labels", ()), scores.get("confusion", ()), strict=False):
        whole = sum(counts) or 1
        cells = [
            {"count": count, "percent": round(100 * count / whole), "heat": 9 * count // whole}
            for count in counts
        ]
        rows.append({"label": label, "cells": cells})
    return rows


def _reliability(bins: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the bins with their places in the diagram; the area of a point is its share."""
    most = max((one["count"] for one in bins), default=0) or 1
    return [
        {
            **one,
            "x": round(_PLOT * one["probability"], 1),
            "y": round(_PLOT * (1 - one["right"]), 1),
            "radius": round(max(2.5, _LARGEST * (one["count"] / most) ** 0.5), 1),
        }
        for one in bins
    ]


def _shares(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    most = max(counts.values(), default=0) or 1
    return [
        {"name": name, "told": _WORDS.get(name, name), "count": n, "percent": 100 * n / most}
        for name, n in counts.items()
    ]


def _gate(gate: Mapping[str, Any]) -> str:
    if not gate:
        return "Nothing is told of the comparison with the version before it."
    verdict = "It passed the gate" if gate.get("passed") else "The gate was against it"
    return f"{verdict}: {gate['reason']}." if gate.get("reason") else f"{verdict}."
