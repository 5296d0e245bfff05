#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const struct {
  int number;
  uint32_t bit;
} watched[] = {
    {SIGINT, TERMINAL_SIGNAL_INT},   {SIGTERM, TERMINAL_SIGNAL_TERM},
    {SIGHUP, TERMINAL_SIGNAL_HUP},   {SIGTSTP, TERMINAL_SIGNAL_TSTP},
    {SIGCONT, TERMINAL_SIGNAL_CONT}, {SIGWINCH, TERMINAL_SIGNAL_WINCH},
};
// What would end the program with the terminal as it is.
static const int fatal[] = {SIGSEGV, SIGILL,  SIGTRAP, SIGBUS,  SIGABRT, SIGFPE,
                            SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE};

enum { watched_count = sizeof watched / sizeof *watched, fatal_count = sizeof fatal / sizeof *fatal };

static struct sigaction former_watched[watched_count];
static struct sigaction former_fatal[fatal_count];

// The pipe lives as long as the process, so that a late wake() from another thread finds it.
static int wake_pipe[2] = {-1, -1};
static _Atomic uint32_t pending;

static int terminal_fd = -1;
static struct termios saved_modes;
static char reset_sequence[512];
static _Atomic bool armed;

static void note(uint32_t bit) {
  // Only the first of many writes a byte: the reader takes all bits at once.
  if (atomic_fetch_or(&pending, bit) == 0) {
    int saved = errno;
    ssize_t written = write(wake_pipe[1], "", 1);
    (void)written;
    errno = saved;
  }
}

static void on_signal(int number) {
  for (int i = 0; i < watched_count; i++) {
    if (watched[i].number == number) note(watched[i].bit);
  }
}

// Async-signal-safe: write and tcsetattr only.
static void restore_now(void) {
  if (!atomic_exchange(&armed, false)) return;
  ssize_t written = write(terminal_fd, reset_sequence, strlen(reset_sequence));
  (void)written;
  tcsetattr(terminal_fd, TCSANOW, &saved_modes);
}

// Restores the terminal and dies of the signal. Not by the former handler: the Swift runtime's prints
// a backtrace and waits half a minute at a prompt.
static void on_crash(int number) {
  restore_now();
  signal(number, SIG_DFL);
  raise(number);
}

static void block(int how, bool fatal_too) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < watched_count; i++) sigaddset(&set, watched[i].number);
  for (int i = 0; fatal_too && i < fatal_count; i++) sigaddset(&set, fatal[i]);
  pthread_sigmask(how, &set, NULL);
}

int terminal_open(int fd) {
  static bool registered;
  if (tcgetattr(fd, &saved_modes) != 0) return -1;
  if (wake_pipe[0] < 0 && pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  terminal_fd = fd;
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < watched_count; i++) {
    sigaction(watched[i].number, &action, &former_watched[i]);
  }
  // A stack of its own, so that running out of stack is survived long enough.
  static char stack[64 * 1024];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction crash = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_NODEFER};
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &crash, &former_fatal[i]);
  if (!registered) registered = atexit(restore_now) == 0;
  // Whoever started us may have left them blocked.
  block(SIG_UNBLOCK, true);
  return wake_pipe[0];
}

void terminal_arm(const char *reset) {
  strncpy(reset_sequence, reset, sizeof reset_sequence - 1);
  atomic_store(&armed, true);
}

void terminal_close(void) {
  atomic_store(&armed, false);
  for (int i = 0; i < watched_count; i++) {
    sigaction(watched[i].number, &former_watched[i], NULL);
  }
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &former_fatal[i], NULL);
}

void terminal_wake(void) {
  if (wake_pipe[1] >= 0) note(TERMINAL_SIGNAL_WAKE);
}

uint32_t terminal_take_signals(void) {
  char bytes[64];
  while (read(wake_pipe[0], bytes, sizeof bytes) > 0) {
  }
  return atomic_exchange(&pending, 0);
}

uint32_t terminal_pending_signals(void) {
  return atomic_load(&pending) == 0 ? 0 : terminal_take_signals();
}

void terminal_stop(void) {
  struct sigaction ours, standard = {.sa_handler = SIG_DFL};
  sigaction(SIGTSTP, &standard, &ours);
  block(SIG_UNBLOCK, false);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
}

void terminal_size(int fd, int *columns, int *rows) {
  struct winsize size = {0};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) size.ws_col = size.ws_row = 0;
  *columns = size.ws_col;
  *rows = size.ws_row;
}

int terminal_waiting(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) == 0 ? count : -1;
}
