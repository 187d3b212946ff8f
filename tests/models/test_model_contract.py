"""What entries of the registry say is what their classes have; listing them imports nothing heavy."""

import dataclasses
import subprocess
import sys

import pytest

from core.errors import ConfigError
from core.models import MODELS, get_model, joint_models, model_spec
from core.models.latent_model import LatentModel
from core.models.model_entry import CAPABILITIES, ModelSpec
from core.reconstruction import reconstruction_kind
from tests.models.small import data_of, small_model

FACTS = {
    "name": "made-up",
    "title": "Made up",
    "help": "For tests.",
    "inputs": ("mel",),
    "input_ndim": 2,
    "reconstructs": True,
}
TWO = {
    "inputs": ("mel+tfidf",),
    "input_ndim": {"audio": 2, "text": 1},
    "reconstructs": False,
    "without_decoder": "it does nothing",
}


class MadeUp(LatentModel):
    name, train_config = "made-up", None

    @dataclasses.dataclass(frozen=True)
    class Config:
        pass

    def forward_loss(self, batch): ...

    def encode(self, x): ...

    def decode(self, z, label=None): ...


def spec_of(cls=MadeUp, **facts):
    return ModelSpec(factory=lambda: cls, **{**FACTS, **facts})


@pytest.mark.parametrize("name", MODELS)
def test_an_entry_loads_a_class_that_meets_its_contract(name):
    spec = model_spec(name)
    assert issubclass(spec.load(), LatentModel) and spec.load() is get_model(name)
    assert spec.name == name and spec.title and spec.source and spec.help.endswith(".")


@pytest.mark.parametrize("name", MODELS)
def test_a_class_has_no_capability_that_its_entry_is_silent_about(name):
    spec, own = model_spec(name), vars(LatentModel)
    for fact, protocol in CAPABILITIES.items():
        methods = [m for m in vars(protocol) if not m.startswith("_") and m not in own]
        assert getattr(spec, fact) == all(callable(getattr(spec.load(), m, None)) for m in methods), fact
    posterior = "posterior_joint" if spec.reads_two else "posterior"
    assert spec.is_variational == hasattr(spec.load(), posterior)


@pytest.mark.parametrize("name", MODELS)
def test_an_instance_keeps_what_it_was_built_from(name):
    model, batch = small_model(name)
    spec = model_spec(name)
    assert (
        model.n_labels == (3 if spec.sees_labels else 0)
        and model.latent_dim == 4
        and type(model.config) is type(model).Config
    )
    shapes = model.input_shape if spec.reads_two else {"x": model.input_shape}
    assert all(tuple(batch[part].shape[1:]) == shape for part, shape in shapes.items())
    assert set(model.input_moments()) <= set(shapes)
    assert all(
        tuple(value.shape) == shapes[part]
        for part, moments in model.input_moments().items()
        for value in moments
    )
    assert isinstance(model.eval().diagnostics(batch), dict) and data_of(name) is not None


def test_only_what_says_so_inpaints_compares_or_has_a_joint_latent():
    assert [name for name in MODELS if reconstruction_kind(name) == "inpaint"] == ["mae"]
    assert [name for name, spec in MODELS.items() if spec.compares_text_with_audio] == ["contrastive"]
    assert joint_models() == ["gated-vae", "cross-attention", "mae", "mae-classifier", "alnet"]


def test_listing_imports_nothing_heavy():
    code = (
        "import sys; from core.models import MODELS; print([(s.title, s.help, s.inputs) for s in "
        "MODELS.values()]);"
        "sys.exit(bool({'torch', 'numpy', 'pandas', 'transformers'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.DEVNULL).returncode == 0
    )


def test_an_unknown_model_lists_those_there_are():
    with pytest.raises(ConfigError, match="unknown model 'convvae'; choose from conv-vae, .*pca"):
        get_model("convvae")


def test_a_class_that_lacks_what_its_entry_says_is_refused():
    assert spec_of().load() is MadeUp
    with pytest.raises(TypeError, match="MadeUp lacks inpaint, which Inpaints asks for"):
        spec_of(inpaints=True).load()
    with pytest.raises(TypeError, match="MadeUp lacks posterior, which Variational asks for"):
        spec_of(is_variational=True).load()
    with pytest.raises(TypeError, match="MadeUp lacks encode_audio, which EncodesTwo asks for"):
        spec_of(**TWO).load()
    with pytest.raises(TypeError, match="MadeUp.name is 'made-up', its entry says 'other'"):
        spec_of(name="other").load()
    with pytest.raises(TypeError, match="has the presets"):
        spec_of(presets=("tiny",)).load()


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"has_joint_latent": True}, "takes two"),
        ({"compares_text_with_audio": True}, "takes two"),
        ({"needs_both": True}, "takes two"),
        ({**TWO, "reconstructs": True, "without_decoder": ""}, "reconstructs_both"),
        ({"predicts_genres": True, "sees_labels": True}, "needs labels"),
        ({"needs_labels": True}, "doesn't see"),
        ({"without_decoder": "it only classifies"}, "either decode"),
        ({"reconstructs": False}, "either decode"),
        ({"inputs": ()}, "one extractor or two"),
        ({"inputs": ("mel", "mel+tfidf")}, "one extractor or two"),
        ({**TWO, "input_ndim": 2}, "input_ndim"),
        ({"input_ndim": {"audio": 2, "text": 1}}, "input_ndim"),
        ({"examples_per_s": {"tiny": 4.0}}, "presets"),
    ],
)
def test_facts_that_contradict_each_other_are_refused(facts, says):
    with pytest.raises(TypeError, match=says):
        spec_of(**facts)
