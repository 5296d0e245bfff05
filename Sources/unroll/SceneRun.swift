internal import Checkpoints
internal import CursesScreen
internal import Glibc
internal import Scenes

/// Shows a scene until it is left, and ends the program.
enum SceneRun {
  /// - Parameters:
  ///   - scene: the first one.
  ///   - model: what a step scene's trace is named after.
  ///   - screen: is closed at the end.
  static func show(_ scene: any Scene, model: Model? = nil, on screen: Screen) -> Never {
    let loop = SceneLoop(screen: screen, scene: scene) { scene, path in
      try SceneExport.write(scene, model: model, to: path, screen: screen)
    }
    let code = loop.run()
    screen.close()
    // Not `exit`: a net may still be computing on another thread, and OpenBLAS, told that the program
    // ends, takes away the buffers of the products that are running.
    _exit(code)
  }
}
