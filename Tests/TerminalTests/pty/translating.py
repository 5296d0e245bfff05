"""The translate scene in a terminal: typing a sentence, stepping, a word put in, the way back."""

import zipfile

from program import DOWN, LEFT, RIGHT, expect_ascii, export, quit, start, title
from terminal import Failure


def translate(columns=120, rows=40, **options):
    terminal = start(
        arguments=["translate", "--text", "the cat sees a dog"], columns=columns, rows=rows,
        **options)
    terminal.wait_for("who looks at what", "picture")
    return terminal


def translate_types_steps_and_forces():
    terminal = translate()
    terminal.send("t\x15the big dog")
    terminal.wait_for("chien", "the translation while it is typed")
    terminal.send("\r")
    title(terminal, "word 0")
    terminal.send(RIGHT)
    title(terminal, "word 1")
    terminal.send(DOWN)
    title(terminal, "· L")
    terminal.send(LEFT)
    title(terminal, "word 0")
    terminal.send("f")
    terminal.wait_for("word 0 ", "a line for the word")
    terminal.send("la\r")
    terminal.wait_for("!la", "the word that was put in")
    terminal.send("u")
    terminal.wait_for(lambda: "!la" not in terminal.text, "the words as they were")
    quit(terminal)


def translate_goes_back():
    terminal = translate(columns=80, rows=24)
    terminal.send(RIGHT + "b")
    title(terminal, "loss of word 1")
    terminal.send("G")
    title(terminal, "encoder 0")
    terminal.send("b")
    title(terminal, "forward")
    quit(terminal)


def translate_says_what_it_cannot_read():
    terminal = translate()
    terminal.send("t\x15\r")
    terminal.wait_for("holds no word", "the mistake")
    terminal.wait_for("sees", "the sentence before")
    terminal.send(":text the okapi\r")
    terminal.wait_for("okapi?", "the unknown word")
    quit(terminal)


def translate_without_utf8():
    expect_ascii(translate)


def translate_exports():
    terminal = translate()
    names = zipfile.ZipFile(export(terminal, "values.npz")).namelist()
    for name in ["alignment.npy", "context.npy", "grad.decoder.layer0.h.npy"]:
        if name not in names:
            raise Failure(f"expected {name}, found {names}")
    quit(terminal)
