"""Designs from Germany, Spain, Portugal, Egypt and a microbiology unit, printed by Chromium."""
import panels as P
from html_us import _group
from model import Report, Row, Style, rows
from people import later, moment, patient
from physiology import earlier, sample
from registry import design
from routes import chromium, esc


@design("de-vorwert-table", "chromium", "de")
def de_labor(rng, out, two_previous=False, **fixed):
    p = patient(rng, "de", order="last-first", ident=f"{rng.randint(10**7, 10**8 - 1)}")
    at = moment(rng)
    st = Style(dec=",", both="{lo} - {hi}", below="< {hi}", above="> {lo}", high="+", low="-", alert_high="++", alert_low="--")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    old = earlier(rng, v)
    older = earlier(rng, old)
    rs, hist = [], []
    for title, table in (("Blutbild", P.DE_BLUTBILD), ("Klinische Chemie", P.DE_CHEMIE), ("Fettstoffwechsel", P.DE_FETT),
                         ("Schilddrüse", "tsh | TSH basal | mU/l\nft4 | freies T4 | ng/dl"), ("Diabetes", "a1c | HbA1c (NGSP) | %\na1c_ifcc | HbA1c (IFCC) | mmol/mol")):
        rs += rows(table, v, st, p.sex, before=old, panel=title)
        hist += rows(table, older, st, p.sex)
    no_old = {"ldh", "crp", "tsh", "ft4"}
    for r in rs:
        if r.key in no_old:
            r.previous = ""
    d1, d2 = later(at, -24 * 91), later(at, -24 * 187)
    trs = ""
    for panel, members in _group(rs).items():
        trs += f"<tr><td class=p colspan=7>{panel}</td></tr>"
        for r in members:
            extra = f"<td class=o>{hist[rs.index(r)].value if r.key not in no_old else ''}</td>" if two_previous else ""
            trs += (f"<tr><td>{esc(r.name)}</td><td class=v>{esc(r.value)}</td><td class=f>{r.flag}</td><td>{esc(r.unit)}</td><td>{esc(r.range)}</td>"
                    f"<td class=o>{esc(r.previous)}</td>{extra}</tr>")
    body = f"""<div class=h><div><b>Laborgemeinschaft Niederwald eGbR</b><br>Am Mühlgraben 14 &middot; 35043 Niederwald</div><div>Befundbericht &middot; Endbefund</div></div>
<table class=i><tr><td>Patient: <b>{esc(p.name)}</b></td><td>geb.: {p.born:%d.%m.%Y}</td><td>Geschlecht: {'M' if p.sex == 'm' else 'W'}</td></tr>
<tr><td>Auftragsnr.: {p.identifier}</td><td>Entnahme: {at:%d.%m.%Y %H:%M}</td><td>Eingang: {later(at, 4):%d.%m.%Y %H:%M}</td></tr></table>
<table class=m><tr><th>Untersuchung</th><th class=v>Ergebnis</th><th>+/-</th><th>Einheit</th><th>Referenzbereich</th><th class=o>Vorwert<br>{d1:%d.%m.%y}</th>{f'<th class=o>Vorwert<br>{d2:%d.%m.%y}</th>' if two_previous else ''}</tr>{trs}</table>
<p class=c>Hinweis: Zielwert LDL-Cholesterin bei hohem Risiko &lt; 70 mg/dl, bei sehr hohem Risiko &lt; 55 mg/dl (ESC 2019). Ausdruck vom {later(at, 30):%d.%m.%Y}. Synthetischer Befund, Labor und Patient erfunden.</p>"""
    css = """body{font:9pt 'Liberation Sans'}.h{display:flex;justify-content:space-between;border-bottom:1px solid #000}.i{width:100%;margin:8px 0;border:1px solid #000;font-size:8.5pt}.m{width:100%;border-collapse:collapse}
th{text-align:left;border-bottom:1px solid #000;font-size:8pt;vertical-align:bottom}.p{font-weight:700;padding-top:7px;text-decoration:underline}td{padding:1px 4px}td.v,th.v{text-align:right}.f{font-weight:700}td.o,th.o{color:#555;text-align:right}.c{font-size:8pt}"""
    chromium(body, css, out, "Befundbericht", lang="de")
    return Report(p, at, rows=rs)


