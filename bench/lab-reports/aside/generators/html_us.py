"""American and British designs printed by Chromium."""
import panels as P
from model import Report, Style, rows
from people import later, moment, patient
from physiology import earlier, sample
from registry import design
from routes import chromium, esc

NOTE = "Synthetic report: invented laboratory, invented patient."


def _group(rs):
    order = {}
    for r in rs:
        order.setdefault(r.panel, []).append(r)
    return order


@design("us-reference-multipage", "chromium", "en-US")
def us_reference(rng, out, with_codes=False, long=True, **fixed):
    p = patient(rng, "us", order="last-first", ident=f"{rng.randint(100, 999)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}-0")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above=">{lo}", high="High", low="Low", alert_high="Alert High", alert_low="Alert Low")
    v = sample(rng, p.sex, p.age(at), digits=0, **fixed)
    st.digits = dict(neut=0, lymph=0, mono=0, eos=0, baso=0, neut_a=1, lymph_a=1, mono_a=1, eos_a=1, baso_a=1)
    rs = rows(P.US_CBC, v, st, p.sex, panel="CBC With Differential/Platelet")
    if long:
        rs += rows(P.US_CMP, v, st, p.sex, panel="Comp. Metabolic Panel (14)")
        rs += rows(P.US_LIPID, v, st, p.sex, panel="Lipid Panel")
        rs += rows("a1c | Hemoglobin A1c | %", v, st, p.sex, panel="Hemoglobin A1c")
        rs += rows("tsh | TSH | uIU/mL", v, st, p.sex, panel="TSH")
        rs += rows("ferr | Ferritin | ng/mL", v, st, p.sex, panel="Ferritin")
    for r in rs:
        if r.key in ("neut", "lymph", "mono", "eos", "baso"):
            r.range, r.flag = "Not Estab.", ""
    trs = ""
    for panel, members in _group(rs).items():
        trs += f'<tr class=p><td colspan=6>{esc(panel)}</td></tr>'
        for r in members:
            code = f"<sup>{rng.choice(['01', '02'])}</sup>" if with_codes else ""
            b = " class=b" if r.flag else ""
            trs += (f"<tr{b}><td class=n>{esc(r.name)}{code}</td><td>{esc(r.value)}</td><td>{esc(r.flag)}</td>"
                    f"<td>{esc(r.unit)}</td><td>{esc(r.range)}</td><td class=l>{'' if with_codes else '01'}</td></tr>")
            if r.key == "a1c":
                trs += "<tr class=c><td colspan=6>Prediabetes: 5.7 - 6.4<br>Diabetes: &gt;6.4<br>Glycemic control for adults with diabetes: &lt;7.0</td></tr>"
            if r.key == "ldlc":
                trs += "<tr class=c><td colspan=6>Comment: values of 190 mg/dL or more may suggest a familial disorder; repeat in 3 months.</td></tr>"
    body = f"""<table class=main><thead><tr><td colspan=6><div class=h><div class=logo>Meridian Reference Laboratories</div><div class=r>Patient Report</div></div>
<div class=box><div>Specimen ID: {p.identifier}<br>Acct #: {rng.randint(10**7, 10**8)}</div><div><b>Patient:</b> {esc(p.name)}<br>DOB: {p.born:%m/%d/%Y}<br>Age(y/m/d): {p.age(at)}/03/11 &nbsp; Gender: {p.sex.upper()}</div>
<div>Date collected: {at:%m/%d/%Y} {at:%H%M} Local<br>Date received: {later(at, 9):%m/%d/%Y}<br>Date reported: {later(at, 31):%m/%d/%Y} 0711 ET</div></div></td></tr>
<tr class=th><td>TESTS</td><td>RESULT</td><td>FLAG</td><td>UNITS</td><td>REFERENCE INTERVAL</td><td>LAB</td></tr></thead><tbody>{trs}</tbody></table>
<p class=f>01: BN Meridian Reference Labs, 1447 Dunmore Court, Ashby, NC 27200-3361. Dir: Reid Sandover, MD. For inquiries, the physician may contact 555-0100. {NOTE}</p>"""
    css = """body{font:9pt 'Liberation Sans'}table.main{width:100%;border-collapse:collapse}.h{display:flex;justify-content:space-between;border-bottom:2px solid #1b4f72;padding-bottom:3px}
.logo{font:700 15pt 'Lato';color:#1b4f72}.r{font-weight:700;font-size:12pt}.box{display:flex;justify-content:space-between;font-size:8pt;border-bottom:1px solid #888;padding:5px 0;margin-bottom:4px}
.th td{font-weight:700;font-size:8pt;background:#dfe8ef;padding:3px}.p td{font-weight:700;padding-top:7px}td{padding:1.5px 3px}.n{padding-left:14px}.b td{font-weight:700}.c td{padding-left:60px;font-size:8pt}
sup{font-size:5.5pt;margin-left:1px}.l{font-size:7pt}.f{font-size:6.5pt;color:#444}"""
    chromium(body, css, out, "Patient Report", page="Letter")
    return Report(p, at, rows=rs)


