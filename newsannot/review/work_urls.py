"""Routes of one's own work, under /work/."""

from django.urls import path

from newsannot.review.views import people, work

app_name = "work"

urlpatterns = [
    path("", work.mine, name="mine"),
    path("figures/", people.mine, name="figures"),
    path("figures/<slug:of>/", people.my_cases, name="cases"),
    path("next/", work.take, name="next"),
    path("<int:assignment_id>/again/", work.resume, name="again"),
    path("<int:assignment_id>/compare/", work.compare, name="compare"),
    path("<int:assignment_id>/result/", work.result, name="result"),
]
