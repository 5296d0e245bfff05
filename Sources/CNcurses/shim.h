// ncurses with wide characters, for the one target that draws on a terminal.
//
// Swift imports neither function-like macros nor variadic functions, and reports C globals as data
// races: what is needed of them is wrapped here, so that no constant is copied by hand.

#ifndef CNCURSES_SHIM_H
#define CNCURSES_SHIM_H

#define _XOPEN_SOURCE 700
#define _XOPEN_SOURCE_EXTENDED 1
// Without it cchar_t and the *_wch functions are not declared.
#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

// Globals.
static inline WINDOW *curses_stdscr(void) { return stdscr; }
static inline WINDOW *curses_curscr(void) { return curscr; }
static inline int curses_colors(void) { return COLORS; }
static inline int curses_pairs(void) { return COLOR_PAIRS; }
static inline FILE *curses_stdout(void) { return stdout; }
static inline FILE *curses_stdin(void) { return stdin; }

// Attributes, as the attr field of cchar_t holds them.
static inline attr_t curses_bold(void) { return A_BOLD; }
static inline attr_t curses_dim(void) { return A_DIM; }
static inline attr_t curses_underline(void) { return A_UNDERLINE; }
static inline attr_t curses_reverse(void) { return A_REVERSE; }

// A pair number goes into the attributes as far as it fits, and whole into ext_color.
static inline attr_t curses_pair_bits(int pair) {
  return (attr_t)COLOR_PAIR(pair < 255 ? pair : 255);
}

// The mouse.
static inline mmask_t curses_all_mouse_events(void) {
  return ALL_MOUSE_EVENTS | REPORT_MOUSE_POSITION;
}
// A press and a release that arrive together are reported as a click, whatever the interval.
static inline int curses_is_press(mmask_t state) {
  return (state & (BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)) != 0;
}
static inline int curses_is_click(mmask_t state) {
  return curses_is_press(state) && (state & BUTTON1_PRESSED) == 0;
}
static inline int curses_is_release(mmask_t state) { return (state & BUTTON1_RELEASED) != 0; }
static inline int curses_is_wheel_up(mmask_t state) { return (state & BUTTON4_PRESSED) != 0; }
static inline int curses_is_wheel_down(mmask_t state) { return (state & BUTTON5_PRESSED) != 0; }
static inline int curses_is_motion(mmask_t state) { return (state & REPORT_MOUSE_POSITION) != 0; }

// KEY_F(1) is one more than KEY_F0.
static inline int curses_key_f0(void) { return KEY_F0; }

// Whether text can hold every character: the codeset of the current LC_CTYPE.
static inline int curses_is_utf8(void) {
  const char *name = nl_langinfo(CODESET);
  return (name[0] == 'U' || name[0] == 'u') && (name[3] == '-' ? name[4] : name[3]) == '8';
}

// Columns that the C library, and so ncurses, gives a character; -1 if it is not printable.
static inline int curses_wcwidth(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

#endif
