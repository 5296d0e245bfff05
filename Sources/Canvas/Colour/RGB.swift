/// A colour of the sRGB space, 8 bits a channel.
public struct RGB: Sendable, Hashable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// `0xRRGGBB`.
  public init(hex: UInt32) {
    self.init(UInt8(hex >> 16 & 0xFF), UInt8(hex >> 8 & 0xFF), UInt8(hex & 0xFF))
  }

  /// `0xRRGGBB`.
  public var hex: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

  /// `#rrggbb`, as CSS wants it.
  public var css: String {
    let digits = String(hex, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// How bright it looks, 0–255, by the luma weights of ITU-R BT.601: enough to choose black or
  /// white text on it.
  public var luma: Int { (299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1000 }

  /// A mixture: all of this colour at 0, all of the other at 1.
  func mixed(with other: RGB, _ share: Double) -> RGB {
    func channel(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + (Double(b) - Double(a)) * min(1, max(0, share))).rounded())
    }
    return RGB(
      channel(red, other.red), channel(green, other.green), channel(blue, other.blue))
  }

  /// A colour of xterm's 256-colour palette: 16 ANSI colours, a 6×6×6 cube, 24 greys.
  public init(xterm index: UInt8) {
    switch index {
    case 0..<16:
      self.init(hex: RGB.ansi[Int(index)])
    case 16..<232:
      let cube = Int(index) - 16
      let level: [UInt8] = [0, 95, 135, 175, 215, 255]
      self.init(level[cube / 36], level[cube / 6 % 6], level[cube % 6])
    default:
      let grey = 8 + 10 * (index - 232)
      self.init(grey, grey, grey)
    }
  }

  /// The nearest colour of the cube or the grey ramp, by squared distance. Used for single
  /// colours only: colour maps have ramps of their own, whose lightness stays monotone.
  public var nearestXterm: UInt8 {
    func distance(_ other: RGB) -> Int {
      let r = Int(red) - Int(other.red)
      let g = Int(green) - Int(other.green)
      let b = Int(blue) - Int(other.blue)
      return r * r + g * g + b * b
    }
    func step(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
    let cube = UInt8(16 + 36 * step(red) + 6 * step(green) + step(blue))
    let mean = (Int(red) + Int(green) + Int(blue)) / 3
    let grey = UInt8(232 + max(0, min(23, (mean - 3) / 10)))
    return distance(RGB(xterm: cube)) <= distance(RGB(xterm: grey)) ? cube : grey
  }

  /// What the ANSI colours look like in exports; a terminal uses the user's palette.
  private static let ansi: [UInt32] = [
    0x000000, 0xCD3131, 0x0DBC79, 0xE5E510, 0x2472C8, 0xBC3FBC, 0x11A8CD, 0xE5E5E5,
    0x666666, 0xF14C4C, 0x23D18B, 0xF5F543, 0x3B8EEA, 0xD670D6, 0x29B8DB, 0xFFFFFF,
  ]
}
