// Sums over rows, columns and whole buffers, and the search for values that are not finite.

/// Rows that are added in `real` before the sum goes on in double.
#define ROW_BLOCK 64
/// Vectors of columns that are added at a time.
#define STRIP 4

static void NAME(column_sums)(size_t rows, size_t n, const real *x, size_t ldx, real *sums) {
  size_t j = 0;
  for (; j + STRIP * LANES <= n; j += STRIP * LANES) {
    wide whole[STRIP] = {0};
    for (size_t first = 0; first < rows; first += ROW_BLOCK) {
      size_t end = rows - first < ROW_BLOCK ? rows : first + ROW_BLOCK;
      vec sum[STRIP] = {0};
      for (size_t row = first; row < end; row++)
        for (size_t s = 0; s < STRIP; s++) sum[s] += load(x + row * ldx + j + s * LANES);
      for (size_t s = 0; s < STRIP; s++) whole[s] += widen(sum[s]);
    }
    for (size_t s = 0; s < STRIP; s++) {
      real *to = sums + j + s * LANES;
      store(to, __builtin_convertvector(widen(load(to)) + whole[s], vec));
    }
  }
  for (; j < n; j += LANES) {
    size_t left = n - j < LANES ? n - j : LANES;
    wide whole = {0};
    for (size_t first = 0; first < rows; first += ROW_BLOCK) {
      size_t end = rows - first < ROW_BLOCK ? rows : first + ROW_BLOCK;
      vec sum = {0};
      for (size_t row = first; row < end; row++)
        sum += left == LANES ? load(x + row * ldx + j) : load_part(x + row * ldx + j, left);
      whole += widen(sum);
    }
    whole += widen(load_part(sums + j, left % LANES)) +
             (left == LANES ? widen(load(sums + j)) : (wide){0});
    vec result = __builtin_convertvector(whole, vec);
    if (left == LANES)
      store(sums + j, result);
    else
      store_part(sums + j, result, left);
  }
}

static double NAME(sum_squares)(size_t n, const real *x) {
  wide sum = {0}, other = {0};
  size_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    wide a = widen(load(x + i)), b = widen(load(x + i + LANES));
    sum = a * a + sum;
    other = b * b + other;
  }
  for (; i < n; i += LANES) {
    wide a = widen(n - i >= LANES ? load(x + i) : load_part(x + i, n - i));
    sum = a * a + sum;
  }
  return total(sum + other);
}

static void NAME(row_norms)(size_t rows, size_t n, const real *x, size_t ldx, double *norms) {
  for (size_t row = 0; row < rows; row++) norms[row] = sqrt(NAME(sum_squares)(n, x + row * ldx));
}

static size_t NAME(first_nonfinite)(size_t n, const real *x) {
  const size_t block = 16 * LANES;
  size_t i = 0;
  for (; i + block <= n; i += block) {
    // x * 0 is NaN where x is not finite, and NaN stays in the sum.
    vec sum = {0}, other = {0};
    for (size_t v = 0; v < 16; v += 2) {
      sum += load(x + i + v * LANES) * 0;
      other += load(x + i + (v + 1) * LANES) * 0;
    }
    if (total(widen(sum + other)) != 0) break;
  }
  for (; i < n; i++)
    if (!isfinite(x[i])) return i;
  return n;
}

static void NAME(axpy)(size_t n, real alpha, const real *x, real *y) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) store(y + i, alpha * load(x + i) + load(y + i));
  if (i < n) {
    size_t left = n - i;
    store_part(y + i, alpha * load_part(x + i, left) + load_part(y + i, left), left);
  }
}

#undef ROW_BLOCK
#undef STRIP
