import CKernels
import Testing

@Suite struct TranscendentalTests {
  @Test func accuracy() { checkAccuracy() }
  @Test func landmarks() { checkLandmarks() }
}

/// Greatest errors in ulp that are allowed, over all floats.
private let bounds: [(op: unroll_op, ulps: Double)] = [
  (unroll_op_exp, 1), (unroll_op_log, 1), (unroll_op_tanh, 3), (unroll_op_sigmoid, 3),
  (unroll_op_elu, 1), (unroll_op_normal_cdf, 6), (unroll_op_normal_pdf, 2.5), (unroll_op_sqrt, 0.5),
]

private func results(_ op: unroll_op, of inputs: [Float]) -> [Float] {
  var arena = Arena<Float>()
  let a = arena.add(inputs, rows: 1, columns: inputs.count, stride: 0)
  arena.run([unroll_instruction(op, to: a, a, imm: 1)], rows: 1, columns: inputs.count)
  return arena.values(a)
}

/// Every 65521th of all 2^32 floats, NaN and subnormals among them, and a dense sweep of the range
/// where the functions bend.
func checkAccuracy() {
  let sparse = stride(from: UInt32(0), to: UInt32.max - 65521, by: 65521).map(
    Float.init(bitPattern:))
  let dense = (-40_000...40_000).map { Float($0) * 0.00031 }
  for (op, bound) in bounds {
    var worst = (ulps: 0.0, x: Float(0), got: Float(0))
    let inputs = sparse + dense
    for (x, got) in zip(inputs, results(op, of: inputs)) {
      let error = ulps(got, of: truth(op, Double(x), 0, 0, 1))
      if error > worst.ulps { worst = (error, x, got) }
    }
    #expect(worst.ulps <= bound, "\(op): \(worst)")
  }
  // The two gelu cancel nowhere either; below -5, where they are under 1e-6, the error of the
  // argument of exp counts as many times as that argument is large.
  for op in [unroll_op_gelu, unroll_op_gelu_tanh] {
    for (x, got) in zip(dense, results(op, of: dense)) where x > -5 {
      #expect(ulps(got, of: truth(op, Double(x), 0, 0, 1)) <= 40, "\(op) of \(x): \(got)")
    }
  }
}

/// Values that must come out exactly.
func checkLandmarks() {
  let tiny: [Float] = [1e-30, -1e-30, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0, -0.0]
  #expect(results(unroll_op_elu, of: tiny) == tiny)
  #expect(results(unroll_op_tanh, of: tiny).map(\.bitPattern) == tiny.map(\.bitPattern))
  let exact: [(unroll_op, Float, Float)] = [
    (unroll_op_exp, 0, 1), (unroll_op_exp, -.infinity, 0), (unroll_op_exp, .infinity, .infinity),
    (unroll_op_exp, 88.8, .infinity), (unroll_op_exp, -104.1, 0),
    (unroll_op_log, 1, 0), (unroll_op_log, 0, -.infinity), (unroll_op_log, .infinity, .infinity),
    (unroll_op_tanh, .infinity, 1), (unroll_op_tanh, -.infinity, -1), (unroll_op_tanh, 12, 1),
    (unroll_op_sigmoid, 0, 0.5), (unroll_op_sigmoid, .infinity, 1),
    (unroll_op_sigmoid, -.infinity, 0), (unroll_op_elu, -.infinity, -1),
    (unroll_op_elu, .infinity, .infinity), (unroll_op_normal_cdf, .infinity, 1),
    (unroll_op_normal_cdf, -.infinity, 0), (unroll_op_normal_pdf, .infinity, 0),
  ]
  for (op, x, want) in exact {
    #expect(results(op, of: [x]) == [want], "\(op) of \(x)")
  }
  #expect(results(unroll_op_log, of: [-1])[0].isNaN)
  for (op, _) in bounds {
    #expect(results(op, of: [.nan])[0].isNaN, "\(op) of NaN")
  }
}
