"""The way through the house: imports run one way, and the top level holds what it should."""

import ast
from pathlib import Path

import pytest
from conftest import ROOT

# A module may import those of the layers above its own line, and its neighbours where told so.
LAYERS = [
    {"stance", "stance.lexicon"},
    {"stance.records"},
    {"stance.text", "stance.jsonl", "stance.calibration", "stance.evaluation"},
    {"stance.articles", "stance.concepts", "stance.corpus", "stance.database"},
    {"stance.ledger"},
    {"stance.features", "stance.evidence", "stance.encoder"},
    {"stance.classifier"},
    {"stance.marks", "stance.markup", "stance.verbs", "stance.places"},
    {"stance.grammar", "stance.prose"},
    {"stance.cues"},
    {"stance.phrases"},
    {"stance.clauses"},
    {"stance.complements", "stance.nouns"},
    {"stance.acts", "stance.insertions", "stance.silences"},
    {"stance.raising", "stance.standpoints"},
    {"stance.reports"},
    {"stance.quotation"},
    {"stance.descriptions"},
    {"stance.actors"},
    {"stance.cast", "stance.mentions"},
    {"stance.affiliations", "stance.institutions", "stance.exchanges"},
    {"stance.pronouns"},
    {"stance.resolution"},
    {"stance.candidates"},
    {"stance.ranking"},
    {"stance.attribution"},
    {"stance.storage", "stance.artifacts", "stance.guide", "stance.gate"},
    {"stance.registry", "stance.additions"},
    {"stance.lineage", "stance.labelling"},
    {"stance.training", "stance.differences"},
    {"stance.published", "stance.extras"},
    {"stance.gathering", "stance.aliases", "stance.repeats"},
    {"stance.positions"},
    {"stance.wording"},
    {"stance.summary"},
    {"stance.pages"},
    {"stance.report", "stance.tables", "stance.pictures"},
    {"stance.trials"},
    {"stance.training_report"},
    {"service"},
    {"stance.commands", "stance.commands.console", "stance.commands.progress"},
    {
        "stance.commands.annotations",
        "stance.commands.learning",
        "stance.commands.models",
        "stance.commands.reporting",
    },
    {"stance.cli"},
]
PACKAGES = ("stance", "service")


def modules() -> list[Path]:
    """Return the source files of the packages."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a file's module name; the service counts as one module."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return "service" if name.startswith("service") else name


def imports_of(path: Path) -> set[str]:
    """Return the project's modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    known = {name_of(module) for module in modules()}
    return {"service" if name.startswith("service") else name for name in found} & known


def layer_of(module: str) -> int:
    """Return the number of the layer that holds a module."""
    [number] = [n for n, layer in enumerate(LAYERS) if module in layer]
    return number


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    """No module imports one of a later layer; the service is imported by the command line only."""
    here = name_of(path)
    for module in imports_of(path) - {here, "stance"}:
        assert layer_of(module) <= layer_of(here), f"{here} imports {module}"


def test_top_level() -> None:
    """The top level holds what the design names, and what packaging and licence need."""
    wanted = {"stance", "service", "training_data", "seeds", "tests"}
    wanted |= {"setup.cfg", "README.md", "pyproject.toml", "LICENSE"}
    made = {"build", "dist"}
    seen = {p.name for p in ROOT.iterdir() if p.name[0] != "." and p.suffix != ".egg-info"}
    assert seen - made == wanted
