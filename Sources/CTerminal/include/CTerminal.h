// What has to be C about owning a terminal: signal handlers and the state that they share with
// the program. There is one terminal for a process, so the state is global.

#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stddef.h>
#include <stdint.h>

/// Bits of `terminal_take_signals`.
enum {
  TERMINAL_SIGNAL_INT = 1,
  TERMINAL_SIGNAL_TERM = 2,
  TERMINAL_SIGNAL_HUP = 4,
  TERMINAL_SIGNAL_TSTP = 8,
  TERMINAL_SIGNAL_CONT = 16,
  TERMINAL_SIGNAL_WINCH = 32,
  TERMINAL_SIGNAL_WAKE = 64,
};

/// Saves the modes of the terminal and installs the handlers. To be called before newterm, which
/// would install its own. Returns the descriptor that becomes readable after a signal or a wake, or
/// -1 with errno.
int terminal_open(int fd);

/// What a crash writes to get the terminal out of the alternate screen; at most 511 bytes are kept.
/// From here on until `terminal_close` a crash or exit restores the terminal.
void terminal_arm(const char *reset);

/// Puts the former handlers back. The modes are the caller's business, unless the caller never
/// armed.
void terminal_close(void);

/// Makes the descriptor readable. For any thread and for signal handlers; many calls before the
/// next take are one.
void terminal_wake(void);

/// What has happened since the last call, as bits; the descriptor is drained.
uint32_t terminal_take_signals(void);

/// The same, without a system call if nothing has happened.
uint32_t terminal_pending_signals(void);

/// Stops the process as SIGTSTP does by default, and returns when it is continued.
void terminal_stop(void);

/// The size that the kernel has for the terminal; 0 if it is not known.
void terminal_size(int fd, int *columns, int *rows);

/// The number of bytes that wait to be read, or -1.
int terminal_waiting(int fd);

#endif
