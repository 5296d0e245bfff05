"""The program in a terminal: what all cases begin and end with."""

import atexit
import os
import re
import shutil
import sys
import tempfile

from terminal import Failure, Terminal

PROGRAM = sys.argv[1]
SENTENCE = "the cat (it sat) said"
NETWORK = ["step", "--cell", "lstm", "--hidden", "16"]
STEP = NETWORK + ["--text", SENTENCE]
RIGHT, LEFT, UP, DOWN = "\x1bOC", "\x1bOD", "\x1bOA", "\x1bOB"


def folder(purpose):
    """A folder that goes away in the end."""
    path = tempfile.mkdtemp(prefix=f"unroll-{purpose}-")
    atexit.register(shutil.rmtree, path, True)
    return path


def start(arguments=None, seen=True, state=None, **options):
    """The step scene, with the tour behind it unless it is asked for."""
    state = state or folder("state")
    if seen:
        os.makedirs(state + "/unroll", exist_ok=True)
        open(state + "/unroll/tour-seen", "w").close()
    environment = {"XDG_STATE_HOME": state}
    environment.update(options.pop("env", {}))
    return Terminal(PROGRAM, STEP if arguments is None else arguments, env=environment, **options)


def title(terminal, *parts):
    terminal.wait_for(
        lambda: all(part in terminal.title for part in parts),
        f"title with {', '.join(parts)}; it was {terminal.title!r}")


def tokens(terminal):
    """The token strip without what stands between the tokens."""
    return "".join(terminal.screen.display[1:3]).replace("│", "").replace(" ", "")


def update(terminal):
    """The number of updates that the title names; less than any before it does."""
    found = re.search(r"update (\d+)", terminal.title)
    return int(found.group(1)) if found else -1


def pause(terminal):
    """Stands still; the number of updates."""
    terminal.send(" ")
    title(terminal, "paused")
    # The last picture may come in pieces.
    terminal.settle()
    return update(terminal)


def export(terminal, name):
    """Exports to a file of this name, in a folder that goes away; its path."""
    path = os.path.join(folder("export"), name)
    terminal.send(f":export {path}\r")
    terminal.wait_for("wrote ", "word of the file")
    return path


def expect_ascii(start_scene):
    """In a locale without UTF-8 all that a scene shows is ASCII."""
    terminal = start_scene(env={"LANG": "C", "LC_ALL": "C"})
    strange = {character for character in terminal.text if ord(character) > 126}
    if strange:
        raise Failure(f"in a C locale, found {strange}\n{terminal.text}")
    quit(terminal)


def begin(**options):
    terminal = start(**options)
    title(terminal, "t = 0 of", "layer 0", "f")
    return terminal


def quit(terminal):
    terminal.send("q")
    terminal.expect_end(0)
