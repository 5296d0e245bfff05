internal import ArgumentParser
internal import Checkpoints
internal import CursesScreen
internal import Scenes

/// Shows a scene until it is left.
enum SceneRun {
  /// - Parameters:
  ///   - scene: the first one.
  ///   - model: what a step scene's trace is named after.
  ///   - screen: is closed at the end.
  /// - Throws: the exit code after a signal.
  static func show(_ scene: any Scene, model: Model? = nil, on screen: Screen) throws {
    let loop = SceneLoop(screen: screen, scene: scene) { scene, path in
      try SceneExport.write(scene, model: model, to: path, screen: screen)
    }
    let code = loop.run()
    screen.close()
    if code != 0 { throw ExitCode(code) }
  }
}
