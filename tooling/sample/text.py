"""Seeded generator of the sample's training text.

Every word below was written by hand for this project. There are three kinds
of story, one for the base model and one for each adapter:

plain      land and sea stories told as prose (the base model)
pirate     sea stories rewritten into pirate talk
questions  land stories told as questions and answers

Templates use two marks: ``{slot}`` is filled from the story's cast, and
``[one|two]`` is a random choice (choices may nest).

Run ``python text.py`` to print one story of each kind.
"""

import random
import re
from typing import Callable, NamedTuple


class Beat(NamedTuple):
    """One thing that happens: told as prose, or asked about and answered."""

    tell: str
    ask: str = ""
    answer: str = ""


Cast = dict[str, str]
Plot = list[Beat]

SHE_NAMES = "Tilly Mabel Rosie Poppy Hazel Dora Clara Nell Ivy Wilma Bess Fern Greta Pearl".split()
HE_NAMES = "Bruno Oscar Felix Toby Hugo Walter Jasper Monty Rufus Barney Otto Percy Silas Ned".split()
KINDS = (
    "fox hen badger rabbit otter hedgehog mouse owl squirrel goose mole bear duck frog "
    "cat goat pony lamb toad wren beaver hare crow robin"
).split()
MOODS = "young old shy brave clever sleepy kind merry hungry curious quiet proud gentle small".split()
COLOURS = "red blue green yellow white black brown grey silver golden".split()
TIMES = [
    "one day", "one morning", "one evening", "last spring", "one summer day", "late in autumn",
    "one cold winter", "long ago", "not long ago", "early one Monday", "on market day",
    "the day before the fair",
]
HOMES = [
    "by the mill pond", "under the old oak", "at the edge of the wood", "in a cottage on the hill",
    "behind the baker's shop", "in a burrow near the road", "beside the slow river",
    "in the loft of a barn", "at the foot of the mountain", "among the reeds",
    "in a hollow log", "next to the village school",
]
PLACES = [
    "the high meadow", "the stone bridge", "the village market", "the quiet lake",
    "the apple orchard", "the windmill", "the crooked tower", "the beech wood", "the river bend",
    "the castle ruin", "the blacksmith's yard", "the bluebell field", "the far hill",
]
THINGS = [
    "key", "kite", "scarf", "bell", "marble", "whistle", "drum", "lantern", "hat", "cup", "kettle",
    "blanket", "button", "basket", "umbrella", "ribbon", "boot", "spoon",
]
FOODS = [
    "plum cake", "honey bread", "carrot soup", "berry pie", "warm porridge", "nut bread",
    "apple tart", "pea soup", "pancakes", "cheese and jam", "ginger biscuits", "roast chestnuts",
]
WEATHERS = [
    "the sun was shining", "soft rain was falling", "the wind was blowing hard",
    "snow lay on the ground", "a thick mist hid the path", "the sky was clear and cold",
    "dark clouds were gathering", "the air smelled of hay", "the leaves were turning red",
]
FEELINGS = ["happy", "sad", "worried", "surprised", "proud", "tired", "excited", "lonely", "cross"]
CROPS = ["pumpkin", "sunflower", "bean", "turnip", "pear tree", "cabbage", "onion", "rose"]
TUNES = ["fiddle", "flute", "drum", "horn", "harp", "banjo"]
SKILLS = ["swim", "skate", "whistle", "juggle", "climb", "read", "dance", "row a boat"]

