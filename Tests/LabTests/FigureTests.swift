import Equations
import Learning
import Networks
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The verdict's figures, each on something whose answer is known.
@Suite struct FigureTests {
  @Test func fits() {
    // 3 · 0.8^back.
    let norms = (0..<40).map { 3 * pow(0.8, Double(39 - $0)) }
    let fit = GradientFit(norms: norms)
    #expect(abs((fit.slope ?? 0) - log(0.8)) < 1e-12)
    #expect(abs((fit.r2 ?? 0) - 1) < 1e-12 && fit.leftOut == 0)
    #expect(abs((fit.memoryLength ?? 0) + 1 / log(0.8)) < 1e-9)
    #expect(fit.flow == .vanishing)
    #expect(GradientFit(norms: norms.reversed()).flow == .exploding)
    #expect(GradientFit(norms: norms.reversed()).memoryLength == nil)
    // A factor of 100 over the sequence is the border.
    for (factor, flow) in [(0.0101, GradientFlow.stable), (0.0099, .vanishing)] {
      let norms = (0...10).map { pow(factor, Double(10 - $0) / 10) }
      #expect(GradientFit(norms: norms).flow == flow)
      #expect(GradientFit(norms: norms.reversed()).flow == (flow == .stable ? .stable : .exploding))
    }
    // Outside of 1e-30…1e30, and what is no number, is left out, and counted.
    let cut = GradientFit(norms: [0, .nan, .infinity, 1e-31, 1e31, 1e-3, 1e-2, 1e-1])
    #expect(abs((cut.slope ?? 0) + log(10)) < 1e-12 && cut.leftOut == 5)
    let gone = GradientFit(norms: [0, 0, 0, 1])
    #expect(gone.slope == nil && gone.flow == .vanishing && gone.leftOut == 3)
    #expect(GradientFit(norms: [1]).flow == .stable)
    #expect(GradientFit(norms: [2, 2, 2]).r2 == 1)
  }

  @Test(arguments: [
    ("rnn", "U"), ("irnn", "U"), ("lstm", "U_g"), ("gru", "U_n"), ("gru-torch", "U_n"),
    ("peephole", "U_g"), ("peephole-diagonal", "U_g"),
  ])
  func recurrentMatrix(cell name: String, matrix: String) throws {
    let cell = try #require(try Cell.shipped(name))
    let index = try #require(CellRoles(cell).recurrentMatrix)
    #expect(cell.parameters[index].name.text == matrix)
  }

  /// Two pieces with a matrix each: there is no one recurrent matrix.
  @Test func maxoutHasNone() throws {
    #expect(CellRoles(try #require(try Cell.shipped("maxout-rnn"))).recurrentMatrix == nil)
  }

