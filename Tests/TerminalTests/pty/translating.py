"""The translate scene in a terminal: typing a sentence, stepping, a word put in, the way back."""

import zipfile

from program import DOWN, LEFT, RIGHT, folder, quit, start
from terminal import Failure


def translate(columns=120, rows=40, **options):
    terminal = start(
        arguments=["translate", "--text", "the cat sees a dog"], columns=columns, rows=rows,
        **options)
    terminal.wait_for("who looks at what", "picture")
    return terminal


def title_has(terminal, part):
    terminal.wait_for(
        lambda: part in terminal.title, f"title with {part}; it was {terminal.title!r}")


def translate_types_steps_and_forces():
    terminal = translate()
    terminal.send("t\x15the big dog")
    terminal.wait_for("chien", "the translation while it is typed")
    terminal.send("\r")
    title_has(terminal, "word 0")
    terminal.send(RIGHT)
    title_has(terminal, "word 1")
    terminal.send(DOWN)
    title_has(terminal, "· L")
    terminal.send(LEFT)
    title_has(terminal, "word 0")
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
    title_has(terminal, "loss of word 1")
    terminal.send("G")
    title_has(terminal, "encoder 0")
    terminal.send("b")
    title_has(terminal, "forward")
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
    terminal = translate(env={"LANG": "C", "LC_ALL": "C"})
    strange = {character for character in terminal.text if ord(character) > 126}
    if strange:
        raise Failure(f"in a C locale, found {strange}\n{terminal.text}")
    quit(terminal)


def translate_exports():
    terminal = translate()
    path = folder("translate") + "/values.npz"
    terminal.send(f":export {path}\r")
    terminal.wait_for("wrote", "word of the file")
    names = zipfile.ZipFile(path).namelist()
    for name in ["alignment.npy", "context.npy", "grad.decoder.layer0.h.npy"]:
        if name not in names:
            raise Failure(f"expected {name}, found {names}")
    quit(terminal)
