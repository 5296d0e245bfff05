// y += W x and x += Wᵀ y with W as it stands, in one part or several, row by row.
//
// A recurrence over one sequence reads its whole matrix at every step, at the bandwidth of the
// second-level cache. Nothing is packed, so the first step need not wait and the cache holds the
// matrix once. The rows can be walked up or down: a walk that turns around at every step begins
// with the rows that the first-level cache still holds, about a tenth of 256 KB.

/// Vectors of x that the way back holds in registers while rows are added to them.
#define STRIP 8
/// Rows that are added before it goes on to the next strip, where x is longer than one.
#define BLOCK 32

/// In each lane l the product of row l and x, for `rows` rows at most LANES; 0 in the other lanes.
INLINE vec NAME(row_products)(size_t rows, size_t k, const real *w, size_t ldw, const real *x) {
  vec sum[LANES] = {0};
  size_t p = 0;
  for (; p + LANES <= k; p += LANES) {
    vec right = load(x + p);
    for (size_t r = 0; r < LANES; r++)
      if (r < rows) sum[r] = load(w + r * ldw + p) * right + sum[r];
  }
  if (p < k) {
    vec right = load_part(x + p, k - p);
    for (size_t r = 0; r < LANES; r++)
      if (r < rows) sum[r] = load_part(w + r * ldw + p, k - p) * right + sum[r];
  }
  // Neighbours are added until lane l of one vector has all of sum[l].
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t r = 0; r < half; r++) sum[r] = pair_sums(sum[2 * r], sum[2 * r + 1]);
  return sum[0];
}

/// The rows of all parts.
static size_t NAME(row_count)(const unroll_rows *parts, size_t count) {
  size_t rows = 0;
  for (size_t i = 0; i < count; i++) rows += parts[i].count;
  return rows;
}

static void NAME(multiply_vector)(const unroll_rows *parts, size_t count, size_t k, int upwards,
                                  const real *x, real *y) {
  if (upwards) y += NAME(row_count)(parts, count);
  for (size_t i = 0; i < count; i++) {
    const unroll_rows part = parts[upwards ? count - 1 - i : i];
    if (upwards) y -= part.count;
    size_t blocks = (part.count + LANES - 1) / LANES;
    for (size_t j = 0; j < blocks; j++) {
      size_t row = (upwards ? blocks - 1 - j : j) * LANES;
      const real *w = (const real *)part.base + row * part.stride;
      size_t rows = part.count - row;
      if (rows >= LANES)
        store(y + row, NAME(row_products)(LANES, k, w, part.stride, x) + load(y + row));
      else
        store_part(y + row,
                   NAME(row_products)(rows, k, w, part.stride, x) + load_part(y + row, rows), rows);
    }
    if (!upwards) y += part.count;
  }
}

/// x += rows of W, each times its element of y, for so many vectors of columns. `step` is 1, or -1
/// to walk from the first row given to those above it.
INLINE void NAME(add_rows)(size_t rows, ptrdiff_t step, const size_t vectors, const real *w,
                           ptrdiff_t ldw, const real *y, real *x) {
  vec sum[STRIP];
  for (size_t v = 0; v < vectors; v++) sum[v] = load(x + v * LANES);
  for (size_t r = 0; r < rows; r++, w += step * ldw, y += step)
    for (size_t v = 0; v < vectors; v++) sum[v] = *y * load(w + v * LANES) + sum[v];
  for (size_t v = 0; v < vectors; v++) store(x + v * LANES, sum[v]);
}

/// The same for all columns.
static void NAME(add_whole_rows)(size_t rows, ptrdiff_t step, size_t k, const real *w,
                                 ptrdiff_t ldw, const real *y, real *x) {
  size_t p = 0;
  for (; p + STRIP * LANES <= k; p += STRIP * LANES)
    NAME(add_rows)(rows, step, STRIP, w + p, ldw, y, x + p);
  for (; p + STRIP / 2 * LANES <= k; p += STRIP / 2 * LANES)
    NAME(add_rows)(rows, step, STRIP / 2, w + p, ldw, y, x + p);
  for (; p + LANES <= k; p += LANES) NAME(add_rows)(rows, step, 1, w + p, ldw, y, x + p);
  if (p < k) {
    vec sum = load_part(x + p, k - p);
    for (size_t r = 0; r < rows; r++)
      sum = y[(ptrdiff_t)r * step] * load_part(w + (ptrdiff_t)r * step * ldw + p, k - p) + sum;
    store_part(x + p, sum, k - p);
  }
}

static void NAME(multiply_vector_transposed)(const unroll_rows *parts, size_t count, size_t k,
                                             int upwards, const real *y, real *x) {
  if (upwards) y += NAME(row_count)(parts, count);
  for (size_t i = 0; i < count; i++) {
    const unroll_rows part = parts[upwards ? count - 1 - i : i];
    if (upwards) y -= part.count;
    // Where one strip is not the whole row, few rows at a time, which stay in the caches.
    size_t block = k <= STRIP * LANES ? part.count : BLOCK;
    for (size_t done = 0; done < part.count; done += block) {
      size_t rows = part.count - done < block ? part.count - done : block;
      size_t row = upwards ? part.count - 1 - done : done;
      NAME(add_whole_rows)(rows, upwards ? -1 : 1, k, (const real *)part.base + row * part.stride,
                           part.stride, y + row, x);
    }
    if (!upwards) y += part.count;
  }
}

#undef STRIP
#undef BLOCK
