from core import collection as collections

WORDS = ["rain falls", "sun shines", "wind blows", "snow melts", "fire burns"]


def captions(name: str = "songs") -> list[str]:
    return list(collections.load(name).tracks["caption"])


def refuse(status: int, message: str = "no", **more):
    return status, {"error": {"message": message, **more}}, {}
