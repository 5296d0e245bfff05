import CKernels

typealias Source<T> = UnsafePointer<T>?
typealias Target<T> = UnsafeMutablePointer<T>?

/// The kernels of one element type, so that every check runs for float and double alike.
protocol KernelScalar: BinaryFloatingPoint, Sendable {
  static var run:
    (
      UnsafePointer<unroll_instruction>?, Int, UnsafePointer<unroll_operand>?, Target<Self>, Int,
      Int, Int
    ) -> Void
  { get }
  static var packedSize: (Int, Int) -> Int { get }
  static var pack: (Int, Int, Source<Self>, Int, Int32, Int, Target<Self>) -> Void { get }
  static var multiplyPacked:
    (Int, Int, Int, Source<Self>, Int, Int32, Source<Self>, Target<Self>, Int) -> Void
  { get }
  static var multiplyVector:
    (UnsafePointer<unroll_rows>?, Int, Int, Int32, Source<Self>, Target<Self>) -> Void
  { get }
  static var multiplyVectorTransposed:
    (UnsafePointer<unroll_rows>?, Int, Int, Int32, Source<Self>, Target<Self>) -> Void
  { get }
  static var softmax: (Int, Int, Source<Self>, Int, Target<Self>, Int) -> Void { get }
  static var softmaxBackward:
    (Int, Int, Source<Self>, Int, Source<Self>, Int, Target<Self>, Int) -> Void
  { get }
  static var normalize:
    (Int, Int, Source<Self>, Int, Double, Target<Self>, Int, Target<Self>) -> Void
  { get }
  static var normalizeBackward:
    (Int, Int, Source<Self>, Int, Source<Self>, Source<Self>, Int, Target<Self>, Int) -> Void
  { get }
  static var crossEntropy:
    (
      Int, Int, Source<Self>, Int, UnsafePointer<Int32>?, Target<Self>, Int,
      UnsafeMutablePointer<Double>?
    ) -> Void
  { get }
  static var columnSums: (Int, Int, Source<Self>, Int, Target<Self>) -> Void { get }
  static var rowNorms: (Int, Int, Source<Self>, Int, UnsafeMutablePointer<Double>?) -> Void { get }
  static var sumSquares: (Int, Source<Self>) -> Double { get }
  static var firstNonfinite: (Int, Source<Self>) -> Int { get }
  static var axpy: (Int, Self, Source<Self>, Target<Self>) -> Void { get }
}

extension Float: KernelScalar {
  static var run:
    (
      UnsafePointer<unroll_instruction>?, Int, UnsafePointer<unroll_operand>?, Target<Self>, Int,
      Int, Int
    ) -> Void
  { unsafe unroll_run_f32 }
  static var packedSize: (Int, Int) -> Int { unroll_packed_size_f32 }
  static var pack: (Int, Int, Source<Self>, Int, Int32, Int, Target<Self>) -> Void {
    unsafe unroll_pack_f32
  }
  static var multiplyPacked:
    (Int, Int, Int, Source<Self>, Int, Int32, Source<Self>, Target<Self>, Int) -> Void
  {
    unsafe unroll_multiply_packed_f32
  }
  static var multiplyVector:
    (UnsafePointer<unroll_rows>?, Int, Int, Int32, Source<Self>, Target<Self>) -> Void
  {
    unsafe unroll_multiply_vector_f32
  }
  static var multiplyVectorTransposed:
    (UnsafePointer<unroll_rows>?, Int, Int, Int32, Source<Self>, Target<Self>) -> Void
  {
    unsafe unroll_multiply_vector_transposed_f32
  }
  static var softmax: (Int, Int, Source<Self>, Int, Target<Self>, Int) -> Void {
    unsafe unroll_softmax_f32
  }
  static var softmaxBackward:
    (Int, Int, Source<Self>, Int, Source<Self>, Int, Target<Self>, Int) -> Void
  {
    unsafe unroll_softmax_backward_f32
  }
  static var normalize:
    (Int, Int, Source<Self>, Int, Double, Target<Self>, Int, Target<Self>) -> Void
  {
    unsafe unroll_normalize_f32
  }
  static var normalizeBackward:
    (Int, Int, Source<Self>, Int, Source<Self>, Source<Self>, Int, Target<Self>, Int) -> Void
  {
    unsafe unroll_normalize_backward_f32
  }
  static var crossEntropy:
    (
      Int, Int, Source<Self>, Int, UnsafePointer<Int32>?, Target<Self>, Int,
      UnsafeMutablePointer<Double>?
    ) -> Void
  { unsafe unroll_cross_entropy_f32 }
  static var columnSums: (Int, Int, Source<Self>, Int, Target<Self>) -> Void {
    unsafe unroll_column_sums_f32
  }
  static var rowNorms: (Int, Int, Source<Self>, Int, UnsafeMutablePointer<Double>?) -> Void {
    unsafe unroll_row_norms_f32
  }
  static var sumSquares: (Int, Source<Self>) -> Double { unsafe unroll_sum_squares_f32 }
  static var firstNonfinite: (Int, Source<Self>) -> Int { unsafe unroll_first_nonfinite_f32 }
  static var axpy: (Int, Self, Source<Self>, Target<Self>) -> Void { unsafe unroll_axpy_f32 }
}

