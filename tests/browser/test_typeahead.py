"""Naming actors while typing: found by any name, chosen by keyboard or mouse, created in place, taken off again."""

import pytest
from playwright.sync_api import Locator

from newsannot.actors.models import Actor
from newsannot.statements.models import Statement
from tests.browser.conftest import OpenWorkbench
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import an_actor

TEXT = "“We will close the strait,” Minister Adaeze Obi said on Monday."


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    """A statement whose form is open, and two ministers to choose from."""
    an_actor("Adaeze Obi")
    an_actor("Adaeze Okafor")
    workbench = open_workbench(TEXT)
    workbench.drag_over(0, "We will close the strait")
    workbench.mark("s")
    return workbench


def speaker(workbench: WorkbenchPage) -> Locator:
    """The field of the statement's speaker."""
    return workbench.page.locator(".typeahead[data-name=speaker]")


def type_into(workbench: WorkbenchPage, words: str) -> Locator:
    """Type into the speaker's field and wait for what is offered."""
    field = speaker(workbench)
    field.get_by_role("combobox").press_sequentially(words)
    field.get_by_role("option").first.wait_for()
    return field


def speaker_name(workbench: WorkbenchPage) -> str | None:
    """The saved speaker, once nothing is under way."""
    workbench.wait_until_confirmed()
    statement = Statement.objects.get(reading=workbench.reading)
    return statement.speaker.name if statement.speaker else None


def test_arrows_and_enter_choose_an_actor_and_save_it(workbench: WorkbenchPage) -> None:
    type_into(workbench, "adaeze")
    workbench.press("ArrowDown", "Enter")
    workbench.wait_for(lambda: speaker_name(workbench) is not None)
    assert speaker_name(workbench) in ("Adaeze Obi", "Adaeze Okafor")
    assert speaker(workbench).locator(".chip").count() == 1
    assert speaker(workbench).get_by_role("listbox").count() == 0


def test_the_active_option_is_named_for_screen_readers(workbench: WorkbenchPage) -> None:
    field = type_into(workbench, "okafor")
    box = field.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "true"
    active = workbench.page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    assert active.get_attribute("data-name") == "Adaeze Okafor"


def test_a_click_chooses_an_actor(workbench: WorkbenchPage) -> None:
    field = type_into(workbench, "okafor")
    field.get_by_role("option", name="Adaeze Okafor").first.click()
    workbench.wait_for(lambda: speaker_name(workbench) == "Adaeze Okafor")


def test_escape_closes_the_list_and_keeps_the_focus(workbench: WorkbenchPage) -> None:
    field = type_into(workbench, "adaeze")
    workbench.press("Escape")
    assert field.get_by_role("option").count() == 0
    assert workbench.page.evaluate("() => document.activeElement.role") == "combobox"
    workbench.press("Escape")
    assert workbench.page.evaluate("() => document.activeElement.id") == "text"


def test_an_actor_nobody_knows_is_created_in_place(workbench: WorkbenchPage) -> None:
    field = type_into(workbench, "Zoltan Unheard")
    field.locator("[data-create=person]").click()
    workbench.wait_for(lambda: speaker_name(workbench) == "Zoltan Unheard")
    assert Actor.objects.get(name="Zoltan Unheard").kind == "person"


def test_an_actor_is_created_as_another_kind_than_the_one_it_sounds_like(workbench: WorkbenchPage) -> None:
    field = type_into(workbench, "Zoltan Unheard")
    assert field.locator("[data-create]:visible").count() == 1
    workbench.press("ArrowDown", "Enter")
    field.get_by_role("option", name="State").wait_for()
    assert field.locator("[data-more]").count() == 0
    workbench.press("Enter")
    workbench.wait_for(lambda: speaker_name(workbench) == "Zoltan Unheard")
    assert Actor.objects.get(name="Zoltan Unheard").kind == "state"


def test_a_chip_is_taken_off_and_the_field_is_typed_into_again(workbench: WorkbenchPage) -> None:
    type_into(workbench, "okafor")
    workbench.press("Enter")
    workbench.wait_for(lambda: speaker_name(workbench) == "Adaeze Okafor")
    speaker(workbench).get_by_role("button", name="Remove Adaeze Okafor").click()
    workbench.wait_for(lambda: speaker_name(workbench) is None)
    assert speaker(workbench).get_by_role("combobox").is_visible()


def test_what_is_typed_fast_shows_the_last_answer_alone(workbench: WorkbenchPage) -> None:
    an_actor("Adamu Bello")
    field = type_into(workbench, "ada")
    field.get_by_role("combobox").press_sequentially("eze okafor")
    bello = field.get_by_role("option", name="Adamu Bello")
    workbench.wait_for(lambda: field.get_by_role("option", name="Adaeze Okafor").count() > 0 and bello.count() == 0)
    workbench.page.wait_for_timeout(300)
    assert bello.count() == 0


def test_whom_the_source_names_is_offered_before_anything_is_typed(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Adaeze Obi")
    workbench.press("1")
    workbench.wait_until_confirmed()
    speaker(workbench).get_by_role("combobox").focus()
    speaker(workbench).get_by_role("option", name="Adaeze Obi").first.wait_for()
    workbench.press("Enter")
    workbench.wait_for(lambda: speaker_name(workbench) == "Adaeze Obi")


def test_enter_takes_the_first_that_answers_to_what_is_typed_and_no_older_one(workbench: WorkbenchPage) -> None:
    type_into(workbench, "adaeze")
    workbench.page.keyboard.type(" okafor")
    workbench.page.keyboard.press("Enter")
    workbench.wait_for(lambda: speaker_name(workbench) is not None)
    assert speaker_name(workbench) == "Adaeze Okafor"


def test_the_focus_goes_to_who_was_chosen_without_a_card_in_the_way(workbench: WorkbenchPage) -> None:
    type_into(workbench, "okafor")
    workbench.press("Enter")
    workbench.wait_for(lambda: speaker_name(workbench) == "Adaeze Okafor")
    focused = "() => document.activeElement.getAttribute('aria-label')"
    assert workbench.page.evaluate(focused) == "Remove Adaeze Okafor"
    workbench.page.wait_for_timeout(500)
    assert not workbench.page.locator("#actor-card").is_visible()


def test_the_focus_stays_on_an_actor_that_was_just_recorded(workbench: WorkbenchPage) -> None:
    type_into(workbench, "Zoltan Unheard")
    workbench.press("Enter")
    workbench.wait_for(lambda: speaker_name(workbench) == "Zoltan Unheard")
    workbench.wait_for(
        lambda: workbench.page.evaluate("() => document.activeElement.ariaLabel") == "Remove Zoltan Unheard"
    )
