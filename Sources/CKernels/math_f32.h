// Transcendental functions of float vectors: branch-free, right for NaN, infinities and subnormals.
//
// Polynomials are least-maximum fits of our own; each function names its error against the true
// value in units in the last place (ulp), as measured with fused multiply-add.

/// exp(r) - 1 for |r| <= ln(2) / 2; relative error of the polynomial 4e-9.
INLINE vec_f32 expm1_reduced_f32(vec_f32 r) {
  vec_f32 q = r * 0.0013811660464853048f + 0.008370134979486465f;
  q = q * r + 0.04166852682828903f;
  q = q * r + 0.16666509211063385f;
  q = q * r + 0.4999999403953552f;
  return r * r * q + r;
}

/// The exponent n of x = n ln 2 + r, as a number and as an integer.
typedef struct {
  vec_f32 whole;
  ivec_f32 n;
} exponent_f32;

/// Splits x + low = n ln 2 + r with |r| <= ln(2) / 2, for |x| < 2^20 and a small correction low.
///
/// n is rounded by adding 1.5 * 2^23, whose last bits then hold it. The upper part of ln 2 has 15
/// bits, so that its product with n is exact.
INLINE vec_f32 reduce_f32(vec_f32 x, vec_f32 low, exponent_f32 *e) {
  const float rounder = 0x1.8p23f;
  vec_f32 shifted = (x + low) * 1.44269504088896341f + rounder;
  e->whole = shifted - rounder;
  e->n = (ivec_f32)shifted - (ivec_f32)splat_f32(rounder);
  vec_f32 r = x - e->whole * 0.693145751953125f;
  return r - e->whole * 1.42860682030941723e-6f + low;
}

/// x * 2^n for -252 <= n <= 254, rounded once: results down to the smallest subnormal are right.
INLINE vec_f32 scale_f32(vec_f32 x, exponent_f32 e) {
#if VECTOR_BYTES == 64
  return (vec_f32)_mm512_scalef_ps((__m512)x, (__m512)e.whole);
#else
  ivec_f32 half = e.n >> 1, rest = e.n - half;
  return x * (vec_f32)((half + 127) << 23) * (vec_f32)((rest + 127) << 23);
#endif
}

INLINE vec_f32 clamp_f32(vec_f32 x, float lowest, float highest) {
  x = choose_f32(x < lowest, splat_f32(lowest), x);
  return choose_f32(x > highest, splat_f32(highest), x);
}

/// factor * exp(x + low) for -104.5 <= x <= 89.5.
INLINE vec_f32 scaled_exp_f32(vec_f32 x, vec_f32 low, vec_f32 factor) {
  exponent_f32 e;
  vec_f32 r = reduce_f32(x, low, &e);
  return scale_f32((1.0f + expm1_reduced_f32(r)) * factor, e);
}

/// exp(x), error below 1 ulp.
INLINE vec_f32 exp_f32(vec_f32 x) {
  // A correction of -0 leaves every x as it is, so that the compiler can drop it.
  return scaled_exp_f32(clamp_f32(x, -104.5f, 89.5f), splat_f32(-0.0f), splat_f32(1));
}

/// exp(x) - 1 for -30 <= x <= 80.
INLINE vec_f32 expm1_f32(vec_f32 x) {
  exponent_f32 e;
  vec_f32 r = reduce_f32(x, splat_f32(-0.0f), &e);
  vec_f32 power = (vec_f32)((e.n + 127) << 23);
  return power * expm1_reduced_f32(r) + (power - 1.0f);
}

/// 1 / (1 + exp(-x)), error below 3 ulp on both sides.
INLINE vec_f32 sigmoid_f32(vec_f32 x) {
  vec_f32 e = exp_f32(-absolute_f32(x));
  return choose_f32(x < 0, e, splat_f32(1)) / (1.0f + e);
}

/// tanh(x) = t / (t + 2) with t = exp(2|x|) - 1, and the sign of x; error below 3 ulp.
INLINE vec_f32 tanh_f32(vec_f32 x) {
  ivec_f32 sign = (ivec_f32)x & (ivec_f32)splat_f32(-0.0f);
  // From 10 on the float result is 1.
  vec_f32 t = expm1_f32(clamp_f32(2.0f * absolute_f32(x), 0.0f, 20.0f));
  return (vec_f32)((ivec_f32)(t / (t + 2.0f)) | sign);
}

