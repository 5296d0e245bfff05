/// How many colours can be shown.
public enum ColorDepth: Int, Sendable, Hashable, CaseIterable, Comparable {
  /// No colours at all, or `NO_COLOR`: meaning is carried by glyphs, bold, underline and reverse.
  case none
  /// The sixteen ANSI colours, whatever the user's palette makes of them.
  case ansi16
  /// The 256-colour palette of xterm.
  case indexed256
  /// 24 bits.
  case trueColor

  public static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rawValue < b.rawValue }
}

/// Which characters may be used.
public enum Glyphs: Sendable, Hashable, CaseIterable {
  /// Box drawing, block elements, arrows.
  case unicode
  /// The printable characters of ASCII only.
  case ascii
}

/// What line plots are made of.
public enum PlotGlyphs: Sendable, Hashable, CaseIterable {
  /// 2×4 dots a cell. Some fonts lack these.
  case braille
  /// 2×2 quadrants a cell.
  case blocks
  /// One character a cell, a different one for each series.
  case ascii
}

/// What a grid is painted for. Painters choose their glyphs by it; colours are resolved later.
public struct Medium: Sendable, Hashable {
  public var depth: ColorDepth
  public var glyphs: Glyphs
  private var wantedPlot: PlotGlyphs

  /// What line plots are made of: `.ascii` whenever `glyphs` is.
  public var plot: PlotGlyphs {
    get { glyphs == .ascii ? .ascii : wantedPlot }
    set { wantedPlot = newValue }
  }

  public init(
    depth: ColorDepth = .trueColor, glyphs: Glyphs = .unicode, plot: PlotGlyphs = .braille
  ) {
    self.depth = depth
    self.glyphs = glyphs
    self.wantedPlot = plot
  }

  /// For pipes, screen readers and tests: nothing but ASCII, no colour.
  public static let plainText = Medium(depth: .none, glyphs: .ascii)

  public var isUnicode: Bool { glyphs == .unicode }

  /// Two values a cell with `▀`: needs colours for both halves.
  public var hasHalfBlocks: Bool { isUnicode && depth >= .indexed256 }

  /// The first choice in Unicode, the second in ASCII.
  func choose(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar) -> Unicode.Scalar {
    isUnicode ? unicode : ascii
  }
}
