import type { PatientLine } from '../patients.ts';
import { byId, h, show } from './dom.ts';
import { age } from './format.ts';

/** The list of patients; each is a link, so that it works with keyboard, history and bookmarks. */
export function showPatients(patients: readonly PatientLine[], selected: string | undefined): void {
  show(
    byId('patients'),
    h('h2', {}, 'Patients'),
    patients.length === 0 && h('p', { class: 'quiet' }, 'No patients yet. Sample patients are loaded at start.'),
    h(
      'ul',
      {},
      patients.map((patient) =>
        h(
          'li',
          {},
          h(
            'a',
            {
              href: `#${encodeURIComponent(patient.id)}`,
              class: patient.id === selected ? 'selected' : undefined,
              'aria-current': patient.id === selected ? 'page' : undefined,
              title: patient.shows,
            },
            h('span', { class: 'title' }, patient.title ?? patient.name),
            h(
              'span',
              { class: 'quiet' },
              patient.title && `${patient.name} · `,
              `${age(patient.birthDate, new Date())}${patient.gender ? ` · ${patient.gender.slice(0, 1).toUpperCase()}` : ''}`,
            ),
          ),
        ),
      ),
    ),
  );
}
