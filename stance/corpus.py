"""Annotations on disk: read, check, merge, and tell which belong together."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from stance import jsonl
from stance.jsonl import FileFault
from stance.records import Annotation, Article, Claim, RecordError, StanceError, Statement, parse

_STRAIGHT = str.maketrans("“”„«»‘’‚", '"""""\'\'\'')


class CorpusError(StanceError):
    """Annotations that cannot be used; `faults` holds a line for each, with file and line."""

    def __init__(self, faults: Sequence[str]) -> None:
        more = f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else ""
        super().__init__(faults[0] + more)
        self.faults = tuple(faults)


class Located(NamedTuple):
    """An annotation, the `file:line` it stands in, and the keys there that no record has."""

    where: str
    annotation: Annotation
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """A claim and the annotations that tell how statements stand to it.

    `places` tells where each annotation was read, as `file:line`; it is empty for what was made
    in memory.
    """

    claim: Claim
    annotations: tuple[Annotation, ...]
    places: tuple[str, ...] = ()

    def located(self) -> list[Located]:
        """Return the annotations with their places, or their numbers where they have none."""
        places = self.places or [f"corpus:{n}" for n in range(1, len(self.annotations) + 1)]
        return [Located(*pair) for pair in zip(places, self.annotations, strict=True)]


def shipped_data() -> Path:
    """Return the folder of the training data that came with the package."""
    package = Path(__file__).parent
    inside = package / "training_data"
    return inside if inside.is_dir() else package.parent / "training_data"


def article_folders(data: Path) -> tuple[Path, ...]:
    """Return where the annotated articles of a data folder may lie, the nearest first."""
    return data / "articles", data / "seeds", data.parent / "seeds"


def load_corpus(data: Path) -> Corpus:
    """Read `claim.json` and every `*.jsonl` of a folder; raise CorpusError naming each fault."""
    files = sorted(data.glob("*.jsonl"))
    if not files:
        raise CorpusError([f"{data}: holds no annotations (*.jsonl)"])
    found = read_located([str(file) for file in files], articles=article_folders(data))
    return corpus_of(read_claim(data / "claim.json"), found)


def corpus_of(claim: Claim, found: Sequence[Located]) -> Corpus:
    """Return a corpus of what was read."""
    return Corpus(claim, tuple(one.annotation for one in found), tuple(one.where for one in found))


def read_claim(path: Path) -> Claim:
    """Read the claim of a data folder: its id, its words, what each label means."""
    try:
        return parse(Claim, json.loads(jsonl.decode(jsonl.read_bytes(str(path)), str(path))))
    except (json.JSONDecodeError, RecordError) as error:
        raise CorpusError([f"{path}: {error}"]) from None
    except FileFault as fault:
        raise CorpusError([str(fault)]) from None


def read_annotations(paths: Iterable[str], *, articles: Sequence[Path] = ()) -> list[Annotation]:
    """Read annotations from JSON-lines files; see `read_located`."""
    return [one.annotation for one in read_located(paths, articles=articles)]


def read_located(paths: Iterable[str], *, articles: Sequence[Path] = ()) -> list[Located]:
    """Read annotations from JSON-lines files; raise CorpusError with every fault in them.

    `articles` are the folders whose `ARTICLE.txt` the spans are checked against; seed annotations
    must have their article in one. Without folders nothing is checked against an article.
    """
    faults: list[str] = []
    found: list[Located] = []
    first_use: dict[str, str] = {}
    checker = _ArticleChecker(articles)

    def note(fault: FileFault) -> None:
        faults.append(str(fault))

    for path in paths:
        try:
            for line in jsonl.read_lines(jsonl.read_bytes(path), path, on_fault=note):
                try:
                    one = _located(line)
                    _check_id(one.annotation, line.where, first_use)
                    checker.check(one.annotation)
                except RecordError as error:
                    faults.append(f"{line.where}: {error}")
                else:
                    found.append(one)
        except FileFault as fault:
            faults.append(str(fault))
    if faults:
        raise CorpusError(faults)
    return found


