import Checkpoints
import Equations
import Networks
import TestSupport
import Testing

/// Weights for a cell of one's own, and the sizes that follow from their shapes.
@Suite struct NamedParametersTests {
  /// PyTorch's gates are i, f, g, o from top to bottom (torch.nn.LSTM, "Variables").
  static func lstmParameters() throws -> [NamedArray] {
    let parts = try tensors(of: Fixtures.path("lstm_5_8_1.safetensors")).byName
    let biases = zip(
      try #require(parts["bias_ih_l0"]).floats, try #require(parts["bias_hh_l0"]).floats
    ).map { $0 + $1 }
    let bias = NamedArray(name: "b", shape: [32], data: biases)
    return try ["i", "f", "g", "o"].enumerated().flatMap { index, gate in
      let range = index * 8..<(index + 1) * 8
      return [
        try #require(parts["weight_ih_l0"]).rows(range, named: "layer0.W_\(gate)"),
        try #require(parts["weight_hh_l0"]).rows(range, named: "layer0.U_\(gate)"),
        bias.rows(range, named: "layer0.b_\(gate)"),
      ]
    }
  }

  @Test func goldenFiguresThroughOnesOwnCell() throws {
    let folder = try TemporaryFolder()
    let weights = try folder.write(try Self.lstmParameters(), to: "w.safetensors")
    let cell = try folder.write(try #require(try Cell.shipped("lstm")).text, to: "mine.cell")
    var request = ModelRequest()
    request.weights = weights
    request.cell = cell
    let model = try ModelLoader.load(request)
    #expect(model.cell.name == "mine" && model.configuration.hiddenSize == 8)
    let expected = try tensors(of: Fixtures.path("lstm_5_8_1.expected.safetensors")).byName
    let input = try model.input(vectors: try #require(expected["input"]).floats)
    let trace = try Trace(model: model, input: input, isBackward: true).arrays.byName
    for name in ["layer0.c", "layer0.o", "output"] {
      #expect(
        relativeError(try #require(trace[name]).floats, try #require(expected[name]).floats) <= 1e-6
      )
    }
    let gradient = try #require(expected["grad.param.weight_hh_l0"]).rows(8..<16, named: "")
    #expect(
      relativeError(try #require(trace["grad.param.layer0.U_f"]).floats, gradient.floats) <= 1e-5)
  }

  @Test func layersAndOuterLayersFromNames() throws {
    let folder = try TemporaryFolder()
    let cell = try folder.write("state h\nh = tanh(W·[x, h'] + b)", to: "joined.cell")
    var parts: [NamedArray] = []
    for direction in ["", "reverse."] {
      // I = 4 and H = 3, then I = 6: [H, I + H].
      parts += [zeros("layer0.\(direction)W", 3, 7), zeros("layer0.\(direction)b", 3)]
      parts += [zeros("layer1.\(direction)W", 3, 9), zeros("layer1.\(direction)b", 3)]
    }
    parts += [
      zeros("embedding.weight", 5, 4), zeros("output.weight", 5, 6), zeros("output.bias", 5),
    ]
    func request(_ parts: [NamedArray]) throws -> ModelRequest {
      var request = ModelRequest()
      request.weights = try folder.write(parts, to: "w.safetensors")
      request.cell = cell
      return request
    }
    let configuration = try ModelLoader.load(try request(parts)).configuration
    #expect(configuration.numLayers == 2 && configuration.isBidirectional)
    #expect(configuration.hiddenSize == 3)
    #expect(configuration.input == .embedding(vocabularySize: 5, size: 4))
    #expect(configuration.outputSize == 5 && configuration.hasOutputBias)

    func error(_ parts: [NamedArray]) throws -> String {
      let request = try request(parts)
      do { _ = try ModelLoader.load(request) } catch { return error.description }
      return ""
    }
    let missing = try error(parts.filter { $0.name != "layer1.reverse.b" })
    #expect(missing.contains("layer1.reverse.b: expected [3], found no tensor"))
    let extra = try error(parts + [zeros("layer1.V", 3, 3)])
    #expect(extra.contains("layer1.V: expected a parameter of the cell"))
    var wrong = parts
    wrong[0] = zeros("layer0.W", 3, 8)
    #expect(try error(wrong).contains("layer0"))
    #expect(try error([zeros("layer0.q", 2)]).contains("W [H, I + H], b [H]"))
    #expect(try error([zeros("w", 2)]).contains("such as layer0.W"))
  }

  @Test func requestsThatDontGoTogether() throws {
    let lstm = Fixtures.path("lstm_5_8_1.safetensors")
    #expect(message(nil) { $0.weights = lstm }.contains("--weights needs --cell"))
    #expect(
      message(lstm) {
        $0.weights = lstm; $0.cell = "lstm"
      }.contains("MODEL and --weights"))
    #expect(message(lstm) { $0.new.hiddenSize = 3 }.contains("--hidden is for a new network"))
    let folder = try TemporaryFolder()
    let named = try folder.write([zeros("layer0.W", 2, 2)], to: "n.safetensors")
    #expect(message(named).contains("--cell FILE"))
  }

  /// Shapes from given sizes, then the sizes from the shapes.
  @Test(
    arguments: Cell.shippedNames.map { ($0, nil) } + [
      ("", "state h\nh = tanh(W·[x, h'] + b)"), ("", "state h\nh = tanh(Wᵀ·x + U·[x, h', h'])"),
      ("", "state h\nz = [x, h']\nh = tanh(W·tanh(z))"),
    ] as [(String, String?)])
  func sizesFromShapes(name: String, text: String?) throws {
    let cell = try text.map { try Cell(name: "user", text: $0) } ?? #require(try Cell.shipped(name))
    var shapes: [Identifier: [Int]] = [:]
    for parameter in cell.parameters {
      shapes[parameter.name] = parameter.shape(inputSize: 5, hiddenSize: 7)
    }
    let sizes = cell.inferSizes(from: shapes)
    #expect(sizes.inputSize == 5 && sizes.hiddenSize == 7)
  }

  @Test func sizesThatCantBeTold() throws {
    let cell = try Cell(name: "user", text: "state h\nh = tanh(U·h' + b)")
    #expect(cell.inferSizes(from: ["U": [4, 4]]) == (nil, 4))
    #expect(cell.inferSizes(from: ["U": [4]]) == (nil, nil))
    #expect(cell.inferSizes(from: [:]) == (nil, nil))
    // The odd one out is outvoted.
    #expect(cell.inferSizes(from: ["U": [4, 4], "b": [5]]) == (nil, 4))
  }

  @Test(arguments: Cell.shippedNames)
  func parameterCountFormula(name: String) throws {
    let cell = try #require(try Cell.shipped(name))
    // The formula, read as arithmetic, at I = 10 and H = 100.
    let terms = cell.parameterCountFormula.split(separator: " ").filter { $0 != "+" }
    let count = terms.reduce(0) { sum, term in
      let number = Int(term.prefix { $0.isASCII && $0.isNumber }) ?? 1
      let values: [Substring: Int] = ["HI": 1000, "H²": 10_000, "I²": 100, "H": 100, "I": 10]
      return sum + number * (values[term.drop { $0.isASCII && $0.isNumber }] ?? 0)
    }
    let expected = cell.parameters.reduce(0) {
      $0 + $1.shape(inputSize: 10, hiddenSize: 100).reduce(1, *)
    }
    #expect(count == expected)
  }
}
