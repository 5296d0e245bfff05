extension RandomAccessCollection where Element: Equatable {
  /// The element so many places behind another one, round and round; the first where the other is
  /// not among them.
  ///
  /// - Precondition: not empty; |distance| is at most the count.
  func next(after element: Element, by distance: Int = 1) -> Element {
    guard let here = firstIndex(of: element) else { return self[startIndex] }
    let place = (self.distance(from: startIndex, to: here) + distance + count) % count
    return self[index(startIndex, offsetBy: place)]
  }
}
