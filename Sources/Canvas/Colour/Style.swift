/// A colour that is still abstract: what it becomes depends on the theme and the colour depth.
public struct Paint: Sendable, Hashable {
  /// The kind in the top byte, its arguments below: a cell stays at 16 bytes.
  private let bits: UInt32

  private init(kind: UInt32, _ argument: UInt32) {
    bits = kind << 24 | argument
  }

  /// The terminal's own foreground or background.
  public static let `default` = Paint(kind: 0, 0)

  public static func role(_ role: ThemeRole) -> Paint {
    Paint(kind: 1, UInt32(role.rawValue))
  }

  /// A level of a colour map, cut to the levels that it has.
  public static func map(_ map: ColorMap, _ level: Int) -> Paint {
    Paint(kind: 2, UInt32(map.rawValue) << 8 | UInt32(max(0, min(level, map.levels - 1))))
  }

  public static func rgb(_ color: RGB) -> Paint {
    Paint(kind: 3, color.hex)
  }

  /// One of the sixteen ANSI colours, 0–15.
  public static func ansi(_ index: UInt8) -> Paint {
    Paint(kind: 4, UInt32(index & 15))
  }

  /// The colour map and level, where the paint is one: to draw the same value more quietly.
  public var mapped: (map: ColorMap, level: Int)? {
    if case .map(let map, let level) = kind { (map, level) } else { nil }
  }

  enum Kind {
    case `default`
    case role(ThemeRole)
    case map(ColorMap, Int)
    case rgb(RGB)
    case ansi(UInt8)
  }

  var kind: Kind {
    let argument = bits & 0xFF_FFFF
    switch bits >> 24 {
    case 1:
      return ThemeRole(rawValue: UInt8(argument & 0xFF)).map { .role($0) } ?? .default
    case 2:
      let map = ColorMap(rawValue: UInt8(argument >> 8 & 0xFF))
      return map.map { .map($0, Int(argument & 0xFF)) } ?? .default
    case 3: return .rgb(RGB(hex: argument))
    case 4: return .ansi(UInt8(argument))
    default: return .default
    }
  }
}

/// Weight and decoration of a cell's character.
public struct Attributes: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = Attributes(rawValue: 1)
  public static let dim = Attributes(rawValue: 2)
  public static let underline = Attributes(rawValue: 4)
  public static let reverse = Attributes(rawValue: 8)
}

/// How a cell looks.
public struct Style: Sendable, Hashable {
  public var foreground: Paint
  public var background: Paint
  public var attributes: Attributes

  public init(
    _ foreground: Paint = .default, on background: Paint = .default, _ attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  public init(_ role: ThemeRole, on background: Paint = .default, _ attributes: Attributes = []) {
    self.init(.role(role), on: background, attributes)
  }

  public static let plain = Style()

  public func with(_ added: Attributes) -> Style {
    Style(foreground, on: background, attributes.union(added))
  }

  public func on(_ paint: Paint) -> Style {
    Style(foreground, on: paint, attributes)
  }
}
