#include "CPseudoTerminal.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

pseudo_terminal pseudo_terminal_start(const char *path, char *const arguments[],
                                      char *const environment[], int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  pseudo_terminal terminal = {-1, -1};
  terminal.pid = forkpty(&terminal.descriptor, NULL, NULL, &size);
  if (terminal.pid == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(path, arguments, environment);
    _exit(127);
  }
  return terminal;
}

int pseudo_terminal_wait(pseudo_terminal terminal, int milliseconds) {
  struct pollfd poll_descriptor = {.fd = terminal.descriptor, .events = POLLIN};
  int count = poll(&poll_descriptor, 1, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -1;
  if (count == 0) return 0;
  return poll_descriptor.revents & POLLIN ? 1 : -1;
}

int pseudo_terminal_end(pseudo_terminal terminal) {
  int status = 0;
  for (int wait = 0; wait < 200; wait++) {
    pid_t ended = waitpid(terminal.pid, &status, WNOHANG);
    if (ended == terminal.pid || (ended < 0 && errno == ECHILD)) goto ended;
    // What the program writes on its way out has to be taken, or it never gets there.
    if (pseudo_terminal_wait(terminal, 10) == 1) {
      char rest[4096];
      if (read(terminal.descriptor, rest, sizeof rest) < 0 && errno != EINTR) break;
    } else {
      usleep(1000);
    }
  }
  kill(terminal.pid, SIGKILL);
  waitpid(terminal.pid, &status, 0);
ended:
  close(terminal.descriptor);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
