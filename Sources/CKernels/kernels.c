// The public kernels: each calls the clone for the best instruction set of this CPU.

#include "kernel_table.h"

#include <stdatomic.h>
#include <string.h>

typedef struct {
  const char *name;
  const unroll_kernels *kernels;
} instruction_set;

static const instruction_set base = {"base", &unroll_kernels_base};
#if defined(__x86_64__)
static const instruction_set v3 = {"x86-64-v3", &unroll_kernels_v3};
static const instruction_set v4 = {"x86-64-v4", &unroll_kernels_v4};
#endif

static const instruction_set *_Atomic chosen = &base;

static const instruction_set *current(void) {
  return atomic_load_explicit(&chosen, memory_order_relaxed);
}

const char *unroll_instruction_set(void) { return current()->name; }

int unroll_use_instruction_set(const char *name) {
  const instruction_set *wanted = NULL;
  if (strcmp(name, base.name) == 0) wanted = &base;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(name, v3.name) == 0 && __builtin_cpu_supports("x86-64-v3")) wanted = &v3;
  if (strcmp(name, v4.name) == 0 && __builtin_cpu_supports("x86-64-v4")) wanted = &v4;
#endif
  if (wanted == NULL) return 0;
  atomic_store_explicit(&chosen, wanted, memory_order_relaxed);
  return 1;
}

#if defined(__x86_64__)
/// Runs when the program is loaded, before any thread can call a kernel.
__attribute__((constructor)) static void choose_instruction_set(void) {
  if (!unroll_use_instruction_set(v4.name)) unroll_use_instruction_set(v3.name);
}
#endif

#define DEFINE_PUBLIC(result, name, parameters, arguments) \
  result unroll_##name parameters { return current()->kernels->name arguments; }
UNROLL_KERNELS(DEFINE_PUBLIC)
