// The kernels for x86-64-v3: AVX2 and fused multiply-add, 16 registers of 32 bytes.
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>

#include "kernel_table.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define CLONE unroll_kernels_v3
#define VECTOR_BYTES 32
#define VECTOR_REGISTERS 16
#include "clone.h"
#pragma clang attribute pop

#endif
