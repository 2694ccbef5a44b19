"""Pictures by matplotlib, an extra of the package: the matrix of a report, figures of scores."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stance.extras import pyplot
from stance.pages import clean
from stance.positions import ActorLine, Report
from stance.records import Stance
from stance.storage import replacing
from stance.wording import VERBS, day_in_words

COLOURS = {Stance.CONFIRM: "#0b4f8a", Stance.DENY: "#a3210f", Stance.EVADE: "#b58900"}
SHAPES = {Stance.CONFIRM: "o", Stance.DENY: "X", Stance.EVADE: "D"}
_ACTORS = 30  # rows of a picture
_DAYS = 40  # columns of a picture
_NAME = 44  # letters


def draw_report(report: Report, folder: Path) -> list[Path]:
    """Draw the matrix into `matrix-1.png` and so on, the sides into `sides.png`.

    Return the files; raise MissingExtraError without `stance[pictures]`.
    """
    plots = pyplot()
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    pages = [(a, d) for a in _parts(report.actors, _ACTORS) for d in _parts(report.days, _DAYS)]
    for number, (lines, days) in enumerate(pages, 1):
        drawn.append(folder / f"matrix-{number}.png")
        _save(plots, _matrix(plots, lines, days), drawn[-1])
    if report.sides:
        drawn.append(folder / "sides.png")
        _save(plots, _sides(plots, report), drawn[-1])
    return drawn


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _matrix(plots: Any, lines: Sequence[ActorLine], days: Sequence[str | None]) -> Any:
    """Draw a mark for each label that an actor has on a day; its number where it is not one."""
    figure, axes = plots.subplots(
        figsize=(4.5 + 1.2 * len(days), 1.6 + 0.42 * len(lines)), layout="constrained"
    )
    for row, line in enumerate(lines):
        for column, day in enumerate(days):
            counts = {
                stance: sum(q.first.stance is stance and q.day == day for q in line.quotes)
                for stance in VERBS
            }
            here = [(stance, count) for stance, count in counts.items() if count]
            for place, (stance, count) in enumerate(here):
                x = column + (place - (len(here) - 1) / 2) * 0.32
                axes.plot(x, row, SHAPES[stance], color=COLOURS[stance], markersize=9)
                if count > 1:
                    axes.annotate(str(count), (x, row), (5, 4), textcoords="offset points")
    names = [_short(line.actor.name) + (" ⇄" if line.changed else "") for line in lines]
    axes.set_yticks(range(len(lines)), names)
    axes.set_xticks(range(len(days)), [day_in_words(day) for day in days], rotation=45, ha="right")
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.grid(alpha=0.3)
    axes.set_axisbelow(True)
    _legend(plots, figure)
    return figure


def _sides(plots: Any, report: Report) -> Any:
    """Draw how many statements of each label a side made."""
    sides = report.sides[:_ACTORS]
    figure, axes = plots.subplots(figsize=(8, 1.6 + 0.42 * len(sides)), layout="constrained")
    left = [0] * len(sides)
    for stance, verb in VERBS.items():
        counts = [
            sum(q.first.stance is stance for line in lines for q in line.quotes)
            for _, lines in sides
        ]
        bars = axes.barh(range(len(sides)), counts, left=left, color=COLOURS[stance], label=verb)
        axes.bar_label(
            bars, [str(c) if c else "" for c in counts], label_type="center", color="white"
        )
        left = [a + b for a, b in zip(left, counts, strict=True)]
    axes.set_yticks(range(len(sides)), [_short(side) for side, _ in sides])
    axes.invert_yaxis()
    axes.set_xlabel("statements")
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    return figure


def _legend(plots: Any, figure: Any) -> None:
    handles = [
        plots.Line2D([], [], marker=SHAPES[s], color=COLOURS[s], linestyle="", label=verb)
        for s, verb in VERBS.items()
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3, frameon=False)


def _save(plots: Any, figure: Any, path: Path) -> None:
    with warnings.catch_warnings(), replacing(path) as file:
        # A script that the font lacks is drawn as boxes; the page has the names.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(file, format="png", dpi=150)
    plots.close(figure)


def _short(text: str) -> str:
    text = clean(text)
    return text if len(text) <= _NAME else f"{text[: _NAME - 1]}…"
