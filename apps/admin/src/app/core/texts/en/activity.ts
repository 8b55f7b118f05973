/** The latest that somebody did, or that was done to them. */
export const activity = {
  heading: 'Activity',
  whole: 'All of it in the audit trail',
  empty: 'Nothing is recorded.',
  by: 'by',
  nobody: 'nobody who was signed in',
  server: 'the server',
  failed: 'failed',
  from: (address: string) => `from ${address}`,
};