SHIPS = [
    "Salty Gull", "Black Herring", "Merry Widow", "Iron Turtle", "Red Anchor", "Laughing Shark",
    "Rusty Cutlass", "Silver Eel", "Broken Compass", "Thunder Queen",
]
ISLANDS = [
    "Skull Island", "Turtle Bay", "the Bay of Bones", "Parrot Rock", "the Cape of Knives",
    "Rum Cove", "the Misty Isles", "Dead Man's Reef", "Coconut Key", "the Whale's Jaw",
]
LOOT = [
    "gold coins", "green emeralds", "silver plates", "black pearls", "rubies", "old bottles of rum",
    "sacks of pepper", "rolls of silk", "jewelled daggers",
]
CREW = ["cook", "bosun", "gunner", "cabin boy", "lookout", "carpenter", "parrot", "first mate"]
SEAS = [
    "the sea was flat as glass", "a storm was rising in the west", "the waves were tall as houses",
    "the fog was thick as soup", "a fair wind filled the sails", "the moon was shining on the water",
]

OPENINGS: list[Beat] = [
    Beat(
        "{time}, {weather}, and a {mood} {kind} named {hero} was [sitting|resting|sweeping the floor] {home}.",
        "Who was {home}?", "A {mood} {kind} named {hero}.",
    ),
    Beat(
        "There was once a {mood} {kind} called {hero} who lived {home}.",
        "Where did {hero} live?", "{hero} the {kind} lived {home}.",
    ),
    Beat(
        "{hero} was a {mood} {kind}. {time}, {he} left {his} home {home} because {weather}.",
        "Why did {hero} leave home?", "Because {weather}.",
    ),
    Beat(
        "A {kind} {home} had a friend, and the friend was a {friendkind}. The {kind} was {hero} "
        "and the {friendkind} was {friend}.",
        "Who were the two friends?", "{hero} the {kind} and {friend} the {friendkind}.",
    ),
]

