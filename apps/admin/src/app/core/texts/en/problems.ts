import type { ErrorCode } from '@latchkey/auth-models';

export const problems = {
  noAnswer: 'The server cannot be reached. Check your connection and try again.',
  unexpected: 'Something went wrong in the console. Reload the page and try again.',
  foreignAnswer: (status: number) =>
    `Something between the console and the server answered with status ${status}.`,
  headings: {
    forbidden: 'You may not see this',
    offline: 'No connection',
    notFound: 'This is not there any more',
    error: 'This could not be loaded',
  },
  outOfDate: 'What is shown may be out of date.',
  /**
   * What the server says in its own words needs no other in English, but for what a clock beside it tells better, and
   * where it names routes to those who call them.
   */
  codes: {
    throttled: 'Too many tries; wait a little.',
    not_found: 'It does not exist, or you may not see it.',
  } as Readonly<Partial<Record<ErrorCode, string>>>,
};
