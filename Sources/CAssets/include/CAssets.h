// The files of assets/, built into the program: nothing is looked for at run time.
#pragma once

#include <stddef.h>

typedef struct {
  const char *kind;  // "cell", "block", "model", "text"
  const char *name;  // without its ending
  const unsigned char *bytes;
  size_t count;
} unroll_asset;

/// The shipped files in the order in which they are listed; NULL after the last one.
const unroll_asset *unroll_asset_at(size_t index);