LAND_PLOTS: list[Plot] = [
    [  # A lost thing.
        Beat("{He} had a {colour} {thing} that {he} loved more than [anything|all {his} toys|gold].",
             "What did {hero} love?", "A {colour} {thing}."),
        Beat("[But one day|Then, without warning,] the {thing} was [gone|lost|nowhere to be seen].",
             "What was wrong?", "The {thing} was lost."),
        Beat("{hero} looked [under the bed|behind the door|in every corner], and then {he} walked to {place}.",
             "Where did {hero} look?", "{He} looked at home and then at {place}."),
        Beat("There {he} met {friend} the {friendkind}. \"[Have you seen|Did you find] my {thing}?\" asked {hero}.",
             "Who did {hero} meet?", "{He} met {friend} the {friendkind} at {place}."),
        Beat("\"[Yes, I have|I think so],\" said {friend}. \"It was [in the long grass|on the wall|by the gate].\"",
             "Did {friend} know about the {thing}?", "Yes, {friend} had seen it."),
        Beat("{hero} was so {feeling} that {he} [laughed out loud|began to cry|hugged {friend}].",
             "How did {hero} feel?", "{He} felt {feeling}."),
    ],
    [  # Shelter from a storm.
        Beat("{He} was walking to {place} when [thunder rolled|the storm broke|the rain came down].",
             "Where was {hero} going?", "{He} was walking to {place}."),
        Beat("{hero} had no [coat|hat|roof], and [soon|very soon] {his} {thing} was wet.",
             "What got wet?", "The {thing} of {hero} got wet."),
        Beat("{He} saw a light. It was the house of a {friendkind} named {friend}.",
             "Whose house did {hero} see?", "The house of {friend} the {friendkind}."),
        Beat("\"Come in, come in,\" said {friend}. \"[Sit by the fire|You must be cold|There is room for two].\"",
             "What did {friend} say?", "{friend} told {hero} to come in."),
        Beat("They ate {food} and [told stories|sang old songs|played cards] until the storm was over.",
             "What did they eat?", "They ate {food} by the fire."),
    ],
    [  # The baking contest.
        Beat("There was a baking contest at {place}, and {hero} wanted to win a {colour} {thing}.",
             "What was the prize?", "The prize was a {colour} {thing}."),
        Beat("{He} made {food}, and {friend} the {friendkind} made {otherfood}.",
             "What did {hero} make?", "{hero} made {food} and {friend} made {otherfood}."),
        Beat("But {hero} [forgot the salt|burned the crust|dropped the bowl], and {he} felt {feeling}.",
             "What did {hero} feel?", "{He} felt {feeling} when it went wrong."),
        Beat("\"[Take half of mine|Let us share|We can mix them],\" said {friend}.",
             "Who helped?", "{friend} the {friendkind} helped."),
        Beat("The judge ate it all and gave the {thing} to both of them.",
             "Who won?", "{hero} and {friend} won the {thing} together."),
    ],
    [  # Learning something hard.
        Beat("{hero} could not {skill}, and it made {him} {feeling}.",
             "What could {hero} not do?", "{hero} could not {skill}."),
        Beat("[Every day|Each morning|After supper] {he} went to {place} to try, and [every time|each time] {he} fell down.",
             "Where did {hero} try?", "{He} tried at {place}."),
        Beat("A {friendkind} was watching. \"[Slowly now|Try once more|Watch me first],\" said {friend}.",
             "Who was watching?", "A {friendkind} named {friend} was watching."),
        Beat("So {hero} tried [again|ten more times|for a week], and {friend} gave {him} {food} to keep {him} going.",
             "What did {friend} give to {hero}?", "{friend} gave {him} {food}."),
        Beat("At last {hero} could {skill} better than any {kind} in the land.",
             "What happened at last?", "{hero} learned to {skill}."),
    ],
    [  # A letter.
        Beat("A letter came for {hero}. It was sealed with {colour} wax and it smelled of {food}.",
             "What came for {hero}?", "A letter sealed with {colour} wax."),
        Beat("\"Meet me at {place},\" said the letter, \"and bring a {thing}.\"",
             "What did the letter say?", "It said to bring a {thing} to {place}."),
        Beat("{hero} felt {feeling}, but {he} [packed a bag|put on {his} boots|set out at once].",
             "How did {hero} feel?", "{He} felt {feeling}."),
        Beat("At {place} stood {friend} the {friendkind}, [holding a cake|wearing a paper crown|hiding a grin].",
             "Who was at {place}?", "{friend} the {friendkind} was there."),
        Beat("\"[Happy birthday|Surprise|You came],\" cried {friend}, and they danced until [dark|dawn|midnight].",
             "What did they do then?", "They danced for a long time."),
    ],
    [  # A seed.
        Beat("{hero} planted a {crop} seed in the garden and watered it [each day|with a {colour} can|with care].",
             "What did {hero} plant?", "{hero} planted a {crop} seed."),
        Beat("For [three|four|five|six] weeks nothing grew, and {hero} was {feeling}.",
             "How did {hero} feel when nothing grew?", "{He} was {feeling}."),
        Beat("{friend} the {friendkind} came by with {food}. \"Be patient,\" said {friend}. \"Good things are slow.\"",
             "What did {friend} say?", "{friend} said that good things are slow."),
        Beat("Then [one night|after the rain|on Sunday] a {colour} leaf came out of the ground.",
             "What came out of the ground?", "A {colour} leaf came out."),
        Beat("By autumn the {crop} was as big as [a barn|a cart|the {kind} {himself}], and everyone at {place} came to see it.",
             "How did it end?", "The {crop} grew very big."),
    ],
    [  # A race.
        Beat("{friend} the {friendkind} said, \"I am faster than any {kind}.\" So they ran a race to {place}.",
             "Where did the race end?", "The race ended at {place}."),
        Beat("{friend} ran ahead [at once|like the wind|with a laugh] but stopped to eat {food}.",
             "Why did {friend} stop?", "{friend} stopped to eat {food}."),
        Beat("{hero} [went on slowly|did not stop|kept to the path], one step after another.",
             "What did {hero} do?", "{hero} did not stop."),
        Beat("[Near the end|Half way], {friend} fell over a {thing} and hurt a foot.",
             "What happened to {friend}?", "{friend} fell over a {thing}."),
        Beat("{hero} could have won, but {he} turned back to help, and they finished side by side.",
             "Who won the race?", "They finished side by side."),
    ],
    [  # A noise in the night.
        Beat("In the night {hero} heard a noise: [tap, tap, tap|scratch, scratch|bump, bump, bump].",
             "What did {hero} hear?", "{He} heard a noise in the night."),
        Beat("{He} took a {thing} and went down the stairs, feeling {feeling}.",
             "What did {hero} take?", "{He} took a {thing}."),
        Beat("\"Who is there?\" asked {hero}. [Nobody answered|The wind answered|Something sneezed].",
             "What did {hero} ask?", "{hero} asked who was there."),
        Beat("It was only {friend} the {friendkind}, who was looking for {food}.",
             "Who made the noise?", "{friend} the {friendkind} made the noise."),
        Beat("They lit a {colour} candle and [shared it|had a feast|ate every crumb] before they went to sleep.",
             "How did the night end?", "They ate {food} by a {colour} candle."),
    ],
    [  # A broken bridge.
        Beat("The bridge to {place} had fallen [into the water|in the flood|in the night], and nobody could cross.",
             "What had fallen?", "The bridge to {place} had fallen."),
        Beat("\"We need [rope|wood|nails] and a {thing},\" said {hero}.",
             "What did they need?", "They needed a {thing} to mend the bridge."),
        Beat("{friend} the {friendkind} brought {food} for the workers, and a {colour} flag.",
             "What did {friend} bring?", "{friend} brought {food} and a {colour} flag."),
        Beat("They worked [all day|for two days|from dawn to dusk], and at the end they were {feeling}.",
             "How did they feel at the end?", "They were {feeling}."),
        Beat("{hero} was the first to cross, with {his} head held high.",
             "Who crossed first?", "{hero} the {kind} crossed first."),
    ],
    [  # A chain of trades.
        Beat("{hero} went to {place} with a {thing} to trade.",
             "What did {hero} bring to trade?", "{He} brought a {thing}."),
        Beat("A {friendkind} named {friend} gave {him} {food} for it.",
             "What did {friend} give?", "{friend} gave {food} for the {thing}."),
        Beat("Then a hungry {otherkind} gave {him} a {colour} stone for the {food}.",
             "Who wanted the {food}?", "A hungry {otherkind} wanted the {food}."),
        Beat("\"[A stone is no use|What shall I do with this|This was a bad trade],\" said {hero}, feeling {feeling}.",
             "How did {hero} feel about the stone?", "{He} felt {feeling}."),
        Beat("But at home {he} put the stone by the window, and it shone {colour} all night long.",
             "What did the stone do?", "It shone {colour} all night."),
    ],
    [  # A quarrel.
        Beat("{hero} and {friend} the {friendkind} had a quarrel about a {colour} {thing}.",
             "What was the quarrel about?", "It was about a {colour} {thing}."),
        Beat("\"It is mine,\" said {hero}. \"No, it is mine,\" said {friend}. [They pulled and pulled|Neither would let go].",
             "What did {friend} say?", "{friend} said, \"No, it is mine.\""),
        Beat("[Snap|Crack|Rip]! The {thing} broke in two, and both of them were {feeling}.",
             "What happened to the {thing}?", "The {thing} broke in two."),
        Beat("{hero} sat alone at {place} and thought about it [for an hour|all day|until the stars came out].",
             "Where did {hero} sit?", "{hero} sat alone at {place}."),
        Beat("Then {he} brought {food} to {friend} and said sorry, and they mended the {thing} with string.",
             "How did {hero} say sorry?", "{He} brought {food} to {friend}."),
    ],
    [  # A band.
        Beat("{hero} played the {tune}, but {he} only knew one song.",
             "What did {hero} play?", "{hero} played the {tune}."),
        Beat("{friend} the {friendkind} played the {othertune} and knew no songs at all.",
             "What did {friend} play?", "{friend} played the {othertune}."),
        Beat("They practised at {place} until [the birds flew off|the cows ran away|the neighbours shut their windows].",
             "Where did they practise?", "They practised at {place}."),
        Beat("An old {otherkind} stopped to listen. \"[Softer|Slower|Together now],\" said the {otherkind}.",
             "Who stopped to listen?", "An old {otherkind} stopped to listen."),
        Beat("At the fair they played so well that everyone gave them {food} and {colour} ribbons.",
             "What did everyone give them?", "{food} and {colour} ribbons."),
    ],
]

