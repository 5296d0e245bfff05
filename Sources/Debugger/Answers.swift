public import Networks
public import Tensors

/// What is known of a network that answers with classes, not with the next token.
public struct Answers: Sendable {
  /// The names of the outputs.
  public let classes: [String]
  /// The right answers for the tokens of a text, `[T]`, −1 for none; nil where none are known.
  public let targets: @Sendable (_ tokens: [String]) -> [Int32]?
  /// A network that is run on the same input, for comparison.
  public let companion: Companion?
  /// The first input of all is a picture of so many rows and columns, if it is one.
  public let picture: Picture?

  public struct Companion: Sendable {
    /// What it is called beside the other: "forward alone".
    public let name: String
    public let network: Network<Float>

    public init(name: String, network: Network<Float>) {
      self.name = name
      self.network = network
    }
  }

  public struct Picture: Sendable, Equatable {
    public let rows: Int
    public let columns: Int

    public init(rows: Int, columns: Int) {
      self.rows = rows
      self.columns = columns
    }
  }

  public init(
    classes: [String], companion: Companion? = nil, picture: Picture? = nil,
    targets: @escaping @Sendable (_ tokens: [String]) -> [Int32]? = { _ in nil }
  ) {
    self.classes = classes
    self.companion = companion
    self.picture = picture
    self.targets = targets
  }
}

extension Recording {
  public var answers: Answers? { request.answers }

  /// What the network for comparison answers at a step; empty where there is none.
  public func companionProbabilities(time: Int) -> [Float] {
    guard let head = companion?.pass.head else { return [] }
    return head.probabilities.array(time * head.outputSize..<(time + 1) * head.outputSize)
  }

  /// The picture that the first step was given, row by row from the top; nil where there is none.
  public var picture: [Float]? {
    guard let shape = answers?.picture, case .vectors(let vectors) = request.input.source,
      vectors.count >= shape.rows * shape.columns
    else { return nil }
    return Array(vectors.prefix(shape.rows * shape.columns))
  }
}