@design("es-hospital-asterisk", "chromium", "es")
def es_hospital(rng, out, **fixed):
    p = patient(rng, "es", order="upper", ident=f"{rng.randint(100000, 999999)}")
    at = moment(rng)
    st = Style(dec=",", both="[{lo} - {hi}]", below="[Hasta {hi}]", above="[Mayor de {lo}]", high="*", low="*")
    v = sample(rng, p.sex, p.age(at), **fixed)
    rs = rows(P.ES_BIOQ, v, st, p.sex, panel="BIOQUÍMICA", specimen="Suero")
    rs += rows("a1c | Hemoglobina glicosilada (HbA1c) | %", v, st, p.sex, panel="BIOQUÍMICA", specimen="Sangre total")
    rs += rows(P.ES_HEMO, v, st, p.sex, panel="HEMATOLOGÍA", specimen="Sangre total")
    rs += rows("tsh | TSH | µUI/mL\nft4 | T4 libre | ng/dL\npsa | PSA | ng/mL" if p.sex == "m" else "tsh | TSH | µUI/mL\nft4 | T4 libre | ng/dL", v, st, p.sex, panel="HORMONAS", specimen="Suero")
    trs, seen = "", None
    for r in rs:
        if (r.panel, r.specimen) != seen:
            if not seen or seen[0] != r.panel:
                trs += f"<tr><td colspan=4 class=p>{r.panel}</td></tr>"
            trs += f"<tr><td colspan=4 class=s>Muestra: {r.specimen}</td></tr>"
            seen = (r.panel, r.specimen)
        trs += f"<tr><td class=n>{esc(r.name)}</td><td class=v>{r.flag} {esc(r.value)}</td><td>{esc(r.unit)}</td><td>{esc(r.range)}</td></tr>"
    head = f"""<div class=h><b>HOSPITAL COMARCAL VALDEHERMOSA</b><br>Servicio de Análisis Clínicos</div><div class=i>Paciente: {esc(p.name)}&nbsp;&nbsp; NHC: {p.identifier}&nbsp;&nbsp; F. nac.: {p.born:%d/%m/%Y}&nbsp;&nbsp; Sexo: {'H' if p.sex == 'm' else 'M'}<br>
Fecha de extracción: {at:%d/%m/%Y %H:%M}&nbsp;&nbsp; Fecha de informe: {later(at, 28):%d/%m/%Y}&nbsp;&nbsp; Procedencia: Medicina Interna</div>"""
    body = f"<table><thead><tr><td colspan=4>{head}</td></tr><tr class=th><td>Prueba</td><td>Resultado</td><td>Unidades</td><td>Valores de referencia</td></tr></thead>{trs}</table><p class=f>* Resultado fuera de los valores de referencia. Informe sintético: laboratorio y paciente inventados. Facultativo: Dra. M. Ferrándiz</p>"
    css = """body{font:9.5pt 'Noto Serif'}.h{text-align:center}.i{border:1px solid #777;padding:5px;margin:5px 0;font-size:8.5pt}table{width:100%;border-collapse:collapse}td{padding:1px 4px}.th td{font-weight:700;border-top:1px solid;border-bottom:1px solid}.p{font-weight:700;padding-top:8px;letter-spacing:1px}.s{font-style:italic;font-size:8.5pt}.n{padding-left:12px}.v{font-weight:600}.f{font-size:7.5pt}"""
    chromium(body, css, out, "Informe analítico", lang="es")
    return Report(p, at, rows=rs)


@design("pt-previous-result", "chromium", "pt-PT")
def pt_table(rng, out, **fixed):
    p = patient(rng, "pt", order="first-last", ident=f"{rng.randint(10**5, 10**6 - 1)}")
    at = moment(rng)
    st = Style(dec=",", both="{lo} a {hi}", below="Inferior a {hi}", above="Superior a {lo}", high="↑", low="↓")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    old = earlier(rng, v)
    rs = rows(P.PT_HEMO, v, st, p.sex, before=old, panel="Hemograma") + rows(P.PT_BIOQ, v, st, p.sex, before=old, panel="Bioquímica clínica")
    rs += rows("tsh | TSH | µUI/mL\nferr | Ferritina | ng/mL", v, st, p.sex, before=old, panel="Imunologia")
    d = later(at, -24 * 130)
    trs = ""
    for panel, members in _group(rs).items():
        trs += f"<tr><td colspan=5 class=p>{panel}</td></tr>"
        for r in members:
            trs += f"<tr><td>{esc(r.name)}</td><td class=o>{esc(r.previous)}</td><td class=v>{esc(r.value)} {r.flag}</td><td>{esc(r.unit)}</td><td>{esc(r.range)}</td></tr>"
    body = f"""<div class=h>Laboratório Pinhal Norte</div><p>Utente: <b>{esc(p.name)}</b> &nbsp; Nº processo: {p.identifier} &nbsp; Data nasc.: {p.born:%d-%m-%Y}<br>Colheita: {at:%d-%m-%Y %H:%M} &nbsp; Médico: Dr. H. Salgado</p>
<table><tr class=th><td>Análise</td><td class=o>Resultado anterior<br>{d:%d-%m-%Y}</td><td>Resultado</td><td>Unidades</td><td>Valores de referência</td></tr>{trs}</table><p class=f>Relatório sintético; laboratório e utente inventados. Validado por Dra. T. Abrantes em {later(at, 9):%d-%m-%Y}</p>"""
    css = "body{font:9.5pt P052}.h{font-size:17pt;color:#7a1f1f;border-bottom:1px solid #7a1f1f}table{width:100%;border-collapse:collapse}.th td{background:#f2e6e0;font-weight:700;vertical-align:top}td{padding:2px 5px}.o{font-size:8.5pt;color:#444}.v{font-weight:700}.p{font-weight:700;font-style:italic;padding-top:8px}.f{font-size:7.5pt}"
    chromium(body, css, out, "Boletim de análises", lang="pt")
    return Report(p, at, rows=rs)


