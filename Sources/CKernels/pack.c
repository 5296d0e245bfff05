// Packing of matrices into panels for unroll_multiply_packed (see packed.h).
//
// A panel holds two vectors of 64 bytes a row, all rows of k after another; the last panel may be
// one vector wide. Missing columns are 0. The layout is the same for every instruction set.

#include <string.h>

#include "CKernels.h"

#define real float
#define NAME(name) name##_f32
#include "pack.h"
#undef real
#undef NAME

#define real double
#define NAME(name) name##_f64
#include "pack.h"
