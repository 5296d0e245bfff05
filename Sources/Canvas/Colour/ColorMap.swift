/// A way from numbers to colours. All maps are safe for colour-blind readers and monotone in
/// lightness (the diverging one from its centre to each end), at every colour depth.
public enum ColorMap: UInt8, Sendable, Hashable, CaseIterable {
  /// Sequential, the default for magnitudes and probabilities.
  case viridis
  /// Sequential, near-identical for red-green blind readers.
  case cividis
  /// Sequential, black at the least value: for sparse matrices such as attention.
  case magma
  /// Sequential, no hue.
  case grey
  /// Signed values: blue below zero, a neutral zero, orange or red above.
  case diverging

  public var isDiverging: Bool { self == .diverging }

  /// The number of colours: few enough that pairs of two maps fit a terminal's colour pairs; odd
  /// for the diverging map, so that zero is a level of its own.
  public var levels: Int { isDiverging ? 63 : 64 }

  /// The colour of a level on a dark or a light screen.
  public func color(level: Int, isDark: Bool) -> RGB {
    let level = max(0, min(level, levels - 1))
    switch self {
    case .viridis: return RGB(hex: ColorMap.viridisTable[level])
    case .cividis: return RGB(hex: ColorMap.cividisTable[level])
    case .magma: return RGB(hex: ColorMap.magmaTable[level])
    // Small values are quiet: near the background of either theme.
    case .grey: return RGB(hex: ColorMap.greyTable[isDark ? level : levels - 1 - level])
    case .diverging:
      return RGB(
        hex: isDark ? ColorMap.divergingDarkTable[level] : ColorMap.divergingLightTable[level])
    }
  }

  /// The index of a level in xterm's palette.
  public func xtermIndex(level: Int, isDark: Bool) -> UInt8 {
    let ramp = xtermRamp(isDark: isDark)
    let level = max(0, min(level, levels - 1))
    return ramp[(2 * level * (ramp.count - 1) + levels - 1) / (2 * (levels - 1))]
  }

  /// Chosen by hand: the nearest colours of the palette would make lightness run backwards.
  func xtermRamp(isDark: Bool) -> [UInt8] {
    switch self {
    case .viridis: return [53, 54, 24, 60, 30, 66, 35, 77, 148, 220]
    case .cividis: return [235, 24, 60, 242, 243, 102, 144, 179, 185, 220]
    case .magma: return [16, 232, 17, 54, 90, 126, 168, 203, 209, 216, 222, 229]
    case .grey: return isDark ? Array(232...255) : (232...255).reversed()
    case .diverging:
      return isDark
        ? [153, 75, 68, 25, 19, 18, 233, 52, 88, 124, 167, 209, 223]
        : [24, 25, 32, 74, 117, 153, 254, 231, 254, 223, 216, 209, 167, 88, 52]
    }
  }

  /// A character and style that stand for a level where one cell holds one value and colours are
  /// few or absent: shades in one hue and its bright twin, or a glyph ramp.
  ///
  /// Signed values without colour use two alphabets, `- ~ = %` below zero and `+ * # @` above, so
  /// that the sign survives in plain text.
  func shade(level: Int, medium: Medium) -> (scalar: Unicode.Scalar, style: Style) {
    let level = max(0, min(level, levels - 1))
    if isDiverging {
      let distance = level - levels / 2
      let shades = medium.depth == .ansi16 && medium.isUnicode ? ColorMap.twoToneSteps : 4
      let step = (abs(distance) * shades + levels / 4) / (levels / 2)
      if step == 0 { return (medium.choose("·", "."), Style(.dim)) }
      let isPositive = distance > 0
      if medium.depth == .ansi16 && medium.isUnicode {
        return ColorMap.twoTone(step, base: isPositive ? 1 : 4)
      }
      let ramp: [Unicode.Scalar] = isPositive ? ["+", "*", "#", "@"] : ["-", "~", "=", "%"]
      return (ramp[step - 1], Style(isPositive ? .positive : .negative))
    }
    if medium.depth == .ansi16 && medium.isUnicode {
      let step = (level * ColorMap.twoToneSteps + (levels - 1) / 2) / (levels - 1)
      if step == 0 { return (" ", .plain) }
      return ColorMap.twoTone(step, base: hue)
    }
    let ramp = medium.isUnicode ? ColorMap.shadeRamp : ColorMap.asciiRamp
    let step = (2 * level * (ramp.count - 1) + levels - 1) / (2 * (levels - 1))
    return (ramp[step], .plain)
  }

  static let asciiRamp: [Unicode.Scalar] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
  static let shadeRamp: [Unicode.Scalar] = [" ", "·", "░", "▒", "▓", "█"]

  /// The ANSI colour, of 1–6, that comes nearest to the map's character.
  private var hue: UInt8 {
    switch self {
    case .viridis: 2
    case .cividis: 3
    case .magma: 5
    case .grey, .diverging: 6
    }
  }

  private static let twoToneSteps = 8

  /// ░▒▓█ of the base colour on the default background, then of the bright colour on the base:
  /// eight steps of rising brightness.
  private static func twoTone(_ step: Int, base: UInt8) -> (Unicode.Scalar, Style) {
    let shades: [Unicode.Scalar] = ["░", "▒", "▓", "█"]
    if step <= 4 { return (shades[max(0, step - 1)], Style(.ansi(base))) }
    return (shades[min(step, 8) - 5], Style(.ansi(base + 8), on: .ansi(base)))
  }
}
