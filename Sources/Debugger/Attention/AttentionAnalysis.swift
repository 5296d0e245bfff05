/// What is shown of a run besides its values: figures of every head, averages, rollout, and small
/// pictures of all heads. Made once per run, off the main thread.
public final class AttentionAnalysis: Sendable {
  public let source: any AttentionSource
  /// Per layer, per head.
  public let figures: [[HeadFigures]]
  /// Per layer, the mean over its heads.
  public let headMeans: [TokenMatrix]
  /// The mean over all heads of all layers.
  public let mean: TokenMatrix
  /// Per layer: attention rollout from the input up to its end.
  public let rollout: [TokenMatrix]
  /// Per layer, per head: at most `thumbnailSize` pixels in each direction.
  public let thumbnails: [[BlockMeans]]

  static let thumbnailSize = 32

  /// - Precondition: the source has a layer, a head and a token.
  public init(_ source: any AttentionSource) {
    precondition(
      source.layerCount > 0 && source.headCount > 0 && !source.tokens.isEmpty, "an empty run")
    self.source = source
    var figures: [[HeadFigures]] = []
    var headMeans: [TokenMatrix] = []
    var thumbnails: [[BlockMeans]] = []
    for layer in 0..<source.layerCount {
      let attention = source.attention(layer: layer)
      let heads = (0..<source.headCount).map { attention.matrix(head: $0) }
      figures.append(heads.map { HeadFigures($0) })
      headMeans.append(AttentionAverages.mean(heads))
      thumbnails.append(
        heads.map { matrix in
          BlockMeans(
            rows: matrix.count, columns: matrix.count, maxRows: Self.thumbnailSize,
            maxColumns: Self.thumbnailSize
          ) { matrix[$0, $1] }
        })
    }
    self.figures = figures
    self.headMeans = headMeans
    self.thumbnails = thumbnails
    mean = AttentionAverages.mean(headMeans)
    rollout = AttentionAverages.rollout(headMeans)
  }
}
