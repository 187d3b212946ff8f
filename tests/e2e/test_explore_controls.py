"""Explore's controls in a real browser: few at first, all within reach; colours leave selections alone."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.e2e.explore_steps import choose, idle

FIRST_MS = 120_000
NEXT_MS = 60_000
MOST_CONTROLS = 15

CONTROLS = """() => {
    // What can be set or pressed. A row of options and the legend are one control each; the site's header,
    // the help marks beside labels and the arrows of lists are none.
    const all = document.querySelectorAll("button, input, select, textarea, summary, a[href], "
        + "[role=tab], [role=slider], [role=combobox], [role=switch]");
    const shown = [...all].filter((e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
        && e.getBoundingClientRect().width > 1 && !e.closest("header")
        && !e.closest("[data-testid=stTooltipHoverTarget]") && e.ariaLabel !== "Open");
    const groups = shown.map((e) => e.closest("[role=radiogroup], .map-legend") ?? e);
    return [...new Set(groups)].map((e) => e.ariaLabel || e.title || e.innerText || e.className);
}"""


@pytest.fixture(scope="module")
def open_page(browser, app_url):
    """Open Explore on the demo once its map is there."""
    contexts = []

    def open_(query: str = "", script: str = "", **options) -> Page:
        contexts.append(browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options}))
        if script:
            contexts[-1].add_init_script(script)
        page = contexts[-1].new_page()
        page.set_default_timeout(NEXT_MS)
        expect.set_options(timeout=NEXT_MS)
        page.goto(f"{app_url}/?on=demo&{query}")
        page.locator(".soundmap[data-points]").wait_for(timeout=FIRST_MS)
        idle(page)
        return page

    yield open_
    for context in contexts:
        context.close()


def chosen(page: Page) -> list[int]:
    return sorted(page.evaluate("Array.from(songscapeMap.chosen ?? [])"))


def test_at_most_fifteen_controls_are_visible_at_first(open_page):
    page = open_page()
    page.mouse.move(5, 5)
    expect(page.locator("[data-testid=stSidebar]")).to_be_visible()
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.map-tools .tool-lasso')).opacity === '0'"
    )
    shown = page.evaluate(CONTROLS)
    assert {"Collection", "Modality", "Colour", "Search", "Text weight"} <= set(shown)
    assert len(shown) <= MOST_CONTROLS, shown
    tool = page.get_by_role("button", name="Zoom in")
    page.locator(".map-canvas").hover()
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.map-tools .tool-lasso')).opacity === '1'"
    )
    tool.click()
    page.mouse.move(5, 5)
    tool.focus()  # the keyboard reaches them too
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.map-tools .tool-lasso')).opacity === '1'"
    )


def test_the_rest_is_behind_parameters_and_links_set_it(open_page):
    page = open_page("cluster=ward&map=pca&k=5")
    expect(page.get_by_text(re.compile(r"Ward.*, k = 5 · PCA"))).to_be_visible()
    projection = page.get_by_role("combobox", name="Projection")
    expect(projection).to_have_count(0)
    page.get_by_text("Parameters", exact=True).click()
    expect(projection).to_have_value("PCA")
    for label in ("Audio representation", "Text representation", "Fusion", "Clustering", "Standardise"):
        expect(page.get_by_role("combobox", name=label, exact=True)).to_be_visible()
    assert page.get_by_role("slider", name="Text weight").count() == 1  # the map's


def test_without_webgl2_the_sidebar_has_the_slider_of_the_text_weight(open_page):
    page = open_page(
        script="""const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind === "webgl2" ? null : get.call(this, kind, ...rest);
        };"""
    )
    page.get_by_text("Parameters", exact=True).click()
    slider = page.get_by_role("slider", name="Text weight")
    expect(slider).to_have_count(1)
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"weight=0\.55"))


def test_a_descriptor_is_measured_once_and_colours_the_map(open_page):
    page = open_page()
    choose(page, "Colour", "Tempo")
    page.wait_for_function("songscapeMap.legend.scale", timeout=FIRST_MS)
    low, high = page.evaluate("songscapeMap.legend.ends")
    assert low.startswith("Tempo: ") and low.endswith(" BPM") and high.endswith(" BPM")
    expect(page.locator(".map-legend")).to_contain_text(low)
    assert len(set(page.evaluate("songscapeMap.legend.groups.map((group) => group.colour)"))) > 20
    again = open_page("colour=descriptor:loudness_db")
    again.wait_for_function("songscapeMap.legend.ends[1].endsWith(' dB')")


def test_similarity_asks_for_a_phrase_and_trust_is_computed(open_page):
    page = open_page("colour=similarity")
    expect(page.get_by_text(re.compile("Type a phrase into the search field"))).to_be_visible()
    page.get_by_role("searchbox", name="Search").fill("a slow sad song")
    page.keyboard.press("Enter")
    page.wait_for_function("songscapeMap.legend.ends[0].startsWith('Similarity')")
    choose(page, "Colour", "Trust (neighbours preserved)")
    page.wait_for_function("songscapeMap.legend.ends[0].startsWith('Neighbours preserved')")


def test_a_text_filter_selects_and_is_kept_when_colours_weight_and_projection_change(open_page):
    page = open_page()
    page.get_by_role("tab", name="Tracks").click()
    field = page.get_by_label("Text filter")
    field.fill("gloria")
    field.press("Enter")
    page.wait_for_function("songscapeMap.chosen")
    rows = chosen(page)
    expect(page.get_by_text(f"Selection: {len(rows)} tracks")).to_be_visible()
    assert 1 < len(rows) < 50
    choose(page, "Colour", "Label")
    page.wait_for_function("songscapeMap.legend.groups[0].name !== 'Cluster 1'")
    assert chosen(page) == rows
    page.get_by_text("Parameters", exact=True).click()
    choose(page, "Projection", "PCA")
    expect(page).to_have_url(re.compile("map=pca"))
    page.get_by_role("slider", name="Text weight").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"weight=0\.55"))
    idle(page)
    assert chosen(page) == rows
    expect(page).to_have_url(re.compile("filter=gloria"))
    field.fill("no track says this")
    field.press("Enter")
    expect(page.get_by_text(re.compile("Try part of a word"))).to_be_visible()
    page.wait_for_function("!songscapeMap.chosen")
    link = open_page("filter=gloria")
    assert chosen(link) == rows


def test_hits_and_their_scores_stand_beside_the_map_without_scrolling(open_page):
    page = open_page("find=a slow sad song for choir")
    rows = page.locator("[data-testid=stTabs] .deck .row")
    expect(rows).to_have_count(20)
    dock = page.locator(".st-key-explore-dock").bounding_box()["y"]
    tops = rows.evaluate_all(
        """(all) => all.filter((row) => {
            const list = row.closest(".rows").getBoundingClientRect(), score = row.querySelector(".label");
            return row.getBoundingClientRect().bottom <= list.bottom + 1 && score.clientWidth > 20
                && /^-?\\d\\.\\d\\d$/.test(score.textContent);
        }).map((row) => row.getBoundingClientRect().bottom)"""
    )
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert len(tops) >= 15 and max(tops) <= dock
    legend = page.locator(".map-stage").bounding_box()
    assert legend["y"] < min(tops)


@pytest.mark.parametrize("colour", ["cluster", "label"])
def test_a_phone_shows_names_in_full(open_page, colour):
    page = open_page(
        f"colour={colour}", viewport={"width": 375, "height": 812}, has_touch=True, is_mobile=True
    )
    cut = page.locator(".map-group").evaluate_all(
        """(all) => all.filter((item) => {
            const box = item.getBoundingClientRect(), { bottom } = item.parentElement.getBoundingClientRect();
            return box.bottom > bottom + 1 || box.right > innerWidth || item.scrollWidth > item.clientWidth;
        }).map((item) => item.innerText)"""
    )
    assert cut == [] and page.locator(".map-group").count() >= 8
    page.locator(".map-group").first.click()
    labels = page.locator(".deck .row .label")
    expect(labels.first).to_be_visible()
    assert labels.evaluate_all("(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).length") == 0