ENDINGS: list[Beat] = [
    Beat("And from that day on, {hero} and {friend} were [good|the best of] friends.",
         "Were they friends after that?", "Yes, {hero} and {friend} were friends."),
    Beat("That night {hero} slept [well|soundly|like a stone] {home}.",
         "Where did {hero} sleep?", "{He} slept {home}."),
    Beat("\"[What a day|I will never forget this],\" said {hero}, and {he} went home to eat {food}.",
         "What did {hero} eat at home?", "{He} ate {food}."),
    Beat("So {hero} learned that [a friend is worth more than a {thing}|it is good to share|slow and steady is enough].",
         "What is the lesson?", "It is good to have a friend."),
]

SEA_OPENINGS = [
    "I am Captain {hero}, and my ship is the {ship}.",
    "Listen, my friends, to the tale of Captain {hero} and the {ship}.",
    "{hero} was the [boldest|oldest|meanest|luckiest] captain of them all, and {his} ship was the {ship}.",
    "We were sailing on the {ship}, and {sea}.",
]

SEA_PLOTS: list[list[str]] = [
    [  # The map.
        "My {crew} found an old map in a barrel of {food}.",
        "\"There is treasure on {island},\" said the {crew}. \"[Fifty|Forty|A hundred] paces from the [palm tree|skull|black rock].\"",
        "We dropped the anchor and rowed to the shore, and {sea}.",
        "We were digging for [two|three|seven] days, and my hands were sore.",
        "Then the spade hit wood. It was a chest of {loot}!",
    ],
    [  # A storm.
        "We were sailing for {island} when [the sky turned black|the wind began to howl|lightning struck the sea].",
        "\"[Take in the sails|Hold on to the ropes|All hands on deck]!\" I was shouting to the {crew}.",
        "The mast was broken, and the {loot} went over the side.",
        "You never saw such waves, my friend. They were [washing over the deck|tossing us like a cork].",
        "In the morning we were lying on the sand of {island}, and all of us were living.",
    ],
    [  # A rival ship.
        "Before dawn the lookout saw a sail. It was the {othership}, and {friend} was her captain.",
        "\"Give me your {loot},\" said {friend}, \"or you will [swim with the sharks|walk the plank].\"",
        "\"Never!\" said {hero}. \"[Load the cannons|Come and take them], you [old dog|son of a squid]!\"",
        "The guns were roaring and the smoke was rising over the water.",
        "When it was over, the {othership} was sinking, and the {loot} were ours.",
    ],
    [  # A whale.
        "Near {island} the water was boiling, and a whale came up beside the {ship}.",
        "It was [black as tar|white as bone], and its eye was as big as my wheel.",
        "\"[Stop, you beast|Do not eat my ship]!\" said the {crew}, who was shaking like a sail.",
        "I gave it a barrel of {food}, and it was humming like an old sailor.",
        "Now the whale is my friend, and it is following the {ship} over all the seas.",
    ],
    [  # Marooned.
        "There was a mutiny, and the {crew} was the leader of them.",
        "They left me on {island} with a bottle of rum and a [sword|spoon|hat].",
        "I was eating {food} and talking to the crabs for [a year|ninety days].",
        "Then I was building a raft of [barrels|bones|driftwood], and {sea}.",
        "I found my ship in {port}, and you never saw a man so frightened as that {crew}.",
    ],
    [  # The parrot.
        "My parrot is {colour}, and {friend} is her name.",
        "She is always saying, \"[{loot}! {loot}!|Give me {food}!|Where is my rum?]\"",
        "One night she was flying over {island}, and she was gone until morning.",
        "When she came back there was a ring of [gold|silver] in her beak.",
        "So we were following the parrot, and she took us to a cave of {loot}.",
    ],
    [  # A ghost ship.
        "It was midnight near {island}, and {sea}.",
        "Out of the dark came the {othership}, and there was nobody at her wheel.",
        "\"She is a ghost,\" said the {crew}. \"[Stop the ship|Turn back], captain, before she is taking us!\"",
        "But I was never a coward, and I was climbing over her side with a lantern.",
        "In her hold there were [ten|twenty|a thousand] bones and a chest of {loot}.",
    ],
    [  # The cook.
        "The cook of the {ship} was making {food} again, and the men were cross.",
        "\"We are tired of your {food},\" said the {crew}. \"Give us [fish|turtle|beef], or we are leaving!\"",
        "So {hero} was throwing the pot to the sharks, and the sharks were throwing it back.",
        "At {island} we were buying {otherfood} from an old sailor for a bag of {loot}.",
        "Now there is singing at supper, and the cook is [dancing on the table|hiding in the hold].",
    ],
]