@design("us-portal-cards", "chromium", "en-US")
def us_portal(rng, out, **fixed):
    p = patient(rng, "us", order="first-last")
    at = moment(rng)
    st = Style(both="{lo} - {hi}", below="<={hi}", above=">={lo}", high="High", low="Low")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = rows(P.US_BMP.replace("mEq/L", "mmol/L") + "mg | Magnesium | mg/dL\nphos | Phosphorus | mg/dL", v, st, p.sex, panel="BASIC METABOLIC PANEL")
    rs += rows("hgb | Hemoglobin | g/dL\nplt | Platelet Count | 10*3/uL\nwbc | WBC | 10*3/uL", v, st, p.sex, panel="CBC WITHOUT DIFFERENTIAL")
    cards, seen = "", ""
    for r in rs:
        if r.panel != seen:
            seen = r.panel
            cards += f"<h2>{seen}</h2>"
        badge = f"<span class=flag>{r.flag}</span>" if r.flag else ""
        cards += (f"<div class=card><div class=t>{esc(r.name)}</div><div class=s>Normal range: {esc(r.range)} {esc(r.unit)}</div>"
                  f"<div class=v><span class=x>{esc(r.value)}</span> <span class=u>{esc(r.unit)}</span> {badge}</div></div>")
    body = f"""<div class=top>MyHarbor Health</div><h1>Test Results</h1><p>Name: {esc(p.name)} &nbsp;|&nbsp; DOB: {p.born:%-m/%-d/%Y} &nbsp;|&nbsp; MRN: {p.identifier} &nbsp;|&nbsp; PCP: Allison Greer, MD</p>
<p>Collected on {at:%B %-d, %Y %-I:%M %p} &nbsp; Final result &nbsp; Ordered by Allison Greer, MD</p><div class=g>{cards}</div>
<p class=f>Results may be released before your clinician has seen them. A value outside the normal range is common in about 5% of healthy people. {NOTE} Page printed {later(at, 60):%m/%d/%y}</p>"""
    css = """body{font:10pt 'Open Sans'}.top{background:#0b6e6e;color:#fff;padding:8px 12px;font-weight:700}h1{font-size:15pt;margin:8px 0}h2{font-size:10.5pt;width:100%;margin:10px 0 2px;color:#0b6e6e}
.g{display:flex;flex-wrap:wrap;gap:8px}.card{width:46%;border:1px solid #cfd8dc;border-radius:6px;padding:6px 10px;break-inside:avoid}.t{font-weight:600}.s{font-size:8pt;color:#666}.x{font-size:13pt;font-weight:600}
.flag{background:#fce4d6;color:#a33;border-radius:8px;padding:1px 7px;font-size:8pt;margin-left:8px}.f{font-size:7pt;color:#777}"""
    chromium(body, css, out, "Test Results", page="Letter")
    return Report(p, at, rows=rs)


