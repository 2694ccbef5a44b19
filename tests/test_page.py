"""The page without a browser: what it shows, what it takes, what hostile text does to it."""

import base64
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import create_app
from service.highlight import Shown, article, safe
from service.markup import text_of
from service.queue import in_order
from stance.labelling import label
from stance.ledger import Kept, Ledger
from stance.records import Evidence, Prediction, Span, Stance, Statement
from stance.registry import Model, Registry

ARTICLE = (
    "“There are no troops in Kursk,” Russian spokesman Ivan Petrov said.\n"
    "Mayor Olga Lind said that soldiers from the North were seen at the station. It rained."
)
FORM = {"content_type": "multipart/form-data"}


def large(text: str) -> dict[str, Any]:
    """Return a form with a large text, as bytes: the test client would leave a file open."""
    head = '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
    body = f"{head}{text}\r\n--b--\r\n".encode()
    return {"data": body, "content_type": "multipart/form-data; boundary=b"}


def post(client: FlaskClient, text: str, **fields: Any) -> str:
    """Send the form; return the page that comes back."""
    response = client.post("/", data={"text": text, "kind": "article", **fields}, **FORM)
    assert response.status_code == 200
    return response.text


def shown(
    number: int, text: str, spans: list[tuple[int, int]], evidence: list[tuple[int, int]]
) -> Shown:
    """Return a statement of a text as the page has it."""
    said = " ".join(text[start:end] for start, end in spans)
    prediction = Prediction(
        text=said,
        spans=tuple(Span(*span) for span in spans),
        stance=Stance.DENY,
        probability=0.9,
        probabilities={},
        needs_review=False,
        evidence=tuple(Evidence(said[s:e], s, e, 1.0) for s, e in evidence),
        model="m",
    )
    return Shown(number, prediction, prediction.spans)


def plain(markup: str) -> str:
    """Return the text of marked paragraphs without the notes."""
    markup = re.sub(r"<a class=.*?</a>", "", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def records(page: str) -> list[dict[str, Any]]:
    """Return what the scripts are given of the statements."""
    [found] = re.findall(r'<script type="application/json" id="records">(.*?)</script>', page)
    statements: list[dict[str, Any]] = json.loads(found)
    return statements


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


HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea></script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "<a href='javascript:alert(1)'>here</a>",
    "{{ 7 * 7 }}{% raw %}",
    "</p></mark><!-- ]]>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_text(client: FlaskClient, hostile: str) -> None:
    """No markup of the article, the quote, the question or a name becomes the page's."""
    tags = {"script": 2, "img": 0, "onerror": 0, "textarea": 1}
    article_ = f"“There are no {hostile} troops,” Ivan {hostile} Petrov said. {hostile}"
    pages = [
        post(client, article_),
        post(client, hostile, kind="quote", question=hostile, speaker=hostile),
        post(client, "", file=(io.BytesIO(article_.encode()), "<img src=x onerror=alert(1)>.txt")),
    ]
    for page in pages:
        for name, most in tags.items():
            assert len(re.findall(rf"<[^>]*\b{name}\b", _outside_values(page))) <= 2 * most, name
        assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page))
        assert " onmouseover=" not in _outside_values(page)
        assert "49" not in re.findall(r"<blockquote.*?</blockquote>|<p.*?</p>", page)


def _outside_values(page: str) -> str:
    """Return a page without the texts and quoted values in it."""
    page = re.sub(r'"[^"<>]*"', '""', page)
    return re.sub(r">[^<]*<", "><", page)


def test_what_turns_text_around_is_shown_by_name() -> None:
    """Overrides, isolates and invisible controls are told, and never in the page as such."""
    text = "safe\u202egnp.exe\u2066 \u200f\x1b[0m\x00"
    told = str(safe(text))
    assert not set(told) & set("\u202e\u2066\u200f\x1b\0")
    for name in ("U+202E", "U+2066", "U+200F", "U+001B", "U+0000"):
        assert f'<span class="control">{name}</span>' in told


