"""A terminal with a program in it: a pty on one side, the emulator pyte on the other."""

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pyte


# Seconds that a machine with other things to do may take for what takes a moment.
PATIENCE = 90


class Failure(Exception):
    """What was expected did not come about."""


class Terminal:
    """Runs a program in a pty and shows what it draws."""

    def __init__(
            self, program, arguments, term="xterm-256color", columns=80, rows=24, env=None,
            job_control=False):
        self.columns, self.rows = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.master, self.slave = os.openpty()
        self._set_size(columns, rows)
        self.modes = termios.tcgetattr(self.slave)
        environment = {
            key: value for key, value in os.environ.items()
            if key not in ("TERM", "COLORTERM", "TMUX", "STY", "NO_COLOR", "LINES", "COLUMNS")
        }
        environment.update({"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"})
        if term is not None:
            environment["TERM"] = term
        for key, value in (env or {}).items():
            if value is None:
                environment.pop(key, None)
            else:
                environment[key] = value
        command = [program, *arguments]
        if job_control:
            command = [sys.executable, __file__, *command]
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            env=environment, close_fds=True, start_new_session=True, preexec_fn=self._own_terminal)
        self.pid = self._job() if job_control else self.process.pid

    @staticmethod
    def _own_terminal():
        # Swift's test runner blocks signals, and children inherit that.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def _set_size(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _job(self):
        """The process that the shell in between has started."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        while self.process.poll() is None:
            with open(path) as file:
                children = file.read().split()
            if children:
                return int(children[0])
        raise Failure("the shell in between has ended")

    # What the user does

    def send(self, keys):
        """Types; a string is sent as UTF-8."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            self.read(0)
            _, writable, _ = select.select([], [self.master], [], PATIENCE)
            if not writable:
                raise Failure("the program reads no keys")
            data = data[os.write(self.master, data[:512]):]

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.read(0)
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def kill(self, number):
        os.kill(self.pid, number)

    # What the user sees

    def read(self, seconds):
        """Takes in what the program has written; false when it has closed the terminal."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    def settle(self, quiet=0.15, limit=5):
        """Reads until nothing has come for a while."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            size = len(self.raw)
            self.read(quiet)
            if len(self.raw) == size:
                return

    @property
    def text(self):
        return "\n".join(self.screen.display)

    @property
    def title(self):
        return self.screen.display[0]

    def wait_for(self, condition, what, seconds=PATIENCE):
        """Reads until a condition on the screen holds."""
        if isinstance(condition, str):
            wanted = condition
            condition = lambda: wanted in self.text  # noqa: E731
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise Failure(f"no {what}; the screen was\n{self.text}")
            if not self.read(0.05) and self.process.poll() is not None:
                if condition():
                    return
                raise Failure(f"the program ended before {what}; the screen was\n{self.text}")

    def expect_running(self):
        if self.process.poll() is not None:
            raise Failure(f"the program ended with {self.process.returncode}\n{self.text}")

    # The end

    def wait(self, seconds=PATIENCE):
        """Waits for the program's end; the exit code, or minus the signal that ended it."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise Failure(f"the program did not end; the screen was\n{self.text}")
            self.read(0.02)
        while self.read(0.02) and select.select([self.master], [], [], 0.02)[0]:
            pass
        return self.process.returncode

    def expect_restored(self):
        """The modes are as before, and the alternate screen was left behind."""
        if termios.tcgetattr(self.slave) != self.modes:
            raise Failure("the terminal's modes have changed")
        if b"\x1b[?1049h" in self.raw:
            if self.raw.rfind(b"\x1b[?1049l") < self.raw.rfind(b"\x1b[?1049h"):
                raise Failure("the alternate screen was not left")
            if self.raw.rfind(b"\x1b[?1002l") < self.raw.rfind(b"\x1b[?1002h"):
                raise Failure("the mouse was not given back")
            if self.raw.rfind(b"\x1b[?25h") < self.raw.rfind(b"\x1b[?25l"):
                raise Failure("the cursor stayed hidden")

    def expect_end(self, code):
        found = self.wait()
        if found != code:
            raise Failure(f"expected exit code {code}, found {found}\n{self.text}")
        self.expect_restored()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            try:
                os.close(descriptor)
            except OSError:
                pass


def status(pid, field):
    """A field of /proc/PID/status."""
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith(field + ":"):
                return line.split(None, 1)[1].strip()
    return ""


def wait_until(condition, what, pause=0.02):
    """Looks again and again whether something holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Failure(what())
        time.sleep(pause)


def wakeups(pid):
    """How often the process's threads have gone to sleep or been taken off so far."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/status") as file:
                for line in file:
                    if "ctxt_switches" in line:
                        total += int(line.split()[1])
        except FileNotFoundError:
            pass
    return total


def shell(command):
    """The least of a shell with job control: a job in a group of its own in the foreground. Only a
    process with such a parent can be stopped from the keyboard."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execv(command[0], command)
    _, status = os.waitpid(job, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(shell(sys.argv[1:]))