/// x > 0 ? x : alpha * (exp(x) - 1), error below 2 ulp for alpha = 1.
INLINE vec_f32 elu_f32(vec_f32 x, float alpha) {
  return choose_f32(x > 0, x, alpha * expm1_f32(clamp_f32(x, -30.0f, 0.0f)));
}

/// The natural logarithm, error below 1 ulp.
INLINE vec_f32 log_f32(vec_f32 x) {
  // x = 2^e * m with m between sqrt(1/2) and sqrt(2); subnormals are scaled up first.
  const int32_t sqrt_half = 0x3f3504f3;
  ivec_f32 tiny = x < 0x1p-126f;
  ivec_f32 bits = (ivec_f32)choose_f32(tiny, x * 0x1p23f, x) - sqrt_half;
  vec_f32 e = __builtin_convertvector((bits >> 23) - (tiny & 23), vec_f32);
  vec_f32 f = (vec_f32)((bits & 0x7fffff) + sqrt_half) - 1.0f;

  vec_f32 q = f * -0.07634429633617401f + 0.12761549651622772f;
  q = q * f - 0.131601944565773f;
  q = q * f + 0.14201761782169342f;
  q = q * f - 0.16623356938362122f;
  q = q * f + 0.20001226663589478f;
  q = q * f - 0.250008225440979f;
  q = q * f + 0.3333333134651184f;
  vec_f32 square = f * f;
  vec_f32 rest = f * square * q + e * 1.42860682030941723e-6f;
  rest = rest - 0.5f * square;
  vec_f32 y = (f + rest) + e * 0.693145751953125f;

  y = choose_f32(x == INFINITY, x, y);
  vec_f32 outside = choose_f32(x == 0, splat_f32(-INFINITY), splat_f32(NAN));
  return choose_f32(x > 0, y, outside);
}

/// factor * exp(-x^2 / 2) for 0 <= x <= 15. The square of the upper 12 bits of x is exact, and the
/// remainder goes in as a correction: rounding x^2 itself would cost 50 ulp in the tail.
INLINE vec_f32 bell_f32(vec_f32 x, vec_f32 factor) {
  vec_f32 head = (vec_f32)((ivec_f32)x & ~0xfff);
  return scaled_exp_f32(head * head * -0.5f, (x - head) * (x + head) * -0.5f, factor);
}

/// The standard normal density, error below 3 ulp.
INLINE vec_f32 normal_pdf_f32(vec_f32 x) {
  return bell_f32(clamp_f32(absolute_f32(x), 0, 15), splat_f32(0.398942280401432678f));
}

/// The standard normal distribution function, error below 6 ulp also far in the left tail.
///
/// The tail beyond |x| is exp(-x^2 / 2) * g(|x|) / (1 + |x|), where g is smooth enough for a
/// polynomial in t = (|x| - 4) / (|x| + 4) (the transformation of Shepherd & Laframboise 1981).
INLINE vec_f32 normal_cdf_f32(vec_f32 x) {
  vec_f32 size = clamp_f32(absolute_f32(x), 0, 15);
  vec_f32 inverse = 1.0f / ((size + 4.0f) * (size + 1.0f));
  vec_f32 t = (size - 4.0f) * (size + 1.0f) * inverse;
  vec_f32 g = t * -7.198378443717957e-05f - 6.154661969048902e-05f;
  g = g * t + 0.0006922127795405686f;
  g = g * t - 0.0003034388064406812f;
  g = g * t - 0.005003944970667362f;
  g = g * t + 0.017940226942300797f;
  g = g * t - 0.03219734877347946f;
  g = g * t + 0.028599968180060387f;
  g = g * t + 0.01399959996342659f;
  g = g * t - 0.09670346975326538f;
  g = g * t + 0.472053200006485f;
  vec_f32 tail = bell_f32(size, g * (size + 4.0f) * inverse);
  return choose_f32(x > 0, 1.0f - tail, tail);
}
