// A program in a terminal of its own, as a person's terminal emulator would start it.
#pragma once

#include <sys/types.h>

typedef struct {
  pid_t pid;       // -1 if the program could not be started
  int descriptor;  // what the program writes is read here, keys are written here
} pseudo_terminal;

/// Starts the program at `path` in a new terminal of the given size.
pseudo_terminal pseudo_terminal_start(const char *path, char *const arguments[],
                                      char *const environment[], int rows, int columns);

/// Waits until something can be read.
///
/// Returns 1 when there is something, 0 after the time, -1 when the program has gone.
int pseudo_terminal_wait(pseudo_terminal terminal, int milliseconds);

/// Ends the program if it still runs, and waits for it. Returns its exit code, or -1.
int pseudo_terminal_end(pseudo_terminal terminal);
