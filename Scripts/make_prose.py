#!/usr/bin/env python3
"""Makes the text on which the shipped character model is trained.

    Scripts/make_prose.py OUT [--texts DIR] [--size CHARACTERS] [--seed N]

The hand-written pieces in assets/texts/*.txt are kept whole, told again under
other names, and interleaved with pieces from assets/texts/prose.grammar until the
text has the wanted size. A character model can only show a memory that pays
off, so every generated piece has people, things and places that come back,
quotes and brackets that close, and lines that end near column 64.

The last tenth of the text is for validation: its hand-written pieces occur
nowhere else, neither as they are nor under other names.

The same arguments give the same bytes. Statistics go to stderr.
"""

import argparse
import collections
import random
import re
import sys
from pathlib import Path

WIDTH = 64
LONGEST_GENERATED_QUOTE = 100
VALIDATION_SHARE = 0.1
RETELLINGS = 2
"""How many times a hand-written piece comes back under other names."""

RETOLD = {"stories", "letters", "play", "log", "fables", "quarrels"}
"""The files whose pieces may be told again; rhyme and alphabet fix the names in the others."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
CALL = re.compile(r"(\^?)([\w.]+)((?: \w+)*)")
RANGE = re.compile(r"(\d+)-(\d+)")


def hanging_indent(line):
    """The indent of a wrapped line's second row: under the words of an item or a speech."""
    item = re.match(r" *(\d+\. |\([a-z]\) )", line)
    if item:
        return " " * item.end()
    return "  " if re.match(r"[A-Z]{2,}: ", line) else ""


def wrap(text):
    """Breaks every line of `text` before column `WIDTH`."""
    rows = []
    for line in text.split("\n"):
        indent = hanging_indent(line)
        while len(line) > WIDTH:
            cut = line.rfind(" ", len(indent) + 1, WIDTH + 1)
            rows.append(line[:cut])
            line = indent + line[cut + 1:]
        rows.append(line)
    return "\n".join(rows)


def unwrap(text):
    """Undoes `wrap`: joins a row to the one above if its first word had no room there."""
    lines, above = [], ""
    for row in text.split("\n"):
        word = row.split()[0] if row.strip() else ""
        joins = above and word and len(above) + 1 + len(word) > WIDTH and not hanging_indent(row)
        if joins and row.startswith(hanging_indent(lines[-1])):
            lines[-1] += " " + row.lstrip()
        else:
            lines.append(row)
        above = row
    return "\n".join(lines)


class Grammar:
    """The rules of prose.grammar and the random numbers that choose among them."""

    def __init__(self, path, seed):
        self.random = random.Random(seed)
        self.rules = collections.defaultdict(list)
        self.decks = collections.defaultdict(list)
        rule = None
        for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
            if line.startswith("== "):
                rule = line[3:].strip()
            elif line and not line.startswith("#"):
                if rule is None:
                    sys.exit(f"{path}:{number}: an alternative before the first '== rule'")
                self.rules[rule].append(line.replace("\\n", "\n"))
        self.women = dict(line.split(", ") for line in self.rules["women"])
        self.men = dict(line.split(", ") for line in self.rules["men"])

    def deal(self, rule):
        """The next alternative of a rule: each comes up once before any comes up again."""
        if rule not in self.rules:
            sys.exit(f"prose.grammar: no rule '{rule}'")
        deck = self.decks[rule]
        if not deck:
            deck.extend(self.rules[rule])
            self.random.shuffle(deck)
        return deck.pop()

    def expand(self, text, scope):
        """Fills in every placeholder of `text`; `scope` holds the piece's people and things."""
        return PLACEHOLDER.sub(lambda match: self.fill(match[1], scope), text)

    def fill(self, placeholder, scope):
        numbers = RANGE.fullmatch(placeholder)
        if numbers:
            return str(self.random.randint(int(numbers[1]), int(numbers[2])))
        capital, name, arguments = CALL.fullmatch(placeholder).groups()
        upper = name.endswith(".up")
        name = name.removesuffix(".up")
        head, _, attribute = name.partition(".")
        if head in scope:
            text = scope[head][attribute]
        else:
            inner = dict(scope)
            inner.update(zip("xy", (scope[argument] for argument in arguments.split())))
            text = self.expand(self.deal(name), inner)
        if upper:
            return text.upper()
        return text[0].upper() + text[1:] if capital else text

    def new_things(self, scope):
        """Gives the piece two new things, t and u, of different kinds."""
        nouns = self.random.sample(self.rules["noun"], 2)
        adjectives = self.random.sample(self.rules["adj"], 2)
        for key, noun, adjective in zip("tu", nouns, adjectives):
            article = "an" if adjective[0] in "aeiou" else "a"
            scope[key] = {
                "": f"{adjective} {noun}", "an": f"{article} {adjective} {noun}", "n": noun,
                "ns": noun + ("es" if noun[-1] in "sx" else "s"),
            }

    def person(self, name):
        he, him, his = ("she", "her", "her") if name in self.women else ("he", "him", "his")
        return {"": name, "he": he, "He": he.capitalize(), "him": him, "his": his,
                "low": name.lower(), "role": (self.women | self.men)[name]}

    def new_scope(self):
        """The people, places and things of one piece."""
        pick = self.random.sample
        people = pick([*self.women, *self.men], 4)
        scope = {key: self.person(name) for key, name in zip("abcd", people)}
        scope["x"], scope["y"] = scope["a"], scope["b"]
        for key, place in zip("pq", pick(self.rules["places"], 2)):
            scope[key] = {"": place.split(" ", 1)[1], "at": place}
        for rule, keys in (("weekdays", "w"), ("months", "m m2"), ("numbers", "k k2"),
                           ("hours", "h"), ("beast", "x1 x2")):
            for key, word in zip(keys.split(), pick(self.rules[rule], len(keys.split()))):
                scope[key] = {"": word}
        self.new_things(scope)
        return scope


