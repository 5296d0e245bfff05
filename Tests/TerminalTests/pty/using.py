"""What a user does: start, step, type, set, export, leave."""

import os

from program import (
    DOWN, LEFT, NETWORK, RIGHT, SENTENCE, STEP, UP, begin, expect_ascii, folder, quit, start, title,
    tokens)
from terminal import Failure


def starts_and_quits(term):
    terminal = begin(term=term)
    for part in ["unroll", "tanh", "mean loss", "quit"]:
        terminal.wait_for(part, part)
    terminal.send("j")
    title(terminal, "t = 0 of", "i ")
    quit(terminal)


def starts_xterm():
    starts_and_quits("xterm-256color")


def starts_tmux():
    starts_and_quits("tmux-256color")


def starts_vt100():
    starts_and_quits("vt100")


def starts_linux():
    starts_and_quits("linux")


def starts_without_color():
    terminal = begin(env={"NO_COLOR": "1"})
    if b"\x1b[38;" in terminal.raw or b"\x1b[48;" in terminal.raw:
        raise Failure("colours in spite of NO_COLOR")
    quit(terminal)


def starts_in_true_color():
    terminal = begin(env={"COLORTERM": "truecolor"})
    if b"\x1b[38;2;" not in terminal.raw:
        raise Failure("no direct colours in spite of COLORTERM")
    quit(terminal)


def starts_without_utf8():
    expect_ascii(begin)


def shipped_sentence():
    """Without a text, a sentence that comes with the program."""
    terminal = begin(arguments=NETWORK, columns=120, rows=40)
    terminal.wait_for(lambda: "Mara" in tokens(terminal), "shipped sentence")
    quit(terminal)


def shipped_model():
    """Without anything at all: the shipped model."""
    terminal = start(arguments=[], columns=120, rows=40)
    title(terminal, "prose", "t = 0 of")
    terminal.send(RIGHT)
    title(terminal, "t = 1 of")
    quit(terminal)


def tour():
    state = folder("state")
    terminal = start(seen=False, state=state)
    terminal.wait_for("Welcome to unroll", "tour")
    terminal.send(" ")
    terminal.wait_for("2 of ", "second card")
    terminal.send("x")
    terminal.wait_for(lambda: "2 of " not in terminal.text, "end of the tour")
    if not os.path.exists(state + "/unroll/tour-seen"):
        raise Failure("nothing says that the tour was seen")
    quit(terminal)
    terminal = start(seen=False, state=state)
    title(terminal, "t = 0 of")
    terminal.settle()
    if "Welcome" in terminal.text:
        raise Failure("the tour came back")
    quit(terminal)
    terminal = start(arguments=STEP + ["--tour"], seen=False, state=state)
    terminal.wait_for("Welcome to unroll", "tour that was asked for")
    terminal.send("x")
    terminal.wait_for(lambda: "Welcome" not in terminal.text, "end of the tour")
    quit(terminal)


def steps():
    last = len(SENTENCE) - 1
    terminal = begin()
    for time_step in (1, 2, 3):
        terminal.send(RIGHT)
        title(terminal, f"t = {time_step} of {last}", "forward", "f")
    terminal.send(DOWN + DOWN)
    title(terminal, "t = 3 of", "g ")
    terminal.send("j")
    title(terminal, "t = 3 of", "o ")
    terminal.send(UP + "h")
    title(terminal, "t = 2 of", "g ")
    terminal.send(LEFT + "l\x1b[C")
    title(terminal, "t = 3 of", "g ")
    terminal.send("b")
    title(terminal, "backward", "t = 3 of", "g ")
    terminal.send(RIGHT)
    title(terminal, "backward", "t = 2 of", "g ")
    terminal.send("G")
    title(terminal, "backward", "t = 0 of", "f")
    terminal.send("g")
    title(terminal, "forward", "t = 0 of", "f")
    terminal.send(":goto 17\r")
    title(terminal, "t = 17 of")
    terminal.send(":break t == 19\rc")
    title(terminal, "t = 19 of")
    terminal.send("\x1b[<64;10;10M")
    title(terminal, "t = 18 of", "L ")
    quit(terminal)