SEA_ENDINGS = [
    "So raise your cup to the {ship}, my friends, and to {hero}!",
    "And that is the tale of {island}. Yes, it is true.",
    "Now my hold is full of {loot}, and I am sailing for {port}.",
    "Never sail to {island} without [a good cook|your sword|a friend].",
]

PORTS = ["Port Royal", "Tortuga", "Bristol", "Old Harbour", "Cutlass Town"]

PIRATE_WORDS = {
    "my": "me", "you": "ye", "your": "yer", "am": "be", "is": "be", "are": "be", "was": "were",
    "and": "an'", "of": "o'", "the": "th'", "to": "t'", "for": "fer", "friend": "matey",
    "friends": "mateys", "yes": "aye", "captain": "cap'n", "never": "ne'er", "over": "o'er",
    "them": "'em", "before": "afore", "there": "thar", "old": "ol'", "treasure": "booty",
    "stop": "avast", "sailor": "sea dog", "men": "swabs", "man": "swab", "said": "growled",
    "who": "that", "with": "wi'", "morning": "first light", "frightened": "lily-livered",
}
PIRATE_CRIES = ["Arr!", "Yo ho ho!", "Shiver me timbers!", "Blow me down!", "Arr, matey!"]


def _other(rng: random.Random, options: list[str], taken: str) -> str:
    """Pick an option that differs from ``taken``."""
    return rng.choice([option for option in options if option != taken])