@design("uk-gp-download", "chromium", "en-GB")
def uk_gp(rng, out, **fixed):
    p = patient(rng, "uk", order="upper", ident=f"{rng.randint(400, 799)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}")
    at = moment(rng)
    st = Style(both="[{lo} - {hi}]", below="[< {hi}]", above="[> {lo}]", high="Above high reference limit", low="Below low reference limit")
    v = sample(rng, p.sex, p.age(at), **fixed)
    rs = []
    for title, table in (("Urea and electrolytes", P.UK_UE), ("Liver function test", P.UK_LFT), ("Full blood count", P.UK_FBC), ("Lipid profile", P.UK_LIPID)):
        rs += rows(table, v, st, p.sex, panel=title)
    rs += rows("a1c_ifcc | Haemoglobin A1c level (IFCC standardised) | mmol/mol", v, st, p.sex, panel="Haemoglobin A1c")
    for r in rs:
        if r.panel == "Lipid profile":
            r.range, r.flag, r.odd = "", "", False
    body = f"<div class=hd><b>{esc(p.name)}</b><span>Born {p.born:%d-%b-%Y}</span><span>NHS No. {p.identifier}</span><span>Gender {'Male' if p.sex == 'm' else 'Female'}</span></div>"
    body += f"<p class=k>Specimen collected: {at:%d-%b-%Y %H:%M}. Lab reported: {later(at, 26):%d-%b-%Y %H:%M}. Requested by Dr O Fairbairn, Larkfield Surgery</p>"
    for panel, members in _group(rs).items():
        body += f"<h3>{panel}</h3><table>"
        for r in members:
            mark = f'<div class=fl>{r.flag}</div>' if r.flag else ""
            body += f"<tr><td class=a>{esc(r.name)}</td><td class=b>{esc(r.value)} {esc(r.unit)} {esc(r.range)}{mark}</td></tr>"
        body += "</table>"
        if panel == "Urea and electrolytes":
            body += "<p class=n>eGFR: multiply by 1.159 if African-Caribbean origin is no longer advised. Values over 60 are to be read with ACR.</p>"
        if panel == "Lipid profile":
            body += "<p class=n>Aim for non-HDL cholesterol below 4.0 mmol/L in primary prevention, and a 40% reduction on treatment.</p>"
    body += f"<p class=n>{NOTE}</p>"
    css = """body{font:9.5pt Carlito}.hd{display:flex;gap:26px;background:#e8edee;padding:6px;border-left:5px solid #005eb8}h3{font-size:10.5pt;margin:9px 0 1px;border-bottom:1px solid #999}
table{width:100%;border-collapse:collapse}td{vertical-align:top;padding:1px 4px}.a{width:44%}.fl{color:#b00;font-size:8.5pt;font-style:italic}.n,.k{font-size:8.5pt;color:#333;margin:3px 0}tr{break-inside:avoid}"""
    chromium(body, css, out, "Patient record: results", lang="en-GB")
    return Report(p, at, rows=rs)


@design("side-by-side-panels", "chromium", "en-US")
def side_by_side(rng, out, **fixed):
    p = patient(rng, "us", order="upper", ident=f"MR{rng.randint(10**5, 10**6 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", high="H", low="L", alert_high="HH", alert_low="LL", below="<{hi}", above=">{lo}")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    left = rows(P.US_BMP, v, st, p.sex, panel="CHEMISTRY") + rows(P.US_HEPATIC, v, st, p.sex, panel="LIVER")
    right = rows(P.US_HEME_SHORT, v, st, p.sex, panel="HEMATOLOGY") + rows("pt | PT | sec\ninr | INR | \nptt | APTT | sec\nfib | Fibrinogen | mg/dL", v, st, p.sex, panel="COAGULATION")

    def block(rs):
        t, seen = "", ""
        for r in rs:
            if r.panel != seen:
                seen = r.panel
                t += f"<tr class=p><td colspan=4>{seen}</td></tr>"
            t += f"<tr><td>{esc(r.name)}</td><td class=v>{esc(r.value)}</td><td class=fl>{r.flag}</td><td class=r>{esc(r.range)} {esc(r.unit)}</td></tr>"
        return f"<table>{t}</table>"
    body = f"""<div class=h>ST. BRANNOC MEDICAL CENTER &mdash; LABORATORY SUMMARY</div><div class=i><span>PATIENT: {esc(p.name)}</span><span>MRN: {p.identifier}</span><span>DOB: {p.born:%m/%d/%Y}</span><span>LOC: 4 WEST 417-2</span></div>
<div class=i><span>COLLECTED: {at:%m/%d/%Y %H:%M}</span><span>PRINTED: {later(at, 5):%m/%d/%Y %H:%M}</span><span>ATT: OYELARAN, B</span></div><div class=two>{block(left)}{block(right)}</div>
<p class=f>H/L outside reference, HH/LL critical. {NOTE}</p>"""
    css = """body{font:8.5pt 'Roboto Condensed'}.h{font-weight:700;font-size:12pt;text-align:center;margin-bottom:6px}.i{display:flex;justify-content:space-between;border:1px solid #333;padding:3px 6px;margin-bottom:-1px}
.two{display:flex;gap:22px;margin-top:10px}table{flex:1;border-collapse:collapse;align-self:flex-start}td{padding:2px 3px;border-bottom:1px dotted #aaa}.p td{background:#333;color:#fff;font-weight:700}.v{text-align:right}.fl{font-weight:700;width:16px}.f{font-size:7pt}"""
    chromium(body, css, out, "Laboratory summary", page="Letter")
    return Report(p, at, rows=left + right)


