import CNcurses
public import Canvas
import Glibc

extension Screen {
  /// Shows a grid. Only rows that differ from what is shown are handed to curses, which sends what
  /// differs in them; terminals that know how show the frame in one piece.
  ///
  /// A grid of another size than the screen is cut, or shown at the top left: the size may have
  /// changed since it was painted.
  ///
  /// - Parameters:
  ///   - grid: painted for `medium`.
  ///   - cursor: where text is being entered; nil hides the cursor.
  public func present(_ grid: Grid, cursor: (x: Int, y: Int)? = nil) {
    guard !isClosed, !isGone else { return }
    if pairs.wantsReset {
      pairs.reset()
      redraw()
    }
    let window = unsafe curses_stdscr()
    let before = shown?.width == grid.width && shown?.height == grid.height ? shown : nil
    if before == nil { unsafe werase(window) }
    var isChanged = before == nil
    for y in 0..<min(grid.height, height) {
      if let before, before.hasSameRow(y, as: grid) { continue }
      isChanged = true
      paint(row: y, of: grid)
    }
    shown = grid
    if let cursor, cursor.x >= 0, cursor.y >= 0, cursor.x < width, cursor.y < height {
      unsafe wmove(window, Int32(cursor.y), Int32(cursor.x))
      curs_set(1)
      isChanged = true
    } else {
      curs_set(0)
    }
    unsafe wnoutrefresh(window)
    let isFramed = isChanged && takesXtermModes
    if isFramed { send("\u{1B}[?2026h") }
    doupdate()
    if isFramed { send("\u{1B}[?2026l") }
  }

  private func paint(row y: Int, of grid: Grid) {
    var buffer: [cchar_t] = []
    buffer.reserveCapacity(grid.width)
    var lastStyle = Style.plain
    var look = pairs.look(.plain, theme: theme)
    for x in 0..<min(grid.width, width) {
      let index = y * grid.width + x
      let cell = grid.cells[index]
      if cell.isContinuation { continue }
      if cell.style != lastStyle {
        look = pairs.look(cell.style, theme: theme)
        lastStyle = cell.style
      }
      var out = cchar_t()
      out.attr = look.attributes
      out.ext_color = look.pair
      out.chars.0 = wchar_t(bitPattern: cell.scalar.value)
      if cell.scalar.value >= 0x300 {
        let columns = DisplayWidth.of(cell.scalar)
        if curses_wcwidth(cell.scalar.value) != Int32(columns) {
          // The C library disagrees, or does not know the character: keep the columns right.
          out.chars.0 = 0x3F
          if columns == 2 { buffer.append(out) }
        } else if columns == 2 && x + 1 >= width {
          out.chars.0 = 0x20
        }
      }
      if !grid.marks.isEmpty, let marks = grid.marks[index] {
        if marks.count > 0 { out.chars.1 = wchar_t(bitPattern: marks[0].value) }
        if marks.count > 1 { out.chars.2 = wchar_t(bitPattern: marks[1].value) }
        if marks.count > 2 { out.chars.3 = wchar_t(bitPattern: marks[2].value) }
        if marks.count > 3 { out.chars.4 = wchar_t(bitPattern: marks[3].value) }
      }
      buffer.append(out)
    }
    unsafe buffer.withUnsafeBufferPointer {
      _ = unsafe mvwadd_wchnstr(
        curses_stdscr(), Int32(y), 0, $0.baseAddress, Int32($0.count))
    }
  }
}

extension Grid {
  /// Whether a row looks the same in two grids of one size.
  fileprivate func hasSameRow(_ y: Int, as other: Grid) -> Bool {
    let row = y * width..<(y + 1) * width
    guard cells[row] == other.cells[row] else { return false }
    if marks.isEmpty && other.marks.isEmpty { return true }
    return row.allSatisfy { marks[$0] == other.marks[$0] }
  }
}