def draw_cast(rng: random.Random) -> Cast:
    """Choose who and what a story is about."""
    female = rng.random() < 0.5
    hero = rng.choice(SHE_NAMES if female else HE_NAMES)
    he, him, his = ("she", "her", "her") if female else ("he", "him", "his")
    cast = {
        "hero": hero, "he": he, "He": he.capitalize(), "him": him, "his": his,
        "himself": f"{him}self", "friend": _other(rng, SHE_NAMES + HE_NAMES, hero),
        "kind": rng.choice(KINDS), "mood": rng.choice(MOODS), "time": rng.choice(TIMES),
        "home": rng.choice(HOMES), "place": rng.choice(PLACES), "thing": rng.choice(THINGS),
        "food": rng.choice(FOODS), "weather": rng.choice(WEATHERS), "colour": rng.choice(COLOURS),
        "feeling": rng.choice(FEELINGS), "crop": rng.choice(CROPS), "tune": rng.choice(TUNES),
        "skill": rng.choice(SKILLS), "ship": rng.choice(SHIPS), "island": rng.choice(ISLANDS),
        "loot": rng.choice(LOOT), "crew": rng.choice(CREW), "sea": rng.choice(SEAS),
        "port": rng.choice(PORTS),
    }
    cast["friendkind"] = _other(rng, KINDS, cast["kind"])
    cast["otherkind"] = _other(rng, KINDS, cast["kind"])
    cast["otherfood"] = _other(rng, FOODS, cast["food"])
    cast["othertune"] = _other(rng, TUNES, cast["tune"])
    cast["othership"] = _other(rng, SHIPS, cast["ship"])
    return cast


