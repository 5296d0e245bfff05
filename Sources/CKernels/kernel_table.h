// The list of kernels that exist once for each instruction set, and the table that holds them.
//
// An entry is KERNEL(result, name, (parameters), (arguments)). kernels.c makes the public
// functions from the same list.
#pragma once

#include "CKernels.h"

#define UNROLL_KERNELS_FOR(KERNEL, S, T)                                                           \
  KERNEL(void, run##S,                                                                             \
         (const unroll_instruction *program, size_t count, const unroll_operand *operands,         \
          T *scratch, size_t block, size_t rows, size_t columns),                                  \
         (program, count, operands, scratch, block, rows, columns))                                \
  KERNEL(void, multiply_packed##S,                                                                 \
         (size_t m, size_t n, size_t k, const T *a, size_t lda, int transposed, const T *packed,   \
          T *c, size_t ldc),                                                                       \
         (m, n, k, a, lda, transposed, packed, c, ldc))                                            \
  KERNEL(void, multiply_vector##S,                                                                 \
         (const unroll_rows *parts, size_t count, size_t k, int upwards, const T *x, T *y),        \
         (parts, count, k, upwards, x, y))                                                         \
  KERNEL(void, multiply_vector_transposed##S,                                                      \
         (const unroll_rows *parts, size_t count, size_t k, int upwards, const T *y, T *x),        \
         (parts, count, k, upwards, y, x))                                                         \
  KERNEL(void, softmax##S, (size_t rows, size_t n, const T *x, size_t ldx, T *y, size_t ldy),      \
         (rows, n, x, ldx, y, ldy))                                                                \
  KERNEL(void, softmax_backward##S,                                                                \
         (size_t rows, size_t n, const T *y, size_t ldy, const T *dy, size_t lddy, T *dx,          \
          size_t lddx),                                                                            \
         (rows, n, y, ldy, dy, lddy, dx, lddx))                                                    \
  KERNEL(void, cross_entropy##S,                                                                   \
         (size_t rows, size_t n, const T *logits, size_t ldx, const int32_t *targets,              \
          T *probabilities, size_t ldy, double *losses),                                           \
         (rows, n, logits, ldx, targets, probabilities, ldy, losses))                              \
  KERNEL(void, normalize##S,                                                                       \
         (size_t rows, size_t n, const T *x, size_t ldx, double eps, T *y, size_t ldy, T *rstd),   \
         (rows, n, x, ldx, eps, y, ldy, rstd))                                                     \
  KERNEL(void, normalize_backward##S,                                                              \
         (size_t rows, size_t n, const T *y, size_t ldy, const T *rstd, const T *dy, size_t lddy,  \
          T *dx, size_t lddx),                                                                     \
         (rows, n, y, ldy, rstd, dy, lddy, dx, lddx))                                              \
  KERNEL(void, column_sums##S, (size_t rows, size_t n, const T *x, size_t ldx, T *sums),           \
         (rows, n, x, ldx, sums))                                                                  \
  KERNEL(void, row_norms##S, (size_t rows, size_t n, const T *x, size_t ldx, double *norms),       \
         (rows, n, x, ldx, norms))                                                                 \
  KERNEL(double, sum_squares##S, (size_t n, const T *x), (n, x))                                   \
  KERNEL(size_t, first_nonfinite##S, (size_t n, const T *x), (n, x))                               \
  KERNEL(void, axpy##S, (size_t n, T alpha, const T *x, T *y), (n, alpha, x, y))

#define UNROLL_KERNELS(KERNEL)                                                                     \
  UNROLL_KERNELS_FOR(KERNEL, _f32, float)                                                          \
  UNROLL_KERNELS_FOR(KERNEL, _f64, double)                                                         \
  KERNEL(void, adam_f32,                                                                           \
         (size_t n, float *w, const float *g, float *m, float *v, float scale, float lr,           \
          float beta1, float beta2, float eps, float correction1, float correction2),              \
         (n, w, g, m, v, scale, lr, beta1, beta2, eps, correction1, correction2))                  \
  KERNEL(void, sgd_f32,                                                                            \
         (size_t n, float *w, const float *g, float *v, float scale, float lr, float momentum),    \
         (n, w, g, v, scale, lr, momentum))

#define UNROLL_FIELD(result, name, parameters, arguments) result(*name) parameters;
typedef struct {
  UNROLL_KERNELS(UNROLL_FIELD)
} unroll_kernels;

extern const unroll_kernels unroll_kernels_base;
#if defined(__x86_64__)
extern const unroll_kernels unroll_kernels_v3;
extern const unroll_kernels unroll_kernels_v4;
#endif
