/// What the roles look like on a dark or a light screen.
public struct Theme: Sendable, Hashable {
  public let name: String
  public let isDark: Bool
  /// The page colour of exports. A terminal keeps its own.
  public let background: RGB
  /// The colour of default text in exports.
  public let foreground: RGB
  /// By the raw value of the role.
  private let entries: [Entry]

  /// One role at each colour depth.
  struct Entry: Sendable, Hashable {
    let rgb: RGB
    let xterm: UInt8
    /// As a background, where that has to differ from the foreground.
    let ground: RGB
    /// -1 is the terminal's own colour.
    let ansi: Int8
    /// Added where there are no colours.
    let mono: Attributes

    init(
      _ hex: UInt32, _ ansi: Int8, _ mono: Attributes = [], xterm: UInt8? = nil,
      ground: UInt32? = nil
    ) {
      rgb = RGB(hex: hex)
      self.ground = RGB(hex: ground ?? hex)
      self.ansi = ansi
      self.mono = mono
      self.xterm = xterm ?? rgb.nearestXterm
    }
  }

  func entry(_ role: ThemeRole) -> Entry { entries[Int(role.rawValue)] }

  public static let all: [Theme] = [.dark, .light]

  public static let dark = Theme(
    name: "dark", isDark: true, background: RGB(hex: 0x111318), foreground: RGB(hex: 0xD8DCE4)
  ) { role in
    switch role {
    case .text: Entry(0xD8DCE4, -1, xterm: 253)
    case .dim: Entry(0x8A93A3, 7, xterm: 246)
    case .title: Entry(0xFFFFFF, 15, .bold, xterm: 231)
    case .accent: Entry(0x6CB6FF, 14, .bold, xterm: 75)
    case .selection: Entry(0x8FC4FF, 4, .reverse, xterm: 117, ground: 0x2E4A6B)
    case .cursor: Entry(0xFFD75F, 11, .reverse, xterm: 221)
    case .border: Entry(0x4A5160, 8, xterm: 240)
    case .focusedBorder: Entry(0x6CB6FF, 14, .bold, xterm: 75)
    case .positive: Entry(0xF5A45B, 9, xterm: 215)
    case .negative: Entry(0x63B2F3, 12, xterm: 75)
    case .warning: Entry(0xFFC44D, 11, .bold, xterm: 221)
    case .error: Entry(0xFF6B6B, 9, [.bold, .underline], xterm: 203)
    case .ghost: Entry(0x7A7F8C, 8, .dim, xterm: 243)
    case .keyHint: Entry(0xA9B7FF, 13, .bold, xterm: 147)
    case .notANumber: Entry(0xFF3DF2, 13, .reverse, xterm: 201)
    case .series0: Entry(0x56B4E9, 14, xterm: 74)
    case .series1: Entry(0xE69F00, 11, xterm: 214)
    case .series2: Entry(0x1FC99B, 10, xterm: 43)
    case .series3: Entry(0xE58BBE, 13, xterm: 175)
    case .series4: Entry(0xF0E442, 3, xterm: 227)
    case .series5: Entry(0xF0703A, 9, xterm: 202)
    case .series6: Entry(0x7F9CFF, 12, xterm: 105)
    case .series7: Entry(0xC9CDD6, 7, xterm: 252)
    }
  }

  public static let light = Theme(
    name: "light", isDark: false, background: RGB(hex: 0xFCFCFA), foreground: RGB(hex: 0x1E2430)
  ) { role in
    switch role {
    case .text: Entry(0x1E2430, -1, xterm: 235)
    case .dim: Entry(0x667080, 8, xterm: 242)
    case .title: Entry(0x000000, 0, .bold, xterm: 16)
    case .accent: Entry(0x0B5CAD, 4, .bold, xterm: 25)
    case .selection: Entry(0x0B5CAD, 14, .reverse, xterm: 25, ground: 0xCFE3F7)
    case .cursor: Entry(0xB34700, 3, .reverse, xterm: 130, ground: 0xFFD75F)
    case .border: Entry(0xB4BAC4, 7, xterm: 250)
    case .focusedBorder: Entry(0x0B5CAD, 4, .bold, xterm: 25)
    case .positive: Entry(0xB5332F, 1, xterm: 124)
    case .negative: Entry(0x2763AB, 4, xterm: 25)
    case .warning: Entry(0x8A5A00, 3, .bold, xterm: 94)
    case .error: Entry(0xC01C28, 1, [.bold, .underline], xterm: 160)
    case .ghost: Entry(0x9096A0, 7, .dim, xterm: 246)
    case .keyHint: Entry(0x5A35B0, 5, .bold, xterm: 55)
    case .notANumber: Entry(0xC800B8, 13, .reverse, xterm: 164)
    case .series0: Entry(0x0072B2, 4, xterm: 25)
    case .series1: Entry(0xB86E00, 3, xterm: 130)
    case .series2: Entry(0x00795A, 2, xterm: 29)
    case .series3: Entry(0xB0478A, 5, xterm: 132)
    case .series4: Entry(0x857A00, 11, xterm: 100)
    case .series5: Entry(0xC2410C, 1, xterm: 166)
    case .series6: Entry(0x4747C2, 12, xterm: 62)
    case .series7: Entry(0x4A5160, 8, xterm: 240)
    }
  }

  private init(
    name: String, isDark: Bool, background: RGB, foreground: RGB,
    entry: (ThemeRole) -> Entry
  ) {
    self.name = name
    self.isDark = isDark
    self.background = background
    self.foreground = foreground
    entries = ThemeRole.allCases.map(entry)
  }
}
