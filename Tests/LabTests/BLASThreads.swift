import Tensors

/// Small products are faster on one thread, and tests run side by side.
enum BLASThreads {
  static func useOne() { BLAS.threads = 1 }
}
