"""Users with a role, and the API tokens they make."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Role(models.TextChoices):
    """What a person may do; code branches on it, so it is closed."""

    READER = "reader", "Reader (API only)"
    ANALYST = "analyst", "Analyst"
    EDITOR = "editor", "Editor"
    ADMIN = "admin", "Administrator"


class Scope(models.TextChoices):
    """What a token may be used for, within what its owner may do."""

    READ_CURATED = "read:curated", "Read published records"
    WRITE_ARTICLES = "write:articles", "Add articles"
    WRITE_ANNOTATIONS = "write:annotations", "Read and write annotations"


class People(UserManager["User"]):
    """Makes users, so that whoever is superuser has the role to go with it."""

    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        """Make the first administrator (`manage.py createsuperuser`)."""
        return super().create_superuser(username, email, password, **{"role": Role.ADMIN, **extra_fields})


class User(AbstractUser):
    """Somebody who signs in."""

    role = models.CharField(max_length=16, choices=Role, default=Role.READER)
    wants_digest = models.BooleanField(default=True, help_text="Is sent a mail a day while something is unread.")

    objects: ClassVar[People] = People()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known")]

    @property
    def is_analyst(self) -> bool:
        """May annotate: analysts, and editors and administrators too."""
        return self.role in {Role.ANALYST, Role.EDITOR, Role.ADMIN}

    @property
    def is_editor(self) -> bool:
        """May review and publish."""
        return self.role in {Role.EDITOR, Role.ADMIN}

    @property
    def is_admin(self) -> bool:
        """May manage users."""
        return self.role == Role.ADMIN

    @property
    def label(self) -> str:
        """The name shown to colleagues."""
        return self.get_full_name() or self.username


class Token(models.Model):
    """A key to the API. Only the SHA-256 of it is kept; the key itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12, help_text="The first characters, to recognise the key by.")
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope))
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
