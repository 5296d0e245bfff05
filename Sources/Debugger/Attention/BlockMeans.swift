/// A matrix made smaller: each pixel is the mean of a block of values, blocks as even as whole numbers
/// allow. A block that holds a NaN is NaN.
public struct BlockMeans: Sendable {
  public let rows: Int
  public let columns: Int
  /// Row-major.
  public let values: [Float]
  /// The most rows and columns that one pixel stands for.
  public let rowBlock: Int
  public let columnBlock: Int

  /// - Parameters:
  ///   - rows: of the matrix.
  ///   - columns: of the matrix.
  ///   - maxRows: pixels there is room for.
  ///   - maxColumns: pixels there is room for.
  ///   - value: the element at (row, column).
  /// - Complexity: O(rows · columns).
  public init(
    rows: Int, columns: Int, maxRows: Int, maxColumns: Int, value: (Int, Int) -> Float
  ) {
    let down = min(rows, max(0, maxRows))
    let across = min(columns, max(0, maxColumns))
    self.rows = down
    self.columns = across
    rowBlock = down == 0 ? 1 : (rows + down - 1) / down
    columnBlock = across == 0 ? 1 : (columns + across - 1) / across
    var means = [Float](repeating: 0, count: down * across)
    var sums = [Float](repeating: 0, count: across)
    for pixelRow in 0..<down {
      let first = pixelRow * rows / down
      let end = (pixelRow + 1) * rows / down
      for index in sums.indices { sums[index] = 0 }
      for row in first..<end {
        for pixel in 0..<across {
          var sum: Float = 0
          for column in pixel * columns / across..<(pixel + 1) * columns / across {
            sum += value(row, column)
          }
          sums[pixel] += sum
        }
      }
      for pixel in 0..<across {
        let width = (pixel + 1) * columns / across - pixel * columns / across
        means[pixelRow * across + pixel] = sums[pixel] / Float((end - first) * width)
      }
    }
    values = means
  }

  public subscript(row: Int, column: Int) -> Float { values[row * columns + column] }

  /// Whether any pixel stands for more than one value.
  public var isAveraged: Bool { rowBlock > 1 || columnBlock > 1 }
}
