"""Laboratories of the United Kingdom and India."""

from rows import Style, catalogue

STYLE_GB = Style(between="{lo} - {hi}", below="<{hi}", above=">{lo}", low="*", high="*")
STYLE_IN = Style(thousands="in", between="{lo} - {hi}", below="< {hi}", above="> {lo}", low="L", high="H")

GB = catalogue("""
[Full Blood Count]
hb;Haemoglobin;g/L;115;165;0
wbc;White cell count;10*9/L;4.0;11.0;1
plt;Platelets;10*9/L;150;450;0
rbc;Red cell count;10*12/L;3.80;5.80;2
hct;Haematocrit;L/L;0.370;0.470;3
mcv;MCV;fL;80;100;0
mch;MCH;pg;27.0;32.0;1
rdw;RDW;%;11.5;15.0;1
neut;Neutrophils;10*9/L;2.00;7.50;2
lym;Lymphocytes;10*9/L;1.00;4.00;2
mon;Monocytes;10*9/L;0.20;1.00;2
eos;Eosinophils;10*9/L;0.00;0.50;2
bas;Basophils;10*9/L;0.00;0.10;2
[Urea and Electrolytes]
na;Sodium;mmol/L;133;146;0
k;Potassium;mmol/L;3.5;5.3;1
urea;Urea;mmol/L;2.5;7.8;1
creat;Creatinine;umol/L;45;84;0
egfr;eGFR (CKD-EPI);mL/min/1.73m2;60;;0
[Liver Function Tests]
bt;Total bilirubin;umol/L;;21;0
alt;Alanine transaminase;U/L;;35;0
alp;Alkaline phosphatase;U/L;30;130;0
alb;Albumin;g/L;35;50;0
tp;Total protein;g/L;60;80;0
glob;Globulin;g/L;20;35;0
ggt;Gamma GT;U/L;;42;0
[Bone Profile]
ca;Calcium;mmol/L;2.20;2.60;2
phos;Phosphate;mmol/L;0.80;1.50;2
mg;Magnesium;mmol/L;0.70;1.00;2
[Lipids]
chol;Cholesterol;mmol/L;;5.0;1
hdl;HDL cholesterol;mmol/L;1.2;;1
nonhdl;Non-HDL cholesterol;mmol/L;;4.0;1
tg;Triglycerides;mmol/L;;1.7;1
[Other]
tsh;Thyroid stimulating hormone;mU/L;0.27;4.20;2
ft4;Free T4;pmol/L;11.0;22.0;1
crp;C-reactive protein;mg/L;;5;0
a1cm;HbA1c (IFCC);mmol/mol;20;41;0
ferr;Ferritin;ug/L;15;300;0
b12;Vitamin B12;ng/L;200;910;0
fol;Serum folate;ug/L;3.9;20.0;1
vitd;25-OH vitamin D;nmol/L;50;200;0
esr;ESR;mm/hr;1;20;0
hstni;High sensitivity troponin I;ng/L;;16;0
lact;Lactate;mmol/L;0.5;2.2;1
ldh;Lactate dehydrogenase;U/L;120;250;0
uric;Urate;umol/L;140;360;0
""")

IN = catalogue("""
[COMPLETE BLOOD COUNT (CBC)]
hb;Haemoglobin;gm/dL;12.0;15.0;1
rbc;Total RBC Count;mill/cumm;3.80;4.80;2
hct;Packed Cell Volume (PCV);%;36.0;46.0;1
mcv;MCV;fL;83.0;101.0;1
mch;MCH;pg;27.0;32.0;1
mchc;MCHC;g/dL;31.5;34.5;1
rdw;RDW-CV;%;11.6;14.0;1
wbc;Total Leucocyte Count (TLC);/cumm;4000;10000;-1
neutp;Neutrophils;%;40;80;0
lymp;Lymphocytes;%;20;40;0
eosp;Eosinophils;%;1;6;0
monp;Monocytes;%;2;10;0
basp;Basophils;%;0;2;0
plt;Platelet Count;/cumm;150000;410000;-3
mpv;MPV;fL;6.5;12.0;1
esr;ESR (Westergren);mm/1st hr;0;20;0
[LIVER FUNCTION TEST (LFT)]
bt;Bilirubin - Total;mg/dL;0.20;1.20;2
bd;Bilirubin - Direct;mg/dL;0.00;0.30;2
bi;Bilirubin - Indirect;mg/dL;0.10;1.00;2
ast;SGOT (AST);U/L;;32;0
alt;SGPT (ALT);U/L;;33;0
alp;Alkaline Phosphatase (ALP);U/L;35;104;0
ggt;GGTP;U/L;;40;0
tp;Total Proteins;g/dL;6.40;8.30;2
alb;Albumin;g/dL;3.50;5.20;2
glob;Globulin;g/dL;2.00;3.50;2
agr;A : G Ratio;;0.90;2.00;2
[KIDNEY FUNCTION TEST (KFT)]
urea;Blood Urea;mg/dL;17.0;43.0;1
creat;Serum Creatinine;mg/dL;0.51;0.95;2
uric;Uric Acid;mg/dL;2.60;6.00;2
na;Sodium (Na+);mEq/L;136;145;0
k;Potassium (K+);mEq/L;3.50;5.10;2
cl;Chloride (Cl-);mEq/L;98;107;0
ca;Calcium;mg/dL;8.6;10.2;1
phos;Phosphorus;mg/dL;2.5;4.5;1
[LIPID PROFILE]
chol;Total Cholesterol;mg/dL;;200;0
tg;Triglycerides;mg/dL;;150;0
hdl;HDL Cholesterol;mg/dL;50;;0
ldlc;LDL Cholesterol (Calculated);mg/dL;;100;0
vldl;VLDL Cholesterol;mg/dL;;30;0
[THYROID PROFILE (T3, T4, TSH)]
tsh;TSH (Ultrasensitive);µIU/mL;0.350;4.940;3
ft4;Free T4;ng/dL;0.70;1.48;2
ft3;Free T3;pg/mL;1.71;3.71;2
[DIABETES AND VITAMINS]
glucf;Glucose Fasting (FBS);mg/dL;70;100;0
a1c;HbA1c (Glycosylated Haemoglobin);%;4.0;5.6;1
eag;Estimated Average Glucose (eAG);mg/dL;;;0
vitd;Vitamin D (25-OH);ng/mL;30;100;1
b12;Vitamin B12;pg/mL;187;883;0
ferr;Serum Ferritin;ng/mL;10;204;1
fe;Serum Iron;µg/dL;50;170;0
tibc;TIBC;µg/dL;250;450;0
tsat;Transferrin Saturation;%;20;50;1
crp;CRP (Quantitative);mg/L;;5.0;1
""")
