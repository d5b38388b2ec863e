"""What a reading report tells."""

from lorewright.documents import ReadingReport


def test_pages_that_are_pictures_are_named_one_by_one() -> None:
    assert ReadingReport(n_pages=3, unread_pages=(2,)).notices == (
        "page 2 of 3 is a picture and was not read",
    )
    assert ReadingReport(n_pages=9, unread_pages=(2, 4, 5, 6)).notices == (
        "pages 2, 4-6 of 9 are pictures and were not read",
    )


def test_a_page_of_which_most_was_left_out_says_so() -> None:
    assert ReadingReport(n_visible=1000, n_kept=120).notices == ("only 12% of the visible text was kept",)
    assert ReadingReport(n_visible=1000, n_kept=900).notices == ()


def test_what_was_left_out_on_purpose_is_no_notice() -> None:
    report = ReadingReport().with_left_out("menus (40 characters)")

    assert report.notices == ()
    assert ReadingReport.from_json(report.as_json()) == report
