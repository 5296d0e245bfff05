internal import Canvas
internal import CursesScreen
internal import Debugger
internal import Scenes
internal import Synchronization

/// Shows a scene in the terminal until it is left: events in, pictures out, runs in the background.
final class SceneLoop {
  private let screen: Screen
  private let scene: any Scene
  private let runner: BackgroundRunner
  /// Writes what a scene wants exported; returns the line to show.
  private let export: (String) throws -> String

  init(
    screen: Screen, scene: any Scene, export: @escaping (String) throws -> String
  ) {
    self.screen = screen
    self.scene = scene
    self.export = export
    runner = BackgroundRunner(waker: screen.waker)
  }

  /// - Returns: the exit code: 0 when the scene was left, 128 + n after signal n.
  func run() -> Int32 {
    paint()
    while true {
      var event = screen.nextEvent(timeoutMilliseconds: scene.tickMilliseconds)
      // Everything that has come in is answered before the next picture.
      repeat {
        if let code = handle(event) { return code }
        event = screen.nextEvent(timeoutMilliseconds: 0)
      } while event != .timeout
      if let (recording, number) = runner.takeResult() { scene.finish(recording, for: number) }
      paint()
    }
  }

  private func paint() {
    var grid = Grid(width: screen.width, height: screen.height, medium: screen.medium)
    scene.draw(in: &grid)
    screen.present(grid, cursor: scene.textCursor)
  }

  private func handle(_ event: Event) -> Int32? {
    switch event {
    case .signal(let number): return 128 + number
    case .hangup: return 129
    default: break
    }
    for effect in scene.handle(event) {
      switch effect {
      case .quit: return 0
      case .run(let request, let number): runner.start(request, number: number)
      case .export(let path): write(path)
      case .setMouse(let isOn): screen.hasMouse = isOn
      case .toggleTheme: screen.theme = screen.theme.isDark ? .light : .dark
      case .redraw: screen.redraw()
      case .suspend: screen.suspend()
      case .tourSeen: TourState.markSeen()
      }
    }
    return nil
  }

  private func write(_ path: String) {
    do {
      scene.show(message: try export(path), isError: false)
    } catch {
      scene.show(message: "\(error)", isError: true)
    }
  }
}

/// Runs networks off the main thread, the newest request only.
nonisolated final class BackgroundRunner: Sendable {
  private struct State {
    var isBusy = false
    var waiting: (request: RecordingRequest, number: Int)?
    var result: (recording: Recording, number: Int)?
  }

  private let state = Mutex(State())
  private let waker: Waker

  init(waker: Waker) { self.waker = waker }

  func start(_ request: RecordingRequest, number: Int) {
    let mustStart = state.withLock { state in
      state.waiting = (request, number)
      defer { state.isBusy = true }
      return !state.isBusy
    }
    if mustStart { Task.detached { self.work() } }
  }

  private func work() {
    while let (request, number) = next() {
      let recording = request.run()
      state.withLock { $0.result = (recording, number) }
      waker.wake()
    }
  }

  private func next() -> (request: RecordingRequest, number: Int)? {
    state.withLock { state in
      let next = state.waiting
      state.waiting = nil
      state.isBusy = next != nil
      return next
    }
  }

  func takeResult() -> (recording: Recording, number: Int)? {
    state.withLock { state in
      defer { state.result = nil }
      return state.result
    }
  }
}
