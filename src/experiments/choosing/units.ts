/** Formats for this experiment's numbers. */

export const milliseconds = (seconds: number) =>
  `${(1000 * seconds).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
export const shortSeconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
export const megabytes = (value: number) => `${Math.round(value).toLocaleString('en')} MB`;
export const times = (ratio: number) => `${ratio.toFixed(ratio < 10 ? 2 : 0)} times`;
