// Packing for one element type: included by pack.c with `real` and NAME defined.

typedef real NAME(quad) __attribute__((vector_size(4 * sizeof(real))));

/// to[i * width + j] = w[j * ldw + i] for i, j < 4.
static inline void NAME(transpose_4x4)(const real *w, size_t ldw, real *to, size_t width) {
  NAME(quad) r[4];
  for (size_t j = 0; j < 4; j++) __builtin_memcpy(&r[j], w + j * ldw, sizeof r[j]);
  NAME(quad) low01 = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5);
  NAME(quad) high01 = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
  NAME(quad) low23 = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
  NAME(quad) high23 = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  r[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  r[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  r[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  r[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
  for (size_t i = 0; i < 4; i++) __builtin_memcpy(to + i * width, &r[i], sizeof r[i]);
}

/// to[i * width + j] = w[j * ldw + i] for i < rows, j < columns. Whole cache lines of w are used up
/// before the next are read: rows of w may lie a power of two apart, where few fit the cache.
static void NAME(transpose)(size_t rows, size_t columns, const real *w, size_t ldw, real *to,
                            size_t width) {
  const size_t line = 64 / sizeof(real);
  for (size_t first = 0; first < rows; first += line) {
    size_t end = rows - first < line ? rows : first + line;
    size_t j = 0;
    for (; j + 4 <= columns; j += 4) {
      size_t i = first;
      for (; i + 4 <= end; i += 4)
        NAME(transpose_4x4)(w + j * ldw + i, ldw, to + i * width + j, width);
      for (; i < end; i++)
        for (size_t c = j; c < j + 4; c++) to[i * width + c] = w[c * ldw + i];
    }
    for (; j < columns; j++)
      for (size_t i = first; i < end; i++) to[i * width + j] = w[j * ldw + i];
  }
}

/// Columns that n columns take: whole vectors of 64 bytes.
static size_t NAME(padded)(size_t n) {
  const size_t line = 64 / sizeof(real);
  return (n + line - 1) / line * line;
}

size_t NAME(unroll_packed_size)(size_t k, size_t n) { return k * NAME(padded)(n); }

void NAME(unroll_pack)(size_t k, size_t n, const real *w, size_t ldw, int transposed,
                       size_t depth, real *packed) {
  const size_t panel = 128 / sizeof(real);
  size_t padded = NAME(padded)(n);
  for (size_t first = 0; first < padded; first += panel) {
    size_t width = padded - first < panel ? padded - first : panel;
    size_t columns = n - first < panel ? n - first : panel;
    real *to = packed + first * depth;
    if (transposed)
      NAME(transpose)(k, columns, w + first * ldw, ldw, to, width);
    else
      for (size_t i = 0; i < k; i++)
        memcpy(to + i * width, w + i * ldw + first, columns * sizeof(real));
    if (columns < width)
      for (size_t i = 0; i < k; i++)
        memset(to + i * width + columns, 0, (width - columns) * sizeof(real));
  }
}
