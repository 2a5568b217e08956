"""Plain text, RTF, HTML and HL7 v2 documents."""
import panels as P
from html_us import _group
from model import Report, Style, rows
from people import later, moment, patient
from physiology import earlier, sample
from registry import design
from routes import esc

NOTE = "Synthetic report: invented laboratory, invented patient."


def _save(out, text, encoding="utf-8"):
    out.write_bytes(text.encode(encoding))


@design("uk-fixed-width", "text", "en-GB", "txt")
def uk_text(rng, out, **fixed):
    p = patient(rng, "uk", order="upper", ident=f"{rng.randint(400, 799)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}")
    at = moment(rng)
    st = Style(both="({lo} - {hi})", below="(<{hi})", above="(>{lo})", high="*", low="*")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = []
    for title, table in (("RENAL PROFILE", P.UK_UE), ("LIVER PROFILE", P.UK_LFT), ("BONE PROFILE", P.UK_BONE + "mg | Magnesium | mmol/L"), ("INFLAMMATION", "crp | C-Reactive Protein | mg/L"), ("THYROID", "tsh | TSH | mU/L\nft4 | Free T4 | pmol/L")):
        rs += rows(table, v, st, p.sex, panel=title, specimen="Serum")
    t = f"CLINICAL BIOCHEMISTRY                       Aldermere District General Hospital\n{'=' * 76}\nPatient : {p.name:<32}NHS No : {p.identifier}\nD.O.B.  : {p.born:%d/%m/%Y}   Sex: {p.sex.upper():<19}Source : Ward 7B\nSpecimen: Serum                           Lab No : C,25.{rng.randint(100000, 999999)}.K\nCollected: {at:%d/%m/%Y %H:%M}   Received: {later(at, 1):%d/%m/%Y %H:%M}   Reported: {later(at, 3):%d/%m/%Y %H:%M}\n{'-' * 76}\n"
    for panel, members in _group(rs).items():
        t += f"\n{panel}\n"
        for r in members:
            t += f"  {r.name:<28}{r.flag:<2}{r.value:>8}  {r.unit:<16}{r.range}\n"
        if panel == "RENAL PROFILE":
            t += "  AKI alert: not applicable. NICE stage 1 = rise of 1.5 x baseline in 7 days.\n"
    t += f"\nPotassium telephoned if above 6.5. {NOTE}\n*** End of report ***\n"
    _save(out, t)
    return Report(p, at, rows=rs)


@design("us-inpatient-formfeed", "text", "en-US", "txt")
def us_formfeed(rng, out, **fixed):
    p = patient(rng, "us", order="upper", ident=f"{rng.randint(10**7, 10**8 - 1)}")
    at = moment(rng)
    st = Style(both="[{lo}-{hi}]", below="[<{hi}]", above="[>{lo}]", high="H", low="L", alert_high="HH", alert_low="LL")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = []
    for title, table in (("BASIC METABOLIC", P.US_BMP), ("HEPATIC", P.US_HEPATIC), ("CBC", P.US_HEME_SHORT), ("DIFFERENTIAL", "neut | Neut % | %\nlymph | Lymph % | %\nmono | Mono % | %\neos | Eos % | %\nbaso | Baso % | %"), ("IRON", P.US_IRON), ("CARDIAC", "bnp | BNP | pg/mL\ntni | hs-Troponin I | ng/L\n! D-Dimer | <0.27 | ug/mL FEU | [<0.50] | | 48065-7")):
        rs += rows(table, v, st, p.sex, panel=title)
    pages, cur, n = [], [], 1

    def head(n):
        return [f"GRANITE FALLS MEMORIAL HOSPITAL    LABORATORY                     PAGE {n}", f"PT: {p.name:<30} MRN: {p.identifier}   DOB: {p.born:%m/%d/%Y}", f"COLL: {at:%m/%d/%Y %H%M}   RPT: {later(at, 4):%m/%d/%Y %H%M}   LOC: ICU-04", "-" * 72, f"{'TEST':<22}{'RESULT':>10} {'FLAG':<6}{'REFERENCE':<18}{'UNITS'}", "-" * 72]
    cur = head(1)
    seen = ""
    for r in rs:
        if len(cur) > 36:
            pages.append(cur + ["", "CONTINUED ON NEXT PAGE"])
            n += 1
            cur, seen = head(n), ""
        if r.panel != seen:
            again = " (CONTINUED)" if seen == "" and r is not rs[0] and rs[rs.index(r) - 1].panel == r.panel else ""
            seen = r.panel
            cur += ["", seen + again]
        r.page = n
        cur.append(f"  {r.name:<20}{r.value:>10} {r.flag:<6}{r.range:<18}{r.unit}")
        if r.flag in ("HH", "LL"):
            cur.append(f"    CRITICAL RESULT CALLED TO RN T. BAXTER AT {later(at, 1):%H%M} ON {at:%m/%d/%Y}, READ BACK OK")
    pages.append(cur + ["", NOTE, "END OF REPORT"])
    _save(out, "\f".join("\n".join(c) for c in pages) + "\n")
    return Report(p, at, rows=rs)


