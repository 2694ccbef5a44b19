"""Requests that schemathesis makes from the service's own document, right ones and wrong ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.engine import events, from_schema

from service import create_app

LIMITS = {"MAX_TEXT": 200, "MAX_STATEMENTS": 5}
GUARDED = {"PROTECT": "all", "API_KEY": "the-key"}


def told(app: Any) -> Any:
    """Return the document of an application, to be examined the same way every time."""
    document = schemathesis.openapi.from_wsgi(
        "/openapi.json", app, headers={"X-API-Key": GUARDED["API_KEY"]}
    )
    config = document.config
    config.seed = 1
    config.continue_on_failure = True
    config.generation.deterministic = True
    config.generation.max_examples = 20
    # What has too many items is refused, though not as the library expects by itself.
    config.checks.negative_data_rejection.expected_statuses.append("413")
    # Without a server in between this check of the library fails at an argument of its own.
    config.checks.ignored_auth.enabled = False
    return document


def examined(document: Any) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each operation examined, how often it was asked, and what was wrong with answers."""
    # The engine is asked directly: the library's plugin needs a pytest older than ours.
    for event in from_schema(document).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            recorder = event.recorder
            failures = [
                f"{check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                for checks in recorder.checks.values()
                for check in checks
                if check.failure_info
            ]
            yield recorder.label, len(recorder.cases), failures


@pytest.mark.parametrize(
    ("settings", "phases", "least"),
    [({}, ["coverage", "fuzzing"], 500), (GUARDED, ["fuzzing"], 50)],
    ids=["open", "without the key"],
)
def test_every_answer_is_as_told(
    models: Path, settings: dict[str, str], phases: list[str], least: int
) -> None:
    """No 5xx; what the document allows is taken and nothing else; answers are as it tells."""
    document = told(create_app({**LIMITS, **settings}))
    document.config.phases.update(phases=phases)
    found = list(examined(document))
    assert [failure for *_, failures in found for failure in failures] == []
    # The document is not asked for itself.
    paths = {
        path: item for path, item in document.raw_schema["paths"].items() if ".json" not in path
    }
    routes = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert {label for label, asked, _ in found if asked} == routes
    assert sum(asked for _, asked, _ in found) >= least


def test_an_untrue_answer_is_found(models: Path) -> None:
    """An answer that is not as told is told of: what the other tests rely on."""
    app = create_app(LIMITS)
    app.view_functions["routes.health"] = lambda: ({"status": "well"}, 200)
    document = told(app).include(path="/health")
    document.config.phases.update(phases=["fuzzing"])
    [(label, _, failures)] = examined(document)
    assert label == "GET /health"
    assert failures
    assert "response_schema_conformance" in failures[0]
