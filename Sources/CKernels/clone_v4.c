// The kernels for x86-64-v4: AVX-512, 32 registers of 64 bytes.
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>

#include "kernel_table.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define CLONE unroll_kernels_v4
#define VECTOR_BYTES 64
#define VECTOR_REGISTERS 32
#include "clone.h"
#pragma clang attribute pop

#endif