@design("de-fixed-width-vorwerte", "text", "de", "txt")
def de_text(rng, out, **fixed):
    p = patient(rng, "de", order="last-first", ident=f"{rng.randint(1000, 9999)}-{rng.randint(100, 999)}")
    at = moment(rng)
    st = Style(dec=",", thou=".", both="{lo}-{hi}", below="bis {hi}", above="ab {lo}", high="+", low="-")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    old = earlier(rng, v)
    older = earlier(rng, old)
    table = P.DE_BLUTBILD + P.DE_CHEMIE + "lip | Lipase | U/l\nntbnp | NT-proBNP | ng/l\nquick | Quick | %\ninr | INR | \nptt | PTT | Sek."
    rs = rows(table, v, st, p.sex, before=old)
    hist = rows(table, older, st, p.sex)
    d1, d2 = later(at, -24 * 7), later(at, -24 * 30)
    t = f"Medizinisches Versorgungszentrum Labor Eschbachtal\nEndbefund vom {later(at, 5):%d.%m.%Y}\n\nPatient: {p.name}   geb. {p.born:%d.%m.%Y}   {'m' if p.sex == 'm' else 'w'}   Auftrag: {p.identifier}\nAbnahme: {at:%d.%m.%Y} {at:%H:%M} Uhr\n\n{'Parameter':<26}{'Vorwert':>9}{'Vorwert':>10}{'aktuell':>10}   {'Einheit':<16}{'Normbereich'}\n{'':<26}{d2:%d.%m.%y} {'':>1}{d1:%d.%m.%y}{at:%d.%m.%y}\n".replace(f"{d1:%d.%m.%y}{at:%d.%m.%y}", f" {d1:%d.%m.%y}  {at:%d.%m.%y}") + "-" * 92 + "\n"
    for r, h in zip(rs, hist):
        t += f"{r.name:<26}{h.value:>9}{r.previous:>10}{r.value:>10} {r.flag:<2}{r.unit:<16}{r.range}\n"
    t += "-" * 92 + "\nBewertung: NT-proBNP unter 125 ng/l schließt eine chronische Herzinsuffizienz weitgehend aus.\nSynthetischer Befund, Labor und Patient erfunden.\n"
    _save(out, t, "cp1252")
    return Report(p, at, rows=rs)


