// Elementwise, row-wise and small-batch kernels, each for float (_f32) and double (_f64).
//
// Every function is compiled several times for different instruction sets and the best clone is
// chosen when the program is loaded (see clone.h and kernels.c). Nothing here allocates.
#pragma once

#include <stddef.h>
#include <stdint.h>

// MARK: The vector machine
//
// The fused elementwise part of a plan is a straight list of instructions. It is run row by row
// and block by block, so that every intermediate value stays in the first-level cache.

/// What an instruction does to each element. `a`, `b`, `c` are operands, `imm` a number.
typedef enum {
  unroll_op_copy,        // a
  unroll_op_fill,        // imm
  unroll_op_neg,         // -a
  unroll_op_add,         // a + b
  unroll_op_sub,         // a - b
  unroll_op_mul,         // a * b
  unroll_op_div,         // a / b
  unroll_op_max,         // a >= b ? a : b      (NaN in a or b gives NaN)
  unroll_op_min,         // a <= b ? a : b      (NaN in a or b gives NaN)
  unroll_op_fma,         // a * b + c
  unroll_op_add_imm,     // a + imm
  unroll_op_imm_sub,     // imm - a
  unroll_op_mul_imm,     // a * imm
  unroll_op_imm_div,     // imm / a
  unroll_op_sigmoid,     // 1 / (1 + exp(-a))
  unroll_op_tanh,        // tanh(a)
  unroll_op_relu,        // a > 0 ? a : 0       (NaN gives NaN)
  unroll_op_leaky_relu,  // a > 0 ? a : imm * a
  unroll_op_elu,         // a > 0 ? a : imm * (exp(a) - 1), accurate near 0
  unroll_op_gelu,        // a * normal_cdf(a)
  unroll_op_gelu_tanh,   // a/2 * (1 + tanh(sqrt(2/pi) * (a + 0.044715 a^3)))
  unroll_op_exp,
  unroll_op_log,
  unroll_op_abs,
  unroll_op_sqrt,
  unroll_op_step,        // a > 0 ? 1 : 0       (0 at 0)
  unroll_op_sign,        // -1, 0, 1
  unroll_op_ge,          // a >= b ? 1 : 0
  unroll_op_le,          // a <= b ? 1 : 0
  unroll_op_normal_cdf,  // (1 + erf(a / sqrt 2)) / 2
  unroll_op_normal_pdf,  // exp(-a^2 / 2) / sqrt(2 pi)
} unroll_op;

/// An operand index at or above this names scratch register `index - unroll_scratch`.
#define unroll_scratch 0x8000

typedef struct {
  uint16_t op;           // an unroll_op
  uint16_t dst, a, b, c; // operand indices; unused ones are 0
  double imm;
} unroll_instruction;

/// A buffer in memory: element (row, column) is at `base[row * row_stride + column]`.
/// A row stride of 0 reads one row for all (a parameter), or sums into one row (add dst, dst, a).
typedef struct {
  void *base;
  ptrdiff_t row_stride;
} unroll_operand;

/// Runs `count` instructions for each row, in blocks of at most `block` columns.
///
/// dst may be the very same address as a, b or c, never an overlapping one.
/// `scratch` holds block elements per register, 64-byte aligned. Rows run in order 0 ..< rows.
void unroll_run_f32(const unroll_instruction *program, size_t count, const unroll_operand *operands,
                    float *scratch, size_t block, size_t rows, size_t columns);
void unroll_run_f64(const unroll_instruction *program, size_t count, const unroll_operand *operands,
                    double *scratch, size_t block, size_t rows, size_t columns);

// MARK: Products with a packed right factor
//
// A recurrence multiplies a few rows by the same matrix at every step. The matrix is packed once
// into panels that the kernel streams through; C[m,n] += A[m,k] * P[k,n].

/// Elements that a packed [k, n] matrix takes (panels are padded).
size_t unroll_packed_size_f32(size_t k, size_t n);
size_t unroll_packed_size_f64(size_t k, size_t n);
/// Packs P[k,n] from row-major w: P[i][j] = transposed ? w[j * ldw + i] : w[i * ldw + j].
/// The next panel begins `depth` rows after the last one: k, or more where rows of P are packed
/// piece by piece.
void unroll_pack_f32(size_t k, size_t n, const float *w, size_t ldw, int transposed, size_t depth,
                     float *packed);
void unroll_pack_f64(size_t k, size_t n, const double *w, size_t ldw, int transposed, size_t depth,
                     double *packed);
/// C += A * P for m rows; lda and ldc are row strides. A is [m,k], or [k,m] where it is transposed.
/// C never overlaps A.
void unroll_multiply_packed_f32(size_t m, size_t n, size_t k, const float *a, size_t lda,
                                int transposed, const float *packed, float *c, size_t ldc);
void unroll_multiply_packed_f64(size_t m, size_t n, size_t k, const double *a, size_t lda,
                                int transposed, const double *packed, double *c, size_t ldc);

// MARK: Products of a matrix with one vector
//
// For a recurrence over a single sequence. The rows of W[n,k] lie in one or several parts, which are
// walked from the last row to the first where `upwards` is not 0. See matrix_vector.h.

/// Some rows of a matrix of float or double: the next one begins `stride` elements on.
typedef struct {
  const void *base;
  ptrdiff_t stride;
  size_t count;
} unroll_rows;