@design("eg-bilingual-letterhead", "chromium", "en-EG")
def eg_lab(rng, out, **fixed):
    p = patient(rng, "eg", order="first-last", ident=f"{rng.randint(10000, 99999)}/{rng.randint(1, 9)}")
    at = moment(rng)
    st = Style(both="{lo} - {hi}", below="Up to {hi}", above="> {lo}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.25, digits=0, **fixed)
    st.digits = dict(neut=0, lymph=0, mono=0, eos=0, baso=0)
    cbc = rows(P.EG_CBC, v, st, p.sex, panel="Complete Blood Picture")
    diff = rows("neut | Neutrophils | %\nlymph | Lymphocytes | %\nmono | Monocytes | %\neos | Eosinophils | %\nbaso | Basophils | %", v, st, p.sex, panel="Differential Leucocytic Count")
    chem = rows("glu_f | Fasting Blood Glucose | mg/dL\nalt | ALT (SGPT) | U/L\nast | AST (SGOT) | U/L\ncrea | Serum Creatinine | mg/dL\nurate | Serum Uric Acid | mg/dL\nchol | Total Cholesterol | mg/dL\ntrig | Triglycerides | mg/dL", v, st, p.sex, panel="Clinical Chemistry")
    body = ""
    for rs, cols in ((cbc, "Test"), (diff, "Test"), (chem, "Test")):
        body += f"<h3>{rs[0].panel}</h3><table><tr class=th><td>{cols}</td><td>Result</td><td>Unit</td><td>Reference Range</td></tr>"
        body += "".join(f"<tr><td>{esc(r.name)}</td><td class=v>{esc(r.value)} {'<b>' + r.flag + '</b>' if r.flag else ''}</td><td>{esc(r.unit)}</td><td>{esc(r.range)}</td></tr>" for r in rs) + "</table>"
    page = f"""<div class=h><div><b>Delta Crescent Laboratories</b><br>Consultant Dr. Sherine Halawa, MD</div><div dir=rtl class=ar><b>معامل هلال الدلتا</b><br>للتحاليل الطبية</div></div>
<table class=i><tr><td>Patient Name : {esc(p.name)}</td><td>Lab No. : {p.identifier}</td></tr><tr><td>Date of Birth : {p.born:%d/%m/%Y}</td><td>Sex : {'Male' if p.sex == 'm' else 'Female'}</td></tr><tr><td>Sampling : {at:%d/%m/%Y %I:%M %p}</td><td>Referred by : Dr. Wael Nassar</td></tr></table>{body}
<p class=c>Comment : Red cells are normocytic normochromic on film. Blood glucose 100 - 125 mg/dL fasting is impaired.</p><div class=f dir=rtl>١٤ شارع الجمهورية - طنطا &nbsp; ت: ٠٤٠٥٥٥٠١٠٠</div><div class=f2>Synthetic report, invented laboratory and patient.</div>"""
    css = """body{font:10pt 'Liberation Serif'}.h{display:flex;justify-content:space-between;border-bottom:3px solid #0a5c36;padding-bottom:5px;color:#0a5c36;font-size:13pt}.ar{font-family:'Noto Naskh Arabic'}.i{width:100%;border:1px solid #0a5c36;margin:7px 0}
h3{text-align:center;text-decoration:underline;font-size:11.5pt;margin:8px 0 3px}table{width:100%;border-collapse:collapse}.th td{font-weight:700;border-bottom:1px solid #000}td{padding:2px 6px;width:25%}.c{font-size:9.5pt}.f{font-family:'Noto Naskh Arabic';text-align:center;border-top:1px solid #0a5c36}.f2{font-size:7pt;text-align:center}"""
    chromium(page, css, out, "Laboratory report", lang="en")
    return Report(p, at, rows=cbc + diff + chem)


ORGANISMS = {"Escherichia coli": [("Ampicillin", ">=32", "R"), ("Amoxicillin/Clavulanate", "8", "S"), ("Cefazolin", "<=4", "S"), ("Ceftriaxone", "<=1", "S"), ("Ciprofloxacin", ">=4", "R"), ("Gentamicin", "<=1", "S"), ("Nitrofurantoin", "<=16", "S"), ("Piperacillin/Tazobactam", "<=4", "S"), ("Trimethoprim/Sulfamethoxazole", ">=320", "R"), ("Meropenem", "<=0.25", "S")],
             "Klebsiella pneumoniae": [("Ampicillin", ">=32", "R"), ("Amoxicillin/Clavulanate", "16", "I"), ("Cefazolin", ">=64", "R"), ("Ceftriaxone", ">=64", "R"), ("Ciprofloxacin", "0.5", "I"), ("Gentamicin", "<=1", "S"), ("Nitrofurantoin", "64", "I"), ("Piperacillin/Tazobactam", "8", "S"), ("Trimethoprim/Sulfamethoxazole", "40", "S"), ("Meropenem", "<=0.25", "S")]}


@design("microbiology-two-isolates", "chromium", "en-US")
def micro_mic(rng, out):
    p = patient(rng, "us", order="upper", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    rs = [Row("Color", "Yellow", panel="URINALYSIS SCREEN", specimen="Urine, clean catch", loinc="5778-6"), Row("Leukocyte Esterase", "3+", range="Negative", flag="A", panel="URINALYSIS SCREEN", specimen="Urine, clean catch", loinc="5799-2"),
          Row("Nitrite", "Positive", range="Negative", flag="A", panel="URINALYSIS SCREEN", specimen="Urine, clean catch", loinc="5802-4")]
    counts = {"Escherichia coli": ">100,000", "Klebsiella pneumoniae": "10,000-50,000"}
    grid = ""
    names = list(ORGANISMS)
    for i, n in enumerate(names):
        rs.append(Row(f"Isolate {i + 1}", n, panel="CULTURE, URINE", specimen="Urine, clean catch"))
        rs.append(Row("Colony count", counts[n], unit="CFU/mL", panel=n, specimen="Urine, clean catch"))
    for i in range(10):
        cells = ""
        for n in names:
            drug, mic, sir = ORGANISMS[n][i]
            rs.append(Row(drug, mic, flag=sir, panel=n, specimen="Urine, clean catch"))
            cells += f"<td>{esc(mic)}</td><td>{sir}</td>"
        grid += f"<tr><td>{esc(ORGANISMS[names[0]][i][0])}</td>{cells}</tr>"
    body = f"""<div class=h>TAMARACK COUNTY HOSPITAL<br><small>Microbiology</small></div><p>Patient: {esc(p.name)} &nbsp; MRN: {p.identifier} &nbsp; DOB: {p.born:%m/%d/%Y}<br>Collected: {at:%m/%d/%Y %H:%M} &nbsp; Received: {later(at, 1):%m/%d/%Y %H:%M} &nbsp; Final: {later(at, 52):%m/%d/%Y %H:%M}<br>Source: Urine, clean catch</p>
<h3>URINALYSIS SCREEN</h3><table><tr class=th><td>Test</td><td>Result</td><td>Flag</td><td>Reference</td></tr>{''.join(f'<tr><td>{r.name}</td><td>{r.value}</td><td>{r.flag}</td><td>{r.range}</td></tr>' for r in rs[:3])}</table>
<h3>CULTURE, URINE</h3><p>Isolate 1: <i>{names[0]}</i><br>Colony count: {esc(counts[names[0]])} CFU/mL</p><p>Isolate 2: <i>{names[1]}</i><br>Colony count: {counts[names[1]]} CFU/mL</p>
<h3>SUSCEPTIBILITY</h3><table class=g><tr><td></td><td colspan=2 class=o>{names[0]}</td><td colspan=2 class=o>{names[1]}</td></tr><tr class=th><td>Antimicrobial</td><td>MIC</td><td>Interp</td><td>MIC</td><td>Interp</td></tr>{grid}</table>
<p class=f>S susceptible, I intermediate, R resistant. Synthetic report: invented hospital and patient.</p>"""
    css = "body{font:9.5pt 'Liberation Sans'}.h{font-weight:700;font-size:13pt}h3{font-size:10pt;margin:10px 0 2px;background:#ddd;padding:2px}table{border-collapse:collapse}td{padding:2px 12px 2px 3px}.th td{font-weight:700}.g td{border:1px solid #aaa}.o{font-style:italic;text-align:center}.f{font-size:7.5pt}"
    chromium(body, css, out, "Microbiology", page="Letter")
    return Report(p, at, rows=rs)
