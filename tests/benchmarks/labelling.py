"""Compare labelling with evidence to the textbook pipeline, and test that the evidence matters.

    .venv/bin/python tests/benchmarks/labelling.py [FILE]

The textbook pipeline is TF-IDF of words 1-2 and characters 2-5 (`char_wb`) with logistic
regression, trained on the same annotations. Times are of the processor, the best of five rounds
that take turns. FILE holds labelled statements (JSON lines), by default the seeds, for which the
model is trained without them; the strongest evidence is deleted from each.
"""

import argparse
import dataclasses
import time
import warnings
from collections.abc import Callable, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from stance.classifier import StanceClassifier
from stance.corpus import load_corpus, read_annotations, shipped_data
from stance.labelling import label
from stance.records import Evidence, Statement
from stance.registry import Model
from stance.training import fit

_ROUNDS = 5
_ALONE = 200


def seconds(run: Callable[[], object]) -> float:
    """Return the processor time of a run."""
    started = time.process_time()
    run()
    return time.process_time() - started


def compare(name: str, ours: Callable[[], object], theirs: Callable[[], object], n: int) -> None:
    """Print how long both take on `n` statements, and the ratio."""
    rounds = [(seconds(ours), seconds(theirs)) for _ in range(_ROUNDS)]
    mine, others = (min(times) for times in zip(*rounds, strict=True))
    print(
        f"{name:<32}{mine / n * 1e6:>9.0f}{others / n * 1e6:>11.0f}{others / mine:>8.1f}",
        flush=True,
    )


def speed(model: Model, statements: Sequence[Statement], labels: Sequence[str]) -> None:
    """Print the table of times."""
    bare = [Statement(text=s.text) for s in statements]
    whole = [Statement(text=s.text, question=s.question, context=s.context) for s in statements]
    print(f"{'microseconds a statement':<32}{'stance':>9}{'textbook':>11}{'ratio':>8}")
    for name, mine in (("text alone", bare), ("text, question, context", whole)):
        texts = [" ".join(filter(None, (s.text, s.question, s.context))) for s in mine]
        textbook = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2)),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)),
            ),
            LogisticRegression(max_iter=30),
        ).fit(texts, labels)
        batch, read = mine[:2000], texts[:2000]
        compare(
            f"{name}, in batches",
            lambda batch=batch: label(model, batch),
            lambda read=read, textbook=textbook: textbook.predict_proba(read),
            len(batch),
        )
        compare(
            f"{name}, one by one",
            lambda batch=batch: [label(model, [one]) for one in batch[:_ALONE]],
            lambda read=read, textbook=textbook: [
                textbook.predict_proba([one]) for one in read[:_ALONE]
            ],
            _ALONE,
        )


def without(statement: Statement, piece: Evidence) -> Statement:
    """Return a statement with a span deleted, in its context as well."""
    text = " ".join((statement.text[: piece.start] + statement.text[piece.end :]).split())
    context = statement.context and statement.context.replace(statement.text, text)
    return dataclasses.replace(statement, text=text or "-", context=context)


def evidence(classifier: StanceClassifier, statements: Sequence[Statement]) -> None:
    """Print how often there is evidence, and how often deleting the strongest lowers the label."""
    assessed = classifier.assess(statements)
    best = assessed.probabilities.argmax(axis=1)
    taking_sides = [i for i, b in enumerate(best) if classifier.classes_[b] != "unrelated"]
    shown = [i for i, own in enumerate(assessed.evidence) if any(e.weight > 0 for e in own)]
    shorter = [
        without(statements[i], max(assessed.evidence[i], key=lambda piece: piece.weight))
        for i in shown
    ]
    after = classifier.predict_proba(shorter)
    lower = sum(
        after[row, best[i]] < assessed.probabilities[i, best[i]] for row, i in enumerate(shown)
    )
    with_side = set(shown) & set(taking_sides)
    print(f"\nstatements {len(statements)}, {len(taking_sides)} of them labelled as taking sides")
    print(f"with evidence for the label: {len(shown)}, {len(with_side)} of those taking sides")
    print(f"deleting the strongest lowers the probability: {lower / max(1, len(shown)):.3f}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", help="labelled statements (JSON lines)")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    annotations = load_corpus(shipped_data()).annotations
    if arguments.file:
        asked = read_annotations([arguments.file])
    else:
        asked = [a for a in annotations if a.origin == "seed"]
        annotations = tuple(a for a in annotations if a.origin != "seed")
    classifier = fit(StanceClassifier(), annotations)
    evidence(classifier, asked)
    model = Model("benchmark", {}, {"classifier": classifier})
    speed(model, annotations[::5], [str(a.stance) for a in annotations[::5]])


if __name__ == "__main__":
    main()
