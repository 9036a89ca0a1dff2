"""NMEA 0183 as pynmea2 reads and writes it."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice

import pynmea2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.frames.compared.kits import built_in, read, values

KIT = built_in("nmea")
assert KIT.sealer is not None
SEAL = KIT.sealer

degrees = st.tuples(st.integers(0, 89), st.integers(0, 59), st.integers(0, 9999999))
latitude = degrees.map(lambda d: f"{d[0]:02}{d[1]:02}.{d[2]:07}")
longitude = degrees.map(lambda d: f"{2 * d[0]:03}{d[1]:02}.{d[2]:07}")
measure = st.one_of(
    st.sampled_from(["", "12345678901234.567", "1e5", "-0"]),
    st.integers(0, 359).map(str),
    st.decimals(-900, 900, places=2).map(str),
)
moment = st.integers(0, 235959).map(lambda n: f"{n // 10000:02}{n // 100 % 60:02}{n % 60:02}.00")
talker = st.sampled_from(["GP", "GN", "BD", "GL", "GA"])


@given(
    who=talker, at=moment, north=latitude, south=st.sampled_from("NS"), east=longitude,
    west=st.sampled_from("EW"), rest=st.tuples(*[measure] * 4),
)  # fmt: skip
def test_a_position_is_where_pynmea2_sees_it(
    who: str, at: str, north: str, south: str, east: str, west: str, rest: tuple[str, ...]
) -> None:
    for kind, fields in (
        ("GGA", (at, north, south, east, west, "1", "08", *rest[:2], "M", rest[2], "M", "", "")),
        ("RMC", (at, "A", north, south, east, west, rest[0], rest[1], "070124", rest[2], "W")),
        ("GLL", (north, south, east, west, at, "A", "D")),
    ):  # fmt: skip
        sentence = str(
            pynmea2.NMEASentence.parse(SEAL(",".join((who + kind, *fields)).encode()).decode())
        )
        seen = pynmea2.parse(sentence, check=True)
        mine = values(KIT, sentence.encode() + b"\r\n")
        assert mine["sentence"] == who + kind
        assert mine["latitude"] == pytest.approx(seen.latitude, abs=1e-8)
        assert mine["longitude"] == pytest.approx(seen.longitude, abs=1e-8)
        for ours, theirs in (("HDOP", "horizontal_dil"), ("altitude", "altitude"),
                             ("geoid separation", "geo_sep"), ("speed kn", "spd_over_grnd"),
                             ("course", "true_course")):  # fmt: skip
            if ours in mine:
                value = getattr(seen, theirs)
                assert str(mine[ours]) == str(value or "") or float(str(mine[ours])) == float(value)


@given(who=talker, kind=st.sampled_from(["VTG", "GSA", "GSV", "ZDA", "HDT", "XTE", "DBT"]),
       fields=st.lists(measure, min_size=1, max_size=20))  # fmt: skip
def test_every_field_is_where_pynmea2_has_it(who: str, kind: str, fields: list[str]) -> None:
    line = SEAL(",".join((who + kind, *fields)).encode())
    seen = pynmea2.parse(line.decode(), check=True)
    mine = list(islice(read(KIT, line), 1, len(fields) + 1))
    assert len(seen.data) == len(mine) == len(fields)
    for field, text in zip(mine, seen.data, strict=True):
        assert field.shown == text or Decimal(field.shown) == Decimal(text)
        assert line[field.start : field.end].decode() == text