def _tidy(text: str) -> str:
    """Fix ``a``/``an`` and put a capital at the start of each sentence."""
    text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
    return re.sub(r"(^\"?|[.!?] \"?)([a-z])", lambda m: m[1] + m[2].upper(), text)


def expand(template: str, cast: Cast, rng: random.Random) -> str:
    """Resolve the ``[one|two]`` choices and ``{slot}`` names of a template."""
    while "[" in template:
        template = re.sub(
            r"\[([^\[\]]*)\]", lambda m: rng.choice(m[1].split("|")), template
        )
    return _tidy(template.format_map(cast))


def _land_beats(rng: random.Random) -> Plot:
    """Lay out one land story: an opening, a plot and an ending."""
    return [rng.choice(OPENINGS), *rng.choice(LAND_PLOTS), rng.choice(ENDINGS)]


def _sea_sentences(rng: random.Random) -> list[str]:
    """Tell a sea story in plain English, sentence by sentence."""
    cast = draw_cast(rng)
    templates = [rng.choice(SEA_OPENINGS), *rng.choice(SEA_PLOTS), rng.choice(SEA_ENDINGS)]
    return [expand(template, cast, rng) for template in templates]


def plain_story(rng: random.Random) -> str:
    """Tell a story as one paragraph of plain prose; one in five is set at sea."""
    if rng.random() < 0.2:
        return " ".join(_sea_sentences(rng))
    cast = draw_cast(rng)
    return " ".join(expand(beat.tell, cast, rng) for beat in _land_beats(rng))


def question_story(rng: random.Random) -> str:
    """Tell a land story as questions and answers, one of each per beat."""
    cast = draw_cast(rng)
    return "\n".join(
        f"Q: {expand(beat.ask, cast, rng)}\nA: {expand(beat.answer, cast, rng)}"
        for beat in _land_beats(rng)
    )


def to_pirate(sentence: str, rng: random.Random) -> str:
    """Rewrite a plain sentence into pirate talk, sometimes with a cry in front."""

    def swap(match: re.Match[str]) -> str:
        word = match[0]
        swapped = PIRATE_WORDS.get(word.lower())
        if swapped is None:
            return re.sub(r"(?<=[a-z]{3})ing$", "in'", word)
        return swapped.capitalize() if word[0].isupper() else swapped

    spoken = re.sub(r"[A-Za-z]+", swap, sentence)
    return f"{rng.choice(PIRATE_CRIES)} {spoken}" if rng.random() < 0.2 else spoken


def pirate_story(rng: random.Random) -> str:
    """Tell a sea story as one paragraph of pirate talk."""
    return " ".join(to_pirate(sentence, rng) for sentence in _sea_sentences(rng))


STORY_KINDS: dict[str, Callable[[random.Random], str]] = {
    "plain": plain_story,
    "pirate": pirate_story,
    "questions": question_story,
}


def corpus(kind: str, size: int, seed: int) -> bytes:
    """Return at least ``size`` bytes of whole stories, with a blank line after each."""
    rng = random.Random(f"{kind}/{seed}")
    stories: list[bytes] = []
    total = 0
    while total < size:
        stories.append(f"{STORY_KINDS[kind](rng)}\n\n".encode())
        total += len(stories[-1])
    return b"".join(stories)


if __name__ == "__main__":
    for story_kind in STORY_KINDS:
        print(f"== {story_kind}\n{corpus(story_kind, 1, seed=1).decode()}", end="")
