/** What a server held after so many minutes, and how often it had been tried to log in until then. */
export interface Sample {
  minute: number;
  memoryMib: number;
  descriptors: number;
  walMib: number;
  sessions: number;
  logIns: number;
}

/** What was seen of a promise, and whether it was kept. */
export interface Verdict {
  what: string;
  seen: number | string;
  wanted: number | string;
  isMet: boolean;
}

/** A session lives for this long in a long run. */
export const SESSION_SECONDS: number;

/** Compares samples with what is promised, from a minute on at which the server counts as warm. */
export function judge(samples: Sample[], warmMinute: number, unwanted: number): Verdict[];
