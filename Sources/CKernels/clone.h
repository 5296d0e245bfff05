// All kernels for one instruction set: included by clone_v4.c, clone_v3.c and clone_base.c, which
// set the target, VECTOR_BYTES, VECTOR_REGISTERS and CLONE, the name of the table.

#define INLINE static inline __attribute__((always_inline))

// Vectors wider than a register are passed to inlined functions only, where there is no ABI.
#pragma clang diagnostic ignored "-Wpsabi"

// Shorthands for what vector.h and math_*.h define for each element type.
#define LANES (VECTOR_BYTES / sizeof(real))
#define vec NAME(vec)
#define ivec NAME(ivec)
#define wide NAME(wide)
#define load NAME(load)
#define store NAME(store)
#define splat NAME(splat)
#define widen NAME(widen)
#define choose NAME(choose)
#define absolute NAME(absolute)
#define first_lanes NAME(first_lanes)
#define load_part NAME(load_part)
#define store_part NAME(store_part)
#define total NAME(total)
#define pair_sums NAME(pair_sums)
#define greatest NAME(greatest)

// MARK: float

#define real float
#define integer int32_t
#define NAME(name) name##_f32
#define LOAD_PART_512(p, count) (vec) _mm512_maskz_loadu_ps((__mmask16)((1u << (count)) - 1), p)
#define STORE_PART_512(p, v, count) \
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << (count)) - 1), (__m512)(v))
#define LOAD_PART_256(p, mask) (vec) _mm256_maskload_ps(p, (__m256i)(mask))
#define STORE_PART_256(p, mask, v) _mm256_maskstore_ps(p, (__m256i)(mask), (__m256)(v))

#include "vector.h"
#include "math_f32.h"
#include "machine.h"
#include "packed.h"
#include "matrix_vector.h"
#include "softmax.h"
#include "normalize.h"
#include "sums.h"
#include "optimizers.h"

#undef real
#undef integer
#undef NAME
#undef LOAD_PART_512
#undef STORE_PART_512
#undef LOAD_PART_256
#undef STORE_PART_256

// MARK: double

#define real double
#define integer int64_t
#define NAME(name) name##_f64
#define LOAD_PART_512(p, count) (vec) _mm512_maskz_loadu_pd((__mmask8)((1u << (count)) - 1), p)
#define STORE_PART_512(p, v, count) \
  _mm512_mask_storeu_pd(p, (__mmask8)((1u << (count)) - 1), (__m512d)(v))
#define LOAD_PART_256(p, mask) (vec) _mm256_maskload_pd(p, (__m256i)(mask))
#define STORE_PART_256(p, mask, v) _mm256_maskstore_pd(p, (__m256i)(mask), (__m256d)(v))

#include "vector.h"
#include "math_f64.h"
#include "machine.h"
#include "packed.h"
#include "matrix_vector.h"
#include "softmax.h"
#include "normalize.h"
#include "sums.h"

// MARK: The table

#define ENTRY(result, name, parameters, arguments) .name = name,
const unroll_kernels CLONE = {UNROLL_KERNELS(ENTRY)};
