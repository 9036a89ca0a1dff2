"""The catalogues: complete in both languages, forgiving to a user, strict to us."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest

from app.paths import resource
from app.wording import LANGUAGES, language, set_language, tr
from app.wording.catalogue import Catalogue, UnknownWordingError

AREAS = sorted({path.stem for path in resource("i18n").glob("*/*.json")})


def words(language_name: str, area: str) -> dict[str, str]:
    path = resource("i18n") / language_name / f"{area}.json"
    loaded: dict[str, str] = json.loads(path.read_bytes())
    return loaded


def fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_keys(area: str) -> None:
    chinese, english = (
        {key for key in words(name, area) if not key.endswith(".one")} for name in LANGUAGES
    )
    assert chinese == english


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_fill_in_the_same_facts(area: str) -> None:
    chinese, english = words("zh_CN", area), words("en", area)
    for key, pattern in chinese.items():
        assert fields(pattern) == fields(english[key]), key


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("name", LANGUAGES)
def test_a_wording_for_one_belongs_to_a_wording_for_many(name: str, area: str) -> None:
    patterns = words(name, area)
    for key, pattern in patterns.items():
        if key.endswith(".one"):
            many = patterns[key.removesuffix(".one")]
            assert fields(pattern) <= fields(many), key


def test_the_language_changes_at_run_time() -> None:
    set_language("en")
    assert tr("common.cancel") == "Cancel"
    set_language("zh_CN")
    assert tr("common.cancel") == "取消"
    assert language() == "zh_CN"


def test_only_the_two_languages_exist() -> None:
    with pytest.raises(ValueError, match="fr"):
        set_language("fr")


def test_a_count_of_one_has_its_own_words() -> None:
    set_language("en")
    assert tr("events.sends_sent", n=1) == "sent to 1 client"
    assert tr("events.sends_sent", n=2) == "sent to 2 clients"


def test_braces_in_a_fact_are_only_text() -> None:
    set_language("en")
    assert "{x}" in tr("events.reason_error_with", error="{x} {0}")


def test_a_missing_word_is_a_failure_in_a_test() -> None:
    with pytest.raises(UnknownWordingError):
        tr("common.there_is_no_such_word")


@pytest.fixture
def patchy(tmp_path: Path) -> Catalogue:
    for name, content in (("zh_CN", {"both": "两"}), ("en", {"both": "two", "only": "Only"})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "area.json").write_text(json.dumps(content), "utf-8")
    return Catalogue(tmp_path, strict=False)


def test_a_user_gets_the_other_language_then_the_key(patchy: Catalogue) -> None:
    assert patchy.pattern("area.both") == "两"
    assert patchy.pattern("area.only") == "Only"
    assert patchy.pattern("area.none") == "area.none"
    assert patchy.pattern("no_area.none") == "no_area.none"


def test_a_damaged_catalogue_does_not_stop_the_program(patchy: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "zh_CN" / "area.json").write_text("{", "utf-8")
    assert patchy.pattern("area.both") == "two"