def parse_annotations(raw: bytes, path: str) -> list[Located]:
    """Return the annotations of JSON lines that were read already; raise CorpusError for faults."""
    try:
        return [_located(line) for line in jsonl.read_lines(raw, path)]
    except (FileFault, RecordError) as error:
        raise CorpusError([f"{path}: {error}"]) from None


def annotated_articles(annotations: Iterable[Annotation], folders: Sequence[Path]) -> list[Article]:
    """Return the articles that annotations are of, as far as the folders hold them."""
    texts = _ArticleChecker(folders)
    names = dict.fromkeys(one.article for one in annotations if one.article)
    found = ((name, texts.text(name)) for name in names)
    return [Article(name, text) for name, text in found if text]


def merge(earlier: Iterable[Annotation], fresh: Iterable[Annotation]) -> list[Annotation]:
    """Join two sets of annotations; a fresh one takes the place of one of the same words."""
    by_words = {words_of(annotation): annotation for annotation in earlier}
    by_words.update((words_of(annotation), annotation) for annotation in fresh)
    return list(by_words.values())


def words_of(statement: Statement) -> tuple[str, str, str]:
    """Return what the stance of a statement hangs on: its text, question and context.

    Spacing, case, the shape of quotation marks and marks at the ends tell no two apart.
    """
    return (
        plain(statement.text),
        plain(statement.question or ""),
        plain(statement.context or ""),
    )


def plain(text: str) -> str:
    """Return a text in lower case, single spaces, straight marks, and none at its ends."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_STRAIGHT)
    # A text of marks only is kept: it must not be the same as no text.
    return " ".join(folded.split()).strip(" \"'.,;:") or " ".join(text.split())


def group_of(annotation: Annotation) -> str:
    """Return the name of what must stay on one side of a split: scene, article, or itself."""
    return annotation.group or annotation.article or annotation.id or annotation.text


def _located(line: jsonl.Line) -> Located:
    unknown = tuple(key for key in line.value if key not in Annotation.__dataclass_fields__)
    return Located(line.where, parse(Annotation, line.value), unknown)


def _check_id(annotation: Annotation, where: str, first_use: dict[str, str]) -> None:
    if annotation.id is None:
        return
    if annotation.id in first_use:
        raise RecordError(f"{annotation.id!r} is taken by {first_use[annotation.id]}", "/id")
    first_use[annotation.id] = where


class _ArticleChecker:
    """Holds annotations against the articles they were made on."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._texts: dict[str, str | None] = {}

    def check(self, annotation: Annotation) -> None:
        """Raise RecordError where a span, cue or mention is not in the article as it says."""
        text = self.text(annotation.article) if annotation.article else None
        if text is None:
            if annotation.origin == "seed" and self._folders:
                looked_in = ", ".join(str(folder) for folder in self._folders)
                raise RecordError(f"{annotation.article!r} is not in {looked_in}", "/article")
            return
        for number, (start, end) in enumerate(annotation.spans):
            if not 0 <= start < end <= len(text):
                raise RecordError(
                    f"[{start}, {end}] is not in the article (0 to {len(text)})",
                    f"/spans/{number}",
                )
        joined = " ".join(text[start:end] for start, end in annotation.spans)
        if annotation.spans and joined != annotation.text:
            raise RecordError(f"is not what its spans hold: {joined[:60]!r}", "/text")
        source = annotation.source
        pieces = {"/cue": annotation.cue, "/source/mention": source and source.mention}
        for pointer, piece in pieces.items():
            if piece and text[piece.start : piece.end] != piece.text:
                raise RecordError(f"{piece.text!r} is not at {piece.start}", pointer)

    def text(self, article: str) -> str | None:
        """Return the text of an article; None where no folder holds it."""
        if article not in self._texts:
            self._texts[article] = self._read(article)
        return self._texts[article]

    def _read(self, article: str) -> str | None:
        # An id is no path: only a plain file name may be looked up.
        if Path(article).name != article:
            return None
        for path in (folder / f"{article}.txt" for folder in self._folders):
            if path.is_file():
                return jsonl.decode(jsonl.read_bytes(str(path)), str(path))
        return None
