internal import Networks

/// How large the gradient is along the way that backpropagation takes: one curve per state, a value per
/// word.
public struct GradientPath: Sendable {
  public struct Curve: Sendable {
    public let part: TranslationPart
    public let equation: Int
    /// E.g. "h", or "h of layer 1, reverse".
    public let name: String
    /// ‖∂L/∂value‖ of each word, in Double.
    public let norms: [Double]
    /// Whether it counts only what comes through attention.
    public let isThroughAttention: Bool
  }

  /// Over the words that are written.
  public let decoder: [Curve]
  /// Over the words that are read; what comes through attention alone last.
  public let encoder: [Curve]

  public init(_ translation: Translation) {
    let layers = translation.decoderLayerCount
    decoder = (0..<layers).flatMap { layer in
      Self.curves(
        translation, .decoder(layer), layers > 1 ? " of layer \(layer)" : "",
        count: translation.output.count)
    }
    let ids = translation.encoderLayers
    let count = translation.sourceIDs.count
    var encoder = ids.flatMap { id in
      let isTwoWay = ids.contains { $0.direction == .reverse }
      var suffix = ids.contains { $0.layer > 0 } ? " of layer \(id.layer)" : ""
      if isTwoWay { suffix += id.direction == .reverse ? " ←" : " →" }
      return Self.curves(translation, .encoder(id), suffix, count: count)
    }
    if translation.isRecurrent, let last = ids.last,
      let gradients = translation.encoderGradientsThroughAttention
    {
      encoder.append(
        Curve(
          part: .encoder(last), equation: translation.states(.encoder(last))[0],
          name: "via attention", norms: (0..<count).map { gradients.norm(row: $0) },
          isThroughAttention: true))
    }
    self.encoder = encoder
  }

  private static func curves(
    _ translation: Translation, _ part: TranslationPart, _ suffix: String, count: Int
  ) -> [Curve] {
    translation.states(part).compactMap { equation in
      guard let gradient = translation.gradient(part, equation),
        let name = translation.line(part, equation)?.name
      else { return nil }
      return Curve(
        part: part, equation: equation, name: name + suffix,
        norms: (0..<count).map { gradient.norm(row: $0) }, isThroughAttention: false)
    }
  }

  /// The smallest and the largest norm that is not zero, of all curves.
  public var range: ClosedRange<Double>? {
    let norms = (decoder + encoder).flatMap(\.norms).filter { $0 > 0 && $0.isFinite }
    guard let low = norms.min(), let high = norms.max() else { return nil }
    return low...high
  }
}
