"""Laboratories of Spain, Italy, Brazil and Portugal."""

from rows import Style, catalogue

STYLE_ES = Style(decimal=",", thousands=".", between="[{lo} - {hi}]", below="[< {hi}]", above="[> {lo}]", low="*", high="*")
STYLE_IT = Style(decimal=",", thousands=".", between="{lo} - {hi}", below="fino a {hi}", above="> {lo}", low="*", high="*")
STYLE_BR = Style(decimal=",", thousands=".", between="{lo} a {hi}", below="Inferior a {hi}", above="Superior a {lo}", low=None, high=None)
STYLE_PT = Style(decimal=",", thousands=" ", between="{lo} - {hi}", below="< {hi}", above="> {lo}", low="▼", high="▲")

ES = catalogue("""
[HEMOGRAMA]
rbc;Hematíes;x10^6/µL;3.80;5.20;2
hb;Hemoglobina;g/dL;12.0;16.0;1
hct;Hematocrito;%;36.0;47.0;1
mcv;V.C.M.;fL;80.0;99.0;1
mch;H.C.M.;pg;27.0;33.0;1
mchc;C.H.C.M.;g/dL;31.5;36.0;1
rdw;A.D.E.;%;11.5;15.0;1
plt;Plaquetas;x10^3/µL;130;400;0
wbc;Leucocitos;x10^3/µL;4.00;11.00;2
neutp;Neutrófilos %;%;40.0;75.0;1
lymp;Linfocitos %;%;20.0;45.0;1
monp;Monocitos %;%;2.0;10.0;1
eosp;Eosinófilos %;%;0.0;6.0;1
basp;Basófilos %;%;0.0;2.0;1
neut;Neutrófilos;x10^3/µL;1.80;7.50;2
lym;Linfocitos;x10^3/µL;1.00;4.50;2
[BIOQUÍMICA]
gluc;Glucosa;mg/dL;74;106;0
urea;Urea;mg/dL;17;49;0
creat;Creatinina;mg/dL;0.50;0.90;2
egfr;Filtrado glomerular (CKD-EPI);mL/min/1,73m2;90;;0
uric;Ácido úrico;mg/dL;2.4;5.7;1
na;Sodio;mEq/L;136;145;0
k;Potasio;mEq/L;3.5;5.1;1
cl;Cloro;mEq/L;98;107;0
ca;Calcio;mg/dL;8.6;10.2;1
phos;Fósforo;mg/dL;2.5;4.5;1
tp;Proteínas totales;g/dL;6.4;8.3;1
alb;Albúmina;g/dL;3.5;5.2;1
bt;Bilirrubina total;mg/dL;;1.20;2
ast;GOT (AST);U/L;;32;0
alt;GPT (ALT);U/L;;33;0
ggt;GGT;U/L;;40;0
alp;Fosfatasa alcalina;U/L;35;104;0
ldh;LDH;U/L;135;214;0
chol;Colesterol total;mg/dL;;200;0
hdl;Colesterol HDL;mg/dL;45;;0
ldlc;Colesterol LDL (calculado);mg/dL;;130;0
tg;Triglicéridos;mg/dL;;150;0
fe;Hierro;µg/dL;37;145;0
ferr;Ferritina;ng/mL;13;150;0
crp;Proteína C reactiva;mg/L;;5.0;1
[HORMONAS]
tsh;TSH;µUI/mL;0.27;4.20;2
ft4;T4 libre;ng/dL;0.93;1.70;2
b12;Vitamina B12;pg/mL;197;771;0
fol;Ácido fólico;ng/mL;3.9;26.8;1
vitd;25-OH Vitamina D;ng/mL;30.0;100.0;1
a1c;Hemoglobina A1c;%;4.0;5.7;1
""")

