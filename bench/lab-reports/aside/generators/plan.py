"""The documents: design, options, scan kind and file type, in order. The place sets the seed."""
import panels as P

HEM = (("CBC", P.US_HEME_SHORT), ("DIFFERENTIAL", "neut | Neutrophils | %\nlymph | Lymphocytes | %\nmono | Monocytes | %\neos | Eosinophils | %\nbaso | Basophils | %"), ("COAGULATION", "pt | Prothrombin Time | sec\ninr | INR |\nptt | aPTT | sec"))
THY = (("THYROID", "tsh | TSH | mIU/L\nft4 | Free T4 | ng/dL\nft3 | Free T3 | pg/mL\ntpo | Thyroid Peroxidase Ab | IU/mL"), ("VITAMINS", "b12 | Vitamin B12 | pg/mL\nfol | Folate | ng/mL"), ("TUMOR MARKERS", "cea | CEA | ng/mL\nafp | AFP | ng/mL\nca125 | CA 125 | U/mL\nca199 | CA 19-9 | U/mL"), ("CHEMISTRY", P.US_BMP))
RENAL = (("RENAL PANEL", P.US_BMP + "phos | Phosphorus | mg/dL\nalb | Albumin | g/dL"), ("URINE CHEMISTRY", "u_crea | Urine Creatinine | mg/dL\nu_prot | Urine Total Protein | mg/dL"), ("DIABETES", "a1c | Hemoglobin A1c | %"))
WIDE = (("CHEMISTRY", P.US_BMP), ("HEPATIC FUNCTION", P.US_HEPATIC), ("LIPIDS", P.US_LIPID), ("HEMATOLOGY", P.US_HEME_SHORT))

TEXT = [
    ("us_reference", {}, "", ""), ("us_reference", {"with_codes": True, "k": 6.9}, "", ""), ("us_reference", {"long": False}, "", ""),
    ("us_portal", {}, "", ""), ("us_portal", {"glu": 28.0}, "", ""),
    ("uk_gp", {}, "", ""), ("uk_gp", {"hgb": 6.4, "k": 6.6}, "", ""),
    ("side_by_side", {"na": 118.0}, "", ""), ("serial_troponin", {}, "", ""), ("grid_newest_left", {"k": 2.6}, "", ""), ("sendout", {}, "", ""),
    ("de_labor", {}, "", ""), ("de_labor", {"two_previous": True, "k": 6.7}, "", ""),
    ("es_hospital", {}, "", ""), ("pt_table", {}, "", ""), ("eg_lab", {}, "", ""), ("micro_mic", {}, "", ""),
    ("in_chain", {}, "", ""), ("in_chain", {"panels": ("sugar", "thyroid")}, "", ""), ("it_lab", {}, "", ""), ("narrative", {}, "", ""), ("narrative", {"k": 6.4}, "", ""),
    ("serology", {}, "", ""), ("in_out", {}, "", ""), ("in_out", {"crp": 3.0, "plt": 18.0}, "", ""),
    ("br_blocks", {}, "", ""), ("br_blocks", {"previous": False, "na": 117.0}, "", ""), ("mx_leaders", {}, "", ""),
    ("plain_office", {}, "", ""), ("plain_office", {"panels": HEM}, "", ""), ("plain_office", {"panels": THY, "k": 7.1}, "", ""), ("plain_office", {"panels": RENAL, "grid": True}, "", ""),
    ("fr_leaders", {}, "", ""), ("blood_gas", {"a_ph": 7.12, "a_pco2": 68.0, "a_lac": 5.4}, "", ""), ("coag", {}, "", ""),
    ("grid_right", {}, "", ""), ("reversed_columns", {}, "", ""), ("specimens", {}, "", ""),
    ("in_letterhead", {}, "", ""), ("urinalysis", {}, "", ""), ("endocrine", {}, "", ""), ("bold_only", {}, "", ""), ("fr_table", {"k": 6.8, "ntbnp": 1530.0}, "", ""),
    ("uk_text", {}, "", ""), ("us_formfeed", {"glu": 512.0}, "", ""), ("de_text", {"ntbnp": 2310.0}, "", ""), ("pipe", {}, "", ""), ("rtf_table", {}, "", ""), ("rtf_kv", {}, "", ""),
    ("html_file", {}, "", ""), ("html_pre", {}, "", ""), ("hl7", {"k": 2.5}, "", ""),
]
SCANS = [
    ("plain_office", {}, "flatbed-200", "pdf"), ("plain_office", {"panels": WIDE, "grid": True, "k": 6.9, "layout": "plain-office-grid"}, "flatbed-300", "pdf"),
    ("plain_office", {"panels": HEM, "shade": True, "layout": "plain-office-shaded"}, "flatbed-200", "jpg"), ("us_reference", {"long": False}, "flatbed-200", "jpg"),
    ("in_chain", {}, "flatbed-200", "pdf"), ("in_letterhead", {"grouped": True}, "flatbed-200", "jpg"), ("eg_lab", {"glu": 388.0}, "flatbed-200-colour", "jpg"),
    ("de_labor", {}, "flatbed-300", "jpg"), ("fr_table", {}, "flatbed-200", "pdf"), ("es_hospital", {}, "flatbed-200", "jpg"),
    ("uk_gp", {}, "flatbed-200", "jpg"), ("it_lab", {}, "flatbed-200", "png"), ("br_blocks", {"previous": False}, "flatbed-200", "pdf"),
    ("bold_only", {}, "flatbed-200", "pdf"), ("side_by_side", {"plt": 22.0}, "flatbed-300", "jpg"), ("reversed_columns", {}, "flatbed-150", "png"),
    ("us_portal", {}, "flatbed-200", "jpg"),
    ("in_out", {}, "fax", "tif"), ("grid_right", {"na": 119.0}, "fax", "tif"), ("us_reference", {"long": False}, "grey-noise", "jpg"),
    ("coag", {}, "photocopy", "jpg"), ("mx_leaders", {}, "rotated-90", "jpg"), ("serology", {}, "rotated-180", "jpg"), ("pt_table", {}, "rotated-270", "jpg"),
    ("eg_lab", {}, "phone-photo", "jpg"), ("endocrine", {}, "stamp", "jpg"),
    ("dot_matrix", {"k": 6.6}, "dot-matrix", "jpg"), ("chem_slip", {"glu": 41.0}, "thermal", "jpg"), ("cbc_slip", {}, "thermal", "png"), ("dip_slip", {}, "thermal", "jpg"),
    ("plain_office", {"panels": RENAL}, "garbled-text-layer", "pdf"), ("in_chain", {}, "mixed-pages", "pdf"),
]
REFUSALS = [
    ("radiology", {}, "", ""), ("invoice", {}, "", ""), ("requisition", {}, "flatbed-200", "jpg"), ("prescription", {}, "phone-photo", "jpg"),
    ("two_patients", {}, "", ""), ("photo", {}, "", ""), ("blank", {}, "", ""),
]
PLAN = TEXT + SCANS + REFUSALS
