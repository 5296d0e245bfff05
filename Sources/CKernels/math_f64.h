// Transcendental functions of double vectors: libm, lane by lane. They serve gradient checks.

#define EACH_LANE(expression)                                  \
  vec_f64 y;                                                   \
  for (size_t l = 0; l < VECTOR_BYTES / sizeof(double); l++) { \
    double a = x[l];                                           \
    y[l] = expression;                                         \
  }                                                            \
  return y

INLINE vec_f64 exp_f64(vec_f64 x) { EACH_LANE(exp(a)); }
INLINE vec_f64 log_f64(vec_f64 x) { EACH_LANE(log(a)); }
INLINE vec_f64 tanh_f64(vec_f64 x) { EACH_LANE(tanh(a)); }
INLINE vec_f64 elu_f64(vec_f64 x, double alpha) { EACH_LANE(a > 0 ? a : alpha * expm1(a)); }
INLINE vec_f64 normal_cdf_f64(vec_f64 x) { EACH_LANE(0.5 * erfc(-a * M_SQRT1_2)); }

INLINE vec_f64 normal_pdf_f64(vec_f64 x) {
  return exp_f64(x * x * -0.5) * 0.398942280401432677939946;
}

INLINE vec_f64 sigmoid_f64(vec_f64 x) {
  vec_f64 e = exp_f64(-absolute_f64(x));
  return choose_f64(x < 0, e, splat_f64(1)) / (1.0 + e);
}

#undef EACH_LANE
