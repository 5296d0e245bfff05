// The kernels for every CPU of the architecture: SSE2 on x86-64, NEON on ARM; 16-byte registers.
#include <math.h>

#include "kernel_table.h"

#define CLONE unroll_kernels_base
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define VECTOR_REGISTERS 32
#else
#define VECTOR_REGISTERS 16
#endif
#include "clone.h"
