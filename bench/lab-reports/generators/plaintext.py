"""Plain text as interfaces and printers write it: fixed width, pipes, leaders, grids, prose."""

from __future__ import annotations

from datetime import timedelta

import catalogue_commonwealth as cw
import catalogue_eu as eu
import catalogue_us as us
from document import Document, Row, day, iso, moment
from people import DOCTORS, LABS, drawn_at, person, phone
from physiology import drift, draw
from rows import Style, plain, rows, some


def save(doc: Document, lines: list[str]) -> None:
    """Writes the text."""
    doc.path("txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def fixed_width(doc: Document) -> None:
    """A hospital mainframe: capitals, value and flag glued (`6.8H*`), units before the range, pages by form feed."""
    doc.about("fixed-width", "text", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last},{who.first}".upper()
    doc.patient, doc.collected = who.truth(name), iso(when)
    state, style = draw(doc.rng, doc.profile), Style(between="{lo} - {hi}", low="L", high="H", panic_low="L*", panic_high="H*")
    out: list[str] = []

    def head(page: int) -> None:
        out.extend([f"{LABS['us'][4].upper():<50}{'PAGE ' + str(page):>28}", f"LABORATORY SERVICE   CALL {phone(doc.rng, 'us')}  EXT 4410", "",
                    f"{name:<32}ID: {who.number}   DOB: {day(who.born, 'us')}   SEX: {who.sex}",
                    f"Provider: {DOCTORS['us'][0].upper():<22}Specimen: SERUM/BLOOD  CH {when:%m%d} {doc.rng.randrange(10, 99)}",
                    f"Specimen Collection Date: {moment(when, 'us-mon', '@', '%H:%M')}", "",
                    f"{'Test name':<24}{'Result':>9}    {'units':<12}{'Ref.   range':<20}Site Code", "-" * 78])

    head(1)
    page = 1
    for panel in ("Basic Metabolic Panel", "Hepatic Function Panel", "CBC with Auto Differential", "Coagulation"):
        if panel.startswith("CBC"):
            out.append("\f")
            page = 2
            head(page)
        for row in rows(us.C[panel], state, style):
            row = row.but(name=row.name.upper())
            out.append(f"{row.name:<24}{row.value:>9} {row.flag or '':<3}{row.unit or '':<12}{row.range or '':<20}[578]")
            doc.add(row, page)
            if row.flag in ("H*", "L*"):
                out.append(f"  Eval: Critical called to RN DOE, {moment(when + timedelta(minutes=52), 'us', ' at ', '%H%M')}, read back by 2 persons.")
    out.extend(["", "=" * 78, f"KEY: L=Abnormal low, H=Abnormal high, *=critical   {doc.sample()}", "Performing Lab [578] 2650 INVENTED RD, NOWHERE, NV 00000-1234"])
    save(doc, out)


def pipes(doc: Document) -> None:
    """Pipe-delimited with a heading line."""
    doc.about("pipe-delimited", "text", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    out = [f"# {LABS['us'][2]} | export 3.1 | {doc.sample()}", f"Patient|{name}|DOB|{who.born}|MRN|{who.number}|Sex|{who.sex}", f"Collected|{moment(when, 'iso')}",
           "Panel|Test|Result|Flag|Units|Reference|Status"]
    for panel in ("COMPREHENSIVE METABOLIC PANEL", "LIPID PANEL, STANDARD", "THYROID AND MORE"):
        for row in rows(us.B[panel], state, us.STYLE_B, panel):
            out.append(f"{panel}|{row.name}|{row.value}|{row.flag or ''}|{row.unit or ''}|{row.range or ''}|Final")
            doc.add(row)
    out.append(f"Comment|Specimen slightly haemolysed, index 2 of 4. Ring {phone(doc.rng, 'us')} with questions.")
    save(doc, out)


def piped_table(doc: Document) -> None:
    """A drawn table (`| … |` with rules of `+---+`), value with its unit, previous value in the next cell."""
    doc.about("ascii-table-previous", "text", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.last.upper()}, {who.first} (Mrs)" if who.sex == "F" else f"{who.last.upper()}, {who.first} (Mr)"
    doc.patient, doc.collected = who.truth(f"{who.last.upper()}, {who.first}"), iso(when)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.3), when - timedelta(days=93)
    style = Style(between="({lo} - {hi})", below="(< {hi})", above="(> {lo})", low="Low", high="High")
    lines = cw.GB["Full Blood Count"] + some(cw.GB["Other"], doc.rng, 6)
    rule = f"+{'-' * 34}+{'-' * 24}+{'-' * 16}+{'-' * 22}+"
    out = [LABS["gb"][0], f"Name: {name}    Born: {day(who.born, 'gb-words')}    Hospital No: {who.number}", f"Sample taken: {moment(when, 'gb')}",
           "", rule, f"| {'Investigation':<33}| {day(when, 'gb') + ' (this)':<23}| {day(before, 'gb') + ' ':<15}| {'Reference range':<21}|", rule]
    for row, was in zip(rows(lines, state, style), rows(lines, old, style)):
        cell = f"{row.value} {row.unit or ''}".strip() + (f" {row.flag}" if row.flag else "")
        out.append(f"| {row.name:<33}| {cell:<23}| {was.value:<15}| {row.range or '':<21}|")
        doc.add(row, previous=was.value)
    out.extend([rule, "", doc.sample(), "Reported electronically; not signed. End of report 1/1"])
    save(doc, out)


def leaders(doc: Document) -> None:
    """French, dotted leaders, older values in brackets at the end."""
    doc.about("dotted-leaders", "text", "fr")
    who, when = person(doc.rng, "fr"), drawn_at(doc.rng)
    name = f"{who.last.upper()} {who.first}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    old, before = drift(doc.rng, state, 0.25), when - timedelta(days=180)
    title = "Madame" if who.sex == "F" else "Monsieur"
    out = [LABS["fr"][0], f"Tél. {phone(doc.rng, 'fr')}", "", f"{title} {name}", f"Né(e) le {day(who.born, 'gb')}   Dossier n° {who.number}",
           f"Prélèvement du {moment(when, 'gb', ' à ', '%Hh%M')}   Prescripteur : {DOCTORS['fr'][0]}", ""]
    for panel in ("NUMERATION GLOBULAIRE", "FORMULE LEUCOCYTAIRE", "BILAN HEPATIQUE", "BILAN LIPIDIQUE"):
        out.extend(["", panel, "=" * len(panel), f"{'':<62}{'Valeurs de référence':<24}Antériorités"])
        for row, was in zip(rows(eu.FR[panel], state, eu.STYLE_FR, panel), rows(eu.FR[panel], old, eu.STYLE_FR)):
            result = f"{row.value} {row.unit or ''}"
            out.append(f"{row.name + ' ':.<38}: {(row.flag or ' ')}{result:<20} {row.range or '':<24}{day(before, 'fr2')} : {was.value}")
            doc.add(row, previous=was.value)
    out.extend(["", "Validé par : Dr P. Personne, biologiste médical", f"Page 1/1    {doc.sample()}"])
    save(doc, out)


def cumulative_text(doc: Document) -> None:
    """A British cumulative: dates across, oldest at the left; the range last; capitals mark nothing."""
    doc.about("time-grid-newest-right", "text", "en-GB")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first.upper()} {who.last.upper()}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    states, times = [draw(doc.rng, doc.profile)], [when]
    for _ in range(3):
        states.insert(0, drift(doc.rng, states[0], 0.2))
        times.insert(0, times[0] - timedelta(days=doc.rng.randrange(5, 40)))
    lines = [x for panel in ("Urea and Electrolytes", "Liver Function Tests", "Bone Profile", "Lipids") for x in cw.GB[panel]]
    style = Style(low=None, high=None)
    out = [f"{LABS['gb'][1]:^90}", f"{'CUMULATIVE CHEMISTRY':^90}", "", f"{name}   NHS No {who.number[:3]} {who.number[3:6]} {who.number[6:]}00   DoB {day(who.born, 'gb')}",
           f"Consultant {DOCTORS['gb'][0]}", "", " " * 36 + "".join(f"{day(t, 'gb'):>12}" for t in times), " " * 36 + "".join(f"{t.strftime('%H:%M'):>12}" for t in times), ""]
    doc.patient["identifier"] = f"{who.number[:3]} {who.number[3:6]} {who.number[6:]}00"
    columns = [rows(lines, s, style) for s in states]
    for i, row in enumerate(columns[-1]):
        out.append(f"{row.name:<22}{row.unit or '':<14}" + "".join(f"{c[i].value:>12}" for c in columns) + f"   {row.range or ''}")
        doc.add(row, previous=columns[-2][i].value)
    out.extend(["", f"Printed {moment(when + timedelta(days=1), 'gb')}   {doc.sample()}"])
    save(doc, out)


