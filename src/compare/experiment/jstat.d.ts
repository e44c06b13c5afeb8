/** What of jStat is used; the package has no types of its own. */
declare module 'jstat' {
  export const jStat: {
    /** Student's t distribution. */
    readonly studentt: {
      /** The value below which a share `p` lies, for so many degrees of freedom. */
      inv(p: number, degrees: number): number;
    };
  };
}
