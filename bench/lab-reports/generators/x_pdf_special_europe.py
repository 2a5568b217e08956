"""Unusual designs with a text layer: special laboratories of Italy, Belgium, Austria, Germany, Sweden, Portugal."""

from __future__ import annotations

from document import Document
from x_base import design, page, rows, small, table, who, words


@design("x-it-coag", "x-coag-rows-under-one-name", "it")
def it_coag(doc: Document) -> None:
    """A name once, then its seconds, percent and ratio on lines of their own."""
    who(doc, "FINTI UGO", "1944-08-08", "0098812", "2024-04-18T07:55")
    s = page(doc, points=9, face="Serif")
    words(s, 50, (298, "AZIENDA OSPEDALIERA MONTEFINTO", "cb"))
    words(s, 64, (298, "Laboratorio di Emostasi e Trombosi", "c"))
    words(s, 90, (60, "Sig. FINTI UGO"), (540, "nato il 08/08/1944", "r"))
    words(s, 104, (60, "Prelievo: 18/04/2024 ore 07:55"), (540, "Cod. paz. 0098812", "r"))
    s.rule(60, 540, 112)
    words(s, 126, (60, "Esame", "b"), (300, "Risultato", "br"), (320, "U.M.", "b"), (420, "Intervallo di riferimento", "b"))
    s.y = 146
    groups = [("Tempo di Protrombina", """|26,4|sec.|9,4 .. 12,5||5902-2
|31|%|70..130||
|2,35|Ratio|0,80..1,20||"""), ("Tempo di Tromboplastina Parziale Attivato", """|41,8|sec.|25,0..37,0||14979-9
|1,39|Ratio|0,80..1,20||"""), ("Fibrinogeno", "|3,62|g/L|2,00..4,00||3255-7"), ("Antitrombina III", "|92|%|80..120||"),
              ("D-Dimero", "|412|ng/mL FEU|< 500||"), ("Tempo di Trombina", """|17,2|sec.|14,0..21,0||
|1,05|Ratio|0,80..1,20||"""), ("Proteina C", "|38|%|70..140||"), ("Proteina S libera", "|35|%|60..130||")]
    for name, block in groups:
        words(s, s.y, (60, name, "b"))
        for row in rows(block):
            row = doc.add(row, name=name)
            words(s, s.y, (300, row.value, "r"), (320, row.unit), (420, row.range))
            s.down(13)
        s.down(5)
    words(s, s.y + 6, (60, "Paziente in terapia anticoagulante orale: range terapeutico INR 2,0-3,0. Proteina C e S ridotte da AVK."))
    small(s, 810, 60, doc.sample() + " - Pagina 1 di 1 - Certificato n. IT000/00")
    s.save()


