"""Other forms of an English word that stemming does not bring together: what was chosen is asked for with "choose".

Only questions are widened, so the index keeps the words that were written and a quoted phrase stays exact.
"""

from __future__ import annotations

_FAMILIES = """
be was were been is are am|bear bore borne born|beat beaten|become became|begin began begun|bend bent|bet|bind bound|bite bit bitten
bleed bled|blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|buy bought|catch caught
choose chose chosen choice|cling clung|come came|creep crept|deal dealt|die died death|dig dug|draw drew drawn|dream dreamt
drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fly flew flown flight
forbid forbade forbidden|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given gift
go went gone|grind ground|grow grew grown growth|hang hung|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|know knew known
lay laid|lead led|lean leant|learn learnt|leave left|lend lent|lie lay lain|light lit|lose lost loss|make made|mean meant|meet met
pay paid|prove proven proof|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold sale|send sent
sew sewn|shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung song|sink sank sunk|sit sat|sleep slept
slide slid|sow sown|speak spoke spoken speech|speed sped|spell spelt|spend spent|spin spun|spoil spoilt|spread|spring sprang sprung|stand stood
steal stole stolen|stick stuck|sting stung|strike struck|strive strove striven|swear swore sworn|sweep swept|swell swollen
swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood
wake woke woken|wear wore worn|weave wove woven|weep wept|weigh weight|win won|wind wound|withdraw withdrew withdrawn|write wrote written
arrive arrival|decide decision|depart departure|agree agreement|pay payment|high height|long length|wide width|deep depth|strong strength
child children|foot feet|goose geese|half halves|knife knives|leaf leaves|life lives|loaf loaves|man men|mouse mice|person people
shelf shelves|tooth teeth|wife wives|wolf wolves|woman women|mum mother mom|dad father|grandma grandmother|grandpa grandfather
phone telephone|fridge refrigerator|bike bicycle|photo photograph|ad advertisement|flat apartment|doctor dr
"""

_SHORTEST_BASE = 4


def _read(families: str) -> dict[str, tuple[str, ...]]:
    forms: dict[str, list[str]] = {}
    for family in families.replace("\n", "|").split("|"):
        members = family.split()
        for member in members:
            forms.setdefault(member, []).extend(other for other in members if other != member)
    return {word: tuple(dict.fromkeys(others)) for word, others in forms.items()}


_FORMS = _read(_FAMILIES)


def other_forms(word: str) -> tuple[str, ...]:
    """Words that say the same as `word` (folded) in another form; () for most. "choose" has "chose"."""
    return _FORMS.get(word, ())


def bases(word: str) -> tuple[str, ...]:
    """What somebody called `word` does or works on; () for most. "roofer" has "roof". A guess, for words that are not found."""
    for end in ("ers", "ors", "er", "or"):
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST_BASE and word.isascii() and word.isalpha():
            base = word[: -len(end)]
            return base, base + "e"
    return ()
