/// What the user set and can delete by its number: a breakpoint, a watch.
protocol Numbered {
  /// What messages call its kind.
  static var kind: String { get }
  var number: Int { get }
}

extension Array where Element: Numbered {
  /// Takes one away, or all.
  mutating func delete(_ number: Int?) throws(CommandError) {
    guard let number else { return removeAll() }
    guard let index = firstIndex(where: { $0.number == number }) else {
      throw CommandError("there is no \(Element.kind) \(number)")
    }
    remove(at: index)
  }

  /// The first place behind another one, or before it, at which one of these stops.
  ///
  /// - Parameters:
  ///   - place: where to start; it is left out.
  ///   - count: the places there are.
  ///   - backwards: whether to look before `place`.
  ///   - stops: whether one stops at a place.
  /// - Returns: what stops, and where; nil if nothing does.
  func firstStop(
    from place: Int, of count: Int, backwards: Bool, _ stops: (Element, Int) -> Bool
  ) -> (hit: Element, place: Int)? {
    guard !isEmpty else { return nil }
    let direction = backwards ? -1 : 1
    for place in stride(from: place + direction, to: backwards ? -1 : count, by: direction) {
      if let hit = first(where: { stops($0, place) }) { return (hit, place) }
    }
    return nil
  }
}
