internal import Canvas
internal import Debugger

/// The matrix in the large panel: of the program's counter and the chosen view, filtered.
struct ShownMatrix {
  /// E.g. "layer 2, head 4: A".
  let title: String
  /// What the value is.
  let note: String
  /// Its tokens, by their index in the text; columns that are no tokens by their number.
  let rows: [Int]
  let columns: [Int]
  let isOverTokens: Bool
  let map: ColorMap
  /// Whether the values are weights of which a row's sum is 1.
  let isWeights: Bool
  let isDifference: Bool
  let key: AttendCache.ValueKey
  /// The value at a row and column of the shown part.
  let value: (Int, Int) -> Float

  var shape: String { "\(rows.count)×\(columns.count)" }
}

extension AttendScene {
  /// The matrix of an attention view.
  func attentionMatrix(of analysis: AttentionAnalysis) -> TokenMatrix {
    let layer = min(layer, analysis.source.layerCount - 1)
    switch view {
    case .head: return analysis.source.attention(layer: layer).matrix(head: head)
    case .layer: return analysis.headMeans[layer]
    case .all: return analysis.mean
    case .rollout: return analysis.rollout[layer]
    }
  }

  /// In words, for titles.
  var viewName: String {
    switch view {
    case .head: "layer \(layer), head \(head)"
    case .layer: "layer \(layer), mean of \(source.headCount) heads"
    case .all: "mean of all layers and heads"
    case .rollout: "rollout up to layer \(layer)"
    }
  }

  /// The tokens of a run that the filter leaves.
  func visible(_ tokens: [AttentionToken]) -> [Int] {
    guard filter != .none else { return Array(tokens.indices) }
    let kept = tokens.indices.filter { !tokens[$0].isSpecial }
    return kept.isEmpty ? Array(tokens.indices) : kept
  }

  /// The weights of a view as they are shown: hidden keys left out, rows made to sum to 1 if wanted.
  func weights(of analysis: AttentionAnalysis) -> (_ query: Int, _ key: Int) -> Float {
    let matrix = attentionMatrix(of: analysis)
    guard filter == .renormalised else { return { matrix[$0, $1] } }
    let kept = visible(analysis.source.tokens)
    let sums = (0..<matrix.count).map { query in
      kept.reduce(Float(0)) { $0 + matrix[query, $1] }
    }
    return { query, key in sums[query] > 0 ? matrix[query, key] / sums[query] : 0 }
  }

  /// A row of those weights, one per visible key.
  func shownWeights(_ analysis: AttentionAnalysis, query: Int) -> [(key: Int, weight: Float)] {
    let tokens = analysis.source.tokens
    guard tokens.indices.contains(query) else { return [] }
    let matrix = attentionMatrix(of: analysis)
    let kept = visible(tokens)
    let sum =
      filter == .renormalised ? kept.reduce(Float(0)) { $0 + matrix[query, $1] } : 1
    return kept.map { ($0, sum > 0 ? matrix[query, $0] / sum : 0) }
  }

  /// The weights of a view as a matrix to draw.
  func weightMatrix(
    of analysis: AttentionAnalysis, title: String? = nil, canDiffer: Bool = true
  ) -> ShownMatrix {
    let kept = visible(analysis.source.tokens)
    let differs = canDiffer && showsDifference && result.request.isChanged
    let weights = weights(of: analysis)
    let plain = differs ? self.weights(of: result.plain) : nil
    let name: String
    if differs {
      name = "\(viewName): change of the weights"
    } else {
      name = title ?? "\(viewName): weights"
    }
    return ShownMatrix(
      title: name, note: "", rows: kept, columns: kept, isOverTokens: true,
      map: differs ? .diverging : .magma, isWeights: !differs, isDifference: differs,
      key: valueKey(difference: differs)
    ) { row, column in
      let value = weights(kept[row], kept[column])
      return plain.map { value - $0(kept[row], kept[column]) } ?? value
    }
  }

  private func valueKey(difference: Bool) -> AttendCache.ValueKey {
    AttendCache.ValueKey(
      place: place, view: view, head: head, filter: filter, difference: difference)
  }

  /// The value at the program's counter; nil where it was not kept.
  func programMatrix() -> ShownMatrix? {
    guard let value = source.value(place), let line = source.line(place) else { return nil }
    let before =
      showsDifference && result.request.isChanged ? result.plain.source.value(place) : nil
    let kept = visibleTokens
    let columns = value.isOverTokens ? kept : Array(0..<value.columns)
    let head = head
    var title = "\(line.name)"
    if case .layer(let layer) = place.part { title = "layer \(layer): \(line.name)" }
    if value.heads > 1, case .layer(let layer) = place.part {
      title = "layer \(layer), head \(head): \(line.name)"
    }
    if before != nil { title += ", change" }
    return ShownMatrix(
      title: title, note: line.note, rows: kept, columns: columns,
      isOverTokens: value.isOverTokens, map: .diverging, isWeights: false,
      isDifference: before != nil, key: valueKey(difference: before != nil)
    ) { row, column in
      let element = value[head, kept[row], columns[column]]
      guard let before else { return element }
      let former = before[head, kept[row], columns[column]]
      // Masked in both: no change, and still masked.
      return element == former ? (element == -.infinity ? element : 0) : element - former
    }
  }

  /// What the large panel shows.
  var shownMatrix: ShownMatrix? { isAtWeights ? weightMatrix(of: result.shown) : programMatrix() }

  /// The scale of a matrix: weights from 0 to 1 unless blocks are averaged, else fitted.
  func scale(of matrix: ShownMatrix, fits: Bool) -> Normalization {
    if matrix.isWeights, !fits { return Normalization(lo: 0, hi: 1) }
    return cache.scale(matrix.key) {
      var sizes: [Float] = []
      let count = matrix.rows.count * matrix.columns.count
      // A sample will do for a scale; weights and changes are few and all of them must be seen.
      let step = matrix.isOverTokens ? 1 : max(1, count / 4_000)
      for index in stride(from: 0, to: count, by: step) {
        let value = abs(
          matrix.value(index / matrix.columns.count, index % matrix.columns.count))
        if value.isFinite, value > 0 { sizes.append(value) }
      }
      if matrix.isWeights { return Normalization(lo: 0, hi: Double(sizes.max() ?? 1)) }
      if matrix.isDifference { return .symmetric(Double(sizes.max() ?? 1)) }
      sizes.sort()
      return .symmetric(Double(sizes.isEmpty ? 1 : sizes[(sizes.count - 1) * 19 / 20]))
    }
  }
}
