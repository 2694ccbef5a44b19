"""Measure the page's time on the server, as a ratio to POST /articles on the same text.

    .venv/bin/python tests/benchmarks/page.py [WORDS]

The text is the seed articles, over and over, to so many words (10,000). The two are asked in turn
and the medians compared, so that what else the machine does meets both. The ratio should be at
most 1.5; the active model of STANCE_MODELS answers.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from service import create_app

_TURNS = 15
_SEEDS = Path(__file__).parents[2] / "seeds"


def text_of(words: int) -> str:
    """Return an article of at least so many words."""
    paragraphs = [
        line
        for path in sorted(_SEEDS.glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
    ]
    taken: list[str] = []
    count = 0
    while count < words:
        line = paragraphs[len(taken) % len(paragraphs)]
        taken.append(line)
        count += len(line.split())
    return "\n".join(taken)


def milliseconds(client: FlaskClient, path: str, **request: object) -> tuple[float, bytes]:
    """Return how long an answer took, and the answer."""
    started = time.perf_counter()
    response = client.post(path, **request)
    seconds = time.perf_counter() - started
    assert response.status_code == 200, response.text
    return 1000 * seconds, response.data


def main() -> None:
    """Print one JSON object."""
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    text = text_of(words)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/annotations.sqlite3"
        client = create_app({"DATABASE": database}).test_client()
        asked = {
            "/articles": {"json": {"text": text}},
            "/": {"data": {"text": text}, "content_type": "multipart/form-data"},
        }
        times: dict[str, list[float]] = {path: [] for path in asked}
        sizes = {}
        for turn in range(_TURNS + 1):
            for path, request in asked.items():
                taken, answer = milliseconds(client, path, **request)
                sizes[path] = len(answer)
                if turn:
                    times[path].append(taken)
    articles, page = (statistics.median(times[path]) for path in ("/articles", "/"))
    figures = {
        "words": len(text.split()),
        "articles_ms": round(articles, 1),
        "page_ms": round(page, 1),
        "ratio": round(page / articles, 2),
        "page_bytes": sizes["/"],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
