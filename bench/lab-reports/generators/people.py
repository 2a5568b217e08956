"""Invented patients, laboratories and doctors. Every surname says that nobody is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

SURNAMES = {
    "en": ["Sampleton", "Testerman", "Mockridge", "Fakenham", "Dummett", "Sampler", "Placeholder", "Synthwell"],
    "de": ["Mustermann", "Beispiel", "Testfall", "Probst-Muster", "Erfunden"],
    "fr": ["Exemple", "Fictif", "Imaginaire", "Dutest", "Modèle"],
    "es": ["Ejemplo Ficticio", "Ficticio Soñado", "Inventado Modelo", "Figurado Ejemplo"],
    "it": ["Esempi", "Immaginari", "Finzioni", "Finti"],
    "pt": ["Exemplo da Silva", "Inventado Ramos", "Fictício Pereira", "Modelo Souza"],
    "in": ["Namoona", "Udaharan", "Kalpanik", "Pariksha"],
}
FEMALE = {
    "en": ["Alice", "Martha", "Joan", "Denise", "Ruth"], "de": ["Erika", "Ute", "Sabine", "Lotte"], "fr": ["Camille", "Odile", "Hélène", "Mireille"],
    "es": ["Lucía", "Carmen", "Pilar"], "it": ["Giulia", "Rosa", "Chiara"], "pt": ["Ana", "Beatriz", "Helena"], "in": ["Anita", "Kavita", "Meena"],
}
MALE = {
    "en": ["Peter", "Harold", "Samuel", "Walter", "Ivan"], "de": ["Max", "Horst", "Jürgen", "Otto"], "fr": ["Jean", "Luc", "Étienne"],
    "es": ["Andrés", "Julio", "Raúl"], "it": ["Marco", "Paolo", "Ugo"], "pt": ["João", "Rui", "Caio"], "in": ["Ramesh", "Suresh", "Vijay"],
}
LABS = {
    "us": ["Bluegrass Reference Laboratories", "Tri-County Clinical Lab", "Prairie Diagnostics LLC", "Harborview Pathology Group", "Mesa Verde Medical Center"],
    "gb": ["Fenwick Vale Pathology", "Marlow & Thame Hospitals", "Kirkbride Health Laboratories"],
    "in": ["Suvarna Diagnostics", "Nidaan Path Labs Pvt. Ltd.", "Arogya Kiran Laboratory"],
    "de": ["Labor Dr. Musterfeld MVZ", "Medizinisches Labor Weidental", "Laborgemeinschaft Niederau"],
    "fr": ["Laboratoire des Trois Fontaines", "BioVallée Analyses", "Laboratoire du Vieux Pont"],
    "es": ["Laboratorio Clínico Sierra Alta", "Análisis Clínicos Ribera"],
    "it": ["Laboratorio Analisi San Quirico", "Centro Diagnostico Poggio Verde"],
    "br": ["Laboratório Vila Aurora", "Diagnósticos Serra Azul"],
    "pt": ["Laboratório Quinta do Mocho", "Análises Clínicas Foz Velha"],
}
DOCTORS = {
    "us": ["D. Inventor, MD", "K. Nobody, DO", "R. Fable, NP"], "gb": ["Dr A Fable", "Dr N Oone"], "in": ["Dr. S. Kalpana", "Dr. (Mrs) P. Katha"],
    "de": ["Dr. med. E. Fabel", "Dr. N. Niemand"], "fr": ["Dr Fable", "Dr P. Personne"], "es": ["Dra. Fábula", "Dr. Nadie"],
    "it": ["Dott.ssa Favola", "Dott. Nessuno"], "br": ["Dra. Fábula", "Dr. Ninguém"], "pt": ["Dr. Fábula", "Dra. Ninguém"],
}


@dataclass(frozen=True)
class Person:
    """A patient; `sex` is F or M."""

    first: str
    last: str
    born: date
    sex: str
    number: str

    def truth(self, printed: str, identifier: str | None = None) -> dict:
        """The truth file's patient; `printed` is the name as it stands on the page."""
        return {"name": printed, "birthDate": self.born.isoformat(), "identifier": identifier or self.number}

    def age(self, when: datetime) -> int:
        """Years at a time."""
        return when.year - self.born.year - ((when.month, when.day) < (self.born.month, self.born.day))


def person(rng: Random, language: str, sex: str | None = None) -> Person:
    """One patient; `language` as in the tables above."""
    sex = sex or rng.choice("FM")
    first = rng.choice((FEMALE if sex == "F" else MALE)[language])
    born = date(1934, 1, 1) + timedelta(days=rng.randrange(25000))
    return Person(first, rng.choice(SURNAMES[language]), born, sex, str(rng.randrange(10**7, 10**8)))


def drawn_at(rng: Random) -> datetime:
    """When a sample was taken."""
    return datetime(2023, 1, 2) + timedelta(days=rng.randrange(900), minutes=rng.randrange(6 * 60 + 30, 16 * 60))


def phone(rng: Random, country: str) -> str:
    """A telephone number from ranges kept for fiction, or plainly invented."""
    n = rng.randrange(100, 1000)
    shapes = {"us": f"(555) 555-0{n}", "gb": f"01632 960{n}", "de": f"0{n} / 555 01-{n % 90 + 10}", "fr": f"01 99 00 {n // 10:02d} {n % 90 + 10}",
              "in": f"+91 00000 00{n}", "es": f"900 000 {n}", "it": f"0{n % 90 + 10} 5550{n}", "br": f"(00) 5555-0{n}", "pt": f"200 000 {n}"}
    return shapes[country]