@design("x-be-proteinogram", "x-electrophoresis-with-curve", "nl-BE")
def be_proteins(doc: Document) -> None:
    """Fractions with percent and g/L side by side below a drawn curve."""
    who(doc, "MODÈLE Jean", "1958-01-20", "58.01.20-000", "2024-02-01")
    s = page(doc, points=8.5)
    words(s, 40, (40, "Klinisch Labo De Fictie", "b"), (555, "Protocol 24/00871", "r"))
    words(s, 54, (40, "MODÈLE Jean   °20/01/1958   INSZ 58.01.20-000   afname 01/02/2024"))
    c = s.canvas
    c.setLineWidth(1)
    p = c.beginPath()
    p.moveTo(120, 640)
    for x0, h, w in ((150, 110, 26), (205, 14, 14), (245, 26, 16), (290, 22, 16), (318, 18, 14), (370, 44, 12)):
        p.curveTo(x0 - w / 2, 640, x0 - w / 2, 640 + h, x0, 640 + h)
        p.curveTo(x0 + w / 2, 640 + h, x0 + w / 2, 642, x0 + w, 641)
    c.drawPath(p)
    words(s, 212, (150, "Alb", "c"), (205, "α1", "c"), (245, "α2", "c"), (290, "β1", "c"), (318, "β2", "c"), (370, "γ", "c"))
    words(s, 240, (40, "Eiwitelektroforese (serum)", "b"), (240, "%", "br"), (260, "Ref. %", "b"), (400, "g/L", "br"), (420, "Ref. g/L", "b"))
    s.y = 256
    for name, pct, ref, mass, refm in (("Albumine", "51,2", "55,8 – 66,1", "41,5", "40,2 – 47,6"), ("Alfa-1-globulinen", "4,1", "2,9 – 4,9", "3,3", "2,1 – 3,5"),
                                       ("Alfa-2-globulinen", "9,0", "7,1 – 11,8", "7,3", "5,1 – 8,5"), ("Bèta-1-globulinen", "5,5", "4,7 – 7,2", "4,5", "3,4 – 5,2"),
                                       ("Bèta-2-globulinen", "4,4", "3,2 – 6,5", "3,6", "2,3 – 4,7"), ("Gammaglobulinen", "25,8", "11,1 – 18,8", "20,9", "8,0 – 13,5")):
        a = doc.add(rows(f"{name}|{pct}|%|{ref}", panel="Eiwitelektroforese (serum)", specimen="serum")[0])
        b = doc.add(rows(f"{name}|{mass}|g/L|{refm}", panel="Eiwitelektroforese (serum)", specimen="serum")[0])
        words(s, s.y, (40, name), (240, a.value, "r"), (260, a.range), (400, b.value, "r"), (420, b.range))
        s.down(13)
    s.down(6)
    table(s, doc, rows("""Totaal eiwit|81|g/L|64 – 83||tp
A/G-verhouding|1,05||1,10 – 2,40||
M-proteïne|14,8|g/L|afwezig||"""), {"name": (40, ""), "value": (400, "r"), "unit": (160, ""), "range": (420, "")}, panel="Eiwitelektroforese (serum)", specimen="serum")
    words(s, s.y + 8, (40, "Monoklonale piek in gammazone, 14,8 g/L (vorige 13,9 g/L op 02/08/2023). Immunofixatie: IgG kappa."))
    small(s, 815, 40, "MUSTER – synthetic sample · blz. 1/1")
    s.save()


@design("x-at-ige", "x-allergen-class-list", "de-AT")
def at_ige(doc: Document) -> None:
    """Allergens with kUA/L and a class column (the class is not a flag)."""
    who(doc, "Erfunden Sabine", "1999-05-05", "330871", "2024-04-02")
    s = page(doc, points=8.5)
    words(s, 40, (40, "Allergielabor Erdachtstadt", "b"))
    words(s, 54, (40, "Erfunden Sabine, geb. 5.5.1999, Nr. 330871, Blutabnahme 2.4.2024"))
    words(s, 82, (40, "Code", "b"), (90, "Allergen", "b"), (280, "Klasse", "b"), (380, "kUA/L", "br"), (400, "Referenz", "b"))
    s.y = 98
    for panel, block in (("Pollen", [("g6", "Lieschgras", "23,4", "4"), ("t3", "Birke", "61,0", "5"), ("w6", "Beifuß", "0,21", "0/1"), ("w1", "Ragweed", "< 0,10", "0"), ("t9", "Olive", "0,88", "2")]),
                         ("Inhalativ ganzjährig", [("d1", "Hausstaubmilbe D. pteronyssinus", "4,92", "3"), ("e1", "Katzenschuppen", "0,44", "1"), ("e5", "Hundeschuppen", "< 0,10", "0"), ("m6", "Alternaria alternata", "< 0,10", "0")]),
                         ("Nahrungsmittel", [("f2", "Kuhmilch", "< 0,10", "0"), ("f17", "Haselnuss", "5,17", "3"), ("f13", "Erdnuss", "0,36", "1"), ("f14", "Soja", "1,02", "2")])):
        words(s, s.y, (40, panel, "b"))
        s.down(13)
        for code_, name, value, klasse in block:
            row = doc.add(rows(f"{name}|{value}||< 0,35", panel=panel)[0], unit="kUA/L")
            words(s, s.y, (40, code_), (90, row.name), (295, klasse, "c"), (380, row.value, "r"), (400, row.range))
            s.down(12)
        s.down(4)
    row = doc.add(rows("Gesamt-IgE|287|kU/L|< oder = 100||")[0])
    words(s, s.y, (90, row.name, "b"), (380, row.value, "r"), (384, row.unit), (430, row.range))
    words(s, s.y + 22, (40, "Klassen: 0 < 0,10 | 0/1 0,10-0,34 | 1 0,35-0,69 | 2 0,70-3,49 | 3 3,50-17,4 | 4 17,5-49,9 | 5 50-99,9 | 6 >= 100 kUA/L"))
    small(s, 815, 40, doc.sample() + " · Seite 1/1")
    s.save()


