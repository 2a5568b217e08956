export type Sex = 'female' | 'male';

/**
 * Estimated GFR in mL/min/1.73 m² from serum creatinine in mg/dL: CKD-EPI 2021 creatinine equation, without race
 * (Inker et al., N Engl J Med 2021;385:1737-1749). For adults; the equation was not made for people under 18.
 */
export function ckdEpi2021(creatinine: number, age: number, sex: Sex): number {
  const kappa = sex === 'female' ? 0.7 : 0.9;
  const alpha = sex === 'female' ? -0.241 : -0.302;
  const ratio = creatinine / kappa;
  const factor = sex === 'female' ? 1.012 : 1;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * factor;
}
