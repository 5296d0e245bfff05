internal import ArgumentParser
internal import Checkpoints
internal import Equations
internal import Networks

/// `unroll check`: gradients against finite differences.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the gradients of cells and attention blocks against finite differences.",
    discussion: """
      Without a name all shipped ones. In double precision, for every parameter and the input. The error is \
      max|analytic − numeric| / max|analytic| over a tensor, absolute where that is below 1e-8; \
      differences that cross a kink are skipped and counted. Ends with 1 if an error exceeds 1e-6.
      """)

  @Argument(
    help: ArgumentHelp(
      "A shipped cell or block, or a .cell or .block file.", valueName: "name|file"))
  var cell: String?

  @Option(help: "Hidden size H; of a block D.") var hidden = 5
  @Option(help: "Input size I.") var inputSize = 4
  @Option(help: "Number of steps T.") var seqLen = 6
  @Option(help: "Number of layers.") var layers = 1
  @Flag(help: "Run each layer in both directions.") var bidirectional = false
  @Option(help: "What φ stands for: tanh, relu, sigmoid, leaky_relu, elu, gelu or gelu_tanh.")
  var activation: Function?
  @Option(help: "Seed of the random weights.") var seed: UInt64 = 1
  @Option(help: "Of a block: how many heads share D.") var heads = 1
  @Flag(help: "Of a block: a token sees no later one.") var causal = false

  func validate() throws {
    let sizes: [(String, Int, Int)] = [
      ("--hidden", hidden, 512), ("--input-size", inputSize, 512), ("--seq-len", seqLen, 1000),
      ("--layers", layers, 32), ("--heads", heads, 512),
    ]
    for (name, value, most) in sizes where !(1...most).contains(value) {
      throw ValidationError("\(name): expected a number from 1 to \(most), found \(value)")
    }
  }

  func run() throws {
    var allPass = true
    for name in cell.map({ [$0] }) ?? Cell.shippedNames + Block.shippedNames {
      let passes = try BlockFile.isOne(name) ? checkBlock(name) : check(name)
      allPass = allPass && passes
    }
    if !allPass { throw ExitCode(1) }
  }

  private func checkBlock(_ name: String) throws -> Bool {
    let block = try BlockFile.load(name, activation: activation ?? .gelu)
    guard hidden.isMultiple(of: heads) else {
      throw ModelError.request("--heads \(heads): expected a divisor of --hidden \(hidden)")
    }
    let check = try BlockGradientCheck(
      block: block,
      sizes: BlockSizes(modelSize: hidden, headCount: heads, feedForwardSize: 2 * hidden),
      seqLen: seqLen, isCausal: causal, seed: seed)
    let phi = block.usesActivation ? ", φ = \(block.activation.asciiName)" : ""
    try report(block.name + phi, check.rows, passes: check.passes)
    return check.passes
  }

  private func check(_ name: String) throws -> Bool {
    // Of all cells, an activation is for those with φ.
    let activation = try cell != nil || CellFile.load(name).usesActivation ? activation : nil
    let cell = try CellFile.load(name, activation: activation)
    let check = try GradientCheck(
      cell: cell, inputSize: inputSize, hiddenSize: hidden, seqLen: seqLen, numLayers: layers,
      isBidirectional: bidirectional, seed: seed)
    let phi = cell.usesActivation ? ", φ = \(cell.activation.asciiName)" : ""
    try report(cell.name + phi, check.rows, passes: check.passes)
    return check.passes
  }

  private func report(_ title: String, _ checked: [GradientCheck.Row], passes: Bool) throws {
    var rows = [["parameter", "shape", "error", "skipped", ""]]
    for row in checked {
      rows.append([
        row.name, "[\(row.shape.map(String.init).joined(separator: ", "))]",
        Self.scientific(row.error), "\(row.skipped)",
        row.error <= GradientCheck.tolerance
          ? "" : "over \(Self.scientific(GradientCheck.tolerance))",
      ])
    }
    try Console.print(
      "\(title): \(passes ? "passed" : "FAILED")\n"
        + Console.table(rows, rightAligned: [2, 3]) + "\n")
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
