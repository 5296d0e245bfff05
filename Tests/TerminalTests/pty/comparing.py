"""What a user does while nets learn side by side."""

import re
import time

from program import DOWN, LEFT, RIGHT, UP, export, pause, quit, start, title, update
from terminal import Failure

LANES = ["compare", "rnn/tanh", "rnn/relu/identity", "lstm/forget-bias=3",
         "--seq-len", "20", "--hidden", "16", "--batch", "4"]
WIDE = ["compare", "rnn", "lstm", "--seq-len", "20", "--hidden", "96", "--batch", "16"]
DIVERGING = ["compare", "--preset", "clipping"]


def begin_race(arguments=None, **options):
    terminal = start(arguments=arguments or LANES, **options)
    title(terminal, "unroll compare", "running")
    return terminal


def races():
    """Trains, pauses, goes an update on and back, and on again."""
    terminal = begin_race(columns=120, rows=40)
    terminal.wait_for(lambda: update(terminal) > 20, "twenty updates")
    for part in ["no memory 1.39", "chance 25%", "rnn/relu/identity", "σmax", "★"]:
        terminal.wait_for(part, part)
    here = pause(terminal)
    terminal.send("n")
    title(terminal, f"update {here + 1} ")
    terminal.send("bb")
    title(terminal, f"update {here - 1} ")
    terminal.wait_for("bit for bit", "message")
    terminal.send("N")
    title(terminal, f"update {here + 9} ")
    terminal.send(":break update == %d\r " % (here + 12))
    title(terminal, "paused", f"update {here + 12} ")
    terminal.send("r")
    title(terminal, "update 0 ")
    quit(terminal)


def races_in_lockstep():
    """All lanes have made the same number of updates wherever it is stopped."""
    terminal = begin_race(columns=200, rows=60)
    for _ in range(4):
        last = update(terminal)
        terminal.wait_for(lambda: update(terminal) > last + 5, "more updates")
        here = pause(terminal)
        rows = [line for line in terminal.screen.display if re.match(r" [123][ ★] \S+ +\d", line)]
        counts = [line.split()[-1] for line in rows]
        if counts != [str(here)] * 3:
            raise Failure(f"update {here}, lanes {counts}\n{terminal.text}")
        terminal.send(" ")
        title(terminal, "running")
    quit(terminal)


def compares_two():
    terminal = begin_race()
    terminal.send("d")
    title(terminal, "lane 2 less lane 1")
    terminal.wait_for("Δ  2 less 1", "difference")
    terminal.send(":difference 3 1\r")
    title(terminal, "lane 1 less lane 3")
    terminal.send(":difference 3 9\r")
    terminal.wait_for("two of the lanes 1 to 3", "error")
    terminal.send("\x1b")
    terminal.wait_for(lambda: "less" not in terminal.title, "all lanes")
    quit(terminal)


def leaves_while_lanes_learn():
    """The program ends well in the midst of an update: products are running then."""
    for _ in range(12):
        terminal = begin_race(arguments=WIDE)
        terminal.wait_for(lambda: update(terminal) > 0, "an update")
        quit(terminal)


def turns_common_knobs():
    """Every knob up and down while it trains; it goes on training, and nothing is lost."""
    terminal = begin_race(columns=120, rows=40)
    for _ in range(14):
        terminal.send(RIGHT)
        time.sleep(0.05)
        terminal.send(LEFT)
        terminal.send(DOWN)
    terminal.send(UP)
    terminal.send(":set lr 0.02\r")
    terminal.wait_for("lr 0.02", "learning rate")
    terminal.send(":set seed 9\r")
    title(terminal, "seed 9")
    terminal.wait_for("begins anew", "message")
    count = update(terminal)
    terminal.wait_for(lambda: update(terminal) > count, "training goes on")
    quit(terminal)


def one_lane_diverges():
    terminal = begin_race(arguments=DIVERGING, columns=120, rows=40)
    terminal.wait_for("stopped", "lane that stops")
    terminal.wait_for("is not finite", "place")
    terminal.wait_for(lambda: update(terminal) > 30, "the other lane going on")
    quit(terminal)


def steps_through_a_lane():
    """o opens the debugger on the lane's update; q comes back to the race."""
    terminal = begin_race()
    terminal.wait_for(lambda: update(terminal) > 3, "some updates")
    terminal.send("3o")
    title(terminal, "lstm/forget-bias=3", "t = 0 of 19")
    terminal.send(RIGHT)
    title(terminal, "t = 1 of 19")
    terminal.send("q")
    title(terminal, "unroll compare", "paused")
    terminal.send(" ")
    title(terminal, "running")
    quit(terminal)


def exports_a_race():
    terminal = begin_race()
    pause(terminal)
    path = export(terminal, "race.svg")
    with open(path, encoding="utf-8") as file:
        if "rnn/relu/identity" not in file.read():
            raise Failure(f"{path} does not name the lanes")
    quit(terminal)
