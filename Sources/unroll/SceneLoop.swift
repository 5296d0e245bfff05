internal import Canvas
internal import CursesScreen
internal import Scenes

/// Shows a scene in the terminal until it is left, and the scenes that it opens: events in,
/// pictures out, computing in the background.
final class SceneLoop {
  private let screen: Screen
  /// The last one is on the screen; leaving it uncovers the one before.
  private var scenes: [any Scene]
  private let runner: BackgroundRunner
  /// Writes what a scene wants exported; returns the line to show.
  private let export: (any Scene, String) throws -> String

  init(
    screen: Screen, scene: any Scene, export: @escaping (any Scene, String) throws -> String
  ) {
    self.screen = screen
    self.scenes = [scene]
    self.export = export
    runner = BackgroundRunner(waker: screen.waker)
  }

  private var scene: any Scene { scenes[scenes.count - 1] }

  /// - Returns: the exit code: 0 when the scene was left, 128 + n after signal n.
  func run() -> Int32 {
    defer { scene.disappear() }
    appear()
    paint()
    while true {
      var event = screen.nextEvent(timeoutMilliseconds: scene.tickMilliseconds)
      // Everything that has come in is answered before the next picture.
      repeat {
        if let code = handle(event) { return code }
        event = screen.nextEvent(timeoutMilliseconds: 0)
      } while event != .timeout
      if let (result, number) = runner.takeResult() { scene.finish(result, for: number) }
      paint()
    }
  }

  private func appear() {
    let waker = screen.waker
    scene.appear { waker.wake() }
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
      case .quit:
        guard scenes.count > 1 else { return 0 }
        scene.disappear()
        runner.forget()
        scenes.removeLast()
        appear()
      case .run(let work, let number): runner.start(work, number: number)
      case .open(let next):
        scene.disappear()
        runner.forget()
        scenes.append(next)
        appear()
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
      scene.show(message: try export(scene, path), isError: false)
    } catch {
      scene.show(message: "\(error)", isError: true)
    }
  }
}
