from core.messages.collection.reading_messages import describe_reading


def test_what_was_guessed_and_left_out_is_said():
    report = {
        "encoding": "cp1250",
        "n_replaced": 1,
        "skipped": {"comments": 2, "repeated headers": 1},
        "n_joined": 4,
        "n_header": 3,
    }
    assert describe_reading({"reading": report, "n_left_out": 1, "unread_columns": {"time": "why"}}) == [
        "encoding guessed: cp1250",
        "1 broken character replaced by U+FFFD",
        "skipped: 2 comment lines, 1 repeated header",
        "4 lines with more cells than the header; the rest is in the last column",
        "3 header rows joined",
        "1 row without any number left out",
        "read as text, not as numbers: time (why)",
    ]


def test_several_files_are_named():
    found = describe_reading({"reading": {"a.csv": {"n_header": 0}}, "languages": {"bn": 2, "": 1}})
    assert found == ["a.csv: no header: the columns are numbered", "languages: Bangla 2, unknown 1"]
    assert describe_reading({"reading": {}}) == [] == describe_reading({})
