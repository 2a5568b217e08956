"""Panels as laboratories of several countries print them: `key | name | unit | method`."""

US_CBC = """
wbc | WBC | x10E3/uL
rbc | RBC | x10E6/uL
hgb | Hemoglobin | g/dL
hct | Hematocrit | %
mcv | MCV | fL
mch | MCH | pg
mchc | MCHC | g/dL
rdw | RDW | %
plt | Platelets | x10E3/uL
neut | Neutrophils | %
lymph | Lymphs | %
mono | Monocytes | %
eos | Eos | %
baso | Basos | %
neut_a | Neutrophils (Absolute) | x10E3/uL
lymph_a | Lymphs (Absolute) | x10E3/uL
mono_a | Monocytes(Absolute) | x10E3/uL
eos_a | Eos (Absolute) | x10E3/uL
baso_a | Baso (Absolute) | x10E3/uL
"""
US_CMP = """
glu | Glucose | mg/dL
bun | BUN | mg/dL
crea | Creatinine | mg/dL
egfr | eGFR | mL/min/1.73
bcr | BUN/Creatinine Ratio |
na | Sodium | mmol/L
k | Potassium | mmol/L
cl | Chloride | mmol/L
co2 | Carbon Dioxide, Total | mmol/L
ca | Calcium | mg/dL
tp | Protein, Total | g/dL
alb | Albumin | g/dL
glob | Globulin, Total | g/dL
tbil | Bilirubin, Total | mg/dL
alp | Alkaline Phosphatase | IU/L
ast | AST (SGOT) | IU/L
alt | ALT (SGPT) | IU/L
"""
US_LIPID = """
chol | Cholesterol, Total | mg/dL
trig | Triglycerides | mg/dL
hdl | HDL Cholesterol | mg/dL
vldl | VLDL Cholesterol Cal | mg/dL
ldlc | LDL Chol Calc | mg/dL
"""
US_BMP = """
na | Sodium | mEq/L
k | Potassium | mEq/L
cl | Chloride | mEq/L
co2 | CO2 | mEq/L
ag | Anion Gap | mEq/L
bun | Urea Nitrogen | mg/dL
crea | Creatinine | mg/dL
glu | Glucose | mg/dL
ca | Calcium | mg/dL
"""
US_HEPATIC = """
tp | Total Protein | g/dL
alb | Albumin | g/dL
tbil | Bilirubin Total | mg/dL
dbil | Bilirubin Direct | mg/dL
alp | Alk Phos | U/L
ast | AST | U/L
alt | ALT | U/L
"""
US_HEME_SHORT = """
wbc | WBC | K/uL
rbc | RBC | M/uL
hgb | HGB | g/dL
hct | HCT | %
mcv | MCV | fL
mch | MCH | pg
mchc | MCHC | g/dL
rdw | RDW | %
plt | PLT | K/uL
mpv | MPV | fL
"""
US_IRON = """
iron | Iron | mcg/dL
tibc | Iron Binding Capacity | mcg/dL
tsat | % Saturation | %
ferr | Ferritin | ng/mL
"""
UK_UE = """
na | Sodium | mmol/L
k | Potassium | mmol/L
urea | Urea | mmol/L
crea | Creatinine | umol/L
egfr09 | eGFR (CKD-EPI 2009) | mL/min/1.73m2
"""
UK_LFT = """
tbil | Total bilirubin | umol/L
alp | Alkaline phosphatase | U/L
alt | Alanine transaminase | U/L
alb | Albumin | g/L
glob | Globulin | g/L
tp | Total protein | g/L
"""
UK_BONE = """
ca | Calcium | mmol/L
phos | Phosphate | mmol/L
"""
UK_FBC = """
hgb | Haemoglobin | g/L
wbc | White cell count | 10*9/L
plt | Platelets | 10*9/L
rbc | Red cell count | 10*12/L
hct | Haematocrit | L/L
mcv | MCV | fL
mch | MCH | pg
rdw | RDW | %
neut_a | Neutrophils | 10*9/L
lymph_a | Lymphocytes | 10*9/L
mono_a | Monocytes | 10*9/L
eos_a | Eosinophils | 10*9/L
baso_a | Basophils | 10*9/L
"""
UK_LIPID = """
chol | Total cholesterol | mmol/L
hdl | HDL cholesterol | mmol/L
nhdl | Non-HDL cholesterol | mmol/L
trig | Triglycerides | mmol/L
"""
IN_CBC = """
hgb | Hemoglobin | g/dL | Photometry
hct | Packed Cell Volume (PCV) | % | Calculated
rbc | RBC Count | mill/mm³ | Electrical Impedance
mcv | MCV | fL | Electrical Impedance
mch | MCH | pg | Calculated
mchc | MCHC | g/dL | Calculated
rdw | Red Cell Distribution Width (RDW) | % | Electrical Impedance
wbc | Total Leukocyte Count (TLC) | thou/mm³ | Electrical Impedance
neut | Segmented Neutrophils | % | VCS Technology
lymph | Lymphocytes | % | VCS Technology
mono | Monocytes | % | VCS Technology
eos | Eosinophils | % | VCS Technology
baso | Basophils | % | VCS Technology
plt | Platelet Count | thou/mm³ | Electrical Impedance
mpv | Mean Platelet Volume | fL | Electrical Impedance
"""
IN_LKFT = """
tbil | Bilirubin Total | mg/dL | DPD
dbil | Bilirubin Direct | mg/dL | DPD
ibil | Bilirubin Indirect | mg/dL | Calculated
ast | AST (SGOT) | U/L | IFCC without P5P
alt | ALT (SGPT) | U/L | IFCC without P5P
ggt | GGTP | U/L | G-glutamyl-carboxy-nitroanilide
alp | Alkaline Phosphatase (ALP) | U/L | IFCC-AMP
tp | Total Protein | g/dL | Biuret
alb | Albumin | g/dL | BCG
agr | A : G Ratio | | Calculated
urea | Urea | mg/dL | Urease UV
crea | Creatinine | mg/dL | Modified Jaffe, Kinetic
urate | Uric Acid | mg/dL | Uricase
ca | Calcium, Total | mg/dL | Arsenazo III
phos | Phosphorus | mg/dL | Molybdate UV
na | Sodium | mEq/L | Indirect ISE
k | Potassium | mEq/L | Indirect ISE
cl | Chloride | mEq/L | Indirect ISE
"""
DE_BLUTBILD = """
wbc | Leukozyten | /nl
rbc | Erythrozyten | /pl
hgb | Hämoglobin | g/dl
hct | Hämatokrit | %
mcv | MCV | fl
mch | MCH (HbE) | pg
mchc | MCHC | g/dl
plt | Thrombozyten | /nl
"""
DE_CHEMIE = """
na | Natrium | mmol/l
k | Kalium | mmol/l
ca | Calcium | mmol/l
crea | Kreatinin | mg/dl
egfr09 | eGFR (CKD-EPI 2009) | ml/min/1,73m²
urea | Harnstoff | mg/dl
urate | Harnsäure | mg/dl
ast | GOT (AST) | U/l
alt | GPT (ALT) | U/l
ggt | Gamma-GT | U/l
alp | Alkalische Phosphatase | U/l
ldh | LDH | U/l
tbil | Bilirubin gesamt | mg/dl
crp | CRP | mg/l
"""
DE_FETT = """
chol | Cholesterin | mg/dl
hdl | HDL-Cholesterin | mg/dl
ldl | LDL-Cholesterin | mg/dl
trig | Triglyceride | mg/dl
"""
FR_NFS = """
rbc | Hématies | T/L
hgb | Hémoglobine | g/dL
hct | Hématocrite | %
mcv | V.G.M. | fL
mch | T.C.M.H. | pg
mchc | C.C.M.H. | g/dL
wbc | Leucocytes | G/L
plt | Plaquettes | G/L
"""
FR_CHIMIE = """
na | Sodium | mmol/L
k | Potassium | mmol/L
cl | Chlorures | mmol/L
crp | C-réactive protéine (CRP) | mg/L
ast | ASAT (TGO) | UI/L
alt | ALAT (TGP) | UI/L
ggt | Gamma-GT | UI/L
alp | Phosphatases alcalines | UI/L
ferr | Ferritine | µg/L
tsh | TSH | mUI/L
"""
ES_HEMO = """
wbc | Leucocitos | 10³/µL
rbc | Hematíes | 10⁶/µL
hgb | Hemoglobina | g/dL
hct | Hematocrito | %
mcv | V.C.M. | fL
mch | H.C.M. | pg
mchc | C.H.C.M. | g/dL
rdw | R.D.W. | %
plt | Plaquetas | 10³/µL
mpv | V.P.M. | fL
neut | Neutrófilos % | %
lymph | Linfocitos % | %
mono | Monocitos % | %
eos | Eosinófilos % | %
baso | Basófilos % | %
neut_a | Neutrófilos | 10³/µL
lymph_a | Linfocitos | 10³/µL
"""
ES_BIOQ = """
glu | Glucosa | mg/dL
urea | Urea | mg/dL
crea | Creatinina | mg/dL
urate | Ácido úrico | mg/dL
na | Sodio | mmol/L
k | Potasio | mmol/L
ca | Calcio | mg/dL
ast | AST (GOT) | U/L
alt | ALT (GPT) | U/L
ggt | GGT | U/L
alp | Fosfatasa alcalina | U/L
tbil | Bilirrubina total | mg/dL
chol | Colesterol total | mg/dL
hdl | Colesterol HDL | mg/dL
ldlc | Colesterol LDL (calculado) | mg/dL
trig | Triglicéridos | mg/dL
"""
IT_EMO = """
wbc | Globuli bianchi (WBC) | 10³/µL
rbc | Globuli rossi (RBC) | 10⁶/µL
hgb | Emoglobina (HGB) | g/dL
hct | Ematocrito (HCT) | %
mcv | Volume corpuscolare medio (MCV) | fL
mch | MCH | pg
mchc | MCHC | g/dL
plt | Piastrine (PLT) | 10³/µL
"""
IT_CHIM = """
glu | S-Glucosio | mg/dL
urea | S-Urea | mg/dL
crea | S-Creatinina | mg/dL
na | S-Sodio | mmol/L
k | S-Potassio | mmol/L
cl | S-Cloro | mmol/L
ast | S-AST (GOT) | U/L
alt | S-ALT (GPT) | U/L
ggt | S-Gamma GT | U/L
tbil | S-Bilirubina totale | mg/dL
chol | S-Colesterolo totale | mg/dL
hdl | S-Colesterolo HDL | mg/dL
trig | S-Trigliceridi | mg/dL
crp | S-Proteina C reattiva | mg/L
"""
PT_HEMO = """
rbc | Eritrócitos | 10⁶/µL
hgb | Hemoglobina | g/dL
hct | Hematócrito | %
mcv | V.G.M. | fL
mch | H.G.M. | pg
mchc | C.H.G.M. | g/dL
wbc | Leucócitos | 10³/µL
plt | Plaquetas | 10³/µL
"""
PT_BIOQ = """
glu | Glicose | mg/dL
urea | Ureia | mg/dL
crea | Creatinina | mg/dL
na | Sódio | mmol/L
k | Potássio | mmol/L
ast | AST (TGO) | U/L
alt | ALT (TGP) | U/L
ggt | Gama GT | U/L
chol | Colesterol total | mg/dL
trig | Triglicerídeos | mg/dL
"""
EG_CBC = """
hgb | Haemoglobin | g/dL
rbc | Red Cell Count | M/uL
hct | Haematocrit (PCV) | %
mcv | MCV | fL
mch | MCH | pg
mchc | MCHC | g/dL
rdw | RDW-CV | %
plt | Platelet Count | 10^3/uL
wbc | Total Leucocytic Count | 10^3/uL
"""
