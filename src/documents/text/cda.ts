import { IntervalError } from '../../errors.ts';
import { allNamed, codeText, type Narrative, narrativeOf, observedValue, rangeText } from './cda-values.ts';
import { bold } from './grid.ts';
import type { Embedded } from './hl7-values.ts';
import { linesOfMarkup } from './html.ts';
import { parseMarkup } from './markup.ts';
import { childrenOf, descend, type Element, findAll, textOf } from './markup-tree.ts';
import {
  printedTime,
  type ReportText,
  type ResultGroup,
  type ResultRow,
  reportLines,
  systemOfName,
  withSign,
} from './report-text.ts';

/** Results sections: C-CDA with and without required entries, CCD 1.0, and the laboratory sections of IHE. */
const resultSections =
  /^(?:2\.16\.840\.1\.113883\.10\.20\.22\.2\.3(?:\.1)?|2\.16\.840\.1\.113883\.10\.20\.1\.14|1\.3\.6\.1\.4\.1\.19376\.1\.3\.3\.2\.[12])$/;
const resultCodes = new Set(['30954-2', '26436-6', '11502-2', '18723-7', '18725-2']);
/** What was begun and is not known yet. */
const open = new Set(['active', 'new', 'held', 'suspended']);
const void_ = new Set(['aborted', 'cancelled', 'nullified', 'obsolete']);

function isResultSection(section: Element): boolean {
  return (
    childrenOf(section, 'templateId').some(({ attributes }) => resultSections.test(attributes.get('root') ?? '')) ||
    resultCodes.has(descend(section, 'code')?.attributes.get('code') ?? '')
  );
}

const statusOf = (element: Element) => descend(element, 'statusCode')?.attributes.get('code') ?? '';

function timeOf(element: Element): string | undefined {
  const time = descend(element, 'effectiveTime');
  return [time, descend(time, 'low'), descend(time, 'center'), descend(time, 'high')]
    .map((one) => printedTime(one?.attributes.get('value')))
    .find((text) => text !== undefined);
}

/** The specimen that an organizer, observation or collection procedure names. */
function specimenOf(element: Element, narrative: Narrative): string | undefined {
  const entity = descend(element, 'specimen', 'specimenRole', 'specimenPlayingEntity');
  return codeText(descend(entity, 'code'), narrative) ?? (textOf(descend(entity, 'name')) || undefined);
}

interface Around {
  readonly specimen?: string;
  readonly collected?: string;
}

function rowOf(observation: Element, narrative: Narrative, around: Around): ResultRow | undefined {
  const code = descend(observation, 'code');
  const name = codeText(code, narrative);
  const status = statusOf(observation);
  if (name === undefined || void_.has(status) || observation.attributes.get('negationInd') === 'true') {
    return undefined;
  }
  const values = childrenOf(observation, 'value');
  const said = values.map((value) => observedValue(value, narrative)).find((value) => value !== undefined);
  const value = said ?? (open.has(status) ? { value: 'Pending' } : undefined);
  if (value === undefined) {
    return undefined;
  }
  const interpretation = descend(observation, 'interpretationCode');
  const flag = interpretation?.attributes.get('code') ?? interpretation?.attributes.get('displayName');
  const range = rangeText(observation, narrative, said?.unit);
  const specimen =
    specimenOf(observation, narrative) ?? around.specimen ?? systemOfName(code?.attributes.get('displayName'));
  const collected = timeOf(observation) ?? around.collected;
  return {
    name,
    ...value,
    ...withSign(value.value, flag),
    ...(range ? { range } : {}),
    ...(specimen ? { specimen } : {}),
    ...(collected ? { collected } : {}),
  };
}

/** Observations right below an organizer or entry, and comments that belong to them. */
function groupOf(organizer: Element, narrative: Narrative, outer: Around): readonly ResultGroup[] {
  if (void_.has(statusOf(organizer))) {
    return [];
  }
  const parts = childrenOf(organizer, 'component');
  const collection = parts.flatMap((part) => childrenOf(part, 'procedure'));
  const around: Around = {
    specimen: [organizer, ...collection].map((one) => specimenOf(one, narrative)).find(Boolean) ?? outer.specimen,
    collected: [...collection, organizer].map(timeOf).find(Boolean) ?? outer.collected,
  };
  const observations = [organizer, ...parts].flatMap((part) => childrenOf(part, 'observation'));
  const rows = observations.flatMap((one) => rowOf(one, narrative, around) ?? []);
  const long = rows.filter(({ value }) => value.length > 60);
  const heading = codeText(descend(organizer, 'code'), narrative);
  const comments = [
    ...long.map(({ name, value }) => `${name}:\n${value}`),
    ...observations.flatMap((one) => commentsOf(one, narrative)),
  ];
  return [
    {
      ...(heading ? { heading } : {}),
      rows: rows.filter((row) => !long.includes(row)),
      comments,
    },
    ...parts.flatMap((part) => childrenOf(part, 'organizer')).flatMap((inner) => groupOf(inner, narrative, around)),
  ].filter((group) => group.rows.length > 0 || group.comments.length > 0);
}