@design("pipe-delimited", "text", "en-US", "txt")
def pipe(rng, out, **fixed):
    p = patient(rng, "us", sex="m", order="last-first", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above=">{lo}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = rows(P.US_CMP.replace("IU/L", "U/L") + P.US_LIPID + "a1c | Hemoglobin A1c | %\ntsh | TSH | uIU/mL\n! Vitamin D, 25-OH | 18.3 | ng/mL | 30.0-100.0 | L\n! Prostate Specific Ag | <0.01 | ng/mL | <4.00 | | 2857-1", v, st, p.sex)
    t = f"LAB REPORT EXPORT | {NOTE}\nPatient | {p.name} | DOB | {p.born:%Y-%m-%d} | MRN | {p.identifier}\nCollected | {at:%Y-%m-%d %H:%M} | Reported | {later(at, 20):%Y-%m-%d %H:%M} | Status | Final\n\nTest | Result | Units | Reference Range | Flag | Status\n"
    t += "".join(f"{r.name} | {r.value} | {r.unit} | {r.range} | {r.flag} | F\n" for r in rs)
    _save(out, t)
    return Report(p, at, rows=rs)


def _rtf(text):
    return "".join(f"\\u{ord(c)}?" if ord(c) > 127 else "\\" + c if c in "\\{}" else c for c in text)


@design("rtf-tab-table", "rtf", "en-US", "rtf")
def rtf_table(rng, out, **fixed):
    p = patient(rng, "us", order="first-last", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above=">{lo}", high="High", low="Low")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    rs = []
    for title, table in (("Drug monitoring", "dig | Digoxin | ng/mL\nlith | Lithium | mmol/L\nvpa | Valproic Acid, Total | ug/mL\n! Tacrolimus, Whole Blood | 7.9 | ng/mL | 5.0-15.0 | | 11253-2"), ("Renal", "na | Sodium | mmol/L\nk | Potassium | mmol/L\nbun | BUN | mg/dL\ncrea | Creatinine | mg/dL\negfr21 | eGFR (CKD-EPI 2021) | mL/min/1.73m2\nmg | Magnesium | mg/dL"), ("Anemia", P.US_IRON + "b12 | Vitamin B12 | pg/mL\nfol | Folate | ng/mL")):
        rs += rows(table, v, st, p.sex, panel=title)
    body = ""
    for panel, members in _group(rs).items():
        body += f"\\par\\b {panel}\\b0\\par\n"
        body += "".join(f"{_rtf(r.name)}\\tab {_rtf(r.value)}\\tab {r.flag}\\tab {_rtf(r.unit)}\\tab {_rtf(r.range)}\\par\n" for r in members)
    text = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\\paperw12240\\paperh15840\\f0\\fs20\\tx3600\\tx4900\\tx5900\\tx7700\n"
    text += f"\\b\\fs28 Larkspur Regional Laboratory\\b0\\fs20\\par Patient: {p.name}\\tab MRN: {p.identifier}\\par Date of birth: {p.born:%m/%d/%Y}\\par Collected: {at:%m/%d/%Y %H:%M}\\par Resulted: {later(at, 3):%m/%d/%Y %H:%M}\\par\n\\par\\ul Test\\tab Result\\tab Flag\\tab Units\\tab Reference\\ulnone\\par\n{body}\\par\\i {NOTE} Digoxin drawn 8 hours after the 0.125 mg dose.\\i0\\par}}"
    _save(out, text, "ascii")
    return Report(p, at, rows=rs)


@design("rtf-key-value", "rtf", "it", "rtf")
def rtf_kv(rng, out, **fixed):
    p = patient(rng, "it", order="first-last", ident=f"{rng.randint(10**5, 10**6 - 1)}")
    at = moment(rng)
    st = Style(dec=",", both="v.r. {lo}-{hi}", below="v.r. fino a {hi}", above="v.r. oltre {lo}", high="*", low="*")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = rows("glu | Glicemia | mg/dl\ncrea | Creatinina | mg/dl\nna | Sodio | mmol/l\nk | Potassio | mmol/l\nchol | Colesterolo totale | mg/dl\ntrig | Trigliceridi | mg/dl\nast | AST | U/l\nalt | ALT | U/l\ntsh | TSH | mU/l\nferr | Ferritina | ng/ml", v, st, p.sex)
    lines = "".join(f"{_rtf(r.name)}: \\b {_rtf(r.value)}{r.flag}\\b0  {_rtf(r.unit)} ({_rtf(r.range)})\\par\n" for r in rs)
    text = "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0\\froman Times New Roman;}}\\f0\\fs22\n" + _rtf("Studio Medico Associato Le Querce - referto di laboratorio") + f"\\par\n{_rtf('Paziente: ' + p.name)}   nato/a il {p.born:%d/%m/%Y}   codice {p.identifier}\\par\nPrelievo del {at:%d/%m/%Y} ore {at:%H:%M}\\par\\par\n{lines}\\par\nReferto sintetico, laboratorio e paziente inventati.\\par}}"
    _save(out, text, "ascii")
    for r in rs:
        r.range = r.range.removeprefix("v.r. ")
    return Report(p, at, rows=rs)


@design("html-attachment", "html", "en-CA", "html")
def html_file(rng, out, **fixed):
    p = patient(rng, "us", order="last-first", ident=f"{rng.randint(1000, 9999)}-{rng.randint(100, 999)}-{rng.randint(100, 999)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above=">{lo}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    old = earlier(rng, v)
    rs = []
    for title, table in (("Hematology", "wbc | WBC | x10^9/L\nrbc | RBC | x10^12/L\nhgb | Hemoglobin | g/L\nhct | Hematocrit | L/L\nmcv | MCV | fL\nplt | Platelet Count | x10^9/L\nneut_a | Neutrophils | x10^9/L\nlymph_a | Lymphocytes | x10^9/L"), ("Chemistry", "glu | Glucose Random | mmol/L\nna | Sodium | mmol/L\nk | Potassium | mmol/L\ncrea | Creatinine | umol/L\nalt | ALT | U/L\nalp | Alkaline Phosphatase | U/L\nferr | Ferritin | ug/L\nb12 | Vitamin B12 | pmol/L\na1c | Hemoglobin A1c | %"), ("Lipids", "chol | Cholesterol | mmol/L\ntrig | Triglycerides | mmol/L\nhdl | HDL Cholesterol | mmol/L\nldlc | LDL Cholesterol (calculated) | mmol/L\nnhdl | Non-HDL Cholesterol | mmol/L")):
        rs += rows(table, v, st, p.sex, before=old, panel=title)
    for r in rs:
        if r.name == "Glucose Random":
            r.loinc = ""
    h = f"<html><head><title>Laboratory results</title></head><body>\n<h2>Saltmarsh Community Labs</h2><p>Patient: <b>{esc(p.name)}</b><br>Date of Birth: {p.born:%Y-%b-%d}<br>Health No: {p.identifier}<br>Collection Date: {at:%Y-%b-%d %H:%M}<br>Reported: {later(at, 13):%Y-%b-%d %H:%M}</p>\n"
    for panel, members in _group(rs).items():
        h += f"<h3>{panel}</h3>\n<table border=1><tr><th>Test</th><th>Previous ({later(at, -24 * 95):%Y-%b-%d})</th><th>Result</th><th>Flag</th><th>Reference Range</th><th>Units</th></tr>\n"
        h += "".join(f"<tr><td>{esc(r.name)}</td><td><small>{esc(r.previous)}</small></td><td>{esc(r.value)}</td><td>{r.flag}</td><td>{esc(r.range)}</td><td>{esc(r.unit)}</td></tr>\n" for r in members) + "</table>\n"
    _save(out, h + f"<p><small>{NOTE}</small></p></body></html>\n")
    return Report(p, at, rows=rs)


@design("html-preformatted", "html", "pt-BR", "html")
def html_pre(rng, out, **fixed):
    p = patient(rng, "pt", order="FIRST LAST", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(dec=",", thou=".", both="{lo} a {hi}", below="até {hi}", above="acima de {lo}", high="", low="")
    v = sample(rng, p.sex, p.age(at), digits=0, **fixed)
    st.digits = dict(neut=0, lymph=0, mono=0, eos=0, baso=0)
    rs = rows("rbc | Hemácias | milhões/mm³\nhgb | Hemoglobina | g/dL\nhct | Hematócrito | %\nmcv | VCM | fL\nmch | HCM | pg\nmchc | CHCM | g/dL\nrdw | RDW | %", v, st, p.sex, panel="ERITROGRAMA", specimen="Sangue total com EDTA")
    rs += rows("wbc | Leucócitos | /mm³\nneut | Neutrófilos | %\nlymph | Linfócitos | %\nmono | Monócitos | %\neos | Eosinófilos | %\nbaso | Basófilos | %", v, st, p.sex, panel="LEUCOGRAMA", specimen="Sangue total com EDTA")
    rs += rows("plt | Plaquetas | /mm³", v, st, p.sex, panel="PLAQUETAS", specimen="Sangue total com EDTA")
    t = f"LABORATORIO SERRA AZUL\nPaciente......: {p.name}\nNascimento....: {p.born:%d/%m/%Y}\nProtocolo.....: {p.identifier}\nColeta........: {at:%d/%m/%Y %H:%M}\n\nHEMOGRAMA COMPLETO\nMaterial: Sangue total com EDTA\n"
    for panel, members in _group(rs).items():
        t += f"\n{panel:<34}          Valores de Referência\n"
        t += "".join(f"{r.name + ' ':.<18}: {r.value:>9} {r.unit:<14} {r.range} {r.unit}\n" for r in members)
    t += "\nObservação: plaquetas entre 100.000 e 150.000 podem ser repetidas em citrato.\nLaudo sintético, laboratório e paciente inventados.\n"
    _save(out, f"<html lang=pt><head><meta charset=utf-8><title>Laudo</title></head><body><pre>{esc(t)}</pre></body></html>\n")
    return Report(p, at, rows=rs)


@design("hl7-oru", "hl7", "en-US", "hl7")
def hl7(rng, out, **fixed):
    p = patient(rng, "us", order="first-last", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above=">{lo}", high="H", low="L", alert_high="HH", alert_low="LL")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = rows(P.US_BMP.replace("mEq/L", "mmol/L"), v, st, p.sex, panel="Basic metabolic panel") + rows("! TSH | <0.01 | mIU/L | 0.40-4.20 | L | 3016-3\nft4 | Free T4 | ng/dL", v, st, p.sex, panel="Thyroid panel")
    first, last = p.name.split(" ", 1)
    p.name = f"{last}, {first}"
    seg = [f"MSH|^~\\&|LAB|INVENTED|EHR|INVENTED|{later(at, 3):%Y%m%d%H%M}||ORU^R01|M{p.identifier}|P|2.5.1", f"PID|1||{p.identifier}^^^INV^MR||{last}^{first}||{p.born:%Y%m%d}|{p.sex.upper()}"]
    n, seen, o = 0, "", 0
    for r in rs:
        if r.panel != seen:
            seen, n, o = r.panel, 0, o + 1
            seg.append(f"OBR|{o}||L{p.identifier}{o}|{o}^{seen}^L|||{at:%Y%m%d%H%M}")
        n += 1
        sn = r.value.startswith("<")
        val = f"<^{r.value[1:]}" if sn else r.value
        seg.append(f"OBX|{n}|{'SN' if sn else 'NM'}|{'T' + str(n)}^{r.name}^L||{val}|{r.unit}|{r.range}|{r.flag}|||F|||{at:%Y%m%d%H%M}")
    seg.append("NTE|1||Synthetic message, invented laboratory and patient")
    _save(out, "\r".join(seg) + "\r")
    return Report(p, at, rows=rs)
