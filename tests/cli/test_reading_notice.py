from core.cli.reading_notice import announce, announce_training
from core.collection import load


def test_much_reading_is_announced_and_little_is_not(capsys):
    announce(1_000, 120.0, 196_608_000)
    announce(5, 1.0, 35_000)
    announce(0, 0.0, 0)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "1,000 tracks to read: about 2 minutes, about 197 MB on disk\n"


def test_space_that_is_not_there_is_said(capsys):
    announce(5, 60.0, 10**18)
    assert "on disk, where only" in capsys.readouterr().err


def test_a_training_on_what_is_read_already_announces_nothing(small, capsys):
    announce_training(load("small"), "mlp-vae:table", {}, 0)
    assert capsys.readouterr().err == ""
