from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.wording import language, set_language


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


@pytest.fixture(params=["zh_CN", "en"])
def each_language(request: pytest.FixtureRequest) -> str:
    """Run the test once in each language."""
    name = str(request.param)
    set_language(name)
    return name