def blocks(doc: Document) -> None:
    """One test per block of `Key: value` lines; the collection time is given for each."""
    doc.about("blocks-key-value", "text", "en-US")
    who, when = person(doc.rng, "en"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when)
    state = draw(doc.rng, doc.profile)
    out = ["LABORATORY RESULT NOTIFICATION", doc.sample(), f"Patient Name: {name}", f"Date of Birth: {day(who.born, 'us-mon')}", f"Account: {who.number}", ""]
    found = rows(some(us.C["Cardiac"], doc.rng, 5), state, us.STYLE_C) + plain("""
        SARS-CoV-2 RNA, NAAT;Not Detected;;Not Detected
        ANA Titer;1:320;;<1:80;A
        Rapid Strep A Antigen;Positive;;Negative;A
        HIV 1/2 Ag/Ab Screen;Non-reactive;;Non-reactive
        Urine Ketones;2+;;Negative;A
    """)
    for i, row in enumerate(found, 1):
        out.extend([f"--- {i} of {len(found)} ---", f"Test:            {row.name}", f"Result:          {row.value}"])
        out.extend([f"Units:           {row.unit}"] if row.unit else [])
        out.extend([f"Reference Range: {row.range}"] if row.range else [])
        out.extend([f"Abnormal Flag:   {row.flag}"] if row.flag else [])
        out.extend([f"Collected:       {moment(when, 'us')}", "Status:          Final", ""])
        doc.add(row)
    save(doc, out)


