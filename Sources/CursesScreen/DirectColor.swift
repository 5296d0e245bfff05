/// A terminfo entry for direct colour, since bare machines have none.
///
/// Compiled with `tic -x` and printed with `infocmp -x -Q2` from a description that has the common
/// part of xterm and tmux: cursor, erase, bold, dim, underline, reverse, alternate screen, function
/// keys, SGR mouse (`XM` with modes 1006 and 1002), and
///
///     colors#0x1000000, pairs#0x10000, RGB,
///     setaf=\E[%?%p1%{8}%<%t3%p1%d%e
///       38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
///     setab: the same with 4 and 48
///
/// The semicolon form is understood by more terminals than the colon form. Colours 0–7 are the
/// ANSI ones, so that true colours below 8 must be moved to 8.
nonisolated enum DirectColor {
  static let terminalName = "unroll-direct"

  /// Extra sequences of keys for what terminals of the family send instead.
  static let alternateKeys: [(sequence: String, key: Alternate)] = [
    ("\u{1B}[A", .up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left),
    ("\u{1B}[H", .home), ("\u{1B}[F", .end), ("\u{1B}[1~", .home), ("\u{1B}[4~", .end),
    ("\u{1B}[7~", .home), ("\u{1B}[8~", .end),
  ]

  enum Alternate {
    case up, down, left, right, home, end
  }

  /// The compiled entry, as the environment variable TERMINFO may hold it.
  static let terminfo = """
    b64:HgI8ABoADwBpAZkCdW5yb2xsLWRpcmVjdHx0cnVlIGNvbG91ciBmb3IgdGVybWluYWxzIG9mIHRoZSB4dGVybS\
    BmYW1pbHkAAAEAAAEAAAABAAAAAAEBAAAAAAAAAAAAAAFQAAAACAAAABgAAAD_____________________________\
    ________________________AAAAAQAAAQD__wAAAgAEAP__FQAdACEAJQD__zAAQQBDAEcATgD__1AAVwD__1sA__\
    ___________18A__9jAGgA__9xAP_______3YAewCAAIUAjgCSAJkA_____6IAqAD__________64A____________\
    _7UA________twD__7wA___________AAMQAygDOANIA1gDcAOIA6ADuAPQA-AD___0A__8BAQYBCwH_______8PAR\
    MBGwH__________________________________yMB________JgH_______8vATgB__9BAf__________________\
    __________9KAU0BWAFbAV0BYAH_____lgH_____________________________mAH__80B__________________\
    ______________________0QH_________________________________________________________________\
    _______________________________________________________________________VAdsB______________\
    __________________________________________________________________________________________\
    ________________________________4QH_______________________________________________________\
    _________________mAf______________________________________________________________________\
    _________________________________________________________________________________-8B______\
    __8wFGAgcADQAbWyVpJXAxJWQ7JXAyJWRyABtbSBtbMkoAG1tLABtbSgAbWyVpJXAxJWRHABtbJWklcDElZDslcDIl\
    ZEgACgAbW0gAG1s_MjVsAAgAG1s_MjVoABtbQwAbW0EAGygwABtbMW0AG1s_MTA0OWgAG1sybQAbWzdtABtbN20AG1\
    s0bQAbWyVwMSVkWAAbKEIAGyhCG1ttABtbPzEwNDlsABtbMjdtABtbMjRtABtbNGwbPgB_ABtbM34AG09CABtPUAAb\
    WzIxfgAbT1EAG09SABtPUwAbWzE1fgAbWzE3fgAbWzE4fgAbWzE5fgAbWzIwfgAbT0gAG1syfgAbT0QAG1s2fgAbWz\
    V-ABtPQwAbT0EAG1s_MWwbPgAbWz8xaBs9ABtFABtbJXAxJWRCABtbJXAxJWREABtbJXAxJWRDABtbJXAxJWRBABs4\
    ABtbJWklcDElZGQAGzcACgAbTQAbWzAlPyVwNiV0OzElOyU_JXA1JXQ7MiU7JT8lcDIldDs0JTslPyVwMSVwMyV8JX\
    Q7NyU7bQAJAGBgYWFmZmdnaWlqamtrbGxtbW5ub29wcHFxcnJzc3R0dXV2dnd3eHh5eXp6e3t8fH19fn4AG1taABtP\
    RgAbWzIzfgAbWzI0fgAbWzFLABtbMzk7NDltABtbPAAbWyU_JXAxJXs4fSU8JXQzJXAxJWQlZTM4OzI7JXAxJXs2NT\
    UzNn0lLyVkOyVwMSV7MjU2fSUvJXsyNTV9JSYlZDslcDElezI1NX0lJiVkJTttABtbJT8lcDElezh9JTwldDQlcDEl\
    ZCVlNDg7MjslcDElezY1NTM2fSUvJWQ7JXAxJXsyNTZ9JS8lezI1NX0lJiVkOyVwMSV7MjU1fSUmJWQlO20AAAIAAA\
    ABAAQAKgABAQAAAAADAAcAG1s_MTAwNjsxMDAyJT8lcDElezF9JT0ldGglZWwlOwBBWABSR0IAWE0A
    """
}
