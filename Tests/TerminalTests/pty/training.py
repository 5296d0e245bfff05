"""What a user does while a net trains: watch, turn, pause, go back, open, leave."""

import os
import signal
import time

from program import DOWN, LEFT, RIGHT, export, pause, quit, start, update
from terminal import Failure, status, wait_until

SMALL = ["gradients", "--hidden", "8", "--seq-len", "12", "--batch", "2", "--seed", "3"]
KNOBS = 14


def watch(arguments=None, **options):
    """The program while it trains."""
    terminal = start(arguments=SMALL + (arguments or []), **options)
    terminal.wait_for("running", "training")
    return terminal


def trains_and_shows():
    terminal = watch(columns=120, rows=40)
    for part in ["slope", "knobs", "without memory", "chance", "last step back", "MB"]:
        terminal.wait_for(part, part)
    before = update(terminal)
    terminal.wait_for(lambda: update(terminal) > before, "progress")
    quit(terminal)


def steps_and_goes_back():
    terminal = watch()
    count = pause(terminal)
    terminal.send("nn")
    terminal.wait_for(lambda: update(terminal) == count + 2, "two updates more")
    terminal.send("b")
    terminal.wait_for(lambda: update(terminal) == count + 1, "one update less")
    terminal.wait_for("taken back", "notice")
    terminal.send(" ")
    terminal.wait_for(lambda: update(terminal) > count + 20, "training on")
    quit(terminal)


def turns_every_knob():
    """Up and down, while it trains; it goes on, or begins anew and goes on."""
    terminal = watch(columns=120, rows=40)
    for knob in range(KNOBS):
        terminal.send(RIGHT)
        terminal.read(0.15)
        terminal.send(LEFT)
        terminal.read(0.15)
        terminal.expect_running()
        terminal.send(DOWN)
        terminal.read(0.05)
    terminal.wait_for("running", "training")
    count = update(terminal)
    terminal.wait_for(lambda: update(terminal) != count, "progress")
    quit(terminal)


def restarts_say_so():
    terminal = watch(columns=120, rows=40)
    terminal.send(RIGHT)  # The gain is selected first.
    terminal.wait_for("begins anew", "notice")
    terminal.wait_for(lambda: "1.25" in terminal.text, "the next gain")
    quit(terminal)


def runs_to_a_condition():
    terminal = watch()
    pause(terminal)
    terminal.send("r")
    terminal.wait_for(lambda: update(terminal) == 0, "the start")
    terminal.send(":break update == 30\r")
    terminal.wait_for("Space runs to it", "condition")
    terminal.send(" ")
    terminal.wait_for(lambda: "paused" in terminal.title and update(terminal) == 30, "update 30")
    terminal.wait_for("break 1", "notice")
    terminal.send(":break los < 1\r")
    terminal.wait_for("expected loss", "what was expected")
    quit(terminal)


def stops_where_a_number_is_not_finite():
    terminal = start(arguments=SMALL + [
        "--activation", "relu", "--optimizer", "sgd", "--clip", "off", "--lr", "1e18"])
    terminal.wait_for("stopped", "stop")
    terminal.wait_for("is not finite", "place")
    terminal.send("o")
    terminal.wait_for("is not finite is at", "step scene at that place")
    terminal.send("q")
    terminal.wait_for("knobs", "training again")
    quit(terminal)


def opens_an_update_and_comes_back():
    terminal = watch(columns=120, rows=40)
    terminal.send("o")
    terminal.wait_for("answer, probability", "step scene")
    terminal.send(RIGHT)
    terminal.wait_for(lambda: "t = 1 of 11" in terminal.title, "next step")
    terminal.send("q")
    terminal.wait_for("knobs", "training again")
    count = update(terminal)
    terminal.send(" ")
    terminal.wait_for(lambda: update(terminal) > count, "training on")
    quit(terminal)


def trains_from_the_step_scene():
    terminal = start(arguments=["step", "--cell", "gru", "--hidden", "8"], columns=120, rows=40)
    terminal.wait_for("tanh", "step scene")
    terminal.send(":train\r")
    terminal.wait_for("knobs", "training")
    terminal.wait_for(lambda: "gru" in terminal.title and update(terminal) > 3, "progress")
    terminal.send("q")
    terminal.wait_for("explain", "step scene again")
    quit(terminal)


def exports_a_picture():
    terminal = watch()
    pause(terminal)
    with open(export(terminal, "training.svg")) as file:
        if "knobs" not in file.read():
            raise Failure("the picture does not show the knobs")
    quit(terminal)


def resizes_while_it_trains():
    terminal = watch()
    terminal.resize(200, 60)
    terminal.wait_for("gradient norm", "more panels")
    terminal.resize(60, 20)
    terminal.wait_for("need 80", "request for room")
    terminal.resize(80, 24)
    terminal.wait_for("knobs", "knobs")
    quit(terminal)


def rests_when_it_is_paused():
    """A training that stands still costs nothing."""
    terminal = watch()
    pause(terminal)
    terminal.read(0.5)

    def ticks():
        with open(f"/proc/{terminal.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    used = 0

    def rests():
        nonlocal used
        before = ticks()
        end = time.monotonic() + 1
        while time.monotonic() < end:
            terminal.read(0.1)
        used = ticks() - before
        return used <= 2

    wait_until(rests, lambda: f"{used} ticks of the clock in a second while nothing happens")
    quit(terminal)


def ends_by_a_signal_while_it_trains():
    terminal = watch()
    os.kill(terminal.pid, signal.SIGTERM)
    terminal.expect_end(128 + signal.SIGTERM)


def memory_stays():
    """Ten thousands of updates: histories are thinned out."""
    terminal = start(arguments=[
        "gradients", "--hidden", "2", "--seq-len", "2", "--batch", "1"])
    terminal.wait_for("running", "training")

    def resident():
        return int(status(terminal.pid, "VmRSS").split()[0])

    terminal.wait_for(lambda: update(terminal) > 4000, "4000 updates", seconds=240)
    early, count = resident(), update(terminal)
    terminal.wait_for(lambda: update(terminal) > 3 * count, "three times as many", seconds=240)
    if resident() > 1.1 * early:
        raise Failure(f"{early} kB after {count} updates, {resident()} kB after {update(terminal)}")
    quit(terminal)
