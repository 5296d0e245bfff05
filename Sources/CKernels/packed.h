// C += A * P with P packed into panels of two 64-byte vectors a row (see pack.c).
//
// A tile of C (some rows by some vectors) is kept in registers while k runs; the panel is read in
// order, elements of A are broadcast. Every element of C is one chain of fused multiply-adds in the
// order of k that begins with C itself, whatever the tile: a row's result does not depend on how
// many rows there are. k is not blocked: with long panels the caches' own prefetching keeps the
// kernel at the rate of the multipliers (one row: at the bandwidth of the second-level cache).

/// Columns of a full panel, and vectors that they take.
#define PANEL (128 / sizeof(real))
#define PANEL_VECTORS (128 / VECTOR_BYTES)
#define MOST_VECTORS 8

#define MOST_ROWS 6

/// Vectors of C that a tile of so many rows is wide at most: a power of two.
INLINE size_t NAME(tile_vectors)(size_t rows) {
#if VECTOR_REGISTERS == 32
  return rows <= 2 ? 8 : 4;
#else
  return rows == 1 ? 8 : rows == 2 ? 4 : 2;
#endif
}

/// Where element (row, p) of A is: a[row * down + p * along].
typedef struct {
  size_t down, along;
} NAME(strides);

/// One tile. Row p of B begins at b + p * width; behind PANEL columns B goes on in the next panel,
/// PANEL * k elements away. `columns` of the tile and what is right of it are in C.
INLINE void NAME(tile)(const size_t rows, const size_t vectors, size_t k, const real *a,
                       NAME(strides) stride, const real *b, size_t width, real *c, size_t ldc,
                       size_t columns) {
  vec sum[MOST_ROWS][MOST_VECTORS];
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++) {
      const real *from = c + r * ldc + v * LANES;
      size_t left = columns > v * LANES ? columns - v * LANES : 0;
      sum[r][v] = left >= LANES ? load(from) : left > 0 ? load_part(from, left) : splat(0);
    }
  for (size_t p = 0; p < k; p++) {
    vec right[MOST_VECTORS];
    for (size_t v = 0; v < vectors; v++)
      right[v] = load(b + v / PANEL_VECTORS * PANEL * k + p * width + v % PANEL_VECTORS * LANES);
    for (size_t r = 0; r < rows; r++)
      for (size_t v = 0; v < vectors; v++)
        sum[r][v] = a[r * stride.down + p * stride.along] * right[v] + sum[r][v];
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t v = 0; v < vectors; v++) {
      real *to = c + r * ldc + v * LANES;
      size_t left = columns > v * LANES ? columns - v * LANES : 0;
      if (left >= LANES)
        store(to, sum[r][v]);
      else if (left > 0)
        store_part(to, sum[r][v], left);
    }
}

#define TILE(rows, vectors)                                                                       \
  case rows * 16 + vectors:                                                                       \
    NAME(tile)(rows, vectors, k, a, stride, b, width, c, ldc, columns);                           \
    break;
#define TILES_TO_2(rows) TILE(rows, 1) TILE(rows, 2)
#define TILES_TO_4(rows) TILES_TO_2(rows) TILE(rows, 4)
#define TILES_TO_8(rows) TILES_TO_4(rows) TILE(rows, 8)

/// The tile of this size, compiled for it.
static void NAME(any_tile)(size_t rows, size_t vectors, size_t k, const real *a,
                           NAME(strides) stride, const real *b, size_t width, real *c, size_t ldc,
                           size_t columns) {
  switch (rows * 16 + vectors) {
    TILES_TO_8(1)
#if VECTOR_REGISTERS == 32
    TILES_TO_8(2)
    TILES_TO_4(3)
    TILES_TO_4(4)
    TILES_TO_4(5)
    TILES_TO_4(6)
#else
    TILES_TO_4(2)
    TILES_TO_2(3)
    TILES_TO_2(4)
    TILES_TO_2(5)
    TILES_TO_2(6)
#endif
  }
}

static void NAME(multiply_packed)(size_t m, size_t n, size_t k, const real *a, size_t lda,
                                  int transposed, const real *packed, real *c, size_t ldc) {
  if (m == 0) return;
  const NAME(strides) stride = {transposed ? 1 : lda, transposed ? lda : 1};
  const size_t half_panel = PANEL / 2;
  size_t padded = (n + half_panel - 1) / half_panel * half_panel;
  // Tiles of nearly equal height: 7 rows are 4 and 3, not 6 and 1.
  size_t tiles = (m + MOST_ROWS - 1) / MOST_ROWS;
  size_t height = (m + tiles - 1) / tiles;

  size_t vectors = 0;
  for (size_t column = 0; column < n; column += vectors * LANES) {
    vectors = NAME(tile_vectors)(height);
    while (vectors * LANES > padded - column) vectors /= 2;
    size_t panel = column - column % PANEL;
    size_t width = padded - panel < PANEL ? padded - panel : PANEL;
    const real *b = packed + panel * k + column % PANEL;
    for (size_t row = 0; row < m; row += height)
      NAME(any_tile)(m - row < height ? m - row : height, vectors, k, a + row * stride.down,
                     stride, b, width, c + row * ldc + column, ldc, n - column);
  }
}

#undef TILE
#undef TILES_TO_2
#undef TILES_TO_4
#undef TILES_TO_8
#undef PANEL
#undef PANEL_VECTORS
#undef MOST_ROWS
#undef MOST_VECTORS
