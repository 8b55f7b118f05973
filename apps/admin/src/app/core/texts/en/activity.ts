/** The latest actions by and on a user or token. */
export const activity = {
  heading: 'Activity',
  whole: 'Open in the audit trail',
  empty: 'No entries.',
  by: 'by',
  unauthenticated: 'an unauthenticated client',
  server: 'the server',
  failed: 'failed',
  many: 'several targets',
  from: (address: string) => `from ${address}`,
  reason: (text: string) => `“${text}”`,
};
