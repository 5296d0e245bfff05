// Normalisation of rows to mean 0 and variance 1, and its derivative.

/// The sum of a row, and the sum of its squared distances from `center`.
INLINE double NAME(row_sum)(size_t n, const real *x) {
  wide sum = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) sum += widen(load(x + i));
  if (i < n) sum += widen(load_part(x + i, n - i));
  return total(sum);
}

INLINE double NAME(squared_distances)(size_t n, const real *x, real center) {
  vec sum = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    vec d = load(x + i) - center;
    sum = d * d + sum;
  }
  if (i < n) {
    vec d = choose(first_lanes(n - i), load_part(x + i, n - i) - center, splat(0));
    sum = d * d + sum;
  }
  return total(widen(sum));
}

static void NAME(normalize)(size_t rows, size_t n, const real *x, size_t ldx, double eps, real *y,
                            size_t ldy, real *rstd) {
  for (size_t row = 0; row < rows; row++, x += ldx, y += ldy) {
    real mean = (real)(NAME(row_sum)(n, x) / (double)n);
    double variance = NAME(squared_distances)(n, x, mean) / (double)n;
    real scale = (real)(1 / sqrt(variance + eps));
    rstd[row] = scale;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, (load(x + i) - mean) * scale);
    if (i < n) store_part(y + i, (load_part(x + i, n - i) - mean) * scale, n - i);
  }
}

static void NAME(normalize_backward)(size_t rows, size_t n, const real *y, size_t ldy,
                                     const real *rstd, const real *dy, size_t lddy, real *dx,
                                     size_t lddx) {
  for (size_t row = 0; row < rows; row++, y += ldy, dy += lddy, dx += lddx) {
    real mean = (real)(NAME(row_sum)(n, dy) / (double)n);
    real slope = (real)(NAME(dot)(n, dy, y) / (double)n);
    real scale = rstd[row];
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
      store(dx + i, scale * (load(dy + i) - mean - load(y + i) * slope));
    if (i < n) {
      size_t left = n - i;
      vec change = load_part(dy + i, left) - mean - load_part(y + i, left) * slope;
      store_part(dx + i, scale * change, left);
    }
  }
}
