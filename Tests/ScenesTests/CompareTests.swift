import Canvas
import Debugger
import Learning
import Testing

@testable import Scenes

/// What the comparison says and does, checked against labs that train on their own.
@Suite struct CompareTests {
  private func lab(_ lane: String, updates: Int) throws -> GradientLab {
    let lab = try GradientLab(try CompareSample.settings(lane))
    for _ in 0..<updates { _ = try lab.step() }
    return lab
  }

  /// The row of the table that begins with a lane's number.
  private func row(_ lane: Int, _ grid: Grid) throws -> String {
    let rows = (0..<grid.height).map { grid.row($0) }
    let header = try #require(rows.firstIndex { $0.contains("slope") && $0.contains("verdict") })
    return try #require(rows[header...].first { $0.hasPrefix(" \(lane + 1)") })
  }

  @Test(arguments: SnapshotTests.sizes) func figuresAreTheLanes(width: Int, height: Int) throws {
    let scene = try CompareSample.scene()
    scene.train(updates: 7)
    let grid = scene.picture(width, height)
    #expect(grid.row(0).contains("update 7") && grid.row(0).contains("T = 12"))
    for (index, name) in CompareSample.lanes.enumerated() {
      let lab = try lab(name, updates: 7)
      let loss = lab.recent.reduce(0) { $0 + $1.loss } / 7
      let verdict = try lab.verdict()
      let row = try row(index, grid)
      #expect(row.contains(NumberText.text(loss)), "\(row)")
      #expect(row.contains(NumberText.text(try #require(verdict.fit.slope))), "\(row)")
      #expect(row.contains(verdict.fit.flow.rawValue))
      #expect(
        row.contains(NumberText.text(try #require(verdict.spectrum).spectralRadius)), "\(row)")
      // As many sentences as there is room for: of all lanes, of the selected one, in the status.
      let isTold = grid.contains("\(index + 1) \(name): \(verdict.sentence.prefix(12))")
      #expect(isTold == (height == 60 || height == 40 && index == 0))
    }
    // Of no memory and of chance.
    #expect(grid.contains("no memory 1.39 nats"))
    #expect(grid.contains("chance 25%") == (width >= 108))
    scene.press(.character("a"))
    #expect(scene.picture(80, 24).contains("chance 25%"))
  }

  /// The lead is marked beside the colour, in the table and at the strips.
  @Test func theLeadIsMarked() throws {
    let scene = try CompareSample.scene()
    #expect(!scene.picture(120, 40).contains("★"))
    scene.train(updates: 5)
    let leader = try #require(scene.snapshot?.leader)
    for (medium, mark) in [(Medium(), "★"), (Medium.plainText, "*")] {
      let grid = scene.picture(120, 40, medium)
      for lane in 0..<4 { #expect(try row(lane, grid).contains(mark) == (lane == leader)) }
      if mark == "★" { #expect((0..<40).count { grid.row($0).contains(mark) } == 2) }
    }
  }

  /// All lanes go on and back together, bit for bit.
  @Test func lockstep() throws {
    let scene = try CompareSample.scene()
    scene.press(.character("N"))
    let there = try #require(scene.snapshot).lanes
    scene.press(.character("b"), .character("b"))
    #expect(scene.snapshot?.lanes.allSatisfy { $0.updateCount == 8 } == true)
    #expect(scene.picture(80, 24).row(0).contains("update 8"))
    scene.press(.character("n"), .character("n"))
    for (new, old) in zip(try #require(scene.snapshot).lanes, there) {
      #expect(new.recent == old.recent && new.verdict == old.verdict && new.states == old.states)
    }
    scene.press(.character("B"))
    #expect(scene.snapshot?.updateCount == 0)
    scene.type(":goto 4\n")
    #expect(scene.snapshot?.updateCount == 4)
    scene.type(":goto 2\n")
    #expect(scene.snapshot?.updateCount == 2)
    scene.press(.character("r"))
    #expect(scene.snapshot?.updateCount == 0)
  }

  /// One lane leaves the range of numbers and says where; the other goes on.
  @Test func aLaneStops() throws {
    let scene = try CompareSample.clipping()
    scene.train(updates: 30)
    let lanes = try #require(scene.snapshot).lanes
    let stops = lanes.map(\.stop), counts = lanes.map(\.updateCount)
    let stop = try #require(stops[0])
    #expect(stops[1] == nil && counts == [stop.update - 1, 30] && stop.update <= 28)
    let grid = scene.picture(120, 40)
    #expect(try row(0, grid).contains("✗") && row(0, grid).contains("stopped"))
    #expect(try row(1, grid).contains("★"))
    #expect(grid.contains(String("\(stop)".prefix(50))) && grid.contains("lane 1: stopped before"))
    // What tells the lanes apart stays in sight where their names do not fit.
    let small = scene.picture(80, 24)
    #expect(try row(0, small).contains("clip=off") && row(1, small).contains("clip=1"))
    // Back behind the update at which it stopped, it goes with the others again.
    scene.type(":back \(30 - counts[0] + 1)\n")
    let after = try #require(scene.snapshot).lanes
    let (afterStops, afterCounts) = (after.map(\.stop), after.map(\.updateCount))
    #expect(afterStops == [nil, nil] && afterCounts == [counts[0] - 1, counts[0] - 1])
  }

  @Test func conditions() throws {
    let scene = try CompareSample.scene()
    scene.type(":break update == 3\n")
    scene.type(":step 9\n")
    #expect(scene.snapshot?.updateCount == 3)
    #expect(scene.message?.text.contains("break 1: update == 3") == true)
    scene.type(":info\n")
    #expect(scene.message?.text.contains("break 1: update == 3") == true)
    scene.type(":delete\n:step 2\n")
    #expect(scene.snapshot?.updateCount == 5)
    // c is in two of the cells only.
    scene.type(":break norm(c) < 1\n")
    #expect(scene.message?.isError == true)
  }

  // MARK: Knobs

  @Test func commonKnobs() throws {
    let scene = try CompareSample.scene(["rnn/tanh", "rnn/tanh/lr=0.5", "lstm"])
    scene.train(updates: 3)
    scene.type(":set lr 0.02\n")
    #expect(scene.snapshot?.lanes.map(\.settings.learningRate) == [0.02, 0.5, 0.02])
    #expect(scene.message?.text.contains("lanes 1 and 3") == true)
    #expect(scene.snapshot?.updateCount == 3)
    // What all data depend on is the same for all.
    scene.type(":set seed 12\n")
    #expect(scene.snapshot?.lanes.allSatisfy { $0.settings.seed == 12 } == true)
    #expect(scene.snapshot?.updateCount == 0)
    scene.type(":set seq-len 20\n")
    #expect(scene.snapshot?.lanes.allSatisfy { $0.states[0].seqLen == 20 } == true)
    scene.type(":set forget-bias 2\n")
    #expect(scene.snapshot?.lanes.map(\.settings.forgetBias) == [nil, nil, 2])
    scene.type(":set activation relu\n")
    #expect(scene.message?.text.contains("every lane sets it itself") == true)
    for line in ["set", "set cell gru", "set lr x", "set lrr 1", "set hidden 0"] {
      scene.type(":\(line)\n")
      #expect(scene.message?.isError == true, "\(line)")
    }
  }

  @Test func knobKeys() throws {
    let scene = try CompareSample.scene(["rnn/tanh", "lstm"])
    #expect(scene.knob == .learningRate)
    scene.press(.right)
    #expect(scene.snapshot?.lanes.map(\.settings.learningRate) == [0.002, 0.002])
    scene.press(.left, .left)
    #expect(scene.snapshot?.lanes.map(\.settings.learningRate) == [5e-4, 5e-4])
    scene.press(.down)
    #expect(scene.knob == .clip)
    // Every knob is there, and every one that is shown can be turned.
    for knob in scene.shownKnobs {
      scene.knob = knob
      for size in SnapshotTests.sizes {
        #expect(scene.picture(size.0, size.1).contains(knob.title), "\(knob)")
      }
      scene.press(.right, .left)
    }
    scene.press(.enter)
    #expect(scene.picture(80, 24).row(22).contains("set \(scene.knob.rawValue)"))
    scene.type("12\n")
    #expect(scene.snapshot?.lanes.map(\.settings.seed) == [12, 12])
  }

  // MARK: Differences

  @Test func differences() throws {
    let scene = try CompareSample.scene()
    scene.train(updates: 6)
    scene.press(.character("d"))
    #expect(scene.pair?.first == 0 && scene.pair?.second == 1)
    for (width, height) in SnapshotTests.sizes {
      #expect(scene.picture(width, height).contains("Δ  2 less 1"))
    }
    let seen = (0..<6).map { _ -> String in
      scene.press(.character("d"))
      return scene.pair.map { "\($0.first)\($0.second)" } ?? "-"
    }
    #expect(seen == ["02", "03", "12", "13", "23", "-"])
    scene.type(":difference 4 2\n")
    #expect(scene.pair?.first == 3 && scene.pair?.second == 1)
    let lanes = try #require(scene.snapshot).lanes
    let slopes = try [1, 3].map { try #require(lanes[$0].verdict?.fit.slope) }
    let change = NumberText.text(slopes[0] - slopes[1])
    #expect(scene.picture(120, 40).contains((slopes[0] > slopes[1] ? "+" : "") + change))
    for line in ["difference 1", "difference 1 1", "difference 1 5", "difference a b"] {
      scene.type(":\(line)\n")
      #expect(scene.message?.isError == true, "\(line)")
    }
    scene.press(.escape)
    #expect(scene.pair == nil)
  }

  /// Where one lane has more points than the other, both are taken at the coarser stride.
  @Test func differencesOfHistories() {
    var short = DecimatedHistory(capacity: 4), long = DecimatedHistory(capacity: 4)
    for _ in 0..<4 { short.append(1) }
    for update in 0..<8 { long.append(update < 4 ? 3 : 9) }
    #expect(short.stride == 1 && long.stride == 2)
    let difference = LaneDifference(short, long)
    #expect(difference.values == [2, 2] && difference.stepX == 2 && difference.firstX == 1.5)
    #expect(LaneDifference(long, short).values == [-2, -2])
  }

  @Test func scales() {
    #expect(LabCurves.rounded(0.013, up: true) == 0.02)
    #expect(abs(LabCurves.rounded(0.013, up: false) - 0.01) < 1e-12)
    #expect(LabCurves.rounded(5, up: true) == 5 && LabCurves.rounded(5, up: false) == 5)
    #expect(LabCurves.smoothed([2, 4, 6]) == [2, 3, 4])
    let scale = LabCurves.logScale([3, 0, .nan, .infinity, 700])
    #expect(scale.lo == 2 && scale.hi == 1000)
    let flat = LabCurves.logScale([1.386, 1.387])
    #expect(flat.lo <= 1 && flat.hi >= 2)
    // One value in fifty does not darken the others.
    let values = [Float](repeating: 0.9, count: 99) + [1000]
    #expect(LabCurves.robustScale(values).hi == 1)
  }
}
