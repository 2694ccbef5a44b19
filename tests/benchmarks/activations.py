"""Activate versions under load: every request must be answered, by a version that was active.

    .venv/bin/python tests/benchmarks/activations.py [--activations N]

Needs a trained model in STANCE_MODELS; versions made of it are activated in turn (200 times), in
a temporary folder, while six clients send batches to a server of two workers. Printed is one JSON
object.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from serving import activate_under_load, running

from stance.registry import Registry, default_folder


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--activations", type=int, default=200)
    args = parser.parse_args()
    model = Registry(default_folder()).load()
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(Path(folder) / "models")
        registry.activate(registry.save(model.artifacts, {"note": "first"}))
        with running(Path(folder), STANCE_MODELS=str(registry.folder)) as server:
            figures = activate_under_load(server, registry, number=args.activations)
            assert server.booted() == 2
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
