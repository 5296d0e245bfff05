internal import Networks

extension ParameterPlaces {
  /// The parameter that an element of the flat buffer belongs to, and its index there, row-major; nil
  /// in a gap between parameters.
  func parameter(at element: Int) -> (name: String, index: Int)? {
    let entry = entries.first { $0.range.contains(element) }
    return entry.map { ($0.name, element - $0.offset) }
  }
}
