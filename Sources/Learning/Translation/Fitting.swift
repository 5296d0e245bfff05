/// Which words go with which.
extension Preposition {
  /// What it is said of.
  var kinds: String {
    switch self {
    case .in: "lv"
    case .on, .under: "s"
    case .behind, .near, .nextTo: "ln"
    case .inFront: "l"
    case .with, .without: "pa"
    case .for: "p"
    }
  }
}

extension Adjective {
  func suits(_ noun: Noun) -> Bool {
    guard !kinds.isDisjoint(with: noun.kinds) else { return false }
    return !noun.isMass || (!isColour && (rank == .opinion || rank == .rest))
  }

  /// Whether both may stand before one noun.
  func goes(with other: Adjective) -> Bool {
    if rank == .other || other.rank == .other { return rank != other.rank }
    if rank == .rest, other.rank == .rest { return self != other && isColour && other.isColour }
    if rank == .rest || other.rank == .rest { return true }
    // Of those before the noun, a judgement and a size or an age.
    return (rank == .opinion) != (other.rank == .opinion)
  }

  /// Whether there can be more or less of it.
  var isGradable: Bool {
    let absolute = [
      "empty", "open", "broken", "secret", "royal", "local", "french", "english", "italian",
      "spanish", "american",
    ]
    return rank != .other && !isColour && !absolute.contains(english)
  }
}
