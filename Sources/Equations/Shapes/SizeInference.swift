extension Cell {
  /// Solves for the sizes that parameters of the given shapes imply.
  ///
  /// Each size of each parameter is an equation a·I + b·H = n. Where they contradict each other, the
  /// answer that most of them give is taken, so that a check against it names the odd one out.
  ///
  /// - Parameter shapes: by parameter; those of other names, or of another number of dimensions than
  ///   the parameter has, say nothing.
  /// - Returns: I and H, each nil where the shapes don't tell it.
  public func inferSizes(
    from shapes: [Identifier: [Int]]
  ) -> (inputSize: Int?, hiddenSize: Int?) {
    var equations: [SizeEquation] = []
    for parameter in parameters {
      let dimensions = [parameter.rows, parameter.columns].compactMap(\.self)
      guard let shape = shapes[parameter.name], shape.count == dimensions.count,
        shape.allSatisfy({ $0 > 0 })
      else { continue }
      for (dimension, size) in zip(dimensions, shape) {
        equations.append(
          SizeEquation(
            input: dimension.terms[.input] ?? 0, hidden: dimension.terms[.hidden] ?? 0, size: size))
      }
    }
    let hidden = mostFrequent(equations.compactMap { $0.hiddenSize(inputSize: nil) })
    let input = mostFrequent(equations.compactMap { $0.inputSize(hiddenSize: hidden) })
    if hidden == nil, let input {
      return (input, mostFrequent(equations.compactMap { $0.hiddenSize(inputSize: input) }))
    }
    return (input, hidden)
  }

  /// The number of trained numbers of one layer, in letters: "4HI + 4H² + 4H".
  public var parameterCountFormula: String {
    // The coefficients of HI, H², I², H and I.
    var counts = [Int](repeating: 0, count: 5)
    for parameter in parameters {
      let rows = parameter.rows.terms
      let i = rows[.input] ?? 0, h = rows[.hidden] ?? 0
      if let columns = parameter.columns?.terms {
        let i2 = columns[.input] ?? 0, h2 = columns[.hidden] ?? 0
        counts[0] += i * h2 + h * i2
        counts[1] += h * h2
        counts[2] += i * i2
      } else {
        counts[3] += h
        counts[4] += i
      }
    }
    let terms = zip(counts, ["HI", "H²", "I²", "H", "I"]).filter { $0.0 > 0 }
      .map { $0.0 == 1 ? $0.1 : "\($0.0)\($0.1)" }
    return terms.isEmpty ? "0" : terms.joined(separator: " + ")
  }
}

/// input·I + hidden·H = size.
private struct SizeEquation {
  let input: Int
  let hidden: Int
  let size: Int

  /// H, if I is given or not in the equation.
  func hiddenSize(inputSize: Int?) -> Int? {
    guard hidden > 0, input == 0 || inputSize != nil else { return nil }
    return quotient(size - input * (inputSize ?? 0), hidden)
  }

  /// I, if H is given or not in the equation.
  func inputSize(hiddenSize: Int?) -> Int? {
    guard input > 0, hidden == 0 || hiddenSize != nil else { return nil }
    return quotient(size - hidden * (hiddenSize ?? 0), input)
  }

  private func quotient(_ value: Int, _ divisor: Int) -> Int? {
    value > 0 && value.isMultiple(of: divisor) ? value / divisor : nil
  }
}

/// The value that occurs most often; of several such, the one that comes first.
private func mostFrequent(_ values: [Int]) -> Int? {
  var counts: [Int: Int] = [:]
  for value in values { counts[value, default: 0] += 1 }
  let most = counts.values.max()
  return values.first { counts[$0] == most }
}
