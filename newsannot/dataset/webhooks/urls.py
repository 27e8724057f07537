"""Routes of webhooks, under /account/webhooks/."""

from django.urls import path

from newsannot.dataset.webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("<int:webhook_id>/", views.webhook, name="webhook"),
    path("<int:webhook_id>/switch/", views.switch, name="switch"),
    path("<int:webhook_id>/delete/", views.delete, name="delete"),
    path("<int:webhook_id>/secret/", views.renew, name="secret"),
    path("<int:webhook_id>/ping/", views.ping, name="ping"),
    path("<int:webhook_id>/replay/", views.send_again, name="replay"),
]
