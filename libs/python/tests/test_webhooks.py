"""Verification of webhooks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from latchkey import WebhookError, verify_webhook
from latchkey.webhooks import EventType

LIBS = Path(__file__).parents[2]
VECTORS: list[dict[str, Any]] = json.loads((LIBS / "conformance" / "webhooks.json").read_text())
VALID = VECTORS[0]


def outcome_of(vector: dict[str, Any], body: bytes | str) -> str:
    try:
        verify_webhook(body, vector["headers"], vector["secrets"], now=vector["now"])
    except WebhookError as error:
        return error.code
    return "accepted"


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["name"]) for vector in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    assert outcome_of(vector, vector["body"]) == vector["outcome"]
    assert outcome_of(vector, vector["body"].encode()) == vector["outcome"]


def test_returns_the_event_whatever_the_case_of_the_fields() -> None:
    headers = {name.title(): value for name, value in VALID["headers"].items()}
    event = verify_webhook(VALID["body"], headers, VALID["secrets"][0], now=VALID["now"])
    assert event == json.loads(VALID["body"])
    assert event["data"]["tokens"][0]["user"] == "jürgen"


def test_rejects_a_message_of_the_past_by_the_real_clock() -> None:
    with pytest.raises(WebhookError) as raised:
        verify_webhook(VALID["body"], VALID["headers"], VALID["secrets"], tolerance=-1)
    assert raised.value.code == "outside_tolerance"


def test_fields_that_are_not_ascii_do_not_match() -> None:
    headers = {**VALID["headers"], "webhook-signature": "v1,\u00fc"}
    assert outcome_of({**VALID, "headers": headers}, VALID["body"]) == "invalid_signature"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_*", "whsec_" + "A" * 88, []])
def test_reports_a_secret_that_is_none(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        verify_webhook(VALID["body"], VALID["headers"], secret, now=VALID["now"])


def test_reports_a_missing_secret_and_a_parsed_body() -> None:
    no_secrets: list[Any] = [None, "", []]
    for missing in no_secrets:
        with pytest.raises(ValueError, match="secret of the webhook is missing"):
            verify_webhook(VALID["body"], VALID["headers"], missing, now=VALID["now"])
    parsed = json.loads(VALID["body"])
    with pytest.raises(TypeError, match="not the parsed JSON"):
        verify_webhook(parsed, VALID["headers"], VALID["secrets"], now=VALID["now"])


def test_has_the_types_of_the_server() -> None:
    source = (LIBS / "auth-models" / "src" / "lists" / "events.ts").read_text()
    listed = re.search(r"EVENT_TYPES = \[(.*?)\]", source, re.DOTALL)
    assert listed is not None
    assert tuple(re.findall(r"'([a-z_.]+)'", listed[1])) == get_args(EventType)
