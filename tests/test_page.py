"""The page without a browser: what it takes, and what it shows of it."""

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pages import ARTICLE, FORM, large, post, records

from service import create_app
from stance.wording import MEANINGS


def test_an_article_comes_back_marked(client: FlaskClient) -> None:
    """Every statement is marked in place with label, source, probability and evidence."""
    page = post(client, ARTICLE)
    statements = client.post("/articles", json={"text": ARTICLE}).get_json()["statements"]
    assert len(statements) == len(records(page)) == 2
    for number, statement in enumerate(statements, 1):
        assert re.search(rf'<mark class="{statement["stance"]} first" data-of="{number}">', page)
        [note] = re.findall(rf'<a class="note [^>]*id="at-{number}".*?</a>', page)
        assert statement["source"]["speaker"] in note
        assert f"{round(100 * statement['probability'])}%" in note
        assert ("review" in note) is statement["needs_review"]
    assert "<u>" in page
    assert statements[0]["model"] in page


def test_the_first_view_tells_what_it_is(client: FlaskClient) -> None:
    """An empty page has the claim, the meaning of each label, and an example to try."""
    page = client.get("/").text
    assert "North Korea has sent its troops to Russia" in page
    for words in MEANINGS.values():
        assert words in page
    assert 'name="example"' in page


def test_the_example(client: FlaskClient) -> None:
    """The example is read whatever else the form held, and has a statement of every label."""
    page = post(client, "something else", kind="quote", example="1")
    assert {one["article"].rpartition("-")[0] for one in records(page)} == {"example"}
    assert len(records(page)) >= 5
    assert "an invented example" in page
    assert 'value="article" checked' in page


def test_those_without_a_position_stand_apart(client: FlaskClient) -> None:
    """Who takes no position on the claim is not among those who do."""
    rain = "“It rained for a week and the harvest is late,” farmer Jon Dale said."
    page = post(client, f"{ARTICLE}\n{rain}")
    assert {one["stance"] for one in records(page)} > {"unrelated"}
    first, apart = re.split("takes? no position on the claim", page, maxsplit=1)
    assert "<bdi>Ivan Petrov</bdi></th>" in first
    assert "<bdi>Jon Dale</bdi></th>" in apart
    assert "<bdi>Jon Dale</bdi></th>" not in first


def test_without_statements_it_says_so(client: FlaskClient) -> None:
    """An article without statements comes back with a hint."""
    assert "No statement was found" in post(client, "It rained.")


def test_a_quote(client: FlaskClient) -> None:
    """A single quote loses its outer marks, and is answered as POST /predict answers it."""
    page = post(client, "“Ask the Koreans.”", kind="quote", question="Are they in Kursk?")
    body = {"text": "Ask the Koreans.", "question": "Are they in Kursk?"}
    answer = client.post("/predict", json=body).get_json()
    [record] = records(page)
    assert (record["text"], record["stance"]) == (answer["text"], answer["stance"])
    assert f"{round(100 * answer['probability'])}%" in page


def test_line_ends_are_those_of_the_text(client: FlaskClient) -> None:
    """Browsers send CRLF; the offsets are those of the text with single line ends."""
    for record in records(post(client, ARTICLE.replace("\n", "\r\n"))):
        joined = " ".join(ARTICLE[start:end] for start, end in record["spans"])
        assert joined == record["text"]


def test_corrections_are_shown(client: FlaskClient) -> None:
    """What a person corrected is drawn as they said, and is for review no more."""
    [first, _] = records(post(client, ARTICLE))
    made = {first["id"]: {"stance": "evade", "source": {"speaker": "Someone Else"}}}
    page = post(client, ARTICLE, corrections=json.dumps(made))
    [note] = re.findall(r'<a class="note evade" id="at-1".*?</a>', page)
    assert "Someone Else" in note
    assert "corrected" in note
    assert records(page)[0] == first


def test_reading_again_is_not_asking_again(models: Path) -> None:
    """After a correction, or a reload, the statements are not counted and kept once more."""
    app = create_app({"KEEP": 1})
    service, client = app.extensions["stance"], app.test_client()
    counted = []
    for again in ("", "1", ""):
        post(client, ARTICLE, again=again)
        service.keeper.flush()
        counted.append([one.count for one in service.ledger.least_certain(9)])
    assert counted == [[1, 1], [1, 1], [2, 2]]


@pytest.mark.parametrize(
    ("name", "raw", "speaker"),
    [
        ("a.txt", ARTICLE.encode(), "Ivan Petrov"),
        ("a.html", f"<nav>Said</nav><p>{ARTICLE}</p>".encode(), "Ivan Petrov"),
        ("b.txt", b"\xef\xbb\xbf" + ARTICLE.encode(), "Ivan Petrov"),
    ],
    ids=["text", "HTML", "BOM"],
)
def test_files(client: FlaskClient, name: str, raw: bytes, speaker: str) -> None:
    """A text or HTML file is read as if its text had been pasted, under its name."""
    page = post(client, "", file=(io.BytesIO(raw), name))
    assert records(page)[0]["source"]["speaker"] == speaker
    assert records(page)[0]["article"].startswith(f"{name[0]}-")
    assert "&lt;nav" not in page


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ({"text": " \n"}, 400, "there is nothing to read"),
        ({"text": "a\0b"}, 400, "NUL characters"),
        ({"file": (io.BytesIO(b"\xff\xfe\x00a"), "a.txt")}, 400, "not text in UTF-8"),
        ({"text": "a", "corrections": "[" * 9_000}, 400, "corrections"),
        ({"text": "a", "corrections": '{"a": {"stance": "maybe"}}'}, 400, "corrections"),
        ({"text": "a" * 20_001, "kind": "quote"}, 413, "the limit is 20000"),
    ],
    ids=["blank", "NUL", "no UTF-8", "deep", "no label", "long quote"],
)
def test_what_cannot_be_read(
    client: FlaskClient, data: dict[str, Any], status: int, told: str
) -> None:
    """A fault is told in words on a page of the same look."""
    response = client.post("/", data=data, **FORM)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert told in html.unescape(response.text)


def test_a_text_that_is_too_large(client: FlaskClient) -> None:
    """The limit of a body holds for the form too, and is told."""
    response = client.post("/", **large("a" * 1_048_576))
    assert response.status_code == 413
    assert "larger than 1048576 bytes" in response.text


def test_forms_must_tell_their_length(client: FlaskClient) -> None:
    """A body in chunks would be cut at the limit without a word, so it is refused."""
    stream = io.BytesIO(b"text=a")
    kind = "application/x-www-form-urlencoded"
    chunked = {"Transfer-Encoding": "chunked"}
    response = client.post("/", input_stream=stream, content_type=kind, headers=chunked)
    assert response.status_code == 411
    assert client.post("/", data=b"a", content_type="text/plain").status_code == 415


def test_without_a_model(tmp_path: Path) -> None:
    """Where no model can be loaded the page says so, and names no folder."""
    client = create_app({"MODELS": str(tmp_path / "none")}).test_client()
    for path in ("/", "/review", "/about"):
        response = client.get(path)
        assert response.status_code == 503
        assert "the operator must train one" in response.text
        assert str(tmp_path) not in response.text


def test_three_thousand_statements(client: FlaskClient) -> None:
    """A text with thousands of statements is answered whole."""
    one = "“There are no troops number {} at the station,” Ivan Petrov said.\n"
    text = "".join(one.format(n) for n in range(3000))
    response = client.post("/", **large(text))
    assert response.status_code == 200
    page = response.text
    assert len(records(page)) == page.count('<a class="note ') == 3000
