import type { Matrix } from '../../imaging/warp.ts';

/** Findings that this analysis knows; codes of the code system chest-finding. */
export const findingCodes = [
  'lung-opacity',
  'pleural-effusion',
  'cardiomegaly',
  'consolidation',
  'pulmonary-edema',
  'pneumonia',
  'pneumothorax',
  'atelectasis',
  'pulmonary-nodule',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** The patient's own. */
export const sides = ['right', 'left'] as const;
export type Side = (typeof sides)[number];
export const changes = ['improved', 'stable', 'worsened'] as const;
export type Change = (typeof changes)[number];
const presences = ['present', 'absent', 'indeterminate'] as const;
export type Presence = (typeof presences)[number];
export const roles = ['prior', 'current'] as const;
export type Role = (typeof roles)[number];

/** What is said of a change when the films are exchanged. */
export const opposite: Readonly<Record<Change, Change>> = {
  improved: 'worsened',
  stable: 'stable',
  worsened: 'improved',
};

/** Brixia geometry: A, B, C from apex to base of the right lung, D, E, F of the left. */
export const zones = ['right-upper', 'right-middle', 'right-lower', 'left-upper', 'left-middle', 'left-lower'] as const;
export type Zone = (typeof zones)[number];

export function zonesOf(side: Side): readonly Zone[] {
  return [`${side}-upper`, `${side}-middle`, `${side}-lower`];
}

/** [x0, y0, x1, y1] in pixels of the film as stored, origin top left. */
export type PixelBox = readonly [number, number, number, number];

/** What was measured on one film, by itself. */
export interface FilmReading {
  readonly view: 'PA' | 'AP' | 'unknown';
  readonly width: number;
  readonly height: number;
  readonly lungs: { readonly right: PixelBox; readonly left: PixelBox };
  /** How clearly two lungs of plausible shape were found, 0 to 1. */
  readonly chestLikeness: number;
  /** Share of lung pixels that are fully black or fully white. */
  readonly clipped: number;
  /** Share of the air that is missing, 0 to 1, per zone. */
  readonly opacity: Readonly<Record<Zone, number>>;
  /** The same in the outer half of the lowest fifth of each lung. */
  readonly base: Readonly<Record<Side, number>>;
  /** Widest heart over widest chest; absent where no heart was found. */
  readonly heartRatio?: number;
  /** Height of the lungs over their width: falls in expiration. */
  readonly inflation: number;
  /** Degrees by which the line between both lungs is turned in the picture; positive is clockwise. */
  readonly tilt: number;
  /** Logarithm of the right lung's area over the left one's: far from 0 where the chest is turned about its long axis. */
  readonly turn: number;
  /** Range of grey within which nine tenths of chest and lungs lie, 0 to 1: small on a film that is flat or badly exposed. */
  readonly contrast: number;
}

/** One finding, judged on both films. */
export interface FindingChange {
  readonly finding: FindingCode;
  /** Absent for a finding that has no side. */
  readonly side?: Side;
  readonly change: Change;
  readonly presence: Readonly<Record<Role, Presence>>;
  /** What was measured, where a reader measures: share of air missing, or heart ratio. */
  readonly measure?: { readonly prior: number; readonly current: number; readonly threshold: number };
  /** How likely the stated change is, given how much two films of an unchanged chest differ; absent where none is known. */
  readonly confidence?: number;
  /** Zones in which it changed, or in which it lies where it did not. */
  readonly zones: readonly Zone[];
  /** Where to look, on the current film. */
  readonly region?: PixelBox;
}

export interface NotJudged {
  readonly finding: FindingCode;
  readonly side?: Side;
  /** `not-measured`, `not-asked`, `answer-unclear`, `views-differ`, `inspiration-differs`, `not-mirrored`, `not-visible`. */
  readonly reason: string;
}

/** A picture of the difference on the current film, for the overlay. */
export interface DifferenceMap {
  /** [x, y, side] of the square that it covers, in pixels of the current film. */
  readonly window: readonly [number, number, number];
  readonly cells: number;
  /** cells × cells signed bytes in base64, row-major; percent of air lost (positive) or regained. */
  readonly values: string;
}

/** What a reader of this analysis returns. */
export interface ComparisonFinding {
  readonly films: Readonly<Record<Role, FilmReading>>;
  readonly registration: {
    /** Correlation of the structure of both films inside the lungs after alignment, −1 to 1. */
    readonly score: number;
    readonly overlap: number;
    /** Correlation of fine structure, mostly of bones, −1 to 1; absent from findings of earlier versions. */
    readonly structure?: number;
    /** Current film → prior film. */
    readonly matrix: Matrix;
  };
  /** Both studies hold the same exposure. */
  readonly sameFilm: boolean;
  /** Both lungs together; positive differences are more opacity. */
  readonly overall: { readonly change: Change; readonly difference: number; readonly confidence?: number };
  readonly findings: readonly FindingChange[];
  readonly notJudged: readonly NotJudged[];
  readonly difference?: DifferenceMap;
  /** What the same reader said when it was given the films the other way round. */
  readonly exchanged: readonly Pick<FindingChange, 'finding' | 'side' | 'change'>[];
}

const unit = { type: 'number', minimum: 0, maximum: 1 } as const;
const box = { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 } as const;
const change = { enum: [...changes] };
const presence = { enum: [...presences] };
const side = { enum: [...sides] };
const finding = { enum: [...findingCodes] };

function object(required: Record<string, object>, optional: Record<string, object> = {}): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

const film = object(
  {
    view: { enum: ['PA', 'AP', 'unknown'] },
    width: { type: 'integer', minimum: 1 },
    height: { type: 'integer', minimum: 1 },
    lungs: object({ right: box, left: box }),
    chestLikeness: unit,
    clipped: unit,
    opacity: object(Object.fromEntries(zones.map((zone) => [zone, unit]))),
    base: object({ right: unit, left: unit }),
    inflation: { type: 'number', exclusiveMinimum: 0 },
    tilt: { type: 'number', minimum: -180, maximum: 180 },
    turn: { type: 'number', minimum: -6, maximum: 6 },
    contrast: unit,
  },
  { heartRatio: unit },
);

/** JSON Schema (draft 2020-12) of a ComparisonFinding. */
export const schema = object(
  {
    films: object({ prior: film, current: film }),
    registration: object(
      {
        score: { type: 'number', minimum: -1, maximum: 1 },
        overlap: unit,
        matrix: { type: 'array', items: { type: 'number' }, minItems: 6, maxItems: 6 },
      },
      { structure: { type: 'number', minimum: -1, maximum: 1 } },
    ),
    sameFilm: { type: 'boolean' },
    overall: object({ change, difference: { type: 'number', minimum: -1, maximum: 1 } }, { confidence: unit }),
    findings: {
      type: 'array',
      maxItems: 20,
      items: object(
        {
          finding,
          change,
          presence: object({ prior: presence, current: presence }),
          zones: { type: 'array', items: { enum: [...zones] } },
        },
        {
          side,
          region: box,
          confidence: unit,
          measure: object({ prior: unit, current: unit, threshold: unit }),
        },
      ),
    },
    notJudged: { type: 'array', items: object({ finding, reason: { type: 'string' } }, { side }) },
    exchanged: { type: 'array', items: object({ finding, change }, { side }) },
  },
  {
    difference: object({
      window: { type: 'array', items: { type: 'number' }, minItems: 3, maxItems: 3 },
      cells: { type: 'integer', minimum: 1, maximum: 256 },
      values: { type: 'string', maxLength: 90_000 },
    }),
  },
);

/** Last part of the result key: `lung-opacity-right`, `cardiomegaly`. */
export function itemOf(one: { readonly finding: FindingCode; readonly side?: Side }): string {
  return one.side ? `${one.finding}-${one.side}` : one.finding;
}
