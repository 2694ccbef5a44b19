"""The page under test without a browser: the form sent, and what comes back."""

import json
import re
from typing import Any

from flask.testing import FlaskClient

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


def records(page: str) -> list[dict[str, Any]]:
    """Return what the scripts are given of the statements."""
    [found] = re.findall(r'<script type="application/json" id="records">(.*?)</script>', page)
    statements: list[dict[str, Any]] = json.loads(found)
    return statements
