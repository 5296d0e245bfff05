// What OpenBLAS does when it loads, and what this program wants instead: other kernels on CPUs that it
// does not know, and no threads before somebody asks for them.

#include <stdlib.h>
#include <string.h>
#include <strings.h>

// Weak: a build of OpenBLAS for one CPU, or without threads, has none of these.
__attribute__((weak)) const char *openblas_get_corename(void);
__attribute__((weak)) void gotoblas_dynamic_init(void);
__attribute__((weak)) void gotoblas_dynamic_quit(void);
__attribute__((weak)) void openblas_set_num_threads(int count);
__attribute__((weak)) int blas_thread_shutdown_(void);

#if defined(__x86_64__)

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

/// OpenBLAS chooses its kernels by the CPU's model number. One newer than the library gets kernels
/// without FMA, at a sixth of the speed (34 instead of 200 GFLOP/s, measured with OpenBLAS 0.3.21 on a
/// CPU of 2023). What the CPU can do is known all the same: then the choice is made once more, by
/// instruction set, as OPENBLAS_CORETYPE does it. Whoever sets that variable is obeyed.
static void choose_core(void) {
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

#else

static void choose_core(void) {}

#endif

/// OpenBLAS starts a thread for each core, and each spins for 2^26 cycles before it sleeps: on two
/// cores the first picture came after 50 ms instead of 35, for the terminal had to wait for a core.
/// A product that wants them starts them again.
static void dismiss_threads(void) {
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}

/// Runs after the library's own constructor, before any product.
__attribute__((constructor)) static void set_up_openblas(void) {
  choose_core();
  dismiss_threads();
}
