/** An order as it stands in an EHR's order entry before it is signed: FHIR R4 ServiceRequest, status draft. */
export interface DraftOrder {
  readonly id: string;
  readonly text: string;
  readonly resource: { readonly resourceType: 'ServiceRequest'; readonly id?: string; readonly [key: string]: unknown };
}

/** What can be drafted on this page beside what the chart already has as a draft. */
export const orderable: readonly { readonly text: string; readonly code: object; readonly category: object }[] = [
  {
    text: 'Hemoglobin A1c',
    code: { system: 'http://loinc.org', code: '4548-4' },
    category: { system: 'http://snomed.info/sct', code: '108252007', display: 'Laboratory procedure' },
  },
  {
    text: 'Chest X-ray, two views',
    code: { system: 'http://loinc.org', code: '36643-5', display: 'XR Chest 2 Views' },
    category: { system: 'http://snomed.info/sct', code: '363679005', display: 'Imaging' },
  },
  {
    text: 'CT abdomen and pelvis with IV contrast',
    code: { system: 'http://loinc.org', code: '36813-4', display: 'CT Abdomen and Pelvis W contrast IV' },
    category: { system: 'http://snomed.info/sct', code: '363679005', display: 'Imaging' },
  },
];

export function draft(index: number, patientId: string, number: number): DraftOrder {
  const { text, code, category } = orderable[index]!;
  const id = `draft-${number}`;
  return {
    id,
    text,
    resource: {
      resourceType: 'ServiceRequest',
      id,
      status: 'draft',
      intent: 'order',
      category: [{ coding: [category] }],
      code: { coding: [code], text },
      subject: { reference: `Patient/${patientId}` },
    },
  };
}
