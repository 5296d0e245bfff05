import CKernels
import Testing

@testable import Equations

/// What makes the plan fast: which products run where, and what is kept.
@Suite struct PlanStructureTests {
  private func plan(_ name: String, inputSize: Int = 8, hiddenSize: Int = 16) throws -> Plan {
    Plan(
      cell: try #require(try Cell.shipped(name)), inputSize: inputSize, hiddenSize: hiddenSize)
  }

  /// "stage vector rows×columns" of each run.
  private func runs(_ plan: Plan) -> Set<String> {
    Set(plan.runs.map { "\($0.stage) \($0.vector) \($0.rows)×\($0.vectorSize)" })
  }

  @Test func lstm() throws {
    let plan = try plan("lstm")
    #expect(plan.runs.count == 2)
    #expect(runs(plan) == ["beforeLoop input 64×8", "loop previous(0) 64×16"])
    #expect(plan.kept.isEmpty)
    #expect(plan.sumWidth == 64)
  }

  @Test func runsOfTheOthers() throws {
    #expect(try runs(plan("rnn")) == ["beforeLoop input 16×8", "loop previous(0) 16×16"])
    #expect(try runs(plan("irnn")) == ["beforeLoop input 16×8", "loop previous(0) 16×16"])
    #expect(try runs(plan("maxout-rnn")) == ["beforeLoop input 32×8", "loop previous(0) 32×16"])
    // The reset gate acts before the product: two products have h', one has r ⊙ h'.
    #expect(
      try runs(plan("gru")) == [
        "beforeLoop input 48×8", "loop previous(0) 32×16", "loop kept(0) 16×16",
      ])
    // n's two parts are two sums, so h' has three gates side by side; x has its own three.
    let torch = try runs(plan("gru-torch"))
    #expect(torch.contains("loop previous(0) 48×16"))
    #expect(torch.filter { $0.hasPrefix("loop") }.count == 1)
    // V_f and V_i share c'; V_o takes the new c, which is value 3.
    #expect(
      try runs(plan("peephole")) == [
        "beforeLoop input 64×8", "loop previous(0) 64×16", "loop previous(1) 32×16",
        "loop value(3) 16×16",
      ])
    #expect(
      try runs(plan("peephole-diagonal")) == ["beforeLoop input 64×8", "loop previous(0) 64×16"])
  }

  @Test func whatIsKept() throws {
    for name in ["lstm", "rnn", "irnn", "gru-torch", "peephole", "peephole-diagonal"] {
      #expect(try plan(name).kept.isEmpty, "\(name)")
    }
    // r ⊙ h' is a right factor: the gradient of U_n needs it.
    #expect(try plan("gru").kept.count == 1)
  }

  @Test(arguments: Cell.shippedNames)
  func memory(name: String) throws {
    let sample = Sample(
      try #require(try Cell.shipped(name)), inputSize: 64, hiddenSize: 64, seqLen: 50)
    let (unrolling, _) = sample.gradients(Float.self)
    let ratio = Double(unrolling.byteCount) / Double(unrolling.namedByteCount)
    #expect(ratio <= 1.5, "\(name) \(ratio)")
  }

  /// Levels of elementwise programs and their lengths, products and kernels, per stage.
  private func structure(_ plan: Plan) -> [String] {
    [plan.forward, plan.backward].flatMap { stages in
      Plan.Stage.allCases.map { stage in
        let steps = (stages[stage] ?? []).map { step in
          switch step {
          case .elementwise(let program):
            let ops = program.instructions.map(\.op).sorted()
            return "elementwise \(program.columns) \(ops)"
          case .product(let index): return "product \(plan.runs[index].rows)"
          case .kernel: return "kernel"
          }
        }
        return "\(stage): \(steps)"
      }
    }
  }

  /// Nothing depends on what things are called or on the order of the equations.
  @Test func anotherLSTM() throws {
    let text = """
      state out, memory
      read = sigmoid(bias_r + A_r@x + B_r@out')
      new = tanh(B_n·out' + A_n·x + bias_n)
      write = σ(A_w·x + bias_w + B_w·out')
      keep = σ(A_k·x + B_k·out' + bias_k)
      memory = keep * memory' + write * new
      out = read * tanh(memory)
      """
    let other = Plan(cell: try Cell(name: "t", text: text), inputSize: 8, hiddenSize: 16)
    let lstm = try plan("lstm")
    #expect(structure(other) == structure(lstm))
    #expect(runs(other) == runs(lstm))
    #expect(other.kept.isEmpty && other.registerCount == lstm.registerCount)
  }

  /// Backpropagation reads results and computes no gate again.
  @Test func nothingNamedIsComputedTwice() throws {
    let tanhOrSigmoid = [unroll_op_tanh, unroll_op_sigmoid].map { UInt16($0.rawValue) }
    let backward = try #require(try plan("lstm").backward[.loop])
    let count = backward.reduce(0) { sum, step in
      guard case .elementwise(let program) = step else { return sum }
      return sum + program.instructions.count { tanhOrSigmoid.contains($0.op) }
    }
    // tanh(c), which has no name.
    #expect(count == 1)
  }

  /// What no state depends on waits until after the loop; what depends on the input alone comes
  /// before it.
  @Test func stages() throws {
    let cell = try Cell(
      name: "t",
      text: "state h\ne = relu(E·x)\nh = tanh(W·e + U·h')\ny = softmax(V·h)\nz = tanh(P·h' + y)")
    let plan = Plan(cell: cell, inputSize: 8, hiddenSize: 16)
    func written(_ stage: Plan.Stage) -> Set<Int> {
      var found: Set<Int> = []
      for case .elementwise(let program) in plan.forward[stage] ?? [] {
        for case .value(let index) in program.writes { found.insert(index) }
      }
      return found
    }
    #expect(written(.beforeLoop) == [0])
    #expect(written(.loop) == [1])
    #expect(written(.afterLoop) == [2, 3])
    #expect(
      runs(plan) == [
        "beforeLoop input 16×8", "beforeLoop value(0) 16×16", "loop previous(0) 16×16",
        "afterLoop value(1) 16×16", "afterLoop previous(0) 16×16",
      ])
  }

  /// Without a recurrence there is no loop at all.
  @Test func feedForward() throws {
    let cell = try Cell(name: "t", text: "state h\na = tanh(W·x + b)\nh = V·a")
    let plan = Plan(cell: cell, inputSize: 8, hiddenSize: 16)
    #expect(plan.forward[.loop]?.isEmpty != false)
    #expect(runs(plan) == ["beforeLoop input 16×8", "beforeLoop value(0) 16×16"])
  }
}
