"""Measure how fast statements are extracted, beside nltk's tokenizers alone on the same texts.

Run it with a file of articles, JSON lines with `text`: `extraction.py ARTICLES.jsonl`.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nltk.tokenize.destructive import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer

from stance.attribution import extract
from stance.records import Article

_ROUNDS = 7
_SENTENCES = PunktSentenceTokenizer()
_WORDS = NLTKWordTokenizer()


def read_texts(path: Path) -> list[str]:
    """Return the texts of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        return [str(json.loads(line)["text"]) for line in lines if line.strip()]


def tokenize(text: str) -> None:
    """Split a text into sentences and words with nltk and nothing else."""
    for sentence in _SENTENCES.tokenize(text):
        _WORDS.tokenize(sentence)


def seconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return the processor time that the work takes on all texts, in seconds."""
    start = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - start


def main(argv: list[str] | None = None) -> int:
    """Print articles a second, characters a second, and the ratio to nltk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, help="JSON lines with `text`")
    texts = read_texts(parser.parse_args(argv).articles)
    # Taken in turn, so that a busy machine slows both, and the best of each.
    rounds = [
        (seconds(lambda text: extract(Article("a", text)), texts), seconds(tokenize, texts))
        for _ in range(_ROUNDS)
    ]
    ours, theirs = (min(times) for times in zip(*rounds, strict=True))
    characters = sum(map(len, texts))
    print(f"{len(texts)} articles, {characters:,} characters, one core, best of {_ROUNDS}")
    for name, taken in (("extraction", ours), ("nltk alone", theirs)):
        print(
            f"{name}  {len(texts) / taken:,.0f} articles/s  {characters / taken:,.0f} characters/s"
        )
    print(f"ratio       {ours / theirs:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
