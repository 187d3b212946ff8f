import numpy as np
import pandas as pd

from core.ui.models.loss_curves import curves_figure


def rows(**more):
    return pd.DataFrame(
        {"epoch": [1, 2, 3], "train_kl": [0.1, 0.2, 0.3], "train_total": [3.0, 2.0, 1.0], **more}
    )


def titles_of(figure):
    return [note.text for note in figure.layout.annotations]


def test_each_part_stands_alone_and_all_stand_combined():
    figure = curves_figure(rows(train_reconstruction=[2.9, 1.8, 0.7], seconds=[1, 1, 1]))
    assert titles_of(figure) == ["Total", "Kullback–Leibler", "Reconstruction", "Combined"]
    assert len(figure.data) == 6  # three alone, three combined; seconds is no part of the loss
    total = next(trace for trace in figure.data if trace.name == "Total")
    assert list(total.x) == [1, 2, 3] and list(total.y) == [3.0, 2.0, 1.0]


def test_figures_beside_the_loss_stand_alone_and_many_panels_take_two_rows():
    more = {
        f"train_{part}": [1.0, 1.0, 1.0] for part in ("audio_error", "text_error", "contrastive", "accuracy")
    }
    figure = curves_figure(rows(**more))
    assert titles_of(figure) == [
        "Total",
        "Kullback–Leibler",
        "Hidden sound",
        "Hidden words",
        "Contrastive",
        "Accuracy",
        "Combined",
    ]
    assert (
        sum(trace.name == "Accuracy" for trace in figure.data) == 1
        and sum(trace.name == "Contrastive" for trace in figure.data) == 2
    )
    assert figure.layout.height == 460 and figure.layout.yaxis7.domain[1] < figure.layout.yaxis.domain[0], (
        "below, not beside"
    )


def test_held_out_tracks_are_dotted():
    figure = curves_figure(rows(val_total=[3.5, 2.5, 2.4]))
    held = [trace for trace in figure.data if trace.name == "Total, held out"]
    assert len(held) == 2 and all(trace.line.dash == "dot" for trace in held)


def test_one_part_needs_no_combined_picture_and_unknown_parts_are_named():
    figure = curves_figure(pd.DataFrame({"epoch": [1], "train_total": [1.0]}))
    assert titles_of(figure) == ["Total"] and figure.data[0].mode == "lines+markers"
    assert "Label loss" in titles_of(curves_figure(rows(train_label_loss=[1, 1, 1])))


def test_epochs_without_a_number_leave_a_gap():
    figure = curves_figure(rows(val_total=[None, 2.0, 1.0]))
    held = next(trace for trace in figure.data if trace.name == "Total, held out")
    assert np.isnan(held.y[0]) and held.y[1] == 2.0
