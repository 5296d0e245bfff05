internal import Equations
internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// What enters a transformer's first block: rows of tables, or given vectors, with positions.
final class TransformerEmbedding<Scalar: TensorScalar> {
  private let configuration: TransformerConfiguration
  private let layout: TransformerLayout
  private let seqLen: Int
  private let batchSize: Int
  /// `[B, T]`; −1 enters as zeros.
  private(set) var tokens: [Int32] = []
  private var tokenTypes: [Int32] = []
  /// `[B, T, D]`: the vectors, where there are no tokens.
  private var vectors: Buffer<Scalar>?
  private var firstPosition = 0
  /// `[T, D]`.
  private let waves: Buffer<Scalar>?
  /// `[B, T, D]`: the sum.
  let output: Buffer<Scalar>

  init(
    _ configuration: TransformerConfiguration, _ layout: TransformerLayout, seqLen: Int,
    batchSize: Int
  ) {
    self.configuration = configuration
    self.layout = layout
    self.seqLen = seqLen
    self.batchSize = batchSize
    output = Buffer(count: batchSize * seqLen * configuration.modelSize)
    waves =
      configuration.positions == .sinusoidal
      ? Buffer(count: seqLen * configuration.modelSize) : nil
    setWaves()
  }

  /// sin(t / 10000^(2i/D)) in column 2i, the cosine in column 2i + 1.
  private func setWaves() {
    guard let waves else { return }
    let modelSize = configuration.modelSize
    for column in 0..<modelSize {
      let exponent = Double(column - column % 2) / Double(modelSize)
      let wavelength = pow(10_000, exponent)
      for row in 0..<seqLen {
        let angle = Double(firstPosition + row) / wavelength
        waves[row * modelSize + column] = Scalar(column % 2 == 0 ? sin(angle) : cos(angle))
      }
    }
  }

  func set(tokens: [Int32], tokenTypes: [Int32], firstPosition: Int) {
    self.tokens = tokens
    self.tokenTypes = tokenTypes
    vectors = nil
    move(to: firstPosition)
  }

  private func move(to position: Int) {
    guard position != firstPosition else { return }
    firstPosition = position
    setWaves()
  }

  func set(vectors elements: [Scalar]) {
    precondition(elements.count == output.count, "\(elements.count) for \(output.count) elements")
    tokens = []
    tokenTypes = []
    move(to: 0)
    let buffer = vectors ?? Buffer(count: output.count)
    buffer.copy(from: elements)
    vectors = buffer
  }

  private var scale: Scalar {
    configuration.scalesEmbedding ? Scalar(Double(configuration.modelSize).squareRoot()) : 1
  }

  func forward(_ parameters: Buffer<Scalar>) {
    for row in 0..<batchSize * seqLen { sum(row, parameters) }
  }

  /// The sum of one row of each sequence, for tokens that become a part of the input; row 0 begins
  /// another input of tokens, of type 0, at the first position.
  func forward(_ parameters: Buffer<Scalar>, tokens new: [Int32], row: Int) {
    if row == 0 || tokens.isEmpty {
      set(
        tokens: Array(repeating: -1, count: batchSize * seqLen), tokenTypes: [], firstPosition: 0)
    }
    for (sequence, token) in new.enumerated() {
      tokens[sequence * seqLen + row] = token
      sum(sequence * seqLen + row, parameters)
    }
  }

  /// Makes the first rows of each sequence those of another.
  func reorder(parents: [Int], rows: Int) {
    let before = tokens
    for (sequence, parent) in parents.enumerated() {
      for row in 0..<rows { tokens[sequence * seqLen + row] = before[parent * seqLen + row] }
    }
  }

  /// What enters in one of the B·T rows.
  private func sum(_ row: Int, _ parameters: Buffer<Scalar>) {
    let size = configuration.modelSize
    let target = unsafe output.base + row * size
    unsafe target.update(repeating: 0, count: size)
    eachTable(row) { entry, tableRow, isToken in
      unsafe Scalar.addScaled(
        size, alpha: isToken ? scale : 1,
        x: parameters.base + entry.offset + tableRow * size, to: target)
    }
    if let vectors {
      unsafe Scalar.addScaled(size, alpha: scale, x: vectors.base + row * size, to: target)
    }
    if let waves {
      unsafe Scalar.addScaled(size, alpha: 1, x: waves.base + row % seqLen * size, to: target)
    }
  }

  /// Adds ∂L/∂(sum) to the rows of the tables that were looked up.
  func backward(_ gradient: BufferView<Scalar>, gradients: Buffer<Scalar>) {
    let size = configuration.modelSize
    let scale = scale
    for row in 0..<batchSize * seqLen {
      eachTable(row) { entry, tableRow, isToken in
        unsafe Scalar.addScaled(
          size, alpha: isToken ? scale : 1, x: gradient.pointer + row * size,
          to: gradients.base + entry.offset + tableRow * size)
      }
    }
  }

  /// The rows of the tables that make up a row of the sum.
  private func eachTable(
    _ row: Int, _ body: (TransformerLayout.Entry, Int, _ isToken: Bool) -> Void
  ) {
    if !tokens.isEmpty, tokens[row] >= 0, let entry = layout[.tokens] {
      body(entry, Int(tokens[row]), true)
    }
    if let entry = layout[.positions] { body(entry, firstPosition + row % seqLen, false) }
    if let entry = layout[.tokenTypes] {
      body(entry, tokenTypes.isEmpty ? 0 : Int(tokenTypes[row]), false)
    }
  }
}
