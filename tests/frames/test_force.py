"""Whatever was raised in a thread from outside: nothing of it is left."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.program import ROOT

# What is traced stands still for ever where CPython still has something on its way to nobody.
PROGRAM = """
import sys, threading, time
from app.frames.client import Stopped
from app.frames.force import leave, raise_in

threads, lock, ident = {}, threading.Lock(), threading.get_ident()
def enter():
    threads[ident] = "here"
def raised():
    with lock:
        raise_in(ident, Stopped)
def soon():
    time.sleep(0)
HOW
leave(threads, lock)
assert not threads
sys.settrace(lambda frame, event, arg: None)
soon()
sys.settrace(None)
print("goes on")
"""
HOW = {
    "nothing was raised": "enter()",
    "it came": """
enter()
try:
    raised()
    while True:
        pass
except Stopped:
    pass
""",
    "it comes while the thread leaves": """
def late():
    with lock:
        if ident in threads:
            raise_in(ident, Stopped)
for _ in range(2_000):
    try:
        enter()
        other = threading.Thread(target=late)
        other.start()
    except Stopped:
        pass
    try:
        leave(threads, lock)
    except Stopped:
        raise SystemExit("it came after it had left")
    try:
        other.join()
    except Stopped:
        raise SystemExit("it came after it had left")
""",
}


@pytest.mark.parametrize("how", HOW)
def test_nothing_is_left_on_its_way(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("HOW", HOW[how])],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr, done.returncode) == ("goes on\n", "", 0)
