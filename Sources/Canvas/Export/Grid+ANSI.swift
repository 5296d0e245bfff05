extension Grid {
  /// The picture as text with SGR sequences (ECMA-48, and the 38;5 and 38;2 forms of xterm), for
  /// `cat` and for `less -R`. Every line ends reset; blanks at line ends are trimmed where they
  /// show nothing.
  public func ansi(theme: Theme, depth: ColorDepth? = nil) -> String {
    let depth = depth ?? medium.depth
    var result = String.UnicodeScalarView()
    for y in 0..<height {
      var end = width
      while end > 0 && cells[y * width + end - 1] == .blank { end -= 1 }
      let plain = theme.resolve(.plain, depth: depth)
      var current = plain
      var lastStyle = Style.plain
      for x in 0..<end {
        let style = cells[y * width + x].style
        if style != lastStyle {
          let resolved = theme.resolve(style, depth: depth)
          if resolved != current {
            result.append(contentsOf: Grid.sgr(resolved).unicodeScalars)
            current = resolved
          }
          lastStyle = style
        }
        appendCell(x: x, y: y, to: &result)
      }
      if current != plain { result.append(contentsOf: "\u{1B}[0m".unicodeScalars) }
      result.append("\n")
    }
    return String(result)
  }

  /// One sequence that sets everything anew.
  private static func sgr(_ style: ResolvedStyle) -> String {
    var codes = "0"
    if style.attributes.contains(.bold) { codes += ";1" }
    if style.attributes.contains(.dim) { codes += ";2" }
    if style.attributes.contains(.underline) { codes += ";4" }
    if style.attributes.contains(.reverse) { codes += ";7" }
    codes += sgr(style.foreground, first: 30) + sgr(style.background, first: 40)
    return "\u{1B}[" + codes + "m"
  }

  private static func sgr(_ color: ResolvedColor, first: Int) -> String {
    switch color {
    case .default: return ""
    case .indexed(let index):
      if index < 8 { return ";\(first + Int(index))" }
      if index < 16 { return ";\(first + 60 + Int(index) - 8)" }
      return ";\(first + 8);5;\(index)"
    case .rgb(let rgb): return ";\(first + 8);2;\(rgb.red);\(rgb.green);\(rgb.blue)"
    }
  }
}
