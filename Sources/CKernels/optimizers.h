// One update of all weights.

INLINE void NAME(adam_step)(vec *w, vec g, vec *m, vec *v, real scale, real rate, real beta1,
                            real beta2, real eps, real root) {
  g *= scale;
  *m = beta1 * *m + (1 - beta1) * g;
  *v = beta2 * *v + (1 - beta2) * g * g;
  *w -= rate * *m / (__builtin_elementwise_sqrt(*v) * root + eps);
}

static void NAME(adam)(size_t n, real *w, const real *g, real *m, real *v, real scale, real lr,
                       real beta1, real beta2, real eps, real correction1, real correction2) {
  real rate = lr / correction1;
  real root = 1 / (real)sqrt(correction2);
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    vec wi = load(w + i), mi = load(m + i), vi = load(v + i);
    NAME(adam_step)(&wi, load(g + i), &mi, &vi, scale, rate, beta1, beta2, eps, root);
    store(w + i, wi);
    store(m + i, mi);
    store(v + i, vi);
  }
  if (i < n) {
    size_t left = n - i;
    vec wi = load_part(w + i, left), mi = load_part(m + i, left), vi = load_part(v + i, left);
    vec gi = load_part(g + i, left);
    NAME(adam_step)(&wi, gi, &mi, &vi, scale, rate, beta1, beta2, eps, root);
    store_part(w + i, wi, left);
    store_part(m + i, mi, left);
    store_part(v + i, vi, left);
  }
}

static void NAME(sgd)(size_t n, real *w, const real *g, real *v, real scale, real lr,
                      real momentum) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    vec velocity = momentum * load(v + i) + scale * load(g + i);
    store(v + i, velocity);
    store(w + i, load(w + i) - lr * velocity);
  }
  if (i < n) {
    size_t left = n - i;
    vec velocity = momentum * load_part(v + i, left) + scale * load_part(g + i, left);
    store_part(v + i, velocity, left);
    store_part(w + i, load_part(w + i, left) - lr * velocity, left);
  }
}
