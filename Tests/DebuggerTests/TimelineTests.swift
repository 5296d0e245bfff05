import Debugger
import Equations
import Networks
import Testing

@Suite struct TimelineTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    let cell: String
    let layers: Int
    let isBidirectional: Bool
    let seqLen: Int
    let outputs: Int

    var testDescription: String {
      "\(cell) × \(layers), \(isBidirectional ? "two-way" : "one-way"), T = \(seqLen), \(outputs) outputs"
    }

    func timeline() throws -> (Timeline, equations: Int) {
      let cell = try #require(try Cell.shipped(cell))
      let configuration = NetworkConfiguration(
        input: .vectors(size: 3), cell: cell, hiddenSize: 4, numLayers: layers,
        isBidirectional: isBidirectional)
      return (
        Timeline(configuration: configuration, seqLen: seqLen, outputCount: outputs),
        cell.equations.count
      )
    }

    /// The forward pass in the order that the design gives, written out.
    func expected(_ equations: Int) -> [Position] {
      var order: [Position] = []
      func add(_ part: Position.Part, _ time: Int, _ count: Int) {
        for equation in 0..<count {
          order.append(Position(pass: .forward, part: part, time: time, equation: equation))
        }
      }
      if isBidirectional {
        for layer in 0..<layers {
          for time in 0..<seqLen { add(.layer(LayerID(layer: layer)), time, equations) }
          for time in (0..<seqLen).reversed() {
            add(.layer(LayerID(layer: layer, direction: .reverse)), time, equations)
          }
        }
        for time in 0..<seqLen { add(.output, time, outputs) }
      } else {
        for time in 0..<seqLen {
          for layer in 0..<layers { add(.layer(LayerID(layer: layer)), time, equations) }
          add(.output, time, outputs)
        }
      }
      return order
    }
  }

  static let shapes: [Shape] = [
    Shape(cell: "lstm", layers: 1, isBidirectional: false, seqLen: 1, outputs: 0),
    Shape(cell: "lstm", layers: 3, isBidirectional: false, seqLen: 7, outputs: 3),
    Shape(cell: "gru", layers: 2, isBidirectional: false, seqLen: 5, outputs: 0),
    Shape(cell: "rnn", layers: 1, isBidirectional: true, seqLen: 1, outputs: 3),
    Shape(cell: "gru", layers: 2, isBidirectional: true, seqLen: 6, outputs: 0),
    Shape(cell: "lstm", layers: 3, isBidirectional: true, seqLen: 4, outputs: 3),
  ]

  @Test(arguments: shapes) func orderIsTheDesigns(_ shape: Shape) throws {
    let (timeline, equations) = try shape.timeline()
    let forward = shape.expected(equations)
    #expect(timeline.passCount == forward.count)
    #expect(timeline.count == 2 * forward.count)
    let backward = forward.reversed().map { position in
      var mirrored = position
      mirrored.pass = .backward
      return mirrored
    }
    #expect((0..<timeline.count).map { timeline[$0] } == forward + backward)
  }

  @Test(arguments: shapes) func indexIsTheInverseOfSubscript(_ shape: Shape) throws {
    let (timeline, _) = try shape.timeline()
    for index in 0..<timeline.count {
      #expect(timeline.index(of: timeline[index]) == index)
    }
  }

  /// `next` keeps layer and equation; time goes with the direction of the computation, and the last
  /// step of the way forward is followed by the same step on the way back.
  @Test(arguments: shapes) func nextWalksBothPasses(_ shape: Shape) throws {
    let (timeline, _) = try shape.timeline()
    for start in 0..<timeline.count {
      let position = timeline[start]
      guard let moved = timeline.next(position) else {
        let isReverse = position.layer?.direction == .reverse
        #expect(position.pass == .backward)
        #expect(position.time == (isReverse ? shape.seqLen - 1 : 0))
        continue
      }
      #expect(timeline.index(of: moved) > start, "\(position) went back to \(moved)")
      #expect(moved.part == position.part && moved.equation == position.equation)
      #expect(timeline.next(moved, backwards: true) == position)
      if moved.pass == position.pass {
        #expect(abs(moved.time - position.time) == 1)
      } else {
        #expect(moved.time == position.time && moved.pass == .backward)
      }
    }
    #expect(timeline.next(timeline[0], backwards: true) == nil)
  }
}
