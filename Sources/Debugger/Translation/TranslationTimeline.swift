public import Networks

/// A part of an encoder-decoder's program.
public enum TranslationPart: Sendable, Hashable {
  /// A layer of the encoder. Of a transformer all its words are read at once.
  case encoder(LayerID)
  /// A layer of the decoder.
  case decoder(Int)
  /// What a recurrent decoder's state looks at in the encoder's.
  case attention
  /// The output layer: its equations are those of `OutputEquation`.
  case output

  public var isEncoder: Bool { if case .encoder = self { true } else { false } }
}

/// The program counter of a translation: the equation that has just been computed.
public struct TranslationPosition: Sendable, Hashable {
  public var pass: Pass
  public var part: TranslationPart
  /// The word that is written; in the encoder the word that is read.
  public var time: Int
  /// Index in the part's equations.
  public var equation: Int

  public init(pass: Pass = .forward, part: TranslationPart, time: Int, equation: Int) {
    self.pass = pass
    self.part = part
    self.time = time
    self.equation = equation
  }
}

/// All positions of a translation in the order in which they are stepped: the source is read, then word
/// after word is written, each from the decoder's first layer to the output layer.
///
/// The way back is the same in reverse, from the losses that there are: what a loss does not depend on
/// is left out.
public struct TranslationTimeline: Sendable {
  /// The parts of one step, each with the number of its equations.
  public typealias Program = [(part: TranslationPart, count: Int)]

  private let positions: [TranslationPosition]
  private let indices: [TranslationPosition: Int]
  /// Where each step begins; the last one is where all end.
  private let starts: [Int]
  /// Of each position the step that it belongs to.
  private let steps: [Int]

  public var count: Int { positions.count }

  public subscript(index: Int) -> TranslationPosition { positions[index] }

  /// - Parameters:
  ///   - encoder: the steps of reading, each with its time.
  ///   - decoder: what is run for each word that is written.
  ///   - targetLen: the words that are written.
  ///   - lossStep: the word that has a loss; nil where all have one.
  ///   - isRecurrent: whether earlier steps get their gradient through the decoder's states alone.
  init(
    encoder: [(program: Program, time: Int)], decoder: Program, targetLen: Int, lossStep: Int?,
    isRecurrent: Bool
  ) {
    func positions(_ program: Program, _ time: Int, _ pass: Pass) -> [TranslationPosition] {
      program.flatMap { part, count in
        (0..<count).map {
          TranslationPosition(pass: pass, part: part, time: time, equation: $0)
        }
      }
    }
    var groups = encoder.map { positions($0.program, $0.time, .forward) }
    for time in 0..<targetLen { groups.append(positions(decoder, time, .forward)) }
    for time in (0...(lossStep ?? targetLen - 1)).reversed() {
      let isBefore = lossStep.map { time < $0 } ?? false
      let program = decoder.filter { part, _ in
        switch part {
        case .output: !isBefore
        case .attention: !(isBefore && isRecurrent)
        case .encoder, .decoder: true
        }
      }
      groups.append(positions(program, time, .backward).reversed())
    }
    for (program, time) in encoder.reversed() {
      groups.append(positions(program, time, .backward).reversed())
    }
    groups.removeAll { $0.isEmpty }
    let all = groups.flatMap { $0 }
    self.positions = all
    indices = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) })
    var starts = [0], steps: [Int] = []
    for (index, group) in groups.enumerated() {
      starts.append(starts[index] + group.count)
      steps += Array(repeating: index, count: group.count)
    }
    self.starts = starts
    self.steps = steps
  }

  /// The place in the order of stepping; nil for what is not stepped.
  public func index(of position: TranslationPosition) -> Int? { indices[position] }

  /// The position so many equations on; the ends are not left.
  public func moved(_ position: TranslationPosition, by count: Int) -> TranslationPosition {
    let here = indices[position] ?? 0
    return positions[here + min(max(count, -here), positions.count - 1 - here)]
  }

  /// The same equation a step on (or back, for −1), or the first of a step that has it not; the
  /// order's first or last position where there is none.
  public func next(_ position: TranslationPosition, by direction: Int) -> TranslationPosition {
    let step = steps[indices[position] ?? 0] + direction
    guard step >= 0 else { return positions[0] }
    guard step < starts.count - 1 else { return positions[positions.count - 1] }
    let range = starts[step]..<starts[step + 1]
    let same = range.first {
      positions[$0].part == position.part && positions[$0].equation == position.equation
    }
    return positions[same ?? range.lowerBound]
  }

  /// The last position of the step that a position is in.
  public func end(of position: TranslationPosition) -> TranslationPosition {
    positions[starts[steps[indices[position] ?? 0] + 1] - 1]
  }
}
