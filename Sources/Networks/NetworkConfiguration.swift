public import Equations

/// How tokens become vectors.
public enum TokenInput: Hashable, Sendable {
  /// There are no tokens: the input is given as vectors of this size.
  case vectors(size: Int)
  /// Token k is the k-th unit vector.
  case oneHot(vocabularySize: Int)
  /// Token k is row k of a trained table.
  case embedding(vocabularySize: Int, size: Int)

  public var inputSize: Int {
    switch self {
    case .vectors(let size), .oneHot(let size), .embedding(_, let size): size
    }
  }

  public var vocabularySize: Int? {
    switch self {
    case .vectors: nil
    case .oneHot(let size), .embedding(let size, _): size
    }
  }
}

/// A network: tokens → stacked recurrence of one cell, in one or two directions → linear layer.
public struct NetworkConfiguration: Sendable {
  public var input: TokenInput
  public var cell: Cell
  public var hiddenSize: Int
  public var numLayers: Int
  public var isBidirectional: Bool
  /// The rows of the output layer; nil where the network ends with its last layer's state.
  public var outputSize: Int?
  public var hasOutputBias: Bool

  public init(
    input: TokenInput, cell: Cell, hiddenSize: Int, numLayers: Int = 1,
    isBidirectional: Bool = false, outputSize: Int? = nil, hasOutputBias: Bool = true
  ) {
    self.input = input
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.numLayers = numLayers
    self.isBidirectional = isBidirectional
    self.outputSize = outputSize
    self.hasOutputBias = hasOutputBias
  }

  public var directions: [Direction] { isBidirectional ? [.forward, .reverse] : [.forward] }

  /// The length of what each layer gives: the directions side by side.
  public var layerOutputSize: Int { hiddenSize * directions.count }

  public func inputSize(ofLayer layer: Int) -> Int {
    layer == 0 ? input.inputSize : layerOutputSize
  }
}

public enum Direction: Int, Hashable, Sendable, CaseIterable {
  case forward, reverse
}

/// One layer in one direction.
public struct LayerID: Hashable, Sendable, Comparable {
  public var layer: Int
  public var direction: Direction

  public init(layer: Int, direction: Direction = .forward) {
    self.layer = layer
    self.direction = direction
  }

  /// "layer0" or "layer0.reverse", as values are called in a trace.
  public var name: String {
    direction == .forward ? "layer\(layer)" : "layer\(layer).reverse"
  }

  public static func < (a: LayerID, b: LayerID) -> Bool {
    (a.layer, a.direction.rawValue) < (b.layer, b.direction.rawValue)
  }
}