def from_rule(rule):
    return lambda grammar, scope: grammar.fill(rule, scope)


def play(grammar, scope):
    """A scene in which two people speak in turn."""
    lines = ["{title}", "", "{scenehead}", ""]
    turns = grammar.random.randint(6, 12)
    lines += [("{pline a b}", "{pline b a}")[turn % 2] for turn in range(turns)]
    return grammar.expand("\n".join([*lines, "{exit}"]), scope)


def log(grammar, scope):
    """Days that follow one another, with a store that is counted down."""
    day, month = grammar.random.randint(1, 18), scope["m"][""]
    store = grammar.random.choice(["Candles", "Cheeses", "Lemons", "Loaves"])
    left = grammar.random.randint(12, 40)
    rows = ["LOG OF THE HERON", "",
            f"{day} {month}. Left {{p}} at {{h}}. Cargo: {{logcargo}}. {store}: {left}."]
    for day in range(day + 1, day + grammar.random.randint(4, 9)):
        left -= grammar.random.randint(0, 2)
        rows += ["", f"{day} {month}. {{logday}} {store}: {left}."]
    return grammar.expand("\n".join([*rows, "", f"{day + 1} {month}. {{logend}}"]), scope)


def recipe(grammar, scope):
    needs = ", ".join(["{needs}"] * grammar.random.randint(3, 6))
    rows = ["{dish}", "", f"You need: {needs}, and {{t.an}}.", ""]
    rows += [f"{n}. {{step}}" for n in range(1, grammar.random.randint(5, 10))]
    return grammar.expand("\n".join([*rows, "", "{serves}"]), scope)


def things_to_do(grammar, scope):
    """A numbered list, some of whose items have lettered items below them."""
    rows = ["{todohead}", ""]
    for number in range(1, grammar.random.randint(5, 10)):
        rows.append(f"{number}. {{todo}}")
        if grammar.random.random() < 0.35:
            rows += [f"   ({letter}) {{^sub}}." for letter in "abc"[:grammar.random.randint(2, 3)]]
    return grammar.expand("\n".join(rows), scope)


def verse(grammar, scope):
    """Stanzas of four lines, of 8 and 6 syllables in turn; the short lines rhyme."""
    names = grammar.women | grammar.men
    two_syllables = [name for name in names if name not in ("Wren", "Pell", "Finn")]
    a, b = grammar.random.sample(two_syllables, 2)
    scope.update(a=grammar.person(a), b=grammar.person(b))
    rhymes = [rule for rule in grammar.rules if rule.startswith("r_")]
    stanzas = ["{vtitle}"]
    for rhyme in grammar.random.sample(rhymes, grammar.random.randint(2, 4)):
        stanzas.append(f"{{v8}}\n{{{rhyme}}}\n{{v8}}\n{{{rhyme}}}")
    text = grammar.expand("\n\n".join(stanzas), scope)
    return re.sub(r",(?=\n\n|$)", ".", text)


