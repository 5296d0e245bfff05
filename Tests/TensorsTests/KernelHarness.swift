import CKernels
import Foundation
import Testing

/// A small seeded generator (SplitMix64, Steele et al. 2014), so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func values<T: KernelScalar>(_ count: Int, from low: Double = -2, to high: Double = 2)
    -> [T]
  {
    (0..<count).map { _ in T(Double.random(in: low...high, using: &self)) }
  }
}

/// Distance of `got` from the true value, in units in the last place of the true value as a float.
func ulps(_ got: Float, of truth: Double) -> Double {
  let nearest = Float(truth)
  if truth.isNaN || got.isNaN { return truth.isNaN == got.isNaN ? 0 : .infinity }
  if nearest.isInfinite || got.isInfinite { return got == nearest ? 0 : .infinity }
  return abs(Double(got) - truth) / Double(abs(nearest).nextUp - abs(nearest))
}

/// Records one issue, for the first index where a result is wrong. (An `#expect` for each of many
/// thousand elements would take most of the time of the tests.)
func expectEach(
  _ indices: Range<Int>, _ isRight: (Int) -> Bool, _ describe: (Int) -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let index = indices.first(where: { !isRight($0) }) else { return }
  Issue.record(Comment(rawValue: describe(index)), sourceLocation: sourceLocation)
}

extension unroll_instruction {
  init(_ op: unroll_op, to dst: Int, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, imm: Double = 0) {
    self.init(
      op: UInt16(op.rawValue), dst: UInt16(dst), a: UInt16(a), b: UInt16(b), c: UInt16(c), imm: imm)
  }
}

/// The operand index of a scratch register.
func scratch(_ register: Int) -> Int { Int(unroll_scratch) + register }

/// Matrices in one array, with guard elements between them that no kernel may touch.
struct Arena<T: KernelScalar> {
  static var guardValue: T { 12345 }
  static var guardCount: Int { 37 }

  private(set) var elements: [T] = Array(repeating: guardValue, count: guardCount)
  private var matrices: [(offset: Int, rows: Int, columns: Int, stride: Int)] = []

  /// Adds a matrix whose rows are `stride` apart (0: one row for all); returns its operand index.
  mutating func add(_ values: [T], rows: Int, columns: Int, stride: Int) -> Int {
    let kept = stride == 0 ? 1 : rows
    precondition(values.count == kept * columns && (stride == 0 || stride >= columns))
    matrices.append((elements.count, kept, columns, stride))
    for row in 0..<kept {
      elements += values[row * columns..<(row + 1) * columns]
      elements += Array(repeating: Self.guardValue, count: max(0, stride - columns))
    }
    elements += Array(repeating: Self.guardValue, count: Self.guardCount)
    return matrices.count - 1
  }

  subscript(matrix: Int, row: Int, column: Int) -> T {
    let m = matrices[matrix]
    return elements[m.offset + (m.stride == 0 ? 0 : row * m.stride) + column]
  }

  func values(_ matrix: Int) -> [T] {
    let m = matrices[matrix]
    return (0..<m.rows).flatMap { row in
      elements[m.offset + row * m.stride..<m.offset + row * m.stride + m.columns]
    }
  }

  var guardsAreIntact: Bool {
    var mayDiffer = Array(repeating: false, count: elements.count)
    for m in matrices {
      for row in 0..<m.rows {
        for column in 0..<m.columns { mayDiffer[m.offset + row * m.stride + column] = true }
      }
    }
    return zip(elements, mayDiffer).allSatisfy { $1 || $0 == Self.guardValue }
  }

  mutating func run(_ program: [unroll_instruction], rows: Int, columns: Int, block: Int = 1024) {
    let registers = 8
    let bytes = max(64, registers * block * MemoryLayout<T>.stride)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { unsafe memory.deallocate() }
    let scratch = unsafe memory.bindMemory(to: T.self, capacity: registers * block)
    unsafe elements.withUnsafeMutableBufferPointer { buffer in
      let operands = unsafe matrices.map { m in
        let base = unsafe buffer.baseAddress.map { unsafe UnsafeMutableRawPointer($0 + m.offset) }
        return unsafe unroll_operand(base: base, row_stride: m.stride)
      }
      unsafe T.run(program, program.count, operands, scratch, block, rows, columns)
    }
  }
}

/// What an instruction makes of one element, in Double, from libm.
func truth(_ op: unroll_op, _ a: Double, _ b: Double, _ c: Double, _ imm: Double) -> Double {
  func sigmoid(_ x: Double) -> Double { x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }
  func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
  switch op {
  case unroll_op_copy: return a
  case unroll_op_fill: return imm
  case unroll_op_neg: return -a
  case unroll_op_add: return a + b
  case unroll_op_sub: return a - b
  case unroll_op_mul: return a * b
  case unroll_op_div: return a / b
  case unroll_op_max: return a.isNaN || b.isNaN ? .nan : (a >= b ? a : b)
  case unroll_op_min: return a.isNaN || b.isNaN ? .nan : (a <= b ? a : b)
  case unroll_op_fma: return a * b + c
  case unroll_op_add_imm: return a + imm
  case unroll_op_imm_sub: return imm - a
  case unroll_op_mul_imm: return a * imm
  case unroll_op_imm_div: return imm / a
  case unroll_op_sigmoid: return sigmoid(a)
  case unroll_op_tanh: return tanh(a)
  case unroll_op_relu: return a.isNaN ? a : (a > 0 ? a : 0)
  case unroll_op_leaky_relu: return a > 0 ? a : imm * a
  case unroll_op_elu: return a > 0 ? a : imm * expm1(a)
  case unroll_op_gelu: return a * normalCDF(a)
  case unroll_op_gelu_tanh:
    return a * sigmoid(2 * (2 / Double.pi).squareRoot() * (a + 0.044715 * a * a * a))
  case unroll_op_exp: return exp(a)
  case unroll_op_log: return log(a)
  case unroll_op_abs: return abs(a)
  case unroll_op_sqrt: return a.squareRoot()
  case unroll_op_step: return a > 0 ? 1 : 0
  case unroll_op_sign: return a > 0 ? 1 : (a < 0 ? -1 : 0)
  case unroll_op_ge: return a >= b ? 1 : 0
  case unroll_op_le: return a <= b ? 1 : 0
  case unroll_op_normal_cdf: return normalCDF(a)
  case unroll_op_normal_pdf: return exp(-a * a / 2) / (2 * Double.pi).squareRoot()
  default: preconditionFailure("no such op: \(op)")
  }
}

/// Every op of the machine; their raw values are consecutive.
let allOps = (unroll_op_copy.rawValue...unroll_op_normal_pdf.rawValue).map(
  unroll_op.init(rawValue:))
