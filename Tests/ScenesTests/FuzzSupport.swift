import Canvas
import Debugger
import Tensors
import Testing

@testable import Scenes

/// Random keys, commands, clicks, pastes and sizes for any scene, from a seed.
struct Fuzz {
  private static let keys: [Key] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .backspace, .tab,
    .backTab, .enter, .enter, .escape, .function(1), .function(5), .unknown, .control("a"),
    .control("d"), .control("g"), .control("k"), .control("l"), .control("p"), .control("u"),
    .control("w"), .control("z"),
  ]
  private static let mouse: [MouseKind] = [.press, .drag, .release, .wheelUp, .wheelDown]
  private static let media = [
    Medium(), .plainText, Medium(depth: .none), Medium(depth: .ansi16),
    Medium(depth: .indexed256, plot: .blocks), Medium(depth: .trueColor, glyphs: .ascii),
  ]

  private var random: SeededRandom
  /// What is typed outside of command lines.
  private let characters: [Character]
  private let lines: [String]
  private let pastes: [String]
  private var size = (width: 80, height: 24)
  private var late: [(work: any BackgroundWork, number: Int)] = []

  init(seed: UInt64, characters: String, lines: [String], paste: String = "a cat\nsat") {
    random = SeededRandom(seed: seed)
    self.characters = Array(characters + "é漢👩‍👧\u{301}§")
    self.lines = lines
    pastes = ["", paste, "\u{0}\u{1B}[A", "👩‍👧"]
  }

  mutating func below(_ bound: Int) -> Int { random.below(bound) }

  private mutating func any<Element>(of choices: [Element]) -> Element {
    choices[below(choices.count)]
  }

  /// Something that a user may do.
  mutating func act(on scene: some PanelScene) -> [SceneEffect] {
    switch below(20) {
    case 0...6: return scene.handle(.key(any(of: Self.keys)))
    case 7...13: return scene.handle(.key(.character(any(of: characters))))
    case 14: return scene.execute(any(of: lines))
    case 15:
      let x = below(size.width + 20) - 10
      let y = below(size.height + 20) - 10
      return scene.handle(.mouse(x: x, y: y, kind: any(of: Self.mouse)))
    case 16: return scene.handle(.paste(any(of: pastes)))
    case 17: return scene.handle(.timeout)
    case 18: return scene.handle(.wake)
    default:
      let isAny = below(3) == 0
      size = isAny ? (1 + below(300), 1 + below(100)) : (80 + below(60), 24 + below(20))
      return scene.handle(.resize(width: size.width, height: size.height))
    }
  }

  /// Does what was asked for: at once, late or never.
  mutating func run(
    _ effects: [SceneEffect], for scene: some PanelScene,
    unless isLong: (any BackgroundWork) -> Bool = { _ in false }
  ) {
    for case .run(let work, let number) in effects where !isLong(work) {
      switch below(4) {
      case 0: scene.finish(work.run(), for: number)
      case 1: break
      default: late.append((work, number))
      }
    }
    guard !late.isEmpty, below(6) == 0 else { return }
    let (work, number) = late.remove(at: below(late.count))
    scene.finish(work.run(), for: number)
    late = late.suffix(4)
  }

  /// A picture of the size of the moment, with the text cursor inside.
  mutating func expectPicture(
    of scene: some PanelScene, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let grid = scene.picture(size.width, size.height, any(of: Self.media))
    #expect(grid.cells.count == size.width * size.height, sourceLocation: sourceLocation)
    guard let cursor = scene.textCursor else { return }
    #expect(
      (0..<size.width).contains(cursor.x) && (0..<size.height).contains(cursor.y), "\(cursor)",
      sourceLocation: sourceLocation)
  }
}
