"""Settings: what they accept, and what survives on disk whatever lies there."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import (
    MOST_SERVERS,
    BadSetting,
    ServerProfile,
    Settings,
    changed,
    checked,
    merged,
    value_of,
)
from app.settings_file import SettingsFault, load_settings, store_settings
from app.text.encodings import ENCODINGS


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "settings.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_every_default_fits_its_own_setting() -> None:
    for spec in (*fields(Settings), *fields(ServerProfile)):
        assert checked(spec.name, spec.default) == spec.default


def test_no_setting_of_a_server_is_called_as_one_of_the_program() -> None:
    assert not {f.name for f in fields(Settings)} & {f.name for f in fields(ServerProfile)}


def test_every_encoding_of_the_program_can_be_a_setting() -> None:
    for encoding in ENCODINGS:
        assert checked("encoding", encoding.name) == encoding.name
        assert checked("compose_encoding", encoding.name) == encoding.name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", -1),
        ("port", 65536),
        ("port", "8080"),
        ("port", True),
        ("port", 80.0),
        ("follow_tail", 1),
        ("alpn", "h2 协议"),
        ("alpn", "a" * 256),
        ("alpn", ","),
        ("alpn", " ".join(map(str, range(65)))),
        ("encoding", "klingon"),
        ("reply_mode", "always"),
        ("no_such_setting", 1),
        ("servers", ()),
        ("servers", [ServerProfile()]),
        ("servers", (ServerProfile(), ServerProfile())),  # of one number
        ("servers", (ServerProfile(), "tcp")),
        ("kind", "sctp"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(BadSetting) as refused:
        changed(Settings(), **{name: value})
    assert refused.value.name == name


def test_no_file_means_defaults_and_nothing_to_report(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "none" / "settings.json")
    assert loaded.settings == Settings()
    assert loaded.problems == ()


def test_stored_settings_come_back(tmp_path: Path) -> None:
    wanted = changed(
        Settings(), port=9000, reply_text="交易\n\ud800", language="en", follow_tail=False
    )
    path = tmp_path / "deep" / "settings.json"
    store_settings(path, wanted)
    store_settings(path, wanted)
    assert load_settings(path).settings == wanted
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]


def test_a_damaged_value_costs_only_itself_and_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, '{"port": "many", "encoding": "utf-8", "theme": "pink", "from_2031": 1}')
    loaded = load_settings(path)
    assert loaded.settings == changed(Settings(), encoding="utf-8")
    told = [(p.fault, p.name, p.value) for p in loaded.problems]
    assert told == [
        (SettingsFault.DAMAGED_VALUE, "theme", "pink"),
        (SettingsFault.DAMAGED_VALUE, "port", "many"),
    ]


@pytest.mark.parametrize(
    "content", ["", "{", "[1, 2]", "null", b"\xff\xfe\x00", '{"port": 1', "[" * 100_000]
)
def test_a_damaged_file_is_kept_aside(tmp_path: Path, content: str | bytes) -> None:
    path = write(tmp_path, content)
    before = path.read_bytes()
    loaded = load_settings(path)
    assert loaded.settings == Settings()
    (problem,) = loaded.problems
    assert problem.fault is SettingsFault.DAMAGED_FILE
    assert problem.kept_as == tmp_path / "settings.json.bad"
    assert problem.kept_as.read_bytes() == before
    assert not path.exists()


def test_a_file_that_cannot_be_read_is_reported_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    (problem,) = load_settings(path).problems
    assert problem.fault is SettingsFault.UNREADABLE
    assert problem.system_text
    assert path.is_dir()


def test_a_store_that_fails_leaves_the_old_file_and_no_half(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()  # a folder in the way: the replacing fails after the half is written
    with pytest.raises(OSError, match=r"."):
        store_settings(path, Settings())
    assert [p.name for p in tmp_path.iterdir()] == ["settings.json"]


TWO = (
    ServerProfile(port=9000, encoding="utf-8", name="车载"),
    ServerProfile(server_id=3, kind="udp", framing="fixed:4"),
)


def test_the_settings_of_an_earlier_version_are_those_of_the_first_server(tmp_path: Path) -> None:
    path = write(tmp_path, '{"port": 7001, "reply_mode": "echo", "theme": "dark"}')
    loaded = load_settings(path)
    assert loaded.settings.servers == (ServerProfile(port=7001, reply_mode="echo"),)
    assert (loaded.settings.theme, loaded.problems) == ("dark", ())


def test_several_servers_come_back(tmp_path: Path) -> None:
    wanted = changed(Settings(), servers=TWO, selected_id=3)
    path = tmp_path / "settings.json"
    store_settings(path, wanted)
    loaded = load_settings(path).settings
    assert loaded == wanted
    assert loaded.server == TWO[1]


@pytest.mark.parametrize(
    ("servers", "ports", "told"),
    [
        ([], [8080], ["servers"]),
        ({"port": 1}, [8080], ["servers"]),
        ([3], [8080], ["servers[1]"]),
        ([3, {"port": 5}], [5], ["servers[1]"]),
        ([{"port": 5}, {"port": "x", "server_id": 9}], [5, 8080], ["servers[2].port"]),
        ([{"port": 5, "server_id": 2}, {"port": 6, "server_id": 2}], [5, 6], []),
        (
            [{"port": 5, "server_id": 0}, {"port": 6, "from_2031": 1}],
            [5, 6],
            ["servers[1].server_id"],
        ),
        ([{"port": 5}] * 999, [5] * MOST_SERVERS, []),
    ],
)
def test_a_damaged_server_costs_only_itself(
    tmp_path: Path, servers: object, ports: list[int], told: list[str]
) -> None:
    loaded = load_settings(write(tmp_path, json.dumps({"servers": servers})))
    assert [server.port for server in loaded.settings.servers] == ports
    assert len({server.server_id for server in loaded.settings.servers}) == len(ports)
    assert [problem.name for problem in loaded.problems] == told


def test_a_change_of_a_server_is_one_of_the_selected() -> None:
    settings = changed(changed(Settings(), servers=TWO), selected_id=3, port=5)
    assert [server.port for server in settings.servers] == [9000, 5]
    assert settings.server.port == value_of(settings, "port") == 5
    assert changed(settings, selected_id=77).server == TWO[0]  # there is none such


def test_what_a_run_was_begun_with_is_not_kept_and_what_was_changed_is() -> None:
    kept = changed(Settings(), servers=TWO)
    wished = ServerProfile(server_id=4, port=1)
    begun = changed(kept, servers=(changed(TWO[0], port=1), wished), theme="dark")
    assert merged(kept, begun, begun) == kept
    later = changed(begun, encoding="big5", language="en")
    added = ServerProfile(server_id=5, port=2)
    later = changed(later, servers=(later.servers[0], changed(wished, port=3), added))
    found = merged(kept, begun, later)
    assert found.servers == (changed(TWO[0], encoding="big5"), TWO[1], added)
    assert (found.theme, found.language) == ("system", "en")
    alone = changed(later, servers=(added,))
    assert merged(found, later, alone).servers == (TWO[1], added)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


NAMES = [f.name for f in (*fields(Settings), *fields(ServerProfile))]


@given(stored=st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_is_stored_the_result_is_usable(
    tmp_path_factory: pytest.TempPathFactory, stored: dict[str, object]
) -> None:
    path = write(tmp_path_factory.mktemp("any"), json.dumps(stored))
    loaded = load_settings(path)
    for name in NAMES:
        checked(name, value_of(loaded.settings, name))
    if "servers" not in stored:
        kept = {name for name in stored if value_of(loaded.settings, name) == stored[name]}
        assert kept | {p.name for p in loaded.problems} == set(stored)
