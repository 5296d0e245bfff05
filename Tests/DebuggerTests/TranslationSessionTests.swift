import Debugger
import Equations
import Networks
import Testing

/// Stepping a translation, and what is stopped at.
@Suite struct TranslationSessionTests {
  typealias Kind = TranslationSample.Kind

  /// The order from end to end, and the same back.
  @Test(arguments: Kind.allCases) func steppingBackIsExact(_ kind: Kind) throws {
    var session = TranslationSession(try TranslationSample.translation(kind))
    #expect(session.cursor.part == .output && session.cursor.time == 0)
    #expect(session.writtenCount == 1)
    session.moveToStart()
    var places = [session.cursor]
    for _ in 1..<session.timeline.count {
      session.step(by: 1)
      places.append(session.cursor)
    }
    #expect(Set(places).count == session.timeline.count)
    session.step(by: 1)
    #expect(session.cursor == places.last)
    for place in places.reversed() {
      #expect(session.cursor == place)
      session.step(by: -1)
    }
    #expect(session.cursor == places[0])
    session.step(by: 40)
    session.step(by: -17)
    #expect(session.cursor == places[23])
    session.step(by: .max)
    #expect(session.cursor == places.last)
    session.step(by: -.max)
    #expect(session.cursor == places[0])
  }

  /// Reading comes first and ends the way back; words follow each other.
  @Test(arguments: Kind.allCases) func order(_ kind: Kind) throws {
    let translation = try TranslationSample.translation(kind)
    let timeline = translation.timeline
    let all = (0..<timeline.count).map { timeline[$0] }
    #expect(all[0].part.isEncoder && all[0].pass == .forward)
    #expect(all[all.count - 1].part == all[0].part && all[all.count - 1].pass == .backward)
    let forward = all.filter { $0.pass == .forward }
    let backward = all.filter { $0.pass == .backward }
    // The way back from all words is the way forward in reverse.
    #expect(
      backward.reversed().map {
        TranslationPosition(part: $0.part, time: $0.time, equation: $0.equation)
      }
        == forward)
    let written = forward.filter { !$0.part.isEncoder }.map(\.time)
    #expect(written == written.sorted() && written.last == translation.output.count - 1)
    for (index, position) in all.enumerated() { #expect(timeline.index(of: position) == index) }
  }

  /// From one word's loss: its output layer and its attention, the decoder's earlier steps, the encoder.
  @Test(arguments: Kind.allCases) func theWayBackFromOneWord(_ kind: Kind) throws {
    let plain = try TranslationSample.translation(kind)
    let step = min(2, plain.output.count - 1)
    let translation = try TranslationSample.translation(kind) { $0.loss = .word(step) }
    var session = TranslationSession(translation)
    session.moveToLoss()
    #expect(session.cursor.pass == .backward && session.cursor.time == step)
    #expect(session.cursor.part == .output)
    #expect(session.cursor.equation == OutputEquation.loss.rawValue)
    session.step(by: -1)
    #expect(session.cursor.pass == .forward)
    let all = (0..<translation.timeline.count).map { translation.timeline[$0] }
      .filter { $0.pass == .backward }
    #expect(Set(all.filter { $0.part == .output }.map(\.time)) == [step])
    if plain.isRecurrent {
      let times = Set(all.filter { $0.part == .attention }.map(\.time))
      #expect(times == (kind == .gruNone ? [] : [step]))
    }
    #expect(!all.contains { !$0.part.isEncoder && $0.time > step })
    #expect(Set(all.filter { $0.part == .decoder(0) }.map(\.time)) == Set(0...step))
    let parts = all.map(\.part.isEncoder)
    #expect(parts.firstIndex(of: true).map { parts[$0...].allSatisfy { $0 } } == true)
  }

