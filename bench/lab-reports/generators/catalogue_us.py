"""Three laboratories of the United States: A prints mixed case, B prints capitals, C is a hospital's chart."""

from rows import Style, catalogue

STYLE_A = Style(between="{lo} - {hi}", below="<{hi}", above=">{lo}", low="Low", high="High", panic_low="Alert Low", panic_high="Alert High")
STYLE_B = Style(between="{lo}-{hi}", below="< OR = {hi}", above="> OR = {lo}", low="L", high="H")
STYLE_C = Style(between="{lo} - {hi}", below="<={hi}", above=">={lo}", low="L", high="H", panic_low="LL", panic_high="HH")

A = catalogue("""
[CBC With Differential/Platelet]
wbc;WBC;x10E3/uL;3.4;10.8;1
rbc;RBC;x10E6/uL;3.77;5.28;2
hb;Hemoglobin;g/dL;11.1;15.9;1
hct;Hematocrit;%;34.0;46.6;1
mcv;MCV;fL;79;97;0
mch;MCH;pg;26.6;33.0;1
mchc;MCHC;g/dL;31.5;35.7;1
rdw;RDW;%;11.7;15.4;1
plt;Platelets;x10E3/uL;150;450;0
neutp;Neutrophils;%;;;0;Not Estab.
lymp;Lymphs;%;;;0;Not Estab.
monp;Monocytes;%;;;0;Not Estab.
eosp;Eos;%;;;0;Not Estab.
basp;Basos;%;;;0;Not Estab.
neut;Neutrophils (Absolute);x10E3/uL;1.4;7.0;1
lym;Lymphs (Absolute);x10E3/uL;0.7;3.1;1
mon;Monocytes(Absolute);x10E3/uL;0.1;0.9;1
eos;Eos (Absolute);x10E3/uL;0.0;0.4;1
bas;Baso (Absolute);x10E3/uL;0.0;0.2;1
[Comp. Metabolic Panel (14)]
gluc;Glucose;mg/dL;70;99;0
bun;BUN;mg/dL;6;24;0
creat;Creatinine;mg/dL;0.57;1.00;2
egfr;eGFR;mL/min/1.73;59;;0
bcr;BUN/Creatinine Ratio;;9;23;0
na;Sodium;mmol/L;134;144;0
k;Potassium;mmol/L;3.5;5.2;1
cl;Chloride;mmol/L;96;106;0
co2;Carbon Dioxide, Total;mmol/L;20;29;0
ca;Calcium;mg/dL;8.7;10.2;1
tp;Protein, Total;g/dL;6.0;8.5;1
alb;Albumin;g/dL;3.9;4.9;1
glob;Globulin, Total;g/dL;1.5;4.5;1
bt;Bilirubin, Total;mg/dL;0.0;1.2;1
alp;Alkaline Phosphatase;IU/L;44;121;0
ast;AST (SGOT);IU/L;0;40;0
alt;ALT (SGPT);IU/L;0;32;0
[Lipid Panel]
chol;Cholesterol, Total;mg/dL;100;199;0
tg;Triglycerides;mg/dL;0;149;0
hdl;HDL Cholesterol;mg/dL;39;;0
vldl;VLDL Cholesterol Cal;mg/dL;5;40;0
ldlc;LDL Chol Calc (NIH);mg/dL;0;99;0
[Thyroid Panel With TSH]
tsh;TSH;uIU/mL;0.450;4.500;3
ft4;T4,Free(Direct);ng/dL;0.82;1.77;2
ft3;Triiodothyronine (T3), Free;pg/mL;2.0;4.4;1
[Iron and TIBC]
tibc;Iron Bind.Cap.(TIBC);ug/dL;250;450;0
fe;Iron;ug/dL;27;159;0
tsat;Iron Saturation;%;15;55;0
ferr;Ferritin;ng/mL;15;150;0
[Other]
a1c;Hemoglobin A1c;%;4.8;5.6;1
vitd;Vitamin D, 25-Hydroxy;ng/mL;30.0;100.0;1
b12;Vitamin B12;pg/mL;232;1245;0
fol;Folate (Folic Acid), Serum;ng/mL;3.0;;1
uric;Uric Acid;mg/dL;2.6;6.2;1
crp;C-Reactive Protein, Quant;mg/L;0;10;0
mg;Magnesium;mg/dL;1.6;2.3;1
phos;Phosphorus;mg/dL;3.0;4.3;1
psa;Prostate Specific Ag;ng/mL;0.0;4.0;1
testo;Testosterone;ng/dL;264;916;0
ggt;GGT;IU/L;0;60;0
ldh;LDH;IU/L;119;226;0
""")