@pytest.mark.parametrize(
    ("text", "spans", "evidence"),
    [
        ("abcdefghij", [[(0, 10)], [(2, 5)], [(3, 4)]], [[(0, 9)], [(1, 2)], []]),
        ("abcdefghij", [[(0, 6)], [(4, 10)]], [[(2, 6)], [(0, 3)]]),
        ("abcdefghij", [[(0, 2), (6, 8)], [(1, 7)]], [[(1, 4)], []]),
        ("ab\ncd\n\nef", [[(0, 9)]], [[(0, 9)]]),
        ("ab\ncd\nef", [[(0, 3)], [(3, 8)]], [[], []]),
        ("a<b>&\"'", [[(0, 7)]], [[(1, 4)]]),
        ("abc", [[(0, 3)], [(0, 3)], [(0, 3)]], [[(0, 3)], [], []]),
    ],
    ids=["nested", "across", "in pieces", "paragraphs", "line ends", "markup", "the same"],
)
def test_statements_over_one_another(
    text: str, spans: list[list[tuple[int, int]]], evidence: list[list[tuple[int, int]]]
) -> None:
    """No character is lost or doubled, elements are well nested, every statement is noted once."""
    every = [shown(n, text, s, e) for n, (s, e) in enumerate(zip(spans, evidence, strict=True), 1)]
    markup = str(article(text, every))
    assert re.sub(r"\s", "", plain(markup)) == re.sub(r"\s", "", text)
    for one in every:
        assert markup.count(f'id="at-{one.number}"') == 1
        pieces = re.findall(r'<mark class="[^"]*" data-of="([^"]*)">(.*?)</mark>', markup, re.S)
        said = "".join(plain(p) for of, p in pieces if str(one.number) in of.split())
        assert re.sub(r"\s", "", said) == re.sub(r"\s", "", one.prediction.text)
    open_: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)", markup):
        if not closing:
            open_.append(name)
        else:
            assert open_.pop() == name
    assert open_ == []


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One\ntwo <b>three</b>&nbsp;&lt;4&gt;<p>Five", "One two three <4>\nFive"),
        ("<title>T</title><p>a<script>if (a<b) {'</p>'}</script>b", "ab"),
        ("<nav>Menu</nav><article><p>Body</article><p>More", "Body"),
        ("<aside><nav>x</nav>y</aside>z", "z"),
        ("a<!-- <p>no --> b <? x ?> 5 < 6", "a b 5 < 6"),
        ('<a title="x > y">link</a><br>next', "link\nnext"),
        ("<div", "<div"),
        ("", ""),
    ],
)
def test_text_of_a_page(markup: str, text: str) -> None:
    """What a reader reads of a page is its text; scripts, menus and comments are not."""
    assert text_of(markup) == text


@pytest.mark.parametrize("path", ["/", "/review", "/about"])
def test_nothing_inline_and_from_nowhere_else(client: FlaskClient, path: str) -> None:
    """The policy allows own files only, and the page keeps to it: no inline script or style."""
    response = client.get(path)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", response.text)
    for link in re.findall(r'(?:src|href|action)="([^"]*)"', response.text):
        assert link.startswith(("/", "#")) and not link.startswith("//"), link
    for script in re.findall(r"<script[^>]*>", response.text):
        assert 'src="/static/' in script or 'type="application/json"' in script


def test_static_files(client: FlaskClient) -> None:
    """Scripts, styles and the picture come from the package with their types; no other file."""
    page = client.get("/").text
    kinds = {}
    for link in re.findall(r'"(/static/[^"]*)"', page):
        with client.get(html.unescape(link)) as response:
            assert response.status_code == 200
            kinds[html.unescape(link).partition("?")[0]] = response.mimetype
    assert kinds["/static/stance.css"] == "text/css"
    assert kinds["/static/read.js"].endswith("/javascript")
    assert client.get("/static/../page.py").status_code == 404
    assert client.get("/static/none.js").status_code == 404


def test_the_card(client: FlaskClient, models: Path) -> None:
    """The page about the model tells its version, scores and thresholds; /model stays JSON."""
    page = client.get("/about").text
    manifest = Registry(models).manifest(Registry(models).active_version())
    scores = manifest["scores"]["grouped_cross_validation"]
    assert manifest["version"] in page
    assert f"{scores['macro_f1']:.3f}" in page
    for row in scores["confusion"]:
        for count in row:
            assert f"<span>{count}</span>" in page
    assert client.get("/model").is_json


def test_without_a_model(tmp_path: Path) -> None:
    """Where no model can be loaded the page says so, and names no folder."""
    client = create_app({"MODELS": str(tmp_path / "none")}).test_client()
    for path in ("/", "/review", "/about"):
        response = client.get(path)
        assert response.status_code == 503
        assert "the operator must train one" in response.text
        assert str(tmp_path) not in response.text


def test_a_card_without_scores(client: FlaskClient, models: Path) -> None:
    """A version that tells little of itself has a page all the same."""
    registry = Registry(models)
    registry.activate(registry.save(registry.load().artifacts, {}))
    assert client.get("/about").status_code == 200


BASIC = {"Authorization": "Basic " + base64.b64encode(b"any:k1").decode()}


def test_keys_in_a_browser(models: Path) -> None:
    """With STANCE_PROTECT=all a browser asks for a password, which is the key."""
    client = create_app({"API_KEY": "k1", "PROTECT": "all"}).test_client()
    for path in ("/", "/review", "/about"):
        refused = client.get(path)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
        assert client.get(path, headers=BASIC).status_code == 200
    with client.get("/static/stance.css") as response:
        assert response.status_code == 200
    assert client.post("/", data={"text": "a"}).status_code == 401
    # A script's request must not make the browser ask.
    refused = client.post("/annotations", json={"text": "a", "stance": "deny"})
    assert refused.headers["WWW-Authenticate"].startswith("Bearer ")


