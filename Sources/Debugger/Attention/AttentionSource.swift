public import Equations
public import Tensors

/// A token as it is shown.
public struct AttentionToken: Sendable, Hashable {
  public let label: String
  /// Whether it was put around the text, as `[CLS]` is.
  public let isSpecial: Bool

  public init(_ label: String, isSpecial: Bool = false) {
    self.label = label
    self.isSpecial = isSpecial
  }
}

/// A part of a transformer's program.
public enum ProgramPart: Sendable, Hashable {
  /// What comes before the first layer: embedding and positions.
  case embedding
  case layer(Int)
  /// What follows the last layer: its norm, the head.
  case output
}

/// An equation of the program: where its counter is.
public struct ProgramPlace: Sendable, Hashable {
  public var part: ProgramPart
  /// The index of the equation within its part.
  public var equation: Int

  public init(_ part: ProgramPart, _ equation: Int) {
    self.part = part
    self.equation = equation
  }
}

/// A line of the program as it is shown.
public struct ProgramLine: Sendable, Hashable {
  public let code: String
  public let note: String
  /// The index of the equation in this line; nil for `each head:` and declarations.
  public let equation: Int?
  /// The name of the value that the line gives; empty without an equation.
  public let name: String

  public init(code: String, note: String = "", equation: Int? = nil, name: String = "") {
    self.code = code
    self.note = note
    self.equation = equation
    self.name = name
  }
}

/// A value of the program for one sequence: a matrix with one row per token, one for each head where
/// heads have their own.
public struct ProgramValue: Sendable {
  public let heads: Int
  public let rows: Int
  /// Of one head's matrix.
  public let columns: Int
  /// Whether the columns are tokens: scores and weights.
  public let isOverTokens: Bool
  private let view: BufferView<Float>
  private let headStride: Int
  private let rowStride: Int

  /// - Parameters:
  ///   - view: `[heads, rows, columns]` if `isOverTokens`, else `[rows, heads · columns]`.
  ///   - heads: 1 where heads have no values of their own.
  ///   - rows: the tokens.
  ///   - columns: of one head's matrix.
  ///   - isOverTokens: whether the columns are tokens.
  public init(
    _ view: BufferView<Float>, heads: Int, rows: Int, columns: Int, isOverTokens: Bool
  ) {
    precondition(
      view.count == heads * rows * columns,
      "\(view.count) values for \(heads)×[\(rows), \(columns)]")
    self.view = view
    self.heads = heads
    self.rows = rows
    self.columns = columns
    self.isOverTokens = isOverTokens
    headStride = isOverTokens ? rows * columns : columns
    rowStride = isOverTokens ? columns : heads * columns
  }

  /// An element of a head's matrix; values that all heads share take any head.
  @inlinable public subscript(head: Int, row: Int, column: Int) -> Float {
    element(heads == 1 ? 0 : head, row, column)
  }

  @usableFromInline func element(_ head: Int, _ row: Int, _ column: Int) -> Float {
    view[head * headStride + row * rowStride + column]
  }

  /// One head's matrix over tokens.
  /// - Precondition: the columns are tokens, and the matrix is square.
  public func matrix(head: Int) -> TokenMatrix {
    precondition(isOverTokens && rows == columns, "not a matrix over tokens")
    let start = (heads == 1 ? 0 : head) * headStride
    return TokenMatrix(
      BufferView(view.buffer, offset: view.offset + start, count: rows * columns), count: rows)
  }

  /// A row of all heads side by side: a token's whole vector.
  /// - Precondition: the columns are not tokens.
  public func vector(row: Int) -> [Float] {
    precondition(!isOverTokens, "rows of a matrix over tokens")
    let start = view.offset + row * rowStride
    return view.buffer.array(start..<start + rowStride)
  }
}

/// A square matrix over the tokens: row i holds the weights that query i gives to the keys.
public struct TokenMatrix: Sendable {
  public let count: Int
  let view: BufferView<Float>

  /// - Precondition: the view has `count · count` elements, row-major.
  public init(_ view: BufferView<Float>, count: Int) {
    precondition(view.count == count * count, "\(view.count) elements for \(count)×\(count)")
    self.view = view
    self.count = count
  }

  public init(_ values: [Float], count: Int) {
    self.init(BufferView(Buffer(values)), count: count)
  }

  public subscript(query: Int, key: Int) -> Float { view[query * count + key] }

  public func row(_ query: Int) -> [Float] {
    let start = view.offset + query * count
    return view.buffer.array(start..<start + count)
  }
}

/// What the model gives to a place in the text.
public struct TokenPrediction: Sendable, Hashable {
  public let id: Int
  public let label: String
  public let probability: Float

  public init(id: Int, label: String, probability: Float) {
    self.id = id
    self.label = label
    self.probability = probability
  }
}

/// One sentence that has run through a transformer: every value that the attend scene shows.
public protocol AttentionSource: Sendable {
  var tokens: [AttentionToken] { get }
  var layerCount: Int { get }
  var headCount: Int { get }
  /// Whether a query sees only keys up to itself.
  var isCausal: Bool { get }
  /// Whether the model says what stands at a place, or what follows it.
  var predicts: Bool { get }

  /// The lines of a part, in order of execution.
  func lines(_ part: ProgramPart) -> [ProgramLine]
  /// What an equation gave; nil where it was not kept.
  func value(_ place: ProgramPlace) -> ProgramValue?
  /// An element of an equation's value with the numbers that it was made of.
  ///
  /// - Parameters:
  ///   - place: the equation.
  ///   - head: of a value that heads have their own of.
  ///   - row: the token.
  ///   - column: of the head's matrix.
  ///   - number: how numbers are written.
  /// - Returns: nil where there is nothing to put in.
  func numbers(
    _ place: ProgramPlace, head: Int, row: Int, column: Int, number: @escaping (Double) -> String
  ) -> Substitution?
  /// The equation of a layer that gives the weights.
  func attentionEquation(layer: Int) -> Int
  /// The weights behind the softmax, `[heads, T, T]`.
  func attention(layer: Int) -> ProgramValue
  /// The residual stream `[T, D]` behind so many layers; 0: what enters the first.
  func stream(after layers: Int) -> ProgramValue
  /// The likeliest tokens for a place, the first the likeliest; empty without a head.
  func predictions(at token: Int, count: Int) -> [TokenPrediction]
}

extension AttentionSource {
  /// The parts in the order of execution.
  public var parts: [ProgramPart] { [.embedding] + (0..<layerCount).map { .layer($0) } + [.output] }

  /// The number of equations in a part.
  public func equationCount(_ part: ProgramPart) -> Int {
    lines(part).reduce(0) { $1.equation == nil ? $0 : $0 + 1 }
  }

  /// The line that holds an equation.
  public func line(_ place: ProgramPlace) -> ProgramLine? {
    lines(place.part).first { $0.equation == place.equation }
  }

  /// The place so many equations further on in the program, cut at its ends.
  public func place(_ place: ProgramPlace, movedBy count: Int) -> ProgramPlace {
    let all = parts.flatMap { part in
      (0..<equationCount(part)).map { ProgramPlace(part, $0) }
    }
    let here = all.firstIndex(of: place) ?? 0
    let (moved, isOver) = here.addingReportingOverflow(count)
    let wanted = isOver ? (count > 0 ? all.count - 1 : 0) : moved
    return all.isEmpty ? place : all[min(max(wanted, 0), all.count - 1)]
  }
}
