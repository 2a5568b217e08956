/** Zones of Brixia geometry; right and left are the patient's. */
export const zones = ['right-upper', 'right-middle', 'right-lower', 'left-upper', 'left-middle', 'left-lower'] as const;
type Zone = (typeof zones)[number];

export interface Effusion {
  readonly side: 'right' | 'left';
  /** 0 none, 0.1 a blunted angle, 1 to about two thirds of the lung. */
  readonly level: number;
}

export interface Opacity {
  readonly zone: Zone;
  /** Share of the zone that is affected, 0 to 1. */
  readonly extent: number;
  /** Share of its air that is gone, 0 to 1. */
  readonly density: number;
}

/** A simulated chest radiograph: who, what is wrong, how the film was taken. */
export interface ChestParameters {
  /** The person: the same seed, sex and size is the same person. */
  readonly seed: number;
  readonly sex: 'female' | 'male';
  /** 1 is average for the sex. */
  readonly size?: number;
  /** 1 is normal; 1.3 clearly enlarged. */
  readonly heartSize?: number;
  readonly effusions?: readonly Effusion[];
  readonly opacities?: readonly Opacity[];
  readonly view: 'PA' | 'AP' | 'lateral';
  /** The film: noise and small differences of the day. */
  readonly film?: number;
  /** 0 expiration to 1 deep inspiration; default 0.9. */
  readonly inspiration?: number;
  /** Turn about the long axis in degrees; positive turns the chest to the patient's right. */
  readonly rotation?: number;
  /** Turn of the picture in degrees. */
  readonly tilt?: number;
  /** Millimetres, [right on the picture, down]. */
  readonly shift?: readonly [number, number];
  /** −1 dark and under-exposed to 1 bright and flat; 0 is a good film. */
  readonly exposure?: number;
  /** Pixels; default 768 × 768 for a film of 356 × 356 mm. */
  readonly width?: number;
  readonly height?: number;
}

/** 12 bits, MONOCHROME2, row-major, origin top left; larger is brighter (denser). */
export interface SimulatedRadiograph {
  readonly width: number;
  readonly height: number;
  readonly bits: 12;
  readonly data: Uint16Array;
  /** Millimetres [between rows, between columns], in the patient's plane. */
  readonly pixelSpacing: readonly [number, number];
}

/** What the simulation knows and no film says; for training and tests. Same size as the film. Frontal views only. */
export interface SimulatedTruth {
  /** 1 the patient's right lung, 2 the left, 0 neither; the part behind the heart counts. */
  readonly lungs: Uint8Array;
  /** 1 inside the silhouette of the heart (without the great vessels). */
  readonly heart: Uint8Array;
  /** Share of the air that opacity and fluid took, 0 to 255. */
  readonly loss: Uint8Array;
}
