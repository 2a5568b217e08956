"""Laboratories of Germany and France."""

from rows import Style, catalogue

STYLE_DE = Style(decimal=",", thousands=".", between="{lo} - {hi}", below="< {hi}", above="> {lo}", low="-", high="+", panic_low="--", panic_high="++")
STYLE_FR = Style(decimal=",", thousands=" ", between="{lo} à {hi}", below="< {hi}", above="> {lo}", low="*", high="*")

DE = catalogue("""
[Kleines Blutbild]
wbc;Leukozyten;Tsd./µl;3.9;10.2;2
rbc;Erythrozyten;Mio./µl;3.90;5.15;2
hb;Hämoglobin;g/dl;12.0;15.4;1
hct;Hämatokrit;%;35.5;45.0;1
mcv;MCV;fl;80.0;99.0;1
mch;MCH (HbE);pg;27.0;33.5;1
mchc;MCHC;g/dl;31.5;36.0;1
rdw;EVB (RDW);%;11.5;15.0;1
plt;Thrombozyten;Tsd./µl;150;370;0
[Differentialblutbild]
neutp;Neutrophile Granulozyten;%;42.0;77.0;1
lymp;Lymphozyten;%;20.0;44.0;1
monp;Monozyten;%;2.0;9.5;1
eosp;Eosinophile Granulozyten;%;0.5;5.5;1
basp;Basophile Granulozyten;%;0.0;1.8;1
neut;Neutrophile absolut;/µl;1500;7700;0
lym;Lymphozyten absolut;/µl;1100;4500;0
[Klinische Chemie]
na;Natrium;mmol/l;135;145;0
k;Kalium;mmol/l;3.5;5.1;1
ca;Calcium;mmol/l;2.15;2.55;2
creat;Kreatinin;mg/dl;0.50;0.90;2
egfr;GFR (CKD-EPI);ml/min/1,73 m²;90;;0
urea;Harnstoff;mg/dl;17;43;0
uric;Harnsäure;mg/dl;2.4;5.7;1
bt;Bilirubin gesamt;mg/dl;;1.2;1
ast;GOT (AST);U/l;;35;0
alt;GPT (ALT);U/l;;35;0
ggt;Gamma-GT;U/l;;40;0
alp;Alkalische Phosphatase;U/l;35;105;0
ldh;LDH;U/l;;250;0
che;Cholinesterase;U/l;4260;11250;0
tp;Gesamteiweiß;g/dl;6.6;8.3;1
alb;Albumin;g/l;35;52;1
gluc;Glukose;mg/dl;74;106;0
crp;CRP;mg/l;;5.0;1
fe;Eisen;µg/dl;37;145;0
ferr;Ferritin;ng/ml;15;150;0
trf;Transferrin;mg/dl;200;360;0
lip;Lipase;U/l;;60;0
ck;CK gesamt;U/l;;170;0
mg;Magnesium;mmol/l;0.66;1.07;2
phos;Phosphat;mmol/l;0.84;1.45;2
[Fettstoffwechsel]
chol;Cholesterin;mg/dl;;200;0
hdl;HDL-Cholesterin;mg/dl;45;;0
ldl;LDL-Cholesterin;mg/dl;;116;0
tg;Triglyceride;mg/dl;;150;0
[Schilddrüse]
tsh;TSH basal;mU/l;0.27;4.20;2
ft3;fT3;pg/ml;2.00;4.40;2
ft4;fT4;ng/dl;0.93;1.70;2
[Gerinnung]
quick;Quick;%;70;130;0
inr;INR;;0.85;1.15;2
aptt;PTT;s;25;37;0
fib;Fibrinogen;g/l;1.8;3.5;1
[Diabetes]
a1c;HbA1c;%;4.8;5.9;1
a1cm;HbA1c (IFCC);mmol/mol;29;41;0
[Vitamine]
b12;Vitamin B12;pg/ml;197;771;0
fol;Folsäure;ng/ml;3.9;26.8;1
vitd;25-OH-Vitamin D;ng/ml;30;100;1
""")

FR = catalogue("""
[NUMERATION GLOBULAIRE]
rbc;Hématies;T/L;3.80;5.90;2
hb;Hémoglobine;g/dL;11.5;17.5;1
hct;Hématocrite;%;34.0;53.0;1
mcv;V.G.M.;fL;76;96;0
mch;T.C.M.H.;pg;24.4;34.0;1
mchc;C.C.M.H.;g/dL;31.0;36.0;1
wbc;Leucocytes;/mm³;3800;11000;-1
plt;Plaquettes;G/L;150;445;0
[FORMULE LEUCOCYTAIRE]
neut;Polynucléaires neutrophiles;/mm³;1800;7500;-1
eos;Polynucléaires éosinophiles;/mm³;;600;-1
bas;Polynucléaires basophiles;/mm³;;200;-1
lym;Lymphocytes;/mm³;1000;4800;-1
mon;Monocytes;/mm³;150;1000;-1
[BIOCHIMIE SANGUINE]
na;Sodium;mmol/L;136;145;0
k;Potassium;mmol/L;3.4;4.5;1
cl;Chlorures;mmol/L;98;107;0
hco3;Bicarbonates;mmol/L;22;29;0
urea;Urée;g/L;0.17;0.49;2
creat;Créatinine;µmol/L;49;90;0
egfr;DFG estimé (CKD-EPI);mL/min/1,73m²;60;;0
glucf;Glycémie à jeun;mmol/L;4.10;5.90;2
ca;Calcium;mmol/L;2.20;2.55;2
phos;Phosphore;mmol/L;0.81;1.45;2
mg;Magnésium;mmol/L;0.66;1.07;2
tp;Protéines totales;g/L;64;83;0
alb;Albumine;g/L;35;52;1
uric;Acide urique;µmol/L;143;339;0
crp;Protéine C réactive (CRP);mg/L;;5.0;1
[BILAN HEPATIQUE]
ast;ASAT (TGO);UI/L;;35;0
alt;ALAT (TGP);UI/L;;35;0
ggt;Gamma GT;UI/L;;40;0
alp;Phosphatases alcalines;UI/L;35;105;0
bt;Bilirubine totale;µmol/L;;21;1
bd;Bilirubine conjuguée;µmol/L;;5;1
ldh;LDH;UI/L;135;225;0
[BILAN LIPIDIQUE]
chol;Cholestérol total;g/L;;2.00;2
hdl;Cholestérol HDL;g/L;0.40;;2
ldlc;Cholestérol LDL (calculé);g/L;;1.60;2
tg;Triglycérides;g/L;;1.50;2
[BILAN MARTIAL]
fe;Fer sérique;µmol/L;6.6;26.0;1
trf;Transferrine;g/L;2.00;3.60;2
ferr;Ferritine;µg/L;15;150;0
[HORMONOLOGIE]
tsh;TSH ultrasensible;mUI/L;0.27;4.20;2
ft4;T4 libre;pmol/L;12.0;22.0;1
ft3;T3 libre;pmol/L;3.10;6.80;2
[DIVERS]
a1c;Hémoglobine glyquée (HbA1c);%;4.0;6.0;1
vitd;Vitamine D (25-OH);nmol/L;75;250;0
b12;Vitamine B12;pmol/L;145;569;0
ntbnp;NT-proBNP;ng/L;;125;0
psa;PSA total;ng/mL;;4.00;2
quick;Taux de prothrombine;%;70;120;0
inr;INR;;0.90;1.20;2
""")
