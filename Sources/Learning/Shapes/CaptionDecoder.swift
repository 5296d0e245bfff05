public import Networks
public import Tensors

/// Says what is on a picture, each time the likeliest word.
public struct CaptionDecoder {
  private let task = CaptionTask()
  private let network: Network<Float>
  private let pass: NetworkPass<Float>

  /// - Precondition: the network takes a picture and a word and predicts the task's classes.
  public init(network: Network<Float>) {
    precondition(
      network.configuration.input == task.input
        && network.configuration.outputSize == task.classes.count, "a network of another task")
    self.network = network
    pass = NetworkPass(network: network, seqLen: CaptionTask.maximumLength)
  }

  /// The words of a picture, `[8, 8]`, rows from the top; without the end.
  public func words(of pixels: [Float]) -> [String] {
    var picture = CaptionTask.Picture(pixels: pixels, words: [])
    let size = task.input.inputSize
    while picture.words.count < CaptionTask.maximumLength - 1 {
      guard case .vectors(var vectors) = task.input(of: picture).source else { break }
      // What comes later does not change what came before.
      vectors += [Float](repeating: 0, count: CaptionTask.maximumLength * size - vectors.count)
      pass.setInput(vectors)
      pass.forward()
      guard let head = pass.head else { break }
      let start = picture.words.count * task.classes.count
      let logits = head.logits.array(start..<start + task.classes.count)
      let best = logits.indices.max { logits[$0] < logits[$1] } ?? 0
      if task.classes[best] == CaptionTask.end { break }
      picture.words.append(task.classes[best])
    }
    return picture.words
  }
}
