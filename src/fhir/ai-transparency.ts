/**
 * What is taken from HL7's AI Transparency guide (hl7.fhir.uv.aitransparency, 1.0.0-ballot and the current build). It is a
 * draft, so its URLs stand here alone; what was removed since the ballot (AIRPT, AIdata, …) is not used.
 */
const guide = 'http://hl7.org/fhir/uv/aitransparency';

export const aiTransparency = {
  deviceType: {
    system: `${guide}/CodeSystem/AIdeviceTypeCS`,
    code: 'Artificial-Intelligence',
    display: 'Artificial Intelligence',
  },
} as const;
