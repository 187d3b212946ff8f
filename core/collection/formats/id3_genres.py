"""Genre references of ID3: ``(17)`` is Rock, ``(51)(39)`` are two genres, ``(4)Eurodisco`` is Eurodisco.

References
----------
ID3v1 and Winamp's extensions of its list (0 to 191); "ID3 tag version 2.3.0", TCON; "version 2.4.0", TCON.
"""

import re

_LIST = (
    "Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|"
    "Other|Pop|R&B|Rap|Reggae|Rock|Techno|Industrial|Alternative|Ska|Death Metal|Pranks|"
    "Soundtrack|Euro-Techno|Ambient|Trip-Hop|Vocal|Jazz+Funk|Fusion|Trance|Classical|"
    "Instrumental|Acid|House|Game|Sound Clip|Gospel|Noise|AlternRock|Bass|Soul|Punk|Space|"
    "Meditative|Instrumental Pop|Instrumental Rock|Ethnic|Gothic|Darkwave|Techno-Industrial|"
    "Electronic|Pop-Folk|Eurodance|Dream|Southern Rock|Comedy|Cult|Gangsta|Top 40|"
    "Christian Rap|Pop/Funk|Jungle|Native American|Cabaret|New Wave|Psychedelic|Rave|"
    "Showtunes|Trailer|Lo-Fi|Tribal|Acid Punk|Acid Jazz|Polka|Retro|Musical|Rock & Roll|"
    "Hard Rock|Folk|Folk-Rock|National Folk|Swing|Fast Fusion|Bebop|Latin|Revival|Celtic|"
    "Bluegrass|Avantgarde|Gothic Rock|Progressive Rock|Psychedelic Rock|Symphonic Rock|"
    "Slow Rock|Big Band|Chorus|Easy Listening|Acoustic|Humour|Speech|Chanson|Opera|"
    "Chamber Music|Sonata|Symphony|Booty Bass|Primus|Porn Groove|Satire|Slow Jam|Club|Tango|"
    "Samba|Folklore|Ballad|Power Ballad|Rhythmic Soul|Freestyle|Duet|Punk Rock|Drum Solo|"
    "A Cappella|Euro-House|Dance Hall|Goa|Drum & Bass|Club-House|Hardcore Techno|Terror|"
    "Indie|BritPop|Afro-Punk|Polsk Punk|Beat|Christian Gangsta Rap|Heavy Metal|Black Metal|"
    "Crossover|Contemporary Christian|Christian Rock|Merengue|Salsa|Thrash Metal|Anime|Jpop|"
    "Synthpop|Abstract|Art Rock|Baroque|Bhangra|Big Beat|Breakbeat|Chillout|Downtempo|Dub|"
    "EBM|Eclectic|Electro|Electroclash|Emo|Experimental|Garage|Global|IDM|Illbient|"
    "Industro-Goth|Jam Band|Krautrock|Leftfield|Lounge|Math Rock|New Romantic|Nu-Breakz|"
    "Post-Punk|Post-Rock|Psytrance|Shoegaze|Space Rock|Trop Rock|World Music|Neoclassical|"
    "Audiobook|Audio Theatre|Neue Deutsche Welle|Podcast|Indie Rock|G-Funk|Dubstep|"
    "Garage Rock|Psybient"
)
GENRES = tuple(_LIST.split("|"))
"""By number."""
_WORDS = {"RX": "Remix", "CR": "Cover"}
_REFERENCE = re.compile(r"\((\d{1,3}|RX|CR)\)\s*")


def expand_references(value: str) -> list[str]:
    """Return the genres that one value of an ID3 genre frame names.

    A text after references refines the last of them and replaces it; "((" begins a text with one bracket.
    Numbers beyond the list name nothing.

    >>> expand_references("(51)(39)"), expand_references("(4)Eurodisco"), expand_references("((Foo bar)")
    (['Techno-Industrial', 'Noise'], ['Eurodisco'], ['(Foo bar)'])
    """
    found: list[str] = []
    rest = value.strip()
    while reference := _REFERENCE.match(rest):
        found.append(_name(reference[1]))
        rest = rest[reference.end() :]
    if not found and (rest.isdecimal() or rest in _WORDS):
        return list(filter(None, [_name(rest)]))
    if rest:
        found[-1:] = [rest[1:] if rest.startswith("((") else rest]
    return list(dict.fromkeys(filter(None, found)))


def _name(reference: str) -> str:
    """Return the genre of a number or word, "" for a number beyond the list."""
    if reference in _WORDS:
        return _WORDS[reference]
    return GENRES[int(reference)] if len(reference) < 4 and int(reference) < len(GENRES) else ""
