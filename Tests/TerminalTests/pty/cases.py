"""What the program does in a terminal, one function for each case.

`cases.py PROGRAM CASE` runs one, `cases.py --list` names all.
"""

import sys

import attending
import comparing
import faults
import training
import translating
import using
from terminal import Failure

CASES = {
    name: function for module in (using, faults, training, comparing, attending, translating)
    for name, function in vars(module).items()
    if getattr(function, "__module__", None) == module.__name__ and hasattr(function, "__code__")
    and function.__code__.co_argcount == 0
}

if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(CASES))
        sys.exit()
    try:
        CASES[sys.argv[2]]()
    except Failure as failure:
        sys.exit(f"{sys.argv[2]}: {failure}")