  @Test func stepsOfWords() throws {
    var session = TranslationSession(try TranslationSample.translation(.lstmDot))
    let first = session.cursor
    session.next(by: 1)
    #expect(session.cursor.time == 1 && session.cursor.equation == first.equation)
    session.next(by: -2)
    // Before the first word the last word of the source is read.
    #expect(session.cursor.part == .encoder(LayerID(layer: 0)) && session.cursor.time == 6)
    session.next(by: -3)
    #expect(session.cursor.time == 3)
    session.next(by: -100)
    #expect(session.cursor == session.timeline[0])
    session.next(by: .max)
    #expect(session.cursor == session.timeline[session.timeline.count - 1])
  }

  @Test func wordsAreHiddenUntilTheyAreChosen() throws {
    var session = TranslationSession(try TranslationSample.translation(.gruAdditive))
    session.move(toStep: 1)
    session.step(by: -1)
    #expect(session.cursor.equation == OutputEquation.logits.rawValue)
    #expect(session.writtenCount == 1)
    session.step(by: 1)
    #expect(session.writtenCount == 2)
    session.moveToStart()
    #expect(session.writtenCount == 0)
    session.moveToEnd()
    #expect(session.writtenCount == session.stepCount)
  }

  @Test func undoGoesBack() throws {
    let translator = try TranslationSample.translator(.gruAdditive)
    let first = try Translation(translator, Translation.Request(text: TranslationSample.text))
    var session = TranslationSession(first)
    session.move(toStep: min(1, session.stepCount - 1))
    let place = session.cursor
    let word = first.output[session.step] == 7 ? "chat" : "rouge"
    let request = try session.requestForcing(word)
    session.replace(with: try Translation(translator, request))
    #expect(session.translation.outputWords[place.time] == word)
    #expect(session.cursor == place)
    try session.undo()
    #expect(session.translation === first && session.cursor == place)
    #expect(throws: CommandError.self) { try session.undo() }
    #expect(throws: CommandError.self) { try session.requestForcing("roug") }
  }

  @Test func breakpoints() throws {
    let translation = try TranslationSample.translation(.gruAdditive)
    var session = TranslationSession(translation)
    let last = translation.outputWords.count - 1
    try session.addBreakpoint(translation.outputWords[last])
    session.moveToStart()
    let hit = session.run()
    #expect(hit?.number == 1)
    let first = try #require(translation.outputWords.firstIndex(of: translation.outputWords[last]))
    #expect(session.cursor.time == first && session.cursor.part == .output)
    try session.deleteBreakpoints(1)
    #expect(throws: CommandError.self) { try session.deleteBreakpoints(1) }

    let map = translation.alignments[0]
    let largest = (0..<map.rows).map { row in
      (0..<map.columns).map { map.weight(head: 0, row: row, column: $0) }.max() ?? 0
    }
    let bound = ((largest.min() ?? 0) + (largest.max() ?? 1)) / 2
    let wanted = try #require(largest.firstIndex { $0 > bound })
    try session.addBreakpoint("max(A) > \(bound)")
    session.moveToStart()
    let second = session.run()
    #expect(second?.number == 2)
    #expect(session.cursor.time == wanted && session.cursor.pass == .forward)
    try session.deleteBreakpoints(nil)
    try session.addBreakpoint("norm(grad(h)) > 0")
    session.moveToStart()
    let third = session.run()
    #expect(third != nil && session.cursor.pass == .backward)
    for mistake in ["zzz > 1", "mean(h)", "h[99] > 1", "max(A) >"] {
      #expect(throws: CommandError.self, "\(mistake)") { try session.addBreakpoint(mistake) }
    }
  }

  /// Numbers put in for an element give that element.
  @Test(arguments: Kind.allCases) func numbersGiveTheValue(_ kind: Kind) throws {
    let translation = try TranslationSample.translation(kind)
    var count = 0
    for part in translation.parts + translation.encoderLayers.map({ .encoder($0) }) {
      for equation in 0..<translation.equationCount(part) {
        let value = translation.value(part, equation)
        guard
          let numbers = translation.numbers(
            part, equation, head: 0, row: 0, column: 0, number: { String($0) })
        else { continue }
        count += 1
        #expect(abs(numbers.result - Double(value[0, 0, 0])) < 1e-4)
        #expect(!numbers.text.contains("?"))
      }
    }
    #expect(count > 5)
  }
}
