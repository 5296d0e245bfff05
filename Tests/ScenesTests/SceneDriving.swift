import Canvas
import Debugger
import Testing

@testable import Scenes

/// Using a scene as one does at a terminal, without one.
extension PanelScene {
  /// Presses keys; what is asked for is done at once.
  @discardableResult
  func press(_ keys: Key...) -> [SceneEffect] {
    var effects: [SceneEffect] = []
    for key in keys {
      let new = handle(.key(key))
      for case .run(let work, let number) in new { finish(work.run(), for: number) }
      settle()
      effects += new
    }
    return effects
  }

  /// Types text, key by key, with Enter and Tab.
  func type(_ text: String) {
    for character in text {
      press(character == "\n" ? .enter : character == "\t" ? .tab : .character(character))
    }
  }

  func picture(_ width: Int, _ height: Int, _ medium: Medium = Medium()) -> Grid {
    var grid = Grid(width: width, height: height, medium: medium)
    draw(in: &grid)
    return grid
  }

  /// Whatever is typed, on a terminal without Unicode there is nothing but ASCII.
  func expectASCII(typing keys: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    for keys in keys {
      type(keys)
      for (width, height) in SnapshotTests.sizes {
        let strange = picture(width, height, .plainText).cells
          .filter { !$0.scalar.isASCII || $0.isContinuation }
        #expect(
          strange.isEmpty, "\(keys) \(Set(strange.map(\.scalar)))", sourceLocation: sourceLocation)
      }
      press(.escape)
    }
  }

  /// Where there is no room, the scene says so, does nothing, and can be left.
  func expectTooSmall(sourceLocation: SourceLocation = #_sourceLocation) {
    let title = picture(60, 20).row(0)
    #expect(title == "need 80×24, have 60×20", sourceLocation: sourceLocation)
    let plain = picture(60, 20, .plainText).row(0)
    #expect(plain == "need 80x24, have 60x20", sourceLocation: sourceLocation)
    guard case .quit? = handle(.key(.character("q"))).first else {
      Issue.record("q does not quit", sourceLocation: sourceLocation)
      return
    }
    for key in ["a", "n", " "] as [Character] {
      #expect(handle(.key(.character(key))).isEmpty, sourceLocation: sourceLocation)
    }
  }
}

extension Grid {
  /// A row's characters; a wide one is there once.
  func row(_ y: Int) -> String {
    String(text().split(separator: "\n", omittingEmptySubsequences: false)[y])
  }

  func contains(_ text: String) -> Bool { self.text().contains(text) }
}