  /// Counted again, by hand.
  @Test func saturation() throws {
    let lab = try LabSamples.lab(
      try LabSamples.settings("lstm/input-scale=4/forget-bias=2", seqLen: 9, hiddenSize: 7))
    let figures = try lab.verdict().activations
    let unrolling = lab.pass.layers[0][0]
    func values(_ name: Identifier) throws -> [Float] {
      unrolling.values(of: try #require(lab.settings.cell.equationIndex(of: name))).array
    }
    let gates = try values("f") + values("i") + values("o")
    let candidates = try values("g")
    let flat =
      gates.count { $0 < 0.03 || $0 > 0.97 } + candidates.count { $0 < -0.97 || $0 > 0.97 }
    #expect(flat > 0 && figures.deadReLU == nil)
    #expect(figures.saturated == Double(flat) / Double(gates.count + candidates.count))
    let mean = try values("f").reduce(0) { $0 + Double($1) } / Double(candidates.count)
    #expect(abs(try #require(figures.meanForgetGate) - mean) < 1e-12)
  }

  /// Two of eight units get a bias that no input overcomes.
  @Test func deadReLUs() throws {
    let lab = try LabSamples.lab(
      try LabSamples.settings("rnn/relu/identity/input-scale=1", seqLen: 9, hiddenSize: 8))
    #expect(try lab.verdict().activations.deadReLU == 0)
    let bias = try #require(lab.network.layout["layer0.b"])
    for unit in [1, 6] { lab.network.parameters[bias.offset + unit] = -100 }
    let figures = try lab.verdict().activations
    #expect(figures.deadReLU == 0.25 && figures.saturated == nil && figures.meanForgetGate == nil)
  }

  /// Rows of the matrix are the norms of single losses: their last is what the verdict measures,
  /// and with one sequence the whole gradient is the sum over rows.
  @Test(arguments: [TaskKind.copy, .sine, .recall]) func lossMatrix(kind: TaskKind) throws {
    let lab = try LabSamples.lab(
      try LabSamples.settings(
        "gru", seqLen: 12, hiddenSize: 6, batchSize: 1, task: TaskRequest(kind)))
    let matrix = lab.lossMatrix()
    #expect(matrix.lossSteps == Array(lab.task.lossSteps))
    let probe = try lab.measure(lossAtLastStep: true).gradientNorms
    let last = matrix.lossSteps.count - 1
    for step in 0..<12 { #expect(abs(matrix[last, step] - probe[step]) < 1e-5 * probe[step]) }
    // Causality: a loss knows nothing of later states.
    for (row, loss) in matrix.lossSteps.enumerated() where loss < 11 {
      #expect(matrix[row, loss + 1] == 0 && matrix[row, loss] > 0)
    }
    let whole = try lab.measure().gradientNorms
    for step in 0..<12 {
      let most = (0...last).reduce(0) { $0 + matrix[$1, step] } / Double(last + 1)
      #expect(whole[step] <= most * 1.0001)
    }
  }

  @Test func histories() {
    var history = DecimatedHistory(capacity: 8)
    for value in 1...100 { history.append(Double(value)) }
    #expect(history.count == 100 && history.points.count <= 8 && history.stride == 16)
    let first = history.points[0]
    #expect(first.mean == 8.5 && first.least == 1 && first.most == 16 && first.count == 16)
    #expect(history.points.last?.mean == 98.5 && history.points.last?.count == 4)
    history.truncate(to: 40)
    #expect(history.count == 40 && history.points.count == 3 && history.points[2].count == 8)
    history.append(7)
    #expect(history.count == 41)
    history.truncate(to: 0)
    #expect(history.count == 0 && history.points.isEmpty)
  }

  @Test func lanes() throws {
    let lane = try LaneText("rnn/relu/identity/lr=0.5/clip=off/hidden=12/optimizer=sgd/gain=-2")
    let cell = try #require(try Cell.shipped("rnn", activation: .relu))
    let settings = try lane.settings(base: LabSettings(cell: cell), cell: cell)
    #expect(settings.initializer == .identity(gain: 1) && settings.gain == -2)
    #expect(settings.learningRate == 0.5 && settings.maximumNorm == nil)
    #expect(settings.hiddenSize == 12 && settings.optimizer == .sgd)
    #expect(lane.activation == .relu && lane.cell == "rnn")
    for path in ["./my.cell", "/tmp/cells/my.cell", "my.cell", "../a/my.cell"] {
      let own = try LaneText("\(path)/relu/lr=0.5")
      #expect(own.cell == path && own.activation == .relu && own.values.count == 1)
      #expect(try LaneText(path).cell == path)
    }
    for (text, problem) in [
      ("", "expected a cell first"), ("/tanh", "expected a cell first"),
      ("a=1", "expected a cell first"), ("rnn/foo", "found \"foo\""),
      ("rnn/x=1", "unknown setting \"x\""),
      ("rnn/tanh/relu", "expected one activation, found tanh and relu"),
      ("rnn/he/xavier", "expected one initialiser, found he and xavier"),
      ("rnn/lr=1/gain=2/lr=3", "expected one lr, found 1 and 3"),
      ("rnn//lr=1", "after each /, found none"), ("rnn/", "after each /, found none"),
    ] {
      let error = #expect(throws: LaneError.self) { try LaneText(text) }
      #expect(error?.description.contains(problem) == true, "\(text): \(String(describing: error))")
    }
    for text in ["rnn/lr=x", "rnn/hidden=0", "rnn/clip=0", "rnn/optimizer=lbfgs", "rnn/gain=nan"] {
      #expect(throws: LaneError.self) {
        try LaneText(text).settings(base: LabSettings(cell: cell), cell: cell)
      }
    }
  }
}
