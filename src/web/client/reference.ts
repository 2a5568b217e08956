/** `ImagingStudy/1` of a relative or absolute reference, for comparing what different servers write. */
export function referenceId(reference: string): string {
  return reference.split('/').slice(-2).join('/');
}
