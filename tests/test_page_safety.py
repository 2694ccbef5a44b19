"""The page and those who mean it ill: markup in texts, other hosts, other sites, no key."""

import base64
import html
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pages import post

from service import create_app

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
