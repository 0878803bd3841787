"""One year of one fictional cluster: what its answers have in common."""

from __future__ import annotations

from dataclasses import dataclass

from annual_report.example.catalogue import Catalogue, Country, Course, Profile
from annual_report.example.dice import Dice, round_figures
from annual_report.measures.money import convert_money
from annual_report.rates import Rates

LAST_YEAR = 2023
"""The year that the catalogue describes."""

Answers = dict[str, object]


@dataclass(frozen=True)
class Season:
    """A cluster in one year.

    Parameters
    ----------
    year
        2023 as the catalogue has it, or the year before.
    """

    profile: Profile
    catalogue: Catalogue
    rates: Rates
    year: int
    seed: int

    @property
    def is_earlier(self) -> bool:
        return self.year < LAST_YEAR

    @property
    def country(self) -> Country:
        return self.catalogue.words.countries[self.profile.country]

    def dice(self, *topic: str) -> Dice:
        """The stream of one topic, the same in both years."""
        return Dice(self.seed, self.profile.id, *topic)

    def convert(self, usd: float, *, currency: str | None = None) -> float:
        """Dollars of 2023 in the currency of the country, at that year's average rate.

        The year before takes the same rate: what a plant costs at home does not follow the dollar.
        """
        goal = currency or self.country.currency
        return convert_money(usd, "USD", LAST_YEAR, to=goal, rates=self.rates).amount

    def step_back(self, course: Course, *topic: str) -> float:
        """The value of this year: that of 2023, or one uneven step back towards the baseline."""
        if not self.is_earlier:
            return course.value
        if course.baseline is None or course.baseline_year is None:
            return round_figures(course.value * 0.95, 3)
        pace = self.dice("pace", *topic).between(0.6, 1.4)
        step = (course.value - course.baseline) / (LAST_YEAR - course.baseline_year)
        decimals = len(f"{course.value:.6f}".rstrip("0").partition(".")[2])
        earlier = round(course.value - step * pace, decimals)
        return int(earlier) if earlier.is_integer() else earlier
