// Softmax of rows, its derivative, and cross-entropy.

/// The greatest number of a row, or 0 where all are -infinity; NaN is passed over.
INLINE real NAME(row_shift)(size_t n, const real *x) {
  size_t i = 0;
  vec most = splat((real)-INFINITY);
  for (; i + LANES <= n; i += LANES) {
    vec a = load(x + i);
    most = choose(a > most, a, most);
  }
  if (i < n) {
    vec a = load_part(x + i, n - i);
    most = choose((a > most) & first_lanes(n - i), a, most);
  }
  real top = greatest(most);
  return top == (real)-INFINITY ? 0 : top;
}

/// y = softmax of one row, where shift is its row_shift; returns the sum of exp(x - shift). The
/// last, incomplete vector stays in a register between the two passes.
INLINE double NAME(softmax_row)(size_t n, const real *x, real shift, real *y) {
  size_t i = 0, left = n % LANES;
  wide sum = {0};
  vec last = {0};
  for (; i + LANES <= n; i += LANES) {
    vec e = NAME(exp)(load(x + i) - shift);
    store(y + i, e);
    sum += widen(e);
  }
  if (left > 0) {
    last = choose(first_lanes(left), NAME(exp)(load_part(x + i, left) - shift), splat(0));
    sum += widen(last);
  }
  double whole = total(sum);
  real factor = whole == 0 ? 0 : (real)(1 / whole);
  for (i = 0; i + LANES <= n; i += LANES) store(y + i, load(y + i) * factor);
  if (left > 0) store_part(y + i, last * factor, left);
  return whole;
}

static void NAME(softmax)(size_t rows, size_t n, const real *x, size_t ldx, real *y, size_t ldy) {
  for (size_t row = 0; row < rows; row++, x += ldx, y += ldy)
    NAME(softmax_row)(n, x, NAME(row_shift)(n, x), y);
}

static void NAME(cross_entropy)(size_t rows, size_t n, const real *logits, size_t ldx,
                                const int32_t *targets, real *probabilities, size_t ldy,
                                double *losses) {
  for (size_t row = 0; row < rows; row++, logits += ldx, probabilities += ldy) {
    int32_t target = targets[row];
    // The probabilities may replace the logits: this one is read before.
    double logit = target >= 0 ? logits[target] : 0;
    real shift = NAME(row_shift)(n, logits);
    double sum = NAME(softmax_row)(n, logits, shift, probabilities);
    double loss = sum == 0 ? INFINITY : log(sum) + (double)shift - logit;
    losses[row] = target >= 0 ? loss : 0;
  }
}

/// The sum of a * b over a row.
INLINE double NAME(dot)(size_t n, const real *a, const real *b) {
  vec sum = {0}, other = {0};
  size_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    sum = load(a + i) * load(b + i) + sum;
    other = load(a + i + LANES) * load(b + i + LANES) + other;
  }
  for (; i < n; i += LANES) {
    size_t left = n - i;
    sum = left >= LANES ? load(a + i) * load(b + i) + sum
                        : load_part(a + i, left) * load_part(b + i, left) + sum;
  }
  return total(widen(sum) + widen(other));
}

static void NAME(softmax_backward)(size_t rows, size_t n, const real *y, size_t ldy, const real *dy,
                                   size_t lddy, real *dx, size_t lddx) {
  for (size_t row = 0; row < rows; row++, y += ldy, dy += lddy, dx += lddx) {
    real mean = (real)NAME(dot)(n, dy, y);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) store(dx + i, load(y + i) * (load(dy + i) - mean));
    if (i < n) {
      size_t left = n - i;
      store_part(dx + i, load_part(y + i, left) * (load_part(dy + i, left) - mean), left);
    }
  }
}
