// Whether numbers too small to be normal are computed with, at a tenth of the speed, or count as 0.

#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

/// Results that are too small become 0 (bit 15), operands count as 0 (bit 6).
static const unsigned flush_bits = 0x8040;

int unroll_flush_denormals(int on) {
  unsigned before = _mm_getcsr();
  _mm_setcsr(on ? before | flush_bits : before & ~flush_bits);
  return (before & flush_bits) == flush_bits;
}

#elif defined(__aarch64__)

int unroll_flush_denormals(int on) {
  const uint64_t flush_bit = 1ull << 24;
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  uint64_t after = on ? before | flush_bit : before & ~flush_bit;
  __asm__ volatile("msr fpcr, %0" : : "r"(after));
  return (before & flush_bit) != 0;
}

#else

int unroll_flush_denormals(int on) {
  (void)on;
  return 0;
}

#endif
