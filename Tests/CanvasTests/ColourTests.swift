import Foundation
import Testing

@testable import Canvas

/// CIE L* of an sRGB colour (IEC 61966-2-1 and CIE 15), independent of the module's own code.
private func lightness(_ rgb: RGB) -> Double {
  func linear(_ channel: UInt8) -> Double {
    let c = Double(channel) / 255
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
  }
  let y = 0.2126 * linear(rgb.red) + 0.7152 * linear(rgb.green) + 0.0722 * linear(rgb.blue)
  return y > 216.0 / 24389 ? 116 * cbrt(y) - 16 : y * 24389 / 27
}

private func isRising(_ values: [Double]) -> Bool {
  zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
}

@Suite struct ColourTests {
  @Test(arguments: ColorMap.allCases.filter { !$0.isDiverging })
  func sequentialMapsRiseInLightness(map: ColorMap) {
    for isDark in [true, false] {
      // On a light screen grey runs the other way: its small values stay near the background.
      let sign = map == .grey && !isDark ? -1.0 : 1
      let exact = (0..<map.levels).map { sign * lightness(map.color(level: $0, isDark: isDark)) }
      #expect(isRising(exact))
      #expect(isRising(map.xtermRamp(isDark: isDark).map { sign * lightness(RGB(xterm: $0)) }))
    }
  }

  @Test func divergingMapsTurnAtTheirCentre() {
    for isDark in [true, false] {
      let sign = isDark ? 1.0 : -1
      let exact = (0..<63).map {
        sign * lightness(ColorMap.diverging.color(level: $0, isDark: isDark))
      }
      #expect(isRising(Array(exact[31...])))
      #expect(isRising(exact[...31].reversed()))
      let ramp = ColorMap.diverging.xtermRamp(isDark: isDark).map {
        sign * lightness(RGB(xterm: $0))
      }
      let middle = ramp.count / 2
      #expect(ramp.count % 2 == 1)
      #expect(isRising(Array(ramp[middle...])))
      #expect(isRising(ramp[...middle].reversed()))
    }
  }

  @Test func levelsReachBothEndsOfTheRamp() {
    for map in ColorMap.allCases {
      let ramp = map.xtermRamp(isDark: true)
      #expect(map.xtermIndex(level: 0, isDark: true) == ramp.first)
      #expect(map.xtermIndex(level: map.levels - 1, isDark: true) == ramp.last)
      #expect(map.xtermIndex(level: 9999, isDark: true) == ramp.last)
    }
    #expect(ColorMap.diverging.xtermIndex(level: 31, isDark: false) == 231)
  }

  @Test func seriesColoursDifferAtEveryDepth() {
    for theme in Theme.all {
      for depth in [ColorDepth.ansi16, .indexed256, .trueColor] {
        let colors = (0..<ThemeRole.seriesCount).map {
          theme.resolve(Style(.series($0)), depth: depth).foreground
        }
        #expect(Set(colors).count == ThemeRole.seriesCount)
      }
    }
  }

  @Test func textOnHighlightsIsReadable() {
    for theme in Theme.all {
      for ground in [ThemeRole.selection, .cursor] {
        for role in ThemeRole.allCases {
          let style = theme.resolve(Style(.role(role), on: .role(ground)), depth: .trueColor)
          guard case .rgb(let text) = style.foreground, case .rgb(let back) = style.background
          else {
            Issue.record("\(role) on \(ground) is not resolved")
            continue
          }
          #expect(abs(lightness(text) - lightness(back)) > 25, "\(theme.name) \(role) on \(ground)")
        }
      }
    }
  }

  @Test func withoutColourRolesBecomeAttributes() {
    let style = Theme.dark.resolve(Style(.text, on: .role(.cursor)), depth: .none)
    #expect(style.foreground == .default && style.background == .default)
    #expect(style.attributes == .reverse)
  }

  @Test func normalizationEdges() {
    #expect(Normalization(lo: 2, hi: 2).fraction(2) == 0.5)
    #expect(Normalization(lo: 0, hi: 0).fraction(0) == 0.5)
    #expect(Normalization(lo: 0, hi: 1).fraction(.nan) == nil)
    #expect(Normalization(lo: 0, hi: 1).fraction(.infinity) == 1)
    #expect(Normalization(lo: 0, hi: 1).fraction(-.infinity) == 0)
    #expect(Normalization(lo: .nan, hi: .infinity).fraction(0) == 0.5)
    #expect(Normalization(.symmetric, lo: -1, hi: 4).fraction(0) == 0.5)
    #expect(Normalization(.symmetric, lo: 0, hi: 0).hi == 1)
    #expect(Normalization.symmetric(2).level(0, of: 63) == 31)
    let huge = Normalization(lo: -1.7e308, hi: 1.7e308)
    #expect(huge.position(0) == 0.5)
    let log = Normalization(.logarithmic, lo: 1e-8, hi: 1)
    #expect(abs((log.fraction(1e-4) ?? 0) - 0.5) < 1e-6)
    #expect(log.fraction(0) == 0 && log.fraction(-3) == 0)
    let fitted = Normalization.fitting([.nan, -2, .infinity, 5])
    #expect(fitted.lo == -2 && fitted.hi == 5)
    #expect(Normalization.fitting([Float.nan]).hi == 1)
  }

  @Test func logarithmMatchesTheMathLibrary() {
    for exponent in stride(from: -307.0, through: 307, by: 0.37) {
      let x = pow(10, exponent)
      let expected = Foundation.log10(x)
      #expect(abs(Canvas.log10(x) - expected) <= 4e-16 * max(1, abs(expected)) * 2)
    }
  }
}
