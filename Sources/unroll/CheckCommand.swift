internal import ArgumentParser
internal import Checkpoints
internal import Equations
internal import Networks

/// `unroll check`: gradients against finite differences.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the gradients of a cell, or of all shipped ones, against finite differences.",
    discussion: """
      In double precision, for every parameter and the input x. The error is \
      max|analytic − numeric| / max|analytic| over a tensor, absolute where that is below 1e-8; \
      differences that cross a kink are skipped and counted. Ends with 1 if an error exceeds 1e-6.
      """)

  @Argument(help: ArgumentHelp("A shipped cell's name, or a cell file.", valueName: "cell"))
  var cell: String?

  @Option(help: "Hidden size H.") var hidden = 5
  @Option(help: "Input size I.") var inputSize = 4
  @Option(help: "Number of steps T.") var seqLen = 6
  @Option(help: "Number of layers.") var layers = 1
  @Flag(help: "Run each layer in both directions.") var bidirectional = false
  @Option(help: "What φ stands for: tanh, relu, sigmoid, leaky_relu, elu, gelu or gelu_tanh.")
  var activation: Function?
  @Option(help: "Seed of the random weights.") var seed: UInt64 = 1

  func validate() throws {
    let sizes: [(String, Int, Int)] = [
      ("--hidden", hidden, 512), ("--input-size", inputSize, 512), ("--seq-len", seqLen, 1000),
      ("--layers", layers, 32),
    ]
    for (name, value, most) in sizes where !(1...most).contains(value) {
      throw ValidationError("\(name): expected a number from 1 to \(most), found \(value)")
    }
  }

  func run() throws {
    var allPass = true
    for name in cell.map({ [$0] }) ?? Cell.shippedNames {
      let passes = try check(name)
      allPass = allPass && passes
    }
    if !allPass { throw ExitCode(1) }
  }

  private func check(_ name: String) throws -> Bool {
    // Of all cells, an activation is for those with φ.
    let activation = try cell != nil || CellFile.load(name).usesActivation ? activation : nil
    let cell = try CellFile.load(name, activation: activation)
    let check = try GradientCheck(
      cell: cell, inputSize: inputSize, hiddenSize: hidden, seqLen: seqLen, numLayers: layers,
      isBidirectional: bidirectional, seed: seed)
    var rows = [["parameter", "shape", "error", "skipped", ""]]
    for row in check.rows {
      rows.append([
        row.name, "[\(row.shape.map(String.init).joined(separator: ", "))]",
        Self.scientific(row.error), "\(row.skipped)",
        row.error <= GradientCheck.tolerance
          ? "" : "over \(Self.scientific(GradientCheck.tolerance))",
      ])
    }
    let phi = cell.usesActivation ? ", φ = \(cell.activation.asciiName)" : ""
    try Console.print(
      "\(cell.name)\(phi): \(check.passes ? "passed" : "FAILED")\n"
        + Console.table(rows, rightAligned: [2, 3]) + "\n")
    return check.passes
  }

  /// Two digits and an exponent: "1.3e-10".
  private static func scientific(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    var exponent = 0
    var mantissa = abs(number)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var tenths = Int((mantissa * 10).rounded())
    if tenths == 100 { (tenths, exponent) = (10, exponent + 1) }
    return "\(number < 0 ? "-" : "")\(tenths / 10).\(tenths % 10)e\(exponent)"
  }
}
