"""Input about articles: the paste-or-upload form, and the kinds of a text's blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from newsannot.articles.models import Article, Reliability
from newsannot.articles.queries import ZonedBlock, genre_labels
from newsannot.articles.rules.decoding import MEGABYTE, UnreadableError, check_size
from newsannot.articles.rules.files import Found, Ready, Refused, check_whole, format_of, read_stream
from newsannot.articles.rules.items import Draft, Errors, ItemRefusedError, draft_item
from newsannot.articles.rules.zones import KINDS, FoundZone, Kind, join_zones
from newsannot.core.wording import quoted

PASTED = "pasted text"
LARGEST_UPLOAD = 30 * MEGABYTE
"""The most bytes of one JSONL file sent by a form; larger ones are for the command."""
ACCEPT = ".txt,.text,.md,.html,.htm,.xhtml,.jsonl,.ndjson"
_OF_ONE_ARTICLE = ("title", "url", "byline", "published_at")
_FIELD_OF = {
    "html": "uploads",
    "file": "uploads",
    "line": "uploads",
    "source.name": "source",
    "source.domain": "source",
}


class FilesInput(forms.ClearableFileInput):
    """A control for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty list when none was chosen. Empty files are let through, to be refused by name."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file by itself."""
        one: Callable[[Any, Any], Any] = super().clean
        return [one(file, initial) for file in data or []]


class ArticleForm(forms.Form):
    """A pasted text with what is known about it, or files, for which the fields fill what they do not say."""

    text = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "is-article", "dir": "auto", "rows": 14, "translate": "no"}),
        help_text="The whole article, its headline first, a paragraph on each line.",
    )
    uploads = FilesField(
        label="Files",
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text="Plain text, HTML pages, or JSONL (up to 30 MB) with an article on each line.",
    )
    title = forms.CharField(required=False, help_text="Without one, the headline is taken from the text.")
    url = forms.CharField(label="Web address", required=False, widget=forms.URLInput)
    source = forms.CharField(required=False, help_text="Name or domain, such as gazette.example.")
    language = forms.CharField(required=False, help_text="Such as en, ru, ar or zh-Hans.")
    published_at = forms.CharField(
        label="Published (UTC)", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    byline = forms.CharField(required=False)
    genre = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        genre: Any = self.fields["genre"]
        genre.choices = [("", "Not said"), *genre_labels().items()]
        for name in ("title", "byline", "source"):
            self.fields[name].widget.attrs |= {"dir": "auto"}
        for name in ("language", "url"):
            self.fields[name].widget.attrs |= {"spellcheck": "false", "autocapitalize": "none"}

    def clean(self) -> dict[str, Any]:
        """Either a text or files, and no more than the server reads at once."""
        sent = super().clean() or self.cleaned_data
        if not sent.get("text") and not sent.get("uploads") and "uploads" not in self.errors:
            self.add_error("text", "Paste a text, or choose files below.")
        if sent.get("text") and sent.get("uploads"):
            self.add_error("uploads", "Send either a text or files, not both.")
        return sent

    def found(self) -> list[Found]:
        """The articles sent: ready to be stored, or refused with their place and reason."""
        if self.cleaned_data["text"]:
            return [self._pasted()]
        uploads = self.cleaned_data["uploads"]
        return [one for upload in uploads for one in _read(upload, self._fields(is_alone=len(uploads) == 1))]

    def _fields(self, *, is_alone: bool) -> dict[str, str]:
        sent = {name: self.cleaned_data[name] for name in (*_OF_ONE_ARTICLE, "source", "language", "genre")}
        return {name: value for name, value in sent.items() if value and (is_alone or name not in _OF_ONE_ARTICLE)}

    def _pasted(self) -> Found:
        text = self.cleaned_data["text"]
        try:
            return Ready(PASTED, draft_item({**self._fields(is_alone=True), "text": text}), len(text))
        except ItemRefusedError as refusal:
            return Refused(PASTED, refusal.errors)

    def show_errors(self, errors: Errors) -> None:
        """Say what is wrong with the one article that was sent, at the fields it is about."""
        for name, texts in errors.items():
            field = _FIELD_OF.get(name, name)
            if name == "text" and self.cleaned_data.get("uploads"):
                field = "uploads"
            self.add_error(field if field in self.fields else None, ValidationError(list(texts)))


class RevisionForm(forms.Form):
    """Another text of a known article, pasted."""

    text = forms.CharField(
        label="Text as it reads now",
        strip=False,
        widget=forms.Textarea(attrs={"class": "is-article", "dir": "auto", "rows": 20, "translate": "no"}),
        help_text="The whole article, its headline first, a paragraph on each line.",
    )

    def draft(self, article: Article) -> Draft | None:
        """The text with its zones; None, with its reasons at the field, when it cannot be stored."""
        try:
            return draft_item({"text": self.cleaned_data["text"], "title": article.title})
        except ItemRefusedError as refusal:
            self.add_error("text", ValidationError([text for texts in refusal.errors.values() for text in texts]))
            return None


class RatingForm(forms.Form):
    """How far a source can be relied on."""

    reliability = forms.ChoiceField(
        choices=[*Reliability.choices, ("", "Not rated")], required=False, widget=forms.RadioSelect
    )


def _read(upload: "UploadedFile[Any]", defaults: Mapping[str, str]) -> Iterator[Found]:
    """The articles of one file sent; what a file of many says is not said again for each by the form."""
    name = upload.name or "file"
    form, size = format_of(name), upload.size or 0
    try:
        if form is None:
            raise UnreadableError("Its name does not say what it is: .txt, .html or .jsonl.")
        if form == "jsonl":
            check_size(size, LARGEST_UPLOAD, "a JSONL file sent by this form")
            defaults = {key: value for key, value in defaults.items() if key not in _OF_ONE_ARTICLE}
        else:
            check_whole(size, form)
    except UnreadableError as error:
        yield Refused(name, {"file": [str(error)]}, size)
        return
    yield from read_stream(cast("BinaryIO", upload), name, form, defaults)


MOST_LINES = 9000
"""In a longer text the zones are not corrected by form."""


class ZonesForm:
    """The kind of zone of every block that is not blank, by block number: `zone-<index>`."""

    def __init__(self, blocks: Sequence[ZonedBlock], sent: Mapping[str, Any] | None = None) -> None:
        """The kinds as they stand, or as they were sent."""
        self.rows = [
            (zoned.block, sent.get(f"zone-{zoned.block.index}", "") if sent is not None else zoned.kind or "body")
            for zoned in blocks
            if not zoned.block.is_blank
        ]

    @property
    def is_too_long(self) -> bool:
        """Whether the text has more lines than a form can hold."""
        return len(self.rows) > MOST_LINES

    def zones(self) -> list[FoundZone]:
        """The zones sent. Raises ValidationError for a block of no known kind."""
        if self.is_too_long:
            raise ValidationError("This text has too many lines to be zoned by hand.")
        kinds: dict[str, Kind] = {kind: kind for kind in KINDS}
        for block, kind in self.rows:
            if kind not in kinds:
                raise ValidationError(f"The line {quoted(block.text)} has no known kind of zone.")
        return join_zones((block.start, block.end, kinds[kind]) for block, kind in self.rows)