IT = catalogue("""
[EMOCROMO COMPLETO]
wbc;Leucociti (WBC);10^3/µL;4.00;10.00;2
rbc;Eritrociti (RBC);10^6/µL;4.00;5.20;2
hb;Emoglobina (HGB);g/dL;12.0;16.0;1
hct;Ematocrito (HCT);%;36.0;46.0;1
mcv;Volume globulare medio (MCV);fL;80.0;98.0;1
mch;Contenuto medio Hb (MCH);pg;27.0;33.0;1
mchc;Conc. media Hb (MCHC);g/dL;32.0;36.0;1
rdw;RDW;%;11.5;14.5;1
plt;Piastrine (PLT);10^3/µL;150;400;0
neutp;Neutrofili;%;40.0;75.0;1
lymp;Linfociti;%;20.0;45.0;1
monp;Monociti;%;2.0;10.0;1
eosp;Eosinofili;%;0.5;6.0;1
basp;Basofili;%;0.0;1.5;1
[CHIMICA CLINICA]
gluc;Glucosio;mg/dL;70;100;0
urea;Urea;mg/dL;15;50;0
creat;Creatinina;mg/dL;0.50;1.10;2
uric;Acido urico;mg/dL;2.4;6.0;1
na;Sodio;mmol/L;136;145;0
k;Potassio;mmol/L;3.50;5.10;2
cl;Cloro;mmol/L;98;107;0
ca;Calcio totale;mg/dL;8.6;10.2;1
bt;Bilirubina totale;mg/dL;;1.20;2
bd;Bilirubina diretta;mg/dL;;0.30;2
ast;AST (GOT);U/L;;35;0
alt;ALT (GPT);U/L;;35;0
ggt;Gamma GT;U/L;;38;0
alp;Fosfatasi alcalina;U/L;35;105;0
chol;Colesterolo totale;mg/dL;;200;0
hdl;Colesterolo HDL;mg/dL;45;;0
ldlc;Colesterolo LDL (calcolato);mg/dL;;115;0
tg;Trigliceridi;mg/dL;;150;0
fe;Sideremia;µg/dL;37;145;0
ferr;Ferritina;ng/mL;15;150;0
trf;Transferrina;mg/dL;200;360;0
crp;Proteina C reattiva;mg/dL;;0.50;2
tsh;TSH;mUI/L;0.27;4.20;3
""")

BR = catalogue("""
[HEMOGRAMA COMPLETO]
rbc;Hemácias;milhões/mm³;3.90;5.00;2
hb;Hemoglobina;g/dL;12.0;15.5;1
hct;Hematócrito;%;35.0;45.0;1
mcv;VCM;fL;82.0;98.0;1
mch;HCM;pg;26.0;34.0;1
mchc;CHCM;g/dL;31.0;36.0;1
rdw;RDW;%;11.9;15.5;1
wbc;Leucócitos;/mm³;3500;10500;-1
plt;Plaquetas;/mm³;150000;450000;-3
[BIOQUÍMICA]
gluc;Glicose;mg/dL;70;99;0
urea;Ureia;mg/dL;17;43;0
creat;Creatinina;mg/dL;0.50;1.10;2
uric;Ácido úrico;mg/dL;2.5;6.0;1
na;Sódio;mEq/L;136;145;0
k;Potássio;mEq/L;3.5;5.1;1
chol;Colesterol total;mg/dL;;190;0
hdl;Colesterol HDL;mg/dL;40;;0
ldl;Colesterol LDL;mg/dL;;130;0
tg;Triglicérides;mg/dL;;150;0
ast;TGO (AST);U/L;;32;0
alt;TGP (ALT);U/L;;33;0
ggt;Gama GT;U/L;;40;0
tsh;TSH ultrassensível;µUI/mL;0.27;4.20;2
ft4;T4 livre;ng/dL;0.93;1.70;2
vitd;Vitamina D (25-OH);ng/mL;20.0;60.0;1
b12;Vitamina B12;pg/mL;197;771;0
ferr;Ferritina;ng/mL;13;150;1
crp;Proteína C reativa;mg/L;;5.0;1
a1c;Hemoglobina glicada (HbA1c);%;;5.7;1
""")

PT = catalogue("""
[HEMATOLOGIA]
rbc;Eritrócitos;x10^12/L;3.80;5.80;2
hb;Hemoglobina;g/dL;12.0;16.0;1
hct;Hematócrito;%;36.0;46.0;1
mcv;V.G.M.;fL;80.0;99.0;1
mch;H.G.M.;pg;27.0;33.0;1
rdw;R.D.W.;%;11.5;14.5;1
wbc;Leucócitos;x10^9/L;4.00;11.00;2
neutp;Neutrófilos;%;40.0;75.0;1
lymp;Linfócitos;%;20.0;45.0;1
plt;Plaquetas;x10^9/L;150;450;0
esr;Velocidade de sedimentação;mm/1ªh;;20;0
[QUÍMICA CLÍNICA]
gluc;Glicose;mg/dL;70;105;0
urea;Ureia;mg/dL;17;49;0
creat;Creatinina;mg/dL;0.50;0.90;2
na;Sódio;mmol/L;136;145;0
k;Potássio;mmol/L;3.5;5.1;1
cl;Cloro;mmol/L;98;107;0
ast;AST (TGO);U/L;;32;0
alt;ALT (TGP);U/L;;33;0
ggt;Gama-glutamil transferase;U/L;;40;0
bt;Bilirrubina total;mg/dL;;1.20;2
chol;Colesterol total;mg/dL;;190;0
hdl;Colesterol HDL;mg/dL;45;;0
tg;Triglicerídeos;mg/dL;;150;0
crp;Proteína C reactiva;mg/L;;5.0;1
ferr;Ferritina;ng/mL;13;150;0
tsh;TSH;µUI/mL;0.27;4.20;2
""")
