"""The page about the model."""

from pathlib import Path

from flask.testing import FlaskClient

from stance.records import LABELS
from stance.registry import Registry


def test_the_card(client: FlaskClient, models: Path) -> None:
    """The page about the model tells its version, scores and thresholds; /model stays JSON."""
    page = client.get("/about").text
    manifest = Registry(models).manifest(Registry(models).active_version())
    scores = manifest["scores"]["grouped_cross_validation"]
    assert manifest["version"] in page
    assert f"{scores['macro_f1']:.3f}" in page
    for row in scores["confusion"]:
        for count in row:
            assert f"<span>{count}</span>" in page
    bins = manifest["scores"]["reliability"]
    assert page.count('<circle class="point"') == len(bins)
    for one in bins:
        assert f'{100 * one["right"]:.1f}%</td><td class="number">{one["count"]}</td>' in page
    assert client.get("/model").is_json


def test_a_threshold_that_nothing_reaches(client: FlaskClient, models: Path) -> None:
    """A label of which all is for review has no figure above one."""
    registry = Registry(models)
    manifest = registry.manifest(registry.active_version())
    told = {"scores": manifest["scores"], "thresholds": dict.fromkeys(LABELS, 1.01)}
    registry.activate(registry.save(registry.load().artifacts, told))
    page = client.get("/about").text
    assert page.count('<td class="number">never</td>') == len(LABELS)
    assert "1.010" not in page


def test_a_card_without_scores(client: FlaskClient, models: Path) -> None:
    """A version that tells little of itself has a page all the same."""
    registry = Registry(models)
    registry.activate(registry.save(registry.load().artifacts, {}))
    response = client.get("/about")
    assert response.status_code == 200
    assert "Reliability" not in response.text
