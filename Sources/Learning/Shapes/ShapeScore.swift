public import Networks
public import Tensors

/// How often a network is right on what it was never trained on.
public struct ShapeScore: Sendable, Equatable {
  /// Answers asked for, or pictures.
  public private(set) var count = 0
  public private(set) var right = 0
  /// Those among them that depend on what is far away.
  public private(set) var hardCount = 0
  public private(set) var hardRight = 0

  /// 0…1.
  public var accuracy: Double { Double(right) / Double(max(1, count)) }
  /// 0…1; nil where the task tells no hard answers apart.
  public var hardAccuracy: Double? {
    hardCount == 0 ? nil : Double(hardRight) / Double(hardCount)
  }

  /// Measures a network.
  ///
  /// - Parameters:
  ///   - network: of this task.
  ///   - task: where the examples come from. A caption counts as right if the likeliest words, one
  ///     after the other, are exactly those of the picture.
  ///   - examples: how many held-out ones.
  ///   - seed: of the examples.
  public init(
    _ network: Network<Float>, on task: any ShapeTask, examples: Int, seed: UInt64
  ) {
    var random = SeededRandom(seed: seed)
    let decoder = task is CaptionTask ? CaptionDecoder(network: network) : nil
    var passes: [Int: NetworkPass<Float>] = [:]
    var done = 0
    while done < examples {
      let example = task.example(&random)
      guard example.isHeldOut else { continue }
      done += 1
      if let decoder, case .vectors(let vectors) = example.input.source {
        let words = decoder.words(of: Array(vectors.prefix(CaptionTask.pixelCount)))
        count += 1
        if words == Array(example.input.labels.dropFirst()) { right += 1 }
        continue
      }
      let pass = passes[example.seqLen] ?? NetworkPass(network: network, seqLen: example.seqLen)
      passes[example.seqLen] = pass
      example.input.set(in: pass)
      pass.forward()
      add(example, pass)
    }
  }

  private mutating func add(_ example: ShapeExample, _ pass: NetworkPass<Float>) {
    guard let head = pass.head else { return }
    for (time, target) in example.targets.enumerated() where target >= 0 {
      let logits = head.logits.array(time * head.outputSize..<(time + 1) * head.outputSize)
      let best = logits.indices.max { logits[$0] < logits[$1] } ?? 0
      let isHard = example.hardSteps.contains(time)
      count += 1
      if isHard { hardCount += 1 }
      guard best == Int(target) else { continue }
      right += 1
      if isHard { hardRight += 1 }
    }
  }
}
