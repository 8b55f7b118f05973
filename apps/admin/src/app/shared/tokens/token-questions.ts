/** The parameters of `GET /tokens` by which tokens are found that somebody should look at. */
export const TOKEN_QUESTIONS = {
  expiring: { state: 'expiring' },
  ownerDisabled: { ownerDisabled: 'true' },
  neverUsed: { neverUsed: 'true', unusedSinceDays: '7' },
  unused: { neverUsed: 'false', unusedSinceDays: '90' },
  noExpiry: { noExpiry: 'true' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
