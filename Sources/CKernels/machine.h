// The vector machine: a straight list of instructions, each a loop over at most a block of columns.

// One loop for each number of operands. `expression` is in terms of the vectors a, b and c; the
// last, incomplete vector of a row is read and written in part; in scratch, where the block has
// room, it is written whole, because the load that follows would have to wait for a partial store.

#define LOOP(loads, loads_of_part, expression)        \
  {                                                   \
    size_t i = 0;                                     \
    for (; i + LANES <= n; i += LANES) {              \
      loads;                                          \
      store(dst + i, expression);                     \
    }                                                 \
    if (i < n) {                                      \
      size_t rest = n - i;                            \
      loads_of_part;                                  \
      vec last = expression;                          \
      if (in_scratch)                                 \
        store(dst + i, last);                         \
      else                                            \
        store_part(dst + i, last, rest);              \
    }                                                 \
    break;                                            \
  }
#define LOAD(x) vec x = load(p##x + i)
#define LOAD_PART(x) vec x = load_part(p##x + i, rest)
#define ADDRESS(x) const real *p##x = NAME(address)(&place, in->x)

#define NULLARY(expression) LOOP(, , expression)
#define UNARY(expression) \
  {                       \
    ADDRESS(a);           \
    LOOP(LOAD(a), LOAD_PART(a), expression) }
#define BINARY(expression) \
  {                        \
    ADDRESS(a);            \
    ADDRESS(b);            \
    LOOP(LOAD(a); LOAD(b), LOAD_PART(a); LOAD_PART(b), expression) }
#define TERNARY(expression) \
  {                         \
    ADDRESS(a);             \
    ADDRESS(b);             \
    ADDRESS(c);             \
    LOOP(LOAD(a); LOAD(b); LOAD(c), LOAD_PART(a); LOAD_PART(b); LOAD_PART(c), expression) }

/// Where the current block is: what an operand index is turned into an address with.
typedef struct {
  const unroll_operand *operands;
  real *scratch;
  size_t block, row, column;
} NAME(place);

INLINE real *NAME(address)(const NAME(place) *at, uint16_t index) {
  if (index >= unroll_scratch) return at->scratch + (size_t)(index - unroll_scratch) * at->block;
  const unroll_operand *operand = &at->operands[index];
  return (real *)operand->base + (ptrdiff_t)at->row * operand->row_stride + at->column;
}

/// 1 where the mask is set, 0 elsewhere.
INLINE vec NAME(indicator)(ivec mask) { return (vec)(mask & (ivec)splat(1)); }

/// gelu with tanh: a/2 (1 + tanh(u)) is a sigmoid(2u), which does not cancel for negative a.
INLINE vec NAME(gelu_tanh)(vec a) {
  const real sqrt_8_pi = (real)1.59576912160573071176;
  return a * NAME(sigmoid)(sqrt_8_pi * (a + (real)0.044715 * a * a * a));
}

static void NAME(run)(const unroll_instruction *program, size_t count,
                      const unroll_operand *operands, real *scratch, size_t block, size_t rows,
                      size_t columns) {
  NAME(place) place = {operands, scratch, block, 0, 0};
  for (; place.row < rows; place.row++)
    for (place.column = 0; place.column < columns; place.column += block) {
      size_t n = columns - place.column < block ? columns - place.column : block;
      for (const unroll_instruction *in = program; in < program + count; in++) {
        real *dst = NAME(address)(&place, in->dst);
        bool in_scratch = in->dst >= unroll_scratch && block % LANES == 0;
        real imm = (real)in->imm;
        switch ((unroll_op)in->op) {
        case unroll_op_copy: UNARY(a)
        case unroll_op_fill: NULLARY(splat(imm))
        case unroll_op_neg: UNARY(-a)
        case unroll_op_add: BINARY(a + b)
        case unroll_op_sub: BINARY(a - b)
        case unroll_op_mul: BINARY(a * b)
        case unroll_op_div: BINARY(a / b)
        case unroll_op_max: BINARY(choose((a >= b) | (a != a), a, b))
        case unroll_op_min: BINARY(choose((a <= b) | (a != a), a, b))
        case unroll_op_fma: TERNARY(a * b + c)
        case unroll_op_add_imm: UNARY(a + imm)
        case unroll_op_imm_sub: UNARY(imm - a)
        case unroll_op_mul_imm: UNARY(a * imm)
        case unroll_op_imm_div: UNARY(imm / a)
        case unroll_op_sigmoid: UNARY(NAME(sigmoid)(a))
        case unroll_op_tanh: UNARY(NAME(tanh)(a))
        case unroll_op_relu: UNARY(choose(a <= 0, splat(0), a))
        case unroll_op_leaky_relu: UNARY(choose(a > 0, a, imm * a))
        case unroll_op_elu: UNARY(NAME(elu)(a, imm))
        case unroll_op_gelu: UNARY(a * NAME(normal_cdf)(a))
        case unroll_op_gelu_tanh: UNARY(NAME(gelu_tanh)(a))
        case unroll_op_exp: UNARY(NAME(exp)(a))
        case unroll_op_log: UNARY(NAME(log)(a))
        case unroll_op_abs: UNARY(absolute(a))
        case unroll_op_sqrt: UNARY(__builtin_elementwise_sqrt(a))
        case unroll_op_step: UNARY(NAME(indicator)(a > 0))
        case unroll_op_sign: UNARY(NAME(indicator)(a > 0) - NAME(indicator)(a < 0))
        case unroll_op_ge: BINARY(NAME(indicator)(a >= b))
        case unroll_op_le: BINARY(NAME(indicator)(a <= b))
        case unroll_op_normal_cdf: UNARY(NAME(normal_cdf)(a))
        case unroll_op_normal_pdf: UNARY(NAME(normal_pdf)(a))
        }
      }
    }
}

#undef LOOP
#undef LOAD
#undef LOAD_PART
#undef ADDRESS
#undef NULLARY
#undef UNARY
#undef BINARY
#undef TERNARY
