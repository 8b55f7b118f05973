"""The rules of a verifier, as all clients have them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bench import VECTORS, play

FILES = sorted(path for path in VECTORS.glob("*.json") if path.name != "common.json")
ALL = [
    pytest.param(vector, id=f"{path.stem}: {vector['name']}")
    for path in FILES
    for vector in json.loads(path.read_text())
]


# The shortest and the longest of the random pauses.
@pytest.mark.parametrize("random", [0, 0.999])
@pytest.mark.parametrize("vector", ALL)
def test_vector(vector: dict[str, Any], random: float) -> None:
    for expected, actual in play(vector, random):
        assert actual == expected
