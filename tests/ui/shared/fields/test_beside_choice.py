import pytest

from core.inputs.input_names import side_by_side
from core.representation.side_by_side import split_parts
from core.ui.shared.fields.beside_choice import NOTHING, read_names

OFFERS = ["mfcc", "descriptors"]


@pytest.mark.parametrize("split", [side_by_side, split_parts])
def test_names_in_a_link_are_read_and_others_refused(split):
    assert read_names("mfcc+descriptors", OFFERS, split) == OFFERS
    assert read_names(NOTHING, OFFERS, split) == []
    for refused in ("mel", "mfcc+mel", "mfcc+mfcc", "mfcc*2+descriptors", "mfcc+"):
        with pytest.raises(ValueError):
            read_names(refused, OFFERS, split)
