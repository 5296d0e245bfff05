public import Networks
public import Tensors

/// One to many: a picture of 8×8 cells, and the words that say what is on it.
///
/// The first step is given the picture, each later one the word before; the words end with `<end>`.
///
/// - Source: the arrangement is that of Vinyals et al. 2015, "Show and tell", where the picture
///   enters once, as the first input.
public struct CaptionTask: ShapeTask {
  public init() {}

  public static let side = 8
  public static let pixelCount = side * side
  /// No caption is longer, its end included.
  public static let maximumLength = 14
  public static let end = "<end>"

  public var kind: ShapeKind { .captions }
  public var unit: String { "pictures" }
  public var vocabulary: Vocabulary? { nil }
  public let classes = words(
    "<end> a and small large square ring cross two three horizontal vertical diagonal line lines "
      + "top bottom left right")
  public var input: TokenInput { .vectors(size: Self.pixelCount + classes.count) }

  /// A picture and what it shows.
  public struct Picture: Sendable, Equatable {
    /// `[8, 8]`, rows from the top, 0…1.
    public var pixels: [Float]
    public var words: [String]

    public init(pixels: [Float], words: [String]) {
      precondition(pixels.count == pixelCount, "\(pixels.count) cells of a picture")
      self.pixels = pixels
      self.words = words
    }
  }

  public func example(_ random: inout SeededRandom) -> ShapeExample {
    let drawn = speckled(drawing(&random), &random)
    // What is on the picture decides, not how it is lit.
    let isHeldOut = stableHash(drawn.pixels.map { $0 > 0.5 ? 1 : 0 }) >> 20 & 7 == 0
    let picture = Picture(pixels: lit(drawn.pixels, &random), words: drawn.words)
    return ShapeExample(
      input: input(of: picture), targets: targets(of: picture.words), isHeldOut: isHeldOut)
  }

  public func targets(ofTokens tokens: [String]) -> [Int32]? { nil }

  /// The picture that is shown where none is asked for; it is never trained on.
  public static let shown: Picture = {
    let task = CaptionTask()
    var random = SeededRandom(seed: 8)
    while true {
      let example = task.example(&random)
      let words = Array(example.input.labels.dropFirst())
      guard example.isHeldOut, words.contains("and"),
        case .vectors(let vectors) = example.input.source
      else { continue }
      return Picture(pixels: Array(vectors.prefix(pixelCount)), words: words)
    }
  }()

  // MARK: Inputs

  /// The words and their end, as classes.
  public func targets(of words: [String]) -> [Int32] {
    (words + [Self.end]).map { word in Int32(classes.firstIndex(of: word) ?? 0) }
  }

  /// The inputs by which a picture gets its words: the picture, then each word but the end.
  public func input(of picture: Picture) -> RunInput {
    let size = Self.pixelCount + classes.count
    var vectors = picture.pixels + [Float](repeating: 0, count: classes.count)
    for word in picture.words {
      var vector = [Float](repeating: 0, count: size)
      if let index = classes.firstIndex(of: word) { vector[Self.pixelCount + index] = 1 }
      vectors += vector
    }
    return RunInput(source: .vectors(vectors), labels: ["picture"] + picture.words)
  }

  // MARK: Drawing

  private typealias Drawing = (pixels: [Float], words: [String])

  private func lit(_ pixels: [Float], _ random: inout SeededRandom) -> [Float] {
    pixels.map { Float(($0 > 0.5 ? 0.8 : 0) + 0.2 * random.uniform()) }
  }

  /// Up to two single cells that belong to nothing.
  private func speckled(_ drawing: Drawing, _ random: inout SeededRandom) -> Drawing {
    var pixels = drawing.pixels
    for _ in 0..<random.below(3) { pixels[random.below(pixels.count)] = 1 }
    return (pixels, drawing.words)
  }

  private func drawing(_ random: inout SeededRandom) -> Drawing {
    switch random.below(10) {
    case 0, 1: return lines(&random)
    case 2: return largeFigure(&random)
    case 3..<7:
      let corner = random.below(4)
      return figure(in: corner, &random)
    default:
      let first = random.below(3)
      let second = first + 1 + random.below(3 - first)
      let one = figure(in: first, &random), other = figure(in: second, &random)
      return (zip(one.pixels, other.pixels).map { max($0, $1) }, one.words + ["and"] + other.words)
    }
  }

  private static let empty = [Float](repeating: 0, count: pixelCount)

  /// One to three long lines, horizontal or vertical, or a diagonal.
  private func lines(_ random: inout SeededRandom) -> Drawing {
    var pixels = Self.empty
    if random.chance(0.2) {
      let isRising = random.chance(0.5)
      let start = random.below(3), length = 5 + random.below(Self.side - start - 4)
      for step in start..<min(Self.side, start + length) {
        pixels[step * Self.side + (isRising ? Self.side - 1 - step : step)] = 1
      }
      return (pixels, words("a diagonal line"))
    }
    let count = 1 + random.below(3)
    let isHorizontal = random.chance(0.5)
    var rows: [Int] = []
    while rows.count < count {
      let row = random.below(Self.side)
      // A free row between, so that two lines are no bar.
      if rows.allSatisfy({ abs($0 - row) > 1 }) { rows.append(row) }
      let isFull = (0..<Self.side).allSatisfy { row in rows.contains { abs($0 - row) < 2 } }
      if rows.count < count, isFull { rows = [] }
    }
    for row in rows {
      let start = random.below(3), end = Self.side - random.below(3)
      for step in start..<end {
        pixels[isHorizontal ? row * Self.side + step : step * Self.side + row] = 1
      }
    }
    let direction = isHorizontal ? "horizontal" : "vertical"
    let number = ["a \(direction) line", "two \(direction) lines", "three \(direction) lines"]
    return (pixels, words(number[count - 1]))
  }

  private enum Figure: String, CaseIterable {
    case square, ring, cross
  }

  /// Draws a figure of `side` cells; its top left one is at `row` and `column`.
  private func draw(
    _ figure: Figure, side: Int, row: Int, column: Int, in pixels: inout [Float]
  ) {
    for y in 0..<side {
      for x in 0..<side {
        let isInk =
          switch figure {
          case .square: true
          case .ring: y == 0 || x == 0 || y == side - 1 || x == side - 1
          case .cross: y == side / 2 || x == side / 2
          }
        if isInk { pixels[(row + y) * Self.side + column + x] = 1 }
      }
    }
  }

  private func largeFigure(_ random: inout SeededRandom) -> Drawing {
    var pixels = Self.empty
    let figure = random.pick(Figure.allCases)
    let side = figure == .cross ? random.pick([5, 7]) : 5 + random.below(3)
    let room = Self.side - side + 1
    draw(
      figure, side: side, row: random.below(room), column: random.below(room), in: &pixels)
    return (pixels, ["a", "large", figure.rawValue])
  }

  /// A small figure in a corner: top left, top right, bottom left, bottom right.
  private func figure(in corner: Int, _ random: inout SeededRandom) -> Drawing {
    var pixels = Self.empty
    let half = Self.side / 2
    let figure = random.pick(Figure.allCases)
    let side = figure == .square ? 2 + random.below(2) : 3
    let room = half - side + 1
    draw(
      figure, side: side, row: corner / 2 * half + random.below(room),
      column: corner % 2 * half + random.below(room), in: &pixels)
    let place = [corner / 2 == 0 ? "top" : "bottom", corner % 2 == 0 ? "left" : "right"]
    return (pixels, ["a", "small", figure.rawValue] + place)
  }
}