/** Comment activities below an observation. */
function commentsOf(observation: Element, narrative: Narrative): readonly string[] {
  return childrenOf(observation, 'entryRelationship')
    .flatMap((relation) => childrenOf(relation, 'act'))
    .filter((act) => descend(act, 'code')?.attributes.get('code') === '48767-8')
    .flatMap((act) => codeText({ name: 'code', attributes: new Map(), children: [wrapText(act)] }, narrative) ?? []);
}

/** The text of an act as if it were the original text of a code: it may refer to the narrative in the same way. */
function wrapText(act: Element): Element {
  return { name: 'originalText', attributes: new Map(), children: descend(act, 'text')?.children ?? [] };
}

function sectionGroups(section: Element): readonly ResultGroup[] {
  const narrative = narrativeOf(section);
  return childrenOf(section, 'entry').flatMap((entry) => [
    ...childrenOf(entry, 'organizer').flatMap((organizer) => groupOf(organizer, narrative, {})),
    // A lone observation is a group of its own without a heading.
    ...(childrenOf(entry, 'observation').length > 0
      ? groupOf({ ...entry, children: childrenOf(entry, 'observation') }, narrative, {})
      : []),
    // IHE: entry / act / entryRelationship / organizer.
    ...childrenOf(entry, 'act').flatMap((act) =>
      allNamed(act, 'organizer').flatMap((organizer) => groupOf(organizer, narrative, {})),
    ),
  ]);
}

function nameOf(patient: Element | undefined): string | undefined {
  const [name] = childrenOf(patient, 'name');
  const given = childrenOf(name, 'given').map(textOf).join(' ');
  const family = textOf(descend(name, 'family'));
  return [family, given].filter(Boolean).join(', ') || textOf(name) || undefined;
}

function headOf(document: Element): Omit<ReportText, 'groups'> {
  const role = descend(document, 'recordTarget', 'patientRole');
  const patient = descend(role, 'patient');
  const value = (element: Element | undefined, attribute = 'value') => element?.attributes.get(attribute);
  const facts = {
    name: nameOf(patient),
    birthDate: printedTime(value(descend(patient, 'birthTime')))?.slice(0, 10),
    identifier: childrenOf(role, 'id')
      .map((id) => value(id, 'extension'))
      .find(Boolean),
    sex: value(descend(patient, 'administrativeGenderCode'), 'code'),
  };
  const title = textOf(descend(document, 'title'));
  const reported = printedTime(value(descend(document, 'effectiveTime')));
  return {
    ...(title ? { title } : {}),
    patient: Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact)),
    ...(reported ? { reported } : {}),
  };
}

/** A file that stands in place of a structured body. */
function embedded(document: Element): Embedded | undefined {
  const [body] = allNamed(document, 'nonXMLBody');
  const text = descend(body, 'text');
  if (text?.attributes.get('representation') !== 'B64') {
    return undefined;
  }
  const type = text.attributes.get('mediaType');
  return {
    bytes: new Uint8Array(Buffer.from(textOf(text).replace(/\s+/g, ''), 'base64')),
    ...(type ? { contentType: type } : {}),
  };
}

/**
 * The results of a CDA document, or of a section alone, as lines of text: coded entries where a section has them, else
 * its narrative; or the file that the document carries in place of a body. XML is never expanded and nothing is
 * fetched. Throws `document-damaged`, `document-unsupported`, `document-empty` for a document without results.
 */
export function cdaContent(text: string): readonly string[] | Embedded {
  const root = parseMarkup(text, false);
  const [document] = childrenOf(root, 'ClinicalDocument');
  const file = document && embedded(document);
  if (file) {
    return file;
  }
  const sections = findAll(root, (one) => one.name === 'section' && isResultSection(one));
  const coded = sections.map((section) => ({ section, groups: sectionGroups(section) }));
  const groups = coded.flatMap((one) => one.groups);
  const narratives = coded
    .filter((one) => one.groups.length === 0)
    .flatMap(({ section }) => {
      const lines = childrenOf(section, 'text').flatMap((one) => linesOfMarkup(one));
      const title = textOf(descend(section, 'title'));
      return lines.some((line) => line.trim() !== '') ? ['', ...(title ? [bold(title)] : []), '', ...lines] : [];
    });
  if (groups.length === 0 && narratives.length === 0) {
    throw new IntervalError('document-empty', 'The CDA document holds no laboratory results.');
  }
  const head = document ? headOf(document) : { patient: {} };
  return [...reportLines({ ...head, groups }), ...narratives];
}