/// y += W * x
void unroll_multiply_vector_f32(const unroll_rows *parts, size_t count, size_t k, int upwards,
                                const float *x, float *y);
void unroll_multiply_vector_f64(const unroll_rows *parts, size_t count, size_t k, int upwards,
                                const double *x, double *y);
/// x += transposed W * y. The order of a sum is the order of the walk.
void unroll_multiply_vector_transposed_f32(const unroll_rows *parts, size_t count, size_t k,
                                           int upwards, const float *y, float *x);
void unroll_multiply_vector_transposed_f64(const unroll_rows *parts, size_t count, size_t k,
                                           int upwards, const double *y, double *x);

// MARK: Row-wise kernels. Row strides in elements.

/// y = softmax of each row of x (y may be x). A row of -infinity only gives zeros.
void unroll_softmax_f32(size_t rows, size_t n, const float *x, size_t ldx, float *y, size_t ldy);
void unroll_softmax_f64(size_t rows, size_t n, const double *x, size_t ldx, double *y, size_t ldy);
/// dx = y * (dy - sum(dy * y)) for each row (dx may be dy).
void unroll_softmax_backward_f32(size_t rows, size_t n, const float *y, size_t ldy, const float *dy,
                                 size_t lddy, float *dx, size_t lddx);
void unroll_softmax_backward_f64(size_t rows, size_t n, const double *y, size_t ldy,
                                 const double *dy, size_t lddy, double *dx, size_t lddx);
/// y = (x - mean) / sqrt(variance + eps) for each row (biased variance, as torch.nn.LayerNorm),
/// rstd[row] = 1 / sqrt(variance + eps). y may be x.
void unroll_normalize_f32(size_t rows, size_t n, const float *x, size_t ldx, double eps, float *y,
                          size_t ldy, float *rstd);
void unroll_normalize_f64(size_t rows, size_t n, const double *x, size_t ldx, double eps, double *y,
                          size_t ldy, double *rstd);
/// dx = rstd * (dy - mean(dy) - y * mean(dy * y)) for each row, y as given by normalize.
void unroll_normalize_backward_f32(size_t rows, size_t n, const float *y, size_t ldy,
                                   const float *rstd, const float *dy, size_t lddy, float *dx,
                                   size_t lddx);
void unroll_normalize_backward_f64(size_t rows, size_t n, const double *y, size_t ldy,
                                   const double *rstd, const double *dy, size_t lddy, double *dx,
                                   size_t lddx);
/// sums[j] += sum over rows of x[row][j]; accumulated in blocks so that float stays accurate.
void unroll_column_sums_f32(size_t rows, size_t n, const float *x, size_t ldx, float *sums);
void unroll_column_sums_f64(size_t rows, size_t n, const double *x, size_t ldx, double *sums);
/// norms[row] = sqrt(sum of squares of the row), accumulated in double.
void unroll_row_norms_f32(size_t rows, size_t n, const float *x, size_t ldx, double *norms);
void unroll_row_norms_f64(size_t rows, size_t n, const double *x, size_t ldx, double *norms);
/// Softmax and cross-entropy of each row of logits against targets[row] (-1: no target).
/// probabilities (may be logits) gets softmax; losses[row] gets -log p[target] in nats, 0 where
/// there is no target.
void unroll_cross_entropy_f32(size_t rows, size_t n, const float *logits, size_t ldx,
                              const int32_t *targets, float *probabilities, size_t ldy,
                              double *losses);
void unroll_cross_entropy_f64(size_t rows, size_t n, const double *logits, size_t ldx,
                              const int32_t *targets, double *probabilities, size_t ldy,
                              double *losses);

// MARK: Whole buffers

/// Sum of squares in double.
double unroll_sum_squares_f32(size_t n, const float *x);
double unroll_sum_squares_f64(size_t n, const double *x);
/// Index of the first element that is NaN or infinite, or n.
size_t unroll_first_nonfinite_f32(size_t n, const float *x);
size_t unroll_first_nonfinite_f64(size_t n, const double *x);
/// y += alpha * x
void unroll_axpy_f32(size_t n, float alpha, const float *x, float *y);
void unroll_axpy_f64(size_t n, double alpha, const double *x, double *y);
/// One Adam update (Kingma & Ba 2015, as torch.optim.Adam): g is scaled by `scale` first;
/// correction1 = 1 - beta1^step, correction2 = 1 - beta2^step.
void unroll_adam_f32(size_t n, float *w, const float *g, float *m, float *v, float scale, float lr,
                     float beta1, float beta2, float eps, float correction1, float correction2);
/// One step of SGD with momentum (as torch.optim.SGD): v = momentum * v + scale * g; w -= lr * v.
void unroll_sgd_f32(size_t n, float *w, const float *g, float *v, float scale, float lr,
                    float momentum);

// MARK: The CPU's modes

/// Whether numbers too small to be normal count as 0 on the calling thread from now on; returns
/// whether they did before.
int unroll_flush_denormals(int on);

// MARK: Instruction sets

/// The instruction set whose clones are in use: "x86-64-v4", "x86-64-v3" or "base".
const char *unroll_instruction_set(void);
/// Uses the clones for the named instruction set from now on, for tests and comparisons; returns 0
/// and changes nothing where the CPU lacks it. Sums are in another order in each set, and "base"
/// has no fused multiply-add on x86-64: results differ in the last bits. Packed matrices stay
/// valid.
int unroll_use_instruction_set(const char *name);
