"""Invented patients and dates, by country, from a seeded source."""
from datetime import datetime, timedelta

from model import Patient

NAMES = {
    "us": (["Carter", "Nguyen", "Whitfield", "Okafor", "Delgado", "Brandt", "Harlow", "Pruitt", "Yamada", "Costello", "Abernathy", "Lindqvist"],
           ["Marcus", "Theodore", "Julian", "Wesley", "Raymond"], ["Denise", "Rosalind", "Tamara", "Joyce", "Evelyn"]),
    "uk": (["Pemberton", "Ashworth", "Gallagher", "Sidhu", "Thornton", "Mackie", "Adeyemi", "Rowntree"],
           ["Alistair", "Graham", "Colin", "Neville"], ["Maureen", "Fiona", "Bronwen", "Hazel"]),
    "in": (["Raghunathan", "Deshpande", "Chatterjee", "Bhatia", "Kulkarni", "Nair", "Thakur", "Iyengar"],
           ["Suresh", "Vikram", "Manoj", "Arvind"], ["Lakshmi", "Meena", "Kavita", "Shobha"]),
    "de": (["Brinkmann", "Vogelsang", "Hollmann", "Krüger", "Schäfer", "Niemeyer", "Lüders", "Oberhauser"],
           ["Jürgen", "Dieter", "Holger", "Matthias"], ["Renate", "Ingrid", "Heike", "Gudrun"]),
    "fr": (["LEFEBVRE", "BEAUCHAMP", "ROUSSEAU", "CHEVALLIER", "MARCHAND", "DUBREUIL"],
           ["Étienne", "Gérard", "Philippe"], ["Hélène", "Monique", "Sylvie"]),
    "es": (["Echevarría Soto", "Villalba Ramos", "Quintero Peña", "Montalvo Ruiz", "Zambrano Gil"],
           ["Ignacio", "Rodrigo", "Esteban"], ["Pilar", "Consuelo", "Marisol"]),
    "it": (["Bertolini", "Colombari", "Fontanelli", "Gargiulo", "Mastroianni"],
           ["Giancarlo", "Massimo", "Ettore"], ["Ornella", "Loredana", "Graziella"]),
    "pt": (["Figueiredo Lopes", "Cavalcanti Braga", "Teixeira Moura", "Sampaio Nunes", "Vasconcelos Pinto"],
           ["Joaquim", "Edmilson", "Rui"], ["Conceição", "Lúcia", "Fátima"]),
    "eg": (["Abdel Fattah", "El Sherbiny", "Mansour", "Hegazy", "Shaarawy"],
           ["Hossam", "Tarek", "Ashraf"], ["Nagwa", "Samira", "Dalia"]),
}


def patient(rng, country, sex=None, order="last-first", ident=None):
    last, men, women = NAMES[country]
    sex = sex or rng.choice("mf")
    first, family = rng.choice(men if sex == "m" else women), rng.choice(last)
    name = {"last-first": f"{family}, {first}", "first-last": f"{first} {family}",
            "upper": f"{family.upper()}, {first.upper()}", "FIRST LAST": f"{first} {family}".upper()}[order]
    born = datetime(rng.randint(1938, 2001), rng.randint(1, 12), rng.randint(1, 28))
    return Patient(name, born, ident or f"{rng.randint(10**6, 10**7 - 1)}", sex)


def moment(rng, year=2025):
    return datetime(year, rng.randint(1, 10), rng.randint(2, 27), rng.randint(6, 16), rng.randint(0, 59))


def later(at, hours):
    return at + timedelta(hours=hours)