def narrative(doc: Document) -> None:
    """Sentences; older values are named in them too."""
    doc.about("narrative", "text", "en-US")
    who, when = person(doc.rng, "en", "M"), drawn_at(doc.rng)
    name = f"{who.first} {who.last}"
    doc.patient, doc.collected = who.truth(name), iso(when, time=False)
    s = draw(doc.rng, doc.profile)
    old = drift(doc.rng, s, 0.2)
    style = Style(between="{lo} to {hi}")
    by_key = {r.key: r for r in rows(us.A["Comp. Metabolic Panel (14)"] + us.A["Lipid Panel"] + us.A["Other"] + us.A["Thyroid Panel With TSH"], s, style)}

    def said(key: str, called: str, **more) -> str:
        row = doc.add(by_key[key].but(name=called, flag=None), **{"range": None, **more})
        return f"{row.value} {row.unit}".strip()

    was = {r.key: r.value for r in rows(us.A["Other"] + us.A["Lipid Panel"], old, style)}
    out = [LABS["us"][3], f"Re: {name}   Date of birth {day(who.born, 'us')}   Chart number {who.number}", doc.sample(), "",
           f"Laboratory summary of the blood drawn on {day(when, 'us')}.", "",
           f"Sodium was {said('na', 'Sodium')} and potassium {said('k', 'potassium')}. Creatinine was {said('creat', 'Creatinine')},",
           f"with a BUN of {said('bun', 'BUN')}. Calcium came back at {said('ca', 'Calcium')}.",
           f"Hemoglobin A1c was {said('a1c', 'Hemoglobin A1c', previous=was['a1c'])} (was {was['a1c']} % six months ago).",
           f"Total cholesterol was {said('chol', 'Total cholesterol', previous=was['chol'])}, down or up from {was['chol']} last year;",
           f"HDL cholesterol {said('hdl', 'HDL cholesterol')}, triglycerides {said('tg', 'triglycerides')}.",
           f"TSH was {said('tsh', 'TSH')} (reference {by_key['tsh'].range}).", "", "He will return in 12 weeks, sooner if weight falls by more than 5 lb. 30 tablets were given.",
           DOCTORS["us"][2]]
    for test in doc.tests:
        if test["name"] == "TSH":
            test["range"] = by_key["tsh"].range
    save(doc, out)


DESIGNS = {
    "txt-fixed": (fixed_width, "renal"), "txt-fixed-2": (fixed_width, "bleed"), "txt-pipes": (pipes, "diabetes"), "txt-ascii": (piped_table, "anaemia"),
    "txt-leaders": (leaders, "liver"), "txt-cumul": (cumulative_text, "low-na"), "txt-blocks": (blocks, "heart"), "txt-prose": (narrative, "diabetes"),
}
