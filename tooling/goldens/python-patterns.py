"""Writes packages/peft/src/config/python-patterns.golden.json: what Python's `re` makes of expressions, some of them
written by hand for each construct, most of them put together at random.

Usage: python tooling/goldens/python-patterns.py      (Python 3.11, standard library only)
"""

import json
import pathlib
import random
import re
import warnings

OUT = pathlib.Path(__file__).parents[2] / "packages/peft/src/config/python-patterns.golden.json"

NAMES = [
    *"""q_proj v_proj q_proj.x xq_proj a.q_proj layers.0.q layers.10.mlp model.layers.3.self_attn.v_proj
    model.layers.11.self_attn.q_proj.lora_A h.0.attn.c_attn a b ab aab abb aaaa abab ba a.b a.b.c .a a. 0 12 a1 A Q_PROJ
    a-b a|b a{2} aa{ ( [x] a\\b""".split(),
    "", "a\n", "a\nb", "\n", "a b", "é", "aé", "É", "ß", "ſ", "K", "٣", "a\u2028b", "\x1c", "\ufeff", "😀", "中.b", "\x85",
]

BY_HAND = r"""
q_proj .*q_proj .*\.q_proj (?:.*\.)?(?:q v)_proj .*\.layers\.\d+\..*_proj [qv]_proj .*layers\.(?:0 3 11)\.
.* .+ . .. a* a+ a? a*? a+?b a?? a{2} a{2,} a{,2} a{1,2} a{,} a{ a{} a{x} a{2 { {2} a{2,1} a** * a +a a++ a*+a a?+a (?>a ab)b
(?>a*)b (?:a ab)(?:b ) (a b)* (a*)* (?:a b )+b ^a$ ^a a$ \Aa\Z a\z \ba\b \Ba a\B \b \B .*\b \d+ \D \w+ \W \s \S [\d.]+ [^\d]+ [\W]
[^\W] [\s\S]+ [a-] [-a] []a] [^]a] [a-c-e] [a-\d] [c-a] [\b] [\.] [ ] [(] [[]x[]] [^a] [] [^] [a \. \- \_ \q \Q \x61 \x6 \u0061
\U00000061 \U99999999 \061 \141 \400 [\8] [\1] \01 \a \f \\ a\ (?P<n>a)b (?P<n>a)(?P<n>b) (?P<1>a) (?P<n> (?#note)a a(?#note)* (?#
(?=a)ab (?!a). a(?=b).* .*(?<=b) .*(?<!b) (?<=a+)b (?<=a ab)b .*(?<=a b) (?<=^a)b (?=a)*a (?i)q_proj (?i)É (?i)[a-z]+_PROJ (?i)[^q].*
(?i)ß (?i)s (?i)k (?s).* (?s)a.b (?is)A.B a(?i)b (?i:A)b (?i:A)B (?i)A(?-i:B) (?-i:a) (?s-i:.) (?a)\w+ (?a)\d (?a:\w)\w* (?u)\w+ (?au)a
(?z)a (?i (?i-)a (?-)a (?i-z:a) (?-a:a) () ()* ( ) a) (?) (?: (?<n>a) (?P>a) (?Pa) ^* $+ \b? (?:^)*a (?:a$)?b \n a$b a\nb
.*é \S\.b [😀中].* [^a-z] \x1c [\x00-\x1f] (?:a?){3} (?:a?b??){2,} ((a b){2}){1,2} (?: a)+ a{0} a{0,0}b (?:.*?\.)?q_proj
(?:.*?(?:self_attn attn).*?(?:q_proj v_proj).*?) (?:\bmodel\.layers\.[\d]{1,}\.(?:self_attn)\.(?:(?:q_proj v_proj)))
(?:.*\.)?(?:q|v)_proj .*layers\.(?:0|3|11)\. (?>a|ab)b (?:a|ab)(?:b|) (a|b)* (?:a|b|)+b [|] (?<=a|ab)b .*(?<=a|b) (|) (?:|a)+
((a|b){2}){1,2} (?:.*?(?:self_attn|attn).*?(?:q_proj|v_proj).*?)|(?:\bmodel\.layers\.[\d]{1,}\.(?:self_attn)\.(?:(?:q_proj|v_proj)))
a| |a a||b a|ab ab|a [a|\.|\-|\_|\q|\Q \.|\-|\_ (?: (?P<n> (?i a|b* a|b$ ^a|b
"""

ATOMS = ["a", "a", "b", ".", r"\.", "[ab]", "[^a.]", r"\d", r"\w", "_proj", "q", "0", "(?=a)", "(?!b)", "(?<=a)"]
PLACES = ["^", "$", r"\b", r"\Z"]
QUANTIFIERS = ["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}?", "*+", "?+"]


def expression(random, depth):
    """One to three alternatives of one to four pieces."""
    return "|".join("".join(piece(random, depth) for _ in range(random.randint(1, 4))) for _ in range(random.choice([1, 1, 2])))


def piece(random, depth):
    if random.random() < 0.06:
        return random.choice(PLACES)
    if depth > 0 and random.random() < 0.35:
        opening = random.choice(["(", "(?:", "(?:", "(?>", "(?=", "(?!", "(?i:", "(?P<g%d>" % random.randint(0, 10**6)])
        atom = f"{opening}{expression(random, depth - 1)})"
    else:
        atom = random.choice(ATOMS)
    return atom + random.choice(QUANTIFIERS)


def judged(pattern):
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError):
        return {"pattern": pattern, "error": True}
    return {
        "pattern": pattern,
        "full": "".join(str(int(compiled.fullmatch(name) is not None)) for name in NAMES),
        "ends": [match.end() if (match := compiled.match(name)) else None for name in NAMES],
    }


def main():
    warnings.simplefilter("ignore")
    generator = random.Random(21)
    patterns = dict.fromkeys([*BY_HAND.split(), *(expression(generator, 2) for _ in range(400))])
    cases = [judged(pattern) for pattern in patterns]
    for case in cases:
        if "ends" in case:
            case["ends"] = " ".join("-" if end is None else str(end) for end in case["ends"])
    lines = ",\n".join(json.dumps(case) for case in cases)
    OUT.write_text(f'{{\n"names": {json.dumps(NAMES)},\n"cases": [\n{lines}\n]}}\n')
    print(len(cases), "patterns,", sum("error" in case for case in cases), "of them errors,", OUT.stat().st_size, "bytes")


main()
