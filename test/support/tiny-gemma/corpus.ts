/** What the tiny tokenizer learnt its merges from: the kind of text that Interval sends and reads. */
export const corpus = `
From the given lab report, extract all lab tests into a JSON list. Each test object in the list must include the name,
the result, the unit, the range, the panel, the method, the specimen and the sample collection time of the test.
The first image is the prior study and the second image is the current study. Compare the two chest radiographs.
Is there consolidation, edema, pleural effusion, pneumonia or pneumothorax in this image? Is it improved, stable or worse?
The heart is not enlarged. The lungs are clear. There is a small left pleural effusion, unchanged from the prior study.
No pneumothorax is seen. The right lower lobe consolidation has improved since the previous examination.
Please answer with yes or no. You may write out your argument before the final answer. Final Answer: stable
[{"name": "Hemoglobin", "result": "13.5", "unit": "g/dL", "range": "12.0 - 16.0", "panel": "Complete blood count",
"method": "", "specimen": "Whole blood", "sample_collection_time": "04-05-2024 08:30:00"}, {"name": "Creatinine",
"result": "0.9", "unit": "mg/dL", "range": "0.6 - 1.2", "panel": "Chemistry", "method": "", "specimen": "Serum"},
{"name": "Glucose", "result": "101", "unit": "mg/dL", "range": "70 - 99", "panel": "Chemistry", "method": "enzymatic"}]
{"findings": [{"finding": "pleural effusion", "change": "worsened"}, {"finding": "edema", "change": "stable"}],
"value": true, "other": false, "nothing": null, "confidence": 0.85}
White blood cells, red blood cells, hematocrit, platelets, sodium, potassium, chloride, bicarbonate, urea, calcium, albumin,
bilirubin, cholesterol, triglycerides, ferritin, thyroid stimulating hormone, alkaline phosphatase, and C-reactive protein.
The patient was seen in the clinic with a history of hypertension and diabetes. The laboratory results were reviewed.
The unit is mmol/L for the potassium and the sodium; the reference range is printed beside the result on the same line.
Think silently if needed, then describe what you see in these images, which students should take note of when reading.
`;
