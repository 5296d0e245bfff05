"""What goes wrong: sizes, signals, lost terminals, wrong input. And rest: idleness costs nothing."""

import os
import random
import signal
import subprocess
import time

from program import PROGRAM, RIGHT, STEP, begin, quit, start, title
from terminal import Failure, status, wait_until, wakeups


def resize_storm():
    terminal = begin()
    generator = random.Random(1)
    for _ in range(200):
        terminal.resize(generator.randint(1, 260), generator.randint(1, 80))
        if generator.random() < 0.1:
            terminal.settle(quiet=0.01)
            terminal.expect_running()
    terminal.resize(100, 30)
    terminal.settle()
    terminal.expect_running()
    terminal.send("l")
    title(terminal, "t = 1 of")
    terminal.settle()
    fresh = begin(columns=100, rows=30)
    fresh.send("l")
    title(fresh, "t = 1 of")

    def same():
        terminal.read(0.05)
        fresh.read(0.05)
        return terminal.text == fresh.text

    wait_until(
        same,
        lambda: f"after the storm\n{terminal.text}\nbut a fresh start shows\n{fresh.text}")
    quit(fresh)
    quit(terminal)


def too_small():
    terminal = start(columns=60, rows=20)
    terminal.wait_for("need 80×24, have 60×20", "request for room")
    terminal.resize(80, 24)
    title(terminal, "t = 0 of")
    terminal.resize(79, 24)
    terminal.wait_for("have 79×24", "request for room")
    quit(terminal)
    # On the first start the tour must not be in the way either.
    terminal = start(columns=60, rows=20, seen=False)
    terminal.wait_for("need 80×24, have 60×20", "request for room")
    quit(terminal)


def signals():
    for number, code in [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]:
        terminal = begin()
        terminal.kill(number)
        terminal.expect_end(code)
        terminal.close()
    terminal = begin()
    terminal.send("\x03")
    terminal.expect_end(130)


def stop_and_continue():
    terminal = begin(job_control=True)
    for by_key in (False, True):
        if by_key:
            terminal.send("\x1a")
        else:
            terminal.kill(signal.SIGTSTP)
        def stopped():
            terminal.read(0.02)
            return status(terminal.pid, "State")[:1] == "T"

        wait_until(stopped, lambda: "the program did not stop")
        terminal.settle()
        terminal.expect_restored()
        terminal.stream.feed(b"\x1b[2J\x1b[Hsomething else was here")
        terminal.kill(signal.SIGCONT)
        title(terminal, "t = 0 of")
        terminal.wait_for(
            lambda: "something else" not in terminal.text and "quit" in terminal.text, "redraw")
    terminal.send(RIGHT)
    title(terminal, "t = 1 of")
    quit(terminal)


def hangup():
    """The window is closed: the program goes away too, at once."""
    terminal = begin()
    os.close(terminal.slave)
    os.close(terminal.master)
    wait_until(
        lambda: terminal.process.poll() is not None,
        lambda: f"still there, {status(terminal.pid, 'State')}")
    if terminal.process.returncode != 129:
        raise Failure(f"exit code {terminal.process.returncode}")


def crash():
    terminal = begin()
    terminal.kill(signal.SIGSEGV)
    terminal.expect_end(-signal.SIGSEGV)


def random_input():
    generator = random.Random(7)
    pieces = [b"\x1b", b"\x1b[", b"\x1bO", b"\x1b[<0;5", b"\x1b[<0;5;5M", b"\x1b[<35;900;900M",
              b"\x1b[200~", b"\x1b[201~", b"\x1b[1;5C", b"\xc3", b"\xff\xfe", b"\xe2\x94", b"\x00",
              b"\x1b[M   ", b"\xf0\x9f\x91\xa9", "é漢字👩‍👧".encode(), b":", b"t", b"\r", b"?"]
    terminal = begin()
    for _ in range(150):
        if generator.random() < 0.5:
            data = generator.choice(pieces)
        else:
            data = bytes(generator.randrange(256) for _ in range(generator.randint(1, 12)))
        # Ctrl-C, Ctrl-Z and Ctrl-\ are signals, and q leaves: all of them are meant.
        for leaving in (b"\x03", b"\x1a", b"\x1c", b"q", b"\x04", b"\x13"):
            data = data.replace(leaving, b"")
        if data:
            terminal.send(data)
    terminal.settle(quiet=0.4)
    terminal.expect_running()
    terminal.send("\x1b[201~")
    terminal.settle(quiet=0.4)
    for _ in range(3):
        terminal.send("\x1b")
        terminal.settle(quiet=0.06)

    def at_start():
        # An escape that is read together with the letter would make one key of both.
        terminal.send("g")
        terminal.settle(quiet=0.4)
        return "forward" in terminal.title and "t = 0 of" in terminal.title

    wait_until(at_start, lambda: terminal.text)
    quit(terminal)


def idle():
    terminal = begin()
    expect_rest(terminal, seconds=2)
    quit(terminal)


def expect_rest(terminal, seconds):
    """Sooner or later nothing at all happens for some time."""
    count = 0

    def rests():
        nonlocal count
        terminal.settle(quiet=0.4)
        before = wakeups(terminal.pid)
        time.sleep(seconds)
        count = wakeups(terminal.pid) - before
        return count == 0

    wait_until(rests, lambda: f"{count} wakeups in {seconds} s of idleness")


def run_pauses():
    """Space runs and pauses; paused it is idle again."""
    terminal = begin()
    terminal.send("++++ ")
    title(terminal, "t = 1 of")
    terminal.send(" ")
    expect_rest(terminal, seconds=0.5)
    shown = terminal.title
    time.sleep(0.5)
    terminal.read(0)
    if terminal.title != shown:
        raise Failure("it goes on although it is paused")
    quit(terminal)


def no_terminal():
    result = subprocess.run(
        [PROGRAM, *STEP], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)
    message = result.stderr
    if result.returncode != 1 or result.stdout:
        raise Failure(f"exit code {result.returncode}, standard output {result.stdout!r}")
    if message.count("\n") != 1 or any(
            word not in message for word in ("not a terminal", "unroll trace", "unroll shot")):
        raise Failure(f"the message was {message!r}")


def bad_terminals():
    for term, part in [(None, "TERM is not set"), ("", "TERM is not set"), ("dumb", "TERM=dumb"),
                       ("no-such-terminal", "unknown terminal type TERM=no-such-terminal")]:
        terminal = start(term=term)
        code = terminal.wait()
        if code != 1:
            raise Failure(f"TERM={term}: exit code {code}")
        # The message is cut into lines by the terminal's edge.
        message = "".join(line.ljust(80) for line in terminal.screen.display)
        if part not in message or "unroll trace" not in message:
            raise Failure(f"TERM={term}: {message!r}")
        if b"\x1b" in terminal.raw:
            raise Failure(f"TERM={term}: escape sequences in {terminal.raw!r}")
        terminal.expect_restored()
        terminal.close()


def bad_input_leaves_no_screen():
    """An error is said before the terminal is taken over."""
    terminal = start(arguments=["step", "/no/such/file.safetensors"])
    if terminal.wait() != 1 or b"\x1b" in terminal.raw or "no/such/file" not in terminal.text:
        raise Failure(terminal.text)
