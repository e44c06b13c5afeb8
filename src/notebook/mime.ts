/** One value in several forms, by mime type; a front end shows the richest one that it supports. */
export type MimeBundle = Record<string, unknown> & { 'text/plain': string };
