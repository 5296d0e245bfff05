internal import Equations
internal import Networks

/// Who looks at whom in one layer: a row for each word that is written, a column for each that is
/// looked at, in every head.
public struct AlignmentMap: Sendable {
  /// A: each row sums to 1.
  public let weights: ProgramValue
  /// What the softmax is over; −∞ where a row may not look.
  public let scores: ProgramValue?
  /// ∂L/∂A and ∂L/∂scores.
  public let weightGradients: ProgramValue?
  public let scoreGradients: ProgramValue?
  /// Where the weights are in their program and what they are called, and the scores; without such
  /// scores the weights stand for both.
  public let equation: Int
  public let name: String
  public let scoreEquation: Int
  public let scoreName: String

  public var headCount: Int { weights.heads }
  public var rows: Int { weights.rows }
  public var columns: Int { weights.columns }

  /// - Parameters:
  ///   - block: a finished pass of a single sentence.
  ///   - equation: of the weights.
  init(_ block: BlockPass<Float>, _ equation: Int) {
    let equations = block.plan.block.equations
    weights = ProgramValue(block, equation)
    weightGradients = ProgramValue(gradientOf: equation, block)
    self.equation = equation
    name = equations[equation].name.text
    var below: Int?
    if case .call(.softmax, let arguments, _) = equations[equation].expression,
      case .name(let name, _) = arguments[0]
    {
      below = block.plan.block.equationIndex(of: name)
    }
    scores = below.map { ProgramValue(block, $0) }
    scoreGradients = below.flatMap { ProgramValue(gradientOf: $0, block) }
    scoreEquation = below ?? equation
    scoreName = equations[scoreEquation].name.text
  }

  /// A weight of one head; of no head the mean of all.
  public func weight(head: Int?, row: Int, column: Int) -> Float {
    element(weights, head, row, column)
  }

  /// ∂L/∂score of one head; of no head the sum over all. 0 where a row may not look.
  public func gradient(head: Int?, row: Int, column: Int) -> Float {
    guard let gradients = scoreGradients ?? weightGradients else { return 0 }
    if isMasked(row: row, column: column) { return 0 }
    let mean = element(gradients, head, row, column)
    return head == nil ? mean * Float(headCount) : mean
  }

  /// Whether M hides a column from a row.
  public func isMasked(row: Int, column: Int) -> Bool {
    scores.map { $0[0, row, column] == -.infinity } ?? false
  }

  private func element(_ value: ProgramValue, _ head: Int?, _ row: Int, _ column: Int) -> Float {
    if let head { return value[head, row, column] }
    return (0..<headCount).reduce(0) { $0 + value[$1, row, column] } / Float(headCount)
  }
}

extension ProgramValue {
  /// An equation's value in a block's pass of a single sentence.
  init(_ block: BlockPass<Float>, _ equation: Int) { self.init(block.matrix(of: equation)) }

  /// ∂L/∂value; nil before the pass went back.
  init?(gradientOf equation: Int, _ block: BlockPass<Float>) {
    guard let matrix = block.gradientMatrix(of: equation) else { return nil }
    self.init(matrix)
  }

  private init(_ matrix: BlockMatrix<Float>) {
    let isOverTokens = matrix.shape.count == 3
    self.init(
      matrix.view, heads: isOverTokens ? matrix.shape[0] : matrix.headCount,
      rows: isOverTokens ? matrix.shape[1] : matrix.shape[0],
      columns: isOverTokens ? matrix.shape[2] : matrix.shape[1] / matrix.headCount,
      isOverTokens: isOverTokens)
  }

  /// A row as it lies in memory: all heads side by side.
  public func row(_ row: Int) -> [Float] {
    (0..<heads).flatMap { head in (0..<columns).map { self[head, row, $0] } }
  }

  /// ‖row‖₂, in Double.
  public func norm(row: Int) -> Double {
    self.row(row).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
