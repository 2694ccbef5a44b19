#!/usr/bin/env python3
"""Measure how often the right source is named: attribution.py [--write] [GOLD.jsonl ...]

Without files, on the annotated articles that ship with the package: the authored ones by five-fold
cross-validation, the seeds each by a ranker that has not seen it. A file holds a line an article:
{"id", "text", "statements": [{"kind", "spans", "source_spans"}]}; the shipped ranker answers then.
`--write` fits the shipped ranker anew and writes `stance/lexicon/ranker.txt`.
"""

import argparse
import collections
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import stance.lexicon
from stance.attribution import extract
from stance.corpus import annotated_articles, article_folders, load_corpus, shipped_data
from stance.ranking import SourceRanker, as_text, examples, fitted, matched
from stance.records import Annotation, Article, Quoted, Source, Span, Stance, Statement

FOLDS = 5
HEADER = """\
# What each feature of a candidate source adds to its log odds; see stance/ranking.py.
# Written by: tests/benchmarks/attribution.py --write
"""


def main() -> None:
    """Print the figures, or write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", metavar="GOLD.jsonl", nargs="*")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if arguments.files:
        for file in arguments.files:
            _report(file, _scored(_gold(file), None))
    else:
        _own(write=arguments.write)


def _own(*, write: bool) -> None:
    """Measure on the shipped articles, or fit the shipped ranker to them."""
    annotations = load_corpus(shipped_data()).annotations
    articles = annotated_articles(annotations, article_folders(shipped_data()))
    started = time.perf_counter()
    learnt = examples(articles, annotations)
    whole = fitted(learnt)
    print(f"fitted to {len(learnt)} statements in {time.perf_counter() - started:.1f} s")
    if write:
        path = Path(stance.lexicon.__file__).with_name("ranker.txt")
        path.write_text(HEADER + as_text(whole), "utf-8")
        return
    told: dict[str, list[Annotation]] = collections.defaultdict(list)
    for annotation in annotations:
        told[annotation.article or ""].append(annotation)
    seeds = {one.article for one in annotations if one.origin == "seed"}
    authored = [one for one in articles if one.id not in seeds]
    groups = {
        "authored": [authored[k::FOLDS] for k in range(FOLDS)],
        "seeds": [[one] for one in articles if one.id in seeds],
    }
    for name, folds in groups.items():
        counts: collections.Counter[str] = collections.Counter()
        for fold in folds:
            held_out = {one.id for one in fold}
            ranker = fitted([one for one in learnt if one.article not in held_out])
            counts += _scored(((one, told[one.id]) for one in fold), ranker)
        _report(name, counts)


def _gold(file: str) -> Iterator[tuple[Article, Sequence[Annotation]]]:
    """Yield the articles of a file with their statements as annotations without a stance."""
    for line in Path(file).read_text("utf-8").splitlines():
        value = json.loads(line)
        text = value["text"]
        yield (
            Article(value["id"], text),
            [_annotation(text, statement) for statement in value["statements"]],
        )


def _annotation(text: str, statement: Mapping[str, list[list[int]]]) -> Annotation:
    spans = tuple(Span(*span) for span in statement["spans"])
    named = statement["source_spans"]
    mention = Quoted.cut(text, named[0][0], named[-1][1]) if named else None
    return Annotation(
        text=" ".join(text[start:end] for start, end in spans),
        spans=spans,
        kind=statement["kind"],  # type: ignore[arg-type]
        source=mention and Source(mention=mention),
        stance=Stance.UNRELATED,
    )


def _scored(
    gold: Iterable[tuple[Article, Sequence[Annotation]]], ranker: SourceRanker | None
) -> "collections.Counter[str]":
    """Count the statements found, and what of their sources is right."""
    counts: collections.Counter[str] = collections.Counter()
    for article, told in gold:
        found = extract(article, ranker)
        counts["annotated"] += len(told)
        counts["found"] += len(found)
        for number, annotation in matched(told, [one.spans for one in found]):
            counts["matched"] += 1
            _compare(counts, annotation, found[number])
    return counts


def _compare(
    counts: "collections.Counter[str]", annotation: Annotation, statement: Statement
) -> None:
    wanted, given = annotation.source, statement.source
    if wanted is None:
        return
    right = {}
    if wanted.mention is not None:
        mention = given and given.mention
        right["mention"] = mention is not None and (
            mention.start < wanted.mention.end and wanted.mention.start < mention.end
        )
        right[f"mention, {annotation.kind}"] = right["mention"]
    for part in ("speaker", "affiliation", "role"):
        if wanted.speaker is not None:
            right[part] = _plain(getattr(wanted, part)) == _plain(given and getattr(given, part))
    for name, is_right in right.items():
        counts[f"{name} told"] += 1
        counts[f"{name} right"] += is_right


def _plain(name: str | None) -> str:
    """Return a name without case, hyphens and article, which do not make another source."""
    words = (name or "").lower().replace("’", "'").replace("-", " ").split()
    return " ".join(words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words)


def _report(name: str, counts: "collections.Counter[str]") -> None:
    recall = counts["matched"] / max(1, counts["annotated"])
    print(f"{name}: {counts['annotated']} statements, {recall:.3f} of them found; right of these:")
    for key in [key.removesuffix(" told") for key in counts if key.endswith(" told")]:
        told = counts[f"{key} told"]
        print(f"  {key:20}{counts[f'{key} right'] / told:.3f}  (n {told})")


if __name__ == "__main__":
    main()
