"""Input of the codebook's pages."""

from django import forms

from newsannot.codebook.drafting import LONGEST_REASON


class ProposalForm(forms.Form):
    """What an analyst would have changed."""

    text = forms.CharField(
        label="What should change, and why",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="A case you met says most: which words, what you chose, what you would have liked to choose.",
        error_messages={"required": "Say what should change, and why."},
    )