def types_a_text():
    terminal = begin()
    terminal.send("t")
    terminal.wait_for("back to the old text", "text entry")
    terminal.send("\x15cat and hat")
    terminal.wait_for(
        lambda: "cat and hat" in terminal.screen.display[22]
        and "of 10 " in terminal.title, "run on the typed text")
    terminal.send("\r")
    terminal.wait_for("mean loss", "status line")
    terminal.wait_for(lambda: "cat␣and␣hat" in tokens(terminal), "the text's tokens")
    terminal.send("u")
    title(terminal, f"of {len(SENTENCE) - 1} ")
    terminal.send("t")
    terminal.wait_for("back to the old text", "text entry")
    terminal.send("\x15xyz")
    title(terminal, "of 2 ")
    terminal.send("\x1b")
    title(terminal, f"of {len(SENTENCE) - 1} ")
    terminal.send("t\x15\x1b[200~pasted\rlines\x1b[201~\r")
    title(terminal, "of 11 ")
    quit(terminal)


def types_fast():
    """Every letter asks for a run; what is seen in the end is the run on the whole text."""
    terminal = begin(arguments=["step", "--cell", "lstm", "--hidden", "96", "--text", SENTENCE])
    text = "and so on, " * 12
    terminal.send("t\x15" + text + "\r")
    title(terminal, f"of {len(text) - 1} ")
    terminal.send(f":goto {len(text) - 1}\r")
    title(terminal, f"t = {len(text) - 1} of {len(text) - 1} ")
    terminal.send("u")
    title(terminal, f"of {len(SENTENCE) - 1} ")
    quit(terminal)


def sets_a_value():
    terminal = begin(columns=120, rows=40)
    terminal.send(RIGHT + RIGHT + "m")
    title(terminal, "t = 2 of")
    terminal.send(":set f[3] = 0.125\r")
    terminal.wait_for("the original stays as a ghost", "change")
    terminal.wait_for(lambda: "f[3]" in terminal.text and "(was" in terminal.text, "former value")
    terminal.send("d")
    terminal.wait_for("Δ", "difference")
    terminal.send("u")
    terminal.wait_for("undone", "undo")
    terminal.wait_for(lambda: "(was" not in terminal.text and "Δ" not in terminal.text, "old run")
    terminal.send(":set q = 1\r")
    terminal.wait_for("q is no value of lstm", "error")
    terminal.send(":frob\r")
    terminal.wait_for("frob is no command", "error")
    quit(terminal)


def edits_an_equation():
    place = folder("edit")
    terminal = begin(columns=120, rows=40)
    terminal.send("E")
    terminal.wait_for("edit f = σ(W_f·x + U_f·h' + b_f)", "the equation to edit")
    terminal.send("\x1b")
    terminal.send(":edit h = o * c\r")
    terminal.wait_for(lambda: "lstm*" in terminal.text and "h = o ⊙ c" in terminal.text, "new cell")
    terminal.send(":edit h = o * \r")
    terminal.wait_for("edit:1:", "error")
    terminal.send(f":export {place}/mine.cell\r")
    terminal.wait_for("wrote", "cell written")
    with open(f"{place}/mine.cell") as file:
        assert "h = o ⊙ c " in file.read()
    terminal.send("u")
    terminal.wait_for("h = o ⊙ tanh(c)", "old cell")
    quit(terminal)


def exports():
    place = folder("export")
    terminal = begin()
    for ending, beginning in [
            ("svg", b"<svg"), ("txt", b" unroll"), ("ansi", b"\x1b["), ("json", b"{"),
            ("csv", b"name,i,j,k,value"), ("npz", b"PK"), ("safetensors", b'{"')]:
        path = f"{place}/shot.{ending}"
        terminal.send(f":export {path}\r")
        terminal.wait_for("wrote ", "message")
        terminal.send("j")
        terminal.wait_for(lambda: "wrote" not in terminal.text, "next key")
        with open(path, "rb") as file:
            content = file.read()
        if not content.startswith(beginning) and beginning not in content[:300]:
            raise Failure(f"{path} begins with {content[:60]!r}")
    terminal.send(":export shot.gif\r")
    terminal.wait_for("expected an ending", "error")
    quit(terminal)
