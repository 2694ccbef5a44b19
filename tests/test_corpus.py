"""Annotations on disk: every fault with its file and line, merging, groups."""

import json
from pathlib import Path
from typing import Any

import pytest

from stance.corpus import (
    CorpusError,
    group_of,
    load_corpus,
    merge,
    read_annotations,
    shipped_data,
)
from stance.records import Annotation, Stance

ARTICLE = "Kim said “no comment” and left."
GOOD: dict[str, Any] = {
    "id": "a#1",
    "article": "a",
    "text": "no comment",
    "spans": [[10, 20]],
    "cue": {"text": "said", "start": 4, "end": 8},
    "source": {"speaker": "Kim", "mention": {"text": "Kim", "start": 0, "end": 3}},
    "stance": "evade",
    "origin": "seed",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one article."""
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    return tmp_path


def write(folder: Path, *lines: bytes | dict[str, Any]) -> str:
    """Write lines to a file of annotations and return its path."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path = folder / "x.jsonl"
    path.write_bytes(b"\n".join(raw) + b"\n")
    return str(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({**GOOD, "stance": "support"}, "/stance: Input should be 'confirm'"),
        ({**GOOD, "spans": [[10, 99]]}, r"/spans/0: \[10, 99\] is not in the article \(0 to 31\)"),
        ({**GOOD, "spans": [[20, 10]]}, r"/spans/0: \[20, 10\] is not in the article"),
        ({**GOOD, "spans": [[10, 19]]}, "/text: is not what its spans hold: 'no commen'"),
        ({**GOOD, "cue": {"text": "said", "start": 5, "end": 9}}, "/cue: 'said' is not at 5"),
        (
            {**GOOD, "source": {"mention": {"text": "Kim", "start": 1, "end": 4}}},
            "/source/mention: 'Kim' is not at 1",
        ),
        ({**GOOD, "article": "b"}, "/article: 'b' is not in"),
        ({**GOOD, "article": "../a"}, "/article: '../a' is not in"),
        ({**GOOD, "article": None}, "/article: None is not in"),
        (b'{"text": "\xe9"}', "is not UTF-8"),
        (b"[]", "is no JSON object"),
        (b"no comment", "is no JSON"),
    ],
)
def test_faults_name_file_and_line(folder: Path, line: Any, message: str) -> None:
    """Each kind of fault is told with the file and the line it stands in."""
    path = write(folder, {**GOOD, "id": "a#0"}, line)
    with pytest.raises(CorpusError, match=f"x.jsonl:2: {message}"):
        read_annotations([path], articles=[folder])


def test_an_id_can_be_used_once(folder: Path) -> None:
    """The second use of an id names the first."""
    with pytest.raises(CorpusError, match=r"x.jsonl:2: /id: 'a#1' is taken by .*x.jsonl:1"):
        read_annotations([write(folder, GOOD, GOOD)], articles=[folder])


def test_all_faults_are_told(folder: Path) -> None:
    """One reading finds every fault, and counts them in the message."""
    path = write(folder, b"x", {**GOOD, "stance": 1}, GOOD, b"y")
    with pytest.raises(CorpusError, match="and 2 more faults") as caught:
        read_annotations([path, str(folder / "none.jsonl")][:1], articles=[folder])
    assert [fault.split(": ")[0][-2:] for fault in caught.value.faults] == [":1", ":2", ":4"]


def test_good_annotations_are_read(folder: Path) -> None:
    """A faultless line becomes an annotation; without folders spans are taken on trust."""
    path = write(folder, GOOD)
    [annotation] = read_annotations([path], articles=[folder])
    assert annotation.stance is Stance.EVADE
    assert read_annotations([path]) == [annotation]


def test_a_missing_claim_is_told(folder: Path) -> None:
    """A data folder without its claim is refused."""
    write(folder, {"text": "x", "stance": "deny"})
    with pytest.raises(CorpusError, match=r"claim.json: there is no such file"):
        load_corpus(folder)


def test_a_folder_without_annotations_is_told(tmp_path: Path) -> None:
    """An empty data folder is refused."""
    with pytest.raises(CorpusError, match="holds no annotations"):
        load_corpus(tmp_path)


def test_merge_lets_the_fresh_one_win() -> None:
    """Of two annotations of the same words the fresh one stays, in the earlier one's place."""
    old = [
        Annotation(text="a  b", stance=Stance.DENY),
        Annotation(text="c", stance=Stance.DENY),
    ]
    new = Annotation(text="a b", stance=Stance.EVADE)
    asked = Annotation(text="c", question="q", stance=Stance.CONFIRM)
    assert merge(old, [new, asked]) == [new, old[1], asked]


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"group": "g", "article": "a", "id": "i"}, "g"),
        ({"article": "a", "id": "i"}, "a"),
        ({"id": "i"}, "i"),
        ({}, "t"),
    ],
)
def test_group(fields: dict[str, str], group: str) -> None:
    """What belongs together is told by the scene, else the article, else nothing."""
    assert group_of(Annotation(text="t", stance=Stance.DENY, **fields)) == group


def test_the_shipped_corpus_is_faultless() -> None:
    """The annotations that travel with the package hold against their articles."""
    corpus = load_corpus(shipped_data())
    assert corpus.claim.id == "dprk-troops-russia"
    assert {a.origin for a in corpus.annotations} == {"seed", "authored"}
    assert len({a.article for a in corpus.annotations if a.origin == "seed"}) == 5