def test_what_others_sent_needs_the_key(models: Path) -> None:
    """Where annotations need a key the queue, which shows others' texts, needs it too."""
    client = create_app({"API_KEY": "k1"}).test_client()
    assert client.get("/").status_code == 200
    assert client.get("/review").status_code == client.head("/review").status_code == 401
    assert client.post("/review/undo", json={"id": "a"}).status_code == 401
    assert client.get("/review", headers=BASIC).status_code == 200


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://proxy.example"}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://localhost:81"}, True),
    ],
    ids=str,
)
def test_other_sites_may_not_send(
    client: FlaskClient, headers: dict[str, str], refused: bool
) -> None:
    """What a page of another site makes a browser send is refused; other programs are not."""
    body = {"text": "No.", "stance": "deny"}
    answers = {
        client.post("/", data={"text": "a"}, headers=headers).status_code,
        client.post("/predict", json={"text": "a"}, headers=headers).status_code,
        client.post("/annotations", json=body, headers=headers).status_code,
    }
    assert answers == ({403} if refused else {200, 201})


def kept(text: str, probability: float, *, review: bool = True) -> Kept:
    """Return a kept statement."""
    prediction = Prediction(
        text=text,
        stance=Stance.DENY,
        probability=probability,
        probabilities={},
        needs_review=review,
        evidence=(),
        model="m",
    )
    return Kept(1, "", "", prediction)


def test_the_order_of_the_queue() -> None:
    """The least certain comes first, what is like it later, what is sure last."""
    given = [
        kept("no troops in the east", 0.99, review=False),
        kept("we deny all of it", 0.5),
        kept("we deny all of it now", 0.51),
        kept("ask the ministry", 0.6),
    ]
    order = [one.prediction.text for one in in_order(given, 9)]
    first, second, third, last = (given[n].prediction.text for n in (1, 3, 2, 0))
    assert order == [first, second, third, last]
    assert len(in_order(given, 2)) == 2


@pytest.fixture
def keeping(models: Path, model: Model) -> FlaskClient:
    """Return a client of a service that keeps, with three statements kept."""
    client = create_app({"KEEP": 1}).test_client()
    said = ["There are no troops.", "Ask the ministry.", "It <b>rained</b>."]
    Ledger().keep(label(model, [Statement(text=text) for text in said]))
    return client


def test_the_queue(keeping: FlaskClient) -> None:
    """Kept statements are shown as text; what is annotated is not; undo brings it back."""
    page = keeping.get("/review").text
    assert len(records(page)) == 3
    assert "It &lt;b&gt;rained&lt;/b&gt;." in re.sub("</?u>", "", page)
    sent = {"text": "Ask the ministry.", "stance": "evade", "id": "page-1"}
    assert keeping.post("/annotations", json=sent).status_code == 201
    assert len(records(keeping.get("/review").text)) == 2
    assert keeping.post("/review/undo", json={"id": "page-1"}).get_json()["state"] == "rejected"
    assert len(records(keeping.get("/review").text)) == 3
    [entry] = Ledger().entries()
    assert entry.state == "rejected"
    assert keeping.post("/annotations", json={**sent, "id": "page-2"}).status_code == 201


def test_what_cannot_be_undone(keeping: FlaskClient) -> None:
    """What is not there, or was decided on, is not taken back."""
    keeping.post("/annotations", json={"text": "No.", "stance": "deny", "id": "page-1"})
    Ledger().decide("accepted", ["page-1"])
    for one in ("page-1", "none"):
        response = keeping.post("/review/undo", json={"id": one})
        assert (response.status_code, response.mimetype) == (409, "application/problem+json")
    for body in ({}, {"id": 7}, {"id": "a", "state": "accepted"}):
        assert keeping.post("/review/undo", json=body).status_code == 400
    assert keeping.post("/review/undo", data={"id": "page-1"}).status_code == 415
    [entry] = Ledger().entries()
    assert entry.state == "accepted"


def test_an_empty_queue_tells_what_to_do(client: FlaskClient) -> None:
    """Where nothing is kept the page names the setting."""
    assert "STANCE_KEEP=1" in client.get("/review").text


def test_three_thousand_statements(client: FlaskClient) -> None:
    """A megabyte with thousands of statements is answered whole."""
    one = "“There are no troops number {} at the station,” Ivan Petrov said on a day of {}.\n"
    text = "".join(one.format(n, "rain " * 45) for n in range(3000))
    assert 900_000 < len(text.encode()) < 1_048_000
    response = client.post("/", **large(text))
    assert response.status_code == 200
    page = response.text
    assert len(records(page)) == page.count('<a class="note ') == 3000