extension Double: KernelScalar {
  static var run:
    (
      UnsafePointer<unroll_instruction>?, Int, UnsafePointer<unroll_operand>?, Target<Self>, Int,
      Int, Int
    ) -> Void
  { unsafe unroll_run_f64 }
  static var packedSize: (Int, Int) -> Int { unroll_packed_size_f64 }
  static var pack: (Int, Int, Source<Self>, Int, Int32, Int, Target<Self>) -> Void {
    unsafe unroll_pack_f64
  }
  static var multiplyPacked:
    (Int, Int, Int, Source<Self>, Int, Int32, Source<Self>, Target<Self>, Int) -> Void
  {
    unsafe unroll_multiply_packed_f64
  }
  static var multiplyVector:
    (UnsafePointer<unroll_rows>?, Int, Int, Int32, Source<Self>, Target<Self>) -> Void
  {
    unsafe unroll_multiply_vector_f64
  }
  static var multiplyVectorTransposed:
    (UnsafePointer<unroll_rows>?, Int, Int, Int32, Source<Self>, Target<Self>) -> Void
  {
    unsafe unroll_multiply_vector_transposed_f64
  }
  static var softmax: (Int, Int, Source<Self>, Int, Target<Self>, Int) -> Void {
    unsafe unroll_softmax_f64
  }
  static var softmaxBackward:
    (Int, Int, Source<Self>, Int, Source<Self>, Int, Target<Self>, Int) -> Void
  {
    unsafe unroll_softmax_backward_f64
  }
  static var normalize:
    (Int, Int, Source<Self>, Int, Double, Target<Self>, Int, Target<Self>) -> Void
  {
    unsafe unroll_normalize_f64
  }
  static var normalizeBackward:
    (Int, Int, Source<Self>, Int, Source<Self>, Source<Self>, Int, Target<Self>, Int) -> Void
  {
    unsafe unroll_normalize_backward_f64
  }
  static var crossEntropy:
    (
      Int, Int, Source<Self>, Int, UnsafePointer<Int32>?, Target<Self>, Int,
      UnsafeMutablePointer<Double>?
    ) -> Void
  { unsafe unroll_cross_entropy_f64 }
  static var columnSums: (Int, Int, Source<Self>, Int, Target<Self>) -> Void {
    unsafe unroll_column_sums_f64
  }
  static var rowNorms: (Int, Int, Source<Self>, Int, UnsafeMutablePointer<Double>?) -> Void {
    unsafe unroll_row_norms_f64
  }
  static var sumSquares: (Int, Source<Self>) -> Double { unsafe unroll_sum_squares_f64 }
  static var firstNonfinite: (Int, Source<Self>) -> Int { unsafe unroll_first_nonfinite_f64 }
  static var axpy: (Int, Self, Source<Self>, Target<Self>) -> Void { unsafe unroll_axpy_f64 }
}
