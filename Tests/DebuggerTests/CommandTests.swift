import Debugger
import Testing

@Suite struct CommandTests {
  @Test(arguments: [
    ("step", Command.step(1)), ("s", .step(1)), ("step 12", .step(12)), ("  s\t 3  ", .step(3)),
    ("next", .next(1)), ("n 4", .next(4)),
    ("continue", .run), ("c", .run), ("run", .run), ("cont", .run),
    ("reverse-step", .reverseStep(1)), ("rs 2", .reverseStep(2)), ("back", .reverseStep(1)),
    ("reverse-s 2", .reverseStep(2)),
    ("reverse-next", .reverseNext(1)), ("rn 7", .reverseNext(7)),
    ("reverse-continue", .reverseRun), ("rc", .reverseRun), ("reverse-c", .reverseRun),
    ("goto 12", .goto(12)), ("g 0", .goto(0)), ("go 3", .goto(3)),
    ("start", .start), ("sta", .start), ("end", .end),
    ("break mean(f) < 0.1", .breakAt("mean(f) < 0.1")), ("b t == 3", .breakAt("t == 3")),
    ("br token == \"\\n\"", .breakAt("token == \"\\n\"")),
    ("delete", .delete(nil)), ("d 2", .delete(2)), ("del 3", .delete(3)),
    ("watch c[17]", .watch("c[17]")), ("w f", .watch("f")), ("display f", .watch("f")),
    ("unwatch", .unwatch(nil)), ("undisplay 1", .unwatch(1)), ("unw", .unwatch(nil)),
    ("print f[3]", .print("f[3]")), ("p h", .print("h")),
    ("set f[3] = 0", .set("f[3] = 0")), ("clamp o = 1", .clamp("o = 1")), ("cl o=1", .clamp("o=1")),
    ("text the cat  sat", .text("the cat  sat")), ("t x", .text("x")),
    ("undo", .undo), ("u", .undo), ("difference", .difference), ("diff", .difference),
    ("export a b.svg", .export("a b.svg")), ("ex shot.svg", .export("shot.svg")),
    ("check", .check), ("info", .info), ("i", .info),
    ("help", .help(nil)), ("h", .help(nil)), ("?", .help(nil)), ("help set", .help("set")),
    ("quit", .quit), ("q", .quit), ("exit", .quit),
  ])
  func parses(_ line: String, _ expected: Command) throws {
    #expect(try Command(line) == expected)
  }

  /// A part of what must be said.
  @Test(arguments: [
    ("", "expected a command"), ("   ", "expected a command"),
    ("frobnicate", "is no command"), ("stpe", "expected step"), ("cotinue", "continue"),
    ("brek f", "break"), ("undoo", "undo"), ("quti", "quit"),
    ("re", "reverse-step, reverse-next, reverse-continue"), ("un", "unwatch, undo"),
    ("step x", "how many, found \"x\""), ("step 0", "how many"), ("next -1", "how many"),
    ("step 99999999999999999999", "how many"),
    ("goto", "expected goto T"), ("goto x", "a time step"), ("goto 1.5", "a time step"),
    ("break", "expected break CONDITION"), ("watch", "expected watch EXPRESSION"),
    ("print", "expected print EXPRESSION"), ("set", "expected set NAME[UNIT] = VALUE"),
    ("clamp", "expected clamp"), ("text", "expected text TEXT"), ("export", "expected export FILE"),
    ("delete x", "a number, found \"x\""), ("unwatch x", "a number"),
    ("continue 3", "takes nothing, found \"3\""), ("undo now", "takes nothing"),
    ("start 1", "takes nothing"), ("end 1", "takes nothing"), ("quit 1", "takes nothing"),
    ("check f", "takes nothing"), ("info f", "takes nothing"), ("difference x", "takes nothing"),
  ])
  func refuses(_ line: String, _ part: String) {
    let text = message { () throws(CommandError) in _ = try Command(line) }
    #expect(text.contains(part), "\(line): \(text)")
  }

  @Test func aShortLineForABadWord() {
    let text = message { () throws(CommandError) in _ = try Command("stpe 3") }
    #expect(text == "stpe is no command; expected step")
  }

  /// No word or alias means two things, and the whole table can be parsed.
  @Test func theTableIsConsistent() throws {
    let all = Command.words.flatMap { [$0.name] + $0.aliases }
    #expect(Set(all).count == all.count)
    for word in Command.words {
      let line =
        word.argument.hasPrefix("[") || word.argument.isEmpty ? word.name : word.name + " 1"
      for name in [word.name] + word.aliases {
        let other = name + line.dropFirst(word.name.count)
        #expect(try Command(other) == Command(line), "\(name)")
      }
      #expect(!word.help.isEmpty)
    }
  }
}
