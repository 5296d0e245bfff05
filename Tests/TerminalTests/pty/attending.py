"""The attend scene in a terminal: typing, stepping, ablating, comparing, a small real model."""

import os

from program import DOWN, LEFT, RIGHT, expect_ascii, export, quit, start, title
from terminal import Failure

MODEL = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "Fixtures", "gpt2-tiny")


def attend(text="the cat sat", columns=120, rows=40, **options):
    terminal = start(
        arguments=["attend", MODEL, "--text", text], columns=columns, rows=rows, **options)
    terminal.wait_for("looks at", "picture")
    return terminal


def attend_shows_a_model():
    terminal = attend()
    for part in ["heads", "program: layer", "A = softmax(S)", "rows sum to 1", "after", "quit"]:
        terminal.wait_for(part, part)
    quit(terminal)


def attend_steps_the_program():
    terminal = attend()
    terminal.send("g")
    terminal.wait_for("program: embedding", "first part")
    for name in ["P", "X", "N_1", "Q"]:
        terminal.send(DOWN)
        title(terminal, f"· {name} ")
    terminal.send("G")
    terminal.wait_for("program: output", "last part")
    quit(terminal)


def attend_runs_what_is_typed():
    terminal = attend()
    terminal.send("t\x15")
    for count, letter in enumerate("xyz", 1):
        terminal.send(letter)
        terminal.wait_for(f"{count}×{count}", f"{count} tokens")
    terminal.send("\r")
    terminal.wait_for("?", "hints")
    quit(terminal)


def attend_ablates_a_head():
    terminal = attend()
    terminal.send(":ablate 0.1\r")
    terminal.wait_for("ablated 0.1", "the change in words")
    # The words come before the run.
    terminal.wait_for("(was ", "the run with the change")
    terminal.send("}d")
    terminal.wait_for("change of the weights", "difference")
    terminal.send("A")
    terminal.wait_for("as the model has it", "restored")
    quit(terminal)


def attend_compares():
    terminal = attend()
    terminal.send("c\x15a cat ran\r")
    terminal.wait_for("cosine per layer", "comparison")
    terminal.wait_for("2: layer", "second matrix")
    terminal.send("C")
    terminal.wait_for("program: layer", "one sentence again")
    quit(terminal)


def attend_without_utf8():
    expect_ascii(attend)


def attend_moves_the_word():
    terminal = attend(columns=80, rows=24)
    before = terminal.title
    terminal.send(LEFT)
    terminal.wait_for(lambda: terminal.title != before, "another query")
    terminal.send(RIGHT)
    terminal.wait_for(lambda: terminal.title == before, "the query that was")
    quit(terminal)


def attend_exports():
    terminal = attend()
    with open(export(terminal, "picture.svg")) as file:
        if not file.read().startswith("<svg"):
            raise Failure("the picture is no SVG")
    quit(terminal)
