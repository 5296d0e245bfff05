import Canvas
import Testing

@Suite struct TextTests {
  /// Widths as Unicode's EastAsianWidth.txt and general categories have them.
  @Test(arguments: [
    ("a", 1), ("é", 1), ("σ", 1), ("⊙", 1), ("▀", 1), ("⣿", 1), ("日", 2), ("한", 2), ("ｱ", 1),
    ("Ａ", 2), ("😀", 2), ("\u{301}", 0), ("\u{200D}", 0), ("\u{FE0F}", 0), ("　", 2), ("→", 1),
    ("\u{20000}", 2), ("「", 2), ("⌚", 2),
  ])
  func width(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test func controlCharactersAreVisible() {
    #expect(DisplayWidth.visible("\n", glyphs: .unicode) == "↵")
    #expect(DisplayWidth.visible("\t", glyphs: .unicode) == "␉")
    #expect(DisplayWidth.visible("\u{1B}", glyphs: .unicode) == "␛")
    #expect(DisplayWidth.visible("\u{9B}", glyphs: .unicode) == "\u{FFFD}")
    #expect(DisplayWidth.visible("\u{1B}", glyphs: .ascii) == "?")
    #expect(Grid.visibleToken(" a\n", glyphs: .unicode) == "␣a↵")
    #expect(Grid.visibleToken(" a\n", glyphs: .ascii) == "_a$")
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (0.62, "0.620"), (1.25, "1.25"), (-0.5, "-0.500"), (1234.4, "1234"),
    (9999.6, "1.0e4"), (0.0123, "0.0123"), (0.00999, "1.0e-2"), (1.23e-8, "1.2e-8"),
    (999.9, "1000"), (0.9996, "1.00"), (123456, "1.2e5"), (-1e300, "-1.0e300"),
    (.leastNonzeroMagnitude, "4.9e-324"), (1.7976931348623157e308, "1.8e308"), (.nan, "NaN"),
    (-.infinity, "-∞"),
  ])
  func number(value: Double, text: String) {
    #expect(NumberText.text(value) == text)
  }

  @Test func numbersFitTheirColumn() {
    #expect(NumberText.text(1.23456e-10, width: 5) == "1e-10")
    #expect(NumberText.text(0.5, width: 7) == "  0.500")
    #expect(NumberText.text(-1.5e-100, width: 4) == "####")
    #expect(NumberText.text(.infinity, width: 4, glyphs: .ascii) == " inf")
    #expect(NumberText.tick(0.5) == "0.5")
    #expect(NumberText.tick(1e-6) == "1e-6")
    #expect(NumberText.tick(20) == "20")
  }

  @Test func paragraphsBreakAtSpaces() {
    let spans = Paragraph.spans(markup: "the **norm** of `h_t` falls")
    #expect(spans.map(\.text) == ["the ", "norm", " of ", "h_t", " falls"])
    #expect(spans[1].style.attributes == .bold)
    let lines = Paragraph.lines(spans, width: 9).map { $0.map(\.text).joined() }
    #expect(lines == ["the norm", "of h_t", "falls"])
    let long = Paragraph.lines([TextSpan("abcdefg hi\n\nx")], width: 3)
    #expect(long.map { $0.map(\.text).joined() } == ["abc", "def", "g", "hi", "", "x"])
    #expect(Paragraph.spans(markup: "a ** b ` c").map(\.text) == ["a ** b ` c"])
  }
}