@design("x-de-auto", "x-titre-with-pattern-line", "de")
def de_auto(doc: Document) -> None:
    """Titres and indices; the pattern hangs below the titre and is no result with limits."""
    who(doc, "Mustermann, Ute", "1983-07-11", "IM-20477", "2024-03-19")
    s = page(doc, points=9)
    words(s, 44, (40, "Immunlabor Musterbach GbR", "b"), (555, "Endbefund", "rb"))
    words(s, 58, (40, "Mustermann, Ute  |  11.07.1983  |  IM-20477  |  Entnahme 19.03.2024"))
    s.rule(y=66)
    s.y = 84
    columns = {"name": (40, ""), "value": (250, ""), "unit": (320, ""), "flag": (370, ""), "range": (390, ""), "method": (490, "")}
    words(s, s.y, (40, "Autoantikörper", "b"), (250, "Ergebnis", "b"), (390, "Cut-off", "b"), (490, "Meth.", "b"))
    s.down(15)
    table(s, doc, rows("ANA (HEp-2)|1:640|Titer|< 1:80|!|", method="IFT", panel="Autoantikörper"), columns)
    words(s, s.y, (52, "Muster: nukleär homogen (AC-1), Mitosen positiv; Kontrolle 1:80 negativ"))
    s.down(14)
    table(s, doc, rows("Crithidia luciliae|1:40|Titer|< 1:10|!|", method="IFT", panel="Autoantikörper"), columns)
    table(s, doc, rows("""ds-DNA-AK|88|IU/ml|< 15|!|
SS-A/Ro|3,1|U/ml|< 7,0||
SS-B/La|< 0,4|U/ml|< 7,0||
Sm|> 240|U/ml|< 7,0|!|
U1-RNP|9,6|U/ml|< 5,0|!|
Scl-70|0,7|U/ml|< 7,0||
Cardiolipin-IgG|12|GPL-U/ml|≤ 10|!|
ß2-Glykoprotein-IgM|2,0|U/ml|≤ 5||""", method="FEIA", panel="Autoantikörper"), columns)
    table(s, doc, rows("c-ANCA|< 1:10|Titer|< 1:10||\np-ANCA|negativ||negativ||", method="IFT", panel="Autoantikörper"), columns)
    table(s, doc, rows("Komplement C3|0,61|g/l|0,90 - 1,80|!|4485-9\nKomplement C4|0,08|g/l|0,10 - 0,40|!|4498-2", method="Neph.", panel="Autoantikörper"), columns)
    words(s, s.y + 8, (40, "Beurteilung: ANA 1:640 mit ds-DNA-AK 88 IU/ml und Sm positiv: vereinbar mit SLE."))
    small(s, 815, 40, doc.sample())
    s.save()


