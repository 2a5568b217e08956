/** Grey image, row-major, origin top left. Larger is brighter on the screen (denser tissue on a radiograph). */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** length = width × height. */
  readonly data: Float32Array;
}

/**
 * What a DICOM header says, as far as Interval asks. Headers lie: every field may be missing or wrong. Identifiers that
 * are missing are empty strings, rows and columns 0.
 */
export interface DicomHeader {
  readonly sopInstanceUid: string;
  readonly sopClassUid?: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly patientId?: string;
  readonly patientName?: string;
  /** YYYY-MM-DD */
  readonly patientBirthDate?: string;
  readonly modality?: string;
  readonly bodyPartExamined?: string;
  /** PA, AP, LL, RL, … as the header has it. */
  readonly viewPosition?: string;
  readonly laterality?: string;
  /** Towards where rows run and where columns run: `['L', 'F']` for a frontal film as it is looked at. */
  readonly patientOrientation?: readonly string[];
  /** FOR PRESENTATION or FOR PROCESSING. */
  readonly presentationIntent?: string;
  readonly derivationDescription?: string;
  readonly seriesDescription?: string;
  readonly studyDescription?: string;
  readonly protocolName?: string;
  readonly imageType: readonly string[];
  /** Acquisition, else content, else series, else study date and time: YYYY-MM-DDTHH:MM:SS without zone, or the date alone. */
  readonly acquired?: string;
  readonly rows: number;
  readonly columns: number;
  readonly numberOfFrames: number;
  readonly photometricInterpretation?: string;
  /** Millimetres [between rows, between columns]; absent when missing or zero. */
  readonly pixelSpacing?: readonly [number, number];
}

/** One projection image ready to be compared. */
export interface Radiograph {
  readonly header: DicomHeader;
  /** Display values in 0..1 after modality LUT, VOI LUT or window, and photometric inversion. */
  readonly image: GreyImage;
  /**
   * The same without VOI LUT or window: all values between the smallest and the largest, as MedGemma's films were made.
   * Worked out when asked for; absent where it is not known.
   */
  readonly fullRange?: () => GreyImage;
  /** Lower-case hex SHA-256 of the DICOM file, or of its pixel data where only frames could be had. */
  readonly sha256: string;
}
