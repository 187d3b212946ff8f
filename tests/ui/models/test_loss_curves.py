import pandas as pd

from core.ui.models.loss_curves import ALL_TERMS, curves_figure, panels_of


def rows(**more):
    return pd.DataFrame(
        {"epoch": [1, 2, 3], "train_kl": [0.1, 0.2, 0.3], "train_total": [3.0, 2.0, 1.0], **more}
    )


def test_each_term_has_a_chart_and_all_stand_in_one_with_a_legend():
    made = rows(train_reconstruction=[2.9, 1.8, 0.7], seconds=[1, 1, 1])
    panels = panels_of(made)
    assert list(panels) == ["Total loss", "KL divergence", "Reconstruction", ALL_TERMS]
    total = curves_figure(made, "Total loss", panels["Total loss"])
    (curve,) = total.data
    assert list(curve.x) == [1, 2, 3] and list(curve.y) == [3.0, 2.0, 1.0] and not curve.showlegend
    together = curves_figure(made, ALL_TERMS, panels[ALL_TERMS])
    assert [curve.name for curve in together.data if curve.showlegend] == list(panels)[:3]
    assert len({curve.line.color for curve in together.data}) == 3
    assert together.layout.width > total.layout.width, "the legend has room of its own"


def test_metrics_are_no_loss_terms_and_every_term_has_a_colour_of_its_own():
    terms = ("audio_error", "text_error", "contrastive", "accuracy")
    made = rows(**{f"train_{term}": [1.0, 1.0, 1.0] for term in terms})
    panels = panels_of(made)
    assert list(panels) == [
        "Total loss",
        "KL divergence",
        "Masked audio",
        "Masked text",
        "Contrastive",
        "Accuracy",
        ALL_TERMS,
    ]
    assert "accuracy" not in panels[ALL_TERMS]
    together = curves_figure(made, ALL_TERMS, panels[ALL_TERMS])
    assert len({curve.line.color for curve in together.data}) == len(together.data) == 5


def test_validation_is_dotted_and_once_in_the_legend():
    made = rows(val_total=[3.5, 2.5, 2.4])
    together = curves_figure(made, ALL_TERMS, panels_of(made)[ALL_TERMS])
    (validation,) = (curve for curve in together.data if curve.name == "Total loss, validation")
    assert validation.line.dash == "dot" and not validation.showlegend


def test_one_term_needs_no_common_chart():
    made = pd.DataFrame({"epoch": [1], "train_total": [1.0]})
    assert panels_of(made) == {"Total loss": ["total"]}
    assert curves_figure(made, "Total loss", ["total"]).data[0].mode == "lines+markers"
