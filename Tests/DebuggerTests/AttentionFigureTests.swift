import Debugger
import Equations
import Tensors
import Testing

/// Figures of attention, against numbers worked out by hand.
@Suite struct AttentionFigureTests {
  /// Rows: one token alone, two halves, four quarters, a half and two quarters.
  private static let weights = TokenMatrix(
    [
      1, 0, 0, 0,
      0.5, 0.5, 0, 0,
      0.25, 0.25, 0.25, 0.25,
      0, 0.25, 0.25, 0.5,
    ], count: 4)

  @Test func entropyIsInBits() {
    // 0, 1, 2 and 1.5 bits.
    #expect(abs(HeadFigures(Self.weights).entropy - 4.5 / 4) < 1e-6)
  }

  @Test func distanceIsInTokens() {
    // Row 0: 0. Row 1: ½·1. Row 2: ¼·(2 + 1 + 0 + 1). Row 3: ¼·2 + ¼·1.
    #expect(abs(HeadFigures(Self.weights).distance - (0 + 0.5 + 1 + 0.75) / 4) < 1e-6)
  }

  @Test func theMeanOfTwoHeads() {
    let other = TokenMatrix((0..<16).map { $0 % 5 == 0 ? 1 : 0 }, count: 4)
    let mean = AttentionAverages.mean([Self.weights, other])
    #expect(mean.row(1) == [0.25, 0.75, 0, 0])
    #expect(mean.row(3) == [0, 0.125, 0.125, 0.75])
  }

  /// Layer 1: [[1, 0], [½, ½]], with the residual [[1, 0], [¼, ¾]]. Layer 2: [[0, 1], [1, 0]], with the
  /// residual [[½, ½], [½, ½]]; the product of the second with the first is [[⅝, ⅜], [⅝, ⅜]].
  @Test func rolloutMultipliesLayers() {
    let layers = [
      TokenMatrix([1, 0, 0.5, 0.5], count: 2), TokenMatrix([0, 1, 1, 0], count: 2),
    ]
    let rollout = AttentionAverages.rollout(layers)
    #expect(rollout.count == 2)
    #expect(rollout[0].row(0) == [1, 0])
    #expect(rollout[0].row(1) == [0.25, 0.75])
    #expect(rollout[1].row(0) == [0.625, 0.375])
    #expect(rollout[1].row(1) == [0.625, 0.375])
  }

  @Test func blocksAreMeans() {
    // Five columns in two pixels: two and three of them.
    let means = BlockMeans(rows: 2, columns: 5, maxRows: 1, maxColumns: 2) { row, column in
      Float(10 * row + column)
    }
    // 0, 1, 10, 11 and 2, 3, 4, 12, 13, 14.
    #expect(means.values == [5.5, 8] as [Float])
    #expect(means.rowBlock == 2 && means.columnBlock == 3 && means.isAveraged)
    let whole = BlockMeans(rows: 2, columns: 2, maxRows: 9, maxColumns: 2) { Float($0 - $1) }
    #expect(whole.values == [0, -1, 1, 0] && !whole.isAveraged)
  }

  @Test func aBlockWithAnUnknownNumberIsUnknown() {
    let means = BlockMeans(rows: 2, columns: 4, maxRows: 1, maxColumns: 2) { row, column in
      row == 1 && column == 3 ? .nan : 1
    }
    #expect(means.values[0] == 1 && means.values[1].isNaN)
  }

  @Test func cosines() {
    #expect(abs(SentenceComparison.cosine([3, 4], [4, 3]) - 24.0 / 25) < 1e-12)
    #expect(SentenceComparison.cosine([1, 0], [0, 2]) == 0)
    #expect(SentenceComparison.cosine([0, 0], [0, 2]).isNaN)
  }

  @Test func sameWordsWithAndWithoutTheSpaceBeforeThem() {
    let first = [AttentionToken("point"), AttentionToken(" of")]
    let second = [AttentionToken("a"), AttentionToken(" point"), AttentionToken("point")]
    #expect(SentenceComparison.places(of: 0, in: first, among: second) == [1, 2])
    #expect(SentenceComparison.places(of: 1, in: first, among: second) == [])
    #expect(SentenceComparison.places(of: 7, in: first, among: second) == [])
  }

  @Test func theLargestComeFirst() {
    let values: [Float] = [0.1, 0.5, .nan, 0.5, 0.05, 0.3]
    #expect(TopTokens.indices(values, count: 3) == [1, 3, 5])
    #expect(TopTokens.indices(values, count: 99) == [1, 3, 5, 0, 4])
    #expect(TopTokens.indices(values, count: 0) == [])
  }
}
