import CNcurses
import Canvas
import Glibc
import Testing

@testable import CursesScreen

@Suite @MainActor struct TerminalAgreementTests {
  /// Curses places characters by the C library's widths: where ours differ, columns would shift.
  /// `present` replaces what they disagree on, so the two must agree on nearly everything.
  @Test func widthsAgreeWithTheCLibrary() {
    _ = Environment.setLocale()
    #expect(curses_is_utf8() != 0)
    var known = 0
    var different: [String] = []
    for value in UInt32(0x20)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), value < 0x7F || value >= 0xA0 else { continue }
      let columns = curses_wcwidth(value)
      if columns < 0 { continue }
      known += 1
      if Int(columns) != DisplayWidth.of(scalar) { different.append(String(value, radix: 16)) }
    }
    #expect(known > 100_000)
    #expect(different.count * 1000 < known, "\(different.count): \(different.prefix(40))")
  }

  /// Everything that the painters use must be one column wide for the C library too.
  @Test func paintersCharactersAreNarrow() {
    _ = Environment.setLocale()
    let used = "▀▄█▌▐░▒▓▁▂▃▅▆▇▏▎▍▋▊▉▘▝▖▗▚▞▛▜▙▟⣿⠁─│╭╮╰╯━┃┏┓┗┛┤┄╍┅┉▸▴▶•×·…‹›␣↵␉∅∞"
    for scalar in used.unicodeScalars {
      #expect(curses_wcwidth(scalar.value) == 1, "\(scalar)")
      #expect(DisplayWidth.of(scalar) == 1, "\(scalar)")
    }
  }

  @Test func withoutATerminalThereIsAnError() {
    // Under `swift test` standard output is a pipe.
    if isatty(0) == 1 && isatty(1) == 1 { return }
    #expect(throws: ScreenError.notATerminal) { _ = try Screen() }
    #expect(!ScreenError.notATerminal.description.contains("\n"))
  }

  @Test func familiesOfTerminals() {
    #expect(Environment.isXtermFamily("xterm-256color"))
    #expect(Environment.isXtermFamily("tmux-256color"))
    #expect(!Environment.isXtermFamily("vt100"))
    #expect(!Environment.isXtermFamily("linux"))
    #expect(!Environment.hasTrueColor(terminal: "linux"))
  }
}
