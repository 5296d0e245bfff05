/// A colour that a terminal or a file understands.
public enum ResolvedColor: Sendable, Hashable {
  /// The terminal's own foreground or background.
  case `default`
  /// An index of the palette: 0–15 at 16 colours, 16–255 at 256.
  case indexed(UInt8)
  case rgb(RGB)
}

/// A style with all its abstractions resolved.
public struct ResolvedStyle: Sendable, Hashable {
  public var foreground: ResolvedColor
  public var background: ResolvedColor
  public var attributes: Attributes
}

extension Theme {
  /// What a style becomes at a colour depth.
  ///
  /// Without colours the roles become bold, dim, underline and reverse, so that nothing is told by
  /// colour alone. Text on a role's background (selection, cursor) or on
  /// a level of a map gets a readable foreground.
  public func resolve(_ style: Style, depth: ColorDepth) -> ResolvedStyle {
    guard depth > .none else {
      return ResolvedStyle(
        foreground: .default, background: .default, attributes: monochrome(style))
    }
    var result = ResolvedStyle(
      foreground: color(style.foreground, depth: depth, isGround: false),
      background: color(style.background, depth: depth, isGround: true),
      attributes: style.attributes)
    switch style.background.kind {
    case .role(let role):
      result.foreground = readable(
        result.foreground, style.foreground, on: entry(role), depth: depth)
    case .map(let map, let level) where style.foreground == .default:
      let isLight = map.color(level: level, isDark: isDark).luma >= 128
      let text = Paint.rgb(RGB(hex: isLight ? 0x000000 : 0xFFFFFF))
      result.foreground = color(text, depth: depth, isGround: false)
    default: break
    }
    return result
  }

  private func color(_ paint: Paint, depth: ColorDepth, isGround: Bool) -> ResolvedColor {
    switch paint.kind {
    case .default: return .default
    case .ansi(let index): return .indexed(index)
    case .role(let role):
      let entry = entry(role)
      switch depth {
      case .none: return .default
      case .ansi16: return entry.ansi < 0 ? .default : .indexed(UInt8(entry.ansi))
      case .indexed256:
        let differs = isGround && entry.ground != entry.rgb
        return .indexed(differs ? entry.ground.nearestXterm : entry.xterm)
      case .trueColor: return .rgb(isGround ? entry.ground : entry.rgb)
      }
    case .map(let map, let level):
      switch depth {
      case .none: return .default
      case .ansi16: return nearestANSI(map.color(level: level, isDark: isDark))
      case .indexed256: return .indexed(map.xtermIndex(level: level, isDark: isDark))
      case .trueColor: return .rgb(map.color(level: level, isDark: isDark))
      }
    case .rgb(let rgb):
      switch depth {
      case .none: return .default
      case .ansi16: return nearestANSI(rgb)
      case .indexed256: return .indexed(rgb.nearestXterm)
      case .trueColor: return .rgb(rgb)
      }
    }
  }

  /// Any foreground but a plain one is kept on a background that is far from it in brightness.
  private func readable(
    _ resolved: ResolvedColor, _ paint: Paint, on entry: Entry, depth: ColorDepth
  ) -> ResolvedColor {
    if depth == .ansi16 {
      // A palette of unknown looks: black on the light colours, bright white on the dark ones.
      let isLight = entry.ansi >= 8 || entry.ansi == 7 || entry.ansi == 3
      return .indexed(isLight ? 0 : 15)
    }
    let ground = entry.ground.luma
    let text: RGB
    switch paint.kind {
    case .role(let role): text = self.entry(role).rgb
    case .rgb(let rgb): text = rgb
    case .map(let map, let level): text = map.color(level: level, isDark: isDark)
    case .default, .ansi: text = foreground
    }
    if abs(text.luma - ground) >= 80 {
      return resolved == .default ? color(.rgb(text), depth: depth, isGround: false) : resolved
    }
    let contrast = Paint.rgb(RGB(hex: ground >= 128 ? 0x000000 : 0xFFFFFF))
    return color(contrast, depth: depth, isGround: false)
  }

  private func monochrome(_ style: Style) -> Attributes {
    var attributes = style.attributes
    if case .role(let role) = style.foreground.kind {
      attributes.formUnion(entry(role).mono)
    }
    if case .role(let role) = style.background.kind {
      attributes.formUnion(entry(role).mono)
    }
    return attributes
  }

  private func nearestANSI(_ rgb: RGB) -> ResolvedColor {
    func distance(_ index: UInt8) -> Int {
      let other = RGB(xterm: index)
      let r = Int(rgb.red) - Int(other.red)
      let g = Int(rgb.green) - Int(other.green)
      let b = Int(rgb.blue) - Int(other.blue)
      return r * r + g * g + b * b
    }
    return .indexed((UInt8(0)..<16).min { distance($0) < distance($1) } ?? 7)
  }

  /// What a resolved colour looks like in a file; `default` is the theme's own.
  public func rgb(_ color: ResolvedColor, isBackground: Bool) -> RGB {
    switch color {
    case .default: isBackground ? background : foreground
    case .indexed(let index): RGB(xterm: index)
    case .rgb(let rgb): rgb
    }
  }
}
