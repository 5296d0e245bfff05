/// What a colour is for. The theme says what it looks like.
public enum ThemeRole: UInt8, Sendable, Hashable, CaseIterable {
  case text
  /// Secondary text: units, axis labels.
  case dim
  case title
  case accent
  /// Background of a selected row or cell; as a foreground, its text.
  case selection
  /// The program counter and the time cursor, as a background or a foreground.
  case cursor
  case border
  case focusedBorder
  case positive
  case negative
  case warning
  case error
  /// The original timeline beside a changed one.
  case ghost
  case keyHint
  /// Not a number: a colour that occurs in no map.
  case notANumber
  case series0
  case series1
  case series2
  case series3
  case series4
  case series5
  case series6
  case series7

  /// One of eight colours for named variables and curves, safe for colour-blind readers (after
  /// Okabe & Ito 2008); they repeat after eight.
  public static func series(_ index: Int) -> ThemeRole {
    let first = Int(ThemeRole.series0.rawValue)
    let wrapped = (index % seriesCount + seriesCount) % seriesCount
    return ThemeRole(rawValue: UInt8(first + wrapped)) ?? .series0
  }

  public static let seriesCount = 8
}
