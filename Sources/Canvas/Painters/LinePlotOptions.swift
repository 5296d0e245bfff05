/// One curve.
public struct PlotSeries: Sendable {
  public var name: String
  /// NaN leaves a gap. On a logarithmic axis values at or below zero lie on the floor.
  public var values: [Float]
  public var paint: Paint
  /// The x of the first value, and the distance between values.
  public var firstX: Double
  public var stepX: Double

  public init(
    _ name: String, _ values: [Float], paint: Paint, firstX: Double = 0, stepX: Double = 1
  ) {
    self.name = name
    self.values = values
    self.paint = paint
    self.firstX = firstX
    self.stepX = stepX
  }
}

/// A horizontal line at a value, with a label.
public struct PlotReference: Sendable, Hashable {
  public var value: Double
  public var label: String
  public var style: Style

  public init(_ value: Double, _ label: String, style: Style = Style(.dim)) {
    self.value = value
    self.label = label
    self.style = style
  }
}

/// A label of an axis.
public struct PlotTick: Sendable, Hashable {
  public var value: Double
  public var label: String

  public init(_ value: Double, _ label: String) {
    self.value = value
    self.label = label
  }
}

/// How curves are drawn.
public struct LinePlotOptions: Sendable {
  public var yScale: Normalization
  /// Nil: from the first to the last x of all series.
  public var xRange: ClosedRange<Double>?
  /// x grows to the left: for gradients, which travel back in time.
  public var isXReversed = false
  /// A vertical line.
  public var cursorX: Double?
  public var references: [PlotReference] = []
  /// Above the y axis: the quantity and its unit.
  public var yTitle = ""
  /// To the right below the x axis.
  public var xTitle = ""
  /// Where the x axis is labelled and how, e.g. for a logarithmic one; nil: at round numbers.
  public var xTicks: [PlotTick]?
  /// Names the series above the plot.
  public var showsLegend = true
  public var showsAxes = true
  /// Series after the first are dashed, each in its own way, so that hue is not all that tells
  /// them apart.
  public var usesDashes = true

  public init(yScale: Normalization) {
    self.yScale = yScale
  }

  /// Dashes and gaps in dots.
  func dash(series: Int) -> [Int] {
    let patterns: [[Int]] = [[], [8, 2], [4, 2], [8, 2, 2, 2]]
    return usesDashes ? patterns[series % patterns.count] : []
  }
}

/// Where a plot put its values. Coordinates are those of the region that it was drawn into.
public struct LinePlotLayout: Sendable, Hashable {
  /// The cells that show curves.
  public let plot: Rect
  public let xRange: ClosedRange<Double>
  public let isXReversed: Bool

  /// The x value in the middle of a cell column; nil outside of the plot.
  public func value(atX x: Int) -> Double? {
    guard x >= plot.x, x < plot.maxX else { return nil }
    let share = (Double(x - plot.x) + 0.5) / Double(plot.width)
    return xRange.lowerBound
      + (xRange.upperBound - xRange.lowerBound) * (isXReversed ? 1 - share : share)
  }
}
