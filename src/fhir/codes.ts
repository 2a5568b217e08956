/** Canonical base of everything that Interval defines: profiles, extensions, code systems, identifier systems. */
export const CANONICAL = 'https://interval.example.org/fhir';

/** Identifier systems. */
export const identifierSystem = {
  /** Result key on Observation, DiagnosticReport, Media. */
  result: `${CANONICAL}/result`,
  /** All results of one analysis of one source: the result key without its item. Second identifier beside it. */
  resultSet: `${CANONICAL}/result-set`,
  /** Job key on Task. */
  job: `${CANONICAL}/job`,
  /** What a job read, in which versions, on everything that it wrote: found again by it, whole or half-written, on any server. */
  input: `${CANONICAL}/input`,
  /** Device that read: analysis, reader, models and their versions. */
  reader: `${CANONICAL}/reader`,
  /** Lower-case hex SHA-256 of bytes that were read. */
  sha256: `${CANONICAL}/sha256`,
  /** Version of a resource that a job read, beside the reference. */
  version: `${CANONICAL}/resource-version`,
  /** `uuid` of a card that was given: on the answer that holds it and on feedback about it. */
  card: `${CANONICAL}/card`,
  /** `hookInstance` of the call that an answer was given to. */
  hookInstance: `${CANONICAL}/hook-instance`,
  /** Hash of one piece of feedback: the same again is the same resource. */
  feedback: `${CANONICAL}/feedback`,
  /** Id of a CDS client, as the configuration has it. */
  client: `${CANONICAL}/client`,
} as const;

/** Profiles of what is written. */
export const profile = {
  labResult: `${CANONICAL}/StructureDefinition/ai-lab-result`,
  chestFindingChange: `${CANONICAL}/StructureDefinition/cxr-finding-change`,
  report: `${CANONICAL}/StructureDefinition/ai-report`,
  reader: `${CANONICAL}/StructureDefinition/ai-reader`,
  provenance: `${CANONICAL}/StructureDefinition/ai-provenance`,
  overlay: `${CANONICAL}/StructureDefinition/ai-overlay`,
  job: `${CANONICAL}/StructureDefinition/ai-job`,
  answer: `${CANONICAL}/StructureDefinition/cds-answer`,
  feedback: `${CANONICAL}/StructureDefinition/cds-feedback`,
} as const;

export const extension = {
  sourceRegion: `${CANONICAL}/StructureDefinition/source-region`,
  comparisonRole: `${CANONICAL}/StructureDefinition/comparison-role`,
  /** HL7: this report adds to another one. */
  reportExtends: 'http://hl7.org/fhir/StructureDefinition/diagnosticReport-extends',
  /** HL7: a decimal as it was printed. */
  renderedValue: 'http://hl7.org/fhir/StructureDefinition/rendered-value',
  dataAbsentReason: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
} as const;

export const codeSystem = {
  loinc: 'http://loinc.org',
  snomed: 'http://snomed.info/sct',
  radlex: 'http://radlex.org',
  ucum: 'http://unitsofmeasure.org',
  dicom: 'http://dicom.nema.org/resources/ontology/DCM',
  observationCategory: 'http://terminology.hl7.org/CodeSystem/observation-category',
  diagnosticServiceSection: 'http://terminology.hl7.org/CodeSystem/v2-0074',
  interpretation: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  observationValue: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  dataAbsentReason: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  findingChange: `${CANONICAL}/CodeSystem/finding-change`,
  findingComponent: `${CANONICAL}/CodeSystem/finding-component`,
  chestFinding: `${CANONICAL}/CodeSystem/chest-finding`,
  comparisonRole: `${CANONICAL}/CodeSystem/comparison-role`,
  job: `${CANONICAL}/CodeSystem/job`,
  abstention: `${CANONICAL}/CodeSystem/abstention`,
  topic: `${CANONICAL}/CodeSystem/topic`,
  overrideReason: `${CANONICAL}/CodeSystem/override-reason`,
  feedbackOutcome: `${CANONICAL}/CodeSystem/feedback-outcome`,
  /** CDS services by their id, and the review page. */
  service: `${CANONICAL}/CodeSystem/service`,
  /** Codes of src/errors.ts. */
  error: 'urn:interval:error',
  /** Hash of what was written, on `meta.tag`: shows whether somebody else has changed it since. */
  fingerprint: `${CANONICAL}/CodeSystem/fingerprint`,
  mediaType: 'http://terminology.hl7.org/CodeSystem/media-type',
  lifecycle: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
  dataOperation: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation',
  provenanceParticipant: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
} as const;

/** "Artificial intelligence asserted": on everything that a reader wrote. */
export const aiAsserted = {
  system: codeSystem.observationValue,
  code: 'AIAST',
  display: 'Artificial Intelligence asserted',
} as const;
