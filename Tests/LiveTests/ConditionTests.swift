import Equations
import Learning
import Networks
import Testing

/// Running to a condition.
@Suite struct ConditionTests {
  private func condition(
    _ text: String, _ settings: LabSettings
  ) throws(LabConditionError) -> LabCondition {
    try LabCondition(number: 1, text: text, lanes: [settings])
  }

  /// The update after which a plain lab meets a condition for the first time.
  private func first(
    _ settings: LabSettings, where holds: (LabUpdate) -> Bool
  ) throws -> Int {
    let lab = try GradientLab(settings)
    while lab.updateCount < 400 {
      let update = try lab.step()
      if holds(update) { return update.update }
    }
    throw LabConditionNeverHeld()
  }

  private struct LabConditionNeverHeld: Error {}

  @Test func pausesWhereTheLossFalls() throws {
    let settings = try LiveSamples.settings("rnn/relu/identity/lr=0.01")
    let expected = try first(settings) { $0.loss < 0.9 }
    #expect(expected > 3)
    let runner = try LiveSamples.runner(settings)
    let snapshot = runner.perform(
      .addCondition(try condition("loss < 0.9", settings)), .step(400))
    #expect(snapshot.updateCount == expected)
    #expect(snapshot.notice?.text == "break 1: loss < 0.9 at update \(expected)")
    // It goes on from there, and stops when it becomes true again only.
    #expect(runner.perform(.step(1)).updateCount == expected + 1)
  }

  @Test func pausesWhereAGradientDies() throws {
    let settings = try LiveSamples.settings("rnn/tanh/orthogonal/gain=0.5", seqLen: 12)
    let lab = try GradientLab(settings)
    // grad(h) is that of the first step, over batch and units: the first norm of an update.
    var norms: [Double] = []
    for _ in 0..<30 { norms.append(try lab.step().gradientNorms[0]) }
    let limit = 1.0001 * (norms.min() ?? 0)
    let expected = try #require(norms.firstIndex { $0 < limit }) + 1
    #expect(expected > 1)
    let snapshot = try LiveSamples.runner(settings).perform(
      .addCondition(try condition("norm(grad(h)) < \(limit)", settings)), .step(400))
    #expect(snapshot.updateCount == expected)
  }

  /// A unit is that of any sequence, and one that there is not is refused.
  @Test func asksEverySequenceForAUnit() throws {
    let settings = try LiveSamples.settings()
    let size = settings.hiddenSize
    let lab = try GradientLab(settings)
    _ = try lab.step()
    let view = lab.pass.layers[0][0].values(of: 0)
    let last = Array(view.array.suffix(settings.batchSize * size))
    // Unit 2 of the sequence in which it is largest, which is not the first.
    let units = (0..<settings.batchSize).map { Double(last[$0 * size + 2]) }
    let largest = try #require(units.max())
    let limit = (largest + max(units[0], units.filter { $0 < largest }.max() ?? 0)) / 2
    let snapshot = try LiveSamples.runner(settings).perform(
      .addCondition(try condition("h[2] > \(limit)", settings)), .step(1))
    #expect(snapshot.notice?.text.hasPrefix("break 1: h[2] > ") == true)
    let never = try LiveSamples.runner(settings).perform(
      .addCondition(try condition("h[2] > \(largest + 1e-6)", settings)), .step(1))
    #expect(never.notice?.text.hasPrefix("break") != true)
    for text in ["h[\(size)] > 0", "grad(h)[\(size)] > 0"] {
      let error = #expect(throws: LabConditionError.self) { try condition(text, settings) }
      #expect(error?.description == "there is no unit \(size)")
    }
  }

  @Test func asksEveryStepWithT() throws {
    let settings = try LiveSamples.settings()
    let runner = try LiveSamples.runner(settings)
    // At the last step the gradient is largest; the first step alone would not do.
    let first = try first(settings) { $0.gradientNorms[7] > 0.01 && $0.gradientNorms[0] < 0.01 }
    let snapshot = runner.perform(
      .addCondition(try condition("t == 7 and norm(grad(h)) > 0.01 and update > 0", settings)),
      .step(50))
    #expect(snapshot.updateCount == first)
  }

  @Test func stopsAtAnUpdate() throws {
    let settings = try LiveSamples.settings()
    let runner = try LiveSamples.runner(settings)
    let added = LabOrder.addCondition(try condition("update == 6", settings))
    #expect(runner.perform(added, .step(20)).updateCount == 6)
    #expect(runner.perform(.deleteConditions(nil), .step(4)).updateCount == 10)
    #expect(runner.performNow().conditions.isEmpty)
  }

  @Test func aLossThatIsNotFinite() throws {
    var settings = try LiveSamples.settings("rnn/relu/optimizer=sgd/clip=off")
    settings.learningRate = 1e18
    let runner = try LiveSamples.runner(settings)
    let snapshot = runner.perform(
      .addCondition(try condition("isnan(loss)", settings)), .step(100))
    #expect(snapshot.lanes[0].stop != nil)
  }

  @Test(arguments: [
    ("loss", "expected a condition such as loss < 0.5, found \"loss\""),
    ("los < 1", "los has no value in rnn; expected loss"),
    ("norm(grad(loss)) < 1", "loss has no gradient in rnn; expected h"),
    ("token == \"a\"", "a batch has no single token; expected loss, accuracy or update"),
    ("loss <", "expected a value"),
    ("layer1.h[0] > 1", "h has no value in rnn"),
  ])
  func mistakesSayWhatWasExpected(_ text: String, _ expected: String) throws {
    let settings = try LiveSamples.settings()
    do {
      _ = try condition(text, settings)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.description.contains(expected), "\(error)")
    }
  }
}
