/** Types for the part of jStat that is used; the package has none. */
declare module 'jstat' {
  export const jStat: {
    /** Student's t distribution. */
    readonly studentt: {
      /** The quantile of `p`, for the given degrees of freedom. */
      inv(p: number, degrees: number): number;
    };
  };
}
