import CNcurses
import Canvas

/// What curses needs to know for a style.
struct CellLook {
  var attributes: attr_t
  var pair: Int32
}

/// Gives out colour pairs, one for each combination that is used, and never redefines one: that
/// would change cells that are on the screen and cost a repaint.
final class ColorPairs {
  private let depth: ColorDepth
  private let colors: Int32
  private let capacity: Int32
  private var next: Int32 = 1
  private var pairs: [UInt64: Int32] = [:]
  private var looks: [Style: CellLook] = [:]
  private(set) var isExhausted = false

  /// - Note: init_extended_pair is right up to 16,384 pairs only, whatever COLOR_PAIRS says.
  init(depth: ColorDepth) {
    self.depth = depth
    colors = curses_colors()
    capacity = min(curses_pairs(), 16_384)
  }

  /// Whether starting over is worth a repaint: only where there are many pairs, which fill up by
  /// and by, not in one frame.
  var wantsReset: Bool { isExhausted && capacity > 256 }

  /// Forgets all pairs. Everything on the screen has to be painted anew.
  func reset() {
    reset_color_pairs()
    next = 1
    pairs = [:]
    looks = [:]
    isExhausted = false
  }

  /// Forgets how styles look, for a change of theme; pairs stay.
  func forgetStyles() { looks = [:] }

  func look(_ style: Style, theme: Theme) -> CellLook {
    if let known = looks[style] { return known }
    let look = makeLook(theme.resolve(style, depth: depth))
    looks[style] = look
    return look
  }

  private func makeLook(_ style: ResolvedStyle) -> CellLook {
    var attributes: attr_t = 0
    if style.attributes.contains(.bold) { attributes |= curses_bold() }
    if style.attributes.contains(.dim) { attributes |= curses_dim() }
    if style.attributes.contains(.underline) { attributes |= curses_underline() }
    if style.attributes.contains(.reverse) { attributes |= curses_reverse() }
    var foreground = number(style.foreground)
    var background = number(style.background)
    if colors <= 8 {
      // Eight colours: bold makes a foreground bright, a background cannot be.
      if foreground >= 8 {
        attributes |= curses_bold()
        foreground -= 8
      }
      if background >= 8 { background -= 8 }
      if foreground == background && foreground >= 0 { foreground = foreground == 7 ? 0 : 7 }
    }
    let pair = pair(foreground, background)
    return CellLook(attributes: attributes | curses_pair_bits(pair), pair: pair)
  }

  private func number(_ color: ResolvedColor) -> Int32 {
    switch color {
    case .default: -1
    case .indexed(let index):
      // With direct colours, numbers from 8 on are RGB values.
      depth == .trueColor && index >= 8
        ? max(8, Int32(RGB(xterm: index).hex)) : Int32(index)
    case .rgb(let rgb): max(8, Int32(rgb.hex))
    }
  }

  private func pair(_ foreground: Int32, _ background: Int32) -> Int32 {
    if foreground < 0 && background < 0 || depth == .none { return 0 }
    let key = UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
    if let known = pairs[key] { return known }
    guard next < capacity, init_extended_pair(next, foreground, background) != ERR else {
      isExhausted = true
      // The nearest that there is: the foreground alone, else the terminal's own colours.
      return pairs[key | 0xFFFF_FFFF] ?? 0
    }
    pairs[key] = next
    next += 1
    return next - 1
  }
}
