/** DICOMweb as Interval uses it: whole series as stored, decoded here. */
export interface DicomWeb {
  /** DICOM files of one series (WADO-RS, transfer-syntax=*). Throws `dicomweb-*` errors. */
  retrieveSeries(
    studyUid: string,
    seriesUid: string,
    options: { readonly signal?: AbortSignal; readonly maxInstances?: number },
  ): Promise<readonly Uint8Array[]>;
  retrieveInstance(
    studyUid: string,
    seriesUid: string,
    instanceUid: string,
    options: { readonly signal?: AbortSignal },
  ): Promise<Uint8Array>;
}
