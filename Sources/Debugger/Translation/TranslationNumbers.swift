internal import Equations
internal import Networks

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension Translation {
  /// An element of an equation's value with the numbers that it was made of.
  ///
  /// - Parameters:
  ///   - part: where the equation is.
  ///   - equation: its index there.
  ///   - head: of a value that heads have their own of.
  ///   - row: the word.
  ///   - column: the unit; a word of the source of scores and weights, of the vocabulary of what the
  ///     output layer gives.
  ///   - number: how numbers are written.
  /// - Returns: nil where there is nothing to put in.
  public func numbers(
    _ part: TranslationPart, _ equation: Int, head: Int, row: Int, column: Int,
    number: @escaping (Double) -> String
  ) -> Substitution? {
    if let cell = cell(of: part) {
      return Substitution(
        cell: cell, equation: cell.equations[equation], unit: column,
        values: TranslationStep(self, part, time: row), number: number)
    }
    let value = value(part, equation)
    guard row < value.rows, column < value.columns else { return nil }
    let result = Double(value[head, row, column])
    guard let block = block(of: part)?.plan.block else {
      return outputNumbers(equation, row, column, result, number)
    }
    switch block.equations[equation].expression {
    case .call(.softmax, let arguments, _):
      guard case .name(let name, _) = arguments[0], let below = block.equationIndex(of: name) else {
        return nil
      }
      let scores = self.value(part, below)
      let powers = (0..<scores.columns).map { exp(Double(scores[head, row, $0])) }
      return Substitution(
        pieces: [
          Substitution.Piece(
            "e^\(number(Double(scores[head, row, column])))", source: "\(name)[\(row),\(column)]"),
          Substitution.Piece(" / Σ e^\(name) = "),
          Substitution.Piece(
            "\(number(powers[column])) / \(number(powers.reduce(0, +)))", source: "softmax"),
        ], result: result)
    case .binary(.matrixProduct, let left, let right, _):
      return product(left, right, part, head, row, column, result, number)
    default: return nil
    }
  }

  private func outputNumbers(
    _ equation: Int, _ row: Int, _ column: Int, _ result: Double,
    _ number: (Double) -> String
  ) -> Substitution? {
    switch OutputEquation(rawValue: equation) {
    case .probabilities:
      let logits = value(.output, OutputEquation.logits.rawValue).row(row).map { Double($0) }
      let sum = logits.reduce(0) { $0 + exp($1) }
      let word = translator.target.word(Int32(column))
      return Substitution(
        pieces: [
          Substitution.Piece("e^\(number(logits[column]))", source: "y[\(word)]"),
          Substitution.Piece(" / Σ e^y = "),
          Substitution.Piece("\(number(exp(logits[column]))) / \(number(sum))", source: "softmax"),
        ], result: result)
    case .loss:
      guard targets[row] >= 0 else { return nil }
      let share = Double(probability(of: targets[row], step: row))
      return Substitution(
        pieces: [
          Substitution.Piece("-log "), Substitution.Piece(number(share), source: "p"),
        ], result: result)
    case .logits, nil: return nil
    }
  }

  /// The three terms that count most, and how many there are.
  private func product(
    _ left: Expression, _ right: Expression, _ part: TranslationPart, _ head: Int, _ row: Int,
    _ column: Int, _ result: Double, _ number: (Double) -> String
  ) -> Substitution? {
    guard let first = matrix(left, part) else { return nil }
    let isTransposed = if case .transpose = right { true } else { false }
    let plain: Expression = if case .transpose(let inner, _) = right { inner } else { right }
    guard let second = matrix(plain, part) else { return nil }
    let terms = (0..<first.columns).map { index in
      (
        Double(first[head, row, index]),
        Double(isTransposed ? second[head, column, index] : second[head, index, column])
      )
    }
    let largest = terms.indices.sorted {
      abs(terms[$0].0 * terms[$0].1) > abs(terms[$1].0 * terms[$1].1)
    }.prefix(3).sorted()
    var pieces: [Substitution.Piece] = []
    for (index, term) in largest.enumerated() {
      if index > 0 { pieces.append(Substitution.Piece(" + ")) }
      let text = number(terms[term].1)
      pieces.append(
        Substitution.Piece(
          number(terms[term].0) + "·" + (text.hasPrefix("-") ? "(\(text))" : text),
          source: "\(left)[\(term)]"))
    }
    if terms.count > largest.count {
      pieces.append(Substitution.Piece(" + … \(terms.count) terms"))
    }
    return Substitution(pieces: pieces, result: result)
  }

  /// What a name stands for in a block, where it is a value or what comes from the encoder.
  private func matrix(_ e: Expression, _ part: TranslationPart) -> ProgramValue? {
    guard case .name(let name, _) = e, let block = block(of: part)?.plan.block else { return nil }
    if let equation = block.equationIndex(of: name) { return value(part, equation) }
    if !part.isEncoder, block.inputs.dropFirst().contains(name) { return encoderStates }
    if part == .attention, name == block.inputs[0], let cell = cell(of: .decoder(0)) {
      return value(.decoder(decoderLayerCount - 1), cell.outputEquation)
    }
    return nil
  }
}