def dictionary(grammar, scope):
    head = grammar.fill("wordhead", scope)
    entries = {}
    for _ in range(grammar.random.randint(4, 9)):
        grammar.new_things(scope)
        entry = grammar.fill("word", scope)
        entries[entry.partition(" [")[0]] = entry
    return "\n\n".join([head, *(entries[word] for word in sorted(entries))])


def tally(grammar, scope):
    """What came in, went out and was left, day by day, and the sum of it."""
    left, rows, ins, outs = 0, [], [], []
    for weekday in grammar.rules["weekdays"][:grammar.random.randint(4, 7)]:
        came = grammar.random.randint(1, 20)
        went = grammar.random.randint(0, left + came)
        left += came - went
        ins.append(came)
        outs.append(went)
        rows.append(f"{weekday + '.':10} In: {came}. Out: {went}. Left: {left}.")
    total = (f"{' + '.join(map(str, ins))} = {sum(ins)} in; {sum(outs)} out; "
             f"{sum(ins)} - {sum(outs)} = {left} left.")
    text = "\n\n".join(["{tallyhead}", "\n".join(rows), total, "{tallynote}"])
    return grammar.expand(text, scope)


def sums(grammar, scope):
    rows = ["SUMS FOR {w.up}, SET BY NORA", ""]
    for number in range(1, grammar.random.randint(4, 8)):
        first, second = grammar.random.randint(2, 12), grammar.random.randint(2, 9)
        owner, more = "{a}" if number % 2 else "{b}", first + second
        rows.append(f"{number}. " + grammar.random.choice([
            f"{owner} has {first} {{t.ns}} and finds {second} more. How many are there?"
            f" [{first} + {second} = {more}]",
            f"{owner} has {more} {{t.ns}} and gives {second} to {{c}}. How many are left?"
            f" [{more} - {second} = {first}]",
            f"{owner} has {first} {{t.ns}} for each of {second} friends. How many is that?"
            f" [{first} x {second} = {first * second}]",
            f"{owner} had {more} {{t.ns}} and now has {second}. How many are lost?"
            f" [{more} - {second} = {first}]",
        ]))
    return grammar.expand("\n".join(rows), scope)


GENRES = {
    "tale": (27, from_rule("tale")), "talk": (10, from_rule("talk")),
    "letter": (12, from_rule("letter")), "play": (9, play), "log": (7, log),
    "quarrel": (8, from_rule("quarrel")), "fable": (5, from_rule("fable")),
    "guide": (5, from_rule("guide")), "recipe": (4, recipe), "to do": (3, things_to_do),
    "verse": (5, verse), "dictionary": (2, dictionary), "tally": (1, tally), "sums": (2, sums),
}
"""Each kind of generated piece: its share of the generated text (in parts of 100), its maker."""


def generate(grammar, genre):
    """One piece that passes every check, without its line breaks."""
    while True:
        piece = GENRES[genre][1](grammar, grammar.new_scope())
        piece = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", piece)
        # A quip ends with a full stop of its own; inside a sentence that becomes a comma.
        piece = re.sub(r"\.('\"? (?:said|asked|cried|and)\b)", r",\1", piece)
        fault = fault_in(piece)
        if fault:
            sys.exit(f"a generated {genre} has {fault}:\n{piece}")
        if max(map(len, quotes(piece)), default=0) <= LONGEST_GENERATED_QUOTE:
            return piece


def fault_in(piece):
    """What is wrong with the quotes and brackets of a piece, or None."""
    for paragraph in piece.split("\n\n"):
        open_marks = []
        for character in paragraph:
            if character == '"':
                if '"' not in open_marks:
                    open_marks.append('"')
                elif open_marks.pop() != '"':
                    return f"a quote that closes inside a bracket: {paragraph}"
            elif character in "([":
                open_marks.append(")" if character == "(" else "]")
            elif character in ")]" and (not open_marks or open_marks.pop() != character):
                return f"a stray {character}: {paragraph}"
        if open_marks:
            return f"a missing {open_marks[-1]}: {paragraph}"
    return None


