import type { Person } from './person.ts';

/** Invented people; the family names say so. Birth dates are fixed, so ages grow with the calendar. */
export const people = {
  potassium: person('sample-potassium', 'Ottoline', 'Mockford', '1957-04-18', 'F', 'SYN-100101'),
  units: person('sample-units', 'Zephyr', 'Samplewright', '1969-09-02', 'M', 'SYN-100102'),
  previous: person('sample-previous', 'Quentina', 'Testworth', '1948-01-27', 'F', 'SYN-100103'),
  scan: person('sample-scan', 'Barnaby', 'Placeholder', '1961-11-13', 'M', 'SYN-100104'),
  text: person('sample-text', 'Marigold', 'Nonesuch', '1944-06-30', 'F', 'SYN-100105'),
  duplicate: person('sample-duplicate', 'Philippa', 'Demonova', '1966-08-21', 'F', 'SYN-100106'),
  contrast: person('sample-contrast', 'Cornelius', 'Fictiver', '1951-03-05', 'M', 'SYN-100107'),
  effusion: person('sample-effusion', 'Horatio', 'Trialsby', '1955-12-09', 'M', 'SYN-100108'),
  opacity: person('sample-opacity', 'Wilhelmina', 'Examplar', '1972-05-16', 'F', 'SYN-100109'),
  stable: person('sample-stable', 'Tarquin', 'Simulacre', '1980-10-24', 'M', 'SYN-100110'),
  otherImage: person('sample-other-image', 'Isolde', 'Dummyfield', '1963-02-11', 'F', 'SYN-100111'),
  lateral: person('sample-lateral', 'Leopold', 'Mannequin', '1958-07-07', 'M', 'SYN-100112'),
  unreadable: person('sample-unreadable', 'Clementine', 'Truncata', '1977-09-29', 'F', 'SYN-100113'),
  otherReport: person('sample-other-report', 'Evander', 'Wrongfile', '1970-04-03', 'M', 'SYN-100114'),
  /** Not a patient of the sample set: whose report and film were misfiled. */
  stranger: person('sample-stranger', 'Ludmila', 'Elsewhere', '1939-12-28', 'F', 'SYN-900999'),
} as const;

function person(id: string, given: string, family: string, birthDate: string, sex: 'F' | 'M', mrn: string): Person {
  return { id, given, family, birthDate, sex, mrn };
}
