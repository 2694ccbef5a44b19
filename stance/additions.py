"""Taking fresh annotations in: check them, merge duplicates, settle conflicts with earlier ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from stance.corpus import Corpus, CorpusError, Located, words_of
from stance.guide import Finding, check
from stance.records import Annotation, StanceError

Preference = Literal["new", "old"]


class Conflict(NamedTuple):
    """Two annotations of the same words with different labels, the earlier one first."""

    old: Located
    new: Located

    def __str__(self) -> str:
        """Return the conflict as one line that names both places."""
        return (
            f"{self.new.where}: says {self.new.annotation.stance}, {self.old.where} says"
            f" {self.old.annotation.stance}: {self.new.annotation.text[:60]!r}"
        )


class ConflictError(StanceError):
    """Fresh annotations that contradict earlier ones, or each other."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        number = f"{len(conflicts)} fresh annotation" + "s" * (len(conflicts) > 1)
        super().__init__(
            f"{number} contradict{'s' * (len(conflicts) == 1)} an earlier one, the first is"
            f" {conflicts[0]}; settle it with --prefer new or --prefer old"
        )
        self.conflicts = tuple(conflicts)


@dataclass(frozen=True, slots=True)
class Additions:
    """What is trained on beside the corpus.

    `annotations` is all of it, what was added earlier too; `fresh` counts those that are new or
    were relabelled, `duplicates` the fresh ones that were there before. `warnings` are of the
    fresh ones, `conflicts` were settled by the preference.
    """

    annotations: tuple[Annotation, ...] = ()
    fresh: int = 0
    duplicates: int = 0
    warnings: tuple[Finding, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def take_in(
    corpus: Corpus,
    earlier: Iterable[Located],
    fresh: Sequence[Located],
    *,
    prefer: Preference | None = None,
) -> Additions:
    """Join what was added earlier with what is fresh.

    Raise CorpusError for annotations that break the guide's rules, ConflictError for those that
    contradict an earlier one (of the corpus, of what was added, or a fresh one above it) where no
    preference settles it: `new` trains on the later label, `old` on the earlier one.
    """
    findings = [finding for one in fresh for finding in check(one)]
    if errors := [str(finding) for finding in findings if finding.error]:
        raise CorpusError(errors)
    added = {words_of(one.annotation): one for one in earlier}
    known = {words_of(one.annotation): one for one in corpus.located()} | added
    conflicts: list[Conflict] = []
    taken, duplicates = 0, 0
    for one in fresh:
        words = words_of(one.annotation)
        old = known.get(words)
        if old is not None and old.annotation.stance == one.annotation.stance:
            duplicates += 1
            continue
        if old is not None:
            conflicts.append(Conflict(old, one))
            if prefer == "old":
                continue
        known[words] = added[words] = one
        taken += 1
    if conflicts and prefer is None:
        raise ConflictError(conflicts)
    return Additions(
        annotations=tuple(one.annotation for one in added.values()),
        fresh=taken,
        duplicates=duplicates,
        warnings=tuple(findings),
        conflicts=tuple(conflicts),
    )
