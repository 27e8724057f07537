"""γ: an extra, so its figure is tested where it is installed."""

import sys
from importlib.util import find_spec

import pytest

from newsannot.review.agreement.gamma import gamma, has_gamma, mean_gamma
from newsannot.review.agreement.resampling import Figure

CODERS = {
    "i": {"c": [(75, 145), (220, 250)], "k": [(30, 90), (150, 200)]},
    "j": {"c": [(70, 150), (205, 225), (250, 270)], "k": [(30, 90), (150, 200)]},
}


def test_with_fewer_than_two_who_marked_anything_it_is_not_applicable():
    assert gamma({}) is None
    assert gamma({"i": CODERS["i"], "j": {"c": []}}) is None
    assert mean_gamma([]) == mean_gamma([{}, {"i": CODERS["i"]}]) == Figure(None)


def test_a_stretch_that_is_none_is_refused():
    with pytest.raises(ValueError, match="is no stretch of the text"):
        gamma({"i": {"c": [(4, 4)]}})


@pytest.mark.skipif(find_spec("pygamma_agreement") is not None, reason="the extra is installed")
def test_without_the_library_it_says_so():
    assert has_gamma() is False
    with pytest.raises(ModuleNotFoundError, match="py"):
        gamma(CODERS)
    assert "pygamma_agreement" not in sys.modules


@pytest.mark.skipif(find_spec("pygamma_agreement") is None, reason="the extra is not installed")
@pytest.mark.filterwarnings("ignore")
def test_with_it_the_figure_is_the_same_each_time():
    assert has_gamma() is True
    assert gamma(CODERS) == gamma(CODERS)
    assert 0.6 < gamma(CODERS) < 0.9
    alike = {"i": CODERS["i"], "j": CODERS["i"]}
    assert gamma(alike) == 1.0
    assert mean_gamma([alike, {}, CODERS]).value == (1.0 + gamma(CODERS)) / 2
