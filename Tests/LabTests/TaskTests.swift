import Learning
import Networks
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Every task's sequences mean what its summary says, and its figures are those of its data.
@Suite struct TaskTests {
  private let text = String(repeating: "abcabd", count: 80)

  private func request(_ kind: TaskKind) throws -> TaskRequest {
    TaskRequest(
      kind, corpus: kind == .text ? try TextCorpus(text: text, validationShare: 0) : nil)
  }

  @Test(arguments: TaskKind.allCases) func batches(kind: TaskKind) throws {
    let task = try request(kind).make(seqLen: 24)
    let batch = task.batch(seed: 5, update: 7, size: 6)
    #expect(batch == task.batch(seed: 5, update: 7, size: 6))
    #expect(batch != task.batch(seed: 5, update: 8, size: 6))
    #expect(batch != task.batch(seed: 6, update: 7, size: 6))
    let rows = 24 * 6
    if let size = task.input.vocabularySize {
      #expect(
        batch.tokens.count == rows && batch.tokens.allSatisfy { (0..<Int32(size)).contains($0) })
      #expect(task.inputLabels.count == size)
    } else {
      #expect(batch.vectors.count == rows * task.input.inputSize)
      let squares = task.batch(seed: 1, update: 0, size: 4000).vectors
        .reduce(0) { $0 + Double($1 * $1) }
      #expect(abs(squares / Double(24 * 4000) - task.inputMeanSquare) < 0.02)
    }
    for time in 0..<24 {
      for sequence in 0..<6 {
        let row = time * 6 + sequence
        let hasTarget =
          task.loss == .crossEntropy ? batch.classes[row] >= 0 : !batch.values[row].isNaN
        #expect(hasTarget == task.lossSteps.contains(time))
      }
    }
    #expect(task.lossSteps.upperBound == 24 && task.scoredSteps.upperBound == 24)
    #expect(task.memorylessLoss > 0 && task.chance > 0 && task.chance < 1)
    #expect(!task.summary.isEmpty)
  }

  private func sequence(_ task: any SequenceTask, seed: UInt64) -> TaskSequence {
    var random = SeededRandom(seed: seed)
    return task.sequence(&random)
  }

  @Test(arguments: LabSamples.seeds) func meanings(seed: UInt64) throws {
    let recall = sequence(try RecallTask(seqLen: 9), seed: seed)
    #expect(recall.classes.last == recall.tokens.first && recall.tokens.last == 8)
    #expect(recall.tokens[1..<8].allSatisfy { (4..<8).contains($0) })
    let blanks = sequence(try RecallTask(seqLen: 9, distractors: .blanks), seed: seed)
    #expect(Set(blanks.tokens[1..<8]) == [4])

    let adding = sequence(try AddingTask(seqLen: 11), seed: seed)
    let marked = (0..<11).filter { adding.vectors[2 * $0 + 1] == 1 }
    #expect(marked.count == 2 && marked[0] < 5 && marked[1] >= 5)
    #expect(adding.values[10] == adding.vectors[2 * marked[0]] + adding.vectors[2 * marked[1]])

    let copy = sequence(try CopyTask(seqLen: 40), seed: seed)
    #expect(Array(copy.classes.suffix(10)) == Array(copy.tokens.prefix(10)))
    #expect(copy.classes.prefix(30).allSatisfy { $0 == 8 })
    #expect(copy.tokens.firstIndex(of: 9) == 29)
    #expect(try CopyTask(seqLen: 3).copiedCount == 1)

    let parity = sequence(try ParityTask(seqLen: 12, bitCount: 5), seed: seed)
    #expect(parity.classes[11] == parity.tokens.prefix(5).reduce(0, +) % 2)
    #expect(Array(parity.tokens.suffix(7)) == [2, 2, 2, 2, 2, 2, 3])

    let sine = sequence(try SineTask(seqLen: 30), seed: seed)
    #expect(Array(sine.values.dropLast()) == Array(sine.vectors.dropFirst()))
    // x_{t+1} + x_{t−1} = 2·cos ω·x_t, with one ω for all t.
    let factors = (1..<29).filter { abs(sine.vectors[$0]) > 0.5 }
      .map { (sine.vectors[$0 + 1] + sine.vectors[$0 - 1]) / (2 * sine.vectors[$0]) }
    let (least, most) = (try #require(factors.min()), try #require(factors.max()))
    #expect(most - least < 1e-4 && least > cos(0.63) - 0.01 && most < cos(0.157) + 0.01)
  }

  /// The figures of the best predictor without memory, from the data.
  @Test func memorylessFigures() throws {
    // The last step's number where it is marked, and 1/2 for each that is not seen.
    for seqLen in [2, 6, 20] {
      let task = try AddingTask(seqLen: seqLen)
      var random = SeededRandom(seed: 1)
      let errors = (0..<20_000).map { _ in
        let sequence = task.sequence(&random)
        let last = sequence.vectors.suffix(2).map(Double.init)
        let guess = last[1] == 1 ? last[0] + 0.5 : 1
        return abs(Double(sequence.values[seqLen - 1]) - guess)
      }
      let loss = errors.reduce(0) { $0 + $1 * $1 } / 20_000
      #expect(abs(loss - task.memorylessLoss) < 0.004, "\(seqLen)")
      let hits = Double(errors.count { $0 <= 0.04 }) / 20_000
      #expect(abs(hits - task.chance) < 0.006, "\(seqLen)")
    }

    // The best multiple of one value, by least squares.
    let sine = try SineTask(seqLen: 20)
    let batch = sine.batch(seed: 1, update: 0, size: 5000)
    let pairs = zip(batch.vectors, batch.values).map { (Double($0), Double($1)) }
    let best = pairs.reduce(0) { $0 + $1.0 * $1.1 } / pairs.reduce(0) { $0 + $1.0 * $1.0 }
    let errors = pairs.map { abs($0.1 - best * $0.0) }
    let loss = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    #expect(abs(loss - sine.memorylessLoss) < 0.01)
    let right = Double(errors.count { $0 <= 0.04 }) / Double(errors.count)
    #expect(abs(right - sine.chance) < 0.02)

    // abcabd…: after b comes c or d, all else is certain. 1/3 of ln 2, and 5 of 6 right.
    let text = try TextTask(seqLen: 5, corpus: TextCorpus(text: text, validationShare: 0))
    #expect(abs(text.memorylessLoss - log(2.0) / 3) < 0.01)
    #expect(abs(text.chance - 5.0 / 6) < 0.01)
    #expect(try RecallTask(seqLen: 5, symbolCount: 7).memorylessLoss == log(7.0))
    #expect(abs(try CopyTask(seqLen: 120).memorylessLoss - 10 * log(8.0) / 120) < 1e-12)
  }

  @Test func mistakes() throws {
    #expect(throws: TaskError.self) { try RecallTask(seqLen: 1) }
    #expect(throws: TaskError.self) { try RecallTask(seqLen: 9, symbolCount: 1) }
    #expect(throws: TaskError.self) { try TaskRequest(.text).make(seqLen: 9) }
    #expect(throws: TaskError.self) { try request(.text).make(seqLen: 480) }
    #expect(throws: TaskError.self) { try CopyTask(seqLen: 2) }
  }
}
