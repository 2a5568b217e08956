"""Designs set with groff and tbl: a cumulative grid, a reversed table, several specimens."""
import panels as P
from model import Report, Row, Style, rows
from people import later, moment, patient
from physiology import earlier, sample
from registry import design
from routes import groff


def g(text):
    """Text safe inside a tbl cell."""
    return str(text).replace("\\", "\\e").replace("^", "\\(ha")


@design("cumulative-grid-newest-right", "groff", "en-GB")
def grid_right(rng, out, **fixed):
    p = patient(rng, "uk", order="upper", ident=f"H{rng.randint(100000, 999999)}")
    at = moment(rng)
    st = Style(both="{lo}-{hi}", below="<{hi}", above=">{lo}", high="*", low="*")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    olds = [earlier(rng, v)]
    olds += [earlier(rng, olds[0])]
    table = "na | Sodium | mmol/L\nk | Potassium | mmol/L\nurea | Urea | mmol/L\ncrea | Creatinine | umol/L\nca | Calcium | mmol/L\nphos | Phosphate | mmol/L\nalb | Albumin | g/L\nalp | ALP | U/L\nalt | ALT | U/L\ntbil | Bilirubin | umol/L\ncrp | CRP | mg/L\nhgb | Haemoglobin | g/L\nwbc | White cells | 10*9/L\nplt | Platelets | 10*9/L\nneut_a | Neutrophils | 10*9/L"
    rs = rows(table, v, st, p.sex, before=olds[0])
    hist = [rows(table, o, st, p.sex) for o in olds]
    d = [later(at, -24 * 9), later(at, -24 * 3), at]
    lines = "\n".join(f"{g(r.name)}\t{g(r.unit)}\t{g(r.range)}\t{hist[1][i].value}{hist[1][i].flag}\t{hist[0][i].value}{hist[0][i].flag}\t{r.value}{r.flag}" for i, r in enumerate(rs))
    src = f""".nr PO 2c
.nr LL 17c
.LP
.ft B
.ps 13
Harrowmoor NHS Trust \\- Pathology cumulative report
.ft R
.ps 10
.LP
Name: {p.name}    Born: {p.born:%d.%m.%Y}    Hospital no: {p.identifier}    Ward: Cedar
.LP
.TS
l l l r r r.
_
\tSample date\t\t{g(d[0].strftime('%d/%m/%y'))}\t{g(d[1].strftime('%d/%m/%y'))}\t{g(d[2].strftime('%d/%m/%y'))}
\tTime\t\t{d[0]:%H:%M}\t{d[1]:%H:%M}\t{d[2]:%H:%M}
Test\tUnits\tRef. range\t\t\t
_
{lines}
_
.TE
.LP
* outside reference range. Latest sample in the right hand column. Synthetic report, invented hospital and patient.
"""
    groff(src, out)
    return Report(p, at, rows=rs)


@design("reversed-columns", "groff", "en-US")
def reversed_columns(rng, out, **fixed):
    p = patient(rng, "us", order="last-first", ident=f"{rng.randint(10**6, 10**7 - 1)}")
    at = moment(rng)
    st = Style(both="{lo} to {hi}", below="under {hi}", above="over {lo}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.25, **fixed)
    rs = rows(P.US_BMP + P.US_HEPATIC + "urate | Uric Acid | mg/dL\nldh | LDH | U/L\nck | Creatine Kinase | U/L\namy | Amylase | U/L\nlip | Lipase | U/L\nphos | Phosphorus | mg/dL\nmg | Magnesium | mg/dL", v, st, p.sex)
    lines = "\n".join(f"{g(r.range)}\t{g(r.unit)}\t{g(r.value)}\t{r.flag}\t{g(r.name)}" for r in rs)
    src = f""".nr PO 2.2c
.nr LL 16.5c
.LP
.ft HB
.ps 12
TIDEWATER CLINICAL LAB, INC.
.ft H
.ps 9
.LP
{g(p.name)} \\(bu born {p.born:%m/%d/%Y} \\(bu specimen {p.identifier} \\(bu drawn {p.born.__class__.strftime(at, '%m/%d/%Y %H:%M')}
.LP
.fam H
.TS
tab(\t);
lb lb rb lb lb
l l r l l.
Normal limits\tUnits\tValue\tFl\tAnalyte
{lines}
.TE
.LP
Synthetic report, invented laboratory and patient.
"""
    groff(src, out)
    return Report(p, at, rows=rs)


@design("several-specimens", "groff", "en-GB")
def specimens(rng, out, **fixed):
    p = patient(rng, "uk", order="last-first", ident=f"N{rng.randint(10**5, 10**6 - 1)}")
    at = moment(rng)
    st = Style(both="{lo} - {hi}", below="< {hi}", above="> {lo}", high="H", low="L")
    v = sample(rng, p.sex, p.age(at), odd=0.3, **fixed)
    csf = [Row("Appearance", "Clear, colourless"), *rows("! Leucocytes | 3 | cells/uL | 0 - 5\n! Erythrocytes | <1 | cells/uL | 0 - 2", v, st), *rows("c_prot | Protein | g/L\nc_glu | Glucose | mmol/L\n! Lactate | 1.7 | mmol/L | 1.1 - 2.4", v, st)]
    blood = rows("glu | Glucose | mmol/L\ntp | Total protein | g/L\nalb | Albumin | g/L\nna | Sodium | mmol/L\nosm | Osmolality | mOsm/kg\ncrp | C-reactive protein | mg/L", v, st, p.sex)
    urine = rows("u_na | Sodium | mmol/L\nu_k | Potassium | mmol/L\nu_crea | Creatinine | mmol/L\nu_alb | Albumin | mg/L\nu_acr | Albumin/creatinine ratio | mg/mmol\n! Osmolality | 412 | mOsm/kg | 50 - 1200", v, st, p.sex)
    src = f""".nr PO 2.2c
.nr LL 16.5c
.fam P
.LP
.ft B
.ps 14
Caldbeck Regional Laboratories
.ft R
.ps 10
.LP
Patient: {g(p.name)}     DoB: {p.born:%d/%m/%Y}     Lab ref: {p.identifier}
.br
Collected: {at:%d/%m/%Y %H:%M}     Authorised: {later(at, 5):%d/%m/%Y %H:%M}
"""
    for name, rs in (("CSF", csf), ("Serum", blood), ("Urine (random)", urine)):
        for r in rs:
            r.specimen = name
        body = "\n".join(f"{g(r.name)}\t{g(r.value)}\t{g(r.unit)}\t{r.flag}\t{g(r.range)}" for r in rs)
        src += f".LP\n.ft B\nSpecimen: {name}\n.ft R\n.LP\n.TS\nlw(5.5c) l lw(2c) lw(0.8c) l.\n{body}\n.TE\n"
    src += ".LP\nCSF glucose should be read with the blood glucose: a ratio above 0.6 is usual. Synthetic report, invented laboratory and patient.\n"
    groff(src, out)
    return Report(p, at, rows=csf + blood + urine)
