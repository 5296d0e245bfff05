// Vectors of one instruction set and one element type, and how they are read and written.
//
// Included by clone.h once for each element type, with `real`, `integer`, `NAME` and VECTOR_BYTES
// defined. Arithmetic on `vec` is the compiler's own (+, -, *, /, comparisons); contraction turns
// a * b + c into a fused multiply-add where there is one.

typedef real NAME(vec) __attribute__((vector_size(VECTOR_BYTES)));
typedef integer NAME(ivec) __attribute__((vector_size(VECTOR_BYTES)));
typedef double NAME(wide) __attribute__((vector_size(VECTOR_BYTES / sizeof(real) * 8)));

INLINE vec load(const real *p) {
  vec v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store(real *p, vec v) { __builtin_memcpy(p, &v, sizeof v); }

/// The same number in every lane. Subtracting 0 keeps the sign of -0.
INLINE vec splat(real x) { return x - (vec){0}; }

INLINE wide widen(vec v) { return __builtin_convertvector(v, wide); }

/// Lanes of a where the mask is set, of b elsewhere.
INLINE vec choose(ivec mask, vec a, vec b) {
  return (vec)((mask & (ivec)a) | (~mask & (ivec)b));
}

INLINE vec absolute(vec a) { return (vec)((ivec)a & ~(ivec)splat((real)-0.0)); }

/// The first `count` lanes set.
INLINE ivec first_lanes(size_t count) {
  ivec index;
  for (size_t l = 0; l < LANES; l++) index[l] = (integer)l;
  return index < (integer)count;
}

/// The first `count` elements at p, 0 in the other lanes; nothing behind them is touched.
INLINE vec load_part(const real *p, size_t count) {
#if VECTOR_BYTES == 64
  return LOAD_PART_512(p, count);
#elif VECTOR_BYTES == 32
  return LOAD_PART_256(p, first_lanes(count));
#else
  vec v = {0};
  for (size_t l = 0; l < LANES; l++)
    if (l < count) v[l] = p[l];
  return v;
#endif
}

INLINE void store_part(real *p, vec v, size_t count) {
#if VECTOR_BYTES == 64
  STORE_PART_512(p, v, count);
#elif VECTOR_BYTES == 32
  STORE_PART_256(p, first_lanes(count), v);
#else
  for (size_t l = 0; l < LANES; l++)
    if (l < count) p[l] = v[l];
#endif
}

/// The sum of all lanes, by halves.
INLINE double total(wide v) {
  double lane[LANES];
  __builtin_memcpy(lane, &v, sizeof v);
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t l = 0; l < half; l++) lane[l] += lane[l + half];
  return lane[0];
}

/// The sums of neighbouring lanes: those of a, then those of b.
INLINE vec pair_sums(vec a, vec b) {
  vec even, odd;
  for (size_t l = 0; l < LANES / 2; l++) {
    even[l] = a[2 * l];
    odd[l] = a[2 * l + 1];
    even[l + LANES / 2] = b[2 * l];
    odd[l + LANES / 2] = b[2 * l + 1];
  }
  return even + odd;
}

/// The greatest lane, by halves; no lane is NaN.
INLINE real greatest(vec v) {
  real lane[LANES];
  __builtin_memcpy(lane, &v, sizeof v);
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t l = 0; l < half; l++)
      lane[l] = lane[l] > lane[l + half] ? lane[l] : lane[l + half];
  return lane[0];
}
