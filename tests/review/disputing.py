"""Two readings that differ, compared: what tests of rulings and comments begin with."""

from dataclasses import dataclass

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.models import Revision
from newsannot.review.merging import merge_readings
from newsannot.review.models import Dispute, Ruling
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import rule
from tests.factories import a_reading, a_revision, a_statement, a_user


@dataclass(frozen=True)
class Disputed:
    """Ana said direct, Ben indirect; Eva the editor compared them."""

    ana: User
    ben: User
    eva: User
    anas: Reading
    bens: Reading
    dispute: Dispute

    @property
    def curated(self) -> Reading:
        return Reading.objects.curated().get(revision=self.anas.revision)

    @property
    def record(self) -> Annotation:
        """Ana's."""
        return self.anas.annotations.get()

    def rule(self, choice: int | None = 1, **fields: object) -> Ruling:
        """Decide, for Ben unless told otherwise."""
        return rule(dispute=self.dispute, choice=choice, by=self.eva, **fields).ruling


def disputed(
    ana: User | None = None, ben: User | None = None, revision: Revision | None = None, eva: User | None = None
) -> Disputed:
    ana, ben = ana or a_user(first_name="Ana"), ben or a_user(first_name="Ben")
    eva, revision = eva or a_user(Role.EDITOR, first_name="Eva"), revision or a_revision()
    readings = []
    for by, mode in ((ana, "direct"), (ben, "indirect")):
        reading = a_reading(by, revision)
        a_statement(reading, mode=mode)
        readings.append(submit_reading(reading=reading, by=by))
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=eva)
    dispute = Dispute.objects.get(curated__reading__revision=revision)
    return Disputed(ana, ben, eva, *readings, dispute)
