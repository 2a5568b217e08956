/** The part of @lhncbc/ucum-lhc 7 that is used; the package ships no types. */
declare module '@lhncbc/ucum-lhc' {
  interface Unit {
    readonly dim_: { readonly dimVec_: readonly number[] | null } | null;
    readonly magnitude_: number;
    readonly moleExp_: number;
    readonly equivalentExp_: number;
    readonly isArbitrary_: boolean;
    readonly cnv_: string | null;
  }

  interface UcumLhcUtils {
    getSpecifiedUnit(code: string, valConv: 'validate' | 'convert', suggest?: boolean): { readonly unit: Unit | null };
    convertUnitTo(
      from: string,
      value: number,
      to: string,
      options?: { readonly molecularWeight?: number | undefined; readonly charge?: number },
    ): { readonly status: 'succeeded' | 'failed' | 'error'; readonly toVal: number | null };
  }

  const ucum: { readonly UcumLhcUtils: { getInstance(): UcumLhcUtils } };
  export default ucum;
}
