"""Whatever somebody clicks and types while clients talk, the program says nothing and goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.walk.monkey import Monkey
from tests.walk.walker import Walker

Walk = Callable[..., Walker]

# In the pipeline two minutes; by hand as long as one likes.
DURATION_S = float(os.environ.get("PORTSIDE_MONKEY_S", "480"))
# New looks for every widget there is take their time; their own tests bound that.
RESTYLING = "theme/looks.py"
END_S = 60  # with hundreds of clients, in slow motion


@pytest.mark.long
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_whatever_comes(walk: Walk, user_home: Path, seed: int) -> None:
    walker = walk(1600, 900)
    monkey = Monkey(walker, seed, user_home)
    monkey.play(DURATION_S)
    walker.faults[:] = [fault for fault in walker.faults if RESTYLING not in fault]
    walker.child.process.terminate()  # as the system ends it: nobody is asked
    assert walker.child.process.wait(END_S) == 0, walker.child.err
    walker.done()
