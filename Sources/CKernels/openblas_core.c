// OpenBLAS chooses its kernels when it loads, by the CPU's model number. One newer than the library
// gets kernels without FMA, at a sixth of the speed (34 instead of 200 GFLOP/s, measured with
// OpenBLAS 0.3.21 on a CPU of 2023). What the CPU can do is known all the same: then the choice
// is made once more, by instruction set, as OPENBLAS_CORETYPE does it. Whoever sets that
// variable is obeyed.

#if defined(__x86_64__)

#include <stdlib.h>
#include <string.h>
#include <strings.h>

// Weak: a build of OpenBLAS for one CPU has none of these.
__attribute__((weak)) const char *openblas_get_corename(void);
__attribute__((weak)) void gotoblas_dynamic_init(void);
__attribute__((weak)) void gotoblas_dynamic_quit(void);

/// Whether the named kernels are for CPUs without FMA.
static int is_older_than_fma(const char *core) {
  static const char *const names[] = {
      "Katmai",   "Coppermine", "Northwood", "Prescott",     "Banias",    "Core2",       "Penryn",
      "Dunnington", "Nehalem",  "Sandybridge", "Atom",       "Athlon",    "Opteron",
      "Opteron_SSE3", "Barcelona", "Bobcat", "Nano",         "generic",   "Unknown"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcasecmp(core, names[i]) == 0) return 1;
  }
  return 0;
}

/// Runs after the library's own constructor, before any product.
__attribute__((constructor)) static void choose_openblas_core(void) {
  static const char variable[] = "OPENBLAS_CORETYPE";
  if (!openblas_get_corename || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (getenv(variable) || !is_older_than_fma(openblas_get_corename())) return;
  __builtin_cpu_init();
  const char *core = __builtin_cpu_supports("x86-64-v4")   ? "SkylakeX"
                     : __builtin_cpu_supports("x86-64-v3") ? "Haswell"
                                                           : NULL;
  if (!core) return;
  setenv(variable, core, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv(variable);
}

#endif
