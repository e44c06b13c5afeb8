/** One thing in several forms, by mime type; a front end shows the richest that it knows. */
export type MimeBundle = Record<string, unknown> & { 'text/plain': string };
