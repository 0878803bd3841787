"""Further clusters for scale tests: new names over the figures of the hand-written ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from annual_report.example.catalogue import Catalogue, Course, Profile, Project, Syllables
from annual_report.example.dice import Dice, round_figures
from annual_report.example.messes import is_artefact


def extend_catalogue(catalogue: Catalogue, *, clusters: int, seed: int) -> Catalogue:
    """Keep the first of the hand-written clusters, or add invented ones, up to a number."""
    profiles = list(catalogue.profiles[:clusters])
    projects, cases = dict(catalogue.projects), dict(catalogue.cases)
    quotes = dict(catalogue.quotes)
    taken = {p.name for p in (*profiles, *catalogue.leavers)}
    names = _invent_names(catalogue.words.syllables, taken, seed)
    while len(profiles) < clusters:
        dice = Dice(seed, "invention", len(profiles))
        model = dice.pick(catalogue.profiles)
        profile = _invent_profile(model, next(names), number=len(profiles) + 1, dice=dice)
        profiles.append(profile)
        projects[profile.id] = [_adopt(p, model, profile) for p in catalogue.projects[model.id]]
        cases[profile.id] = catalogue.cases[model.id]
        quotes[profile.id] = catalogue.quotes[model.id]
    return replace(
        catalogue, profiles=tuple(profiles), projects=projects, cases=cases, quotes=quotes
    )


def _invent_names(syllables: Syllables, taken: set[str], seed: int) -> Iterator[str]:
    dice, known = Dice(seed, "names"), set(taken)
    while True:
        parts = [dice.pick(part) for part in (syllables.first, syllables.second, syllables.third)]
        name = f"{''.join(parts)} {dice.pick(syllables.kind)}"
        if name not in known:
            known.add(name)
            yield name


def _invent_profile(model: Profile, name: str, *, number: int, dice: Dice) -> Profile:
    size = dice.between(0.4, 1.6)
    place = name.rpartition(" ")[0]
    figures = {
        "companies": max(5, round(model.companies * size)),
        "potential": round(model.potential * size, 1),
        "gdp": round_figures(model.gdp * size, 3),
        "jobs": None if model.jobs is None else round(model.jobs * size, 1),
        "needed": None if model.needed is None else round_figures(model.needed * size, 3),
        "emissions": _scale(model.emissions, size),
        "latitude": round(model.latitude + dice.between(-1.5, 1.5), 2),
        "longitude": round(model.longitude + dice.between(-1.5, 1.5), 2),
        "joined": dice.pick((2021, 2022, 2022, 2023)),
    }
    return model.model_copy(
        update={
            **figures,
            "id": f"{_spell_id(name)}-{number}",
            "name": name,
            "places": (place, f"{place} North", f"{place} East", f"{place} Harbour"),
            "typed": {k: v for k, v in model.typed.items() if not is_artefact(v)},
        }
    )


def _scale(course: Course, size: float) -> Course:
    baseline, _, value, target, _ = course
    return course._replace(
        baseline=None if baseline is None else round(baseline * size, 1),
        value=round(value * size, 1),
        target=None if target is None else round(target * size, 1),
    )


def _adopt(project: Project, model: Profile, profile: Profile) -> Project:
    size = profile.potential / model.potential
    name = project.name
    for old in model.places:
        name = name.replace(old, profile.places[0])
    return project.model_copy(
        update={
            "cluster": profile.id,
            "name": name,
            "abatement_kt": round_figures(project.abatement_kt * size, 3),
            "capex_musd": round_figures(project.capex_musd * size, 3),
        }
    )


def _spell_id(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