@design("x-se-fotnot", "x-footnote-marks", "sv")
def se_fotnot(doc: Document) -> None:
    """Names with the specimen before them, small marks behind values, notes below."""
    who(doc, "Påhitt, Ulla", "1966-10-02", "19661002-0000", "2024-05-21T07:30")
    s = page(doc, points=9)
    words(s, 44, (40, "Region Fiktia · Klinisk kemi", "b"), (555, "Provtagning 2024-05-21 07:30", "r"))
    words(s, 58, (40, "Påhitt, Ulla   19661002-0000   född 1966-10-02"))
    words(s, 86, (40, "Analys", "b"), (240, "Resultat", "br"), (270, "Enhet", "b"), (350, "Ref.intervall", "b"))
    s.y = 102
    marks = {"P-Kalium": "¹", "P-Glukos": "²", "P-ALAT": "†", "U-Albumin": "*"}
    for row in rows("""P-Natrium|140|mmol/L|137–145||na
P-Kalium|5,6|mmol/L|3,5–4,4||k
P-Kreatinin|92|µmol/L|< 90||creat
P-Glukos|8,9|mmol/L|4,0–6,0||gluc
P-ALAT|1,24|µkat/L|< 0,76||
P-ALP|1,5|µkat/L|0,70–1,9||
P-Bilirubin|11|µmol/L|< 26||bt
P-CRP|< 4|mg/L|< 5||crp
B-Hemoglobin|131|g/L|117–153||hb
B-Leukocyter|7,2|10e9/L|3,5–8,8||wbc
B-Trombocyter|410|10e9/L|165–387||plt
S-TSH|3,1|mIE/L|0,40–4,0||tsh
U-Albumin|18|mg/L|< 20||"""):
        row = doc.add(row)
        words(s, s.y, (40, row.name), (240, row.value, "r"), (270, row.unit), (350, row.range))
        if row.name in marks:
            s.text(242, marks[row.name], size=6.5 if marks[row.name] in "†*" else 9, y=s.y - 1)
        s.down(13)
    s.down(10)
    for note in ("¹ Provet lätt hemolyserat, resultatet kan vara falskt förhöjt med 0,3 mmol/L.", "² Ej fastande.", "† Tidigare 0,98 µkat/L 2024-01-11.", "* Morgonurin, se P-Kreatinin."):
        words(s, s.y, (40, note))
        s.down(11)
    small(s, 815, 40, "SAMPLE – synthetic · Ackred. nr 0000 · Sida 1 (1)")
    s.save()


@design("x-pt-hormonas", "x-phase-ranges-on-lines", "pt-PT")
def pt_hormones(doc: Document) -> None:
    """Limits by phase on several lines at the right edge; name and value in the first line only."""
    who(doc, "Helena Inventado Ramos", "1991-03-28", "U-104477", "2024-02-26")
    s = page(doc, points=9)
    words(s, 46, (40, "Análises Clínicas Foz Velha", "b"), (555, "Colheita: 26-02-2024", "r"))
    words(s, 60, (40, "Helena Inventado Ramos · nasc. 28-03-1991"), (555, "Utente U-104477", "r"))
    words(s, 88, (40, "ENDOCRINOLOGIA", "b"))
    s.y = 106
    data = rows("""FSH|6,8|mUI/mL|||15067-2
LH|5,2|mUI/mL|||10501-5
Estradiol|48|pg/mL|||
Progesterona|0,4|ng/mL|||
Prolactina|31,2|ng/mL|4,8 a 23,3||2842-3
Testosterona total|0,42|ng/mL|0,08 a 0,48||
TSH|1,92|µUI/mL|0,27 a 4,20||tsh
T4 livre|1,21|ng/dL|0,93 a 1,70||ft4
Hormona anti-Mülleriana|2,9|ng/mL|||""")
    spans = {"FSH": ["Fase folicular: 3,5 a 12,5", "Ovulação: 4,7 a 21,5", "Fase lútea: 1,7 a 7,7", "Pós-menopausa: 25,8 a 134,8"],
             "LH": ["Fase folicular: 2,4 a 12,6", "Ovulação: 14,0 a 95,6", "Fase lútea: 1,0 a 11,4", "Pós-menopausa: 7,7 a 58,5"],
             "Estradiol": ["Fase folicular: 12 a 233", "Ovulação: 41 a 398", "Fase lútea: 22 a 341", "Pós-menopausa: < 138"],
             "Progesterona": ["Fase folicular: 0,1 a 0,9", "Fase lútea: 1,8 a 23,9", "Pós-menopausa: < 0,1"],
             "Hormona anti-Mülleriana": ["20-24 anos: 1,2 a 11,7", "25-29 anos: 0,9 a 9,9", "30-34 anos: 0,7 a 7,6"]}
    for row in data:
        lines = spans.get(row.name, [row.range])
        row = doc.add(row, range=" ".join(lines), panel="ENDOCRINOLOGIA")
        words(s, s.y, (40, row.name), (270, row.value, "rb"), (280, row.unit))
        for line in lines:
            words(s, s.y, (555, line, "r"))
            s.down(11)
        s.down(5)
    small(s, 815, 40, doc.sample() + " · Página 1/1")
    s.save()
