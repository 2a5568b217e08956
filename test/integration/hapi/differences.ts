/** Where HAPI FHIR 8.8 answers otherwise than the contract: case → what it does. Each is checked to be still so. */
export const hapiDifferences: Readonly<Record<string, string>> = {};