@design("serial-draws", "chromium", "en-US")
def serial_troponin(rng, out, **fixed):
    p = patient(rng, "us", order="upper", ident=f"ED{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    start = rng.randint(9, 40)
    trop = [start, start + rng.randint(20, 90), start + rng.randint(120, 400)]
    st = Style(both="{lo}-{hi}", below="<={hi}")
    rs = []
    for n, (h, x) in enumerate(zip((0, 1, 3), trop)):
        t = later(at, h)
        r = rows("tni | hs-Troponin I | ng/L", sample(rng, p.sex, 60, tni=x), st, p.sex, panel="Cardiac markers, serial")[0]
        r.extra["when"] = t
        r.collected = "" if n == 0 else t.strftime("%Y-%m-%dT%H:%M")
        rs.append(r)
    v = sample(rng, p.sex, p.age(at), **fixed)
    other = rows("ckmb | CK-MB | ng/mL\nntbnp | NT-proBNP | pg/mL\nk | Potassium | mmol/L\ncrea | Creatinine | mg/dL\nmg | Magnesium | mg/dL\nglu | Glucose | mg/dL\nhgb | Hemoglobin | g/dL", v, st, p.sex, panel="Other results")
    for r in other:
        r.extra["when"] = at

    def tr(r):
        return (f"<tr><td>{r.extra['when']:%m/%d/%y %H:%M}</td><td>{esc(r.name)}</td><td><b>{esc(r.value)}</b></td><td>{r.flag}</td><td>{esc(r.unit)}</td><td>{esc(r.range)}</td></tr>")
    head = "<tr class=th><th>Draw time</th><th>Test</th><th>Result</th><th>Flag</th><th>Units</th><th>Ref. interval</th></tr>"
    body = f"""<h1>Kestrel Valley Hospital &middot; Emergency Department Laboratory</h1><table class=i><tr><td>Patient</td><td>{esc(p.name)}</td><td>Encounter</td><td>{p.identifier}</td></tr><tr><td>Birth date</td><td>{p.born:%m/%d/%Y}</td><td>First collection</td><td>{at:%m/%d/%Y %H:%M}</td></tr></table>
<h2>Cardiac markers, serial</h2><table class=t>{head}{''.join(map(tr, rs))}</table><p class=c>Change 0 h to 3 h: +{trop[2] - trop[0]} ng/L. Rule-in when the 0/1 h change is 6 ng/L or more. Critical value called to A. Dorsey RN at {later(at, 4):%H:%M}, read back.</p>
<h2>Other results</h2><table class=t>{head}{''.join(map(tr, other))}</table><p class=c>{NOTE}</p>"""
    css = """body{font:10pt 'Noto Sans'}h1{font-size:13pt}h2{font-size:11pt;margin:14px 0 3px}table{border-collapse:collapse;width:100%}.i td{border:1px solid #bbb;padding:3px 6px}.t td,.t th{border:1px solid #999;padding:3px 6px;text-align:left}.th{background:#eee}.c{font-size:8.5pt}"""
    chromium(body, css, out, "ED laboratory", page="Letter")
    return Report(p, at, rows=rs + other)


@design("time-grid-newest-left", "chromium", "en-US")
def grid_newest_left(rng, out, **fixed):
    p = patient(rng, "us", order="last-first", ident=f"{rng.randint(10**7, 10**8 - 1)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", high="(H)", low="(L)", below="<{hi}", above=">{lo}")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    olds = [earlier(rng, v)]
    olds += [earlier(rng, olds[0])]
    olds += [earlier(rng, olds[1])]
    table = P.US_BMP + P.US_HEME_SHORT + "mg | Magnesium | mg/dL\nphos | Phosphorus | mg/dL"
    rs = rows(table, v, st, p.sex, before=olds[0])
    hist = [rows(table, o, st, p.sex) for o in olds]
    skip = {"mg", "phos", "mpv"}
    times = [at, later(at, -24), later(at, -49), later(at, -73)]
    head = "<tr><th class=n>Component</th>" + "".join(f"<th>{t:%m/%d/%y}<br>{t:%H%M}</th>" for t in times) + "<th>Ref Range</th></tr>"
    body = ""
    for i, r in enumerate(rs):
        cells = [r] + [h[i] for h in hist]
        tds = "".join(f"<td>{'' if (j == 0 and r.key in skip) else esc(c.value)}{' ' + c.flag if c.flag and not (j == 0 and r.key in skip) else ''}</td>" for j, c in enumerate(cells))
        body += f"<tr><td class=n>{esc(r.name)}</td>{tds}<td>{esc(r.range)} {esc(r.unit)}</td></tr>"
    page = f"""<p class=t>Result Review &mdash; Flowsheet</p><p>{esc(p.name)} &nbsp; MRN {p.identifier} &nbsp; DOB {p.born:%m/%d/%Y} &nbsp; Sex {p.sex.upper()}</p><p>Recent Labs &nbsp; (most recent first; last collection {at:%m/%d/%y %H%M})</p><table><thead>{head}</thead>{body}</table><p class=f>(H) High (L) Low. {NOTE}</p>"""
    css = """body{font:9pt 'Roboto'}.t{font-size:14pt;font-weight:700}table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccc;padding:2px 6px;text-align:center;font-size:8.5pt}.n{text-align:left}th{background:#e3ecf7}.f{font-size:7pt}p{margin:3px 0}"""
    chromium(page, css, out, "Result review", page="Letter")
    return Report(p, at, rows=[r for r in rs if r.key not in skip])


@design("sendout-pending", "chromium", "en-US")
def sendout(rng, out, **fixed):
    p = patient(rng, "us", order="first-last", ident=f"AH-{rng.randint(10**5, 10**6 - 1)}")
    at = moment(rng)
    st = Style(both="{lo} to {hi}", below="Less than {hi}", above="Greater than {lo}", high="HI", low="LO")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    rs = rows("pth | PTH, Intact | pg/mL\nca | Calcium | mg/dL\nvitd | Vitamin D, 25-Hydroxy | ng/mL\nb12 | Vitamin B12 | pg/mL\n! Methylmalonic Acid, Serum | Pending |  | 87 to 318 nmol/L\n! Zinc | QNS | ug/dL | 44 to 115\nhomo | Homocysteine | umol/L\n! Ceruloplasmin | SEE NOTE | mg/dL | 19.0 to 39.0\nige | Immunoglobulin E | IU/mL\nc3 | Complement C3 | mg/dL\nc4 | Complement C4 | mg/dL\n! Anti-Nuclear Antibody (ANA) Titer | 1:320 | | < 1:80 | HI | 5048-4\n! Rheumatoid Factor | <10 | IU/mL | 0 to 14 | | 11572-5\n! HCV RNA, Quantitative PCR | 3.1E+04 | IU/mL | Not detected | HI", v, st, p.sex)
    rs[4].range, rs[4].unit = "87 to 318", "nmol/L"
    trs = ""
    for r in rs:
        trs += f"<tr><td>{esc(r.range)}</td><td>{esc(r.unit)}</td><td class=v>{esc(r.value)}</td><td>{r.flag}</td><td class=n>{esc(r.name)}</td></tr>"
        if r.value == "SEE NOTE":
            trs += "<tr><td colspan=5 class=c>Note: specimen hemolyzed; last acceptable sample gave no reportable figure. Recollect 2 mL serum.</td></tr>"
    body = f"""<div class=h>Ardent Hills Specialty Laboratory</div><p>Client 40127 &bull; {esc(p.name)} &bull; DOB {p.born:%d %b %Y} &bull; ID {p.identifier}</p><p>Drawn {at:%d %b %Y %H:%M} &bull; Received {later(at, 20):%d %b %Y}</p>
<table><tr class=th><th>Reference</th><th>Units</th><th>Result</th><th></th><th>Test</th></tr>{trs}</table><p class=f>QNS: quantity not sufficient. {NOTE}</p>"""
    css = """body{font:10pt 'URW Gothic'}.h{font-size:16pt;border-bottom:3px double #555;padding-bottom:4px}table{width:100%;border-collapse:collapse}th{text-align:left;border-bottom:1.5px solid #000}td{padding:4px}.v{font-weight:700}.c{font-size:8.5pt;font-style:italic;padding-left:40px}.f{font-size:7pt}tr:nth-child(even){background:#f4f4f0}"""
    chromium(body, css, out, "Specialty laboratory", page="Letter")
    return Report(p, at, rows=rs)
