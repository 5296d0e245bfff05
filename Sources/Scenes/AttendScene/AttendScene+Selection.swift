internal import Debugger

/// Where one is: the selected word and key, the head, the program's counter, the second sentence's
/// word.
extension AttendScene {
  /// The tokens that are shown, by their index in the text.
  var visibleTokens: [Int] {
    guard filter != .none else { return Array(tokens.indices) }
    let kept = tokens.indices.filter { !tokens[$0].isSpecial }
    return kept.isEmpty ? Array(tokens.indices) : kept
  }

  func selectVisibleTokens() {
    let visible = visibleTokens
    func nearest(_ token: Int) -> Int {
      visible.min { abs($0 - token) < abs($1 - token) } ?? 0
    }
    query = nearest(query)
    key = nearest(key)
  }

  /// What is to be guessed, else a word of the text's own; the last but one, whose reader has seen most of the sentence.
  func selectFirstWord() {
    let own = tokens.indices.filter { !tokens[$0].isSpecial }
    if let mask = tokens.firstIndex(where: { ["[MASK]", "<mask>"].contains($0.label) }) {
      query = mask
      key = mask
      return
    }
    let pronoun = own.first { tokens[$0].label.drop { $0 == " " } == "it" }
    query = pronoun ?? own.dropLast().last ?? own.last ?? 0
    key = query
  }

  /// The head in which the query looks hardest at another word, and that word; its neighbours count
  /// only where there are no others, as many heads look at whatever is next to them.
  func selectStrongestHead() {
    let others = visibleTokens.filter { !tokens[$0].isSpecial && $0 != query }
    let far = others.filter { abs($0 - query) > 1 }
    let own = far.isEmpty || source.isCausal && far.allSatisfy { $0 > query } ? others : far
    var best: (weight: Float, id: HeadID, key: Int)?
    for layer in 0..<source.layerCount {
      let attention = source.attention(layer: layer)
      for head in 0..<source.headCount {
        for key in own where attention[head, query, key] > best?.weight ?? 0 {
          best = (attention[head, query, key], HeadID(layer: layer, head: head), key)
        }
      }
    }
    guard let best else { return }
    select(best.id)
    key = best.key
  }

  /// Shows a head's weights.
  func select(_ id: HeadID) {
    selectLayer(id.layer)
    head = min(max(id.head, 0), source.headCount - 1)
  }

  /// Goes to the same line of another layer; from outside of the layers to the weights.
  func selectLayer(_ new: Int) {
    layer = min(max(new, 0), source.layerCount - 1)
    if case .layer = place.part {
      let count = source.equationCount(.layer(layer))
      place = ProgramPlace(.layer(layer), min(place.equation, count - 1))
    } else {
      place = ProgramPlace(.layer(layer), source.attentionEquation(layer: layer))
    }
  }

  func move(to new: ProgramPlace) {
    place = new
    switch new.part {
    case .layer(let index): layer = index
    case .embedding: layer = 0
    case .output: layer = source.layerCount - 1
    }
    let columns = source.value(place).map(\.columns) ?? 1
    column = min(column, max(0, columns - 1))
  }

  /// Whether the program's counter is at the attention weights: then the views differ.
  var isAtWeights: Bool {
    if case .layer(let index) = place.part {
      return source.attentionEquation(layer: index) == place.equation
    }
    return false
  }

  // MARK: Comparison

  var second: AttentionAnalysis? { result.second }

  /// The places of the query's word in the second sentence.
  var partners: [Int] {
    guard let second else { return [] }
    return SentenceComparison.places(of: query, in: tokens, among: second.source.tokens)
  }

  /// Follows the query to the same word in the second sentence, where there is one.
  func selectPartner() {
    guard let second else { return }
    let found = partners
    if !found.contains(partner) { partner = found.first ?? partner }
    partner = min(partner, second.source.tokens.count - 1)
  }
}