def quotes(text):
    return re.findall(r'"([^"]*)"', text)


def retell(piece, chooser, grammar):
    """The same piece with other names, a woman's for a woman's and a man's for a man's."""
    other = {}
    for names in (list(grammar.women), list(grammar.men)):
        other.update(zip(names, chooser.sample(names, len(names))))
    other.update({name.upper(): new.upper() for name, new in list(other.items())})
    pattern = re.compile(r"\b(" + "|".join(other) + r")\b")
    return wrap(pattern.sub(lambda match: other[match[1]], unwrap(piece)))


def read_pieces(folder):
    """The hand-written pieces, as (file stem, text); two blank lines part them in a file."""
    pieces = []
    for path in sorted(folder.glob("*.txt")):
        if path.stem == "sentences":
            continue
        for piece in path.read_text(encoding="ascii").strip("\n").split("\n\n\n"):
            fault = fault_in(piece.strip("\n"))
            if fault:
                sys.exit(f"{path}: {fault}")
            pieces.append((path.stem, piece.strip("\n")))
    return pieces


def length(pieces):
    return sum(len(piece) + 3 for piece in pieces)


def fill_up(grammar, made, size, spent):
    """Generates pieces of `size` characters, always the genre that is furthest behind."""
    pieces = []
    while size > 0:
        genre = min(GENRES, key=lambda name: (spent[name] / GENRES[name][0], name))
        piece = wrap(generate(grammar, genre))
        if piece in made:
            continue
        made.add(piece)
        pieces.append(piece)
        spent[genre] += len(piece) + 3
        size -= len(piece) + 3
    return pieces


def make(folder, size, seed):
    """The whole text, and its hand-written and retold pieces."""
    grammar = Grammar(folder / "prose.grammar", seed)
    chooser = random.Random(seed + 1)
    written = read_pieces(folder)
    chooser.shuffle(written)
    held_out, budget = [], VALIDATION_SHARE * length(piece for _, piece in written)
    while length(held_out) < budget:
        held_out.append(written.pop()[1])
    retold = [retell(piece, chooser, grammar) for stem, piece in written if stem in RETOLD
              for _ in range(RETELLINGS)]
    kept = [piece for _, piece in written]
    made, spent = set(), collections.Counter()
    training = kept + retold
    training += fill_up(grammar, made, (1 - VALIDATION_SHARE) * size - length(training), spent)
    validation = held_out + fill_up(
        grammar, made, VALIDATION_SHARE * size - length(held_out), spent)
    chooser.shuffle(training)
    chooser.shuffle(validation)
    return "\n\n\n".join(training + validation) + "\n", kept + held_out, retold


def main():
    repository = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path, help="the file to write")
    parser.add_argument("--texts", type=Path, default=repository / "assets" / "texts")
    parser.add_argument("--size", type=int, default=1_000_000, help="characters, about")
    parser.add_argument("--seed", type=int, default=1997)
    arguments = parser.parse_args()

    try:
        text, written, retold = make(arguments.texts, arguments.size, arguments.seed)
        arguments.out.write_bytes(text.encode("ascii"))
    except (OSError, UnicodeError) as error:
        sys.exit(f"make_prose.py: {error}")

    pieces = text.rstrip("\n").split("\n\n\n")
    spans = [len(quote) for quote in quotes(text)]
    for name, figure in {
        "characters": f"{len(text)}",
        "distinct characters": f"{len(set(text))}",
        "longest line": f"{max(map(len, text.splitlines()))}",
        "hand-written": f"{length(written) / len(text):.1%}",
        "retold": f"{length(retold) / len(text):.1%}",
        "pieces": f"{len(pieces)}",
        "most repeats": f"{collections.Counter(pieces).most_common(1)[0][1]}",
        "quotes": f"{len(spans)}",
        "mean quote length": f"{sum(spans) / len(spans):.1f}",
    }.items():
        print(f"{name:20} {figure:>9}", file=sys.stderr)


if __name__ == "__main__":
    main()
