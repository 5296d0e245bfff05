internal import Foundation

/// A Unicode scalar, and the part of the original text that it came from.
struct AlignedScalar: Equatable, Sendable {
  var scalar: Unicode.Scalar
  /// Places in the original text, counted in scalars.
  var start: Int
  var end: Int
}

/// A text that is being normalised; each scalar remembers where it came from.
///
/// Alignments follow the rules of Hugging Face's `NormalizedString`, so that the offsets of tokens
/// agree with it even where scalars were reordered.
struct AlignedText {
  private(set) var scalars: [AlignedScalar]
  /// Where the text starts in the original.
  private let base: Int

  /// A part of the original text that starts at scalar `base`.
  init(_ text: some Collection<Unicode.Scalar>, base: Int) {
    self.base = base
    scalars = text.enumerated().map {
      AlignedScalar(scalar: $1, start: base + $0, end: base + $0 + 1)
    }
  }

  /// A part of another aligned text.
  init(_ scalars: some Sequence<AlignedScalar>) {
    self.scalars = Array(scalars)
    base = self.scalars.first?.start ?? 0
  }

  /// Keeps what satisfies a predicate.
  mutating func filter(_ isKept: (Unicode.Scalar) -> Bool) {
    scalars.removeAll { !isKept($0.scalar) }
  }

  /// Replaces each scalar by some; all of them stand where it stood.
  mutating func map(_ transform: (Unicode.Scalar) -> [Unicode.Scalar]) {
    scalars = scalars.flatMap { old in
      transform(old.scalar).map { AlignedScalar(scalar: $0, start: old.start, end: old.end) }
    }
  }

  /// Puts a blank in front; it stands where the first scalar does.
  mutating func prependBlank() {
    guard var blank = scalars.first else { return }
    blank.scalar = " "
    scalars.insert(blank, at: 0)
  }

  /// Canonical decomposition (NFD).
  ///
  /// A scalar that continues a decomposition stands where the scalar before it in the decomposed
  /// text came from; the others take the original's places in turn. That is also so where combining
  /// marks were put into canonical order.
  mutating func decompose() {
    guard scalars.contains(where: { $0.scalar.value >= 0x80 }) else { return }
    var decomposed: [(scalar: Unicode.Scalar, isContinuation: Bool)] = []
    var pending: [(class: UInt8, scalar: Unicode.Scalar, isContinuation: Bool)] = []
    func flush() {
      // A stable sort: few marks stand together.
      for (index, mark) in pending.enumerated() {
        var place = index
        while place > 0, pending[place - 1].class > mark.class {
          pending[place] = pending[place - 1]
          place -= 1
        }
        pending[place] = mark
      }
      decomposed += pending.map { ($0.scalar, $0.isContinuation) }
      pending.removeAll()
    }
    for old in scalars {
      for (index, scalar) in UnicodeClasses.decomposition(of: old.scalar).enumerated() {
        let combining = UnicodeClasses.combiningClass(of: scalar)
        if combining == 0 {
          flush()
          decomposed.append((scalar, index > 0))
        } else {
          pending.append((combining, scalar, index > 0))
        }
      }
    }
    flush()
    var next = 0
    scalars = decomposed.map { scalar, isContinuation in
      if isContinuation {
        guard next > 0 else { return AlignedScalar(scalar: scalar, start: base, end: base) }
        return AlignedScalar(
          scalar: scalar, start: scalars[next - 1].start, end: scalars[next - 1].end)
      }
      next += 1
      return AlignedScalar(
        scalar: scalar, start: scalars[next - 1].start, end: scalars[next - 1].end)
    }
  }
}