B = catalogue("""
[COMPREHENSIVE METABOLIC PANEL]
gluc;GLUCOSE;mg/dL;65;99;0
bun;UREA NITROGEN (BUN);mg/dL;7;25;0
creat;CREATININE;mg/dL;0.50;1.05;2
egfr;EGFR;mL/min/1.73m2;60;;0
bcr;BUN/CREATININE RATIO;(calc);6;22;0
na;SODIUM;mmol/L;135;146;0
k;POTASSIUM;mmol/L;3.5;5.3;1
cl;CHLORIDE;mmol/L;98;110;0
co2;CARBON DIOXIDE;mmol/L;20;32;0
ca;CALCIUM;mg/dL;8.6;10.4;1
tp;PROTEIN, TOTAL;g/dL;6.1;8.1;1
alb;ALBUMIN;g/dL;3.6;5.1;1
glob;GLOBULIN;g/dL (calc);1.9;3.7;1
agr;ALBUMIN/GLOBULIN RATIO;(calc);1.0;2.5;1
bt;BILIRUBIN, TOTAL;mg/dL;0.2;1.2;1
alp;ALKALINE PHOSPHATASE;U/L;37;153;0
ast;AST;U/L;10;35;0
alt;ALT;U/L;6;29;0
[LIPID PANEL, STANDARD]
chol;CHOLESTEROL, TOTAL;mg/dL;;199;0;<200
hdl;HDL CHOLESTEROL;mg/dL;50;;0
tg;TRIGLYCERIDES;mg/dL;;149;0;<150
ldlc;LDL-CHOLESTEROL;mg/dL (calc);;99;0;<100
cholhdl;CHOL/HDLC RATIO;(calc);;4.9;1;<5.0
nonhdl;NON HDL CHOLESTEROL;mg/dL (calc);;129;0;<130
[CBC (INCLUDES DIFF/PLT)]
wbc;WHITE BLOOD CELL COUNT;Thousand/uL;3.8;10.8;1
rbc;RED BLOOD CELL COUNT;Million/uL;3.80;5.10;2
hb;HEMOGLOBIN;g/dL;11.7;15.5;1
hct;HEMATOCRIT;%;35.0;45.0;1
mcv;MCV;fL;80.0;100.0;1
mch;MCH;pg;27.0;33.0;1
mchc;MCHC;g/dL;32.0;36.0;1
rdw;RDW;%;11.0;15.0;1
plt;PLATELET COUNT;Thousand/uL;140;400;0
mpv;MPV;fL;7.5;12.5;1
neut;ABSOLUTE NEUTROPHILS;cells/uL;1500;7800;0
lym;ABSOLUTE LYMPHOCYTES;cells/uL;850;3900;0
mon;ABSOLUTE MONOCYTES;cells/uL;200;950;0
eos;ABSOLUTE EOSINOPHILS;cells/uL;15;500;0
bas;ABSOLUTE BASOPHILS;cells/uL;0;200;0
neutp;NEUTROPHILS;%;;;1
lymp;LYMPHOCYTES;%;;;1
monp;MONOCYTES;%;;;1
eosp;EOSINOPHILS;%;;;1
basp;BASOPHILS;%;;;1
[THYROID AND MORE]
tsh;TSH W/REFLEX TO FT4;mIU/L;0.40;4.50;2
ft4;T4, FREE;ng/dL;0.8;1.8;1
a1c;HEMOGLOBIN A1c;% of total Hgb;;5.6;1;<5.7
ferr;FERRITIN;ng/mL;16;232;0
fe;IRON, TOTAL;mcg/dL;45;160;0
tibc;IRON BINDING CAPACITY;mcg/dL (calc);250;450;0
tsat;% SATURATION;% (calc);16;45;0
vitd;VITAMIN D,25-OH,TOTAL,IA;ng/mL;30;100;0
b12;VITAMIN B12;pg/mL;200;1100;0
uric;URIC ACID;mg/dL;2.5;7.0;1
""")

C = catalogue("""
[Basic Metabolic Panel]
na;Sodium;mmol/L;135;145;0
k;Potassium;mmol/L;3.5;5.1;1
cl;Chloride;mmol/L;98;107;0
co2;CO2;mmol/L;22;29;0
agap;Anion Gap;mmol/L;5;15;0
bun;Urea Nitrogen;mg/dL;7;20;0
creat;Creatinine;mg/dL;0.60;1.20;2
gluc;Glucose, Random;mg/dL;70;139;0
ca;Calcium;mg/dL;8.5;10.5;1
mg;Magnesium;mg/dL;1.6;2.6;1
phos;Phosphorus;mg/dL;2.5;4.5;1
[Hepatic Function Panel]
tp;Total Protein;g/dL;6.4;8.3;1
alb;Albumin;g/dL;3.5;5.0;1
bt;Bilirubin, Total;mg/dL;0.2;1.2;1
bd;Bilirubin, Direct;mg/dL;0.0;0.5;1
alp;Alk Phos;U/L;40;130;0
alt;ALT;U/L;7;56;0
ast;AST;U/L;10;40;0
[CBC with Auto Differential]
wbc;WBC;K/uL;4.0;11.0;1
rbc;RBC;M/uL;3.90;5.20;2
hb;Hgb;g/dL;12.0;16.0;1
hct;Hct;%;36.0;46.0;1
mcv;MCV;fL;80.0;100.0;1
mch;MCH;pg;26.0;34.0;1
mchc;MCHC;g/dL;31.0;37.0;1
rdw;RDW-CV;%;11.5;14.5;1
plt;Platelet Count;K/uL;150;400;0
neutp;Neutrophils %;%;40.0;70.0;1
lymp;Lymphocytes %;%;20.0;45.0;1
monp;Monocytes %;%;2.0;10.0;1
eosp;Eosinophils %;%;0.0;6.0;1
basp;Basophils %;%;0.0;1.5;1
neut;Abs Neutrophils;K/uL;1.80;7.70;2
lym;Abs Lymphocytes;K/uL;1.00;4.80;2
mon;Abs Monocytes;K/uL;0.00;0.80;2
eos;Abs Eosinophils;K/uL;0.00;0.50;2
bas;Abs Basophils;K/uL;0.00;0.20;2
[Coagulation]
pt;Prothrombin Time;sec;9.4;12.5;1
inr;INR;;0.9;1.1;1
aptt;aPTT;sec;25.1;36.5;1
fib;Fibrinogen;mg/dL;200;400;0
[Cardiac]
hstni;Troponin I, High Sensitivity;ng/L;;18;0
ntbnp;NT-proBNP;pg/mL;;125;0
ck;CK, Total;U/L;30;200;0
lact;Lactic Acid;mmol/L;0.5;2.0;1
crp;CRP;mg/L;;5.0;1
pct;Procalcitonin;ng/mL;;0.10;2
lip;Lipase;U/L;13;60;0
""")
