/** Why a clinician may set advice aside; codes of Interval's own code system. */
export const overrideReasons = {
  'condition-changed': 'The patient’s condition has changed',
  'result-doubtful': 'The earlier result or study is in doubt',
  'result-not-available': 'The earlier result or study is not available to me',
  'other-question': 'It answers another question',
  'protocol-requires': 'Required by a protocol or before a procedure',
  'specialist-advised': 'Advised by a specialist or radiologist',
  'benefit-outweighs-risk': 'The benefit outweighs the risk',
  emergency: 'Emergency',
  'on-dialysis': 'On maintenance dialysis',
} as const;

export type OverrideReason = keyof typeof overrideReasons;

export function reasons(...codes: readonly OverrideReason[]) {
  return codes.map((code) => ({ code, display: overrideReasons[code] }));
}
